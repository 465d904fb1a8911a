/* What the store's tests work with: an engine that starts empty, and use cases as plain calls.
 *
 * A call submits one command, waits until it is handed back and returns it. Loops stand for the
 * server's: what completes on one is taken by the thread that waits on it. */
#ifndef MUSTER_TESTS_UNIT_STORE_STORE_KIT_H
#define MUSTER_TESTS_UNIT_STORE_STORE_KIT_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "service/store_port.h"
#include "test.h"

#define KIT_LOOPS 8

/* How a suite comes by a store; each engine has its own. */
struct kit_engine {
    /* Throws away what is there. */
    void (*make_empty)(struct kit_engine *engine);
    /* Opens what is there; may be called again after the store was closed. */
    struct error (*open)(struct kit_engine *engine, size_t loops,
                         struct store_completions *completions, struct store **store);
};

struct kit_loop {
    pthread_mutex_t mutex;
    pthread_cond_t has_done;
    struct store_command *first;
    struct store_command *last;
};

struct kit {
    struct store_completions completions; /* first, so that it leads to the kit */
    struct kit_engine *engine;
    struct store *store;
    struct kit_loop loops[KIT_LOOPS];
    struct arena arena;   /* of the main thread */
    instant now;          /* of the next call */
    struct guid tenant;   /* of the next call; licensed */
    enum profile_set set; /* of the profiles that the next call makes or gets */
    uint32_t next_number; /* GUIDs and nonces all differ, and are the same in each run */
};

/* For cmocka: the initial state is the engine, then the kit. */
int kit_set_up(void **state);
int kit_tear_down(void **state);

void kit_close(struct kit *kit);
void kit_open(struct kit *kit);

struct guid kit_make_guid(struct kit *kit);

/* A command with the kit's instant and tenant. */
struct store_command kit_command(struct kit *kit, enum store_command_kind kind);
/* Submits it on its loop and waits; other commands of the loop must not be under way. */
struct error kit_run(struct kit *kit, struct store_command *command);
/* The two halves of it, for many commands at once: take waits for count of them and calls complete
 * for each, in order. */
void kit_submit(struct kit *kit, struct store_command *command);
void kit_take(struct kit *kit, size_t loop, size_t count);

/* For lists: the first ten. */
extern const struct listing kit_first_ten;

struct store_query kit_query(struct kit *kit, enum store_query_kind kind);
struct error kit_ask(struct kit *kit, struct store_query *query);

/* Use cases that must succeed. */
void kit_add_tenant(struct kit *kit, const struct guid *account_id, bool licensed);
struct profile kit_create_profile(struct kit *kit, const char *name);
struct profile kit_get_profile(struct kit *kit, const struct guid *id);
struct token kit_create_token(struct kit *kit, const struct profile *profile,
                              int32_t validity_seconds, int32_t overlap_seconds);
struct token kit_create_limited_token(struct kit *kit, const struct profile *profile,
                                      int64_t max_enrollments);
void kit_revoke(struct kit *kit, const struct profile *profile);
struct device kit_get_device(struct kit *kit, const struct guid *id);

/* Whether the device of that serial number may redeem the token at the kit's instant. */
enum enroll_refusal kit_redeem(struct kit *kit, const struct token *token, const char *serial);
/* The same with everything that the command says. */
struct store_command kit_enroll(struct kit *kit, const struct token *token, const char *serial);

/* Whether the enrolled device's credential is accepted. */
bool kit_is_credential_live(struct kit *kit, const struct store_command *enrollment);

#endif
