/* Which events follow from which rows of the audit, and what is said of them. */
#include "webhook/webhook_event.h"

#include "test.h"
#include "webhook/webhook_payload.h"

static struct store_event make_event(enum audit_activity activity, const char *details) {
    return (struct store_event){
        .record = {.row = 7,
                   .at = INSTANT_UNIX_EPOCH,
                   .activity = activity,
                   .actor = {.kind = AUDIT_ACTOR_USER,
                             .subject = SLICE("subject"),
                             .name = SLICE("admin@contoso.example"),
                             .application = SLICE("application"),
                             .address = SLICE("192.0.2.7"),
                             .correlation = {{0xAB}}},
                   .target = {{0xCD}},
                   .target_name = SLICE("Kiosk"),
                   .details = slice_from_string(details)},
        .tenant = {{0xEF}},
    };
}

/* The names of the events that the row gives, parted by blanks. */
static void assert_gives(enum audit_activity activity, const char *details, unsigned wanted,
                         const char *names) {
    struct store_event event = make_event(activity, details);
    enum webhook_event_kind kinds[WEBHOOK_EVENTS_OF_ROW_AT_MOST];
    struct buffer out = {0};
    size_t count = webhook_event_of_row(&event, wanted, kinds);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buffer_append_byte(&out, ' ');
        buffer_append_string(&out, webhook_event_name(kinds[i]));
    }
    assert_slice(buffer_slice(&out), names);
    buffer_free(&out);
}

