/* What the service needs of whoever mints enrollment tokens and device credentials.
 *
 * The service owns this interface; src/authority/ implements it. Calls do not block; any thread. */
#ifndef MUSTER_SERVICE_AUTHORITY_PORT_H
#define MUSTER_SERVICE_AUTHORITY_PORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"

#define AUTHORITY_NONCE_SIZE 8
/* Room for the longest text that an authority writes, and a NUL byte. */
#define AUTHORITY_TEXT_SIZE 64

struct authority {
    /* The text a device presents for the token of that key and nonce. Returns text. */
    char *(*format_token)(const struct authority *authority, int64_t id,
                          const uint8_t nonce[static AUTHORITY_NONCE_SIZE],
                          char text[static AUTHORITY_TEXT_SIZE]);

    /* What a presented text claims to be; false when this authority cannot have written it. The
     * nonce must still be compared with the stored one. */
    bool (*parse_token)(const struct authority *authority, struct slice text, int64_t *id,
                        uint8_t nonce[static AUTHORITY_NONCE_SIZE]);

    /* The same for the credential of an enrolled device. A token is never taken for a credential,
     * nor the other way round. */
    char *(*format_credential)(const struct authority *authority, int64_t device_row,
                               const uint8_t nonce[static AUTHORITY_NONCE_SIZE],
                               char text[static AUTHORITY_TEXT_SIZE]);
    bool (*parse_credential)(const struct authority *authority, struct slice text,
                             int64_t *device_row, uint8_t nonce[static AUTHORITY_NONCE_SIZE]);

    void (*close)(struct authority *authority);
};

#endif
