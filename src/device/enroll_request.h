/* What a device sends to POST /enroll, read from JSON. Pure; any thread. */
#ifndef MUSTER_DEVICE_ENROLL_REQUEST_H
#define MUSTER_DEVICE_ENROLL_REQUEST_H

#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"
#include "domain/device.h"

struct enroll_request {
    struct slice token;
    struct device_description device;
};

/* Reads the body; texts are copied into the arena. ERROR_INVALID names the member at fault. Members
 * that are not known are ignored, so that a newer device can talk to an older server. */
struct error enroll_request_parse(struct arena *arena, struct slice body,
                                  struct enroll_request *request) MUST_CHECK;

#endif
