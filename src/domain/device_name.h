/* The name that a device gets when it enrolls by a profile with a deviceNameTemplate. No I/O; the
 * instant and the randomness are passed in, so that the same enrollment always gives the same name.
 *
 * A template is text with fields in it, in either case: {{SERIAL}}, {{SERIALLAST4DIGITS}},
 * {{ENROLLMENTDATETIME}}, {{DEVICETYPE}}, {{rand:1}} to {{rand:9}} (so many random digits), and
 * {{USERNAME}} and {{UPNPREFIX}}, which are empty: nobody signs in when a device redeems a token
 * here. */
#ifndef MUSTER_DOMAIN_DEVICE_NAME_H
#define MUSTER_DOMAIN_DEVICE_NAME_H

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/instant.h"
#include "base/slice.h"

#define DEVICE_NAME_TEMPLATE_AT_MOST 63 /* characters (Graph's limit) */
#define DEVICE_NAME_BYTES_AT_MOST 128   /* of a name; the rest is cut off at a character */
/* So many {{rand:x}} fit a template, and each takes one number. */
#define DEVICE_NAME_RANDOM_COUNT 6

struct device_name_facts {
    struct slice serial; /* what identifies the device, where it has no serial number */
    instant enrolled;
    const char *device_type;                   /* "AndroidForWork" */
    uint64_t random[DEVICE_NAME_RANDOM_COUNT]; /* any numbers */
};

/* Checks length, control characters and fields. ERROR_INVALID for 'deviceNameTemplate'. */
struct error device_name_template_check(struct slice template_text) MUST_CHECK;

/* The name, in the arena; empty where nothing of the template is known. A template that has not
 * passed its check makes a name all the same: what is no field stands for itself. */
struct slice device_name_make(struct slice template_text, const struct device_name_facts *facts,
                              struct arena *arena);

#endif
