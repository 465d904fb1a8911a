#include "graph/odata_lexer.h"

/* Bytes of the text that a message quotes. */
#define QUOTED_AT_MOST 48

size_t odata_lexer_position(const struct odata_lexer *lexer, size_t offset) {
    size_t position = 1;
    for (size_t i = 0; i < offset; i++) {
        if (((unsigned char)lexer->text.data[i] & 0xC0U) != 0x80U)
            position++;
    }
    return position;
}

/* The beginning of a long text, cut between two characters. */
static struct slice shortened(struct slice text) {
    if (text.length <= QUOTED_AT_MOST)
        return text;
    text.length = QUOTED_AT_MOST;
    while (text.length > 0 && ((unsigned char)text.data[text.length] & 0xC0U) == 0x80U)
        text.length--;
    return text;
}

static struct error at(const struct odata_lexer *lexer, size_t offset, const char *sentence) {
    return error_make_for(ERROR_INVALID, lexer->option,
                          "The query option '%s' is not valid at position %zu: %s", lexer->option,
                          odata_lexer_position(lexer, offset), sentence);
}

struct error odata_lexer_refuse(const struct odata_lexer *lexer, const char *sentence) {
    return at(lexer, lexer->token.offset, sentence);
}

struct error odata_lexer_unexpected(const struct odata_lexer *lexer, const char *expected) {
    struct slice sentence =
        lexer->token.kind == ODATA_TOKEN_END
            ? arena_format(lexer->arena, "expected %s, but it ends there.", expected)
            : arena_format(lexer->arena, "expected %s, but found %.*s.", expected,
                           SLICE_PRINTF(shortened(lexer->token.text)));
    return at(lexer, lexer->token.offset, sentence.data);
}

static bool is_blank(char letter) {
    return letter == ' ' || letter == '\t';
}

static bool is_sign(const struct odata_lexer *lexer, char letter) {
    return letter == '(' || letter == ')' || letter == ',' || letter == lexer->quote;
}

/* The string from offset on; its end is the first quote that is not doubled. */
static struct error take_string(struct odata_lexer *lexer, size_t offset) {
    struct slice text = lexer->text;
    size_t end = offset + 1;
    size_t doubled = 0;
    for (; end < text.length; end++) {
        if (text.data[end] != lexer->quote)
            continue;
        if (end + 1 == text.length || text.data[end + 1] != lexer->quote)
            break;
        doubled++;
        end++;
    }
    if (end == text.length)
        return at(lexer, offset, "the string that begins there has no closing quote.");
    struct odata_token *token = &lexer->token;
    token->kind = ODATA_TOKEN_STRING;
    token->text = (struct slice){.data = text.data + offset, .length = end + 1 - offset};
    token->value = (struct slice){.data = text.data + offset + 1, .length = end - offset - 1};
    if (doubled == 0)
        return error_none();
    char *out = arena_allocate(lexer->arena, token->value.length);
    size_t length = 0;
    for (size_t i = 0; i < token->value.length; i++) {
        out[length++] = token->value.data[i];
        if (token->value.data[i] == lexer->quote)
            i++;
    }
    token->value = (struct slice){.data = out, .length = length};
    return error_none();
}

static void take_word(struct odata_lexer *lexer, size_t offset) {
    struct slice text = lexer->text;
    size_t end = offset;
    while (end < text.length && !is_blank(text.data[end]) && !is_sign(lexer, text.data[end]))
        end++;
    lexer->token.kind = ODATA_TOKEN_WORD;
    lexer->token.text = (struct slice){.data = text.data + offset, .length = end - offset};
}

static struct error take(struct odata_lexer *lexer, size_t offset) {
    struct slice text = lexer->text;
    while (offset < text.length && is_blank(text.data[offset]))
        offset++;
    lexer->token = (struct odata_token){.kind = ODATA_TOKEN_END, .offset = offset};
    if (offset == text.length)
        return error_none();
    char letter = text.data[offset];
    if (letter == lexer->quote)
        return take_string(lexer, offset);
    if (!is_sign(lexer, letter)) {
        take_word(lexer, offset);
        return error_none();
    }
    lexer->token.kind = letter == '('   ? ODATA_TOKEN_OPEN
                        : letter == ')' ? ODATA_TOKEN_CLOSE
                                        : ODATA_TOKEN_COMMA;
    lexer->token.text = (struct slice){.data = text.data + offset, .length = 1};
    return error_none();
}

struct error odata_lexer_open(struct odata_lexer *lexer, struct arena *arena, const char *option,
                              struct slice text, char quote) {
    *lexer = (struct odata_lexer){.option = option, .text = text, .quote = quote, .arena = arena};
    return take(lexer, 0);
}

struct error odata_lexer_next(struct odata_lexer *lexer) {
    return take(lexer, lexer->token.offset + lexer->token.text.length);
}

bool odata_lexer_is_word(const struct odata_lexer *lexer, const char *word) {
    return lexer->token.kind == ODATA_TOKEN_WORD &&
           slice_equals_ignoring_case(lexer->token.text, slice_from_string(word));
}
