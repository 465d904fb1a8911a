#include "graph/odata_filter.h"

#include "graph/odata_choice.h"
#include "graph/odata_lexer.h"
#include "graph/odata_literal.h"
#include "graph/odata_name.h"

#define EXPECTED_OPERATOR "an operator (eq, ne, gt, ge, lt, le or in)"
#define EXPECTED_TERM "a property, a literal, a function, 'not' or '('"

/* After a failure every function returns NULL or false; the first error is the one that counts. */
struct parser {
    struct odata_lexer lexer;
    const struct entity_type *type;
    struct error error;
    unsigned depth; /* of parentheses and negations around the present token */
    size_t terms;
};

static const struct filter *parse_condition(struct parser *parser);

static bool fail(struct parser *parser, struct error error) {
    if (!error_is_set(&parser->error))
        parser->error = error;
    return false;
}

static bool unexpected(struct parser *parser, const char *expected) {
    return fail(parser, odata_lexer_unexpected(&parser->lexer, expected));
}

static bool advance(struct parser *parser) {
    struct error error = odata_lexer_next(&parser->lexer);
    return error_is_set(&error) ? fail(parser, error) : true;
}

static bool take_sign(struct parser *parser, enum odata_token_kind kind, const char *expected) {
    return parser->lexer.token.kind == kind ? advance(parser) : unexpected(parser, expected);
}

static bool take_word(struct parser *parser, const char *word) {
    return odata_lexer_is_word(&parser->lexer, word) && advance(parser);
}

static bool count_term(struct parser *parser) {
    if (++parser->terms <= FILTER_TERMS_AT_MOST)
        return true;
    return fail(parser, odata_lexer_refuse(&parser->lexer, "there are more than 200 comparisons, "
                                                           "functions and members of lists."));
}
_Static_assert(FILTER_TERMS_AT_MOST == 200, "the message above names the number");

static struct filter *make_node(struct parser *parser, enum filter_kind kind) {
    struct filter *node = arena_allocate_zeroed(parser->lexer.arena, sizeof *node);
    node->kind = kind;
    return node;
}

static bool find_comparison(const struct odata_lexer *lexer, enum filter_comparison *comparison) {
    static const char *const words[] = {
        [FILTER_EQUAL] = "eq",   [FILTER_NOT_EQUAL] = "ne",
        [FILTER_GREATER] = "gt", [FILTER_GREATER_OR_EQUAL] = "ge",
        [FILTER_LESS] = "lt",    [FILTER_LESS_OR_EQUAL] = "le",
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!odata_lexer_is_word(lexer, words[i]))
            continue;
        *comparison = (enum filter_comparison)i;
        return true;
    }
    return false;
}

static enum filter_comparison mirrored(enum filter_comparison comparison) {
    static const enum filter_comparison mirrors[] = {
        [FILTER_EQUAL] = FILTER_EQUAL,  [FILTER_NOT_EQUAL] = FILTER_NOT_EQUAL,
        [FILTER_GREATER] = FILTER_LESS, [FILTER_GREATER_OR_EQUAL] = FILTER_LESS_OR_EQUAL,
        [FILTER_LESS] = FILTER_GREATER, [FILTER_LESS_OR_EQUAL] = FILTER_GREATER_OR_EQUAL,
    };
    return mirrors[comparison];
}

static const struct entity_property *find_property(struct parser *parser,
                                                   struct odata_token token) {
    const struct entity_property *property = NULL;
    struct odata_lexer there = parser->lexer;
    there.token = token;
    struct error error = odata_name_find(&there, parser->type, ENTITY_FILTER, &property);
    if (error_is_set(&error))
        (void)fail(parser, error);
    return property;
}

/* A text is compared with the members of an enumeration only if it is one, as in OData. */
static bool check_member(struct parser *parser, const struct entity_property *property,
                         const struct odata_literal *literal) {
    int64_t number = 0;
    if (!entity_property_is_enumeration(property) || literal->kind != ODATA_LITERAL_STRING ||
        entity_property_find_choice(property, literal->text, &number))
        return true;
    struct odata_lexer there = parser->lexer;
    there.token = literal->token;
    struct slice choices = entity_property_list_choices(property, parser->lexer.arena);
    return fail(
        parser,
        odata_lexer_unexpected(
            &there, arena_format(parser->lexer.arena, "one of %.*s", SLICE_PRINTF(choices)).data));
}

/* A literal for the property, or an error that says which it should be. */
static bool take_value(struct parser *parser, const struct entity_property *property,
                       struct filter_value *value) {
    struct odata_literal literal;
    struct error error;
    if (!odata_literal_take(&parser->lexer, &literal, &error))
        return fail(parser, error_is_set(&error)
                                ? error
                                : odata_literal_expected(&parser->lexer, property->field_type));
    error = odata_literal_convert(&parser->lexer, &literal, property->field_type, value);
    return (!error_is_set(&error) || fail(parser, error)) &&
           check_member(parser, property, &literal) && count_term(parser);
}

