#include "graph/odata_select.h"

#include "graph/odata_lexer.h"
#include "graph/odata_name.h"

static uint64_t bit_of(size_t index) {
    return UINT64_C(1) << index;
}

static void add_to_suffix(struct arena *arena, struct odata_selection *selection,
                          struct slice name) {
    selection->suffix =
        selection->suffix.length == 0
            ? arena_copy(arena, name)
            : arena_format(arena, "%.*s,%.*s", SLICE_PRINTF(selection->suffix), SLICE_PRINTF(name));
}

/* A name that comes again changes nothing. */
static struct error take_name(struct odata_lexer *lexer, const struct entity_type *type,
                              struct odata_selection *selection) {
    if (lexer->token.kind != ODATA_TOKEN_WORD)
        return odata_lexer_unexpected(lexer, "a property or '*'");
    if (odata_lexer_is_word(lexer, "*")) {
        selection->has_all = true;
        return odata_lexer_next(lexer);
    }
    const struct entity_property *property = entity_type_find_queried(type, lexer->token.text);
    if (property == NULL)
        return odata_name_unknown(lexer->option, lexer->token.text, type);
    uint64_t bit = bit_of((size_t)(property - type->properties));
    if ((selection->properties & bit) == 0)
        add_to_suffix(lexer->arena, selection, slice_from_string(property->schema.name));
    selection->properties |= bit;
    return odata_lexer_next(lexer);
}

struct error odata_select_parse(struct arena *arena, const struct entity_type *type,
                                struct slice text, struct odata_selection *selection) {
    struct odata_lexer lexer;
    *selection = (struct odata_selection){.is_given = true};
    struct error error = odata_lexer_open(&lexer, arena, "$select", text, '\'');
    while (!error_is_set(&error)) {
        error = take_name(&lexer, type, selection);
        if (error_is_set(&error) || lexer.token.kind == ODATA_TOKEN_END)
            break;
        if (lexer.token.kind != ODATA_TOKEN_COMMA)
            return odata_lexer_unexpected(&lexer, "',' or the end");
        error = odata_lexer_next(&lexer);
    }
    if (!error_is_set(&error))
        selection->suffix = selection->has_all
                                ? SLICE("(*)")
                                : arena_format(arena, "(%.*s)", SLICE_PRINTF(selection->suffix));
    return error;
}

bool odata_select_shows(const struct odata_selection *selection, size_t index) {
    return !selection->is_given || selection->has_all || odata_select_names(selection, index);
}

bool odata_select_names(const struct odata_selection *selection, size_t index) {
    return (selection->properties & bit_of(index)) != 0;
}
