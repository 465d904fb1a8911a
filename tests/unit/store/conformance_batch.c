#include "store_conformance.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

#define RACERS KIT_LOOPS
#define COMMANDS_EACH 200

/* One thread with a loop, an arena and devices of its own; all begin at the same moment. */
struct racer {
    struct kit *kit;
    size_t number;
    pthread_barrier_t *start;
    struct arena arena;
    struct store_command commands[COMMANDS_EACH];
    char serials[COMMANDS_EACH][16];
    size_t accepted;
    size_t new_devices;
    size_t failed;
};

static void count_enrollment(struct store_command *command) {
    struct racer *racer = command->context;
    if (error_is_set(&command->error))
        racer->failed++;
    else if (command->device_enroll.refusal == ENROLL_ACCEPTED)
        racer->accepted++;
    if (command->device_enroll.is_new)
        racer->new_devices++;
}

static void *race(void *context) {
    struct racer *racer = context;
    (void)pthread_barrier_wait(racer->start);
    for (size_t i = 0; i < COMMANDS_EACH; i++) {
        kit_submit(racer->kit, &racer->commands[i]);
        /* Some commands wait together, so that batches of all sizes come about. */
        if (i % 8 == 7)
            kit_take(racer->kit, racer->number, 8);
    }
    return NULL;
}

static void prepare(struct kit *kit, struct racer *racer, const struct token *token,
                    bool one_device) {
    for (size_t i = 0; i < COMMANDS_EACH; i++) {
        struct store_command *command = &racer->commands[i];
        (void)snprintf(racer->serials[i], sizeof racer->serials[i], "S-%zu-%zu", racer->number, i);
        *command = kit_command(kit, STORE_DEVICE_ENROLL);
        command->loop = racer->number;
        command->context = racer;
        command->complete = count_enrollment;
        command->arena = &racer->arena;
        command->device_enroll.token_id = token->id;
        memcpy(command->device_enroll.token_nonce, token->nonce, TOKEN_NONCE_SIZE);
        command->device_enroll.device_id = kit_make_guid(kit);
        command->device_enroll.description.serial_number =
            one_device ? SLICE("S-1") : slice_from_string(racer->serials[i]);
    }
}

struct race_outcome {
    size_t accepted;
    size_t new_devices;
    size_t failed;
};

static struct race_outcome run_race(struct kit *kit, const struct token *token, bool one_device) {
    struct racer *racers = memory_allocate_zeroed(RACERS, sizeof *racers);
    pthread_t threads[RACERS];
    pthread_barrier_t start;
    struct race_outcome outcome = {0};
    assert_int_equal(pthread_barrier_init(&start, NULL, RACERS), 0);
    for (size_t i = 0; i < RACERS; i++) {
        racers[i].kit = kit;
        racers[i].number = i;
        racers[i].start = &start;
        prepare(kit, &racers[i], token, one_device);
    }
    for (size_t i = 0; i < RACERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, race, &racers[i]), 0);
    for (size_t i = 0; i < RACERS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        outcome.accepted += racers[i].accepted;
        outcome.new_devices += racers[i].new_devices;
        outcome.failed += racers[i].failed;
        arena_free(&racers[i].arena);
    }
    (void)pthread_barrier_destroy(&start);
    free(racers);
    return outcome;
}

static void racing_devices_never_exceed_a_tokens_limit(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "A");
    struct token token = kit_create_limited_token(kit, &profile, 50);
    struct race_outcome outcome = run_race(kit, &token, false);
    assert_int_equal(outcome.failed, 0);
    assert_int_equal(outcome.accepted, 50);
    struct profile found = kit_get_profile(kit, &profile.id);
    assert_int_equal(found.token.enrollments, 50);
    assert_int_equal(found.enrolled_device_count, 50);
}

