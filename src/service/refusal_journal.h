/* Writes refused calls to the audit without letting a flood of them fill the disk.
 *
 * Who is refused the same thing for the same reason again and again gets one event a minute, which
 * tells how many went by unrecorded since the one before; those after the last event are not told.
 * Nobody waits for the event: an answer does not depend on it. Memory is bounded: a fixed number of
 * callers is remembered and a fixed number of events may be under way; what comes on top of these
 * is counted as unrecorded. */
#ifndef MUSTER_SERVICE_REFUSAL_JOURNAL_H
#define MUSTER_SERVICE_REFUSAL_JOURNAL_H

#include "base/error.h"
#include "base/random.h"
#include "base/slice.h"
#include "service/service.h"

#define REFUSAL_JOURNAL_PENDING_AT_MOST 64
#define REFUSAL_JOURNAL_INTERVAL_SECONDS 60

struct refusal_journal;

/* Ends with refusal_journal_close, after the store is closed. */
struct refusal_journal *refusal_journal_open(struct store *store,
                                             const struct random_source *random)
    __attribute__((returns_nonnull));

/* call->actor was refused operation, a text without secrets, with the error's message. Copies what
 * it keeps. call->loop's thread. */
void refusal_journal_note(struct refusal_journal *journal, const struct service_call *call,
                          struct slice operation, const struct error *error);

void refusal_journal_close(struct refusal_journal *journal);

#endif
