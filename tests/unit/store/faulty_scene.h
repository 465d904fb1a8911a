/* A store on a disk that can be made to fail, with a profile that has a token. Failures are over
 * when it is torn down. */
#ifndef MUSTER_TESTS_UNIT_STORE_FAULTY_SCENE_H
#define MUSTER_TESTS_UNIT_STORE_FAULTY_SCENE_H

#include "faulty_vfs.h"
#include "sqlite_place.h"

struct faulty_scene {
    struct kit *kit;
    struct sqlite_place place;
    struct profile profile; /* "Kiosk" */
    struct token token;     /* its current one */
};

/* For cmocka: *state is the scene. */
int faulty_scene_set_up(void **state);
int faulty_scene_tear_down(void **state);
#define FAULTY_SCENE_TEST(function)                                                                \
    cmocka_unit_test_setup_teardown(function, faulty_scene_set_up, faulty_scene_tear_down)

/* Of one more token for the profile; not run yet. */
struct store_command faulty_scene_make_creation(struct faulty_scene *scene);

/* Runs it. */
struct error faulty_scene_create_token(struct faulty_scene *scene) MUST_CHECK;

#endif
