/* Which of a few equal places a thread uses, where each thread having its own would need a list of
 * threads. Two threads may come to share one, so each place has a lock, which is nearly always
 * free. Any thread. */
#ifndef MUSTER_BASE_THREAD_LANE_H
#define MUSTER_BASE_THREAD_LANE_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#define THREAD_LANES 16

/* Below THREAD_LANES, and always the same for one thread. */
static inline size_t thread_lane(void) {
    uint64_t spread = (uint64_t)pthread_self() * UINT64_C(0x9E3779B97F4A7C15);
    return (size_t)(spread >> 32) % THREAD_LANES;
}

#endif
