#include "graph/odata_search.h"

#include "graph/odata_choice.h"
#include "graph/odata_lexer.h"

#define EXPECTED_TERM "a word, a phrase in double quotes, NOT or '('"

/* As in odata_filter.c: after a failure every function returns NULL or false. */
struct parser {
    struct odata_lexer lexer;
    const struct entity_property *property;
    struct error error;
    unsigned depth;
    size_t terms;
};

static const struct filter *parse_alternatives(struct parser *parser);

static bool fail(struct parser *parser, struct error error) {
    if (!error_is_set(&parser->error))
        parser->error = error;
    return false;
}

static bool advance(struct parser *parser) {
    struct error error = odata_lexer_next(&parser->lexer);
    return error_is_set(&error) ? fail(parser, error) : true;
}

/* Operators have a case: "and" is a word to look for. */
static bool is_operator(const struct parser *parser, const char *word) {
    return parser->lexer.token.kind == ODATA_TOKEN_WORD &&
           slice_equals_string(parser->lexer.token.text, word);
}

static struct filter *make_node(struct parser *parser, enum filter_kind kind) {
    struct filter *node = arena_allocate_zeroed(parser->lexer.arena, sizeof *node);
    node->kind = kind;
    return node;
}

static bool go_deeper(struct parser *parser) {
    if (++parser->depth <= FILTER_DEPTH_AT_MOST)
        return advance(parser);
    return fail(parser, odata_lexer_refuse(&parser->lexer,
                                           "parentheses and NOTs are too deep within each other."));
}

/* "displayName:text" in quotes names the property that is searched anyway. */
static struct slice without_name(const struct parser *parser, struct slice text) {
    struct slice rest = text;
    struct slice name = {0};
    if (parser->lexer.token.kind != ODATA_TOKEN_STRING || !slice_cut(&rest, ':', &name) ||
        rest.data == NULL ||
        !slice_equals_ignoring_case(name, slice_from_string(parser->property->schema.name)))
        return text;
    return rest;
}

static const struct filter *parse_text(struct parser *parser) {
    const struct odata_token *token = &parser->lexer.token;
    struct slice text = token->kind == ODATA_TOKEN_WORD ? token->text : token->value;
    if (token->kind != ODATA_TOKEN_WORD && token->kind != ODATA_TOKEN_STRING) {
        (void)fail(parser, odata_lexer_unexpected(&parser->lexer, EXPECTED_TERM));
        return NULL;
    }
    if (++parser->terms > FILTER_TERMS_AT_MOST) {
        (void)fail(parser, odata_lexer_refuse(&parser->lexer, "there are too many words."));
        return NULL;
    }
    struct filter *node = make_node(parser, FILTER_MATCH);
    node->match.field = parser->property->field;
    node->match.match = FILTER_CONTAINS;
    node->match.text = without_name(parser, text);
    return advance(parser) ? odata_choice_resolve(parser->lexer.arena, parser->property, node)
                           : NULL;
}

static const struct filter *parse_term(struct parser *parser) {
    if (is_operator(parser, "NOT")) {
        if (!go_deeper(parser))
            return NULL;
        struct filter *node = make_node(parser, FILTER_NOT);
        node->single.operand = parse_term(parser);
        parser->depth--;
        return node->single.operand == NULL ? NULL : node;
    }
    if (parser->lexer.token.kind != ODATA_TOKEN_OPEN)
        return is_operator(parser, "AND") || is_operator(parser, "OR")
                   ? (fail(parser, odata_lexer_unexpected(&parser->lexer, EXPECTED_TERM)), NULL)
                   : parse_text(parser);
    if (!go_deeper(parser))
        return NULL;
    const struct filter *inner = parse_alternatives(parser);
    if (inner == NULL)
        return NULL;
    if (parser->lexer.token.kind != ODATA_TOKEN_CLOSE) {
        (void)fail(parser, odata_lexer_unexpected(&parser->lexer, "')'"));
        return NULL;
    }
    parser->depth--;
    return advance(parser) ? inner : NULL;
}

static const struct filter *join(struct parser *parser, enum filter_kind kind,
                                 const struct filter *left, const struct filter *right) {
    if (right == NULL)
        return NULL;
    struct filter *pair = make_node(parser, kind);
    pair->pair.left = left;
    pair->pair.right = right;
    return pair;
}

/* Words beside each other must all occur, with AND or without. */
static const struct filter *parse_words(struct parser *parser) {
    const struct filter *left = parse_term(parser);
    while (left != NULL) {
        bool has_and = is_operator(parser, "AND");
        enum odata_token_kind kind = parser->lexer.token.kind;
        if (!has_and && (kind == ODATA_TOKEN_END || kind == ODATA_TOKEN_CLOSE ||
                         kind == ODATA_TOKEN_COMMA || is_operator(parser, "OR")))
            return left;
        if (has_and && !advance(parser))
            return NULL;
        left = join(parser, FILTER_AND, left, parse_term(parser));
    }
    return NULL;
}

static const struct filter *parse_alternatives(struct parser *parser) {
    const struct filter *left = parse_words(parser);
    while (left != NULL && is_operator(parser, "OR")) {
        if (!advance(parser))
            return NULL;
        left = join(parser, FILTER_OR, left, parse_words(parser));
    }
    return left;
}

struct error odata_search_parse(struct arena *arena, const struct entity_type *type,
                                struct slice text, const struct filter **filter) {
    struct parser parser = {.property = entity_type_find_searched(type)};
    *filter = NULL;
    if (parser.property == NULL)
        return error_make_for(ERROR_INVALID, "$search",
                              "The query option '$search' is not supported for this resource.");
    parser.error = odata_lexer_open(&parser.lexer, arena, "$search", text, '"');
    if (error_is_set(&parser.error))
        return parser.error;
    const struct filter *condition = parse_alternatives(&parser);
    if (condition != NULL && parser.lexer.token.kind != ODATA_TOKEN_END)
        (void)fail(&parser, odata_lexer_unexpected(&parser.lexer, EXPECTED_TERM));
    if (!error_is_set(&parser.error))
        *filter = condition;
    return parser.error;
}
