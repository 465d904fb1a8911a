#include "cli/webhook_metrics.h"

#include "config/config.h"
#include "ops/metrics.h"

static uint64_t read_delivered(const struct webhook_counts *counts) {
    return counts->delivered;
}

static uint64_t read_failed(const struct webhook_counts *counts) {
    return counts->failed;
}

static uint64_t read_dropped(const struct webhook_counts *counts) {
    return counts->dropped;
}

static uint64_t read_skipped(const struct webhook_counts *counts) {
    return counts->skipped;
}

static uint64_t read_backlog(const struct webhook_counts *counts) {
    return (uint64_t)counts->backlog;
}

static uint64_t read_backlog_seconds(const struct webhook_counts *counts) {
    return (uint64_t)counts->backlog_seconds;
}

static const struct {
    const char *name;
    const char *help;
    void (*write)(struct buffer *out, const char *name, const char *help, const char *label_name,
                  const struct metrics_part *parts, size_t part_count);
    uint64_t (*read)(const struct webhook_counts *counts);
} metrics[] = {
    {"muster_webhook_delivered_total", "Events that the receiver took.", metrics_write_counters,
     read_delivered},
    {"muster_webhook_failed_attempts_total", "Attempts that failed.", metrics_write_counters,
     read_failed},
    {"muster_webhook_dropped_total",
     "Events that were dropped for their age; a row gone from the audit counts as one.",
     metrics_write_counters, read_dropped},
    {"muster_webhook_skipped_total", "Events that the operator gave up.", metrics_write_counters,
     read_skipped},
    {"muster_webhook_backlog_rows", "Rows of the audit not passed yet.", metrics_write_gauges,
     read_backlog},
    {"muster_webhook_backlog_seconds", "Age of the event in turn; 0: none waits.",
     metrics_write_gauges, read_backlog_seconds},
};

/* Names of webhooks have no character that would have to be escaped. */
void webhook_metrics_write(struct webhook_thread *webhooks, size_t count, struct buffer *out) {
    struct metrics_part parts[CONFIG_WEBHOOKS_AT_MOST];
    for (size_t i = 0; i < sizeof metrics / sizeof metrics[0] && count > 0; i++) {
        for (size_t k = 0; k < count; k++) {
            struct webhook_counts counts = webhook_thread_count(webhooks, k);
            parts[k] =
                (struct metrics_part){.label = counts.name, .value = metrics[i].read(&counts)};
        }
        metrics[i].write(out, metrics[i].name, metrics[i].help, "webhook", parts, count);
    }
}
