/* Entity tags and the conditions that requests put on them. */
#include "graph/etag.h"

#include <stdio.h>

#include "test.h"

static const struct revision seen = {.number = 0x1F, .last_modified = INSTANT_UNIX_EPOCH};
static const struct etag_mark mark = {.run = 0xBEEF, .is_live = true};

/* The tag of what was seen, without its W/ and quotes: other runs and states of the token differ
 * behind the second '-' only. */
#define SEEN "1f-89f7ff5f7b58000-"

static struct request with_headers(const struct header *headers, size_t count) {
    return (struct request){.method = METHOD_GET, .headers = headers, .header_count = count};
}

static void a_tag_is_weak_and_has_revision_and_mark(void **state) {
    (void)state;
    struct arena arena = {0};
    assert_slice(etag_format(&arena, &seen, &mark), "W/\"" SEEN "beefl\"");
    const struct etag_mark dead = {.run = 0xBEEF};
    assert_slice(etag_format(&arena, &seen, &dead), "W/\"" SEEN "beefd\"");
    const struct etag_mark whole = {.run = 0xBEEF, .is_live = true, .shows_secrets = true};
    assert_slice(etag_format(&arena, &seen, &whole), "W/\"" SEEN "beefL\"");
    arena_free(&arena);
}

static struct error read_if_match(struct arena *arena, const char *value,
                                  struct precondition *precondition) {
    const struct header header = {SLICE("if-match"), slice_from_string(value)};
    const struct request request = with_headers(&header, 1);
    return etag_read_precondition(arena, &request, precondition);
}

static void lists_of_tags_are_read(void **state) {
    (void)state;
    static const struct {
        const char *value;
        bool holds;
    } cases[] = {
        {"*", true},
        {" * ", true},
        {"W/\"" SEEN "beefl\"", true},
        {"\"" SEEN "beefl\"", true},
        {"W/\"" SEEN "beefd\"", true},
        {"W/\"" SEEN "0l\"", true},
        {"W/\"1\", W/\"" SEEN "beefl\"", true},
        {", ,\"a,b\" ,\t\"" SEEN "beefl\",,", true},
        {"W/\"20-89f7ff5f7b58000-beefl\"", false},
        {"W/\"1f-89f7ff5f7b58001-beefl\"", false},
        {"W/\"1F-89f7ff5f7b58000-beefl\"", false},
        {"W/\"1f-89f7ff5f7b58000\"", false},
        {"W/\"1f-ffffffffffffffff-beefl\"", false},
        {"W/\"1f-00000000089f7ff5f7b58000-beefl\"", false},
        {"\"\"", false},
        {"\"*\"", false},
        {"\"\xC3\xBC\"", false},
    };
    struct arena arena = {0};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct precondition precondition = {0};
        assert_ok(read_if_match(&arena, cases[i].value, &precondition));
        if (precondition_holds(&precondition, &seen) != cases[i].holds)
            fail_msg("%s holds, or does not", cases[i].value);
    }
    arena_free(&arena);
}

static void what_is_no_list_of_tags_is_refused(void **state) {
    (void)state;
    static const char *const values[] = {
        "",    ",",      "1f",         "W/",       "W/1f",        "\"",       "\"a",
        "a\"", "\"a\"b", "\"a\"\"b\"", "w/\"a\"",  "\"a\" \"b\"", "*, \"a\"", "\"a\", *",
        "**",  "*,*",    "\"a\x7F\"",  "W/ \"a\"", "\"a\", b",    "W/*",      "\"a b\"",
    };
    struct arena arena = {0};
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        struct precondition precondition = {0};
        struct error error = read_if_match(&arena, values[i], &precondition);
        if (error.code != ERROR_INVALID)
            fail_msg("accepted: %s", values[i]);
        assert_string_equal(error.target, "If-Match");
    }
    arena_free(&arena);
}

static void a_list_may_be_in_several_lines_but_not_endless(void **state) {
    (void)state;
    struct arena arena = {0};
    struct precondition precondition = {0};
    struct header headers[ETAG_LISTED_AT_MOST + 1];
    for (size_t i = 0; i < COUNT_OF(headers); i++)
        headers[i] = (struct header){SLICE("If-None-Match"), SLICE("\"a\"")};
    headers[3].value = SLICE("W/\"" SEEN "beefl\", \"b\"");
    struct request request = with_headers(headers, ETAG_LISTED_AT_MOST - 1);
    assert_ok(etag_read_precondition(&arena, &request, &precondition));
    assert_false(precondition.one_of.is_given);
    assert_false(precondition_holds(&precondition, &seen));
    request = with_headers(headers, ETAG_LISTED_AT_MOST);
    assert_error(etag_read_precondition(&arena, &request, &precondition), ERROR_INVALID);
    headers[3].value = SLICE("*");
    request = with_headers(headers, 4);
    assert_error(etag_read_precondition(&arena, &request, &precondition), ERROR_INVALID);
    arena_free(&arena);
}

static enum etag_outcome judge(const char *if_match, const char *if_none_match) {
    struct header headers[2];
    size_t count = 0;
    if (if_match != NULL)
        headers[count++] = (struct header){SLICE("If-Match"), slice_from_string(if_match)};
    if (if_none_match != NULL)
        headers[count++] =
            (struct header){SLICE("If-None-Match"), slice_from_string(if_none_match)};
    const struct request request = with_headers(headers, count);
    enum etag_outcome outcome = ETAG_FAILED;
    assert_ok(etag_judge_get(&request, SLICE("W/\"" SEEN "beefl\""), &seen, &outcome));
    return outcome;
}

static void a_get_is_answered_unless_all_of_it_is_known(void **state) {
    (void)state;
    assert_int_equal(judge(NULL, NULL), ETAG_SEND);
    assert_int_equal(judge(NULL, "*"), ETAG_NOT_MODIFIED);
    assert_int_equal(judge(NULL, "W/\"" SEEN "beefl\""), ETAG_NOT_MODIFIED);
    assert_int_equal(judge(NULL, "\"" SEEN "beefl\""), ETAG_NOT_MODIFIED);
    assert_int_equal(judge(NULL, "\"x\", W/\"" SEEN "beefl\""), ETAG_NOT_MODIFIED);
    /* The token has died since, or the server's settings may be others. */
    assert_int_equal(judge(NULL, "W/\"" SEEN "beefd\""), ETAG_SEND);
    assert_int_equal(judge(NULL, "W/\"" SEEN "beeel\""), ETAG_SEND);
    assert_int_equal(judge(NULL, "W/\"" SEEN "beefL\""), ETAG_SEND);
    assert_int_equal(judge("W/\"" SEEN "beefd\"", NULL), ETAG_SEND);
    assert_int_equal(judge("*", NULL), ETAG_SEND);
    assert_int_equal(judge("\"x\"", NULL), ETAG_FAILED);
    assert_int_equal(judge("\"x\"", "*"), ETAG_FAILED);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tag_is_weak_and_has_revision_and_mark),
        cmocka_unit_test(lists_of_tags_are_read),
        cmocka_unit_test(what_is_no_list_of_tags_is_refused),
        cmocka_unit_test(a_list_may_be_in_several_lines_but_not_endless),
        cmocka_unit_test(a_get_is_answered_unless_all_of_it_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
