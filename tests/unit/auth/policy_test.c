#include "auth/policy.h"

#include "test.h"

#define READ PERMISSION_CONFIGURATION_READ
#define READ_WRITE PERMISSION_CONFIGURATION_READ_WRITE
#define DELEGATED PRINCIPAL_DELEGATED
#define APPLICATION PRINCIPAL_APPLICATION
#define LACKS_READ                                                                                 \
    "Application is not authorized to perform this operation. Application must have one of the "   \
    "following scopes: DeviceManagementConfiguration.Read.All, "                                   \
    "DeviceManagementConfiguration.ReadWrite.All"
#define LACKS_WRITE                                                                                \
    "Application is not authorized to perform this operation. Application must have one of the "   \
    "following scopes: DeviceManagementConfiguration.ReadWrite.All"
#define PERSONAL                                                                                   \
    "Personal Microsoft accounts are not supported for this operation. Sign in with a work or "    \
    "school account."
#define APP_ONLY                                                                                   \
    "The operation was called in app only context but does not have application permissions "      \
    "configured. "
#define USE_BETA APP_ONLY "Call it under /beta, or sign in with a work or school account."
#define SIGN_IN APP_ONLY "Sign in with a work or school account."

static const struct policy_requirement reading = {
    .any_of = READ | READ_WRITE, .application_on_v1_0 = false, .application_on_beta = true};
static const struct policy_requirement writing = {
    .any_of = READ_WRITE, .application_on_v1_0 = false, .application_on_beta = true};
static const struct policy_requirement users_only = {.any_of = READ_WRITE};
static const struct policy_requirement everybody = {
    .any_of = READ_WRITE, .application_on_v1_0 = true, .application_on_beta = true};

static const struct {
    enum principal_kind kind;
    bool personal;
    unsigned permissions;
    const struct policy_requirement *requirement;
    enum graph_version version;
    const char *refusal; /* NULL: allowed */
} table[] = {
    {DELEGATED, false, READ_WRITE, &writing, GRAPH_V1_0, NULL},
    {DELEGATED, false, READ_WRITE, &writing, GRAPH_BETA, NULL},
    {DELEGATED, false, READ_WRITE, &reading, GRAPH_V1_0, NULL},
    {DELEGATED, false, READ, &reading, GRAPH_V1_0, NULL},
    {DELEGATED, false, READ, &writing, GRAPH_V1_0, LACKS_WRITE},
    {DELEGATED, false, 0, &reading, GRAPH_V1_0, LACKS_READ},
    {DELEGATED, false, PERMISSION_APPS_READ_WRITE, &reading, GRAPH_BETA, LACKS_READ},
    {DELEGATED, false, READ_WRITE, &users_only, GRAPH_BETA, NULL},
    {DELEGATED, true, READ_WRITE, &writing, GRAPH_V1_0, PERSONAL},
    {DELEGATED, true, READ_WRITE, &reading, GRAPH_BETA, PERSONAL},
    {APPLICATION, false, READ_WRITE, &writing, GRAPH_V1_0, USE_BETA},
    {APPLICATION, false, READ_WRITE, &writing, GRAPH_BETA, NULL},
    {APPLICATION, false, READ, &writing, GRAPH_BETA, LACKS_WRITE},
    {APPLICATION, false, READ, &reading, GRAPH_BETA, NULL},
    {APPLICATION, false, 0, &reading, GRAPH_BETA, LACKS_READ},
    {APPLICATION, false, READ_WRITE, &users_only, GRAPH_V1_0, SIGN_IN},
    {APPLICATION, false, READ_WRITE, &users_only, GRAPH_BETA, SIGN_IN},
    {APPLICATION, false, READ_WRITE, &everybody, GRAPH_V1_0, NULL},
};

static void the_permission_table_holds_line_by_line(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        const struct principal principal = {.kind = table[i].kind,
                                            .personal = table[i].personal,
                                            .permissions = table[i].permissions};
        struct error error = policy_check(&principal, table[i].requirement, table[i].version);
        if (table[i].refusal == NULL) {
            assert_ok(error);
            continue;
        }
        assert_int_equal(error.code, ERROR_FORBIDDEN);
        assert_string_equal(error.message, table[i].refusal);
    }
}

static void all_permissions_fit_into_one_sentence(void **state) {
    (void)state;
    const struct principal nobody = {.kind = DELEGATED};
    const struct policy_requirement any = {.any_of = (1U << PERMISSION_COUNT) - 1};
    struct error error = policy_check(&nobody, &any, GRAPH_V1_0);
    assert_non_null(strstr(error.message, permission_name(PERMISSION_APPS_READ_WRITE)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_permission_table_holds_line_by_line),
        cmocka_unit_test(all_permissions_fit_into_one_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
