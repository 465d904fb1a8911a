#include "graph/odata_name.h"

/* More of a name is not quoted: the type's name should find room behind it. */
#define NAME_SHOWN_AT_MOST 120

static struct slice shortened(struct slice name) {
    if (name.length <= NAME_SHOWN_AT_MOST)
        return name;
    name.length = NAME_SHOWN_AT_MOST;
    while (name.length > 0 && ((unsigned char)name.data[name.length] & 0xC0U) == 0x80U)
        name.length--;
    return name;
}

struct error odata_name_unknown(const char *option, struct slice name,
                                const struct entity_type *type) {
    return error_make_for(ERROR_INVALID, option,
                          "Could not find a property named '%.*s' on type '%s'.",
                          SLICE_PRINTF(shortened(name)), type->name);
}

struct error odata_name_find(const struct odata_lexer *lexer, const struct entity_type *type,
                             enum entity_use use, const struct entity_property **property) {
    struct slice name = lexer->token.text;
    *property = entity_type_find_queried(type, name);
    if (*property != NULL && ((*property)->uses & (unsigned)use) != 0)
        return error_none();
    struct slice sentence =
        *property == NULL
            ? arena_format(lexer->arena, "Could not find a property named '%.*s' on type '%s'.",
                           SLICE_PRINTF(shortened(name)), type->name)
            : arena_format(lexer->arena, "the property '%s' cannot be used in '%s'.",
                           (*property)->schema.name, lexer->option);
    *property = NULL;
    return odata_lexer_refuse(lexer, sentence.data);
}