static const struct filter *make_comparison(struct parser *parser,
                                            const struct entity_property *property,
                                            enum filter_comparison comparison,
                                            const struct filter_value *value) {
    struct filter *node = make_node(parser, FILTER_COMPARE);
    node->compare.field = property->field;
    node->compare.comparison = comparison;
    node->compare.value = *value;
    return odata_choice_resolve(parser->lexer.arena, property, node);
}

static const struct filter *parse_members(struct parser *parser,
                                          const struct entity_property *property) {
    struct filter_value *values =
        arena_allocate(parser->lexer.arena, FILTER_TERMS_AT_MOST * sizeof *values);
    size_t count = 0;
    if (!take_sign(parser, ODATA_TOKEN_OPEN, "'(' behind 'in'"))
        return NULL;
    do {
        struct filter_value value = {0};
        if (!take_value(parser, property, &value))
            return NULL;
        values[count++] = value;
    } while (parser->lexer.token.kind == ODATA_TOKEN_COMMA && advance(parser));
    if (!take_sign(parser, ODATA_TOKEN_CLOSE, "',' or ')'"))
        return NULL;
    struct filter *node = make_node(parser, FILTER_MEMBER);
    node->member.field = property->field;
    node->member.values = values;
    node->member.count = count;
    return odata_choice_resolve(parser->lexer.arena, property, node);
}

/* The operator and the right side. A boolean property may stand alone. */
static const struct filter *parse_right_side(struct parser *parser,
                                             const struct entity_property *property) {
    enum filter_comparison comparison = FILTER_EQUAL;
    struct filter_value value = {.kind = FILTER_VALUE_INTEGER, .integer = 1};
    if (take_word(parser, "in"))
        return parse_members(parser, property);
    if (find_comparison(&parser->lexer, &comparison)) {
        if (!advance(parser) || !take_value(parser, property, &value))
            return NULL;
        return make_comparison(parser, property, comparison, &value);
    }
    if (property->field_type == FIELD_BOOLEAN && count_term(parser))
        return make_comparison(parser, property, FILTER_EQUAL, &value);
    (void)unexpected(parser, EXPECTED_OPERATOR);
    return NULL;
}

/* What stands behind a literal: an operator and a property; true and false may stand alone. */
static const struct filter *parse_behind_literal(struct parser *parser,
                                                 const struct odata_literal *literal) {
    enum filter_comparison comparison = FILTER_EQUAL;
    if (!find_comparison(&parser->lexer, &comparison)) {
        if (literal->kind != ODATA_LITERAL_BOOLEAN) {
            (void)unexpected(parser, "an operator (eq, ne, gt, ge, lt or le)");
            return NULL;
        }
        struct filter *constant = make_node(parser, FILTER_CONSTANT);
        constant->constant = literal->number != 0;
        return count_term(parser) ? constant : NULL;
    }
    if (!advance(parser))
        return NULL;
    if (parser->lexer.token.kind != ODATA_TOKEN_WORD) {
        (void)unexpected(parser, "a property");
        return NULL;
    }
    const struct entity_property *property = find_property(parser, parser->lexer.token);
    struct filter_value value = {0};
    if (property == NULL || !advance(parser))
        return NULL;
    struct error error =
        odata_literal_convert(&parser->lexer, literal, property->field_type, &value);
    if (error_is_set(&error))
        (void)fail(parser, error);
    if (error_is_set(&error) || !check_member(parser, property, literal) || !count_term(parser))
        return NULL;
    return make_comparison(parser, property, mirrored(comparison), &value);
}

static bool find_function(struct parser *parser, struct odata_token name,
                          enum filter_match *match) {
    static const char *const functions[] = {
        [FILTER_STARTS_WITH] = "startswith",
        [FILTER_ENDS_WITH] = "endswith",
        [FILTER_CONTAINS] = "contains",
    };
    struct odata_lexer there = parser->lexer;
    there.token = name;
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        if (!odata_lexer_is_word(&there, functions[i]))
            continue;
        *match = (enum filter_match)i;
        return true;
    }
    return fail(parser, odata_lexer_unexpected(
                            &there, "one of the functions startswith, endswith and contains"));
}

static bool is_text(const struct entity_property *property) {
    return (property->field_type == FIELD_TEXT && !entity_property_is_enumeration(property)) ||
           property->field_type == FIELD_GUID;
}

/* The name has been taken; the present token is '('. */
static const struct filter *parse_function(struct parser *parser, struct odata_token name) {
    struct filter *node = make_node(parser, FILTER_MATCH);
    if (!find_function(parser, name, &node->match.match) || !advance(parser))
        return NULL;
    if (parser->lexer.token.kind != ODATA_TOKEN_WORD) {
        (void)unexpected(parser, "a property");
        return NULL;
    }
    const struct entity_property *property = find_property(parser, parser->lexer.token);
    if (property == NULL)
        return NULL;
    if (!is_text(property)) {
        (void)unexpected(parser, "a property that is a text");
        return NULL;
    }
    node->match.field = property->field;
    if (!advance(parser) || !take_sign(parser, ODATA_TOKEN_COMMA, "','"))
        return NULL;
    node->match.text = parser->lexer.token.value;
    if (!take_sign(parser, ODATA_TOKEN_STRING, "a string in single quotes") ||
        !take_sign(parser, ODATA_TOKEN_CLOSE, "')'") || !count_term(parser))
        return NULL;
    return odata_choice_resolve(parser->lexer.arena, property, node);
}

