/* A QR code (ISO/IEC 18004) and the pictures of it: PNG, SVG and a terminal.
 *
 * Every picture has the quiet zone of four modules that the standard asks for. Any thread. */
#ifndef MUSTER_PROVISIONING_PICTURE_H
#define MUSTER_PROVISIONING_PICTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/slice.h"

/* Bytes of content in byte mode, version 40: at level M, which stands a smudged or torn label (15 %
 * of the code), and at level L (7 %), which holds the most. */
#define PROVISIONING_PICTURE_CONTENT_AT_LEVEL_M 2331
#define PROVISIONING_PICTURE_CONTENT_AT_MOST 2953

#define PROVISIONING_PICTURE_QUIET_ZONE 4 /* modules on each side */
#define PROVISIONING_PICTURE_WIDTH_AT_MOST 177

/* Pixels a module in a PNG. At 8 the largest code is 1,480 pixels wide. */
#define PROVISIONING_PICTURE_SCALE_DEFAULT 8
#define PROVISIONING_PICTURE_SCALE_AT_MOST 32

enum provisioning_picture_level { PROVISIONING_PICTURE_LEVEL_L, PROVISIONING_PICTURE_LEVEL_M };

/* The modules without the quiet zone. All zero is an empty picture. */
struct provisioning_picture {
    unsigned width;   /* modules on a side: 21 to 177 */
    uint8_t *modules; /* width * width, row by row: 1 is dark */
    enum provisioning_picture_level level;
};

/* Makes the code of content, which may be any bytes, in byte mode: at level M where it fits, else
 * at level L; the smallest version that holds it. ERROR_TOO_LARGE with the size and the limit for
 * more than PROVISIONING_PICTURE_CONTENT_AT_MOST bytes, ERROR_INVALID for none. End with
 * provisioning_picture_free, which also wipes it. */
struct error provisioning_picture_make(struct slice content,
                                       struct provisioning_picture *picture) MUST_CHECK;
void provisioning_picture_free(struct provisioning_picture *picture);

/* Modules on a side with the quiet zone. */
unsigned provisioning_picture_side(const struct provisioning_picture *picture);

/* Whether a module is dark, counted from the quiet zone's corner; outside is light. */
bool provisioning_picture_is_dark(const struct provisioning_picture *picture, unsigned row,
                                  unsigned column);

/* Appends a PNG (ISO/IEC 15948) of one bit a pixel with scale pixels a module. ERROR_INVALID for a
 * scale that is not 1 to PROVISIONING_PICTURE_SCALE_AT_MOST, ERROR_INTERNAL when libpng fails; out
 * is then as it was. */
struct error provisioning_picture_write_png(const struct provisioning_picture *picture,
                                            unsigned scale, struct buffer *out) MUST_CHECK;

/* Appends an SVG document: a white square and one black path, a module being one unit. */
void provisioning_picture_write_svg(const struct provisioning_picture *picture, struct buffer *out);

/* Appends lines of half blocks (UTF-8), two rows of modules a line. With colours each line sets
 * black on white by escape sequences (256 colours) and can be scanned on any background; without,
 * the light modules are drawn, which is right where the terminal writes light on dark. */
void provisioning_picture_draw(const struct provisioning_picture *picture, bool with_colours,
                               struct buffer *out);

#endif
