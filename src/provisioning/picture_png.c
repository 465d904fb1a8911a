#include "provisioning/picture.h"

#include <png.h>
#include <setjmp.h>
#include <zlib.h>

/* Everything that outlives a jump out of libpng lives here, behind a pointer, so that no local
 * variable can be lost by it. */
struct png_job {
    const struct provisioning_picture *picture;
    unsigned scale;
    struct buffer *out;
    png_structp png;
    png_infop info;
    uint8_t row[((PROVISIONING_PICTURE_WIDTH_AT_MOST + 2 * PROVISIONING_PICTURE_QUIET_ZONE) *
                     PROVISIONING_PICTURE_SCALE_AT_MOST +
                 7) /
                8];
};

static void on_data(png_structp png, png_bytep data, png_size_t length) {
    struct png_job *job = png_get_io_ptr(png);
    buffer_append(job->out, data, length);
}

static void on_flush(png_structp png) {
    (void)png;
}

static _Noreturn void on_error(png_structp png, png_const_charp message) {
    (void)message;
    png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp message) {
    (void)png;
    (void)message;
}

/* A set bit is a white pixel. */
static void fill_row(struct png_job *job, unsigned row) {
    memset(job->row, 0xFF, sizeof job->row);
    unsigned side = provisioning_picture_side(job->picture);
    for (unsigned column = 0; column < side; column++) {
        if (!provisioning_picture_is_dark(job->picture, row, column))
            continue;
        for (unsigned x = column * job->scale; x < (column + 1) * job->scale; x++)
            job->row[x / 8] &= (uint8_t) ~(0x80U >> (x % 8));
    }
}

/* May jump to the place that encode() has set. */
static void write_image(struct png_job *job) {
    unsigned side = provisioning_picture_side(job->picture);
    unsigned pixels = side * job->scale;
    png_set_write_fn(job->png, job, on_data, on_flush);
    /* Rows repeat, so what differs from the row above is mostly runs of zeros: a third of the time
     * of the usual search for repetitions, for one and a half times the bytes. */
    png_set_filter(job->png, PNG_FILTER_TYPE_BASE, PNG_FILTER_UP);
    png_set_compression_strategy(job->png, Z_RLE);
    png_set_IHDR(job->png, job->info, pixels, pixels, 1, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(job->png, job->info);
    for (unsigned row = 0; row < side; row++) {
        fill_row(job, row);
        for (unsigned repeat = 0; repeat < job->scale; repeat++)
            png_write_row(job->png, job->row);
    }
    png_write_end(job->png, job->info);
}

static bool encode(struct png_job *job) {
    job->info = png_create_info_struct(job->png);
    if (job->info == NULL)
        return false;
    if (setjmp(png_jmpbuf(job->png)) != 0)
        return false;
    write_image(job);
    return true;
}

struct error provisioning_picture_write_png(const struct provisioning_picture *picture,
                                            unsigned scale, struct buffer *out) {
    if (scale < 1 || scale > PROVISIONING_PICTURE_SCALE_AT_MOST)
        return error_make_for(ERROR_INVALID, "scale",
                              "The scale must be 1 to %d pixels a module; %u was given.",
                              PROVISIONING_PICTURE_SCALE_AT_MOST, scale);
    struct png_job job = {.picture = picture, .scale = scale, .out = out};
    size_t length_before = out->length;
    bool is_written = false;
    job.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, on_error, on_warning);
    if (job.png != NULL)
        is_written = encode(&job);
    png_destroy_write_struct(&job.png, &job.info);
    if (is_written)
        return error_none();
    out->length = length_before;
    return error_make(ERROR_INTERNAL, "The picture of the QR code could not be written.");
}
