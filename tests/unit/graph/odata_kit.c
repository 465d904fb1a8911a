#include "odata_kit.h"

#include <stdlib.h>

#include "base/guid.h"

#define ALL (ENTITY_FILTER | ENTITY_ORDER)

enum { NAME, NOTE, ID, MADE, SIZE, ON, COLOUR, PHASE };

/* Two numbers of the same text, and one of none. */
static const char *choose_colour(int64_t number) {
    static const char *const colours[] = {NULL, "Red", "green", "red", "blue"};
    return colours[number];
}

static const char *choose_phase(int64_t number) {
    static const char *const phases[] = {"wait", "go", "Stop"};
    return phases[number];
}

static const struct entity_property properties[] = {
    {.schema = {"name", PROPERTY_STRING, true, true},
     .uses = ALL | ENTITY_SEARCH,
     .field = NAME,
     .field_type = FIELD_TEXT},
    {.schema = {"note", PROPERTY_STRING, true, true},
     .uses = ALL,
     .field = NOTE,
     .field_type = FIELD_TEXT},
    {.schema = {"id", PROPERTY_STRING, false, false},
     .uses = ALL,
     .field = ID,
     .field_type = FIELD_GUID},
    {.schema = {"made", PROPERTY_INSTANT, false, false},
     .uses = ALL,
     .field = MADE,
     .field_type = FIELD_INSTANT},
    {.schema = {"size", PROPERTY_INT32, false, false},
     .uses = ALL,
     .field = SIZE,
     .field_type = FIELD_INTEGER},
    {.schema = {"on", PROPERTY_STRING, false, false},
     .uses = ALL,
     .field = ON,
     .field_type = FIELD_BOOLEAN},
    {.schema = {"colour", PROPERTY_STRING, false, false},
     .uses = ENTITY_FILTER,
     .field = COLOUR,
     .field_type = FIELD_TEXT,
     .choose = choose_colour,
     .choice_count = 5},
    {.schema = {"phase", PROPERTY_ENUMERATION, false, true},
     .uses = ALL,
     .field = PHASE,
     .field_type = FIELD_TEXT,
     .choose = choose_phase,
     .choice_count = 3},
    {.schema = {"secret", PROPERTY_STRING, true, false}, .is_heavy = true},
};

const struct entity_type kit_type = {"muster.thing", properties, COUNT_OF(properties)};
const struct entity_type kit_type_without_search = {"muster.other", properties + 1,
                                                    COUNT_OF(properties) - 1};

static const char *name_of(unsigned field) {
    return properties[field].schema.name;
}

static const char *print_value(struct arena *arena, unsigned field,
                               const struct filter_value *value) {
    char text[GUID_TEXT_SIZE];
    char date[INSTANT_TEXT_SIZE];
    switch (value->kind) {
    case FILTER_VALUE_NULL:
        return "null";
    case FILTER_VALUE_TEXT:
        return arena_format(arena, "'%.*s'", SLICE_PRINTF(value->text)).data;
    case FILTER_VALUE_GUID:
        return arena_format(arena, "%s", guid_format(&value->guid, text)).data;
    case FILTER_VALUE_INTEGER:
        if (field == MADE)
            return arena_format(arena, "%s", instant_format(value->integer, date)).data;
        return arena_format(arena, "%lld", (long long)value->integer).data;
    }
    return "?";
}

static const char *print_members(struct arena *arena, const struct filter *filter) {
    const char *text = arena_format(arena, "(in %s", name_of(filter->member.field)).data;
    for (size_t i = 0; i < filter->member.count; i++)
        text = arena_format(arena, "%s %s", text,
                            print_value(arena, filter->member.field, &filter->member.values[i]))
                   .data;
    return arena_format(arena, "%s)", text).data;
}

const char *kit_print_filter(struct arena *arena, const struct filter *filter) {
    static const char *const comparisons[] = {"eq", "ne", "gt", "ge", "lt", "le"};
    static const char *const matches[] = {"startswith", "endswith", "contains"};
    switch (filter->kind) {
    case FILTER_CONSTANT:
        return filter->constant ? "true" : "false";
    case FILTER_AND:
    case FILTER_OR:
        return arena_format(arena, "(%s %s %s)", filter->kind == FILTER_AND ? "and" : "or",
                            kit_print_filter(arena, filter->pair.left),
                            kit_print_filter(arena, filter->pair.right))
            .data;
    case FILTER_NOT:
        return arena_format(arena, "(not %s)", kit_print_filter(arena, filter->single.operand))
            .data;
    case FILTER_IS:
        return arena_format(arena, "(is-%s %s)", filter->single.expected ? "true" : "false",
                            kit_print_filter(arena, filter->single.operand))
            .data;
    case FILTER_COMPARE:
        return arena_format(arena, "(%s %s %s)", comparisons[filter->compare.comparison],
                            name_of(filter->compare.field),
                            print_value(arena, filter->compare.field, &filter->compare.value))
            .data;
    case FILTER_MEMBER:
        return print_members(arena, filter);
    case FILTER_MATCH:
        return arena_format(arena, "(%s %s '%.*s')", matches[filter->match.match],
                            name_of(filter->match.field), SLICE_PRINTF(filter->match.text))
            .data;
    }
    return "?";
}

int kit_position(const struct error *error) {
    const char *found = strstr(error->message, "at position ");
    return found == NULL ? 0 : atoi(found + sizeof "at position " - 1);
}
