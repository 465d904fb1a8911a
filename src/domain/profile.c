#include "domain/profile.h"

static size_t count_code_points(struct slice text) {
    size_t count = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (((unsigned char)text.data[i] & 0xC0U) != 0x80U)
            count++;
    }
    return count;
}

static bool is_blank(struct slice text) {
    for (size_t i = 0; i < text.length; i++) {
        if ((unsigned char)text.data[i] > ' ')
            return false;
    }
    return true;
}

static struct error check_length(const char *property, struct slice text, size_t at_most) {
    size_t count = count_code_points(text);
    if (count > at_most)
        return error_make_for(ERROR_INVALID, property,
                              "The property '%s' may have at most %zu characters; %zu were given.",
                              property, at_most, count);
    return error_none();
}

struct error profile_changes_check(const struct profile_changes *changes, bool creating) {
    if (creating && !changes->has_display_name)
        return error_make_for(ERROR_INVALID, "displayName",
                              "The property 'displayName' is required: give the profile a name of "
                              "1 to %d characters.",
                              PROFILE_DISPLAY_NAME_AT_MOST);
    if (changes->has_display_name) {
        if (changes->display_name.data == NULL || is_blank(changes->display_name))
            return error_make_for(ERROR_INVALID, "displayName",
                                  "The property 'displayName' must not be null or blank: give the "
                                  "profile a name of 1 to %d characters.",
                                  PROFILE_DISPLAY_NAME_AT_MOST);
        struct error error =
            check_length("displayName", changes->display_name, PROFILE_DISPLAY_NAME_AT_MOST);
        if (error_is_set(&error))
            return error;
    }
    if (changes->has_description) {
        struct error error =
            check_length("description", changes->description, PROFILE_DESCRIPTION_AT_MOST);
        if (error_is_set(&error))
            return error;
    }
    return device_owner_changes_check(&changes->owner);
}

struct profile profile_make(enum profile_set set) {
    struct profile profile = {.set = set};
    if (set == PROFILE_SET_ANDROID_DEVICE_OWNER)
        profile.owner = device_owner_defaults();
    return profile;
}

void profile_apply_changes(struct profile *profile, const struct profile_changes *changes) {
    if (changes->has_display_name)
        profile->display_name = changes->display_name;
    if (changes->has_description)
        profile->description = changes->description;
    if (changes->has_provisioning)
        profile->provisioning = changes->provisioning;
    if (profile->set == PROFILE_SET_ANDROID_DEVICE_OWNER)
        device_owner_apply(&profile->owner, &changes->owner);
}
