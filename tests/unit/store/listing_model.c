#include "listing_model.h"

#include <string.h>

#include "base/guid.h"

static const enum field_type profile_types[PROFILE_FIELD_COUNT] = {
    [PROFILE_FIELD_ACCOUNT_ID] = FIELD_GUID,
    [PROFILE_FIELD_ID] = FIELD_GUID,
    [PROFILE_FIELD_DISPLAY_NAME] = FIELD_TEXT,
    [PROFILE_FIELD_DESCRIPTION] = FIELD_TEXT,
    [PROFILE_FIELD_CREATED] = FIELD_INSTANT,
    [PROFILE_FIELD_LAST_MODIFIED] = FIELD_INSTANT,
    [PROFILE_FIELD_TOKEN_EXPIRATION] = FIELD_INSTANT,
    [PROFILE_FIELD_ENROLLED_DEVICE_COUNT] = FIELD_INTEGER,
    [PROFILE_FIELD_TOKEN_CREATED] = FIELD_INSTANT,
    [PROFILE_FIELD_TOKEN_ENROLLMENTS] = FIELD_INTEGER,
    [PROFILE_FIELD_ENROLLMENT_MODE] = FIELD_INTEGER,
    [PROFILE_FIELD_ENROLLMENT_TOKEN_TYPE] = FIELD_INTEGER,
    [PROFILE_FIELD_CONFIGURE_WIFI] = FIELD_BOOLEAN,
    [PROFILE_FIELD_WIFI_SSID] = FIELD_TEXT,
    [PROFILE_FIELD_WIFI_SECURITY_TYPE] = FIELD_INTEGER,
    [PROFILE_FIELD_WIFI_HIDDEN] = FIELD_BOOLEAN,
    [PROFILE_FIELD_IS_TEAMS_DEVICE_PROFILE] = FIELD_BOOLEAN,
};
const struct model_kind model_of_profiles = {profile_types, PROFILE_FIELD_ENROLLMENT_MODE, false};
const struct model_kind model_of_owner_profiles = {profile_types, PROFILE_FIELD_COUNT, false};

static const enum field_type device_types[DEVICE_FIELD_COUNT] = {
    [DEVICE_FIELD_ID] = FIELD_GUID,
    [DEVICE_FIELD_NAME] = FIELD_TEXT,
    [DEVICE_FIELD_OWNER_TYPE] = FIELD_TEXT,
    [DEVICE_FIELD_ENROLLED] = FIELD_INSTANT,
    [DEVICE_FIELD_LAST_SYNC] = FIELD_INSTANT,
    [DEVICE_FIELD_OPERATING_SYSTEM] = FIELD_TEXT,
    [DEVICE_FIELD_OS_VERSION] = FIELD_TEXT,
    [DEVICE_FIELD_ENROLLMENT_TYPE] = FIELD_TEXT,
    [DEVICE_FIELD_REGISTRATION_STATE] = FIELD_TEXT,
    [DEVICE_FIELD_MANAGEMENT_STATE] = FIELD_TEXT,
    [DEVICE_FIELD_MODEL] = FIELD_TEXT,
    [DEVICE_FIELD_MANUFACTURER] = FIELD_TEXT,
    [DEVICE_FIELD_IMEI] = FIELD_TEXT,
    [DEVICE_FIELD_SERIAL_NUMBER] = FIELD_TEXT,
    [DEVICE_FIELD_PROFILE_NAME] = FIELD_TEXT,
};
const struct model_kind model_of_devices = {device_types, DEVICE_FIELD_COUNT, false};

static const enum field_type event_types[AUDIT_FIELD_COUNT] = {
    [AUDIT_FIELD_AT] = FIELD_INSTANT,
    [AUDIT_FIELD_ACTIVITY] = FIELD_INTEGER,
    [AUDIT_FIELD_REFUSED] = FIELD_INTEGER,
    [AUDIT_FIELD_CORRELATION] = FIELD_GUID,
};
const struct model_kind model_of_events = {event_types, AUDIT_FIELD_COUNT, true};

static struct filter_value of_text(struct slice text) {
    if (text.data == NULL)
        return (struct filter_value){.kind = FILTER_VALUE_NULL};
    return (struct filter_value){.kind = FILTER_VALUE_TEXT, .text = text};
}

static struct filter_value of_string(const char *text) {
    return of_text(slice_from_string(text));
}

