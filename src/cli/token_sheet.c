#include "cli/token_sheet.h"

#include <openssl/crypto.h>
#include <stdio.h>

#include "cli/commands.h"
#include "cli/secret_file.h"
#include "cli/token_code.h"
#include "provisioning/picture.h"

#define COPIES_DEFAULT 6 /* a page */
#define COPIES_AT_MOST 600

/* Two by three labels fit on A4 as on US Letter. A code of the largest size has modules of 0.37 mm
 * at 68 mm, which a phone still reads. A browser prints the page, because a browser has the fonts
 * for every name. */
static const char head[] =
    "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" "
    "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    "<title>Enrollment labels</title>\n<style>\n"
    "@page { margin: 7mm }\n"
    "body { margin: 0; orphans: 1; widows: 1; font: 3.5mm/1.3 sans-serif; color: #000; background: "
    "#fff }\n"
    ".label { box-sizing: border-box; width: 95mm; height: 88mm; padding: 2mm;\n"
    "  display: inline-block; vertical-align: top; overflow: hidden; text-align: center;\n"
    "  border: 0.1mm dashed #999 }\n"
    ".label svg { display: block; width: 68mm; height: 68mm; margin: 0 auto }\n"
    ".label p { margin: 0; white-space: nowrap; overflow: hidden; text-overflow: ellipsis }\n"
    ".name { font-weight: bold }\n"
    ".token { font-family: monospace }\n"
    "</style>\n</head>\n<body>\n";
static const char foot[] = "</body>\n</html>\n";

static void append_escaped(struct buffer *out, const char *text) {
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '<':
            buffer_append_string(out, "&lt;");
            break;
        case '>':
            buffer_append_string(out, "&gt;");
            break;
        case '&':
            buffer_append_string(out, "&amp;");
            break;
        case '"':
            buffer_append_string(out, "&quot;");
            break;
        default:
            buffer_append_byte(out, *text);
        }
    }
}

static void append_line(struct buffer *out, const char *class, const char *words,
                        const json_t *profile, const char *property) {
    const char *text = json_string_value(json_object_get(profile, property));
    buffer_append_format(out, "<p class=\"%s\">%s", class, words);
    append_escaped(out, text == NULL ? "" : text);
    buffer_append_string(out, "</p>\n");
}

static void append_label(struct buffer *out, const struct provisioning_picture *picture,
                         const json_t *profile) {
    buffer_append_string(out, "<div class=\"label\">\n");
    provisioning_picture_write_svg(picture, out);
    append_line(out, "name", "", profile, "displayName");
    append_line(out, "token", "", profile, "tokenValue");
    append_line(out, "expires", "until ", profile, "tokenExpirationDateTime");
    buffer_append_string(out, "</div>\n");
}

static int read_copies(const struct verb_flags *flags, uint64_t *copies) {
    *copies = COPIES_DEFAULT;
    if (flags->copies == NULL ||
        (slice_parse_unsigned(slice_from_string(flags->copies), COPIES_AT_MOST, copies) &&
         *copies > 0))
        return COMMAND_DONE;
    (void)fprintf(stderr, "muster token: --copies must be a whole number from 1 to %d\n",
                  COPIES_AT_MOST);
    return COMMAND_MISUSED;
}

static int write_sheet(const char *path, const struct provisioning_picture *picture,
                       const json_t *profile, uint64_t copies) {
    struct buffer page = {0};
    buffer_append_string(&page, head);
    for (uint64_t i = 0; i < copies; i++)
        append_label(&page, picture, profile);
    buffer_append_string(&page, foot);
    int result = secret_file_write("token", path, &page);
    OPENSSL_cleanse(page.data, page.length);
    buffer_free(&page);
    return result;
}

int token_sheet_write(const struct verb_flags *flags, const json_t *profile) {
    uint64_t copies = 0;
    int result = read_copies(flags, &copies);
    if (result != COMMAND_DONE)
        return result;
    const char *content = json_string_value(json_object_get(profile, "qrCodeContent"));
    if (content == NULL)
        return token_code_report_none();
    struct provisioning_picture picture = {0};
    struct error error = provisioning_picture_make(slice_from_string(content), &picture);
    if (error_is_set(&error)) {
        (void)fprintf(stderr, "muster token: %s\n", error.message);
        result = COMMAND_FAILED;
    } else {
        result = write_sheet(flags->html, &picture, profile, copies);
    }
    provisioning_picture_free(&picture);
    return result;
}
