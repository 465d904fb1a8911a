/* What will become of which token when: a heap, the soonest first. One thread at a time. */
#ifndef MUSTER_WATCH_TOKEN_DUE_H
#define MUSTER_WATCH_TOKEN_DUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/instant.h"
#include "domain/token_notice.h"

struct token_due {
    instant at;
    int64_t token_id;
    enum token_notice_kind kind;
};

/* All zero is empty and ready for use. */
struct token_due_heap {
    struct token_due *entries;
    size_t count;
    size_t capacity;
};

void token_due_push(struct token_due_heap *heap, const struct token_due *due);

/* Takes out the soonest, if its time has come. */
bool token_due_pop(struct token_due_heap *heap, instant now, struct token_due *due);

/* Empties it and keeps the memory, which was needed once and will be again. */
void token_due_clear(struct token_due_heap *heap);

void token_due_free(struct token_due_heap *heap);

#endif