static struct filter_value of_guid(const struct guid *guid) {
    return (struct filter_value){.kind = FILTER_VALUE_GUID, .guid = *guid};
}

static struct filter_value of_integer(int64_t integer) {
    return (struct filter_value){.kind = FILTER_VALUE_INTEGER, .integer = integer};
}

struct model_record model_from_profile(const struct profile *profile) {
    struct model_record record = {.row = profile->row};
    record.values[PROFILE_FIELD_ACCOUNT_ID] = of_guid(&profile->account_id);
    record.values[PROFILE_FIELD_ID] = of_guid(&profile->id);
    record.values[PROFILE_FIELD_DISPLAY_NAME] = of_text(profile->display_name);
    record.values[PROFILE_FIELD_DESCRIPTION] = of_text(profile->description);
    record.values[PROFILE_FIELD_CREATED] = of_integer(profile->created);
    record.values[PROFILE_FIELD_LAST_MODIFIED] = of_integer(profile->last_modified);
    record.values[PROFILE_FIELD_TOKEN_EXPIRATION] = of_integer(
        profile->token.id == 0 ? INSTANT_NEVER : token_effective_expiry(&profile->token));
    record.values[PROFILE_FIELD_ENROLLED_DEVICE_COUNT] = of_integer(profile->enrolled_device_count);
    record.values[PROFILE_FIELD_TOKEN_CREATED] =
        of_integer(profile->token.id == 0 ? INSTANT_NEVER : profile->token.created);
    record.values[PROFILE_FIELD_TOKEN_ENROLLMENTS] = of_integer(profile->token.enrollments);
    const union device_owner_value *owner = profile->owner.values;
    record.values[PROFILE_FIELD_ENROLLMENT_MODE] =
        of_integer(owner[DEVICE_OWNER_ENROLLMENT_MODE].number);
    record.values[PROFILE_FIELD_ENROLLMENT_TOKEN_TYPE] =
        of_integer(owner[DEVICE_OWNER_ENROLLMENT_TOKEN_TYPE].number);
    record.values[PROFILE_FIELD_CONFIGURE_WIFI] =
        of_integer(owner[DEVICE_OWNER_CONFIGURE_WIFI].number);
    record.values[PROFILE_FIELD_WIFI_SSID] = of_text(owner[DEVICE_OWNER_WIFI_SSID].text);
    record.values[PROFILE_FIELD_WIFI_SECURITY_TYPE] =
        of_integer(owner[DEVICE_OWNER_WIFI_SECURITY_TYPE].number);
    record.values[PROFILE_FIELD_WIFI_HIDDEN] = of_integer(owner[DEVICE_OWNER_WIFI_HIDDEN].number);
    record.values[PROFILE_FIELD_IS_TEAMS_DEVICE_PROFILE] =
        of_integer(owner[DEVICE_OWNER_IS_TEAMS_DEVICE_PROFILE].number);
    return record;
}

struct model_record model_from_device(const struct device *device) {
    bool is_enrolled = device->state == DEVICE_ENROLLED;
    struct model_record record = {.row = device->row};
    record.values[DEVICE_FIELD_ID] = of_guid(&device->id);
    record.values[DEVICE_FIELD_NAME] = of_text(device->name);
    record.values[DEVICE_FIELD_OWNER_TYPE] = of_string("company");
    record.values[DEVICE_FIELD_ENROLLED] = of_integer(device->enrolled);
    record.values[DEVICE_FIELD_LAST_SYNC] = of_integer(device->last_sync);
    record.values[DEVICE_FIELD_OPERATING_SYSTEM] = of_string("Android");
    record.values[DEVICE_FIELD_OS_VERSION] = of_text(device->description.os_version);
    record.values[DEVICE_FIELD_ENROLLMENT_TYPE] = of_string("androidEnterpriseDedicatedDevice");
    record.values[DEVICE_FIELD_REGISTRATION_STATE] =
        of_string(is_enrolled ? "registered" : "revoked");
    record.values[DEVICE_FIELD_MANAGEMENT_STATE] =
        of_string(is_enrolled ? "managed" : "retirePending");
    record.values[DEVICE_FIELD_MODEL] = of_text(device->description.model);
    record.values[DEVICE_FIELD_MANUFACTURER] = of_text(device->description.manufacturer);
    record.values[DEVICE_FIELD_IMEI] = of_text(device->description.imei);
    record.values[DEVICE_FIELD_SERIAL_NUMBER] = of_text(device->description.serial_number);
    record.values[DEVICE_FIELD_PROFILE_NAME] = of_text(device->profile_name);
    return record;
}

