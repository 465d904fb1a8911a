/* Enrollment codes: what a profile's live token looks like to Android's setup wizard and to the
 * portals that feed it. The server's provisioning settings, with the profile's over them. */
#ifndef MUSTER_SERVICE_CODES_H
#define MUSTER_SERVICE_CODES_H

#include "base/buffer.h"
#include "provisioning/payload.h"
#include "service/service.h"

/* Whether the profile's own provisioning settings make payloads that the wizard takes and that fit
 * a QR code. ERROR_INVALID; the target is "@muster.provisioning.<member>". */
struct error codes_check_provisioning(const struct service *service, const struct profile *profile,
                                      struct arena *arena) MUST_CHECK;

/* The same for the Wi-Fi of an androidDeviceOwnerEnrollmentProfile; the target is "wifiSsid",
 * "wifiPassword" or "wifiSecurityType". */
struct error codes_check_wifi(const struct service *service, const struct profile *profile,
                              struct arena *arena) MUST_CHECK;

/* Whom a code is written for. */
enum codes_reader {
    CODES_FOR_WRITER, /* may change the profile */
    CODES_FOR_READER, /* may only read it: a network that has a password is left out */
};

/* Appends the payload of the profile's live token. False, and nothing appended, when it has no live
 * token, no device policy controller is named, or the profile's settings do not go with the
 * server's any more, which is logged. The payload holds the token: it belongs in no log.
 */
bool codes_write_payload(const struct service *service, const struct profile *profile, instant now,
                         enum provisioning_format format, enum codes_reader reader,
                         struct arena *arena, struct buffer *payload);

/* Appends the PNG of the QR payload in Base64; false likewise. */
bool codes_write_picture(const struct service *service, struct slice payload,
                         struct buffer *base64);

#endif
