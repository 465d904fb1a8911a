#include "graph/cors.h"

#define ALLOW_ORIGIN "Access-Control-Allow-Origin"
/* What a script may read besides the few headers that it always may: those that Graph names, as far
 * as they are served. */
#define EXPOSED                                                                                    \
    "ETag, Location, Preference-Applied, request-id, client-request-id, Retry-After, "             \
    "WWW-Authenticate"
#define PREFLIGHT_SECONDS "3600"

static bool next_origin(struct slice *rest, struct slice *origin) {
    while (slice_cut(rest, ' ', origin)) {
        *origin = slice_trim(*origin);
        if (origin->length > 0)
            return true;
    }
    return false;
}

void cors_allow(struct exchange *exchange, const char *origins) {
    struct response *response = &exchange->response;
    if (origins == NULL)
        return;
    struct slice rest = slice_from_string(origins);
    struct slice given = request_find_header(&exchange->request, SLICE("Origin"));
    struct slice origin = {0};
    bool is_any = slice_equals(slice_trim(rest), SLICE("*"));
    bool is_allowed = is_any;
    while (!is_allowed && next_origin(&rest, &origin))
        is_allowed = slice_equals(origin, given);
    /* An answer without the header differs by the origin, too. */
    if (!is_any)
        response_add_header(response, SLICE("Vary"), SLICE("Origin"));
    if (!is_allowed)
        return;
    response_set_header(response, SLICE(ALLOW_ORIGIN), is_any ? SLICE("*") : given);
    response_set_header(response, SLICE("Access-Control-Expose-Headers"), SLICE(EXPOSED));
}

void cors_allow_preflight(struct exchange *exchange, struct slice methods) {
    struct response *response = &exchange->response;
    const struct request *request = &exchange->request;
    if (response_find_header(response, SLICE(ALLOW_ORIGIN)).data == NULL ||
        request_find_header(request, SLICE("Access-Control-Request-Method")).data == NULL)
        return;
    struct slice headers = request_find_header(request, SLICE("Access-Control-Request-Headers"));
    response_set_header(response, SLICE("Access-Control-Allow-Methods"), methods);
    /* A client of Graph may send any header; those that mean nothing here do no harm. */
    if (headers.length > 0)
        response_set_header(response, SLICE("Access-Control-Allow-Headers"), headers);
    response_set_header(response, SLICE("Access-Control-Max-Age"), SLICE(PREFLIGHT_SECONDS));
}
