#include "webhook/webhook_queue.h"

#include "webhook/webhook_backoff.h"

#define READ_AHEAD_AT_MOST 64
#define SAVE_TICKS INSTANT_TICKS_PER_SECOND
#define POLL_TICKS (WEBHOOK_POLL_MILLISECONDS * INSTANT_TICKS_PER_MILLISECOND)
#define COUNT_TICKS INSTANT_TICKS_PER_SECOND
#define SECONDS_PER_DAY INT64_C(86400)

void webhook_queue_open(struct webhook_queue *queue, const struct webhook_settings *settings,
                        struct store_seat *seat, const struct random_source *random,
                        struct log *log) {
    *queue =
        (struct webhook_queue){.settings = settings, .seat = seat, .random = random, .log = log};
}

void webhook_queue_begin(struct webhook_queue *queue, const struct store_follower *place) {
    queue->position = place->position;
    queue->saved = place->position;
    queue->read_through = place->position;
    queue->begun_row = place->position + 1;
    queue->begun_done = place->parts;
}

/* Ticks until the wait that began at start is over; a clock that was set back ends it as well. */
static int64_t ticks_left(instant start, int64_t ticks, instant now) {
    return now < start || now >= start + ticks ? 0 : start + ticks - now;
}

static void drop(struct webhook_queue *queue, uint64_t count) {
    queue->dropping += count;
    atomic_fetch_add(&queue->dropped, count);
}

/* One line for all that go at once. */
static void tell_dropped(struct webhook_queue *queue) {
    if (queue->dropping == 0)
        return;
    LOG(queue->log, LOG_LEVEL_WARNING, "webhook events dropped",
        log_string("webhook", queue->settings->name),
        log_number("events", (int64_t)queue->dropping),
        log_string("reason", "they could not be delivered for as long as they are kept; a row gone "
                             "from the audit counts as one"));
    queue->dropping = 0;
}

/* Whether there may be more events to send. */
static bool read_ahead(struct webhook_queue *queue, instant now) {
    arena_reset(&queue->arena);
    struct store_query query = {
        .kind = STORE_AUDIT_FOLLOW,
        .arena = &queue->arena,
        .audit_follow = {.after = queue->read_through,
                         .activities = webhook_event_activities(queue->settings->events),
                         .limit = READ_AHEAD_AT_MOST},
    };
    struct error error = store_seat_ask(queue->seat, &query);
    queue->event_count = 0;
    queue->event_next = 0;
    queue->polled_at = now;
    if (error_is_set(&error))
        return false;
    drop(queue, (uint64_t)query.audit_follow.missed);
    queue->events = query.audit_follow.results;
    queue->event_count = query.audit_follow.count;
    queue->read_through = query.audit_follow.through;
    queue->newest = query.audit_follow.newest;
    if (queue->read_through < queue->newest)
        queue->polled_at = INSTANT_NEVER;
    return queue->event_count > 0;
}

/* What a receiver that takes nothing has before it grows meanwhile. */
static void count_backlog(struct webhook_queue *queue, instant now) {
    struct store_query query = {.kind = STORE_AUDIT_FOLLOW,
                                .arena = &queue->arena,
                                .audit_follow = {.after = queue->position}};
    struct error error = store_seat_ask(queue->seat, &query);
    queue->polled_at = now;
    if (!error_is_set(&error))
        queue->newest = query.audit_follow.newest;
}

static bool is_too_old(const struct webhook_queue *queue, const struct store_event *event,
                       instant now) {
    return event->record.at <
           instant_add_seconds(now, -(queue->settings->keep_days * SECONDS_PER_DAY));
}

static void pass_row(struct webhook_queue *queue) {
    queue->position = queue->events[queue->event_next].record.row;
    queue->event_next++;
    queue->kind_count = 0;
    queue->kind_next = 0;
    queue->attempts = 0;
}

static void pass_event(struct webhook_queue *queue) {
    queue->failures = 0;
    queue->attempts = 0;
    queue->retry_ticks = 0;
    queue->failing_since = INSTANT_NEVER;
    queue->kind_next++;
    if (queue->kind_next == queue->kind_count)
        pass_row(queue);
}

static unsigned find_wanted(const struct webhook_queue *queue, const struct store_event *event) {
    unsigned wanted = queue->settings->events;
    return event->record.row == queue->begun_row ? wanted & ~queue->begun_done : wanted;
}