struct model_record model_from_event(const struct audit_record *event) {
    struct model_record record = {.row = event->row};
    record.values[AUDIT_FIELD_AT] = of_integer(event->at);
    record.values[AUDIT_FIELD_ACTIVITY] = of_integer((int64_t)event->activity);
    record.values[AUDIT_FIELD_REFUSED] = of_integer(event->refused ? 1 : 0);
    record.values[AUDIT_FIELD_CORRELATION] = guid_is_zero(&event->actor.correlation)
                                                 ? of_string(NULL)
                                                 : of_guid(&event->actor.correlation);
    return record;
}

static int folded(char letter) {
    unsigned char byte = (unsigned char)letter;
    return byte >= 'A' && byte <= 'Z' ? byte + 32 : byte;
}

static int compare_texts(struct slice a, struct slice b) {
    for (size_t i = 0; i < a.length && i < b.length; i++) {
        if (folded(a.data[i]) != folded(b.data[i]))
            return folded(a.data[i]) - folded(b.data[i]);
    }
    return (a.length > b.length) - (a.length < b.length);
}

/* Neither is null. */
static int compare_values(const struct filter_value *a, const struct filter_value *b) {
    char a_text[GUID_TEXT_SIZE];
    char b_text[GUID_TEXT_SIZE];
    if (a->kind == FILTER_VALUE_INTEGER)
        return (a->integer > b->integer) - (a->integer < b->integer);
    return compare_texts(
        a->kind == FILTER_VALUE_GUID ? slice_from_string(guid_format(&a->guid, a_text)) : a->text,
        b->kind == FILTER_VALUE_GUID ? slice_from_string(guid_format(&b->guid, b_text)) : b->text);
}

enum truth { IS_FALSE, IS_TRUE, IS_NULL };

static enum truth truth_of(bool value) {
    return value ? IS_TRUE : IS_FALSE;
}

static enum truth compare(const struct filter_value *a, enum filter_comparison comparison,
                          const struct filter_value *b) {
    bool a_is_null = a->kind == FILTER_VALUE_NULL;
    bool b_is_null = b->kind == FILTER_VALUE_NULL;
    if (a_is_null || b_is_null) {
        bool both = a_is_null && b_is_null;
        return truth_of(comparison == FILTER_NOT_EQUAL                              ? !both
                        : comparison == FILTER_GREATER || comparison == FILTER_LESS ? false
                                                                                    : both);
    }
    int order = compare_values(a, b);
    switch (comparison) {
    case FILTER_EQUAL:
        return truth_of(order == 0);
    case FILTER_NOT_EQUAL:
        return truth_of(order != 0);
    case FILTER_GREATER:
        return truth_of(order > 0);
    case FILTER_GREATER_OR_EQUAL:
        return truth_of(order >= 0);
    case FILTER_LESS:
        return truth_of(order < 0);
    case FILTER_LESS_OR_EQUAL:
        return truth_of(order <= 0);
    }
    return IS_NULL;
}

static bool is_at(struct slice text, struct slice needle, size_t offset) {
    struct slice part = {.data = text.data + offset, .length = needle.length};
    return offset + needle.length <= text.length && compare_texts(part, needle) == 0;
}

static enum truth match(const struct filter_value *value, enum filter_match kind,
                        struct slice needle) {
    char guid_text[GUID_TEXT_SIZE];
    if (value->kind == FILTER_VALUE_NULL)
        return IS_NULL;
    struct slice text = value->kind == FILTER_VALUE_GUID
                            ? slice_from_string(guid_format(&value->guid, guid_text))
                            : value->text;
    if (needle.length > text.length)
        return IS_FALSE;
    if (kind == FILTER_STARTS_WITH)
        return truth_of(is_at(text, needle, 0));
    if (kind == FILTER_ENDS_WITH)
        return truth_of(is_at(text, needle, text.length - needle.length));
    for (size_t i = 0; i + needle.length <= text.length; i++) {
        if (is_at(text, needle, i))
            return IS_TRUE;
    }
    return IS_FALSE;
}

