#include "ops/metrics.h"

#include <inttypes.h>

void metrics_write_counter(struct buffer *out, const char *name, const char *help, uint64_t value) {
    buffer_append_format(out, "# HELP %s %s\n# TYPE %s counter\n%s %" PRIu64 "\n", name, help, name,
                         name, value);
}

void metrics_write_gauge(struct buffer *out, const char *name, const char *help, int64_t value) {
    buffer_append_format(out, "# HELP %s %s\n# TYPE %s gauge\n%s %" PRId64 "\n", name, help, name,
                         name, value);
}

void metrics_write_counters(struct buffer *out, const char *name, const char *help,
                            const char *label_name, const struct metrics_part *parts,
                            size_t part_count) {
    buffer_append_format(out, "# HELP %s %s\n# TYPE %s counter\n", name, help, name);
    for (size_t i = 0; i < part_count; i++)
        buffer_append_format(out, "%s{%s=\"%s\"} %" PRIu64 "\n", name, label_name, parts[i].label,
                             parts[i].value);
}
