/* profile, token and device: what each verb asks for, and what it prints. */
#include <stdlib.h>
#include <string.h>

#include "cli/command_kit.h"

#define PROFILES "/deviceManagement/androidForWorkEnrollmentProfiles"
#define DEVICES "/beta/deviceManagement/managedDevices"
#define LARGEST_PAGE "?$top=999"
#define EVENTS "/v1.0/deviceManagement/auditEvents"
#define PROFILE                                                                                    \
    "{\"id\":\"p1\",\"displayName\":\"Kiosks\",\"description\":null,\"createdDateTime\":\"c\","    \
    "\"lastModifiedDateTime\":\"m\",\"tokenValue\":\"ABC\",\"tokenExpirationDateTime\":\"e\","     \
    "\"enrolledDeviceCount\":3}"
#define OWNERS "/deviceManagement/androidDeviceOwnerEnrollmentProfiles"
#define OWNER                                                                                      \
    "{\"id\":\"o1\",\"displayName\":\"Tills\",\"description\":null,\"createdDateTime\":\"c\","     \
    "\"lastModifiedDateTime\":\"m\",\"tokenValue\":\"ABC\",\"tokenExpirationDateTime\":\"2099-01-" \
    "01T00:00:00Z\","                                                                              \
    "\"enrolledDeviceCount\":3,\"enrollmentMode\":\"corporateOwnedFullyManaged\","                 \
    "\"enrollmentTokenType\":\"default\",\"tokenCreationDateTime\":\"t\","                         \
    "\"enrollmentTokenUsageCount\":2,\"deviceNameTemplate\":null,\"wifiSsid\":\"Setup\","          \
    "\"wifiPassword\":\"secret\"}"
#define DEVICE                                                                                     \
    "{\"id\":\"d1\",\"deviceName\":\"n\",\"serialNumber\":\"s\",\"enrolledDateTime\":\"t\","       \
    "\"deviceRegistrationState\":\"registered\",\"enrollmentProfileName\":\"Kiosks\"}"

static void profiles_are_listed_as_a_table(void **state) {
    script_server_answer(*state, 200, "", "{\"value\":[" PROFILE "]}");
    struct outcome outcome = MUSTER("profile", "list");
    kit_assert_printed(&outcome, "ID  TOKEN EXPIRES  DEVICES  NAME\n"
                                 "p1  e              3        Kiosks\n");
    kit_assert_line(*state, 0, "GET /v1.0" PROFILES LARGEST_PAGE);
}

static void beta_is_a_flag_of_profiles_and_tokens(void **state) {
    script_server_answer(*state, 200, "", "{\"value\":[]}");
    struct outcome outcome = MUSTER("profile", "list", "--beta", "-o", "json");
    kit_assert_printed(&outcome, "[]\n");
    kit_assert_line(*state, 0, "GET /beta" PROFILES LARGEST_PAGE);
    script_server_answer(*state, 204, "", "");
    outcome = MUSTER("token", "revoke", "p1", "--beta");
    kit_assert_printed(&outcome, "");
    kit_assert_line(*state, 1, "POST /beta" PROFILES "/p1/revokeToken");
}

static void a_profile_is_created_with_what_was_given(void **state) {
    script_server_answer(*state, 201, "", PROFILE);
    struct outcome outcome =
        MUSTER("profile", "create", "--name", "Kiosks", "--description", "front", "-o", "value");
    kit_assert_printed(&outcome, "p1\n");
    kit_assert_line(*state, 0, "POST /v1.0" PROFILES);
    kit_assert_body(*state, 0, "{\"displayName\":\"Kiosks\",\"description\":\"front\"}");
}

static void a_profile_needs_a_name(void **state) {
    struct outcome outcome = MUSTER("profile", "create", "--description", "front");
    kit_assert_failed(&outcome, COMMAND_MISUSED,
                      "muster profile: a profile needs a name: give --name");
    assert_int_equal(script_server_count(*state), 0);
}

