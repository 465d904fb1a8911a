#include "domain/audit.h"

#include <string.h>

/* Everything before the row: the text, zeros, and the version in the high half of byte 6. */
static const uint8_t prefix[8] = {'a', 'u', 'd', 'i', 't', 0, 0x80, 0};

#define VARIANT (UINT64_C(1) << 63)
#define ROW_MASK ((UINT64_C(1) << 62) - 1)

struct guid audit_id_make(int64_t row) {
    struct guid id;
    uint64_t number = VARIANT | ((uint64_t)row & ROW_MASK);
    memcpy(id.bytes, prefix, sizeof prefix);
    for (size_t i = 0; i < 8; i++)
        id.bytes[8 + i] = (uint8_t)(number >> (56 - 8 * i));
    return id;
}

bool audit_id_read(const struct guid *id, int64_t *row) {
    uint64_t number = 0;
    for (size_t i = 0; i < 8; i++)
        number = number << 8 | id->bytes[8 + i];
    *row = (int64_t)(number & ROW_MASK);
    return memcmp(id->bytes, prefix, sizeof prefix) == 0 && (number & ~ROW_MASK) == VARIANT &&
           *row > 0;
}
