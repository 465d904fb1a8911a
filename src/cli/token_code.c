#include "cli/token_code.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "cli/commands.h"
#include "provisioning/picture.h"

static const struct {
    const char *name;
    const char *property;
} formats[] = {
    {"qr", "qrCodeContent"},
    {"zero-touch", "@muster.zeroTouch"},
    {"knox", "@muster.knox"},
};

bool token_code_is_wanted(const struct verb_flags *flags) {
    return flags->qr || flags->png != NULL || flags->svg != NULL || flags->format != NULL;
}

static bool write_all(int file, const struct buffer *content) {
    size_t written = 0;
    while (written < content->length) {
        ssize_t count = write(file, content->data + written, content->length - written);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        written += (size_t)count;
    }
    return true;
}

/* A rename would put a file in the place of a link or a device: for root, of /dev/null. */
static bool may_be_replaced(const char *path) {
    struct stat found;
    return lstat(path, &found) != 0 || S_ISREG(found.st_mode);
}

/* Written under another name first, so that nobody sees half a picture. */
static int write_file(const char *path, const struct buffer *content) {
    if (!may_be_replaced(path)) {
        (void)fprintf(
            stderr, "muster token: %s is there and is no regular file; give another name\n", path);
        return COMMAND_FAILED;
    }
    struct arena arena = {0};
    const char *unfinished = arena_format(&arena, "%s.%ld.tmp", path, (long)getpid()).data;
    int file = open(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    bool written = file >= 0 && write_all(file, content);
    if (file >= 0 && close(file) != 0)
        written = false;
    if (written && rename(unfinished, path) != 0)
        written = false;
    if (!written) {
        (void)fprintf(stderr, "muster token: %s cannot be written: %s\n", path, strerror(errno));
        if (file >= 0)
            (void)unlink(unfinished);
    }
    arena_free(&arena);
    return written ? COMMAND_DONE : COMMAND_FAILED;
}

static int draw(const struct verb_flags *flags, const struct provisioning_picture *picture,
                struct buffer *content) {
    int result = COMMAND_DONE;
    if (flags->qr) {
        provisioning_picture_draw(picture, isatty(STDOUT_FILENO) == 1, content);
        (void)fwrite(content->data, 1, content->length, stdout);
    }
    if (flags->png != NULL) {
        buffer_clear(content);
        struct error error =
            provisioning_picture_write_png(picture, PROVISIONING_PICTURE_SCALE_DEFAULT, content);
        if (error_is_set(&error))
            (void)fprintf(stderr, "muster token: %s\n", error.message);
        result = error_is_set(&error) ? COMMAND_FAILED : write_file(flags->png, content);
    }
    if (flags->svg != NULL && result == COMMAND_DONE) {
        buffer_clear(content);
        provisioning_picture_write_svg(picture, content);
        result = write_file(flags->svg, content);
    }
    return result;
}

static int draw_content(const struct verb_flags *flags, const char *qr_code_content) {
    struct provisioning_picture picture = {0};
    struct buffer content = {0};
    struct error error = provisioning_picture_make(slice_from_string(qr_code_content), &picture);
    int result = COMMAND_FAILED;
    if (error_is_set(&error))
        (void)fprintf(stderr, "muster token: %s\n", error.message);
    else
        result = draw(flags, &picture, &content);
    if (content.length > 0)
        OPENSSL_cleanse(content.data, content.length);
    buffer_free(&content);
    provisioning_picture_free(&picture);
    return result;
}

static int report_no_code(void) {
    (void)fputs("muster token: the profile has no enrollment code: the server's section "
                "[provisioning], or the profile, must name a device policy controller\n",
                stderr);
    return COMMAND_FAILED;
}

static int print_payload(const char *format, const json_t *profile) {
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (strcmp(format, formats[i].name) != 0)
            continue;
        const char *payload = json_string_value(json_object_get(profile, formats[i].property));
        if (payload == NULL)
            return report_no_code();
        (void)puts(payload);
        return COMMAND_DONE;
    }
    (void)fprintf(stderr, "muster token: --format must be qr, zero-touch or knox; it is '%s'\n",
                  format);
    return COMMAND_MISUSED;
}

int token_code_write(const struct verb_flags *flags, const json_t *profile) {
    if (flags->png != NULL && flags->svg != NULL && strcmp(flags->png, flags->svg) == 0) {
        (void)fputs("muster token: --png and --svg must name two files\n", stderr);
        return COMMAND_MISUSED;
    }
    if (flags->format != NULL) {
        int result = print_payload(flags->format, profile);
        if (result != COMMAND_DONE)
            return result;
    }
    if (!flags->qr && flags->png == NULL && flags->svg == NULL)
        return COMMAND_DONE;
    const char *content = json_string_value(json_object_get(profile, "qrCodeContent"));
    return content == NULL ? report_no_code() : draw_content(flags, content);
}
