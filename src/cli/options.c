#include "cli/options.h"

#include <string.h>

/* "-o" and "--name" alike; value is what stands behind '=' or NULL. */
static const struct option *find(const struct option *options, size_t count, const char *argument,
                                 const char **value) {
    const char *name = argument + (argument[1] == '-' ? 2 : 1);
    size_t length = strcspn(name, "=");
    *value = name[length] == '=' ? name + length + 1 : NULL;
    for (size_t i = 0; i < count; i++) {
        if (strlen(options[i].name) == length && strncmp(options[i].name, name, length) == 0)
            return &options[i];
    }
    return NULL;
}

static struct error take(const struct option *option, const char *argument, const char *value) {
    if (option->on != NULL) {
        if (value != NULL)
            return error_make(ERROR_INVALID, "'--%s' takes no value", option->name);
        *option->on = true;
        return error_none();
    }
    if (value == NULL)
        return error_make(ERROR_INVALID, "'%s' needs a value: %s", argument, option->help);
    if (*option->text != NULL)
        return error_make(ERROR_INVALID, "'--%s' is given twice", option->name);
    *option->text = value;
    return error_none();
}

struct error options_parse(int argument_count, char **arguments, const struct option *options,
                           size_t option_count, const char **positional, size_t positional_at_most,
                           size_t *positional_count, bool *wants_help) {
    *positional_count = 0;
    *wants_help = false;
    for (int i = 0; i < argument_count; i++) {
        const char *argument = arguments[i];
        if (argument[0] != '-' || argument[1] == '\0') {
            if (*positional_count == positional_at_most)
                return error_make(ERROR_INVALID, "unexpected argument '%s'", argument);
            positional[(*positional_count)++] = argument;
            continue;
        }
        if (strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0) {
            *wants_help = true;
            return error_none();
        }
        const char *value = NULL;
        const struct option *option = find(options, option_count, argument, &value);
        if (option == NULL)
            return error_make(ERROR_INVALID, "there is no flag '%s'", argument);
        if (value == NULL && option->on == NULL && i + 1 < argument_count)
            value = arguments[++i];
        struct error error = take(option, argument, value);
        if (error_is_set(&error))
            return error;
    }
    return error_none();
}

void options_print(FILE *out, const struct option *options, size_t option_count) {
    for (size_t i = 0; i < option_count; i++)
        (void)fprintf(out, "  %s%-20s %s\n", strlen(options[i].name) == 1 ? "-" : "--",
                      options[i].name, options[i].help);
}
