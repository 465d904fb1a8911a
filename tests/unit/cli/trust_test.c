/* Whose certificates client commands believe: what they tell libcurl, which does the checking. The
 * linker puts a function of this file in front of curl_easy_setopt (-Wl,--wrap), because a test
 * cannot make its own CA one of the system's. */
#include <curl/curl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/command_kit.h"

#define LIST "profile", "list", "-o", "value"
#define UNTOUCHED "as libcurl has it"
#define NONE "none"

static char file[64];
static char directory[64];
static bool is_checked;

static void note(char text[static 64], const char *value) {
    (void)snprintf(text, 64, "%s", value == NULL ? NONE : value);
}

CURLcode __real_curl_easy_setopt(CURL *curl, CURLoption option, ...);
CURLcode __wrap_curl_easy_setopt(CURL *curl, CURLoption option, ...);

/* Every option of ours is a long or a pointer, which travel alike. */
CURLcode __wrap_curl_easy_setopt(CURL *curl, CURLoption option, ...) {
    va_list arguments;
    va_start(arguments, option);
    void *value = va_arg(arguments, void *);
    va_end(arguments);
    if (option == CURLOPT_CAINFO)
        note(file, value);
    if (option == CURLOPT_CAPATH)
        note(directory, value);
    if (option == CURLOPT_SSL_VERIFYPEER || option == CURLOPT_SSL_VERIFYHOST)
        is_checked = value != NULL;
    return __real_curl_easy_setopt(curl, option, value);
}

static int open_server(void **state) {
    note(file, UNTOUCHED);
    note(directory, UNTOUCHED);
    is_checked = true; /* as libcurl has it */
    return kit_open_server(state);
}

static void without_a_ca_file_the_systems_cas_count(void **state) {
    script_server_answer(*state, 200, "", "{\"value\":[]}");
    struct outcome outcome = MUSTER(LIST);
    kit_assert_printed(&outcome, "");
    assert_string_equal(file, UNTOUCHED);
    assert_string_equal(directory, UNTOUCHED);
    assert_true(is_checked);
}

/* Beside the system's, a certificate of any public CA would get the bearer token. */
static void a_ca_file_takes_the_place_of_the_systems_cas(void **state) {
    char url[128];
    (void)snprintf(url, sizeof url, "https%s", strchr(script_server_url(*state), ':'));
    struct outcome outcome = MUSTER(LIST, "--url", url, "--ca-file", "/nonexistent/ca.pem");
    kit_assert_failed(&outcome, COMMAND_FAILED, "muster: /nonexistent/ca.pem: not a PEM file");
    assert_string_equal(file, "/nonexistent/ca.pem");
    assert_string_equal(directory, NONE);
    assert_true(is_checked);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(without_a_ca_file_the_systems_cas_count, open_server,
                                        kit_close_server),
        cmocka_unit_test_setup_teardown(a_ca_file_takes_the_place_of_the_systems_cas, open_server,
                                        kit_close_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
