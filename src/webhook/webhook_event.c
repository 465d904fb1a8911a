#include "webhook/webhook_event.h"

#include <jansson.h>

static const struct {
    const char *name;
    const char *count; /* a member of the row's details that must be above 0; NULL: none */
    enum audit_activity activity;
    bool also_without; /* rows that were written before there was such a member lack it */
} catalogue[] = {
    [WEBHOOK_TOKEN_REPLACED] = {"token.replaced", "replacedTokens", AUDIT_TOKEN_CREATED, false},
    [WEBHOOK_TOKEN_CREATED] = {"token.created", NULL, AUDIT_TOKEN_CREATED, false},
    [WEBHOOK_TOKEN_REVOKED] = {"token.revoked", "revokedTokens", AUDIT_TOKEN_REVOKED, false},
    [WEBHOOK_TOKEN_EXPIRING] = {"token.expiring", NULL, AUDIT_TOKEN_EXPIRING, false},
    [WEBHOOK_TOKEN_EXPIRED] = {"token.expired", NULL, AUDIT_TOKEN_EXPIRED, false},
    [WEBHOOK_DEVICE_ENROLLED] = {"device.enrolled", NULL, AUDIT_DEVICE_ENROLLED, false},
    [WEBHOOK_DEVICE_REFUSED] = {"device.refused", NULL, AUDIT_DEVICE_REFUSED, false},
    [WEBHOOK_DEVICE_RETIRED] = {"device.retired", "wasEnrolled", AUDIT_DEVICE_RETIRED, true},
    [WEBHOOK_DEVICE_LEFT] = {"device.left", NULL, AUDIT_DEVICE_LEFT, false},
    [WEBHOOK_DEVICE_DELETED] = {"device.deleted", NULL, AUDIT_DEVICE_DELETED, false},
};
_Static_assert(sizeof catalogue / sizeof catalogue[0] == WEBHOOK_EVENT_COUNT, "each has its row");

/* The byte of an audit event's id that is 0 there: 1 for the second event of a row. */
#define ID_BYTE_OF_PART 5

const char *webhook_event_name(enum webhook_event_kind kind) {
    return catalogue[kind].name;
}

bool webhook_event_find(struct slice name, enum webhook_event_kind *kind) {
    for (size_t i = 0; i < WEBHOOK_EVENT_COUNT; i++) {
        if (!slice_equals_string(name, catalogue[i].name))
            continue;
        *kind = (enum webhook_event_kind)i;
        return true;
    }
    return false;
}

uint64_t webhook_event_activities(unsigned events) {
    uint64_t activities = 0;
    for (size_t i = 0; i < WEBHOOK_EVENT_COUNT; i++) {
        if ((events & 1U << i) != 0)
            activities |= UINT64_C(1) << catalogue[i].activity;
    }
    return activities;
}

static bool is_counted(const struct audit_record *record, enum webhook_event_kind kind) {
    if (catalogue[kind].count == NULL)
        return true;
    json_t *details = record->details.length == 0
                          ? NULL
                          : json_loadb(record->details.data, record->details.length, 0, NULL);
    const json_t *count = json_object_get(details, catalogue[kind].count);
    bool is_told = count == NULL ? catalogue[kind].also_without : json_integer_value(count) > 0;
    json_decref(details);
    return is_told;
}

size_t webhook_event_of_row(const struct store_event *event, unsigned wanted,
                            enum webhook_event_kind kinds[static WEBHOOK_EVENTS_OF_ROW_AT_MOST]) {
    size_t count = 0;
    for (size_t i = 0; i < WEBHOOK_EVENT_COUNT && count < WEBHOOK_EVENTS_OF_ROW_AT_MOST; i++) {
        if ((wanted & 1U << i) != 0 && catalogue[i].activity == event->record.activity &&
            is_counted(&event->record, (enum webhook_event_kind)i))
            kinds[count++] = (enum webhook_event_kind)i;
    }
    return count;
}

struct guid webhook_event_id(enum webhook_event_kind kind, const struct store_event *event) {
    struct guid id = audit_id_make(event->record.row);
    if (kind == WEBHOOK_TOKEN_REPLACED)
        id.bytes[ID_BYTE_OF_PART] = 1;
    return id;
}
