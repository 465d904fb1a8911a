#include "config/config_file.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>

#include "base/slice.h"
#include "base/utf8.h"

#define LINES_AT_MOST 10000
#define SECTION_SIZE 256
#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

struct reading {
    const struct config_file_reader *reader;
    FILE *stream;
    int line; /* from 1 */
    char section[SECTION_SIZE];
    bool has_key;       /* since the section's head */
    bool is_indented;   /* the line */
    struct error error; /* the first one, without its place */
    int read_failure;   /* errno */
};

static bool has_failed(const struct reading *reading) {
    return error_is_set(&reading->error) || reading->read_failure != 0;
}

/* A line without its end. Returns false at the end of the file. */
static bool get_line(struct reading *reading, char *text, size_t size, size_t *length) {
    *length = 0;
    errno = 0;
    for (;;) {
        int byte = getc(reading->stream);
        if (byte == EOF && ferror(reading->stream) != 0) {
            reading->read_failure = errno == 0 ? EIO : errno;
            return false;
        }
        if (byte == EOF || byte == '\n') {
            text[*length] = '\0';
            return byte == '\n' || *length > 0;
        }
        if (*length + 1 == size) {
            reading->error =
                error_make(ERROR_INVALID,
                           "the line is longer than %zu bytes; docs/operations.md says under "
                           "Settings where longer values go",
                           size - 1);
            return true;
        }
        text[(*length)++] = (char)byte;
    }
}

static struct error check_bytes(struct slice line) {
    for (size_t i = 0; i < line.length; i++) {
        unsigned char byte = (unsigned char)line.data[i];
        if ((byte < ' ' && byte != '\t') || byte == 0x7F)
            return error_make(ERROR_INVALID, "there is a control character (0x%02x) in the line",
                              byte);
    }
    if (!utf8_is_valid(line))
        return error_make(ERROR_INVALID, "the line is not UTF-8");
    return error_none();
}

/* inih finds heads as well, but it cuts long ones, takes indented ones for the rest of a value, and
 * says nothing of those without keys. */
static struct error take_head(struct reading *reading, const char *text) {
    const char *start = text + strspn(text, " \t");
    const char *end = strchr(text, ']');
    if (*start != '[' || end == NULL)
        return error_none();
    if (start != text)
        return error_make(ERROR_INVALID, "a [section] begins at the start of its line");
    const char *behind = end + 1 + strspn(end + 1, " \t");
    if (*behind != '\0' && *behind != ';' && *behind != '#')
        return error_make(ERROR_INVALID, "there is '%s' behind the ']'", behind);
    (void)snprintf(reading->section, sizeof reading->section, "%.*s", (int)(end - start - 1),
                   start + 1);
    reading->has_key = false;
    return reading->reader->take_section(reading->reader->context, reading->section, reading->line);
}

/* inih's source of lines, which asks for no more after NULL. */
static char *read_line(char *text, int size, void *user) {
    struct reading *reading = user;
    size_t length = 0;
    if (has_failed(reading) || !get_line(reading, text, (size_t)size, &length))
        return NULL;
    reading->line++;
    if (length > 0 && text[length - 1] == '\r')
        text[--length] = '\0';
    if (reading->line == 1 && slice_starts_with(slice_from_string(text), SLICE(BYTE_ORDER_MARK))) {
        length -= strlen(BYTE_ORDER_MARK);
        memmove(text, text + strlen(BYTE_ORDER_MARK), length + 1);
    }
    if (!has_failed(reading) && reading->line > LINES_AT_MOST)
        reading->error =
            error_make(ERROR_INVALID, "there are more than %d lines in the file", LINES_AT_MOST);
    if (!has_failed(reading))
        reading->error = check_bytes((struct slice){.data = text, .length = length});
    reading->is_indented = *text == ' ' || *text == '\t';
    if (!has_failed(reading))
        reading->error = take_head(reading, text);
    return has_failed(reading) ? NULL : text;
}

/* inih takes what is indented for more of the key before it, also where it looks like a key. */
static struct error take_value(struct reading *reading, const char *name, const char *value) {
    const struct config_file_reader *reader = reading->reader;
    bool goes_on = reading->is_indented && reading->has_key;
    reading->has_key = true;
    if (reading->section[0] == '\0')
        return error_make_for(ERROR_INVALID, name,
                              "'%s' stands before any [section]; begin with [server]", name);
    if (goes_on && !reader->has_many_lines(reading->section, name))
        return error_make_for(ERROR_INVALID, name,
                              "the line begins with a blank, so it would go on with '%s', which "
                              "has one line only; begin a key at the start of its line",
                              name);
    return reader->take_key(reader->context, reading->section, name, value);
}

static int take_pair(void *user, const char *section, const char *name, const char *value) {
    struct reading *reading = user;
    (void)section; /* cut to fit, unlike reading->section */
    if (has_failed(reading))
        return 0;
    reading->error = take_value(reading, name, value == NULL ? "" : value);
    return has_failed(reading) ? 0 : 1;
}

/* syntax_line is what inih returns: the first line with an error, its own or ours; else 0. */
static struct error conclude(const struct reading *reading, const char *path, int syntax_line) {
    if (reading->read_failure != 0)
        return error_make(ERROR_INVALID, "%s: the configuration cannot be read: %s", path,
                          strerror(reading->read_failure));
    bool is_ours =
        error_is_set(&reading->error) && (syntax_line <= 0 || syntax_line >= reading->line);
    if (is_ours)
        return error_make_for(ERROR_INVALID, reading->error.target, "%s:%d: %s", path,
                              reading->line, reading->error.message);
    if (syntax_line != 0)
        return error_make(
            ERROR_INVALID,
            "%s:%d: neither a [section] nor 'key = value'; comments begin with # or ;", path,
            syntax_line);
    return error_none();
}

struct error config_file_read(const char *path, const struct config_file_reader *reader) {
    struct reading reading = {.reader = reader, .stream = fopen(path, "re"), .error = error_none()};
    if (reading.stream == NULL)
        reading.read_failure = errno;
    int syntax_line = 0;
    if (reading.stream != NULL) {
        syntax_line = ini_parse_stream(read_line, &reading, take_pair, &reading);
        (void)fclose(reading.stream);
    }
    return conclude(&reading, path, syntax_line);
}
