/* A growing run of bytes that its holder owns. One thread at a time. */
#ifndef MUSTER_BASE_BUFFER_H
#define MUSTER_BASE_BUFFER_H

#include <stddef.h>

#include "base/error.h"
#include "base/slice.h"

/* All zero is an empty buffer, ready for use. */
struct buffer {
    char *data;      /* not NUL-terminated */
    size_t length;   /* bytes in use */
    size_t capacity; /* bytes allocated */
};

/* Makes room for at least extra more bytes behind those in use, which move. */
void buffer_grow(struct buffer *buffer, size_t extra);

/* The same where there may be room already: the usual case costs a comparison. */
static inline void buffer_reserve(struct buffer *buffer, size_t extra) {
    if (extra > buffer->capacity - buffer->length)
        buffer_grow(buffer, extra);
}

static inline void buffer_append(struct buffer *buffer, const void *data, size_t length) {
    if (length == 0)
        return;
    buffer_reserve(buffer, length);
    memcpy(buffer->data + buffer->length, data, length);
    buffer->length += length;
}

static inline void buffer_append_byte(struct buffer *buffer, char byte) {
    buffer_reserve(buffer, 1);
    buffer->data[buffer->length++] = byte;
}

void buffer_append_slice(struct buffer *buffer, struct slice slice);
void buffer_append_string(struct buffer *buffer, const char *text);
void buffer_append_format(struct buffer *buffer, const char *format, ...) PRINTF_LIKE(2, 3)
    __attribute__((nonnull(2)));
void buffer_append_unsigned(struct buffer *buffer, unsigned long long value);

/* Drops the first count bytes (all of them when there are fewer) and moves the rest up. */
void buffer_consume(struct buffer *buffer, size_t count);

/* Empties it and keeps the memory. */
static inline void buffer_clear(struct buffer *buffer) {
    buffer->length = 0;
}

/* Empties it and gives the memory back. */
void buffer_free(struct buffer *buffer);

/* The bytes in use; valid until the next change. */
static inline struct slice buffer_slice(const struct buffer *buffer) {
    return (struct slice){.data = buffer->data, .length = buffer->length};
}

#endif
