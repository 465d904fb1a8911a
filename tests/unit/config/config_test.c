/* Flags, environment and file become one struct; what is wrong is said with its place. */
#include "config/config.h"

#include <stdlib.h>
#include <string.h>

#include "config/config_kit.h"

static struct config *load(const char *file, const char *const *environment,
                           const char *const *flags) {
    struct config *config = NULL;
    assert_ok(kit_load(file, environment, flags, &config));
    return config;
}

static void without_anything_there_are_defaults(void **state) {
    (void)state;
    struct config *config = load(NULL, NULL, NULL);
    assert_null(config->file);
    assert_string_equal(config->listen, "127.0.0.1:8080");
    assert_string_equal(config->ops_listen, "127.0.0.1:9090");
    assert_int_equal(config->socket_mode, 0660);
    assert_null(config->tls_certificate);
    assert_null(config->tls_key);
    assert_false(config->dev);
    assert_in_range(config->loops, 1, 64);
    assert_int_equal(config->connections, 20000);
    assert_int_equal(config->log_level, LOG_LEVEL_INFO);
    assert_int_equal(config->log_format, LOG_FORMAT_LOGFMT);
    assert_true(config->access_log);
    assert_int_equal(config->clock_skew_seconds, 60);
    assert_int_equal(config->token_overlap_seconds, 0);
    assert_int_equal(config->token_expiry_warning_seconds, 604800);
    assert_int_equal(config->enroll_refusals_per_minute, 60);
    assert_int_equal(config->audit_retention_days, 400);
    assert_false(config->intune_error_wrapping);
    assert_int_equal(config->issuer_count, 0);
    assert_false(config->wants_help);
    config_free(config);
}

static const char full_file[] = "# every key\n"
                                "[server]\n"
                                "data-dir = /srv/muster\n"
                                "listen = [::]:443\n"
                                "ops-listen = unix:/run/muster/ops\n"
                                "socket-mode = 0666\n"
                                "tls-cert = /etc/tls.pem\n"
                                "tls-key = /etc/tls.key\n"
                                "dev = false\n"
                                "loops = 64\n"
                                "connections = 1000000\n"
                                "store = sqlite\n"
                                "log-level = warning\n"
                                "log-format = json\n"
                                "access-log = false\n"
                                "clock-skew-seconds = 600\n"
                                "token-overlap-seconds = 2592000\n"
                                "token-expiry-warning-seconds = 31536000\n"
                                "enroll-refusals-per-minute = 100000\n"
                                "audit-retention-days = 36500\n"
                                "[graph]\n"
                                "intune-error-wrapping = true ; as Intune does\n";

static void every_key_may_stand_in_the_file(void **state) {
    (void)state;
    struct config *config = load(full_file, NULL, NULL);
    assert_non_null(config->file);
    assert_string_equal(config->data_directory, "/srv/muster");
    assert_string_equal(config->listen, "[::]:443");
    assert_string_equal(config->ops_listen, "unix:/run/muster/ops");
    assert_int_equal(config->socket_mode, 0666);
    assert_string_equal(config->tls_certificate, "/etc/tls.pem");
    assert_string_equal(config->tls_key, "/etc/tls.key");
    assert_false(config->dev);
    assert_int_equal(config->loops, 64);
    assert_int_equal(config->connections, 1000000);
    assert_int_equal(config->log_level, LOG_LEVEL_WARNING);
    assert_int_equal(config->log_format, LOG_FORMAT_JSON);
    assert_false(config->access_log);
    assert_int_equal(config->clock_skew_seconds, 600);
    assert_int_equal(config->token_overlap_seconds, 2592000);
    assert_int_equal(config->token_expiry_warning_seconds, 31536000);
    assert_int_equal(config->enroll_refusals_per_minute, 100000);
    assert_int_equal(config->audit_retention_days, 36500);
    assert_true(config->intune_error_wrapping);
    config_free(config);
}

