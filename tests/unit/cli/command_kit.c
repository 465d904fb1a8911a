#include "cli/command_kit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define ARGUMENTS_AT_MOST 16

int kit_open_server(void **state) {
    struct script_server *server = script_server_open(NULL);
    *state = server;
    (void)unsetenv("MUSTER_CA_FILE");
    (void)unsetenv("MUSTER_DATA_DIR");
    (void)unsetenv("http_proxy");
    return setenv("MUSTER_URL", script_server_url(server), 1) |
           setenv("MUSTER_TOKEN", KIT_TOKEN, 1);
}

int kit_close_server(void **state) {
    script_server_close(*state);
    return unsetenv("MUSTER_URL") | unsetenv("MUSTER_TOKEN");
}

/* Puts the file into the place of stream's descriptor; returns what was there. */
static int redirect(FILE *stream, int file) {
    assert_int_equal(fflush(stream), 0);
    int kept = dup(fileno(stream));
    assert_true(kept >= 0 && dup2(file, fileno(stream)) >= 0);
    return kept;
}

static void restore(FILE *stream, int kept) {
    (void)fflush(stream);
    clearerr(stream);
    assert_true(dup2(kept, fileno(stream)) >= 0);
    (void)close(kept);
}

static void read_back(int file, char *text, size_t size) {
    ssize_t length = pread(file, text, size - 1, 0);
    text[length < 0 ? 0 : length] = '\0';
    (void)close(file);
}

static struct outcome run(const char *const *arguments, int out) {
    struct outcome outcome = {0};
    char *copies[ARGUMENTS_AT_MOST + 1] = {NULL};
    int count = 0;
    for (; arguments[count] != NULL; count++) {
        assert_true(count < ARGUMENTS_AT_MOST);
        copies[count] = strdup(arguments[count]);
    }
    int err = memfd_create("err", MFD_CLOEXEC);
    int kept_out = redirect(stdout, out);
    int kept_err = redirect(stderr, err);
    outcome.code = commands_run(count, copies);
    restore(stdout, kept_out);
    restore(stderr, kept_err);
    read_back(out, outcome.out, sizeof outcome.out);
    read_back(err, outcome.err, sizeof outcome.err);
    for (int i = 0; i < count; i++)
        free(copies[i]);
    return outcome;
}

struct outcome kit_run(const char *const *arguments) {
    return run(arguments, memfd_create("out", MFD_CLOEXEC));
}

struct outcome kit_run_on_full_device(const char *const *arguments) {
    return run(arguments, open("/dev/full", O_WRONLY | O_CLOEXEC));
}

void kit_assert_line(struct script_server *server, size_t number, const char *line) {
    const char *request = script_server_request(server, number);
    char expected[512];
    (void)snprintf(expected, sizeof expected, "%s HTTP/1.1\r\n", line);
    if (strncmp(request, expected, strlen(expected)) != 0)
        fail_msg("%.*s instead of %s", (int)strcspn(request, "\r"), request, line);
}

void kit_assert_body(struct script_server *server, size_t number, const char *body) {
    const char *start = strstr(script_server_request(server, number), "\r\n\r\n");
    assert_non_null(start);
    assert_string_equal(start + 4, body);
}

void kit_assert_failed(const struct outcome *outcome, int code, const char *message) {
    if (outcome->code != code || strncmp(outcome->err, message, strlen(message)) != 0)
        fail_msg("code %d, \"%s\" instead of %d, \"%s\"", outcome->code, outcome->err, code,
                 message);
    assert_string_equal(outcome->out, "");
    assert_null(strstr(outcome->err, "secret"));
}

void kit_assert_printed(const struct outcome *outcome, const char *out) {
    assert_string_equal(outcome->err, "");
    assert_string_equal(outcome->out, out);
    assert_int_equal(outcome->code, COMMAND_DONE);
}