static void a_profile_is_shown_whole_or_by_one_property(void **state) {
    for (int i = 0; i < 6; i++)
        script_server_answer(*state, 200, "", PROFILE);
    struct outcome outcome = MUSTER("profile", "show", "p1");
    kit_assert_printed(&outcome, "id            p1\n"
                                 "name          Kiosks\n"
                                 "description   \n"
                                 "created       c\n"
                                 "modified      m\n"
                                 "token         ABC\n"
                                 "expires       e\n"
                                 "devices       3\n");
    kit_assert_line(*state, 0, "GET /v1.0" PROFILES "/p1");
    outcome = MUSTER("profile", "show", "p1", "-o", "value");
    kit_assert_printed(&outcome, "p1\n");
    outcome = MUSTER("profile", "show", "p1", "--field", "displayName", "-o", "value");
    kit_assert_printed(&outcome, "Kiosks\n");
    outcome = MUSTER("profile", "show", "p1", "--field", "enrolledDeviceCount");
    kit_assert_printed(&outcome, "3\n");
    outcome = MUSTER("profile", "show", "p1", "--field", "description");
    kit_assert_printed(&outcome, "\n");
    outcome = MUSTER("profile", "show", "p1", "--field", "displayname");
    kit_assert_failed(&outcome, COMMAND_FAILED, "muster: there is no property 'displayname'");
}

static void only_what_was_given_is_changed(void **state) {
    script_server_answer(*state, 200, "", PROFILE);
    struct outcome outcome = MUSTER("profile", "update", "p1", "--description=", "-o", "value");
    kit_assert_printed(&outcome, "p1\n");
    kit_assert_line(*state, 0, "PATCH /v1.0" PROFILES "/p1");
    kit_assert_body(*state, 0, "{\"description\":\"\"}");
    outcome = MUSTER("profile", "update", "p1");
    kit_assert_failed(&outcome, COMMAND_MISUSED,
                      "muster profile: nothing to change: give --name or --description");
    assert_int_equal(script_server_count(*state), 1);
}

static void modes_are_in_the_table_of_device_owners_profiles(void **state) {
    script_server_answer(*state, 200, "", "{\"value\":[" OWNER "]}");
    struct outcome outcome = MUSTER("profile", "list", "--set", "device-owner");
    kit_assert_printed(&outcome,
                       "ID  MODE                        TOKEN EXPIRES         DEVICES  NAME\n"
                       "o1  corporateOwnedFullyManaged  2099-01-01T00:00:00Z  3        Tills\n");
    kit_assert_line(*state, 0, "GET /v1.0" OWNERS LARGEST_PAGE);
    script_server_answer(*state, 200, "", "{\"value\":[" OWNER "]}");
    outcome = MUSTER("token", "list", "--set", "device-owner");
    kit_assert_printed(&outcome,
                       "PROFILE  MODE                        TOKEN EXPIRES         USED  NAME\n"
                       "o1       corporateOwnedFullyManaged  2099-01-01T00:00:00Z  2     Tills\n");
    kit_assert_line(*state, 1, "GET /v1.0" OWNERS LARGEST_PAGE);
}

static void what_only_device_owners_profiles_have_leads_to_their_set(void **state) {
    script_server_answer(*state, 201, "", OWNER);
    struct outcome outcome =
        MUSTER("profile", "create", "--name", "Tills", "--mode", "corporateOwnedFullyManaged",
               "--token-type", "deviceStaging", "--name-template", "T-{{SERIAL}}", "-o", "value");
    kit_assert_printed(&outcome, "o1\n");
    kit_assert_line(*state, 0, "POST /v1.0" OWNERS);
    kit_assert_body(*state, 0,
                    "{\"displayName\":\"Tills\",\"enrollmentMode\":\"corporateOwnedFullyManaged\","
                    "\"enrollmentTokenType\":\"deviceStaging\","
                    "\"deviceNameTemplate\":\"T-{{SERIAL}}\"}");
    outcome = MUSTER("profile", "update", "o1", "--set", "for-work", "--name-template", "x");
    kit_assert_failed(&outcome, COMMAND_MISUSED,
                      "muster profile: --mode, --token-type and --name-template need --set "
                      "device-owner");
    outcome = MUSTER("token", "show", "o1", "--set", "both");
    kit_assert_failed(&outcome, COMMAND_MISUSED,
                      "muster token: --set must be for-work or device-owner");
    assert_int_equal(script_server_count(*state), 1);
}

