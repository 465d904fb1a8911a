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

void metrics_begin(struct buffer *out, const char *name, const char *type, const char *help) {
    buffer_append_format(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void metrics_write_sample(struct buffer *out, const char *name, const char *label,
                          const char *label_value, int64_t value) {
    buffer_append_format(out, "%s{%s=\"%s\"} %" PRId64 "\n", name, label, label_value, value);
}
