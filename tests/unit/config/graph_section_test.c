/* How much may be called, and from whose pages. */
#include "config_kit.h"
#include "test.h"

static struct config *load(const char *file, const char *const *flags) {
    struct config *config = NULL;
    assert_ok(kit_load(file, NULL, flags, &config));
    return config;
}

static void calls_are_limited_as_intune_does_but_not_with_dev(void **state) {
    (void)state;
    struct config *config = load(NULL, NULL);
    assert_int_equal(config->throttle_span_seconds, 20);
    assert_int_equal(config->throttle_calls_per_tenant, 2000);
    assert_int_equal(config->throttle_calls_per_application, 1000);
    assert_int_equal(config->throttle_changes_per_tenant, 200);
    assert_int_equal(config->throttle_changes_per_application, 100);
    config_free(config);
    config = load("[graph]\nthrottle-calls-per-tenant = 7\n",
                  FLAGS("--dev", "--throttle-changes-per-app=100"));
    assert_int_equal(config->throttle_calls_per_tenant, 7);
    assert_int_equal(config->throttle_calls_per_application, 0);
    assert_int_equal(config->throttle_changes_per_tenant, 0);
    assert_int_equal(config->throttle_changes_per_application, 100);
    config_free(config);
    kit_assert_refused("[graph]\nthrottle-span-seconds = 0\n", NULL, NULL,
                       "FILE:2: throttle-span-seconds must be a whole number from 1 to 3600; it "
                       "is '0'");
}

static void no_page_may_call_unless_its_origin_is_named(void **state) {
    (void)state;
    static const char *const good[] = {"*", "https://portal.example.com", "http://[::1]:3000",
                                       "  https://a.example  http://localhost:5173 "};
    static const char *const bad[] = {" ",
                                      "portal.example.com",
                                      "https://",
                                      "https://a/",
                                      "https://a.example,*",
                                      "* https://a.example",
                                      "https://A.example",
                                      "null",
                                      "ftp://a.example"};
    struct config *config = load(NULL, NULL);
    assert_null(config->cors_origins);
    config_free(config);
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        config = load(NULL, FLAGS("--cors-origins", good[i]));
        assert_string_equal(config->cors_origins, good[i]);
        config_free(config);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct error error = kit_load(NULL, NULL, FLAGS("--cors-origins", bad[i]), &config);
        assert_error(error, ERROR_INVALID);
        assert_non_null(strstr(error.message, "--cors-origins must be origins such as"));
    }
}

static void origins_may_be_given_several_times_by_one_source(void **state) {
    (void)state;
    static const char file[] = "[graph]\ncors-origins = https://a.example\n"
                               "cors-origins = https://b.example  https://c.example\n";
    struct config *config = load(file, NULL);
    assert_string_equal(config->cors_origins,
                        "https://a.example https://b.example  https://c.example");
    config_free(config);
    /* A stronger source takes the place of all. */
    config = load(file, FLAGS("--cors-origins", "https://d.example"));
    assert_string_equal(config->cors_origins, "https://d.example");
    config_free(config);
    config =
        load(NULL, FLAGS("--cors-origins=https://d.example", "--cors-origins=https://e.example"));
    assert_string_equal(config->cors_origins, "https://d.example https://e.example");
    config_free(config);
    kit_assert_refused("[graph]\ncors-origins = https://a.example\ncors-origins = *\n", NULL, NULL,
                       "FILE:3: cors-origins must be origins such as https://portal.example.com "
                       "parted by blanks, or * alone; it is '*'");
    kit_assert_refused("[graph]\ncors-origins = *\ncors-origins = https://a.example\n", NULL, NULL,
                       "FILE:3: cors-origins must be origins such as https://portal.example.com "
                       "parted by blanks, or * alone; it is 'https://a.example'");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_are_limited_as_intune_does_but_not_with_dev),
        cmocka_unit_test(no_page_may_call_unless_its_origin_is_named),
        cmocka_unit_test(origins_may_be_given_several_times_by_one_source),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
