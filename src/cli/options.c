#include "cli/options.h"

#include <string.h>

#include "base/utf8.h"

static const char *dashes(const struct option *option) {
    return strlen(option->name) == 1 ? "-" : "--";
}

/* value is what stands behind '=' or NULL. */
static const struct option *find(const struct option *options, size_t count, const char *argument,
                                 const char **value) {
    size_t length = strcspn(argument, "=");
    *value = argument[length] == '=' ? argument + length + 1 : NULL;
    for (size_t i = 0; i < count; i++) {
        size_t before = strlen(dashes(&options[i]));
        if (before + strlen(options[i].name) == length &&
            strncmp(argument, dashes(&options[i]), before) == 0 &&
            strncmp(argument + before, options[i].name, length - before) == 0)
            return &options[i];
    }
    return NULL;
}

static struct error take(const struct option *option, const char *value) {
    const char *before = dashes(option);
    bool is_switch = option->on != NULL;
    if (is_switch ? *option->on : *option->text != NULL)
        return error_make(ERROR_INVALID, "'%s%s' is given twice", before, option->name);
    if (is_switch && value != NULL)
        return error_make(ERROR_INVALID, "'%s%s' takes no value", before, option->name);
    if (!is_switch && value == NULL)
        return error_make(ERROR_INVALID, "'%s%s' needs a value: %s", before, option->name,
                          option->help);
    if (is_switch) {
        *option->on = true;
        return error_none();
    }
    if (!utf8_is_valid(slice_from_string(value)))
        return error_make(ERROR_INVALID, "'%s%s' is not UTF-8", before, option->name);
    *option->text = value;
    return error_none();
}

static struct error take_positional(const char *argument, const char **positional, size_t at_most,
                                    size_t *count) {
    if (!utf8_is_valid(slice_from_string(argument)))
        return error_make(ERROR_INVALID, "an argument is not UTF-8");
    if (*count == at_most)
        return error_make(ERROR_INVALID, "unexpected argument '%s'", argument);
    positional[(*count)++] = argument;
    return error_none();
}

struct error options_parse(int argument_count, char **arguments, const struct option *options,
                           size_t option_count, const char **positional, size_t positional_at_most,
                           size_t *positional_count, bool *wants_help) {
    bool only_positional = false;
    struct error error = error_none();
    *positional_count = 0;
    *wants_help = false;
    for (int i = 0; i < argument_count && !error_is_set(&error); i++) {
        const char *argument = arguments[i];
        if (only_positional || argument[0] != '-' || argument[1] == '\0') {
            error = take_positional(argument, positional, positional_at_most, positional_count);
            continue;
        }
        only_positional = strcmp(argument, "--") == 0;
        if (only_positional)
            continue;
        *wants_help = strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0;
        if (*wants_help)
            return error_none();
        const char *value = NULL;
        const struct option *option = find(options, option_count, argument, &value);
        if (option == NULL)
            return error_make(ERROR_INVALID, "there is no flag '%s'", argument);
        bool takes_next = value == NULL && option->on == NULL && i + 1 < argument_count;
        if (takes_next && strncmp(arguments[i + 1], "--", 2) != 0)
            value = arguments[++i];
        error = take(option, value);
    }
    return error;
}

void options_print(FILE *out, const struct option *options, size_t option_count) {
    for (size_t i = 0; i < option_count; i++)
        (void)fprintf(out, "  %s%-*s %s\n", dashes(&options[i]),
                      (int)(22 - strlen(dashes(&options[i]))), options[i].name, options[i].help);
}