static void every_key_may_be_a_variable(void **state) {
    (void)state;
    struct config *config =
        load(NULL,
             ENVIRONMENT(
                 "MUSTER_DATA_DIR", "/d", "MUSTER_LISTEN", "localhost:1", "MUSTER_OPS_LISTEN",
                 "127.0.0.1:2", "MUSTER_TLS_CERT", "/c", "MUSTER_TLS_KEY", "/k", "MUSTER_DEV",
                 "true", "MUSTER_LOOPS", "3", "MUSTER_CONNECTIONS", "16", "MUSTER_STORE", "sqlite",
                 "MUSTER_LOG_LEVEL", "debug", "MUSTER_ACCESS_LOG", "false", "MUSTER_LOG_FORMAT",
                 "json", "MUSTER_CLOCK_SKEW_SECONDS", "0", "MUSTER_TOKEN_OVERLAP_SECONDS", "5",
                 "MUSTER_TOKEN_EXPIRY_WARNING_SECONDS", "0", "MUSTER_ENROLL_REFUSALS_PER_MINUTE",
                 "7", "MUSTER_AUDIT_RETENTION_DAYS", "0", "MUSTER_INTUNE_ERROR_WRAPPING", "true"),
             NULL);
    assert_string_equal(config->data_directory, "/d");
    assert_string_equal(config->listen, "localhost:1");
    assert_string_equal(config->ops_listen, "127.0.0.1:2");
    assert_string_equal(config->tls_certificate, "/c");
    assert_string_equal(config->tls_key, "/k");
    assert_true(config->dev);
    assert_int_equal(config->loops, 3);
    assert_int_equal(config->connections, 16);
    assert_int_equal(config->log_level, LOG_LEVEL_DEBUG);
    assert_int_equal(config->log_format, LOG_FORMAT_JSON);
    assert_false(config->access_log);
    assert_int_equal(config->clock_skew_seconds, 0);
    assert_int_equal(config->token_overlap_seconds, 5);
    assert_int_equal(config->token_expiry_warning_seconds, 0);
    assert_int_equal(config->enroll_refusals_per_minute, 7);
    assert_int_equal(config->audit_retention_days, 0);
    assert_true(config->intune_error_wrapping);
    config_free(config);
}

static void every_key_may_be_a_flag(void **state) {
    (void)state;
    struct config *config =
        load(NULL, NULL,
             FLAGS("--data-dir", "/d", "--listen=[::1]:0", "--dev", "--loops", "2",
                   "--log-level=error", "--token-overlap-seconds", "1", "--intune-error-wrapping",
                   "--ops-listen", "127.9.9.9:65535"));
    assert_string_equal(config->data_directory, "/d");
    assert_string_equal(config->listen, "[::1]:0");
    assert_string_equal(config->ops_listen, "127.9.9.9:65535");
    assert_true(config->dev);
    assert_int_equal(config->loops, 2);
    assert_int_equal(config->log_level, LOG_LEVEL_ERROR);
    assert_int_equal(config->token_overlap_seconds, 1);
    assert_true(config->intune_error_wrapping);
    config_free(config);
}

static void
a_flag_wins_over_the_environment_that_over_the_file_that_over_the_default(void **state) {
    (void)state;
    static const char file[] = "[server]\nloops = 2\nlisten = h:2\nlog-level = debug\ndev = true\n";
    struct config *config = load(file, ENVIRONMENT("MUSTER_LOOPS", "3", "MUSTER_LISTEN", "h:3"),
                                 FLAGS("--loops", "4", "--dev=false"));
    assert_int_equal(config->loops, 4);
    assert_string_equal(config->listen, "h:3");
    assert_int_equal(config->log_level, LOG_LEVEL_DEBUG);
    assert_false(config->dev);
    assert_string_equal(config->ops_listen, "127.0.0.1:9090");
    config_free(config);
}

static void whoever_develops_is_not_slowed_unless_they_say_so(void **state) {
    (void)state;
    struct config *config = load(NULL, NULL, FLAGS("--dev"));
    assert_int_equal(config->enroll_refusals_per_minute, 0);
    config_free(config);
    config = load(NULL, NULL, FLAGS("--dev", "--enroll-refusals-per-minute=60"));
    assert_int_equal(config->enroll_refusals_per_minute, 60);
    config_free(config);
}

