#include "auth/token_json.h"

#include <stdlib.h>

#include "auth/base64url.h"
#include "base/memory.h"

json_t *token_json_decode(struct slice encoded) {
    size_t size = BASE64URL_DECODED_SIZE(encoded.length);
    uint8_t *bytes = memory_allocate(size);
    json_t *object = NULL;
    if (base64url_decode(encoded, bytes))
        object = json_loadb((const char *)bytes, size, JSON_REJECT_DUPLICATES, NULL);
    free(bytes);
    if (json_is_object(object))
        return object;
    json_decref(object);
    return NULL;
}

bool token_json_text(const json_t *value, struct slice *text) {
    if (!json_is_string(value))
        return false;
    *text = (struct slice){.data = json_string_value(value), .length = json_string_length(value)};
    return true;
}

struct slice token_json_member(const json_t *object, const char *name) {
    struct slice text = {0};
    (void)token_json_text(json_object_get(object, name), &text);
    return text;
}
