/* QR codes as PNG, SVG and text: what a scanner reads from them is what was put in. */
#include "provisioning/picture.h"

#include <fcntl.h>
#include <png.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "provisioning/base64.h"
#include "provisioning/payload.h"

#include "test.h"

#define QUIET PROVISIONING_PICTURE_QUIET_ZONE

extern char **environ;

static struct provisioning_picture picture_of(struct slice content) {
    struct provisioning_picture picture;
    assert_ok(provisioning_picture_make(content, &picture));
    return picture;
}

/* ---- reading back with zbar ---- */

static void save(struct slice bytes, char path[static 32]) {
    (void)snprintf(path, 32, "/tmp/muster-qr-XXXXXX.png");
    int file = mkstemps(path, 4);
    assert_true(file >= 0);
    assert_int_equal(write(file, bytes.data, bytes.length), (ssize_t)bytes.length);
    assert_int_equal(close(file), 0);
}

/* Appends what zbarimg reads from the file. */
static void scan(const char *path, struct buffer *out) {
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    posix_spawn_file_actions_t actions;
    assert_int_equal(posix_spawn_file_actions_init(&actions), 0);
    assert_int_equal(posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO), 0);
    char program[] = "zbarimg";
    char raw[] = "--raw";
    char oneshot[] = "--oneshot";
    /* It finds bar codes in the middle of a QR code as well. */
    char no_bar_codes[] = "-Sdisable";
    char qr_codes[] = "-Sqrcode.enable";
    char binary[] = "-Sbinary";
    char quiet[] = "-q";
    char no_bus[] = "--nodbus";
    char *file = memory_copy_string(path);
    char *const arguments[] = {program, raw,   oneshot, no_bar_codes, qr_codes,
                               binary,  quiet, no_bus,  file,         NULL};
    pid_t child;
    if (posix_spawnp(&child, program, &actions, NULL, arguments, environ) != 0)
        fail_msg("zbarimg is missing: install zbar-tools");
    free(file);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    char chunk[4096];
    ssize_t count;
    while ((count = read(ends[0], chunk, sizeof chunk)) > 0)
        buffer_append(out, chunk, (size_t)count);
    close(ends[0]);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail_msg("zbarimg ended with status %d", status);
}

static void assert_scanned(struct slice content, unsigned scale) {
    struct provisioning_picture picture = picture_of(content);
    struct buffer png = {0};
    assert_ok(provisioning_picture_write_png(&picture, scale, &png));
    char path[32];
    save(buffer_slice(&png), path);
    struct buffer read_back = {0};
    scan(path, &read_back);
    unlink(path);
    assert_int_equal(read_back.length, content.length);
    assert_memory_equal(read_back.data, content.data, content.length);
    buffer_free(&read_back);
    buffer_free(&png);
    provisioning_picture_free(&picture);
}

static void a_scanner_reads_a_payload_byte_for_byte(void **state) {
    (void)state;
    struct provisioning_settings settings = {
        .preset = PROVISIONING_PRESET_CLOUD_DPC,
        .wifi_ssid = SLICE("Caf\xC3\xA9 \"\xE2\x82\xAC\" \\ \xF0\x9F\x98\x80"),
        .wifi_security_type = PROVISIONING_WIFI_SECURITY_WPA,
        .wifi_password = SLICE("p\xC3\xA4sswort \"/\\")};
    assert_ok(provisioning_settings_check(&settings));
    struct buffer content = {0};
    assert_ok(provisioning_payload_write(&settings, PROVISIONING_FORMAT_QR,
                                         SLICE("ABCDEFGHIJKLMNOPQRST"), &content));
    assert_scanned(buffer_slice(&content), PROVISIONING_PICTURE_SCALE_DEFAULT);
    assert_scanned(buffer_slice(&content), 3);
    buffer_free(&content);
}

static void a_scanner_reads_short_and_odd_bytes(void **state) {
    (void)state;
    assert_scanned(SLICE("a"), PROVISIONING_PICTURE_SCALE_DEFAULT);
    assert_scanned(SLICE("lower UPPER 0123456789"), PROVISIONING_PICTURE_SCALE_DEFAULT);
    assert_scanned(SLICE("{\"\xC3\xA4\": \"\xE2\x82\xAC\\u0000\"}"),
                   PROVISIONING_PICTURE_SCALE_DEFAULT);
    assert_scanned(SLICE("a\0b\xFF\n"), PROVISIONING_PICTURE_SCALE_DEFAULT);
}

static void fill_with_json(char *text, size_t length) {
    static const char pattern[] = "{\"k\":\"\\u00e9 \\\"Zz09\\\" \xC3\xA4\"}";
    for (size_t i = 0; i < length; i++)
        text[i] = pattern[i % (sizeof pattern - 1)];
}