static void proxies_are_named_by_address_network_or_as_local(void **state) {
    (void)state;
    struct config *config = load(NULL, NULL, FLAGS("--trusted-proxies", "10.0.0.5  ::1/128 local"));
    assert_int_equal(config->trusted_proxy_count, 2);
    assert_int_equal(config->trusted_proxies[0].prefix_bits, 128);
    assert_true(config->trusts_local_proxies);
    config_free(config);
    config = load("[server]\ntrusted-proxies = local\n", NULL,
                  FLAGS("--trusted-proxies=192.168.0.0/16"));
    assert_int_equal(config->trusted_proxy_count, 1);
    assert_false(config->trusts_local_proxies);
    config_free(config);
    config = load(NULL, NULL, NULL);
    assert_int_equal(config->trusted_proxy_count, 0);
    assert_false(config->trusts_local_proxies);
    config_free(config);
    config = load("[server]\ntrusted-proxies = 10.0.0.5 local\ntrusted-proxies = 10.0.0.6\n", NULL,
                  NULL);
    assert_int_equal(config->trusted_proxy_count, 2);
    assert_true(config->trusts_local_proxies);
    config_free(config);
    config = load("[server]\ntrusted-proxies = 10.0.0.5\ntrusted-proxies = local\n",
                  ENVIRONMENT("MUSTER_TRUSTED_PROXIES", "10.0.0.7"), NULL);
    assert_int_equal(config->trusted_proxy_count, 1);
    assert_false(config->trusts_local_proxies);
    config_free(config);
    kit_assert_refused("[server]\ntrusted-proxies = local\ntrusted-proxies = \n", NULL, NULL,
                       "FILE:3: trusted-proxies must be addresses and networks such as 10.0.0.5 "
                       "192.168.7.0/24 parted by blanks, or local, 64 at most; it is ''");
    static const char *const bad[] = {" ", "10.0.0.1/8", "proxy.example.com", "10.0.0.1,10.0.0.2"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct error error = kit_load(NULL, NULL, FLAGS("--trusted-proxies", bad[i]), &config);
        assert_error(error, ERROR_INVALID);
    }
}

static void a_value_that_is_replaced_is_checked_all_the_same(void **state) {
    (void)state;
    static const char file[] = "[server]\nloops = many\n";
    kit_assert_refused(file, NULL, FLAGS("--loops", "2"),
                       "FILE:2: loops must be a whole number from 1 to 64; it is 'many'");
    kit_assert_refused(NULL, ENVIRONMENT("MUSTER_LOOPS", "0"), FLAGS("--loops", "2"),
                       "MUSTER_LOOPS must be a whole number from 1 to 64; it is '0'");
}

static void an_empty_variable_is_not_set(void **state) {
    (void)state;
    struct config *config = load(
        NULL, ENVIRONMENT("MUSTER_LISTEN", "", "MUSTER_TLS_CERT", "", "MUSTER_CONFIG", ""), NULL);
    assert_string_equal(config->listen, "127.0.0.1:8080");
    assert_null(config->tls_certificate);
    config_free(config);
}

static void the_file_may_be_named_by_a_variable(void **state) {
    (void)state;
    kit_assert_refused(NULL, ENVIRONMENT("MUSTER_CONFIG", "/nonexistent/a.ini"), NULL,
                       "/nonexistent/a.ini: the configuration cannot be read: No such file or "
                       "directory");
    struct config *config =
        load("[server]\nloops = 5\n", ENVIRONMENT("MUSTER_CONFIG", "/nonexistent/a.ini"), NULL);
    assert_int_equal(config->loops, 5);
    config_free(config);
}

static char *no_environment(const char *name) {
    (void)name;
    return NULL;
}

static char *data_directory_is_named(const char *name) {
    static char directory[] = "/elsewhere";
    return strcmp(name, "MUSTER_DATA_DIR") == 0 ? directory : NULL;
}

/* Stands in for access() by way of the linker: whether Muster is installed here. */
static bool is_installed;

int __real_access(const char *path, int mode);
int __wrap_access(const char *path, int mode);
int __wrap_access(const char *path, int mode) {
    return is_installed && strcmp(path, "/var/lib/muster") == 0 ? 0 : __real_access(path, mode);
}

static void whoever_develops_leaves_installed_data_alone(void **state) {
    (void)state;
    is_installed = true;
    struct config *config = load(NULL, NULL, NULL);
    assert_string_equal(config->data_directory, "/var/lib/muster");
    config_free(config);
    config = load(NULL, NULL, FLAGS("--dev"));
    assert_string_equal(config->data_directory, "./muster-data");
    config_free(config);
    config = load(NULL, ENVIRONMENT("MUSTER_DATA_DIR", "/elsewhere"), FLAGS("--dev"));
    assert_string_equal(config->data_directory, "/elsewhere");
    config_free(config);
    assert_string_equal(config_development_data_directory(no_environment), "./muster-data");
    assert_string_equal(config_development_data_directory(data_directory_is_named), "/elsewhere");
    is_installed = false;
}

