/* The members of the settings as a table, so that setting, merging and checking read one list.
 * Only for this folder. */
#ifndef MUSTER_PROVISIONING_SETTINGS_MEMBER_H
#define MUSTER_PROVISIONING_SETTINGS_MEMBER_H

#include <stddef.h>

#include "provisioning/settings.h"

enum settings_member_kind {
    SETTINGS_MEMBER_TEXT,
    SETTINGS_MEMBER_PRESET,
    SETTINGS_MEMBER_CHOICE,
    SETTINGS_MEMBER_WIFI_SECURITY,
    SETTINGS_MEMBER_PORT,
};

/* What a member hangs on: it is not inherited by a profile that changes that. */
enum settings_member_bond {
    BOND_PRESET = 1,
    BOND_CHECKSUM = 2,
    BOND_WIFI = 4,
    BOND_PROXY = 8,
};

struct settings_member {
    const char *name;
    enum settings_member_kind kind;
    size_t offset;   /* in struct provisioning_settings */
    unsigned bonds;  /* enum settings_member_bond */
    unsigned breaks; /* the bonds that a profile cuts by giving this member */
    size_t at_most;  /* bytes of a text */
};

#define SETTINGS_MEMBER_COUNT 21

extern const struct settings_member settings_members[SETTINGS_MEMBER_COUNT];

/* NULL when there is none of that name. */
const struct settings_member *settings_member_find(struct slice name);

static inline const struct slice *settings_member_text(const struct provisioning_settings *settings,
                                                       const struct settings_member *member) {
    return (const struct slice *)(const void *)((const char *)settings + member->offset);
}

#endif
