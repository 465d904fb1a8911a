/* tenant: over the administration socket in the data directory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command_kit.h"

#define GUID "22222222-3333-4444-5555-666666666666"
#define TENANT                                                                                     \
    "{\"accountId\":\"" GUID "\",\"displayName\":\"Example\",\"licensed\":true,"                   \
    "\"createdDateTime\":\"t\"}"

struct place {
    char directory[32];
    char socket[64];
    struct script_server *server;
};

static int open_place(void **state) {
    struct place *place = calloc(1, sizeof *place);
    assert_non_null(place);
    (void)snprintf(place->directory, sizeof place->directory, "/tmp/muster-cli-XXXXXX");
    assert_non_null(mkdtemp(place->directory));
    (void)snprintf(place->socket, sizeof place->socket, "%s/admin.sock", place->directory);
    place->server = script_server_open(place->socket);
    (void)unsetenv("MUSTER_TOKEN");
    *state = place;
    return setenv("MUSTER_DATA_DIR", place->directory, 1);
}

static int close_place(void **state) {
    struct place *place = *state;
    script_server_close(place->server);
    (void)unlink(place->socket);
    (void)rmdir(place->directory);
    free(place);
    return unsetenv("MUSTER_DATA_DIR");
}

static void a_tenant_is_added_with_a_licence(void **state) {
    struct place *place = *state;
    script_server_answer(place->server, 201, "", TENANT);
    struct outcome outcome = MUSTER("tenant", "add", GUID, "--name", "Example", "-o", "value");
    kit_assert_printed(&outcome, GUID "\n");
    kit_assert_line(place->server, 0, "POST /tenants");
    kit_assert_body(place->server, 0,
                    "{\"accountId\":\"" GUID "\",\"displayName\":\"Example\",\"licensed\":true}");
    assert_null(strstr(script_server_request(place->server, 0), "Authorization"));
}

static void a_tenant_may_be_added_without_name_and_licence(void **state) {
    struct place *place = *state;
    script_server_answer(place->server, 201, "", TENANT);
    struct outcome outcome = MUSTER("tenant", "add", GUID, "--unlicensed", "-o", "json");
    assert_int_equal(outcome.code, COMMAND_DONE);
    kit_assert_body(place->server, 0,
                    "{\"accountId\":\"" GUID "\",\"displayName\":\"\",\"licensed\":false}");
}

static void tenants_are_listed(void **state) {
    struct place *place = *state;
    script_server_answer(place->server, 200, "", "{\"value\":[" TENANT "]}");
    struct outcome outcome = MUSTER("tenant", "list");
    kit_assert_printed(&outcome,
                       "ACCOUNT ID                            LICENSED  CREATED  NAME\n" GUID
                       "  true      t        Example\n");
    kit_assert_line(place->server, 0, "GET /tenants");
}

static void a_licence_is_given_and_taken_away(void **state) {
    struct place *place = *state;
    script_server_answer(place->server, 204, "", "");
    script_server_answer(place->server, 204, "", "");
    struct outcome outcome = MUSTER("tenant", "license", GUID);
    kit_assert_printed(&outcome, "");
    kit_assert_line(place->server, 0, "POST /tenants/" GUID "/license");
    outcome = MUSTER("tenant", "unlicense", "a/b");
    kit_assert_printed(&outcome, "");
    kit_assert_line(place->server, 1, "POST /tenants/a%2Fb/unlicense");
}

static void a_refusal_is_printed_as_graphs_are(void **state) {
    struct place *place = *state;
    script_server_answer(place->server, 409, "request-id: r\r\n",
                         "{\"error\":{\"code\":\"Conflict\",\"message\":\"It is there.\"}}");
    struct outcome outcome = MUSTER("tenant", "add", GUID);
    kit_assert_failed(&outcome, COMMAND_FAILED,
                      "muster: It is there. (409 Conflict, request-id r)\n");
}

static void a_proxy_has_nothing_to_do_with_the_socket(void **state) {
    struct place *place = *state;
    script_server_answer(place->server, 200, "", "{\"value\":[]}");
    assert_int_equal(setenv("http_proxy", "http://127.0.0.1:9", 1), 0);
    struct outcome outcome = MUSTER("tenant", "list", "-o", "value");
    (void)unsetenv("http_proxy");
    kit_assert_printed(&outcome, "");
    kit_assert_line(place->server, 0, "GET /tenants");
}

static void a_socket_that_is_not_there_is_named(void **state) {
    struct place *place = *state;
    struct outcome outcome = MUSTER("tenant", "list", "--data-dir", "/nonexistent");
    kit_assert_failed(&outcome, COMMAND_UNREACHABLE,
                      "muster: /nonexistent/admin.sock cannot be reached: ");
    assert_non_null(strstr(outcome.err, "is muster serve running on this --data-dir?"));
    char longer[200];
    memset(longer, 'd', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    outcome = MUSTER("tenant", "list", "--data-dir", longer);
    kit_assert_failed(&outcome, COMMAND_UNREACHABLE, "muster: ddd");
    assert_int_equal(script_server_count(place->server), 0);
}

static void flags_of_graph_are_none_of_tenants(void **state) {
    (void)state;
    static const char *const flags[] = {"--url=http://h", "--token-file=/t", "--ca-file=/c",
                                        "--beta"};
    for (size_t i = 0; i < COUNT_OF(flags); i++) {
        struct outcome outcome = MUSTER("tenant", "list", flags[i]);
        kit_assert_failed(&outcome, COMMAND_MISUSED, "muster tenant: there is no flag '--");
    }
}

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, open_place, close_place)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_PLACE(a_tenant_is_added_with_a_licence),
        IN_PLACE(a_tenant_may_be_added_without_name_and_licence),
        IN_PLACE(tenants_are_listed),
        IN_PLACE(a_licence_is_given_and_taken_away),
        IN_PLACE(a_refusal_is_printed_as_graphs_are),
        IN_PLACE(a_proxy_has_nothing_to_do_with_the_socket),
        IN_PLACE(a_socket_that_is_not_there_is_named),
        IN_PLACE(flags_of_graph_are_none_of_tenants),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
