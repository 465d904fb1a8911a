#include "http/line_scan.h"

#include <stdbool.h>

/* end is the offset of the line's LF. */
static bool is_well_formed(const char *data, size_t start, size_t end) {
    if (end == start || data[end - 1] != '\r')
        return false;
    size_t length = end - 1 - start;
    if (length == 0)
        return true;
    return memchr(data + start, '\r', length) == NULL && data[start] != ' ' && data[start] != '\t';
}

enum http_line_scan_result http_line_scan_run(struct http_line_scan *scan, struct slice bytes) {
    while (scan->scanned < bytes.length) {
        const char *found = memchr(bytes.data + scan->scanned, '\n', bytes.length - scan->scanned);
        if (found == NULL) {
            scan->scanned = bytes.length;
            break;
        }
        size_t end = (size_t)(found - bytes.data);
        if (!is_well_formed(bytes.data, scan->line_start, end))
            return HTTP_LINE_SCAN_BROKEN;
        size_t length = end - 1 - scan->line_start;
        if (scan->line_start == 0)
            scan->first_line = length;
        scan->line_start = end + 1;
        scan->scanned = end + 1;
        if (length == 0)
            return HTTP_LINE_SCAN_COMPLETE;
    }
    return HTTP_LINE_SCAN_MORE;
}
