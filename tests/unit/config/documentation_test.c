#include <stdio.h>
#include <stdlib.h>

#include "config/config_keys.h"
#include "test.h"

#define LINE_SIZE 1024

/* The row of a table under the section's heading that names the key; empty when there is none. */
static void find_row(const struct config_key *key, char row[static LINE_SIZE]) {
    char heading[64];
    char name[64];
    (void)snprintf(heading, sizeof heading, "`[%s]`", key->section);
    (void)snprintf(name, sizeof name, "`%s`", key->name);
    FILE *file = fopen(OPERATIONS_GUIDE, "re");
    assert_non_null(file);
    bool is_in_section = false;
    bool is_found = false;
    while (!is_found && fgets(row, LINE_SIZE, file) != NULL) {
        if (strncmp(row, "`[", 2) == 0)
            is_in_section = strncmp(row, heading, strlen(heading)) == 0;
        is_found = is_in_section && row[0] == '|' && strstr(row, name) != NULL;
    }
    assert_int_equal(fclose(file), 0);
    if (!is_found)
        row[0] = '\0';
}

static void every_key_has_its_row_with_its_default(void **state) {
    (void)state;
    assert_true(config_key_count > 0);
    for (size_t i = 0; i < config_key_count; i++) {
        const struct config_key *key = &config_keys[i];
        char row[LINE_SIZE] = "";
        find_row(key, row);
        if (row[0] == '\0')
            fail_msg("[%s] %s is not in docs/operations.md", key->section, key->name);
        if (key->default_text != NULL && strstr(row, key->default_text) == NULL)
            fail_msg("docs/operations.md does not say that %s is %s by default", key->name,
                     key->default_text);
    }
}

static void every_range_is_said_as_it_is_checked(void **state) {
    (void)state;
    for (size_t i = 0; i < config_key_count; i++) {
        const struct config_key *key = &config_keys[i];
        char row[LINE_SIZE] = "";
        char range[64];
        find_row(key, row);
        (void)snprintf(range, sizeof range, "%ld to %ld", key->at_least, key->at_most);
        if (key->at_most > 0 && strstr(row, range) == NULL)
            fail_msg("docs/operations.md does not say that %s is %s", key->name, range);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_has_its_row_with_its_default),
        cmocka_unit_test(every_range_is_said_as_it_is_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
