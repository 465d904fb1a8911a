#include "provisioning/settings_form.h"

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}

static bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

static bool is_letter(char c) {
    return is_lower(c) || is_upper(c);
}

static bool is_hexadecimal(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_url_safe(char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '_';
}

static bool is_host_character(char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == ':' || c == '[' || c == ']';
}

static bool is_visible(char c) {
    return c > ' ' && c < 0x7F;
}

static bool is_zone_character(char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '+' || c == '_';
}

static bool all(struct slice text, bool (*is_allowed)(char)) {
    for (size_t i = 0; i < text.length; i++) {
        if (!is_allowed(text.data[i]))
            return false;
    }
    return text.length > 0;
}

bool settings_form_has_control(struct slice text) {
    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte < 0x20 || byte == 0x7F)
            return true;
    }
    return false;
}

static bool is_java_name(struct slice name) {
    if (name.length == 0 || is_digit(name.data[0]))
        return false;
    for (size_t i = 0; i < name.length; i++) {
        char c = name.data[i];
        if (!is_letter(c) && !is_digit(c) && c != '_' && c != '$')
            return false;
    }
    return true;
}

/* How many Java names with dots between them; 0 when it is something else. */
static size_t count_java_names(struct slice text) {
    size_t count = 0;
    struct slice name;
    while (slice_cut(&text, '.', &name)) {
        if (!is_java_name(name))
            return 0;
        count++;
    }
    return count;
}

bool settings_form_is_component(struct slice text) {
    struct slice class_name = text;
    struct slice package;
    if (!slice_cut(&class_name, '/', &package) || class_name.length == 0)
        return false;
    if (count_java_names(package) < 2)
        return false;
    if (class_name.data[0] == '.')
        return count_java_names(slice_skip(class_name, 1)) > 0;
    return count_java_names(class_name) > 1;
}

/* 43 characters hold 258 bits, so the last one ends in two zero bits. */
bool settings_form_is_digest(struct slice text) {
    return text.length == 43 && all(text, is_url_safe) &&
           strchr("AEIMQUYcgkosw048", text.data[42]) != NULL;
}

static bool is_url_of(struct slice text, struct slice scheme) {
    if (!slice_starts_with(text, scheme) || !all(text, is_visible))
        return false;
    struct slice rest = slice_skip(text, scheme.length);
    size_t host = 0;
    while (host < rest.length && is_host_character(rest.data[host]))
        host++;
    bool ends_well = host == rest.length || strchr("/?#", rest.data[host]) != NULL;
    return host > 0 && rest.data[0] != ':' && ends_well;
}

bool settings_form_is_https_url(struct slice text) {
    return is_url_of(text, SLICE("https://"));
}

bool settings_form_is_url(struct slice text) {
    return settings_form_is_https_url(text) || is_url_of(text, SLICE("http://"));
}

bool settings_form_is_loopback_url(struct slice text) {
    static const char *const hosts[] = {"http://localhost", "http://127.0.0.1", "http://[::1]"};
    if (!is_url_of(text, SLICE("http://")))
        return false;
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        struct slice host = slice_from_string(hosts[i]);
        if (!slice_starts_with(text, host))
            continue;
        struct slice rest = slice_skip(text, host.length);
        return rest.length == 0 || rest.data[0] == ':' || rest.data[0] == '/';
    }
    return false;
}

bool settings_form_is_host(struct slice text) {
    return all(text, is_host_character);
}

static bool is_script(struct slice part) {
    return part.length == 4 && is_upper(part.data[0]) && all(slice_skip(part, 1), is_lower);
}

static bool is_region(struct slice part) {
    return (part.length == 2 && all(part, is_upper)) || (part.length == 3 && all(part, is_digit));
}

bool settings_form_is_locale(struct slice text) {
    struct slice part;
    if (!slice_cut(&text, '_', &part) || part.length < 2 || part.length > 3 || !all(part, is_lower))
        return false;
    if (text.data == NULL)
        return true;
    if (!slice_cut(&text, '_', &part))
        return false;
    if (is_script(part)) {
        if (!slice_cut(&text, '_', &part))
            return false;
    }
    return is_region(part) && text.data == NULL;
}

bool settings_form_is_time_zone(struct slice text) {
    size_t parts = 0;
    struct slice part;
    if (text.length == 0 || !is_letter(text.data[0]))
        return false;
    while (slice_cut(&text, '/', &part)) {
        if (!all(part, is_zone_character))
            return false;
        parts++;
    }
    return parts <= 3;
}

bool settings_form_is_wpa_key(struct slice text) {
    return text.length == 64 && all(text, is_hexadecimal);
}

bool settings_form_is_wep_key(struct slice text) {
    switch (text.length) {
    case 5:
    case 13:
    case 16:
        return true;
    case 10:
    case 26:
        return all(text, is_hexadecimal);
    default:
        return false;
    }
}
