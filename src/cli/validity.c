#include "cli/validity.h"

#include <string.h>

#include "base/slice.h"

static const struct {
    char letter;
    uint64_t seconds;
} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};

struct error validity_parse(const char *text, int32_t *seconds) {
    struct slice number = slice_from_string(text);
    uint64_t unit = 1;
    for (size_t i = 0; i < sizeof units / sizeof units[0] && number.length > 0; i++) {
        if (number.data[number.length - 1] != units[i].letter)
            continue;
        unit = units[i].seconds;
        number.length--;
        break;
    }
    uint64_t count = 0;
    if (!slice_parse_unsigned(number, INT32_MAX / unit, &count) || count == 0)
        return error_make_for(ERROR_INVALID, "validity",
                              "'%s' is not a time such as 90s, 15m, 24h or 30d, at most %d "
                              "seconds",
                              text, INT32_MAX);
    *seconds = (int32_t)(count * unit);
    return error_none();
}