/* Brings the next event of those read to its turn; false when none is left. */
static bool find_in_turn(struct webhook_queue *queue, instant now) {
    for (; queue->event_next < queue->event_count; pass_row(queue)) {
        const struct store_event *event = &queue->events[queue->event_next];
        if (queue->kind_count == 0)
            queue->kind_count =
                webhook_event_of_row(event, find_wanted(queue, event), queue->kinds);
        bool is_in_turn = queue->kind_next < queue->kind_count;
        if (is_in_turn && !is_too_old(queue, event, now))
            return true;
        drop(queue, queue->kind_count - queue->kind_next);
    }
    queue->position = queue->read_through;
    return false;
}

/* That it is behind is said when it begins and when it ends, not at every event. */
static void note_backlog(struct webhook_queue *queue, instant since, instant now) {
    int64_t backlog = queue->newest - queue->position;
    atomic_store(&queue->backlog, backlog > 0 ? backlog : 0);
    atomic_store(&queue->waits_since, since);
    bool is_behind =
        since != INSTANT_NEVER && now > instant_add_seconds(since, WEBHOOK_BEHIND_SECONDS);
    if (is_behind == queue->is_behind)
        return;
    queue->is_behind = is_behind;
    if (is_behind)
        LOG(queue->log, LOG_LEVEL_WARNING, "webhook falls behind",
            log_string("webhook", queue->settings->name),
            log_number("seconds", (now - since) / INSTANT_TICKS_PER_SECOND),
            log_number("backlog", atomic_load(&queue->backlog)));
    else
        LOG(queue->log, LOG_LEVEL_INFO, "webhook has caught up",
            log_string("webhook", queue->settings->name));
}

bool webhook_queue_next(struct webhook_queue *queue, instant now, enum webhook_event_kind *kind,
                        const struct store_event **event) {
    bool is_found = find_in_turn(queue, now);
    if (!is_found && ticks_left(queue->polled_at, POLL_TICKS, now) == 0)
        is_found = read_ahead(queue, now) && find_in_turn(queue, now);
    if (!is_found) {
        if (queue->polled_at != INSTANT_NEVER) {
            tell_dropped(queue);
            note_backlog(queue, INSTANT_NEVER, now);
        }
        return false;
    }
    tell_dropped(queue);
    *event = &queue->events[queue->event_next];
    *kind = queue->kinds[queue->kind_next];
    note_backlog(queue, (*event)->record.at, now);
    if (ticks_left(queue->failed_at, queue->retry_ticks, now) == 0)
        return true;
    if (ticks_left(queue->polled_at, COUNT_TICKS, now) == 0)
        count_backlog(queue, now);
    return false;
}

static void note_failure(struct webhook_queue *queue, const struct error *outcome,
                         int64_t asked_wait, instant now) {
    atomic_fetch_add(&queue->failed, 1);
    queue->failures++;
    queue->attempts++;
    queue->failure = *outcome;
    queue->retry_ticks = webhook_backoff_ticks(queue->failures, queue->random);
    if (queue->retry_ticks < asked_wait)
        queue->retry_ticks = asked_wait;
    queue->failed_at = now;
    if (queue->failures > 1)
        return;
    queue->failing_since = now;
    LOG(queue->log, LOG_LEVEL_WARNING, "webhook fails",
        log_string("webhook", queue->settings->name), log_string("reason", outcome->message),
        log_string("consequence", "its events wait and are tried again"));
}

void webhook_queue_finish(struct webhook_queue *queue, const struct error *outcome,
                          int64_t asked_wait, instant now) {
    if (error_is_set(outcome)) {
        note_failure(queue, outcome, asked_wait, now);
        return;
    }
    if (queue->failures > 0)
        LOG(queue->log, LOG_LEVEL_INFO, "webhook works again",
            log_string("webhook", queue->settings->name),
            log_number("attempts", (int64_t)queue->failures + 1));
    atomic_fetch_add(&queue->delivered, 1);
    pass_event(queue);
}