static void the_data_directory_has_one_default_for_server_and_clients(void **state) {
    (void)state;
    assert_string_equal(config_default_data_directory(data_directory_is_named), "/elsewhere");
    const char *directory = config_default_data_directory(no_environment);
    if (strcmp(directory, "/var/lib/muster") != 0)
        assert_string_equal(directory, "./muster-data");
    struct config *config = load(NULL, NULL, NULL);
    assert_string_equal(config->data_directory, directory);
    config_free(config);
}

static void loading_again_gives_a_fresh_configuration(void **state) {
    (void)state;
    struct config *first = load(full_file, NULL, NULL);
    struct config *second = load("[server]\nloops = 2\n", NULL, NULL);
    assert_int_equal(first->loops, 64);
    config_free(first);
    assert_int_equal(second->loops, 2);
    assert_string_equal(second->listen, "127.0.0.1:8080");
    config_free(second);
}

static void help_is_given_whatever_else_is_wrong(void **state) {
    (void)state;
    static const char *const spellings[] = {"--help", "-h"};
    for (size_t i = 0; i < COUNT_OF(spellings); i++) {
        struct config *config =
            load(NULL, ENVIRONMENT("MUSTER_LOOPS", "x", "MUSTER_CONFIG", "/nonexistent/a.ini"),
                 FLAGS("--loops", "0", spellings[i], "--nonsense"));
        assert_true(config->wants_help);
        config_free(config);
    }
}

static void help_lists_every_key(void **state) {
    (void)state;
    static const char *const expected[] = {"--config ",
                                           "--data-dir ",
                                           "--listen ",
                                           "--ops-listen ",
                                           "--socket-mode ",
                                           "--tls-cert ",
                                           "--tls-key ",
                                           "--dev ",
                                           "--loops ",
                                           "--connections ",
                                           "--store ",
                                           "--log-level ",
                                           "--log-format ",
                                           "--access-log ",
                                           "--clock-skew-seconds ",
                                           "--token-overlap-seconds ",
                                           "--token-expiry-warning-seconds ",
                                           "--enroll-refusals-per-minute ",
                                           "--audit-retention-days ",
                                           "--intune-error-wrapping ",
                                           "(127.0.0.1:8080)"};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    config_print_keys(out);
    assert_int_equal(fclose(out), 0);
    for (size_t i = 0; i < COUNT_OF(expected); i++)
        assert_non_null(strstr(text, expected[i]));
    free(text);
}