static void a_scanner_reads_the_longest_contents_of_both_levels(void **state) {
    (void)state;
    char text[PROVISIONING_PICTURE_CONTENT_AT_MOST];
    fill_with_json(text, sizeof text);
    static const size_t lengths[] = {PROVISIONING_PICTURE_CONTENT_AT_LEVEL_M,
                                     PROVISIONING_PICTURE_CONTENT_AT_LEVEL_M + 1,
                                     PROVISIONING_PICTURE_CONTENT_AT_MOST};
    for (size_t i = 0; i < COUNT_OF(lengths); i++)
        assert_scanned((struct slice){.data = text, .length = lengths[i]},
                       PROVISIONING_PICTURE_SCALE_DEFAULT);
}

/* ---- the code ---- */

static void a_label_is_made_to_stand_wear_while_it_fits(void **state) {
    (void)state;
    char text[PROVISIONING_PICTURE_CONTENT_AT_MOST + 1];
    fill_with_json(text, sizeof text);
    struct slice content = {.data = text, .length = PROVISIONING_PICTURE_CONTENT_AT_LEVEL_M};
    struct provisioning_picture picture = picture_of(content);
    assert_int_equal(picture.level, PROVISIONING_PICTURE_LEVEL_M);
    assert_int_equal(picture.width, PROVISIONING_PICTURE_WIDTH_AT_MOST);
    provisioning_picture_free(&picture);
    content.length++;
    picture = picture_of(content);
    assert_int_equal(picture.level, PROVISIONING_PICTURE_LEVEL_L);
    provisioning_picture_free(&picture);
}

static void a_content_that_is_too_long_is_refused_with_both_sizes(void **state) {
    (void)state;
    char text[PROVISIONING_PICTURE_CONTENT_AT_MOST + 1];
    fill_with_json(text, sizeof text);
    struct provisioning_picture picture;
    struct error error =
        provisioning_picture_make((struct slice){.data = text, .length = sizeof text}, &picture);
    assert_int_equal(error.code, ERROR_TOO_LARGE);
    assert_non_null(strstr(error.message, "2954"));
    assert_non_null(strstr(error.message, "2953"));
    assert_null(picture.modules);
    assert_error(provisioning_picture_make(SLICE(""), &picture), ERROR_INVALID);
    provisioning_picture_free(&picture);
}

static void the_quiet_zone_is_light_and_the_finders_stand_in_three_corners(void **state) {
    (void)state;
    struct provisioning_picture picture = picture_of(SLICE("{\"a\":1}"));
    unsigned side = provisioning_picture_side(&picture);
    assert_int_equal(side, picture.width + 8);
    for (unsigned i = 0; i < side; i++) {
        for (unsigned k = 0; k < QUIET; k++) {
            assert_false(provisioning_picture_is_dark(&picture, k, i));
            assert_false(provisioning_picture_is_dark(&picture, i, k));
            assert_false(provisioning_picture_is_dark(&picture, side - 1 - k, i));
            assert_false(provisioning_picture_is_dark(&picture, i, side - 1 - k));
        }
    }
    for (unsigned i = 0; i < 7; i++) {
        assert_true(provisioning_picture_is_dark(&picture, QUIET, QUIET + i));
        assert_true(provisioning_picture_is_dark(&picture, QUIET, side - 1 - QUIET - i));
        assert_true(provisioning_picture_is_dark(&picture, side - 1 - QUIET, QUIET + i));
    }
    assert_false(provisioning_picture_is_dark(&picture, side, side));
    assert_false(provisioning_picture_is_dark(&picture, UINT32_MAX, UINT32_MAX));
    provisioning_picture_free(&picture);
}

/* ---- PNG ---- */

static void assert_pixels(const struct provisioning_picture *picture, unsigned scale,
                          const uint8_t *pixels, unsigned pixels_a_side) {
    for (unsigned y = 0; y < pixels_a_side; y++) {
        for (unsigned x = 0; x < pixels_a_side; x++) {
            bool is_dark = provisioning_picture_is_dark(picture, y / scale, x / scale);
            if (pixels[(size_t)y * pixels_a_side + x] != (is_dark ? 0 : 255))
                fail_msg("scale %u: wrong pixel at %u, %u", scale, x, y);
        }
    }
}