/* Behind the event in turn. Where its row has one more, that one's turn comes next. */
static struct store_follower place_behind_turn(const struct webhook_queue *queue) {
    int64_t row = queue->events[queue->event_next].record.row;
    struct store_follower place = {.name = queue->settings->name, .position = row};
    if (queue->kind_next + 1 == queue->kind_count)
        return place;
    place.position = row - 1;
    if (row == queue->begun_row)
        place.parts = queue->begun_done;
    for (size_t i = 0; i <= queue->kind_next; i++)
        place.parts |= 1U << queue->kinds[i];
    return place;
}

static void note_skipped(struct webhook_queue *queue, const struct store_command *command) {
    char id[GUID_TEXT_SIZE];
    atomic_fetch_add(&queue->skipped, 1);
    LOG(queue->log, LOG_LEVEL_WARNING, "webhook event skipped",
        log_string("webhook", queue->settings->name),
        log_string("id", guid_format(&command->follower_skip.event, id)),
        log_string("type", command->follower_skip.type),
        log_number("attempts", (int64_t)queue->attempts),
        log_string("reason", queue->failure.message));
}

void webhook_queue_hurry(struct webhook_queue *queue) {
    queue->retry_ticks = 0;
}

struct error webhook_queue_skip(struct webhook_queue *queue, struct store_command *command) {
    if (queue->attempts == 0)
        return error_make(
            ERROR_CONFLICT,
            "The receiver of the webhook '%s' has not failed at the event in turn, so "
            "nothing is skipped.",
            queue->settings->name);
    const struct store_event *event = &queue->events[queue->event_next];
    enum webhook_event_kind kind = queue->kinds[queue->kind_next];
    command->tenant = event->tenant;
    command->follower_skip.place = place_behind_turn(queue);
    command->follower_skip.event = webhook_event_id(kind, event);
    command->follower_skip.type = webhook_event_name(kind);
    command->follower_skip.at = event->record.at;
    command->follower_skip.reason =
        arena_copy(command->arena, slice_from_string(queue->failure.message));
    struct error error = store_seat_run(queue->seat, command);
    if (error_is_set(&error))
        return error;
    note_skipped(queue, command);
    queue->position = command->follower_skip.place.position;
    queue->saved = queue->position;
    pass_event(queue);
    return error_none();
}

struct webhook_report webhook_queue_report(const struct webhook_queue *queue) {
    struct webhook_report report = {
        .name = queue->settings->name,
        .position = queue->position,
        .backlog = atomic_load(&queue->backlog),
        .has_event = queue->kind_next < queue->kind_count,
        .attempts = queue->attempts,
        .failing_since = queue->failing_since,
        .retry_at = queue->failed_at + queue->retry_ticks,
        .failure = queue->failure,
    };
    if (report.has_event) {
        const struct store_event *event = &queue->events[queue->event_next];
        report.kind = queue->kinds[queue->kind_next];
        report.event = webhook_event_id(report.kind, event);
        report.at = event->record.at;
    }
    return report;
}

void webhook_queue_save(struct webhook_queue *queue, instant now, bool at_once) {
    if (queue->position == queue->saved ||
        (!at_once && ticks_left(queue->saved_at, SAVE_TICKS, now) > 0))
        return;
    struct store_command command = {
        .kind = STORE_FOLLOWER_ADVANCE,
        .now = now,
        .actor = {.kind = AUDIT_ACTOR_SYSTEM},
        .follower_advance = {.name = queue->settings->name, .position = queue->position},
    };
    struct error error = store_seat_run(queue->seat, &command);
    queue->saved_at = now;
    if (!error_is_set(&error))
        queue->saved = queue->position;
}

static int to_milliseconds(int64_t ticks, int most) {
    int64_t milliseconds =
        (ticks + INSTANT_TICKS_PER_MILLISECOND - 1) / INSTANT_TICKS_PER_MILLISECOND;
    return milliseconds < most ? (int)milliseconds : most;
}

int webhook_queue_wait(const struct webhook_queue *queue, instant now, int most) {
    if (queue->position != queue->saved)
        most = to_milliseconds(ticks_left(queue->saved_at, SAVE_TICKS, now), most);
    if (queue->event_next < queue->event_count)
        return to_milliseconds(ticks_left(queue->failed_at, queue->retry_ticks, now), most);
    return to_milliseconds(ticks_left(queue->polled_at, POLL_TICKS, now), most);
}

void webhook_queue_close(struct webhook_queue *queue) {
    arena_free(&queue->arena);
}
