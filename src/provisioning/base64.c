#include "provisioning/base64.h"

#include <openssl/evp.h>

#define CHUNK_SIZE ((size_t)3 << 20) /* of 3 bytes each, so only the last one is padded */

void base64_append(struct slice bytes, struct buffer *out) {
    while (bytes.length > 0) {
        size_t size = bytes.length < CHUNK_SIZE ? bytes.length : CHUNK_SIZE;
        /* EVP_EncodeBlock counts in int and writes a NUL byte behind its result. */
        buffer_reserve(out, (size + 2) / 3 * 4 + 1);
        int written = EVP_EncodeBlock((unsigned char *)out->data + out->length,
                                      (const unsigned char *)bytes.data, (int)size);
        out->length += (size_t)written;
        bytes = slice_skip(bytes, size);
    }
}
