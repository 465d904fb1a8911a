/* Finds the end of a head (or of a chunked body's trailers) while its bytes are still coming in,
 * and refuses line ends that two servers might read differently: RFC 9112 2.2 and 5.2.
 *
 * Every line must end in CR LF; a CR or LF on its own and a line that continues the one before are
 * how requests are smuggled past a proxy. The loop's thread. */
#ifndef MUSTER_HTTP_LINE_SCAN_H
#define MUSTER_HTTP_LINE_SCAN_H

#include <stddef.h>

#include "base/slice.h"

/* All zero is the start. Offsets are from the first byte of the head. */
struct http_line_scan {
    size_t scanned;    /* bytes that need not be looked at again */
    size_t line_start; /* of the line that is not complete yet */
    size_t first_line; /* length of the first line without CR LF; 0 while it is not complete */
};

enum http_line_scan_result {
    HTTP_LINE_SCAN_MORE,     /* the empty line has not come yet */
    HTTP_LINE_SCAN_COMPLETE, /* scanned is where the empty line ends */
    HTTP_LINE_SCAN_BROKEN,   /* a line end that must be refused */
};

/* Goes on with all bytes of the head that have come so far. */
enum http_line_scan_result http_line_scan_run(struct http_line_scan *scan, struct slice bytes);

#endif