static enum truth evaluate(const struct filter *filter, const struct model_record *record) {
    enum truth left = IS_NULL;
    enum truth right = IS_NULL;
    switch (filter->kind) {
    case FILTER_CONSTANT:
        return truth_of(filter->constant);
    case FILTER_AND:
    case FILTER_OR:
        left = evaluate(filter->pair.left, record);
        right = evaluate(filter->pair.right, record);
        if (filter->kind == FILTER_AND)
            return left == IS_FALSE || right == IS_FALSE ? IS_FALSE
                   : left == IS_TRUE && right == IS_TRUE ? IS_TRUE
                                                         : IS_NULL;
        return left == IS_TRUE || right == IS_TRUE     ? IS_TRUE
               : left == IS_FALSE && right == IS_FALSE ? IS_FALSE
                                                       : IS_NULL;
    case FILTER_NOT:
        left = evaluate(filter->single.operand, record);
        return left == IS_NULL ? IS_NULL : truth_of(left == IS_FALSE);
    case FILTER_IS:
        left = evaluate(filter->single.operand, record);
        return truth_of(left == truth_of(filter->single.expected));
    case FILTER_COMPARE:
        return compare(&record->values[filter->compare.field], filter->compare.comparison,
                       &filter->compare.value);
    case FILTER_MEMBER:
        for (size_t i = 0; i < filter->member.count; i++) {
            if (compare(&record->values[filter->member.field], FILTER_EQUAL,
                        &filter->member.values[i]) == IS_TRUE)
                return IS_TRUE;
        }
        return IS_FALSE;
    case FILTER_MATCH:
        return match(&record->values[filter->match.field], filter->match.match, filter->match.text);
    }
    return IS_NULL;
}

bool model_accepts(const struct model_kind *kind, const struct filter *filter,
                   const struct model_record *record) {
    (void)kind;
    return filter == NULL || evaluate(filter, record) == IS_TRUE;
}

/* The first code points that an order looks at. */
static struct slice order_text(struct slice text) {
    size_t points = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (((unsigned char)text.data[i] & 0xC0U) != 0x80U &&
            points++ == LISTING_ORDER_TEXT_AT_MOST)
            return (struct slice){.data = text.data, .length = i};
    }
    return text;
}

static bool comes_before(const struct model_kind *kind, const struct listing *listing,
                         const struct model_record *a, const struct model_record *b) {
    for (size_t i = 0; i < listing->order_count; i++) {
        struct filter_value left = a->values[listing->orders[i].field];
        struct filter_value right = b->values[listing->orders[i].field];
        if (left.kind == FILTER_VALUE_TEXT)
            left.text = order_text(left.text);
        if (right.kind == FILTER_VALUE_TEXT)
            right.text = order_text(right.text);
        int order = (left.kind != FILTER_VALUE_NULL) - (right.kind != FILTER_VALUE_NULL);
        if (order == 0 && left.kind != FILTER_VALUE_NULL)
            order = compare_values(&left, &right);
        if (order != 0)
            return listing->orders[i].descending ? order > 0 : order < 0;
    }
    return kind->newest_first ? a->row > b->row : a->row < b->row;
}

size_t model_list(const struct model_kind *kind, const struct listing *listing,
                  struct model_record *records, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        struct model_record record = records[i];
        if (!model_accepts(kind, listing->filter, &record))
            continue;
        size_t at = kept++;
        for (; at > 0 && comes_before(kind, listing, &record, &records[at - 1]); at--)
            records[at] = records[at - 1];
        records[at] = record;
    }
    return kept;
}

/* Xorshift. */
uint32_t model_random_below(struct model_random *random, uint32_t limit) {
    random->state ^= random->state << 13;
    random->state ^= random->state >> 7;
    random->state ^= random->state << 17;
    return (uint32_t)(random->state >> 16) % limit;
}

static struct slice vary_text(struct arena *arena, struct model_random *random, struct slice text) {
    struct slice copy = arena_copy(arena, text);
    for (size_t i = 0; i < copy.length; i++) {
        if ((copy.data[i] | 0x20) >= 'a' && (copy.data[i] | 0x20) <= 'z' &&
            (unsigned char)copy.data[i] < 0x80 && model_random_below(random, 3) == 0)
            ((char *)(uintptr_t)copy.data)[i] = (char)(copy.data[i] ^ 0x20);
    }
    return copy;
}

/* A run of whole characters of the text. */
static struct slice part_of(struct model_random *random, struct slice text) {
    size_t start = model_random_below(random, (uint32_t)text.length + 1);
    size_t end = start + model_random_below(random, 4);
    while (start > 0 && start < text.length && ((unsigned char)text.data[start] & 0xC0U) == 0x80U)
        start--;
    if (end > text.length)
        end = text.length;
    while (end < text.length && ((unsigned char)text.data[end] & 0xC0U) == 0x80U)
        end++;
    return (struct slice){.data = text.data + start, .length = end - start};
}