static void a_device_owners_profile_is_shown_with_what_it_has_more(void **state) {
    script_server_answer(*state, 200, "", OWNER);
    struct outcome outcome = MUSTER("profile", "show", "o1", "--set", "device-owner");
    assert_non_null(strstr(outcome.out, "\nmode          corporateOwnedFullyManaged\n"));
    assert_non_null(strstr(outcome.out, "\ntoken used    2\n"));
    assert_null(strstr(outcome.out, "secret"));
    kit_assert_line(*state, 0, "GET /v1.0" OWNERS "/o1");
    script_server_answer(*state, 204, "", "");
    outcome = MUSTER("token", "revoke", "o1", "--set", "device-owner");
    kit_assert_printed(&outcome, "");
    kit_assert_line(*state, 1, "POST /v1.0" OWNERS "/o1/revokeToken");
    script_server_answer(*state, 204, "", "");
    outcome = MUSTER("profile", "delete", "o1", "--set", "device-owner");
    kit_assert_line(*state, 2, "DELETE /v1.0" OWNERS "/o1");
}

static void a_profile_is_deleted(void **state) {
    script_server_answer(*state, 204, "", "");
    struct outcome outcome = MUSTER("profile", "delete", "p1");
    kit_assert_printed(&outcome, "");
    kit_assert_line(*state, 0, "DELETE /v1.0" PROFILES "/p1");
}

