/* Pictures of QR codes that were drawn already, by their content.
 *
 * Drawing one takes a millisecond, in which a loop answers nobody else, and whoever shows profiles
 * asks for the same ones again and again. All loops share it; its memory is bounded, and what came
 * first makes room. Contents hold live tokens: what leaves is wiped. Any thread. */
#ifndef MUSTER_SERVICE_PICTURE_CACHE_H
#define MUSTER_SERVICE_PICTURE_CACHE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/slice.h"

/* Some 10,000 pictures of usual codes. */
#define PICTURE_CACHE_BYTES_AT_MOST ((size_t)56 << 20)

struct picture_cache;

/* Keeps at most bytes of contents and pictures together. End with picture_cache_close. */
struct picture_cache *picture_cache_open(size_t bytes) __attribute__((returns_nonnull));

/* Appends the picture of the content; false, and nothing appended, when it is not there. */
bool picture_cache_find(struct picture_cache *cache, struct slice content, struct buffer *picture);

/* Keeps a picture that was not there. One that is larger than the whole cache is not kept. */
void picture_cache_add(struct picture_cache *cache, struct slice content, struct slice picture);

/* NULL is no cache. */
void picture_cache_close(struct picture_cache *cache);

#endif
