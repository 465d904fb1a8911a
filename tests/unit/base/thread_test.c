/* Threads other than the main one. */
#include "base/thread.h"

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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thread_has_its_name_and_leaves_signals_to_the_main_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