static struct filter_value pick_value(const struct model_kind *kind, struct arena *arena,
                                      struct model_random *random,
                                      const struct model_record *records, size_t count,
                                      unsigned field) {
    struct filter_value value = records[model_random_below(random, (uint32_t)count)].values[field];
    if (model_random_below(random, 12) == 0)
        return (struct filter_value){.kind = FILTER_VALUE_NULL};
    if (value.kind == FILTER_VALUE_TEXT)
        value.text = vary_text(arena, random, value.text);
    else if (value.kind == FILTER_VALUE_INTEGER)
        value.integer += (int64_t)model_random_below(random, 3) - 1;
    else if (value.kind == FILTER_VALUE_GUID && model_random_below(random, 4) == 0)
        return of_string("8");
    (void)kind;
    return value;
}

static const struct filter *make_leaf(const struct model_kind *kind, struct arena *arena,
                                      struct model_random *random,
                                      const struct model_record *records, size_t count) {
    struct filter *leaf = arena_allocate_zeroed(arena, sizeof *leaf);
    unsigned field = model_random_below(random, (uint32_t)kind->field_count);
    uint32_t choice = model_random_below(random, 10);
    bool is_text = kind->types[field] == FIELD_TEXT || kind->types[field] == FIELD_GUID;
    if (choice < 4 && is_text) {
        struct filter_value value = pick_value(kind, arena, random, records, count, field);
        leaf->kind = FILTER_MATCH;
        leaf->match.field = field;
        leaf->match.match = (enum filter_match)model_random_below(random, 3);
        leaf->match.text =
            value.kind == FILTER_VALUE_TEXT ? part_of(random, value.text) : SLICE("e");
        return leaf;
    }
    if (choice == 9) {
        struct filter_value *values = arena_allocate(arena, 4 * sizeof *values);
        leaf->kind = FILTER_MEMBER;
        leaf->member.field = field;
        leaf->member.values = values;
        leaf->member.count = 1 + model_random_below(random, 4);
        for (size_t i = 0; i < leaf->member.count; i++)
            values[i] = pick_value(kind, arena, random, records, count, field);
        return leaf;
    }
    leaf->kind = FILTER_COMPARE;
    leaf->compare.field = field;
    leaf->compare.comparison = (enum filter_comparison)model_random_below(random, 6);
    leaf->compare.value = pick_value(kind, arena, random, records, count, field);
    return leaf;
}

const struct filter *model_make_filter(const struct model_kind *kind, struct arena *arena,
                                       struct model_random *random,
                                       const struct model_record *records, size_t count,
                                       unsigned levels) {
    if (levels == 0 || model_random_below(random, 5) == 0)
        return make_leaf(kind, arena, random, records, count);
    struct filter *filter = arena_allocate_zeroed(arena, sizeof *filter);
    uint32_t choice = model_random_below(random, 12);
    if (choice == 11) {
        filter->kind = FILTER_CONSTANT;
        filter->constant = model_random_below(random, 2) == 0;
        return filter;
    }
    if (choice >= 8) {
        filter->kind = choice == 10 ? FILTER_IS : FILTER_NOT;
        filter->single.expected = model_random_below(random, 2) == 0;
        filter->single.operand = model_make_filter(kind, arena, random, records, count, levels - 1);
        return filter;
    }
    filter->kind = choice < 4 ? FILTER_AND : FILTER_OR;
    filter->pair.left = model_make_filter(kind, arena, random, records, count, levels - 1);
    filter->pair.right = model_make_filter(kind, arena, random, records, count, levels - 1);
    return filter;
}

void model_make_orders(const struct model_kind *kind, struct model_random *random,
                       struct listing *listing) {
    bool is_used[MODEL_FIELDS_AT_MOST] = {false};
    size_t wanted = model_random_below(random, 5);
    if (wanted > kind->field_count)
        wanted = kind->field_count;
    listing->order_count = 0;
    while (listing->order_count < wanted) {
        unsigned field = model_random_below(random, (uint32_t)kind->field_count);
        if (is_used[field])
            continue;
        is_used[field] = true;
        listing->orders[listing->order_count++] = (struct listing_order){
            .field = field, .descending = model_random_below(random, 2) == 0};
    }
}
