#include "graph/odata_choice.h"

/* The texts are never null. */
static bool is_true_of(const struct filter_value *value, enum filter_comparison comparison,
                       struct slice text) {
    if (value->kind != FILTER_VALUE_TEXT)
        return comparison == FILTER_NOT_EQUAL;
    int order = filter_compare_texts(text, value->text);
    switch (comparison) {
    case FILTER_EQUAL:
        return order == 0;
    case FILTER_NOT_EQUAL:
        return order != 0;
    case FILTER_GREATER:
        return order > 0;
    case FILTER_GREATER_OR_EQUAL:
        return order >= 0;
    case FILTER_LESS:
        return order < 0;
    case FILTER_LESS_OR_EQUAL:
        return order <= 0;
    }
    return false;
}

static bool accepts(const struct filter *condition, struct slice text) {
    if (condition->kind == FILTER_COMPARE)
        return is_true_of(&condition->compare.value, condition->compare.comparison, text);
    if (condition->kind == FILTER_MATCH)
        return filter_matches_text(condition->match.match, text, condition->match.text);
    for (size_t i = 0; i < condition->member.count; i++) {
        if (is_true_of(&condition->member.values[i], FILTER_EQUAL, text))
            return true;
    }
    return false;
}

/* Members of an enumeration have the order of their numbers (OData 4.01 part 2, 5.1.1.1). */
static const struct filter *compare_numbers(struct arena *arena,
                                            const struct entity_property *property,
                                            const struct filter *condition) {
    int64_t number = 0;
    if (!entity_property_find_choice(property, condition->compare.value.text, &number))
        return NULL;
    struct filter *numbers = arena_allocate(arena, sizeof *numbers);
    *numbers = *condition;
    numbers->compare.value = (struct filter_value){.kind = FILTER_VALUE_INTEGER, .integer = number};
    return numbers;
}

const struct filter *odata_choice_resolve(struct arena *arena,
                                          const struct entity_property *property,
                                          const struct filter *condition) {
    if (property->choose == NULL)
        return condition;
    if (entity_property_is_enumeration(property) && condition->kind == FILTER_COMPARE &&
        condition->compare.value.kind == FILTER_VALUE_TEXT) {
        const struct filter *numbers = compare_numbers(arena, property, condition);
        if (numbers != NULL)
            return numbers;
    }
    struct filter_value *values =
        arena_allocate(arena, (size_t)property->choice_count * sizeof *values);
    size_t count = 0;
    for (int64_t number = 0; number < property->choice_count; number++) {
        const char *text = property->choose(number);
        if (text != NULL && accepts(condition, slice_from_string(text)))
            values[count++] =
                (struct filter_value){.kind = FILTER_VALUE_INTEGER, .integer = number};
    }
    struct filter *member = arena_allocate_zeroed(arena, sizeof *member);
    member->kind = FILTER_MEMBER;
    member->member.field = property->field;
    member->member.values = values;
    member->member.count = count;
    return member;
}