/* "eq true" and the like behind a function or parentheses. */
static const struct filter *parse_is(struct parser *parser, const struct filter *operand) {
    enum filter_comparison comparison = FILTER_EQUAL;
    if (operand == NULL || !find_comparison(&parser->lexer, &comparison))
        return operand;
    if (comparison != FILTER_EQUAL && comparison != FILTER_NOT_EQUAL) {
        (void)unexpected(parser, "'and', 'or', 'eq' or 'ne'");
        return NULL;
    }
    if (!advance(parser))
        return NULL;
    bool expected = odata_lexer_is_word(&parser->lexer, "true");
    if (!expected && !odata_lexer_is_word(&parser->lexer, "false")) {
        (void)unexpected(parser, "true or false");
        return NULL;
    }
    struct filter *is = make_node(parser, FILTER_IS);
    is->single.operand = operand;
    is->single.expected = expected;
    if (!advance(parser) || comparison == FILTER_EQUAL)
        return error_is_set(&parser->error) ? NULL : is;
    struct filter *is_not = make_node(parser, FILTER_NOT);
    is_not->single.operand = is;
    return is_not;
}

static bool go_deeper(struct parser *parser) {
    if (++parser->depth <= FILTER_DEPTH_AT_MOST)
        return advance(parser);
    return fail(parser, odata_lexer_refuse(&parser->lexer, "parentheses and negations are more "
                                                           "than 20 deep within each other."));
}
_Static_assert(FILTER_DEPTH_AT_MOST == 20, "the message above names the number");

static const struct filter *parse_parentheses(struct parser *parser) {
    if (!go_deeper(parser))
        return NULL;
    const struct filter *inner = parse_condition(parser);
    if (inner == NULL || !take_sign(parser, ODATA_TOKEN_CLOSE, "'and', 'or' or ')'"))
        return NULL;
    parser->depth--;
    return parse_is(parser, inner);
}

/* Then it is a literal gone wrong rather than a name. */
static bool begins_number(char letter) {
    return (letter >= '0' && letter <= '9') || letter == '+' || letter == '-';
}

/* A property or a function. */
static const struct filter *parse_named(struct parser *parser) {
    struct odata_token name = parser->lexer.token;
    if (name.kind != ODATA_TOKEN_WORD || begins_number(name.text.data[0])) {
        (void)unexpected(parser, EXPECTED_TERM);
        return NULL;
    }
    if (!advance(parser))
        return NULL;
    if (parser->lexer.token.kind == ODATA_TOKEN_OPEN)
        return parse_is(parser, parse_function(parser, name));
    const struct entity_property *property = find_property(parser, name);
    return property == NULL ? NULL : parse_right_side(parser, property);
}

static const struct filter *parse_term(struct parser *parser) {
    struct odata_literal literal;
    struct error error;
    if (parser->lexer.token.kind == ODATA_TOKEN_OPEN)
        return parse_parentheses(parser);
    if (odata_lexer_is_word(&parser->lexer, "not")) {
        if (!go_deeper(parser))
            return NULL;
        struct filter *node = make_node(parser, FILTER_NOT);
        node->single.operand = parse_term(parser);
        parser->depth--;
        return node->single.operand == NULL ? NULL : node;
    }
    if (odata_literal_take(&parser->lexer, &literal, &error))
        return parse_behind_literal(parser, &literal);
    if (error_is_set(&error)) {
        (void)fail(parser, error);
        return NULL;
    }
    return parse_named(parser);
}

/* A chain of terms, or of chains that bind more tightly. */
static const struct filter *parse_chain(struct parser *parser, const char *word,
                                        enum filter_kind kind,
                                        const struct filter *(*parse)(struct parser *parser)) {
    const struct filter *left = parse(parser);
    while (left != NULL && take_word(parser, word)) {
        struct filter *pair = make_node(parser, kind);
        pair->pair.left = left;
        pair->pair.right = parse(parser);
        left = pair->pair.right == NULL ? NULL : pair;
    }
    return error_is_set(&parser->error) ? NULL : left;
}

static const struct filter *parse_conjunction(struct parser *parser) {
    return parse_chain(parser, "and", FILTER_AND, parse_term);
}

static const struct filter *parse_condition(struct parser *parser) {
    return parse_chain(parser, "or", FILTER_OR, parse_conjunction);
}

struct error odata_filter_parse(struct arena *arena, const struct entity_type *type,
                                struct slice text, const struct filter **filter) {
    struct parser parser = {.type = type};
    *filter = NULL;
    parser.error = odata_lexer_open(&parser.lexer, arena, "$filter", text, '\'');
    if (error_is_set(&parser.error))
        return parser.error;
    const struct filter *condition = parse_condition(&parser);
    if (condition != NULL && parser.lexer.token.kind != ODATA_TOKEN_END)
        (void)unexpected(&parser, "'and', 'or' or the end");
    if (!error_is_set(&parser.error))
        *filter = condition;
    return parser.error;
}
