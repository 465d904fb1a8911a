#include "graph/odata_skiptoken.h"

#include "auth/base64url.h"
#include "base/buffer.h"
#include "base/utf8.h"

#define FORM 1
#define FNV_PRIME UINT64_C(0x100000001B3)
/* A code point has at most four bytes. */
#define KEY_TEXT_BYTES_AT_MOST (4 * LISTING_ORDER_TEXT_AT_MOST)

uint64_t odata_fingerprint_add(uint64_t fingerprint, struct slice text) {
    for (size_t i = 0; i < text.length; i++)
        fingerprint = (fingerprint ^ (unsigned char)text.data[i]) * FNV_PRIME;
    /* No byte of UTF-8, so that two texts are never taken for one. */
    return (fingerprint ^ 0xFFU) * FNV_PRIME;
}

static void put_number(struct buffer *out, uint64_t value, size_t size) {
    for (size_t i = size; i > 0; i--)
        buffer_append_byte(out, (char)(value >> (8 * (i - 1)) & 0xFFU));
}

static void put_key(struct buffer *out, const struct filter_value *key) {
    put_number(out, (uint64_t)key->kind, 1);
    switch (key->kind) {
    case FILTER_VALUE_NULL:
        return;
    case FILTER_VALUE_TEXT:
        put_number(out, key->text.length, 2);
        buffer_append_slice(out, key->text);
        return;
    case FILTER_VALUE_GUID:
        buffer_append(out, key->guid.bytes, sizeof key->guid.bytes);
        return;
    case FILTER_VALUE_INTEGER:
        put_number(out, (uint64_t)key->integer, 8);
        return;
    }
}

struct slice odata_skiptoken_write(struct arena *arena, uint64_t fingerprint, size_t page_size,
                                   const struct listing *listing,
                                   const struct listing_position *position) {
    struct buffer out = {0};
    put_number(&out, FORM, 1);
    put_number(&out, fingerprint, 8);
    put_number(&out, page_size, 2);
    put_number(&out, (uint64_t)position->row, 8);
    for (size_t i = 0; i < listing->order_count; i++)
        put_key(&out, &position->keys[i]);
    size_t length = BASE64URL_LENGTH(out.length);
    char *text = arena_allocate(arena, length + 1);
    base64url_encode((const uint8_t *)out.data, out.length, text);
    buffer_free(&out);
    return (struct slice){.data = text, .length = length};
}

static bool take_bytes(struct slice *rest, size_t size, struct slice *bytes) {
    if (rest->length < size)
        return false;
    *bytes = (struct slice){.data = rest->data, .length = size};
    rest->data += size;
    rest->length -= size;
    return true;
}

static bool take_number(struct slice *rest, size_t size, uint64_t *value) {
    struct slice bytes = {0};
    *value = 0;
    if (!take_bytes(rest, size, &bytes))
        return false;
    for (size_t i = 0; i < size; i++)
        *value = *value << 8 | (unsigned char)bytes.data[i];
    return true;
}

static bool take_text(struct slice *rest, struct slice *text) {
    uint64_t length = 0;
    return take_number(rest, 2, &length) && length <= KEY_TEXT_BYTES_AT_MOST &&
           take_bytes(rest, (size_t)length, text) && utf8_is_valid(*text) &&
           (text->length == 0 || memchr(text->data, '\0', text->length) == NULL);
}

static bool take_key(struct slice *rest, enum field_type type, struct filter_value *key) {
    uint64_t kind = 0;
    uint64_t number = 0;
    struct slice bytes = {0};
    if (!take_number(rest, 1, &kind))
        return false;
    *key = (struct filter_value){.kind = (enum filter_value_kind)kind};
    switch (kind) {
    case FILTER_VALUE_NULL:
        return true;
    case FILTER_VALUE_TEXT:
        return type == FIELD_TEXT && take_text(rest, &key->text);
    case FILTER_VALUE_GUID:
        if (type != FIELD_GUID || !take_bytes(rest, sizeof key->guid.bytes, &bytes))
            return false;
        memcpy(key->guid.bytes, bytes.data, sizeof key->guid.bytes);
        return true;
    case FILTER_VALUE_INTEGER:
        if (type == FIELD_TEXT || type == FIELD_GUID || !take_number(rest, 8, &number))
            return false;
        key->integer = (int64_t)number;
        return true;
    default:
        return false;
    }
}

static bool decode(struct arena *arena, struct slice text, struct slice *bytes) {
    uint8_t *out = arena_allocate(arena, BASE64URL_DECODED_SIZE(text.length) + 1);
    if (!base64url_decode(text, out))
        return false;
    *bytes =
        (struct slice){.data = (const char *)out, .length = BASE64URL_DECODED_SIZE(text.length)};
    return true;
}

static bool read(struct arena *arena, struct slice text, uint64_t fingerprint,
                 const struct entity_type *type, struct listing *listing, size_t *page_size) {
    struct slice rest = {0};
    uint64_t form = 0;
    uint64_t its_fingerprint = 0;
    uint64_t size = 0;
    uint64_t row = 0;
    if (!decode(arena, text, &rest) || !take_number(&rest, 1, &form) || form != FORM ||
        !take_number(&rest, 8, &its_fingerprint) || its_fingerprint != fingerprint ||
        !take_number(&rest, 2, &size) || size == 0 || !take_number(&rest, 8, &row) ||
        row > INT64_MAX)
        return false;
    for (size_t i = 0; i < listing->order_count; i++) {
        const struct entity_property *property =
            entity_type_find_field(type, listing->orders[i].field);
        if (property == NULL ||
            !take_key(&rest, entity_property_stored_type(property), &listing->after.keys[i]))
            return false;
    }
    listing->after.row = (int64_t)row;
    *page_size = (size_t)size;
    return rest.length == 0;
}

struct error odata_skiptoken_read(struct arena *arena, struct slice text, uint64_t fingerprint,
                                  const struct entity_type *type, struct listing *listing,
                                  size_t *page_size) {
    listing->has_after = read(arena, text, fingerprint, type, listing, page_size);
    if (listing->has_after)
        return error_none();
    return error_make_for(ERROR_INVALID, "$skiptoken",
                          "The query option '$skiptoken' is not one that this server gave for this "
                          "query. Follow @odata.nextLink as it stands.");
}
