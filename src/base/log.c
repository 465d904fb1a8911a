#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/json_writer.h"
#include "base/memory.h"

#define GATHERED_AT_MOST (32U * 1024U)
/* For a reader that falls behind. */
#define KEPT_AT_MOST (256U * 1024U)
#define PATIENCE_AT_CLOSE 10 /* times */
#define PATIENCE_MILLISECONDS 100
/* One field cannot make a line that nobody can read. */
#define FIELD_TEXT_AT_MOST 1024

struct log {
    int descriptor; /* the caller's, or one of the log's own for the same */
    bool owns_descriptor;
    bool is_socket;
    enum log_level level;
    enum log_format format;
    const struct clock *clock;
    pthread_mutex_t mutex;
    struct buffer gathered; /* begins with the rest of a line, perhaps; under mutex, as the next */
    uint64_t untold;        /* lines dropped since the log has last said how many */
    _Atomic uint64_t dropped;
};

static const char *const level_names[] = {"debug", "info", "warning", "error"};

/* What may make a writer wait, opened once more for writes that do not: other processes share the
 * descriptor, and what they write would fail were that one made non-blocking. A file is not opened
 * again, as its end is where the shared descriptor says. Where the system refuses, the log goes on
 * with what it was given. */
static void open_descriptor(struct log *log, int descriptor) {
    char path[32];
    struct stat status;
    log->descriptor = descriptor;
    if (fstat(descriptor, &status) != 0)
        return;
    log->is_socket = S_ISSOCK(status.st_mode);
    if (!S_ISFIFO(status.st_mode) && !S_ISCHR(status.st_mode))
        return;
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    int own = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    log->owns_descriptor = own >= 0;
    if (log->owns_descriptor)
        log->descriptor = own;
}

struct log *log_open(int descriptor, enum log_level level, enum log_format format,
                     const struct clock *clock) {
    struct log *log = memory_allocate_zeroed(1, sizeof *log);
    open_descriptor(log, descriptor);
    log->level = level;
    log->format = format;
    log->clock = clock;
    (void)pthread_mutex_init(&log->mutex, NULL);
    return log;
}

bool log_is_enabled(const struct log *log, enum log_level level) {
    return log != NULL && level >= log->level;
}

/* Whether something can be written without waiting: all that keeps the log from it where it has no
 * descriptor of its own. */
static bool can_write(const struct log *log, int patience_milliseconds) {
    struct pollfd ready = {.fd = log->descriptor, .events = POLLOUT};
    return poll(&ready, 1, patience_milliseconds) > 0 && (ready.revents & POLLOUT) != 0;
}

/* At most PIPE_BUF bytes: whole lines if possible, since nobody else's lines come between those. */
static size_t find_piece(struct slice text) {
    if (text.length <= PIPE_BUF)
        return text.length;
    const char *end = memrchr(text.data, '\n', PIPE_BUF);
    return end == NULL ? PIPE_BUF : (size_t)(end - text.data) + 1;
}

static ssize_t write_piece(const struct log *log, struct slice text) {
    size_t length = find_piece(text);
    return log->is_socket ? send(log->descriptor, text.data, length, MSG_DONTWAIT | MSG_NOSIGNAL)
                          : write(log->descriptor, text.data, length);
}

/* A log that cannot be written must not stop the service: what does not go now is kept. */
static void write_gathered(struct log *log) {
    size_t written = 0;
    while (written < log->gathered.length && can_write(log, 0)) {
        struct slice rest = slice_skip(buffer_slice(&log->gathered), written);
        ssize_t count = write_piece(log, rest);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            break;
        written += (size_t)count;
    }
    buffer_consume(&log->gathered, written);
}

static struct slice bounded(struct slice text) {
    if (text.length > FIELD_TEXT_AT_MOST)
        text.length = FIELD_TEXT_AT_MOST;
    return text;
}

static bool is_plain(struct slice text) {
    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte <= ' ' || byte >= 0x7F || byte == '"' || byte == '=' || byte == '\\')
            return false;
    }
    return text.length > 0;
}

/* Log readers expect UTF-8, and a request's bytes may be anything. */
static void append_quoted_bytes(struct buffer *out, struct slice text) {
    buffer_append_byte(out, '"');
    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte == '"' || byte == '\\')
            buffer_append_byte(out, '\\');
        if (byte < 0x20 || byte >= 0x7F)
            buffer_append_format(out, "\\u%04x", byte);
        else
            buffer_append_byte(out, (char)byte);
    }
    buffer_append_byte(out, '"');
}

