#include "service/codes.h"

#include <openssl/crypto.h>

#include "provisioning/base64.h"
#include "provisioning/picture.h"
#include "provisioning/settings_json.h"
#include "service/picture_cache.h"
#include "service/tokens.h"

static struct error effective(const struct service *service, struct slice provisioning,
                              struct arena *arena, struct provisioning_settings *settings) {
    static const struct provisioning_settings nothing;
    const struct provisioning_settings *server =
        service->provisioning == NULL ? &nothing : service->provisioning;
    *settings = *server;
    if (provisioning.data == NULL)
        return error_none();
    struct provisioning_settings own;
    struct error error = provisioning_settings_parse_json(provisioning, arena, &own);
    if (!error_is_set(&error))
        *settings = provisioning_settings_merge(server, &own);
    return error;
}

struct error codes_check(const struct service *service, struct slice provisioning,
                         struct arena *arena) {
    struct provisioning_settings settings;
    struct error error = effective(service, provisioning, arena, &settings);
    if (!error_is_set(&error))
        error = provisioning_settings_check(&settings);
    if (!error_is_set(&error))
        error = provisioning_payload_check_size(&settings, AUTHORITY_TEXT_SIZE - 1);
    if (!error_is_set(&error))
        return error;
    const char *target = arena_format(arena, "@muster.provisioning%s%s",
                                      error.target[0] == '\0' ? "" : ".", error.target)
                             .data;
    return error_make_for(error.code, target, "%s", error.message);
}

static bool write_anew(const struct service *service, const struct profile *profile,
                       enum provisioning_format format, struct slice token, struct arena *arena,
                       struct buffer *payload) {
    struct provisioning_settings settings;
    struct error error = effective(service, profile->provisioning, arena, &settings);
    if (!error_is_set(&error) && !provisioning_settings_name_controller(&settings))
        return false;
    /* They passed when they were written, but the server's own may have changed since. */
    if (!error_is_set(&error) && profile->provisioning.data != NULL)
        error = provisioning_settings_check(&settings);
    if (!error_is_set(&error))
        error = provisioning_payload_write(&settings, format, token, payload);
    /* A code that cannot be made is no reason to hide the profile. */
    if (error_is_set(&error))
        LOG(service->log, LOG_LEVEL_WARNING, "enrollment code cannot be made",
            log_guid("profile", profile->id), log_string("target", error.target),
            log_string("error", error.message));
    return !error_is_set(&error);
}

/* The usual case, as profiles seldom have settings of their own. */
static bool write_from_template(const struct service *service, const struct profile *profile,
                                enum provisioning_format format, struct slice token,
                                struct buffer *payload) {
    return format == PROVISIONING_FORMAT_QR && profile->provisioning.data == NULL &&
           service->qr_payload != NULL &&
           payload_template_write(service->qr_payload, token, payload);
}

bool codes_write_payload(const struct service *service, const struct profile *profile, instant now,
                         enum provisioning_format format, struct arena *arena,
                         struct buffer *payload) {
    char token[AUTHORITY_TEXT_SIZE];
    if (tokens_live_value(service, profile, now, token) == NULL)
        return false;
    bool is_written =
        write_from_template(service, profile, format, slice_from_string(token), payload) ||
        write_anew(service, profile, format, slice_from_string(token), arena, payload);
    OPENSSL_cleanse(token, sizeof token);
    return is_written;
}

static bool draw(const struct service *service, struct slice payload, struct buffer *base64) {
    struct provisioning_picture picture = {0};
    struct buffer png = {0};
    struct error error = provisioning_picture_make(payload, &picture);
    if (!error_is_set(&error))
        error = provisioning_picture_write_png(&picture, PROVISIONING_PICTURE_SCALE_DEFAULT, &png);
    if (error_is_set(&error))
        LOG(service->log, LOG_LEVEL_WARNING, "QR code cannot be drawn",
            log_string("error", error.message));
    else
        base64_append(buffer_slice(&png), base64);
    provisioning_picture_free(&picture);
    if (png.length > 0)
        OPENSSL_cleanse(png.data, png.length);
    buffer_free(&png);
    return !error_is_set(&error);
}

bool codes_write_picture(const struct service *service, struct slice payload,
                         struct buffer *base64) {
    if (service->pictures == NULL)
        return draw(service, payload, base64);
    if (picture_cache_find(service->pictures, payload, base64))
        return true;
    size_t start = base64->length;
    if (!draw(service, payload, base64))
        return false;
    picture_cache_add(
        service->pictures, payload,
        (struct slice){.data = base64->data + start, .length = base64->length - start});
    return true;
}
