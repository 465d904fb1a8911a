/* Base64 with padding (RFC 4648 section 4), as Edm.Binary in OData's JSON and Graph's mimeContent
 * carry a picture. Any thread. */
#ifndef MUSTER_PROVISIONING_BASE64_H
#define MUSTER_PROVISIONING_BASE64_H

#include "base/buffer.h"
#include "base/slice.h"

/* Appends the characters that bytes stand for. */
void base64_append(struct slice bytes, struct buffer *out);

#endif
