/* Runs a command in the test's own process, with what it prints caught. */
#ifndef MUSTER_TESTS_UNIT_CLI_COMMAND_KIT_H
#define MUSTER_TESTS_UNIT_CLI_COMMAND_KIT_H

#include "cli/commands.h"
#include "cli/script_server.h"
#include "test.h"

#define KIT_TOKEN "eyJ.secret-of-the-test.sig"

struct outcome {
    int code;
    char out[16384];
    char err[4096];
};

/* A server, and MUSTER_URL and MUSTER_TOKEN that lead to it; for setup and teardown of a test,
 * whose state is then the struct script_server. */
int kit_open_server(void **state);
int kit_close_server(void **state);

/* Runs "muster ..." with arguments that are ended by NULL. */
#define MUSTER(...) kit_run((const char *const[]){__VA_ARGS__, NULL})
struct outcome kit_run(const char *const *arguments);

/* The same with standard output going to a device that is full. */
struct outcome kit_run_on_full_device(const char *const *arguments);

/* Fails unless the request begins with this line, "GET /path". */
void kit_assert_line(struct script_server *server, size_t number, const char *line);

/* Fails unless the request's body is this text. */
void kit_assert_body(struct script_server *server, size_t number, const char *body);

/* Fails unless the command failed with that code and a message that begins so, printed nothing
 * else, and did not repeat the bearer token. */
void kit_assert_failed(const struct outcome *outcome, int code, const char *message);

/* Fails unless it is COMMAND_DONE with exactly this output and no message. */
void kit_assert_printed(const struct outcome *outcome, const char *out);

#endif
