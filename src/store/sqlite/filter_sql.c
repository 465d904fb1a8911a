#include "store/sqlite/filter_sql.h"

/* SQLite's NOCASE and lower() know the letters A to Z and no others, which is what filter.h asks
 * for, and the same on every machine. */
#define IGNORING_CASE " COLLATE NOCASE"

static const char *const operators[] = {
    [FILTER_EQUAL] = " = ",   [FILTER_NOT_EQUAL] = " <> ",
    [FILTER_GREATER] = " > ", [FILTER_GREATER_OR_EQUAL] = " >= ",
    [FILTER_LESS] = " < ",    [FILTER_LESS_OR_EQUAL] = " <= ",
};

/* The field's value as it is compared and ordered: texts without regard to ASCII case. */
static void write_field(struct sql_text *sql, const struct listing_field *field) {
    sql_text_add(sql, field->sql);
    if (field->type == FIELD_TEXT)
        sql_text_add(sql, IGNORING_CASE);
}

/* A text that is no GUID is never one, but comes before or after it. */
static bool is_text_beside_guid(const struct listing_field *field,
                                const struct filter_value *value) {
    return field->type == FIELD_GUID && value->kind == FILTER_VALUE_TEXT;
}

static void write_null_comparison(struct sql_text *sql, const struct listing_field *field,
                                  enum filter_comparison comparison) {
    if (comparison == FILTER_GREATER || comparison == FILTER_LESS) {
        sql_text_add(sql, "0");
        return;
    }
    sql_text_add(sql, field->sql);
    sql_text_add(sql, comparison == FILTER_NOT_EQUAL ? " IS NOT NULL" : " IS NULL");
}

static void write_comparison(struct sql_text *sql, const struct listing_field *field,
                             enum filter_comparison comparison, const struct filter_value *value) {
    if (value->kind == FILTER_VALUE_NULL) {
        write_null_comparison(sql, field, comparison);
        return;
    }
    if (field->nullable) {
        sql_text_add(sql, field->sql);
        sql_text_add(sql, comparison == FILTER_NOT_EQUAL ? " IS NULL OR " : " IS NOT NULL AND ");
    }
    if (is_text_beside_guid(field, value)) {
        sql_text_add(sql, field->text);
        sql_text_add(sql, IGNORING_CASE);
    } else {
        write_field(sql, field);
    }
    sql_text_add(sql, operators[comparison]);
    sql_text_add_parameter(sql, value);
}

static void write_member(struct sql_text *sql, const struct listing_field *field,
                         const struct filter_value *values, size_t count) {
    bool has_null = false;
    bool has_value = false;
    if (field->nullable) {
        sql_text_add(sql, field->sql);
        sql_text_add(sql, " IS NOT NULL AND ");
    }
    write_field(sql, field);
    sql_text_add(sql, " IN (");
    for (size_t i = 0; i < count; i++) {
        if (values[i].kind == FILTER_VALUE_NULL) {
            has_null = true;
        } else if (!is_text_beside_guid(field, &values[i])) {
            sql_text_add(sql, has_value ? ", " : "");
            sql_text_add_parameter(sql, &values[i]);
            has_value = true;
        }
    }
    sql_text_add(sql, ")");
    if (has_null) {
        sql_text_add(sql, " OR ");
        write_null_comparison(sql, field, FILTER_EQUAL);
    }
}

/* NULL where the field is, so that NOT leaves it so. */
static void write_match(struct sql_text *sql, const struct listing_field *field,
                        enum filter_match match, struct slice text) {
    const struct filter_value value = {.kind = FILTER_VALUE_TEXT, .text = text};
    const char *column = field->type == FIELD_GUID ? field->text : field->sql;
    /* SQLite's substr takes 0 from the end for the whole text. */
    if (match == FILTER_ENDS_WITH && text.length > 0) {
        sql_text_add(sql, "substr(lower(");
        sql_text_add(sql, column);
        sql_text_add(sql, "), -length(");
        sql_text_add_parameter(sql, &value);
        sql_text_add(sql, ")) = lower(");
        sql_text_add_parameter(sql, &value);
        sql_text_add(sql, ")");
        return;
    }
    sql_text_add(sql, "instr(lower(");
    sql_text_add(sql, column);
    sql_text_add(sql, "), lower(");
    sql_text_add_parameter(sql, &value);
    sql_text_add(sql, match == FILTER_STARTS_WITH ? ")) = 1" : ")) > 0");
}

