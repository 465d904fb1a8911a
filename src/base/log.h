/* The log: one line an event on standard error, in logfmt or JSON.
 *
 * Secrets are kept out at the source: there is no field for a bearer token, an enrollment token or
 * a device credential, and request lines are logged without their query. Any thread; lines of
 * different threads never mix. */
#ifndef MUSTER_BASE_LOG_H
#define MUSTER_BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/guid.h"
#include "base/instant.h"
#include "base/slice.h"

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARNING, LOG_LEVEL_ERROR };
enum log_format { LOG_FORMAT_LOGFMT, LOG_FORMAT_JSON };

enum log_field_kind { LOG_FIELD_TEXT, LOG_FIELD_NUMBER, LOG_FIELD_GUID };

struct log_field {
    const char *name;
    enum log_field_kind kind;
    struct slice text;
    int64_t number;
    struct guid guid;
};

static inline struct log_field log_text(const char *name, struct slice text) {
    return (struct log_field){.name = name, .kind = LOG_FIELD_TEXT, .text = text};
}
static inline struct log_field log_string(const char *name, const char *text) {
    return log_text(name, slice_from_string(text));
}
static inline struct log_field log_number(const char *name, int64_t number) {
    return (struct log_field){.name = name, .kind = LOG_FIELD_NUMBER, .number = number};
}
static inline struct log_field log_guid(const char *name, struct guid guid) {
    return (struct log_field){.name = name, .kind = LOG_FIELD_GUID, .guid = guid};
}

struct log;

/* A log that writes to the file descriptor, which stays the caller's, as it is, and open until
 * log_close. Lines below level are not written.
 *
 * Nobody waits for whoever reads the log: what he does not take is kept, at most 256 KiB and a
 * line; the lines that follow are dropped, and when he reads on, one says how many. A terminal or
 * pipe that the process may not open anew (it is another user's, or there is no /proc) is the
 * exception: a write may wait where less than a line has room, or others write there, too. */
struct log *log_open(int descriptor, enum log_level level, enum log_format format,
                     const struct clock *clock) __attribute__((returns_nonnull));

/* Whether a line of this level would be written. */
bool log_is_enabled(const struct log *log, enum log_level level);

/* event is a short constant text that can be searched for; details go into fields. Lines of
 * LOG_LEVEL_WARNING and above are written at once, others with the next of them, the next
 * log_flush or when enough have gathered. log may be NULL: nothing is written then. */
void log_write(struct log *log, enum log_level level, const char *event,
               const struct log_field *fields, size_t count);

/* Writes what has gathered. */
void log_flush(struct log *log);

/* Lines that were dropped since the start. */
uint64_t log_count_dropped(const struct log *log);

/* Waits for a reader that is behind, at most a second. */
void log_close(struct log *log);

/* LOG(log, LOG_LEVEL_INFO, "profile created", log_guid("profile", id)): at least one field. */
#define LOG(log, level, event, ...)                                                                \
    do {                                                                                           \
        const struct log_field log_fields_[] = {__VA_ARGS__};                                      \
        log_write((log), (level), (event), log_fields_,                                            \
                  sizeof log_fields_ / sizeof log_fields_[0]);                                     \
    } while (0)

/* "debug", "info", "warning" or "error"; "logfmt" or "json". False for anything else. */
bool log_level_parse(struct slice text, enum log_level *level) MUST_CHECK;
bool log_format_parse(struct slice text, enum log_format *format) MUST_CHECK;

#endif
