#include "pauses.h"

#include <err.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "client.h"

#define SLEEP_NANOSECONDS 500000
/* Longer than an interrupt or another thread of that priority keeps a processor busy. */
#define PAUSE_NANOSECONDS 1000000
#define PROCESSORS_AT_MOST 256
#define PRIORITY 50
#define FIRST_CAPACITY 1024

struct interval {
    int64_t begin;
    int64_t end;
};

struct intervals {
    struct interval *list;
    size_t count;
    size_t capacity;
};

struct sleeper {
    pthread_t thread;
    struct pauses *pauses;
    struct intervals missed; /* when it should have run, and did not */
};

struct pauses {
    atomic_bool is_ending;
    size_t sleeper_count;
    struct sleeper sleepers[PROCESSORS_AT_MOST];
    struct intervals all;
};

static void add(struct intervals *intervals, struct interval interval) {
    if (intervals->count == intervals->capacity) {
        intervals->capacity = intervals->capacity == 0 ? FIRST_CAPACITY : 2 * intervals->capacity;
        intervals->list = realloc(intervals->list, intervals->capacity * sizeof *intervals->list);
        if (intervals->list == NULL)
            err(EXIT_FAILURE, "memory");
    }
    intervals->list[intervals->count++] = interval;
}

static void *run_sleeper(void *context) {
    struct sleeper *sleeper = context;
    while (!atomic_load(&sleeper->pauses->is_ending)) {
        const struct timespec sleep = {.tv_nsec = SLEEP_NANOSECONDS};
        int64_t due = client_nanoseconds() + SLEEP_NANOSECONDS;
        (void)nanosleep(&sleep, NULL);
        int64_t now = client_nanoseconds();
        if (now - due > PAUSE_NANOSECONDS)
            add(&sleeper->missed, (struct interval){.begin = due, .end = now});
    }
    return NULL;
}

static bool start_sleeper(struct sleeper *sleeper, size_t processor) {
    pthread_attr_t attributes;
    cpu_set_t processors;
    const struct sched_param parameters = {.sched_priority = PRIORITY};
    CPU_ZERO(&processors);
    CPU_SET(processor, &processors);
    if (pthread_attr_init(&attributes) != 0)
        return false;
    bool is_started =
        pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED) == 0 &&
        pthread_attr_setschedpolicy(&attributes, SCHED_FIFO) == 0 &&
        pthread_attr_setschedparam(&attributes, &parameters) == 0 &&
        pthread_attr_setaffinity_np(&attributes, sizeof processors, &processors) == 0 &&
        pthread_create(&sleeper->thread, &attributes, run_sleeper, sleeper) == 0;
    (void)pthread_attr_destroy(&attributes);
    return is_started;
}

static void stop(struct pauses *pauses) {
    atomic_store(&pauses->is_ending, true);
    for (size_t i = 0; i < pauses->sleeper_count; i++)
        (void)pthread_join(pauses->sleepers[i].thread, NULL);
}

struct pauses *pauses_start(void) {
    struct pauses *pauses = calloc(1, sizeof *pauses);
    cpu_set_t allowed;
    if (pauses == NULL || sched_getaffinity(0, sizeof allowed, &allowed) != 0)
        err(EXIT_FAILURE, "pauses");
    for (size_t processor = 0; processor < PROCESSORS_AT_MOST; processor++) {
        if (!CPU_ISSET(processor, &allowed))
            continue;
        struct sleeper *sleeper = &pauses->sleepers[pauses->sleeper_count];
        sleeper->pauses = pauses;
        if (!start_sleeper(sleeper, processor)) {
            stop(pauses);
            pauses_free(pauses);
            return NULL;
        }
        pauses->sleeper_count++;
    }
    return pauses;
}

static int compare(const void *left, const void *right) {
    const struct interval *a = left;
    const struct interval *b = right;
    return (a->begin > b->begin) - (a->begin < b->begin);
}

/* Joins what overlaps. */
static void merge(struct intervals *intervals) {
    size_t kept = 0;
    if (intervals->count == 0)
        return;
    qsort(intervals->list, intervals->count, sizeof *intervals->list, compare);
    for (size_t i = 1; i < intervals->count; i++) {
        const struct interval *next = &intervals->list[i];
        struct interval *last = &intervals->list[kept];
        if (next->begin > last->end)
            intervals->list[++kept] = *next;
        else if (next->end > last->end)
            last->end = next->end;
    }
    intervals->count = kept + 1;
}

void pauses_end(struct pauses *pauses) {
    if (pauses == NULL)
        return;
    stop(pauses);
    for (size_t i = 0; i < pauses->sleeper_count; i++) {
        const struct intervals *missed = &pauses->sleepers[i].missed;
        for (size_t j = 0; j < missed->count; j++)
            add(&pauses->all, missed->list[j]);
    }
    merge(&pauses->all);
}

size_t pauses_count(const struct pauses *pauses, int64_t from, int64_t to, int64_t *together) {
    size_t count = 0;
    *together = 0;
    for (size_t i = 0; pauses != NULL && i < pauses->all.count; i++) {
        const struct interval *pause = &pauses->all.list[i];
        if (pause->begin >= to || pause->end <= from)
            continue;
        count++;
        *together +=
            (pause->end < to ? pause->end : to) - (pause->begin > from ? pause->begin : from);
    }
    return count;
}

void pauses_free(struct pauses *pauses) {
    if (pauses == NULL)
        return;
    for (size_t i = 0; i < pauses->sleeper_count; i++)
        free(pauses->sleepers[i].missed.list);
    free(pauses->all.list);
    free(pauses);
}
