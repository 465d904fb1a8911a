#include "service/refusal_journal.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/memory.h"

#define WAYS 4
#define SETS 256
#define INTERVAL (REFUSAL_JOURNAL_INTERVAL_SECONDS * INSTANT_TICKS_PER_SECOND)

/* One caller, refused one thing for one reason. */
struct entry {
    uint64_t key; /* 0: the entry is free */
    instant written;
    int64_t unrecorded; /* since then */
};

/* An event under way to the store. */
struct slot {
    struct refusal_journal *journal;
    struct store_command command;
    struct arena arena;
    bool is_taken;
};

struct refusal_journal {
    struct store *store;
    uint64_t seed;
    pthread_mutex_t mutex; /* over the entries, and over who has taken a slot */
    struct entry entries[SETS][WAYS];
    struct slot slots[REFUSAL_JOURNAL_PENDING_AT_MOST];
};

struct refusal_journal *refusal_journal_open(struct store *store,
                                             const struct random_source *random) {
    struct refusal_journal *journal = memory_allocate_zeroed(1, sizeof *journal);
    journal->store = store;
    random_fill(random, &journal->seed, sizeof journal->seed);
    (void)pthread_mutex_init(&journal->mutex, NULL);
    return journal;
}

/* FNV-1a, with a byte between the texts that no text in UTF-8 has. */
static uint64_t hash(uint64_t state, struct slice text) {
    for (size_t i = 0; i < text.length; i++)
        state = (state ^ (uint8_t)text.data[i]) * UINT64_C(0x100000001B3);
    return (state ^ 0xFFU) * UINT64_C(0x100000001B3);
}

static uint64_t make_key(const struct refusal_journal *journal, const struct service_call *call,
                         struct slice operation, const struct error *error) {
    struct slice tenant = {(const char *)call->tenant.bytes, sizeof call->tenant.bytes};
    uint64_t key = hash(journal->seed, tenant);
    key = hash(key, call->actor.subject);
    key = hash(key, operation);
    key = hash(key, slice_from_string(error->message));
    return key == 0 ? 1 : key;
}

/* Its entry, or that of whoever was written down longest ago. */
static struct entry *find_or_make(struct refusal_journal *journal, uint64_t key) {
    struct entry *set = journal->entries[(key >> 32) % SETS];
    struct entry *oldest = set;
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].key == key)
            return &set[i];
        if (set[i].written < oldest->written)
            oldest = &set[i];
    }
    *oldest = (struct entry){.key = key};
    return oldest;
}

static struct slot *take_slot(struct refusal_journal *journal) {
    for (size_t i = 0; i < REFUSAL_JOURNAL_PENDING_AT_MOST; i++) {
        if (journal->slots[i].is_taken)
            continue;
        journal->slots[i].is_taken = true;
        return &journal->slots[i];
    }
    return NULL;
}

/* A slot if an event is due; else the refusal is counted. */
static struct slot *take_slot_if_due(struct refusal_journal *journal, uint64_t key, instant now,
                                     int64_t *unrecorded) {
    struct slot *slot = NULL;
    (void)pthread_mutex_lock(&journal->mutex);
    struct entry *entry = find_or_make(journal, key);
    if (now < entry->written || now - entry->written >= INTERVAL)
        slot = take_slot(journal);
    if (slot == NULL) {
        entry->unrecorded++;
    } else {
        *unrecorded = entry->unrecorded;
        entry->unrecorded = 0;
        entry->written = now;
    }
    (void)pthread_mutex_unlock(&journal->mutex);
    return slot;
}

/* A failure is in the store's log; the refusal itself stands all the same. */
static void written(struct store_command *command) {
    struct slot *slot = command->context;
    arena_free(&slot->arena);
    (void)pthread_mutex_lock(&slot->journal->mutex);
    slot->is_taken = false;
    (void)pthread_mutex_unlock(&slot->journal->mutex);
}

static struct slice keep(struct slot *slot, struct slice text) {
    return text.length == 0 ? (struct slice){0} : arena_copy(&slot->arena, text);
}

void refusal_journal_note(struct refusal_journal *journal, const struct service_call *call,
                          struct slice operation, const struct error *error) {
    int64_t unrecorded = 0;
    uint64_t key = make_key(journal, call, operation, error);
    struct slot *slot = take_slot_if_due(journal, key, call->now, &unrecorded);
    if (slot == NULL)
        return;
    slot->journal = journal;
    slot->arena = (struct arena){0};
    slot->command = (struct store_command){
        .kind = STORE_AUDIT_APPEND,
        .loop = call->loop,
        .complete = written,
        .context = slot,
        .arena = &slot->arena,
        .now = call->now,
        .actor = {.kind = call->actor.kind,
                  .subject = keep(slot, call->actor.subject),
                  .name = keep(slot, call->actor.name),
                  .application = keep(slot, call->actor.application),
                  .address = keep(slot, call->actor.address),
                  .correlation = call->actor.correlation},
        .tenant = call->tenant,
        .audit_append = {.activity = AUDIT_CALL_REFUSED,
                         .operation = keep(slot, operation),
                         .reason = keep(slot, slice_from_string(error->message)),
                         .unrecorded = unrecorded},
    };
    journal->store->submit(journal->store, &slot->command);
}

void refusal_journal_close(struct refusal_journal *journal) {
    if (journal == NULL)
        return;
    for (size_t i = 0; i < REFUSAL_JOURNAL_PENDING_AT_MOST; i++)
        arena_free(&journal->slots[i].arena);
    (void)pthread_mutex_destroy(&journal->mutex);
    free(journal);
}