static void every_activity_gives_its_events(void **state) {
    (void)state;
    static const struct {
        enum audit_activity activity;
        const char *details;
        const char *names;
    } cases[] = {
        {AUDIT_TENANT_ADDED, NULL, ""},
        {AUDIT_PROFILE_CREATED, "[]", ""},
        {AUDIT_PROFILE_DELETED, NULL, ""},
        {AUDIT_TOKEN_CREATED, "{\"tokenValidityInSeconds\":60}", "token.created"},
        {AUDIT_TOKEN_CREATED, "{\"replacedTokens\":1}", "token.replaced token.created"},
        {AUDIT_TOKEN_CREATED, "{\"replacedTokens\":0}", "token.created"},
        {AUDIT_TOKEN_CREATED, "{broken", "token.created"},
        {AUDIT_TOKEN_CREATED, NULL, "token.created"},
        {AUDIT_TOKEN_REVOKED, "{\"revokedTokens\":2}", "token.revoked"},
        {AUDIT_TOKEN_REVOKED, "{\"revokedTokens\":0}", ""},
        {AUDIT_TOKEN_REVOKED, NULL, ""},
        {AUDIT_TOKEN_EXPIRING, NULL, "token.expiring"},
        {AUDIT_TOKEN_EXPIRED, NULL, "token.expired"},
        {AUDIT_DEVICE_ENROLLED, NULL, "device.enrolled"},
        {AUDIT_DEVICE_REFUSED, "{\"reason\":\"expired\"}", "device.refused"},
        {AUDIT_DEVICE_RETIRED, NULL, "device.retired"},
        {AUDIT_DEVICE_RETIRED, "{\"wasEnrolled\":1}", "device.retired"},
        {AUDIT_DEVICE_RETIRED, "{\"wasEnrolled\":0}", ""},
        {AUDIT_DEVICE_LEFT, NULL, "device.left"},
        {AUDIT_DEVICE_DELETED, NULL, "device.deleted"},
        {AUDIT_CALL_REFUSED, NULL, ""},
        {(enum audit_activity)63, NULL, ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_gives(cases[i].activity, cases[i].details, WEBHOOK_EVENTS_ALL, cases[i].names);
}

static void only_wanted_events_are_given(void **state) {
    (void)state;
    static const char replaced[] = "{\"replacedTokens\":1}";
    assert_gives(AUDIT_TOKEN_CREATED, replaced, 1U << WEBHOOK_TOKEN_REPLACED, "token.replaced");
    assert_gives(AUDIT_TOKEN_CREATED, replaced, 1U << WEBHOOK_TOKEN_CREATED, "token.created");
    assert_gives(AUDIT_TOKEN_CREATED, replaced, 1U << WEBHOOK_DEVICE_LEFT, "");
}

static void the_audit_is_asked_only_for_what_is_wanted(void **state) {
    (void)state;
    assert_int_equal(webhook_event_activities(1U << WEBHOOK_TOKEN_REPLACED),
                     1U << AUDIT_TOKEN_CREATED);
    assert_int_equal(
        webhook_event_activities(1U << WEBHOOK_TOKEN_EXPIRED | 1U << WEBHOOK_DEVICE_LEFT),
        1U << AUDIT_TOKEN_EXPIRED | 1U << AUDIT_DEVICE_LEFT);
    assert_int_equal(webhook_event_activities(0), 0);
}

static void every_name_is_found_again(void **state) {
    (void)state;
    for (size_t i = 0; i < WEBHOOK_EVENT_COUNT; i++) {
        enum webhook_event_kind kind = WEBHOOK_EVENT_COUNT;
        struct slice name = slice_from_string(webhook_event_name((enum webhook_event_kind)i));
        assert_true(webhook_event_find(name, &kind));
        assert_int_equal(kind, i);
    }
    enum webhook_event_kind kind = WEBHOOK_EVENT_COUNT;
    assert_false(webhook_event_find(SLICE("token"), &kind));
    assert_false(webhook_event_find(SLICE(""), &kind));
    assert_false(webhook_event_find(SLICE("Token.Created"), &kind));
}

static void the_two_events_of_a_row_have_ids_of_their_own(void **state) {
    (void)state;
    struct store_event event = make_event(AUDIT_TOKEN_CREATED, NULL);
    struct guid audit = audit_id_make(7);
    struct guid created = webhook_event_id(WEBHOOK_TOKEN_CREATED, &event);
    struct guid replaced = webhook_event_id(WEBHOOK_TOKEN_REPLACED, &event);
    int64_t row = 0;
    assert_true(guid_equals(&created, &audit));
    assert_false(guid_equals(&replaced, &audit));
    assert_false(audit_id_read(&replaced, &row));
}

static void assert_payload(enum webhook_event_kind kind, const struct store_event *event,
                           const char *expected) {
    struct buffer out = {0};
    webhook_payload_write(&out, kind, event);
    assert_slice(buffer_slice(&out), expected);
    buffer_free(&out);
}

#define HEAD(type)                                                                                 \
    "{\"id\":\"61756469-7400-8000-8000-000000000007\",\"type\":\"" type                            \
    "\",\"time\":\"1970-01-01T00:00:00Z\","                                                        \
    "\"tenantId\":\"ef000000-0000-0000-0000-000000000000\","                                       \
    "\"auditEventId\":\"61756469-7400-8000-8000-000000000007\","                                   \
    "\"correlationId\":\"ab000000-0000-0000-0000-000000000000\","                                  \
    "\"actor\":{\"type\":\"user\",\"id\":\"subject\",\"displayName\":\"admin@contoso.example\","   \
    "\"applicationId\":\"application\"},"
#define PROFILE                                                                                    \
    "\"profile\":{\"id\":\"cd000000-0000-0000-0000-000000000000\","                                \
    "\"type\":\"androidForWorkEnrollmentProfile\",\"displayName\":\"Kiosk\"}"

static void a_tokens_event_names_profile_and_expiry(void **state) {
    (void)state;
    struct store_event event =
        make_event(AUDIT_TOKEN_CREATED, "{\"tokenValidityInSeconds\":60,"
                                        "\"tokenExpirationDateTime\":\"1970-01-01T00:01:00Z\"}");
    assert_payload(WEBHOOK_TOKEN_CREATED, &event,
                   HEAD("token.created") PROFILE
                   ",\"token\":{\"expirationDateTime\":\"1970-01-01T00:01:00Z\","
                   "\"validityInSeconds\":60}}");
    event = make_event(AUDIT_TOKEN_REVOKED, "{\"revokedTokens\":2}");
    assert_payload(WEBHOOK_TOKEN_REVOKED, &event,
                   HEAD("token.revoked") PROFILE ",\"revokedTokens\":2}");
}

static void a_profile_is_named_with_its_type(void **state) {
    (void)state;
    struct store_event event = make_event(AUDIT_TOKEN_REVOKED, "{\"revokedTokens\":1}");
    event.record.target_set = PROFILE_SET_ANDROID_DEVICE_OWNER;
    struct buffer out = {0};
    webhook_payload_write(&out, WEBHOOK_TOKEN_REVOKED, &event);
    buffer_append_byte(&out, '\0');
    assert_non_null(strstr(out.data, "\"type\":\"androidDeviceOwnerEnrollmentProfile\""));
    buffer_free(&out);
}

static void a_devices_event_names_the_device(void **state) {
    (void)state;
    struct store_event event = make_event(AUDIT_DEVICE_RETIRED, NULL);
    event.record.target_name = SLICE("S-1");
    assert_payload(
        WEBHOOK_DEVICE_RETIRED, &event,
        HEAD("device.retired") "\"device\":{\"id\":\"cd000000-0000-0000-0000-000000000000\","
                               "\"identity\":\"S-1\"}}");
}

static void a_refusal_of_an_unknown_token_is_nobodys(void **state) {
    (void)state;
    struct store_event event = make_event(AUDIT_DEVICE_REFUSED, "{\"reason\":\"unknown\"}");
    event.tenant = (struct guid){{0}};
    event.record.target = (struct guid){{0}};
    event.record.target_name = (struct slice){0};
    event.record.actor = (struct audit_actor){.kind = AUDIT_ACTOR_DEVICE, .subject = SLICE("S\"1")};
    assert_payload(
        WEBHOOK_DEVICE_REFUSED, &event,
        "{\"id\":\"61756469-7400-8000-8000-000000000007\",\"type\":\"device.refused\","
        "\"time\":\"1970-01-01T00:00:00Z\",\"tenantId\":null,"
        "\"auditEventId\":\"61756469-7400-8000-8000-000000000007\",\"correlationId\":null,"
        "\"actor\":{\"type\":\"device\",\"id\":\"S\\\"1\",\"displayName\":null,"
        "\"applicationId\":null},\"profile\":null,"
        "\"device\":{\"id\":null,\"identity\":\"S\\\"1\"},\"reason\":\"unknown\"}");
}

/* Whatever the details hold, only what is meant to be told is taken over. */
static void a_payload_holds_nothing_but_what_is_meant_for_it(void **state) {
    (void)state;
    static const char details[] =
        "{\"tokenValue\":\"SECRET\",\"nonce\":\"SECRET\",\"deviceCredential\":\"SECRET\","
        "\"tokenExpirationDateTime\":\"1970-01-01T00:01:00Z\",\"reason\":\"expired\","
        "\"revokedTokens\":1,\"replacedTokens\":1}";
    for (size_t i = 0; i < WEBHOOK_EVENT_COUNT; i++) {
        struct store_event event = make_event(AUDIT_TOKEN_CREATED, details);
        struct buffer out = {0};
        webhook_payload_write(&out, (enum webhook_event_kind)i, &event);
        buffer_append_byte(&out, '\0');
        assert_null(strstr(out.data, "SECRET"));
        assert_null(strstr(out.data, "192.0.2.7"));
        buffer_free(&out);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_activity_gives_its_events),
        cmocka_unit_test(only_wanted_events_are_given),
        cmocka_unit_test(the_audit_is_asked_only_for_what_is_wanted),
        cmocka_unit_test(every_name_is_found_again),
        cmocka_unit_test(the_two_events_of_a_row_have_ids_of_their_own),
        cmocka_unit_test(a_tokens_event_names_profile_and_expiry),
        cmocka_unit_test(a_profile_is_named_with_its_type),
        cmocka_unit_test(a_devices_event_names_the_device),
        cmocka_unit_test(a_refusal_of_an_unknown_token_is_nobodys),
        cmocka_unit_test(a_payload_holds_nothing_but_what_is_meant_for_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
