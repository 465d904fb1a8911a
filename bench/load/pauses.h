/* Notices when a processor stands still, as a virtual machine's do whose host gives their time to
 * others or holds them to a quota: a thread on each of them, before which no usual thread runs,
 * sleeps over and over; when it sleeps far longer than it asked for, nothing has run there. */
#ifndef MUSTER_BENCH_PAUSES_H
#define MUSTER_BENCH_PAUSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pauses;

/* NULL when the threads may not have that priority: then nothing can be said. */
struct pauses *pauses_start(void);

/* Ends the threads and gathers what they missed. Nothing happens on NULL. */
void pauses_end(struct pauses *pauses);

/* How often one processor or several stood still between two instants of the monotonic clock, in
 * nanoseconds, and how long together. Behind pauses_end. */
size_t pauses_count(const struct pauses *pauses, int64_t from, int64_t to, int64_t *together);

void pauses_free(struct pauses *pauses);

#endif