static void flags_that_are_wrong_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *flags[4];
        const char *message;
    } cases[] = {
        {{"--nonsense"}, "there is no flag '--nonsense'; see muster serve --help"},
        {{"--"}, "there is no flag '--'; see muster serve --help"},
        {{"--listen-to=x"}, "there is no flag '--listen-to'; see muster serve --help"},
        {{"listen"}, "unexpected argument 'listen'; see muster serve --help"},
        {{"-d"}, "unexpected argument '-d'; see muster serve --help"},
        {{""}, "unexpected argument ''; see muster serve --help"},
        {{"--data-dir"}, "'--data-dir' needs a value: a path"},
        {{"--data-dir="}, "'--data-dir' needs a value: a path"},
        {{"--data-dir", "--dev"}, "'--data-dir' needs a value: a path"},
        {{"--config"}, "'--config' needs a value: a path"},
        {{"--config=/a", "--config=/b"}, "--config is given twice"},
        {{"--dev", "--dev"}, "--dev is given twice"},
        {{"--loops=2", "--loops=2"}, "--loops is given twice"},
        {{"--dev=yes"}, "--dev must be true or false; it is 'yes'"},
        {{"--log-level=loud"}, "--log-level must be debug, info, warning or error; it is 'loud'"},
        {{"--socket-mode=0640"}, "--socket-mode must be 0600, 0660 or 0666; it is '0640'"},
        {{"--log-format=xml"}, "--log-format must be logfmt or json; it is 'xml'"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        kit_assert_refused(NULL, NULL, cases[i].flags, cases[i].message);
}

static void a_flag_that_is_endless_is_only_unknown(void **state) {
    (void)state;
    static char flag[100000];
    memset(flag, 'x', sizeof flag - 1);
    memcpy(flag, "--loops", 7);
    struct config *config = NULL;
    assert_error(kit_load(NULL, NULL, FLAGS(flag), &config), ERROR_INVALID);
}

static void numbers_have_limits_and_nothing_around_them(void **state) {
    (void)state;
    static const struct {
        const char *flag;
        const char *limits;
        const char *values[12];
    } cases[] = {
        {"--loops",
         "a whole number from 1 to 64",
         {"0", "65", "-1", "+2", " 2", "2 ", "2.0", "0x2", "two", "99999999999999999999", "1e1"}},
        {"--connections", "a whole number from 16 to 1000000", {"15", "1000001"}},
        {"--clock-skew-seconds", "a whole number from 0 to 600", {"-1", "601", "60s"}},
        {"--token-overlap-seconds",
         "a whole number from 0 to 2592000",
         {"-1", "2592001", "4294967297"}},
        {"--token-expiry-warning-seconds",
         "a whole number from 0 to 31536000",
         {"-1", "31536001", "7d"}},
        {"--enroll-refusals-per-minute",
         "a whole number from 0 to 100000",
         {"-1", "100001", "off"}},
        {"--audit-retention-days", "a whole number from 0 to 36500", {"-1", "36501", "1y"}},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        for (size_t k = 0; cases[i].values[k] != NULL; k++) {
            char flag[64];
            char message[200];
            (void)snprintf(flag, sizeof flag, "%s=%s", cases[i].flag, cases[i].values[k]);
            (void)snprintf(message, sizeof message, "%s must be %s; it is '%s'", cases[i].flag,
                           cases[i].limits, cases[i].values[k]);
            kit_assert_refused(NULL, NULL, FLAGS(flag), message);
        }
    }
}

static void addresses_have_a_host_and_a_port(void **state) {
    (void)state;
    static const char *const good[] = {"0.0.0.0:1",        "example.org:443", "[::]:0",
                                       "[fe80::1%eth0]:1", "unix:/run/x",     "h:65535"};
    static const char *const bad[] = {
        "8080",    ":8080", "h:",     "h:65536", "h:-1",     "h:+1",        "::1:80",     "[]:80",
        "[::1]80", "unix:", "a b:80", "h:80:",   "h:000080", "http://h:80", "[::1]:80]:1"};
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        struct config *config = load(NULL, NULL, FLAGS("--listen", good[i]));
        assert_string_equal(config->listen, good[i]);
        config_free(config);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        char message[200];
        (void)snprintf(message, sizeof message,
                       "--listen must be HOST:PORT, [IPV6]:PORT or unix:/PATH; it is '%s'", bad[i]);
        kit_assert_refused(NULL, NULL, FLAGS("--listen", bad[i]), message);
    }
}

static void a_store_that_is_not_known_is_refused_without_its_password(void **state) {
    (void)state;
    static const char message[] = "--store must be sqlite, the only engine so far";
    kit_assert_refused(NULL, NULL, FLAGS("--store", "postgres://user:secret@db/x"), message);
    kit_assert_refused(NULL, NULL, FLAGS("--store=SQLITE"), message);
    kit_assert_refused("[server]\nstore = postgres://user:secret@db/x\n", NULL, NULL,
                       "FILE:2: store must be sqlite, the only engine so far");
}

static void a_certificate_needs_its_key_and_the_other_way_round(void **state) {
    (void)state;
    static const char message[] = "tls-cert and tls-key belong together: give both";
    kit_assert_refused(NULL, NULL, FLAGS("--tls-cert", "/c"), message);
    kit_assert_refused("[server]\ntls-key = /k\n", NULL, NULL, message);
    struct config *config = load("[server]\ntls-key = /k\n", NULL, FLAGS("--tls-cert", "/c"));
    config_free(config);
}

static void dev_may_have_a_certificate(void **state) {
    (void)state;
    struct config *config = load(NULL, NULL, FLAGS("--dev", "--tls-cert=/c", "--tls-key=/k"));
    assert_true(config->dev);
    config_free(config);
}

static void dev_needs_a_port_above_for_https(void **state) {
    (void)state;
    static const char *const without[] = {"unix:/run/x", "127.0.0.1:65535"};
    for (size_t i = 0; i < COUNT_OF(without); i++) {
        struct config *config = NULL;
        struct error error = kit_load(NULL, NULL, FLAGS("--dev", "--listen", without[i]), &config);
        assert_int_equal(error.code, ERROR_INVALID);
        assert_non_null(strstr(error.message, "up to 65534"));
        config_free(load(NULL, NULL, FLAGS("--listen", without[i])));
    }
    config_free(load(NULL, NULL, FLAGS("--dev", "--listen", "127.0.0.1:65534")));
}