static void every_pixel_of_a_png_is_that_of_its_module(void **state) {
    (void)state;
    struct provisioning_picture picture = picture_of(SLICE("{\"a\":\"b\"}"));
    static const unsigned scales[] = {1, 2, 3, 8, PROVISIONING_PICTURE_SCALE_AT_MOST};
    for (size_t i = 0; i < COUNT_OF(scales); i++) {
        struct buffer png = {0};
        assert_ok(provisioning_picture_write_png(&picture, scales[i], &png));
        /* IHDR: bit depth and colour type */
        assert_int_equal(png.data[24], 1);
        assert_int_equal(png.data[25], PNG_COLOR_TYPE_GRAY);
        png_image image = {.version = PNG_IMAGE_VERSION};
        assert_true(png_image_begin_read_from_memory(&image, png.data, png.length));
        unsigned expected = provisioning_picture_side(&picture) * scales[i];
        assert_int_equal(image.width, expected);
        assert_int_equal(image.height, expected);
        image.format = PNG_FORMAT_GRAY;
        uint8_t *pixels = memory_allocate(PNG_IMAGE_SIZE(image));
        assert_true(png_image_finish_read(&image, NULL, pixels, 0, NULL));
        assert_int_equal(image.warning_or_error, 0);
        assert_pixels(&picture, scales[i], pixels, expected);
        free(pixels);
        buffer_free(&png);
    }
    provisioning_picture_free(&picture);
}

static void a_png_at_the_largest_scale_of_the_largest_code_is_written(void **state) {
    (void)state;
    char text[PROVISIONING_PICTURE_CONTENT_AT_MOST];
    fill_with_json(text, sizeof text);
    struct provisioning_picture picture =
        picture_of((struct slice){.data = text, .length = sizeof text});
    struct buffer png = {0};
    assert_ok(provisioning_picture_write_png(&picture, PROVISIONING_PICTURE_SCALE_AT_MOST, &png));
    png_image image = {.version = PNG_IMAGE_VERSION};
    assert_true(png_image_begin_read_from_memory(&image, png.data, png.length));
    assert_int_equal(image.width, 185 * 32);
    png_image_free(&image);
    buffer_free(&png);
    provisioning_picture_free(&picture);
}

static void a_scale_out_of_bounds_is_refused(void **state) {
    (void)state;
    struct provisioning_picture picture = picture_of(SLICE("a"));
    struct buffer png = {0};
    assert_error(provisioning_picture_write_png(&picture, 0, &png), ERROR_INVALID);
    assert_error(
        provisioning_picture_write_png(&picture, PROVISIONING_PICTURE_SCALE_AT_MOST + 1, &png),
        ERROR_INVALID);
    assert_int_equal(png.length, 0);
    buffer_free(&png);
    provisioning_picture_free(&picture);
}

/* libpng takes no picture of more than a million pixels a side, and says so by a long jump. */
static void a_picture_that_libpng_refuses_leaves_the_output_as_it_was(void **state) {
    (void)state;
    struct provisioning_picture picture = {.width = 1U << 20};
    struct buffer png = {0};
    buffer_append_string(&png, "before");
    assert_error(provisioning_picture_write_png(&picture, 1, &png), ERROR_INTERNAL);
    assert_slice(buffer_slice(&png), "before");
    buffer_free(&png);
}

/* ---- SVG and terminal ---- */

/* Modules as read back from a drawing. */
struct grid {
    bool dark[PROVISIONING_PICTURE_WIDTH_AT_MOST + 10][PROVISIONING_PICTURE_WIDTH_AT_MOST + 10];
};

static void assert_same_modules(const struct provisioning_picture *picture,
                                const struct grid *grid) {
    unsigned side = provisioning_picture_side(picture);
    for (unsigned row = 0; row < side; row++) {
        for (unsigned column = 0; column < side; column++) {
            if (grid->dark[row][column] != provisioning_picture_is_dark(picture, row, column))
                fail_msg("wrong module at row %u, column %u", row, column);
        }
    }
}

static void an_svg_has_a_white_ground_and_every_dark_module(void **state) {
    (void)state;
    struct provisioning_picture picture = picture_of(SLICE("{\"a\":\"b\"}"));
    struct buffer svg = {0};
    provisioning_picture_write_svg(&picture, &svg);
    buffer_append_byte(&svg, '\0');
    unsigned side = provisioning_picture_side(&picture);
    char head[400];
    (void)snprintf(head, sizeof head,
                   "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"%u\" "
                   "viewBox=\"0 0 %u %u\" shape-rendering=\"crispEdges\">"
                   "<rect width=\"%u\" height=\"%u\" fill=\"#fff\"/><path fill=\"#000\" d=\"",
                   side * 8, side * 8, side, side, side, side);
    assert_memory_equal(svg.data, head, strlen(head));
    struct grid *grid = memory_allocate_zeroed(1, sizeof *grid);
    const char *at = svg.data + strlen(head);
    unsigned column;
    unsigned row;
    unsigned run;
    unsigned back;
    int used = 0;
    while (sscanf(at, "M%u %uh%uv1h-%uz%n", &column, &row, &run, &back, &used) == 4) {
        assert_int_equal(run, back);
        assert_true(row < side && run <= side && column <= side - run);
        for (unsigned i = 0; i < run; i++)
            grid->dark[row][column + i] = true;
        at += used;
    }
    assert_string_equal(at, "\"/></svg>\n");
    assert_same_modules(&picture, grid);
    free(grid);
    buffer_free(&svg);
    provisioning_picture_free(&picture);
}