static void racing_devices_are_all_counted(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "A");
    struct token token = kit_create_token(kit, &profile, 3600, 0);
    struct race_outcome outcome = run_race(kit, &token, false);
    assert_int_equal(outcome.failed, 0);
    assert_int_equal(outcome.new_devices, RACERS * COMMANDS_EACH);
    struct profile found = kit_get_profile(kit, &profile.id);
    assert_int_equal(found.token.enrollments, RACERS * COMMANDS_EACH);
    assert_int_equal(found.enrolled_device_count, RACERS * COMMANDS_EACH);
}

static void one_device_that_races_with_itself_is_counted_once(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "A");
    struct token token = kit_create_limited_token(kit, &profile, 1);
    struct race_outcome outcome = run_race(kit, &token, true);
    assert_int_equal(outcome.failed, 0);
    assert_int_equal(outcome.accepted, RACERS * COMMANDS_EACH);
    assert_int_equal(outcome.new_devices, 1);
    assert_int_equal(kit_get_profile(kit, &profile.id).enrolled_device_count, 1);
}

static void remember_order(struct store_command *command) {
    size_t *next = command->context;
    command->now = (instant)(*next)++;
}

/* Every second command is refused by the store's own checks, and every sixth by the engine's,
 * because its id belongs to another tenant's profile. */
static void a_command_that_fails_does_not_spoil_its_neighbours(void **state) {
    struct kit *kit = *state;
    enum { COUNT = 60 };
    struct profile others = kit_create_profile(kit, "Another's");
    kit->tenant = kit_make_guid(kit);
    kit_add_tenant(kit, &kit->tenant, true);
    struct store_command *commands = memory_allocate_zeroed(COUNT, sizeof *commands);
    size_t next = 0;
    for (size_t i = 0; i < COUNT; i++) {
        commands[i] = kit_command(kit, STORE_PROFILE_CREATE);
        commands[i].context = &next;
        commands[i].complete = remember_order;
        commands[i].profile_create.set = PROFILE_SET_ANDROID_FOR_WORK;
        commands[i].profile_create.id = i % 6 == 0 ? others.id : kit_make_guid(kit);
        commands[i].profile_create.changes.has_display_name = true;
        commands[i].profile_create.changes.display_name = SLICE("Kiosk");
        if (i % 2 == 1)
            commands[i].tenant = kit_make_guid(kit);
    }
    for (size_t i = 0; i < COUNT; i++)
        kit_submit(kit, &commands[i]);
    kit_take(kit, 0, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        assert_int_equal(commands[i].now, i);
        if (i % 2 == 1)
            assert_error(commands[i].error, ERROR_FORBIDDEN);
        else if (i % 6 == 0)
            assert_true(error_is_set(&commands[i].error));
        else
            assert_ok(commands[i].error);
    }
    struct store_query query = kit_query(kit, STORE_PROFILE_LIST);
    query.profile_list.set = PROFILE_SET_ANDROID_FOR_WORK;
    const struct listing all = {.limit = COUNT};
    query.profile_list.listing = &all;
    assert_ok(kit_ask(kit, &query));
    assert_int_equal(query.profile_list.count, COUNT / 3);
    free(commands);
}

/* The engine refuses it, because its id belongs to another tenant's profile. */
static struct store_command make_failure(struct kit *kit, const struct profile *profile,
                                         const struct guid *tenant) {
    struct store_command command = kit_command(kit, STORE_PROFILE_CREATE);
    command.tenant = *tenant;
    command.profile_create.set = profile->set;
    command.profile_create.id = profile->id;
    command.profile_create.changes.has_display_name = true;
    command.profile_create.changes.display_name = SLICE("Another's");
    return command;
}

static struct store_command make_creation(struct kit *kit, const struct profile *profile) {
    struct store_command command = kit_command(kit, STORE_TOKEN_CREATE);
    command.token_create.set = profile->set;
    command.token_create.profile_id = profile->id;
    command.token_create.validity_seconds = 60;
    return command;
}

/* Their batch is undone and its commands run once more: what they made of the profile at first
 * does not count. */
