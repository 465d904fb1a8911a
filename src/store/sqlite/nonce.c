#include "store/sqlite/nonce.h"

bool nonce_equals(const uint8_t *a, const uint8_t *b, size_t size) {
    /* volatile: so that no compiler leaves the loop at the first difference. */
    volatile uint8_t difference = 0;
    for (size_t i = 0; i < size; i++)
        difference = (uint8_t)(difference | (a[i] ^ b[i]));
    return difference == 0;
}