static void append_value(struct log *log, const struct log_field *field) {
    struct buffer *out = &log->gathered;
    char guid[GUID_TEXT_SIZE];
    struct slice text = bounded(field->text);
    bool quote = log->format == LOG_FORMAT_JSON;
    switch (field->kind) {
    case LOG_FIELD_NUMBER: {
        struct json_writer writer = json_writer_make(out);
        json_write_integer(&writer, field->number);
        return;
    }
    case LOG_FIELD_GUID:
        text = slice_from_string(guid_format(&field->guid, guid));
        break;
    case LOG_FIELD_TEXT:
        quote = quote || !is_plain(text);
        break;
    }
    if (quote)
        append_quoted_bytes(out, text);
    else
        buffer_append_slice(out, text);
}

static void append_name(struct log *log, const char *name, bool first) {
    struct buffer *out = &log->gathered;
    if (log->format == LOG_FORMAT_JSON) {
        buffer_append_string(out, first ? "{\"" : ",\"");
        buffer_append_string(out, name);
        buffer_append_string(out, "\":");
        return;
    }
    if (!first)
        buffer_append_byte(out, ' ');
    buffer_append_string(out, name);
    buffer_append_byte(out, '=');
}

static void append_line(struct log *log, enum log_level level, const char *event,
                        const struct log_field *fields, size_t count) {
    char time[INSTANT_TEXT_SIZE];
    const struct log_field head[] = {
        log_string("time", instant_format(clock_now(log->clock), time)),
        log_string("level", level_names[level]),
        log_string("event", event),
    };
    for (size_t i = 0; i < sizeof head / sizeof head[0]; i++) {
        append_name(log, head[i].name, i == 0);
        append_value(log, &head[i]);
    }
    for (size_t i = 0; i < count; i++) {
        append_name(log, fields[i].name, false);
        append_value(log, &fields[i]);
    }
    buffer_append_string(&log->gathered, log->format == LOG_FORMAT_JSON ? "}\n" : "\n");
}

/* Returns whether there is room for another line; the first one says how many had none. */
static bool make_room(struct log *log) {
    if (log->gathered.length >= KEPT_AT_MOST)
        write_gathered(log);
    if (log->gathered.length >= KEPT_AT_MOST)
        return false;
    if (log->untold == 0)
        return true;
    const struct log_field count = log_number("count", (int64_t)log->untold);
    append_line(log, LOG_LEVEL_ERROR, "log lines dropped", &count, 1);
    log->untold = 0;
    return true;
}

void log_write(struct log *log, enum log_level level, const char *event,
               const struct log_field *fields, size_t count) {
    if (!log_is_enabled(log, level))
        return;
    (void)pthread_mutex_lock(&log->mutex);
    if (make_room(log)) {
        append_line(log, level, event, fields, count);
        if (level >= LOG_LEVEL_WARNING || log->gathered.length >= GATHERED_AT_MOST)
            write_gathered(log);
    } else {
        log->untold++;
        atomic_fetch_add_explicit(&log->dropped, 1, memory_order_relaxed);
    }
    (void)pthread_mutex_unlock(&log->mutex);
}

void log_flush(struct log *log) {
    if (log == NULL)
        return;
    (void)pthread_mutex_lock(&log->mutex);
    write_gathered(log);
    if (log->untold > 0 && make_room(log))
        write_gathered(log);
    (void)pthread_mutex_unlock(&log->mutex);
}

uint64_t log_count_dropped(const struct log *log) {
    return atomic_load_explicit(&log->dropped, memory_order_relaxed);
}

void log_close(struct log *log) {
    if (log == NULL)
        return;
    log_flush(log);
    for (int i = 0; i < PATIENCE_AT_CLOSE && log->gathered.length > 0; i++) {
        (void)can_write(log, PATIENCE_MILLISECONDS);
        log_flush(log);
    }
    if (log->owns_descriptor)
        (void)close(log->descriptor);
    buffer_free(&log->gathered);
    (void)pthread_mutex_destroy(&log->mutex);
    free(log);
}

bool log_level_parse(struct slice text, enum log_level *level) {
    for (size_t i = 0; i < sizeof level_names / sizeof level_names[0]; i++) {
        if (slice_equals_string(text, level_names[i])) {
            *level = (enum log_level)i;
            return true;
        }
    }
    return false;
}

bool log_format_parse(struct slice text, enum log_format *format) {
    if (slice_equals_string(text, "logfmt"))
        *format = LOG_FORMAT_LOGFMT;
    else if (slice_equals_string(text, "json"))
        *format = LOG_FORMAT_JSON;
    else
        return false;
    return true;
}
