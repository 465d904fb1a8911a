/* Writes JSON (RFC 8259) straight into a buffer, in the order in which it is told.
 *
 * Order matters to OData ("@odata.count" stands before "value"), and a page of a thousand entities
 * should not be built as a tree first. Reading is jansson's work. One thread at a time. */
#ifndef MUSTER_BASE_JSON_WRITER_H
#define MUSTER_BASE_JSON_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/guid.h"
#include "base/instant.h"
#include "base/slice.h"

struct json_writer {
    struct buffer *out;
    bool needs_comma;
};

static inline struct json_writer json_writer_make(struct buffer *out) {
    return (struct json_writer){.out = out, .needs_comma = false};
}

void json_open_object(struct json_writer *writer);
void json_close_object(struct json_writer *writer);
void json_open_array(struct json_writer *writer);
void json_close_array(struct json_writer *writer);

/* The name of the member whose value is written next: a constant of the code with nothing in it to
 * escape, or a text that is escaped like any other. */
void json_write_name(struct json_writer *writer, const char *name);
void json_write_text_name(struct json_writer *writer, struct slice name);

/* text must be UTF-8, as everything is that a door let in; control characters are escaped. */
void json_write_text(struct json_writer *writer, struct slice text);
void json_write_string(struct json_writer *writer, const char *text);
void json_write_integer(struct json_writer *writer, int64_t value);
void json_write_boolean(struct json_writer *writer, bool value);
void json_write_null(struct json_writer *writer);
void json_write_instant(struct json_writer *writer, instant value);
void json_write_guid(struct json_writer *writer, const struct guid *guid);
/* JSON that is already written, such as a stored document. */
void json_write_raw(struct json_writer *writer, struct slice json);

/* A text, or null where its pointer is NULL. */
void json_write_optional_text(struct json_writer *writer, struct slice text);

#endif
