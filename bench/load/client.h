/* What the load programs share: a file of requests, connections, and ends of answers. */
#ifndef MUSTER_BENCH_CLIENT_H
#define MUSTER_BENCH_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct client_request {
    const char *bytes;
    size_t length;
};

/* Whole requests, of HTTP or of Redis, as they go over the wire, parted by NUL bytes. */
struct client_requests {
    char *text;
    struct client_request *list;
    size_t count;
};

/* Ends the program with a message when the file cannot be read or holds no request. */
struct client_requests client_read_requests(const char *path);

void client_free_requests(struct client_requests *requests);

/* A blocking connection to 127.0.0.1; ends the program with a message when it is refused. */
int client_connect(const char *port);

/* Sends one whole request; ends the program when the kernel takes less. */
void client_send(int descriptor, const struct client_request *request);

/* Takes what there is of the answer to the request. True once it is there as a whole; ends the
 * program when it is anything but HTTP's 204, or Redis's +OK. */
bool client_receive(int descriptor, const struct client_request *request);

/* A whole number from the command line; ends the program when it is none, or below at_least. */
long client_number(const char *what, const char *text, long at_least);

/* Of the monotonic clock. */
int64_t client_nanoseconds(void);

#endif