static void dev_listens_on_loopback_only(void **state) {
    (void)state;
    static const char *const loopback[] = {"127.0.0.1:1", "127.255.255.254:1", "[::1]:1",
                                           "[0:0::1]:1",  "localhost:1",       "LOCALHOST:1",
                                           "unix:/run/x"};
    static const char *const elsewhere[] = {"0.0.0.0:1",
                                            "[::]:1",
                                            "192.0.2.1:1",
                                            "128.0.0.1:1",
                                            "127.example.org:1",
                                            "localhost.example.org:1",
                                            "[::ffff:192.0.2.1]:1",
                                            "[::2]:1",
                                            "126.0.0.1:1",
                                            "[localhost]:1",
                                            "*:1",
                                            "[127.0.0.1]:1"};
    static const char *const names[] = {"--listen", "--ops-listen"};
    for (size_t name = 0; name < COUNT_OF(names); name++) {
        for (size_t i = 0; i < COUNT_OF(loopback); i++)
            config_free(
                load(NULL, NULL,
                     FLAGS("--dev", "--tls-cert=/c", "--tls-key=/k", names[name], loopback[i])));
        for (size_t i = 0; i < COUNT_OF(elsewhere); i++) {
            struct config *config = NULL;
            struct error error =
                kit_load(NULL, NULL, FLAGS("--dev", names[name], elsewhere[i]), &config);
            assert_int_equal(error.code, ERROR_INVALID);
            assert_string_equal(error.target, names[name] + 2);
            assert_non_null(strstr(error.message, "loopback only"));
            assert_non_null(strstr(error.message, elsewhere[i]));
            config_free(load(NULL, NULL, FLAGS(names[name], elsewhere[i])));
        }
    }
}

static void a_configuration_that_was_changed_can_be_checked_again(void **state) {
    (void)state;
    struct config *config = load(NULL, NULL, NULL);
    assert_ok(config_check(config));
    config->listen = "0.0.0.0:80";
    assert_ok(config_check(config));
    config->dev = true;
    assert_error(config_check(config), ERROR_INVALID);
    config->listen = "127.0.0.1:80";
    assert_ok(config_check(config));
    config->tls_key = "/k";
    assert_error(config_check(config), ERROR_INVALID);
    config_free(config);
}

static void freeing_nothing_is_allowed(void **state) {
    (void)state;
    config_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_anything_there_are_defaults),
        cmocka_unit_test(every_key_may_stand_in_the_file),
        cmocka_unit_test(every_key_may_be_a_variable),
        cmocka_unit_test(every_key_may_be_a_flag),
        cmocka_unit_test(a_flag_wins_over_the_environment_that_over_the_file_that_over_the_default),
        cmocka_unit_test(whoever_develops_is_not_slowed_unless_they_say_so),
        cmocka_unit_test(proxies_are_named_by_address_network_or_as_local),
        cmocka_unit_test(a_value_that_is_replaced_is_checked_all_the_same),
        cmocka_unit_test(an_empty_variable_is_not_set),
        cmocka_unit_test(the_file_may_be_named_by_a_variable),
        cmocka_unit_test(whoever_develops_leaves_installed_data_alone),
        cmocka_unit_test(the_data_directory_has_one_default_for_server_and_clients),
        cmocka_unit_test(loading_again_gives_a_fresh_configuration),
        cmocka_unit_test(help_is_given_whatever_else_is_wrong),
        cmocka_unit_test(help_lists_every_key),
        cmocka_unit_test(flags_that_are_wrong_are_refused),
        cmocka_unit_test(a_flag_that_is_endless_is_only_unknown),
        cmocka_unit_test(numbers_have_limits_and_nothing_around_them),
        cmocka_unit_test(addresses_have_a_host_and_a_port),
        cmocka_unit_test(a_store_that_is_not_known_is_refused_without_its_password),
        cmocka_unit_test(a_certificate_needs_its_key_and_the_other_way_round),
        cmocka_unit_test(dev_may_have_a_certificate),
        cmocka_unit_test(dev_needs_a_port_above_for_https),
        cmocka_unit_test(dev_listens_on_loopback_only),
        cmocka_unit_test(a_configuration_that_was_changed_can_be_checked_again),
        cmocka_unit_test(freeing_nothing_is_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
