/* Prometheus' text exposition format, version 0.0.4. */
#ifndef MUSTER_OPS_METRICS_H
#define MUSTER_OPS_METRICS_H

#include <stdint.h>

#include "base/buffer.h"

/* One metric without labels, with its HELP and TYPE lines. help has no backslash or line break. */
void metrics_write_counter(struct buffer *out, const char *name, const char *help, uint64_t value);
void metrics_write_gauge(struct buffer *out, const char *name, const char *help, int64_t value);

/* HELP and TYPE lines of a metric with a label, and then one sample after the other. Neither label
 * nor value has a character that would have to be escaped. */
void metrics_begin(struct buffer *out, const char *name, const char *type, const char *help);
void metrics_write_sample(struct buffer *out, const char *name, const char *label,
                          const char *label_value, int64_t value);

#endif
