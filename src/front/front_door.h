/* The door of the public listener: sends each request to the door whose part of the address space
 * it is in. */
#ifndef MUSTER_FRONT_FRONT_DOOR_H
#define MUSTER_FRONT_FRONT_DOOR_H

#include "message/exchange.h"

struct front_door {
    struct door door;
    struct door *graph;  /* /v1.0 and /beta */
    struct door *enroll; /* /enroll */
};

/* graph and enroll outlive it; nothing to give back. */
struct front_door front_door_make(struct door *graph, struct door *enroll);

#endif
