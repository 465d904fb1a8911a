/* Prometheus' text exposition format, version 0.0.4. */
#ifndef MUSTER_OPS_METRICS_H
#define MUSTER_OPS_METRICS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

/* One metric without labels, with its HELP and TYPE lines. help has no backslash or line break. */
void metrics_write_counter(struct buffer *out, const char *name, const char *help, uint64_t value);
void metrics_write_gauge(struct buffer *out, const char *name, const char *help, int64_t value);

/* One counter of several, told apart by a label: its HELP and TYPE lines, then a line for each. */
struct metrics_part {
    const char *label; /* without quotes or backslashes */
    uint64_t value;
};
void metrics_write_counters(struct buffer *out, const char *name, const char *help,
                            const char *label_name, const struct metrics_part *parts,
                            size_t part_count);

#endif
