#include "graph/odata_orderby.h"

#include "graph/odata_lexer.h"
#include "graph/odata_name.h"

static struct error add_order(const struct odata_lexer *lexer, struct listing *listing,
                              unsigned field) {
    for (size_t i = 0; i < listing->order_count; i++) {
        if (listing->orders[i].field == field)
            return odata_lexer_refuse(lexer, "the property is named a second time.");
    }
    if (listing->order_count == LISTING_ORDERS_AT_MOST)
        return odata_lexer_refuse(lexer, "there are more than 8 properties.");
    listing->orders[listing->order_count++] = (struct listing_order){.field = field};
    return error_none();
}
_Static_assert(LISTING_ORDERS_AT_MOST == 8, "the message above names the number");

/* "asc" or "desc", or nothing. */
static struct error read_direction(struct odata_lexer *lexer, struct listing_order *order) {
    order->descending = odata_lexer_is_word(lexer, "desc");
    if (order->descending || odata_lexer_is_word(lexer, "asc"))
        return odata_lexer_next(lexer);
    return error_none();
}

static struct error read_order(struct odata_lexer *lexer, const struct entity_type *type,
                               struct listing *listing) {
    if (lexer->token.kind != ODATA_TOKEN_WORD)
        return odata_lexer_unexpected(lexer, "a property");
    const struct entity_property *property = NULL;
    struct error error = odata_name_find(lexer, type, ENTITY_ORDER, &property);
    if (!error_is_set(&error))
        error = add_order(lexer, listing, property->field);
    if (!error_is_set(&error))
        error = odata_lexer_next(lexer);
    if (!error_is_set(&error))
        error = read_direction(lexer, &listing->orders[listing->order_count - 1]);
    return error;
}

struct error odata_orderby_parse(struct arena *arena, const struct entity_type *type,
                                 struct slice text, struct listing *listing) {
    struct odata_lexer lexer;
    listing->order_count = 0;
    struct error error = odata_lexer_open(&lexer, arena, "$orderby", text, '\'');
    while (!error_is_set(&error)) {
        error = read_order(&lexer, type, listing);
        if (error_is_set(&error) || lexer.token.kind == ODATA_TOKEN_END)
            break;
        if (lexer.token.kind != ODATA_TOKEN_COMMA)
            return odata_lexer_unexpected(&lexer, "'asc', 'desc', ',' or the end");
        error = odata_lexer_next(&lexer);
    }
    return error;
}
