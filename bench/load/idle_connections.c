/* Opens connections, uses each once, and keeps them open until its standard input ends. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "client.h"

#define BESIDE_CONNECTIONS 16
#define SECONDS_AT_MOST 600

/* The superuser may also raise the hard limit; everybody else gets as near as allowed. */
static void raise_file_limit(rlim_t wanted) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        err(EXIT_FAILURE, "the limit of open files");
    if (limit.rlim_cur >= wanted)
        return;
    struct rlimit raised = {wanted, limit.rlim_max > wanted ? limit.rlim_max : wanted};
    if (setrlimit(RLIMIT_NOFILE, &raised) != 0)
        err(EXIT_FAILURE, "the limit of open files cannot be raised to %lu", (unsigned long)wanted);
}

int main(int argument_count, char **arguments) {
    if (argument_count != 4)
        errx(EXIT_FAILURE, "usage: idle_connections PORT REQUESTS COUNT");
    struct client_requests requests = client_read_requests(arguments[2]);
    size_t count = (size_t)client_number("the count", arguments[3], 1);
    raise_file_limit(count + BESIDE_CONNECTIONS);
    (void)alarm(SECONDS_AT_MOST);
    for (size_t i = 0; i < count; i++) {
        int descriptor = client_connect(arguments[1]);
        const struct client_request *request = &requests.list[i % requests.count];
        client_send(descriptor, request);
        while (!client_receive(descriptor, request))
            ;
    }
    client_free_requests(&requests);
    (void)puts("open");
    (void)fflush(stdout);
    char byte;
    while (read(STDIN_FILENO, &byte, 1) > 0)
        ;
    return EXIT_SUCCESS;
}
