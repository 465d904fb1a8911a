/* The door for devices: redeem a token, look at oneself, leave.
 *
 *   POST   /enroll      {"enrollmentToken", "device": {…}} -> 201, or 200 for a known device
 *   GET    /enroll/me   Authorization: Bearer <deviceCredential>
 *   DELETE /enroll/me   likewise -> 204
 *
 * A refused token gets one answer whatever is wrong with it, and an address with too many refusals
 * gets 429 for a while, whatever it sends. docs/api.md describes the bodies. */
#ifndef MUSTER_DEVICE_ENROLL_DOOR_H
#define MUSTER_DEVICE_ENROLL_DOOR_H

#include "device/refusal_limiter.h"
#include "message/exchange.h"
#include "service/service.h"

struct enroll_door;

/* What slows those who guess. Two, so that retired devices that keep asking with a dead credential
 * do not hinder others behind their address from enrolling. */
struct enroll_limiters {
    struct refusal_limiter *tokens;      /* at /enroll */
    struct refusal_limiter *credentials; /* at /enroll/me */
};

/* service and limiters outlive the door. Ends with enroll_door_close. */
struct enroll_door *enroll_door_open(struct service *service,
                                     const struct enroll_limiters *limiters)
    __attribute__((returns_nonnull));

/* The door to hand to a listener. */
struct door *enroll_door_get(struct enroll_door *door);

void enroll_door_close(struct enroll_door *door);

#endif
