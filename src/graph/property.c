#include "graph/property.h"

#include <stdint.h>

#include "base/guid.h"
#include "base/instant.h"
#include "message/json_body.h"

const struct property *property_find(const struct property *properties, size_t count,
                                     struct slice name) {
    for (size_t i = 0; i < count; i++) {
        if (slice_equals_string(name, properties[i].name))
            return &properties[i];
    }
    return NULL;
}

static struct slice text_of(const json_t *value) {
    return (struct slice){.data = json_string_value(value), .length = json_string_length(value)};
}

static bool are_strings(const json_t *value) {
    size_t index = 0;
    const json_t *element = NULL;
    json_array_foreach(value, index, element) {
        if (!json_is_string(element))
            return false;
    }
    return json_is_array(value);
}

static bool has_type(enum property_type type, const json_t *value) {
    struct guid guid;
    instant when = 0;
    switch (type) {
    case PROPERTY_STRING:
    case PROPERTY_ENUMERATION:
        return json_is_string(value);
    case PROPERTY_BOOLEAN:
        return json_is_boolean(value);
    case PROPERTY_STRINGS:
        return are_strings(value);
    case PROPERTY_GUID:
        return json_is_string(value) && guid_parse(text_of(value), &guid);
    case PROPERTY_INSTANT:
        return json_is_string(value) && instant_parse(text_of(value), &when);
    case PROPERTY_INT32:
        return json_is_integer(value) && json_integer_value(value) >= INT32_MIN &&
               json_integer_value(value) <= INT32_MAX;
    case PROPERTY_COMPLEX:
        return json_is_object(value);
    }
    return false;
}

static const char *expectation(enum property_type type) {
    static const char *const texts[] = {
        [PROPERTY_STRING] = "a string",
        [PROPERTY_GUID] = "a GUID such as 00000000-0000-0000-0000-000000000000",
        [PROPERTY_INSTANT] = "a date such as 2024-06-01T10:00:00Z",
        [PROPERTY_INT32] =
            "an Int32 (a whole number from -2147483648 to 2147483647, not in quotes)",
        [PROPERTY_BOOLEAN] = "true or false",
        [PROPERTY_ENUMERATION] = "a string that names a member of its enumeration",
        [PROPERTY_STRINGS] = "an array of strings",
        [PROPERTY_COMPLEX] = "an object",
    };
    return texts[type];
}

struct error property_check_type(const struct property *property, const json_t *value,
                                 const char *what) {
    if (json_is_null(value) && property->nullable)
        return error_none();
    if (has_type(property->type, value))
        return error_none();
    if (json_is_integer(value) && property->type == PROPERTY_INT32)
        return error_make_for(ERROR_INVALID, property->name,
                              "The %s '%s' must be %s; %lld is out of range.", what, property->name,
                              expectation(property->type), (long long)json_integer_value(value));
    return error_make_for(ERROR_INVALID, property->name, "The %s '%s' must be %s; %s was given.",
                          what, property->name, expectation(property->type),
                          json_body_type_name(value));
}

bool property_is_annotation(struct slice name) {
    return name.length > 0 && memchr(name.data, '@', name.length) != NULL;
}

struct error property_check_annotation(struct slice name, const json_t *value,
                                       const char *entity_type) {
    if (!slice_equals_string(name, "@odata.type"))
        return error_none();
    struct slice given = json_is_string(value) ? text_of(value) : SLICE("");
    if (slice_starts_with(given, SLICE("#")))
        given = slice_skip(given, 1);
    if (slice_equals_string(given, entity_type))
        return error_none();
    return error_make_for(ERROR_INVALID, "@odata.type",
                          "The annotation '@odata.type' must be '#%s' here, or be left out.",
                          entity_type);
}
