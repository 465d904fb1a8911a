/* HTTP for client commands, by libcurl: to a server by MUSTER_URL, or to the administration socket.
 * The bearer token goes to that one server and nowhere else: redirections are not followed, links
 * are asked for at the client's own address. One thread. */
#ifndef MUSTER_CLI_CLIENT_H
#define MUSTER_CLI_CLIENT_H

#include <jansson.h>

#include "base/arena.h"
#include "base/error.h"

struct client_options {
    const char *url;        /* NULL: MUSTER_URL, else http://127.0.0.1:8080 */
    const char *token_file; /* NULL: MUSTER_TOKEN */
    const char *ca_file;    /* in the system's place; NULL: MUSTER_CA_FILE, else the system's */
};

struct client {
    struct arena arena;
    const char *url;
    const char *ca_file;
    const char *socket;         /* of the administration; NULL over TCP */
    struct slice authorization; /* the header's line; wiped at the end */
    const char *prefer;         /* a Prefer header's line; NULL: none */
};

struct client_response {
    long status;
    json_t *body; /* NULL when there is none or it is not JSON */
    char request_id[64];
};

/* Reads variables and the token file. Ends with client_close, also after an error. */
struct error client_open(struct client *client, const struct client_options *options) MUST_CHECK;

/* For the administration socket in a data directory. */
void client_open_socket(struct client *client, const char *data_directory);

void client_close(struct client *client);

/* Sends one request; path begins with '/'. body may be NULL. When the server throttles (429 with a
 * Retry-After of a minute at most), waits and tries again, three times, and says so on standard
 * error. Returns COMMAND_DONE for a status of 2xx; otherwise prints what is wrong on standard error
 * and returns COMMAND_FAILED, COMMAND_MISUSED or COMMAND_UNREACHABLE. The caller ends
 * response->body with json_decref. */
int client_request(struct client *client, const char *method, const char *path, const json_t *body,
                   struct client_response *response);

/* The same for what must be answered with a JSON object: anything else is COMMAND_FAILED. The
 * caller ends *object with json_decref; it is NULL after a failure. */
int client_request_object(struct client *client, const char *method, const char *path,
                          const json_t *body, json_t **object);

/* The path of a link that the server gave, whatever host it names: a proxy may have another name
 * than the server behind it. NULL when it is not a link. Lives as long as link or client. */
const char *client_link_path(const struct client *client, const char *link);

#endif
