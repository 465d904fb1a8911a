#include "graph/odata_literal.h"

#include "base/instant.h"

/* An Int64: a decimal number with a sign or without. */
static bool parse_integer(struct slice text, int64_t *number) {
    bool is_negative = slice_starts_with(text, SLICE("-"));
    uint64_t value = 0;
    if (is_negative || slice_starts_with(text, SLICE("+")))
        text = slice_skip(text, 1);
    if (!slice_parse_unsigned(text, (uint64_t)INT64_MAX + (is_negative ? 1U : 0U), &value))
        return false;
    *number = !is_negative ? (int64_t)value : value == 0 ? 0 : -(int64_t)(value - 1) - 1;
    return true;
}

/* A day without a time is its first instant. */
static bool parse_instant(struct arena *arena, struct slice text, int64_t *number) {
    if (instant_parse(text, number))
        return true;
    return text.length == sizeof "2024-06-01" - 1 &&
           instant_parse(arena_format(arena, "%.*sT00:00:00Z", SLICE_PRINTF(text)), number);
}

static bool parse_word(struct arena *arena, struct slice text, struct odata_literal *literal) {
    static const struct {
        const char *word;
        enum odata_literal_kind kind;
        int64_t number;
    } words[] = {
        {"null", ODATA_LITERAL_NULL, 0},
        {"true", ODATA_LITERAL_BOOLEAN, 1},
        {"false", ODATA_LITERAL_BOOLEAN, 0},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!slice_equals_ignoring_case(text, slice_from_string(words[i].word)))
            continue;
        literal->kind = words[i].kind;
        literal->number = words[i].number;
        return true;
    }
    if (guid_parse(text, &literal->guid))
        literal->kind = ODATA_LITERAL_GUID;
    else if (parse_integer(text, &literal->number))
        literal->kind = ODATA_LITERAL_INTEGER;
    else if (parse_instant(arena, text, &literal->number))
        literal->kind = ODATA_LITERAL_INSTANT;
    else
        return false;
    return true;
}

/* "microsoft.graph.managementState" directly before a string: the string alone matters. */
static bool is_enumeration(const struct odata_lexer *lexer) {
    struct slice text = lexer->token.text;
    size_t end = lexer->token.offset + text.length;
    return lexer->token.kind == ODATA_TOKEN_WORD && memchr(text.data, '.', text.length) != NULL &&
           end < lexer->text.length && lexer->text.data[end] == lexer->quote;
}

bool odata_literal_take(struct odata_lexer *lexer, struct odata_literal *literal,
                        struct error *error) {
    *literal = (struct odata_literal){.token = lexer->token};
    *error = error_none();
    if (is_enumeration(lexer)) {
        *error = odata_lexer_next(lexer);
        if (error_is_set(error))
            return false;
        literal->token = lexer->token;
    }
    if (lexer->token.kind == ODATA_TOKEN_STRING) {
        literal->kind = ODATA_LITERAL_STRING;
        literal->text = lexer->token.value;
    } else if (lexer->token.kind != ODATA_TOKEN_WORD ||
               !parse_word(lexer->arena, lexer->token.text, literal)) {
        return false;
    }
    *error = odata_lexer_next(lexer);
    return !error_is_set(error);
}

struct error odata_literal_expected(const struct odata_lexer *lexer, enum field_type type) {
    static const char *const expectations[] = {
        [FIELD_TEXT] = "a string in single quotes, or null",
        [FIELD_GUID] = "a GUID with or without single quotes, or null",
        [FIELD_INSTANT] = "a date such as 2024-06-01T10:00:00Z without quotes, or null",
        [FIELD_INTEGER] = "a whole number, or null",
        [FIELD_BOOLEAN] = "true, false or null",
    };
    return odata_lexer_unexpected(lexer, expectations[type]);
}

static bool fits(const struct odata_literal *literal, enum field_type type) {
    switch (type) {
    case FIELD_TEXT:
        return literal->kind == ODATA_LITERAL_STRING;
    case FIELD_GUID:
        return literal->kind == ODATA_LITERAL_STRING || literal->kind == ODATA_LITERAL_GUID;
    case FIELD_INSTANT:
        return literal->kind == ODATA_LITERAL_INSTANT;
    case FIELD_INTEGER:
        return literal->kind == ODATA_LITERAL_INTEGER;
    case FIELD_BOOLEAN:
        return literal->kind == ODATA_LITERAL_BOOLEAN;
    }
    return false;
}

struct error odata_literal_convert(const struct odata_lexer *lexer,
                                   const struct odata_literal *literal, enum field_type type,
                                   struct filter_value *value) {
    if (literal->kind == ODATA_LITERAL_NULL) {
        *value = (struct filter_value){.kind = FILTER_VALUE_NULL};
        return error_none();
    }
    if (!fits(literal, type)) {
        struct odata_lexer there = *lexer;
        there.token = literal->token;
        return odata_literal_expected(&there, type);
    }
    struct guid guid = literal->guid;
    if (literal->kind == ODATA_LITERAL_GUID ||
        (type == FIELD_GUID && guid_parse(literal->text, &guid)))
        *value = (struct filter_value){.kind = FILTER_VALUE_GUID, .guid = guid};
    else if (literal->kind == ODATA_LITERAL_STRING)
        *value = (struct filter_value){.kind = FILTER_VALUE_TEXT, .text = literal->text};
    else
        *value = (struct filter_value){.kind = FILTER_VALUE_INTEGER, .integer = literal->number};
    return error_none();
}