static size_t count_nodes(const struct filter *filter) {
    switch (filter->kind) {
    case FILTER_AND:
    case FILTER_OR:
        return 1 + count_nodes(filter->pair.left) + count_nodes(filter->pair.right);
    case FILTER_NOT:
    case FILTER_IS:
        return 1 + count_nodes(filter->single.operand);
    case FILTER_CONSTANT:
    case FILTER_COMPARE:
    case FILTER_MEMBER:
    case FILTER_MATCH:
        return 1;
    }
    return 1;
}

static void write_condition(struct sql_text *sql, const struct listing_field *fields,
                            const struct filter *filter);

static void write_in_parentheses(struct sql_text *sql, const struct listing_field *fields,
                                 const struct filter *filter) {
    sql_text_add(sql, "(");
    write_condition(sql, fields, filter);
    sql_text_add(sql, ")");
}

/* SQLite's parser has room for a hundred symbols at once. A larger operand is therefore written
 * first, where nothing waits before it, and parentheses only where they are needed: what waits
 * before an operand is then at most its depth and the logarithm of the filter's size. */
static void write_pair(struct sql_text *sql, const struct listing_field *fields,
                       const struct filter *filter) {
    const struct filter *operands[] = {filter->pair.left, filter->pair.right};
    bool is_swapped = count_nodes(operands[0]) < count_nodes(operands[1]);
    for (size_t i = 0; i < 2; i++) {
        const struct filter *operand = operands[is_swapped ? 1 - i : i];
        if (i > 0)
            sql_text_add(sql, filter->kind == FILTER_AND ? " AND " : " OR ");
        if (filter->kind == FILTER_AND && operand->kind == FILTER_OR)
            write_in_parentheses(sql, fields, operand);
        else
            write_condition(sql, fields, operand);
    }
}

static void write_leaf(struct sql_text *sql, const struct listing_field *fields,
                       const struct filter *filter) {
    sql_text_add(sql, "(");
    if (filter->kind == FILTER_CONSTANT)
        sql_text_add(sql, filter->constant ? "1" : "0");
    else if (filter->kind == FILTER_COMPARE)
        write_comparison(sql, &fields[filter->compare.field], filter->compare.comparison,
                         &filter->compare.value);
    else if (filter->kind == FILTER_MEMBER)
        write_member(sql, &fields[filter->member.field], filter->member.values,
                     filter->member.count);
    else
        write_match(sql, &fields[filter->match.field], filter->match.match, filter->match.text);
    sql_text_add(sql, ")");
}

/* NOT and IS bind more tightly than AND, and AND than OR. */
static void write_condition(struct sql_text *sql, const struct listing_field *fields,
                            const struct filter *filter) {
    switch (filter->kind) {
    case FILTER_AND:
    case FILTER_OR:
        write_pair(sql, fields, filter);
        return;
    case FILTER_NOT:
        sql_text_add(sql, "NOT ");
        write_in_parentheses(sql, fields, filter->single.operand);
        return;
    case FILTER_IS:
        write_in_parentheses(sql, fields, filter->single.operand);
        sql_text_add(sql, filter->single.expected ? " IS 1" : " IS 0");
        return;
    case FILTER_CONSTANT:
    case FILTER_COMPARE:
    case FILTER_MEMBER:
    case FILTER_MATCH:
        write_leaf(sql, fields, filter);
        return;
    }
}

void filter_sql_write(struct sql_text *sql, const struct listing_field *fields,
                      const struct filter *filter) {
    write_in_parentheses(sql, fields, filter);
}
