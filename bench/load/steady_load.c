/* Sends requests at a fixed rate, whether answers come or not, and tells how long each took from
 * the instant at which it was due. A server that falls behind cannot hide it: a request that finds
 * no free connection waits, and its wait counts. The first second, in which connections, caches and
 * schedulers find their ways, is sent as well, but not counted. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "client.h"

#define SECOND 1000000000
#define GRACE_SECONDS 10
#define WARM_UP_SECONDS 1
#define EVENTS_AT_ONCE 256

struct connection {
    int descriptor;
    size_t number; /* of the request */
};

struct load {
    struct client_requests requests;
    struct connection *connections;
    size_t connection_count;
    size_t *idle; /* a stack of indexes */
    size_t idle_count;
    int poll;
    int64_t start;
    double interval; /* nanoseconds */
    size_t total;
    size_t warm_up; /* how many of them come first, and do not count */
    size_t sent;
    size_t answered;
    int64_t *latencies; /* nanoseconds, of those that count, in order of completion */
    size_t counted;
};

static int64_t due_at(const struct load *load, size_t index) {
    return load->start + (int64_t)((double)index * load->interval);
}

static void open_connections(struct load *load, const char *port) {
    load->poll = epoll_create1(EPOLL_CLOEXEC);
    if (load->poll < 0)
        err(EXIT_FAILURE, "epoll");
    for (size_t i = 0; i < load->connection_count; i++) {
        load->connections[i].descriptor = client_connect(port);
        struct epoll_event event = {.events = EPOLLIN, .data = {.u64 = i}};
        if (epoll_ctl(load->poll, EPOLL_CTL_ADD, load->connections[i].descriptor, &event) != 0)
            err(EXIT_FAILURE, "epoll");
        load->idle[load->idle_count++] = i;
    }
}

static void send_what_is_due(struct load *load) {
    while (load->sent < load->total && load->idle_count > 0 &&
           due_at(load, load->sent) <= client_nanoseconds()) {
        struct connection *connection = &load->connections[load->idle[--load->idle_count]];
        connection->number = load->sent;
        client_send(connection->descriptor,
                    &load->requests.list[load->sent % load->requests.count]);
        load->sent++;
    }
}

static void receive(struct load *load, const struct epoll_event *events, int count) {
    for (int i = 0; i < count; i++) {
        size_t index = (size_t)events[i].data.u64;
        const struct connection *connection = &load->connections[index];
        if (!client_receive_204(connection->descriptor))
            continue;
        load->answered++;
        if (connection->number >= load->warm_up)
            load->latencies[load->counted++] =
                client_nanoseconds() - due_at(load, connection->number);
        load->idle[load->idle_count++] = index;
    }
}

static void run(struct load *load, long seconds) {
    struct epoll_event events[EVENTS_AT_ONCE];
    load->start = client_nanoseconds();
    int64_t end = load->start + (WARM_UP_SECONDS + seconds + GRACE_SECONDS) * (int64_t)SECOND;
    while (load->answered < load->total && client_nanoseconds() < end) {
        send_what_is_due(load);
        int64_t wait = SECOND;
        if (load->sent < load->total && load->idle_count > 0)
            wait = due_at(load, load->sent) - client_nanoseconds();
        if (wait < 0)
            wait = 0;
        struct timespec timeout = {.tv_sec = wait / SECOND, .tv_nsec = wait % SECOND};
        int count = epoll_pwait2(load->poll, events, EVENTS_AT_ONCE, &timeout, NULL);
        receive(load, events, count);
    }
}

static int compare(const void *left, const void *right) {
    const int64_t *a = left;
    const int64_t *b = right;
    return (*a > *b) - (*a < *b);
}

static double microseconds_at(const struct load *load, double part) {
    size_t index = (size_t)(part * (double)(load->counted - 1));
    return (double)load->latencies[index] / 1000;
}

static void report(struct load *load) {
    if (load->counted == 0)
        errx(EXIT_FAILURE, "nothing was answered");
    qsort(load->latencies, load->counted, sizeof *load->latencies, compare);
    (void)printf("{\"due\": %zu, \"answered\": %zu, \"p50\": %.1f, \"p90\": %.1f, \"p99\": %.1f, "
                 "\"p999\": %.1f, \"max\": %.1f}\n",
                 load->total - load->warm_up, load->counted, microseconds_at(load, 0.5),
                 microseconds_at(load, 0.9), microseconds_at(load, 0.99),
                 microseconds_at(load, 0.999), microseconds_at(load, 1));
}

int main(int argument_count, char **arguments) {
    if (argument_count != 6)
        errx(EXIT_FAILURE, "usage: steady_load PORT REQUESTS CONNECTIONS RATE SECONDS");
    long rate = client_number("the rate", arguments[4], 1);
    long seconds = client_number("the time in seconds", arguments[5], 1);
    struct load load = {
        .requests = client_read_requests(arguments[2]),
        .connection_count = (size_t)client_number("the connections", arguments[3], 1),
        .interval = (double)SECOND / (double)rate,
        .total = (size_t)(rate * (WARM_UP_SECONDS + seconds)),
        .warm_up = (size_t)(rate * WARM_UP_SECONDS),
    };
    load.connections = calloc(load.connection_count, sizeof *load.connections);
    load.idle = calloc(load.connection_count, sizeof *load.idle);
    load.latencies = calloc(load.total, sizeof *load.latencies);
    if (load.connections == NULL || load.idle == NULL || load.latencies == NULL)
        err(EXIT_FAILURE, "memory");
    open_connections(&load, arguments[1]);
    run(&load, seconds);
    report(&load);
    free(load.connections);
    free(load.idle);
    free(load.latencies);
    client_free_requests(&load.requests);
    return EXIT_SUCCESS;
}
