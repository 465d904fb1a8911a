/* A directory of its own for a test's database file. */
#ifndef MUSTER_TESTS_UNIT_STORE_SQLITE_PLACE_H
#define MUSTER_TESTS_UNIT_STORE_SQLITE_PLACE_H

#include "store_kit.h"

#define SQLITE_PLACE_PATH_SIZE 256

struct sqlite_place {
    struct kit_engine engine; /* first, so that it leads to the place */
    char directory[SQLITE_PLACE_PATH_SIZE];
    char path[SQLITE_PLACE_PATH_SIZE]; /* of the database file */
};

struct sqlite_place sqlite_place_make(void);
void sqlite_place_empty(const struct sqlite_place *place);
void sqlite_place_remove(const struct sqlite_place *place);

/* The state of a SQLITE_PLACE_TEST is a place of its own. */
int sqlite_place_set_up(void **state);
int sqlite_place_tear_down(void **state);
#define SQLITE_PLACE_TEST(function)                                                                \
    cmocka_unit_test_setup_teardown(function, sqlite_place_set_up, sqlite_place_tear_down)

/* Opens a store on that file, and closes it again. */
struct error sqlite_place_try_open(const char *path);

/* As another program does it. */
void sqlite_place_execute(const struct sqlite_place *place, const char *sql);

#endif
