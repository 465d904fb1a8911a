/* The door for devices: redeem a token, look at oneself, leave.
 *
 *   POST   /enroll      {"enrollmentToken", "device": {…}} -> 201, or 200 for a known device
 *   GET    /enroll/me   Authorization: Bearer <deviceCredential>
 *   DELETE /enroll/me   likewise -> 204
 *
 * A refused token gets one answer whatever is wrong with it. docs/api.md describes the bodies. */
#ifndef MUSTER_DEVICE_ENROLL_DOOR_H
#define MUSTER_DEVICE_ENROLL_DOOR_H

#include "message/exchange.h"
#include "service/service.h"

struct enroll_door;

/* service outlives the door. Ends with enroll_door_close. */
struct enroll_door *enroll_door_open(struct service *service) __attribute__((returns_nonnull));

/* The door to hand to a listener. */
struct door *enroll_door_get(struct enroll_door *door);

void enroll_door_close(struct enroll_door *door);

#endif