static void tokens_beside_a_command_that_fails_are_made_once(void **state) {
    struct kit *kit = *state;
    enum { COUNT = 60, FAILURES = COUNT / 6 };
    struct profile profile = kit_create_profile(kit, "Kiosk");
    struct guid other = kit_make_guid(kit);
    kit_add_tenant(kit, &other, true);
    struct store_command *commands = memory_allocate_zeroed(COUNT, sizeof *commands);
    size_t next = 0;
    for (size_t i = 0; i < COUNT; i++) {
        commands[i] =
            i % 6 == 5 ? make_failure(kit, &profile, &other) : make_creation(kit, &profile);
        commands[i].context = &next;
        commands[i].complete = remember_order;
    }
    for (size_t i = 0; i < COUNT; i++)
        kit_submit(kit, &commands[i]);
    kit_take(kit, 0, COUNT);
    for (size_t i = 0; i < COUNT; i++)
        assert_true(error_is_set(&commands[i].error) == (i % 6 == 5));
    struct profile found = kit_get_profile(kit, &profile.id);
    assert_int_equal(found.version, profile.version + COUNT - FAILURES);
    assert_int_equal(found.token.id, COUNT - FAILURES);
    free(commands);
}

static void what_was_acknowledged_is_there_after_reopening(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "Kiosk");
    struct token token = kit_create_token(kit, &profile, 3600, 0);
    struct store_command enrollment = kit_enroll(kit, &token, "S-1");
    kit_close(kit);
    kit_open(kit);
    struct profile found = kit_get_profile(kit, &profile.id);
    assert_slice(found.display_name, "Kiosk");
    assert_int_equal(found.token.id, token.id);
    assert_int_equal(found.enrolled_device_count, 1);
    assert_true(kit_is_credential_live(kit, &enrollment));
    assert_int_equal(kit_redeem(kit, &token, "S-2"), ENROLL_ACCEPTED);
}

static void closing_finishes_what_was_queued(void **state) {
    struct kit *kit = *state;
    enum { COUNT = 5000 }; /* more than one batch takes */
    struct profile profile = kit_create_profile(kit, "Kiosk");
    struct store_command *commands = memory_allocate_zeroed(COUNT, sizeof *commands);
    size_t next = 0;
    for (size_t i = 0; i < COUNT; i++) {
        commands[i] = kit_command(kit, STORE_TOKEN_CREATE);
        commands[i].context = &next;
        commands[i].complete = remember_order;
        commands[i].loop = i % KIT_LOOPS;
        commands[i].token_create.set = profile.set;
        commands[i].token_create.profile_id = profile.id;
        commands[i].token_create.validity_seconds = 60;
        kit_submit(kit, &commands[i]);
    }
    kit_close(kit);
    for (size_t i = 0; i < KIT_LOOPS; i++)
        kit_take(kit, i, COUNT / KIT_LOOPS);
    assert_int_equal(next, COUNT);
    for (size_t i = 0; i < COUNT; i++)
        assert_ok(commands[i].error);
    free(commands);
    kit_open(kit);
    assert_int_equal(kit_get_profile(kit, &profile.id).token.id, COUNT);
}

static void a_store_that_works_is_ready(void **state) {
    struct kit *kit = *state;
    struct error reason;
    assert_true(kit->store->is_ready(kit->store, &reason));
    assert_ok(reason);
}

const struct conformance_case conformance_of_batches[] = {
    CONFORMANCE_CASE(racing_devices_never_exceed_a_tokens_limit),
    CONFORMANCE_CASE(racing_devices_are_all_counted),
    CONFORMANCE_CASE(one_device_that_races_with_itself_is_counted_once),
    CONFORMANCE_CASE(a_command_that_fails_does_not_spoil_its_neighbours),
    CONFORMANCE_CASE(tokens_beside_a_command_that_fails_are_made_once),
    CONFORMANCE_CASE(what_was_acknowledged_is_there_after_reopening),
    CONFORMANCE_CASE(closing_finishes_what_was_queued),
    CONFORMANCE_CASE(a_store_that_works_is_ready),
    {NULL, NULL},
};
