#include "provisioning/picture.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <qrencode.h>
#include <stdlib.h>

#include "base/memory.h"

struct error provisioning_picture_make(struct slice content, struct provisioning_picture *picture) {
    *picture = (struct provisioning_picture){0};
    if (content.length == 0)
        return error_make(ERROR_INVALID, "There is nothing to put into a QR code.");
    if (content.length > PROVISIONING_PICTURE_CONTENT_AT_MOST)
        return error_make(ERROR_TOO_LARGE,
                          "The content has %zu bytes, and a QR code holds at most %d: shorten the "
                          "provisioning settings.",
                          content.length, PROVISIONING_PICTURE_CONTENT_AT_MOST);
    bool fits_level_m = content.length <= PROVISIONING_PICTURE_CONTENT_AT_LEVEL_M;
    QRcode *code = QRcode_encodeData((int)content.length, (const unsigned char *)content.data, 0,
                                     fits_level_m ? QR_ECLEVEL_M : QR_ECLEVEL_L);
    if (code == NULL)
        return error_make(ERROR_INTERNAL, "A QR code could not be made (libqrencode, errno %d).",
                          errno);
    picture->level = fits_level_m ? PROVISIONING_PICTURE_LEVEL_M : PROVISIONING_PICTURE_LEVEL_L;
    picture->width = (unsigned)code->width;
    size_t count = (size_t)picture->width * picture->width;
    picture->modules = memory_allocate(count);
    /* libqrencode keeps what a module is for in the upper bits. */
    for (size_t i = 0; i < count; i++)
        picture->modules[i] = code->data[i] & 1U;
    OPENSSL_cleanse(code->data, count);
    QRcode_free(code);
    return error_none();
}

void provisioning_picture_free(struct provisioning_picture *picture) {
    if (picture->modules != NULL)
        OPENSSL_cleanse(picture->modules, (size_t)picture->width * picture->width);
    free(picture->modules);
    *picture = (struct provisioning_picture){0};
}

unsigned provisioning_picture_side(const struct provisioning_picture *picture) {
    return picture->width + 2 * PROVISIONING_PICTURE_QUIET_ZONE;
}

bool provisioning_picture_is_dark(const struct provisioning_picture *picture, unsigned row,
                                  unsigned column) {
    if (row < PROVISIONING_PICTURE_QUIET_ZONE || column < PROVISIONING_PICTURE_QUIET_ZONE)
        return false;
    row -= PROVISIONING_PICTURE_QUIET_ZONE;
    column -= PROVISIONING_PICTURE_QUIET_ZONE;
    if (row >= picture->width || column >= picture->width)
        return false;
    return picture->modules[(size_t)row * picture->width + column] != 0;
}

/* One rectangle for each run of dark modules. */
static void append_row_path(const struct provisioning_picture *picture, unsigned row,
                            struct buffer *out) {
    unsigned side = provisioning_picture_side(picture);
    unsigned column = 0;
    while (column < side) {
        unsigned start = column;
        while (column < side && provisioning_picture_is_dark(picture, row, column))
            column++;
        if (column > start)
            buffer_append_format(out, "M%u %uh%uv1h-%uz", start, row, column - start,
                                 column - start);
        else
            column++;
    }
}

void provisioning_picture_write_svg(const struct provisioning_picture *picture,
                                    struct buffer *out) {
    unsigned side = provisioning_picture_side(picture);
    buffer_append_format(out,
                         "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"%u\" "
                         "viewBox=\"0 0 %u %u\" shape-rendering=\"crispEdges\">"
                         "<rect width=\"%u\" height=\"%u\" fill=\"#fff\"/><path fill=\"#000\" d=\"",
                         side * PROVISIONING_PICTURE_SCALE_DEFAULT,
                         side * PROVISIONING_PICTURE_SCALE_DEFAULT, side, side, side, side);
    for (unsigned row = 0; row < side; row++)
        append_row_path(picture, row, out);
    buffer_append_string(out, "\"/></svg>\n");
}

void provisioning_picture_draw(const struct provisioning_picture *picture, bool with_colours,
                               struct buffer *out) {
    static const char *const half_blocks[] = {
        " ",            /* nothing drawn */
        "\xE2\x96\x84", /* U+2584, the lower half */
        "\xE2\x96\x80", /* U+2580, the upper half */
        "\xE2\x96\x88", /* U+2588, both */
    };
    unsigned side = provisioning_picture_side(picture);
    for (unsigned row = 0; row < side; row += 2) {
        if (with_colours)
            buffer_append_string(out, "\x1B[38;5;16;48;5;231m");
        for (unsigned column = 0; column < side; column++) {
            unsigned upper = provisioning_picture_is_dark(picture, row, column) ? 2 : 0;
            unsigned lower = provisioning_picture_is_dark(picture, row + 1, column) ? 1 : 0;
            unsigned dark = upper | lower;
            buffer_append_string(out, half_blocks[with_colours ? dark : 3 - dark]);
        }
        buffer_append_string(out, with_colours ? "\x1B[0m\n" : "\n");
    }
}
