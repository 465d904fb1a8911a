/* Sends requests at a fixed rate, whether answers come or not, and tells how long each took from
 * the instant at which it was due. A server that falls behind cannot hide it: a request that finds
 * no free connection waits, and its wait counts. The first second, in which connections, caches and
 * schedulers find their ways, is sent as well, but not counted. Tells also how often and how long
 * a processor stood still, and how long the requests took that met none of that. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "client.h"
#include "pauses.h"

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
    struct answer *answers; /* of those that count, in order of completion */
    size_t counted;
};

/* In nanoseconds. */
struct answer {
    int64_t due;
    int64_t took;
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

static const struct client_request *request_of(const struct load *load, size_t number) {
    return &load->requests.list[number % load->requests.count];
}

static void send_what_is_due(struct load *load) {
    while (load->sent < load->total && load->idle_count > 0 &&
           due_at(load, load->sent) <= client_nanoseconds()) {
        struct connection *connection = &load->connections[load->idle[--load->idle_count]];
        connection->number = load->sent;
        client_send(connection->descriptor, request_of(load, load->sent));
        load->sent++;
    }
}

static void receive(struct load *load, const struct epoll_event *events, int count) {
    for (int i = 0; i < count; i++) {
        size_t index = (size_t)events[i].data.u64;
        const struct connection *connection = &load->connections[index];
        if (!client_receive(connection->descriptor, request_of(load, connection->number)))
            continue;
        load->answered++;
        if (connection->number >= load->warm_up) {
            int64_t due = due_at(load, connection->number);
            load->answers[load->counted++] =
                (struct answer){.due = due, .took = client_nanoseconds() - due};
        }
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
    const struct answer *a = left;
    const struct answer *b = right;
    return (a->took > b->took) - (a->took < b->took);
}

static double microseconds_at(const struct answer *answers, size_t count, double part) {
    return count == 0 ? 0 : (double)answers[(size_t)(part * (double)(count - 1))].took / 1000;
}

static void print_percentiles(struct answer *answers, size_t count) {
    qsort(answers, count, sizeof *answers, compare);
    (void)printf("\"answered\": %zu, \"p50\": %.1f, \"p90\": %.1f, \"p99\": %.1f, \"p999\": %.1f, "
                 "\"max\": %.1f",
                 count, microseconds_at(answers, count, 0.5), microseconds_at(answers, count, 0.9),
                 microseconds_at(answers, count, 0.99), microseconds_at(answers, count, 0.999),
                 microseconds_at(answers, count, 1));
}

static void drop_those_that_met(struct load *load, const struct pauses *pauses) {
    size_t kept = 0;
    int64_t together = 0;
    for (size_t i = 0; i < load->counted; i++) {
        const struct answer *answer = &load->answers[i];
        if (pauses_count(pauses, answer->due, answer->due + answer->took, &together) == 0)
            load->answers[kept++] = *answer;
    }
    load->counted = kept;
}

static void report(struct load *load, const struct pauses *pauses, long seconds) {
    if (load->counted == 0)
        errx(EXIT_FAILURE, "nothing was answered");
    int64_t from = load->start + WARM_UP_SECONDS * (int64_t)SECOND;
    int64_t together = 0;
    size_t count = pauses_count(pauses, from, from + seconds * (int64_t)SECOND, &together);
    (void)printf("{\"due\": %zu, ", load->total - load->warm_up);
    print_percentiles(load->answers, load->counted);
    if (pauses != NULL) {
        drop_those_that_met(load, pauses);
        (void)printf(", \"pauses\": {\"count\": %zu, \"part\": %.4f}, \"outside\": {", count,
                     (double)together / ((double)seconds * SECOND));
        print_percentiles(load->answers, load->counted);
        (void)printf("}");
    }
    (void)printf("}\n");
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
    load.answers = calloc(load.total, sizeof *load.answers);
    if (load.connections == NULL || load.idle == NULL || load.answers == NULL)
        err(EXIT_FAILURE, "memory");
    open_connections(&load, arguments[1]);
    struct pauses *pauses = pauses_start();
    run(&load, seconds);
    pauses_end(pauses);
    report(&load, pauses, seconds);
    pauses_free(pauses);
    free(load.connections);
    free(load.idle);
    free(load.answers);
    client_free_requests(&load.requests);
    return EXIT_SUCCESS;
}
