/* What holds a token or a password does not move while it is written: where it was before, it would
 * stay behind, and nobody wipes it there. */
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"
#include "provisioning/payload.h"

#include "test.h"

static bool has_moved;

void *__real_memory_resize(void *block, size_t count, size_t size);
void *__wrap_memory_resize(void *block, size_t count, size_t size);

void *__wrap_memory_resize(void *block, size_t count, size_t size) {
    has_moved = has_moved || block != NULL;
    return __real_memory_resize(block, count, size);
}

static void assert_stays(const char *admin_extras) {
    const struct provisioning_settings settings = {
        .preset = PROVISIONING_PRESET_CLOUD_DPC,
        .wifi_ssid = SLICE("Depot"),
        .wifi_security_type = PROVISIONING_WIFI_SECURITY_WPA,
        .wifi_password = SLICE("a password of some length"),
        .admin_extras = slice_from_string(admin_extras),
    };
    struct buffer out = {0};
    assert_ok(provisioning_settings_check(&settings));
    has_moved = false;
    assert_ok(provisioning_payload_write(&settings, PROVISIONING_FORMAT_QR,
                                         SLICE("ABCDEFGHIJKLMNOPQRST"), &out));
    assert_false(has_moved);
    buffer_free(&out);
}

static void a_payload_does_not_move(void **state) {
    (void)state;
    assert_stays("{\"place\":\"Lyon\"}");
}

/* Each becomes an escape that is three times as long. */
static void a_payload_with_characters_beyond_ascii_does_not_move_either(void **state) {
    (void)state;
    char extras[1200] = "{\"place\":\"";
    size_t length = strlen(extras);
    for (size_t i = 0; i < 500; i++, length += 2)
        memcpy(extras + length, "\xC3\xA9", 3);
    memcpy(extras + length, "\"}", 3);
    assert_stays(extras);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_payload_does_not_move),
        cmocka_unit_test(a_payload_with_characters_beyond_ascii_does_not_move_either),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
