#include "authority/local_authority.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"

static const uint8_t key[LOCAL_AUTHORITY_KEY_SIZE] = {1, 2, 3};
static const uint8_t nonce[AUTHORITY_NONCE_SIZE] = {9, 8, 7, 6, 5, 4, 3, 2};

static struct authority *open_with(const uint8_t *master_key) {
    struct authority *authority = NULL;
    assert_ok(local_authority_open(master_key, &authority));
    return authority;
}

static void a_token_is_26_upper_case_characters_that_lead_back_to_its_row(void **state) {
    (void)state;
    struct authority *authority = open_with(key);
    static const int64_t ids[] = {1, 2, 1000000007, INT64_MAX};
    for (size_t i = 0; i < COUNT_OF(ids); i++) {
        char text[AUTHORITY_TEXT_SIZE];
        int64_t id = 0;
        uint8_t back[AUTHORITY_NONCE_SIZE];
        authority->format_token(authority, ids[i], nonce, text);
        assert_int_equal(strlen(text), 26);
        assert_true(authority->parse_token(authority, slice_from_string(text), &id, back));
        assert_int_equal(id, ids[i]);
        assert_memory_equal(back, nonce, sizeof nonce);
    }
    authority->close(authority);
}

static void a_token_says_nothing_to_who_has_another_key(void **state) {
    (void)state;
    static const uint8_t other_key[LOCAL_AUTHORITY_KEY_SIZE] = {1, 2, 4};
    struct authority *authority = open_with(key);
    struct authority *other = open_with(other_key);
    char text[AUTHORITY_TEXT_SIZE];
    int64_t id = 0;
    uint8_t back[AUTHORITY_NONCE_SIZE];
    authority->format_token(authority, 1, nonce, text);
    bool parsed = other->parse_token(other, slice_from_string(text), &id, back);
    assert_true(!parsed || id != 1 || memcmp(back, nonce, sizeof nonce) != 0);
    authority->close(authority);
    other->close(other);
}

static void a_token_is_never_taken_for_a_credential(void **state) {
    (void)state;
    struct authority *authority = open_with(key);
    char token[AUTHORITY_TEXT_SIZE];
    char credential[AUTHORITY_TEXT_SIZE];
    int64_t id = 0;
    uint8_t back[AUTHORITY_NONCE_SIZE];
    authority->format_token(authority, 1, nonce, token);
    authority->format_credential(authority, 1, nonce, credential);
    assert_string_not_equal(token, credential);
    bool parsed = authority->parse_credential(authority, slice_from_string(token), &id, back);
    assert_true(!parsed || id != 1 || memcmp(back, nonce, sizeof nonce) != 0);
    assert_true(authority->parse_credential(authority, slice_from_string(credential), &id, back));
    assert_int_equal(id, 1);
    authority->close(authority);
}

static void what_nobody_minted_does_not_parse(void **state) {
    (void)state;
    struct authority *authority = open_with(key);
    static const char *const texts[] = {"", "hello", "UUUUUUUUUUUUUUUUUUUUUUUUUU",
                                        "00000000000000000000000000000000000000000000"};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        int64_t id = 0;
        uint8_t back[AUTHORITY_NONCE_SIZE];
        assert_false(authority->parse_token(authority, slice_from_string(texts[i]), &id, back));
    }
    authority->close(authority);
}

struct key_place {
    char directory[64];
    char path[96];
};

static struct key_place make_place(void) {
    struct key_place place = {.directory = "/tmp/muster-key-XXXXXX"};
    assert_non_null(mkdtemp(place.directory));
    (void)snprintf(place.path, sizeof place.path, "%s/token.key", place.directory);
    return place;
}

static void remove_place(const struct key_place *place) {
    (void)unlink(place->path);
    (void)rmdir(place->directory);
}

static void a_key_is_made_once_for_its_owner_alone_and_then_read_back(void **state) {
    (void)state;
    struct key_place place = make_place();
    uint8_t made[LOCAL_AUTHORITY_KEY_SIZE];
    uint8_t read_back[LOCAL_AUTHORITY_KEY_SIZE];
    struct stat status;
    assert_ok(local_authority_load_key(place.path, true, &system_random, made));
    assert_int_equal(stat(place.path, &status), 0);
    assert_int_equal(status.st_mode & 07777U, 0600);
    assert_ok(local_authority_load_key(place.path, false, &system_random, read_back));
    assert_memory_equal(made, read_back, sizeof made);
    remove_place(&place);
}

static void a_key_that_is_missing_is_not_quietly_replaced(void **state) {
    (void)state;
    struct key_place place = make_place();
    uint8_t master_key[LOCAL_AUTHORITY_KEY_SIZE];
    struct error error = local_authority_load_key(place.path, false, &system_random, master_key);
    assert_int_equal(error.code, ERROR_INVALID);
    assert_non_null(strstr(error.message, "backup"));
    remove_place(&place);
}

static void a_key_that_is_cut_or_open_to_others_is_refused(void **state) {
    (void)state;
    struct key_place place = make_place();
    uint8_t master_key[LOCAL_AUTHORITY_KEY_SIZE];
    assert_ok(local_authority_load_key(place.path, true, &system_random, master_key));
    assert_int_equal(chmod(place.path, 0640), 0);
    struct error error = local_authority_load_key(place.path, true, &system_random, master_key);
    assert_non_null(strstr(error.message, "chmod 600"));
    assert_int_equal(chmod(place.path, 0600), 0);
    assert_int_equal(truncate(place.path, 31), 0);
    assert_error(local_authority_load_key(place.path, true, &system_random, master_key),
                 ERROR_INVALID);
    remove_place(&place);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_is_26_upper_case_characters_that_lead_back_to_its_row),
        cmocka_unit_test(a_token_says_nothing_to_who_has_another_key),
        cmocka_unit_test(a_token_is_never_taken_for_a_credential),
        cmocka_unit_test(what_nobody_minted_does_not_parse),
        cmocka_unit_test(a_key_is_made_once_for_its_owner_alone_and_then_read_back),
        cmocka_unit_test(a_key_that_is_missing_is_not_quietly_replaced),
        cmocka_unit_test(a_key_that_is_cut_or_open_to_others_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
