/* Spans of time as people write them. Pure. */
#ifndef MUSTER_CLI_VALIDITY_H
#define MUSTER_CLI_VALIDITY_H

#include <stdint.h>

#include "base/error.h"

/* "90", "90s", "15m", "24h", "30d" or "2w" in seconds, 1 to INT32_MAX. ERROR_INVALID otherwise. */
struct error validity_parse(const char *text, int32_t *seconds) MUST_CHECK;

#endif
