/* Words of a query option's value: OData 4.01 ABNF, as far as filters, orders and searches need it.
 *
 * Works on the decoded value; positions are counted in characters from 1, as a person counts them.
 * Pure; any thread. */
#ifndef MUSTER_GRAPH_ODATA_LEXER_H
#define MUSTER_GRAPH_ODATA_LEXER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"

enum odata_token_kind {
    ODATA_TOKEN_END,
    ODATA_TOKEN_WORD,   /* names, operators, numbers, dates, GUIDs: anything without a sign below */
    ODATA_TOKEN_STRING, /* in single quotes, a quote within it doubled; in $search in double ones */
    ODATA_TOKEN_OPEN,
    ODATA_TOKEN_CLOSE,
    ODATA_TOKEN_COMMA,
};

struct odata_token {
    enum odata_token_kind kind;
    struct slice text;  /* as it stands there */
    struct slice value; /* of a string: without quotes, in the arena where it had doubled ones */
    size_t offset;      /* bytes before it */
};

struct odata_lexer {
    const char *option; /* "$filter" */
    struct slice text;
    char quote; /* ' or " */
    struct arena *arena;
    struct odata_token token; /* the present one */
};

/* Opens the value at its first token. ERROR_INVALID as for the next. */
struct error odata_lexer_open(struct odata_lexer *lexer, struct arena *arena, const char *option,
                              struct slice text, char quote) MUST_CHECK;

/* Goes on to the next token. ERROR_INVALID for a string that does not end. */
struct error odata_lexer_next(struct odata_lexer *lexer) MUST_CHECK;

/* Whether the present token is this word, in any case of its letters. */
bool odata_lexer_is_word(const struct odata_lexer *lexer, const char *word);

/* An error at the present token: says where it is, what was expected and what is there. */
struct error odata_lexer_unexpected(const struct odata_lexer *lexer,
                                    const char *expected) MUST_CHECK;

/* An error about the present token in other words: where it is, and the sentence. */
struct error odata_lexer_refuse(const struct odata_lexer *lexer, const char *sentence) MUST_CHECK;

/* The characters before the offset, and one. */
size_t odata_lexer_position(const struct odata_lexer *lexer, size_t offset);

#endif
