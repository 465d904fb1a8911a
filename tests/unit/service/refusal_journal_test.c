/* How refused calls are kept without filling the disk. */
#include "service/refusal_journal.h"
#include "test.h"

#define NOON INSTANT_UNIX_EPOCH
#define AFTER(seconds) (NOON + (instant)(seconds)*INSTANT_TICKS_PER_SECOND)
#define KEPT_AT_MOST 4096

/* A store that holds commands until the test completes them. */
struct scene {
    struct store store; /* first, so that it leads to the scene */
    struct store_command *submitted[KEPT_AT_MOST];
    size_t count;
    struct refusal_journal *journal;
    struct service_call call;
    struct error error;
};

static void submit(struct store *store, struct store_command *command) {
    struct scene *scene = (struct scene *)(void *)store;
    assert_true(scene->count < KEPT_AT_MOST);
    scene->submitted[scene->count++] = command;
}

static int set_up(void **state) {
    static struct scene scene;
    struct still_random random = still_random_make(7);
    scene = (struct scene){.store = {.submit = submit}};
    scene.journal = refusal_journal_open(&scene.store, &random.source);
    scene.call = (struct service_call){
        .loop = 3,
        .now = NOON,
        .tenant = {{0x11}},
        .actor = {.kind = AUDIT_ACTOR_USER,
                  .subject = SLICE("subject"),
                  .name = SLICE("admin@contoso.example"),
                  .address = SLICE("192.0.2.7")},
    };
    scene.error = error_make(ERROR_FORBIDDEN, "Not allowed.");
    *state = &scene;
    return 0;
}

static int tear_down(void **state) {
    refusal_journal_close(((struct scene *)*state)->journal);
    return 0;
}

static void note(struct scene *scene) {
    refusal_journal_note(scene->journal, &scene->call, SLICE("GET profiles"), &scene->error);
}

static void complete_all(struct scene *scene) {
    for (size_t i = 0; i < scene->count; i++)
        scene->submitted[i]->complete(scene->submitted[i]);
    scene->count = 0;
}

static void a_refusal_is_kept_with_who_what_and_why(void **state) {
    struct scene *scene = *state;
    note(scene);
    assert_int_equal(scene->count, 1);
    const struct store_command *command = scene->submitted[0];
    assert_int_equal(command->kind, STORE_AUDIT_APPEND);
    assert_int_equal(command->loop, 3);
    assert_int_equal(command->now, NOON);
    assert_int_equal(command->audit_append.activity, AUDIT_CALL_REFUSED);
    assert_slice(command->audit_append.operation, "GET profiles");
    assert_slice(command->audit_append.reason, "Not allowed.");
    assert_int_equal(command->audit_append.unrecorded, 0);
    assert_slice(command->actor.subject, "subject");
    assert_slice(command->actor.name, "admin@contoso.example");
    assert_slice(command->actor.address, "192.0.2.7");
    assert_true(guid_equals(&command->tenant, &scene->call.tenant));
    complete_all(scene);
}

static void the_same_refusal_is_kept_once_a_minute_and_counted(void **state) {
    struct scene *scene = *state;
    for (int i = 0; i < 1000; i++) {
        scene->call.now = AFTER(i % 60);
        note(scene);
    }
    assert_int_equal(scene->count, 1);
    complete_all(scene);
    scene->call.now = AFTER(60);
    note(scene);
    assert_int_equal(scene->count, 1);
    assert_int_equal(scene->submitted[0]->audit_append.unrecorded, 999);
    complete_all(scene);
    scene->call.now = AFTER(120);
    note(scene);
    assert_int_equal(scene->submitted[0]->audit_append.unrecorded, 0);
    complete_all(scene);
}

static void another_caller_reason_operation_or_tenant_has_an_event_of_its_own(void **state) {
    struct scene *scene = *state;
    note(scene);
    scene->error = error_make(ERROR_FORBIDDEN, "No licence.");
    note(scene);
    scene->call.actor.subject = SLICE("another");
    note(scene);
    scene->call.tenant.bytes[0] = 0x22;
    note(scene);
    refusal_journal_note(scene->journal, &scene->call, SLICE("GET devices"), &scene->error);
    assert_int_equal(scene->count, 5);
    complete_all(scene);
}

static void no_more_than_a_few_are_under_way_whatever_the_store_does(void **state) {
    struct scene *scene = *state;
    for (uint8_t i = 0; i < 200; i++) {
        scene->call.tenant.bytes[1] = i;
        note(scene);
    }
    assert_int_equal(scene->count, REFUSAL_JOURNAL_PENDING_AT_MOST);
    complete_all(scene);
    note(scene);
    assert_int_equal(scene->count, 1);
    assert_int_equal(scene->submitted[0]->audit_append.unrecorded, 1);
    complete_all(scene);
}

static void a_clock_that_is_set_back_does_not_silence_it(void **state) {
    struct scene *scene = *state;
    scene->call.now = AFTER(1000000);
    note(scene);
    complete_all(scene);
    scene->call.now = NOON;
    note(scene);
    assert_int_equal(scene->count, 1);
    complete_all(scene);
}

static void what_the_store_has_not_answered_is_given_back_at_the_end(void **state) {
    note(*state);
}

#define STAGED(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        STAGED(a_refusal_is_kept_with_who_what_and_why),
        STAGED(the_same_refusal_is_kept_once_a_minute_and_counted),
        STAGED(another_caller_reason_operation_or_tenant_has_an_event_of_its_own),
        STAGED(no_more_than_a_few_are_under_way_whatever_the_store_does),
        STAGED(a_clock_that_is_set_back_does_not_silence_it),
        STAGED(what_the_store_has_not_answered_is_given_back_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
