/* Threads other than the main one. */
#include "base/thread.h"

#include <errno.h>
#include <signal.h>

#include "test.h"

struct scene {
    pthread_mutex_t mutex; /* the thread waits for it, so that it is there to be looked at */
    sigset_t blocked;
};

static void *note_signals(void *context) {
    struct scene *scene = context;
    (void)pthread_mutex_lock(&scene->mutex);
    (void)pthread_sigmask(SIG_BLOCK, NULL, &scene->blocked);
    (void)pthread_mutex_unlock(&scene->mutex);
    return NULL;
}

static void a_thread_has_its_name_and_leaves_signals_to_the_main_one(void **state) {
    (void)state;
    struct scene scene;
    pthread_t thread;
    sigset_t mine;
    char name[THREAD_NAME_BYTES_AT_MOST + 1];
    assert_int_equal(pthread_mutex_init(&scene.mutex, NULL), 0);
    assert_int_equal(pthread_mutex_lock(&scene.mutex), 0);
    assert_ok(thread_start(&thread, "fifteen letters", note_signals, &scene));
    assert_int_equal(pthread_getname_np(thread, name, sizeof name), 0);
    assert_string_equal(name, "fifteen letters");
    assert_int_equal(pthread_mutex_unlock(&scene.mutex), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(pthread_mutex_destroy(&scene.mutex), 0);
    static const int signals[] = {SIGTERM, SIGINT, SIGHUP, SIGPIPE};
    assert_int_equal(pthread_sigmask(SIG_BLOCK, NULL, &mine), 0);
    for (size_t i = 0; i < COUNT_OF(signals); i++) {
        assert_true(sigismember(&scene.blocked, signals[i]));
        assert_false(sigismember(&mine, signals[i]));
    }
}

#define NANOSECONDS_PER_SECOND INT64_C(1000000000)
#define NANOSECONDS_PER_MILLISECOND INT64_C(1000000)

static int64_t in_nanoseconds(struct timespec time) {
    return (int64_t)time.tv_sec * NANOSECONDS_PER_SECOND + (int64_t)time.tv_nsec;
}

static int64_t read_monotonic_clock(void) {
    struct timespec now;
    assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
    return in_nanoseconds(now);
}

static void a_deadline_is_so_many_milliseconds_from_now(void **state) {
    (void)state;
    /* Somewhere in a second, 999 more milliseconds carry into the next one. */
    static const int64_t waits[] = {0, 1, 999, 1000, 86400001};
    for (size_t i = 0; i < COUNT_OF(waits); i++) {
        int64_t before = read_monotonic_clock();
        struct timespec deadline = thread_deadline_after(waits[i]);
        int64_t behind = read_monotonic_clock();
        assert_in_range(deadline.tv_nsec, 0, NANOSECONDS_PER_SECOND - 1);
        assert_in_range(in_nanoseconds(deadline) - waits[i] * NANOSECONDS_PER_MILLISECOND, before,
                        behind);
    }
}

static void a_timed_wait_goes_by_the_monotonic_clock(void **state) {
    (void)state;
    pthread_mutex_t mutex;
    pthread_cond_t condition;
    assert_int_equal(pthread_mutex_init(&mutex, NULL), 0);
    thread_condition_open(&condition);
    struct timespec deadline = thread_deadline_after(20);
    assert_int_equal(pthread_mutex_lock(&mutex), 0);
    int waited = 0;
    while (waited == 0)
        waited = pthread_cond_timedwait(&condition, &mutex, &deadline);
    assert_int_equal(pthread_mutex_unlock(&mutex), 0);
    assert_int_equal(waited, ETIMEDOUT);
    /* By the clock of the day, which is far ahead of it, the deadline would have been over at once.
     */
    assert_true(read_monotonic_clock() >= in_nanoseconds(deadline));
    assert_int_equal(pthread_cond_destroy(&condition), 0);
    assert_int_equal(pthread_mutex_destroy(&mutex), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thread_has_its_name_and_leaves_signals_to_the_main_one),
        cmocka_unit_test(a_deadline_is_so_many_milliseconds_from_now),
        cmocka_unit_test(a_timed_wait_goes_by_the_monotonic_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