static void an_id_is_one_segment_of_the_path_whatever_it_holds(void **state) {
    static const struct {
        const char *id;
        const char *line;
    } cases[] = {
        {"a/../b", "DELETE /v1.0" PROFILES "/a%2F..%2Fb"},
        {"a?b#c d", "DELETE /v1.0" PROFILES "/a%3Fb%23c%20d"},
        {"..", "DELETE /v1.0" PROFILES "/.."},
        {"\xC3\xB6\n", "DELETE /v1.0" PROFILES "/%C3%B6%0A"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        script_server_answer(*state, 204, "", "");
        struct outcome outcome = MUSTER("profile", "delete", cases[i].id);
        kit_assert_printed(&outcome, "");
        kit_assert_line(*state, i, cases[i].line);
    }
}

static void without_its_id_nothing_is_asked(void **state) {
    static const char *const calls[][4] = {
        {"profile", "show"},   {"profile", "delete", ""}, {"profile", "update", "--name=x"},
        {"token", "create"},   {"token", "revoke", ""},   {"device", "retire"},
        {"device", "show", ""}};
    for (size_t i = 0; i < COUNT_OF(calls); i++) {
        struct outcome outcome = kit_run(calls[i]);
        kit_assert_failed(&outcome, COMMAND_MISUSED, "muster ");
        assert_non_null(strstr(outcome.err, "the id is missing: muster "));
    }
    assert_int_equal(script_server_count(*state), 0);
}

static void a_token_is_created_and_read_back(void **state) {
    script_server_answer(*state, 204, "", "");
    script_server_answer(*state, 200, "", PROFILE);
    struct outcome outcome = MUSTER("token", "create", "p1", "--validity", "15m");
    kit_assert_printed(&outcome, "token         ABC\n"
                                 "expires       e\n"
                                 "profile       Kiosks\n"
                                 "devices       3\n");
    kit_assert_line(*state, 0, "POST /v1.0" PROFILES "/p1/createToken");
    kit_assert_body(*state, 0, "{\"tokenValidityInSeconds\":900}");
    kit_assert_line(*state, 1, "GET /v1.0" PROFILES "/p1");
}

static void a_token_lives_an_hour_unless_said_otherwise(void **state) {
    script_server_answer(*state, 204, "", "");
    script_server_answer(*state, 200, "", PROFILE);
    struct outcome outcome = MUSTER("token", "create", "p1", "-o", "value");
    kit_assert_printed(&outcome, "ABC\n");
    kit_assert_body(*state, 0, "{\"tokenValidityInSeconds\":3600}");
}

static void a_validity_that_is_none_is_wrong_usage(void **state) {
    struct outcome outcome = MUSTER("token", "create", "p1", "--validity", "soon");
    kit_assert_failed(&outcome, COMMAND_MISUSED, "muster token: 'soon' is not a time such as 90s");
    assert_int_equal(script_server_count(*state), 0);
}

static void a_token_that_is_refused_is_not_read(void **state) {
    script_server_answer(*state, 403, "", "{\"error\":{\"code\":\"c\",\"message\":\"m\"}}");
    struct outcome outcome = MUSTER("token", "create", "p1");
    kit_assert_failed(&outcome, COMMAND_FAILED, "muster: m (403 c)\n");
    assert_int_equal(script_server_count(*state), 1);
}

static void a_profile_without_a_live_token_is_a_failure_of_token_show(void **state) {
    script_server_answer(*state, 200, "", PROFILE);
    struct outcome outcome = MUSTER("token", "show", "p1", "-o", "value");
    kit_assert_printed(&outcome, "ABC\n");
    script_server_answer(*state, 200, "", "{\"id\":\"p1\",\"tokenValue\":null}");
    outcome = MUSTER("token", "show", "p1", "-o", "value");
    kit_assert_failed(&outcome, COMMAND_FAILED, "muster: the profile has no live token; make one");
}

static void tokens_are_revoked(void **state) {
    script_server_answer(*state, 204, "", "");
    struct outcome outcome = MUSTER("token", "revoke", "p1");
    kit_assert_printed(&outcome, "");
    kit_assert_line(*state, 0, "POST /v1.0" PROFILES "/p1/revokeToken");
    kit_assert_body(*state, 0, "");
}

static void devices_are_listed_shown_and_retired_under_beta(void **state) {
    script_server_answer(*state, 200, "", "{\"value\":[" DEVICE "]}");
    struct outcome outcome = MUSTER("device", "list");
    kit_assert_printed(&outcome, "ID  ENROLLED  STATE       PROFILE  NAME\n"
                                 "d1  t         registered  Kiosks   n\n");
    kit_assert_line(*state, 0, "GET " DEVICES LARGEST_PAGE);
    script_server_answer(*state, 200, "", DEVICE);
    outcome = MUSTER("device", "show", "d1", "--field", "serialNumber");
    kit_assert_printed(&outcome, "s\n");
    kit_assert_line(*state, 1, "GET " DEVICES "/d1");
    script_server_answer(*state, 204, "", "");
    outcome = MUSTER("device", "retire", "d1");
    kit_assert_printed(&outcome, "");
    kit_assert_line(*state, 2, "POST " DEVICES "/d1/retire");
}

/* What nobody in particular did is said to be of the actor's type. */
static void an_event_without_a_name_for_its_actor_shows_what_kind_it_is(void **state) {
    script_server_answer(*state, 200, "",
                         "{\"value\":[{\"id\":\"e1\",\"actor\":{\"type\":\"System\","
                         "\"userPrincipalName\":null,\"userId\":null},\"resources\":[{}]},"
                         "{\"id\":\"e2\",\"actor\":{\"type\":\"ItPro\",\"userId\":\"u\"}}]}");
    struct outcome outcome = MUSTER("audit", "list", "--limit", "2");
    kit_assert_printed(&outcome, "ID  WHEN  RESULT  WHO     FROM  ACTIVITY  WHAT  WHY\n"
                                 "e1                System                        \n"
                                 "e2                u                             \n");
    kit_assert_line(*state, 0, "GET " EVENTS "?$top=2");
}

#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, kit_open_server, kit_close_server)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_SERVER(profiles_are_listed_as_a_table),
        WITH_SERVER(beta_is_a_flag_of_profiles_and_tokens),
        WITH_SERVER(a_profile_is_created_with_what_was_given),
        WITH_SERVER(a_profile_needs_a_name),
        WITH_SERVER(a_profile_is_shown_whole_or_by_one_property),
        WITH_SERVER(only_what_was_given_is_changed),
        WITH_SERVER(modes_are_in_the_table_of_device_owners_profiles),
        WITH_SERVER(what_only_device_owners_profiles_have_leads_to_their_set),
        WITH_SERVER(a_device_owners_profile_is_shown_with_what_it_has_more),
        WITH_SERVER(a_profile_is_deleted),
        WITH_SERVER(an_id_is_one_segment_of_the_path_whatever_it_holds),
        WITH_SERVER(without_its_id_nothing_is_asked),
        WITH_SERVER(a_token_is_created_and_read_back),
        WITH_SERVER(a_token_lives_an_hour_unless_said_otherwise),
        WITH_SERVER(a_validity_that_is_none_is_wrong_usage),
        WITH_SERVER(a_token_that_is_refused_is_not_read),
        WITH_SERVER(a_profile_without_a_live_token_is_a_failure_of_token_show),
        WITH_SERVER(tokens_are_revoked),
        WITH_SERVER(devices_are_listed_shown_and_retired_under_beta),
        WITH_SERVER(an_event_without_a_name_for_its_actor_shows_what_kind_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
