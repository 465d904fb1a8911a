#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

#define SMALLEST_CAPACITY 256

void buffer_grow(struct buffer *buffer, size_t extra) {
    size_t needed = buffer->length + extra;
    size_t capacity = buffer->capacity < SMALLEST_CAPACITY ? SMALLEST_CAPACITY : buffer->capacity;
    while (capacity < needed)
        capacity *= 2;
    buffer->data = memory_resize(buffer->data, capacity, 1);
    buffer->capacity = capacity;
}

void buffer_append_slice(struct buffer *buffer, struct slice slice) {
    buffer_append(buffer, slice.data, slice.length);
}

void buffer_append_string(struct buffer *buffer, const char *text) {
    buffer_append(buffer, text, strlen(text));
}

void buffer_append_format(struct buffer *buffer, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    char probe[1];
    int length = vsnprintf(probe, sizeof probe, format, arguments);
    if (length > 0) {
        buffer_reserve(buffer, (size_t)length + 1);
        (void)vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, again);
        buffer->length += (size_t)length;
    }
    va_end(again);
    va_end(arguments);
}

void buffer_append_unsigned(struct buffer *buffer, unsigned long long value) {
    char digits[20];
    size_t start = sizeof digits;
    do {
        digits[--start] = (char)('0' + (int)(value % 10));
        value /= 10;
    } while (value > 0);
    buffer_append(buffer, digits + start, sizeof digits - start);
}

void buffer_consume(struct buffer *buffer, size_t count) {
    if (count >= buffer->length) {
        buffer->length = 0;
        return;
    }
    if (count == 0)
        return;
    memmove(buffer->data, buffer->data + count, buffer->length - count);
    buffer->length -= count;
}

void buffer_free(struct buffer *buffer) {
    free(buffer->data);
    *buffer = (struct buffer){0};
}
