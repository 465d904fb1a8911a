/* Which statements made at run time stay prepared. */
#include "store/sqlite/statement_cache.h"

#include <stdio.h>
#include <string.h>

#include "test.h"

static sqlite3 *connection;

static int open_connection(void **state) {
    (void)state;
    return sqlite3_open(":memory:", &connection) == SQLITE_OK ? 0 : -1;
}

/* That it can be closed says that every statement was finalized. */
static int close_connection(void **state) {
    (void)state;
    return sqlite3_close(connection) == SQLITE_OK ? 0 : -1;
}

static sqlite3_stmt *prepare(const char *sql) {
    sqlite3_stmt *handle = NULL;
    assert_int_equal(sqlite3_prepare_v2(connection, sql, -1, &handle, NULL), SQLITE_OK);
    return handle;
}

static struct slice number(int value, char text[static 32]) {
    (void)snprintf(text, 32, "SELECT %d", value);
    return slice_from_string(text);
}

/* Adds one of that number; the caller knows that it is kept. */
static sqlite3_stmt *add(struct statement_cache *cache, int value) {
    char text[32];
    struct slice sql = number(value, text);
    sqlite3_stmt *handle = prepare(sql.data);
    assert_true(statement_cache_add(cache, sql, handle));
    return handle;
}

static void a_statement_is_found_by_its_whole_text(void **state) {
    (void)state;
    struct statement_cache cache = {0};
    assert_null(statement_cache_find(&cache, SLICE("SELECT 1")));
    sqlite3_stmt *one = prepare("SELECT 1");
    sqlite3_stmt *eleven = prepare("SELECT 11");
    assert_true(statement_cache_add(&cache, SLICE("SELECT 1"), one));
    assert_true(statement_cache_add(&cache, SLICE("SELECT 11"), eleven));
    assert_ptr_equal(statement_cache_find(&cache, SLICE("SELECT 1")), one);
    assert_ptr_equal(statement_cache_find(&cache, SLICE("SELECT 11")), eleven);
    assert_null(statement_cache_find(&cache, SLICE("SELECT")));
    statement_cache_close(&cache);
}

static void the_one_used_longest_ago_makes_room(void **state) {
    (void)state;
    struct statement_cache cache = {0};
    char text[32];
    for (int i = 0; i < STATEMENT_CACHE_ENTRIES; i++)
        (void)add(&cache, i);
    assert_non_null(statement_cache_find(&cache, number(0, text)));
    (void)add(&cache, 100);
    assert_non_null(statement_cache_find(&cache, number(0, text)));
    assert_null(statement_cache_find(&cache, number(1, text)));
    assert_non_null(statement_cache_find(&cache, number(2, text)));
    statement_cache_close(&cache);
}

static void a_statement_that_runs_is_neither_given_out_nor_thrown_away(void **state) {
    (void)state;
    struct statement_cache cache = {0};
    char text[32];
    sqlite3_stmt *running = NULL;
    for (int i = 0; i < STATEMENT_CACHE_ENTRIES; i++) {
        sqlite3_stmt *handle = add(&cache, i);
        if (i == 0)
            running = handle;
    }
    assert_int_equal(sqlite3_step(running), SQLITE_ROW);
    sqlite3_stmt *further = prepare("SELECT 100");
    assert_false(statement_cache_add(&cache, SLICE("SELECT 100"), further));
    assert_null(statement_cache_find(&cache, number(0, text)));
    assert_int_equal(sqlite3_finalize(further), SQLITE_OK);
    assert_int_equal(sqlite3_reset(running), SQLITE_OK);
    assert_ptr_equal(statement_cache_find(&cache, number(0, text)), running);
    statement_cache_close(&cache);
}

static void a_long_text_is_not_kept(void **state) {
    (void)state;
    struct statement_cache cache = {0};
    char text[STATEMENT_CACHE_TEXT_AT_MOST + 2];
    memset(text, ' ', sizeof text);
    memcpy(text, "SELECT 1", sizeof "SELECT 1" - 1);
    text[sizeof text - 1] = '\0';
    sqlite3_stmt *handle = prepare(text);
    assert_false(statement_cache_add(&cache, slice_from_string(text), handle));
    assert_int_equal(sqlite3_finalize(handle), SQLITE_OK);
    statement_cache_close(&cache);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_statement_is_found_by_its_whole_text),
        cmocka_unit_test(the_one_used_longest_ago_makes_room),
        cmocka_unit_test(a_statement_that_runs_is_neither_given_out_nor_thrown_away),
        cmocka_unit_test(a_long_text_is_not_kept),
    };
    return cmocka_run_group_tests(tests, open_connection, close_connection);
}
