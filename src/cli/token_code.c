#include "cli/token_code.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/secret_file.h"
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
        result =
            error_is_set(&error) ? COMMAND_FAILED : secret_file_write("token", flags->png, content);
    }
    if (flags->svg != NULL && result == COMMAND_DONE) {
        buffer_clear(content);
        provisioning_picture_write_svg(picture, content);
        result = secret_file_write("token", flags->svg, content);
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

int token_code_report_none(void) {
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
            return token_code_report_none();
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
    return content == NULL ? token_code_report_none() : draw_content(flags, content);
}
