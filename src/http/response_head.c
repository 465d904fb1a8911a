#include "http/response_head.h"

#include <stdio.h>
#include <time.h>

/* Usual heads are far smaller; one reservation saves growing step by step. */
#define USUAL_HEAD_SIZE 1024

void http_date_update(struct http_date *date, instant now) {
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int64_t second = instant_to_unix(now);
    if (date->length > 0 && date->second == second)
        return;
    date->second = second;
    time_t time = (time_t)second;
    struct tm parts;
    if (gmtime_r(&time, &parts) == NULL)
        return;
    char text[128];
    int length = snprintf(text, sizeof text, "Date: %s, %02d %s %04d %02d:%02d:%02d GMT\r\n",
                          days[parts.tm_wday], parts.tm_mday, months[parts.tm_mon],
                          parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
    if (length <= 0 || (size_t)length > sizeof date->line)
        return;
    memcpy(date->line, text, (size_t)length);
    date->length = (size_t)length;
}

bool http_response_may_have_body(int status) {
    return status >= 200 && status != 204 && status != 304;
}

static void append_header(struct buffer *out, struct slice name, struct slice value) {
    buffer_append_slice(out, name);
    buffer_append(out, ": ", 2);
    buffer_append_slice(out, value);
    buffer_append(out, "\r\n", 2);
}

void http_response_head_write(struct buffer *out, const struct response *response,
                              const struct http_response_frame *frame) {
    buffer_reserve(out, USUAL_HEAD_SIZE);
    buffer_append_slice(out, SLICE("HTTP/1.1 "));
    buffer_append_unsigned(out, (unsigned)response->status);
    buffer_append_byte(out, ' ');
    buffer_append_string(out, response_reason(response->status));
    buffer_append(out, "\r\n", 2);
    buffer_append_slice(out, frame->date_line);
    for (size_t i = 0; i < response->header_count; i++)
        append_header(out, response->headers[i].name, response->headers[i].value);
    if (http_response_may_have_body(response->status)) {
        buffer_append_slice(out, SLICE("Content-Length: "));
        buffer_append_unsigned(out, response->body.length);
        buffer_append(out, "\r\n", 2);
    }
    if (frame->closes)
        buffer_append_slice(out, SLICE("Connection: close\r\n"));
    else if (frame->keeps_1_0)
        buffer_append_slice(out, SLICE("Connection: keep-alive\r\n"));
    if (frame->secure)
        buffer_append_slice(out, SLICE("Strict-Transport-Security: max-age=31536000\r\n"));
    buffer_append(out, "\r\n", 2);
}