static void expect(struct slice *rest, const char *text) {
    struct slice expected = slice_from_string(text);
    if (!slice_starts_with(*rest, expected))
        fail_msg("\"%.20s\" instead of \"%s\"", rest->data, text);
    *rest = slice_skip(*rest, expected.length);
}

/* Takes one character of the drawing: bit 1 is its upper half, bit 0 its lower. */
static unsigned take_halves(struct slice *rest) {
    static const char *const halves[] = {" ", "\u2584", "\u2580", "\u2588"};
    for (unsigned i = 0; i < COUNT_OF(halves); i++) {
        if (slice_starts_with(*rest, slice_from_string(halves[i]))) {
            expect(rest, halves[i]);
            return i;
        }
    }
    fail_msg("no half block: %.4s", rest->data);
    return 0;
}

static void assert_drawing(const struct provisioning_picture *picture, bool with_colours) {
    struct buffer out = {0};
    provisioning_picture_draw(picture, with_colours, &out);
    struct grid *grid = memory_allocate_zeroed(1, sizeof *grid);
    struct slice rest = buffer_slice(&out);
    unsigned side = provisioning_picture_side(picture);
    for (unsigned row = 0; row < side; row += 2) {
        if (with_colours)
            expect(&rest, "\x1B[38;5;16;48;5;231m");
        for (unsigned column = 0; column < side; column++) {
            unsigned dark = take_halves(&rest);
            if (!with_colours)
                dark = 3 - dark;
            grid->dark[row][column] = (dark & 2U) != 0;
            grid->dark[row + 1][column] = (dark & 1U) != 0;
        }
        expect(&rest, with_colours ? "\x1B[0m\n" : "\n");
    }
    assert_int_equal(rest.length, 0);
    assert_same_modules(picture, grid);
    free(grid);
    buffer_free(&out);
}

static void a_drawing_in_the_terminal_shows_every_module(void **state) {
    (void)state;
    struct provisioning_picture picture = picture_of(SLICE("{\"a\":\"b\"}"));
    assert_drawing(&picture, true);
    assert_drawing(&picture, false);
    provisioning_picture_free(&picture);
}

/* ---- Base64 ---- */

static void base64_is_that_of_rfc_4648(void **state) {
    (void)state;
    static const char *const vectors[][2] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
        {"\xFB\xFF", "+/8="},
    };
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        struct buffer out = {0};
        base64_append(slice_from_string(vectors[i][0]), &out);
        assert_slice(buffer_slice(&out), vectors[i][1]);
        buffer_free(&out);
    }
}

static void base64_of_many_bytes_has_no_padding_within(void **state) {
    (void)state;
    size_t size = ((size_t)3 << 20) + 1;
    char *zeros = memory_allocate_zeroed(size, 1);
    struct buffer out = {0};
    base64_append((struct slice){.data = zeros, .length = size}, &out);
    assert_int_equal(out.length, (size + 2) / 3 * 4);
    assert_ptr_equal(memchr(out.data, '=', out.length), out.data + out.length - 2);
    buffer_free(&out);
    free(zeros);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scanner_reads_a_payload_byte_for_byte),
        cmocka_unit_test(a_scanner_reads_short_and_odd_bytes),
        cmocka_unit_test(a_scanner_reads_the_longest_contents_of_both_levels),
        cmocka_unit_test(a_label_is_made_to_stand_wear_while_it_fits),
        cmocka_unit_test(a_content_that_is_too_long_is_refused_with_both_sizes),
        cmocka_unit_test(the_quiet_zone_is_light_and_the_finders_stand_in_three_corners),
        cmocka_unit_test(every_pixel_of_a_png_is_that_of_its_module),
        cmocka_unit_test(a_png_at_the_largest_scale_of_the_largest_code_is_written),
        cmocka_unit_test(a_scale_out_of_bounds_is_refused),
        cmocka_unit_test(a_picture_that_libpng_refuses_leaves_the_output_as_it_was),
        cmocka_unit_test(an_svg_has_a_white_ground_and_every_dark_module),
        cmocka_unit_test(a_drawing_in_the_terminal_shows_every_module),
        cmocka_unit_test(base64_is_that_of_rfc_4648),
        cmocka_unit_test(base64_of_many_bytes_has_no_padding_within),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
