#include "watch/token_watch.h"

#include "domain/token.h"

/* Of notices in one command. */
#define BATCH_AT_MOST 256
/* Entries of the heap that need not be worth their memory. */
#define SPARE_ENTRIES 65536

void token_watch_open(struct token_watch *watch, struct store_seat *seat, struct log *log,
                      int64_t warning_seconds) {
    *watch = (struct token_watch){.seat = seat, .log = log, .warning_seconds = warning_seconds};
}

static void push(struct token_watch *watch, const struct token_timing *timing, instant at,
                 enum token_notice_kind kind) {
    const struct token_due due = {.at = at, .token_id = timing->token_id, .kind = kind};
    if (at != INSTANT_NEVER && at < watch->until)
        token_due_push(&watch->due, &due);
}

static void take(struct token_watch *watch, const struct token_timing *timing) {
    if (!timing->is_warned)
        push(watch, timing,
             token_warning_instant(timing->created, timing->expires, watch->warning_seconds),
             TOKEN_NOTICE_EXPIRING);
    push(watch, timing, timing->expires, TOKEN_NOTICE_EXPIRED);
}

static bool ask(struct token_watch *watch, struct store_query *query) {
    query->arena = &watch->arena;
    struct error error = store_seat_ask(watch->seat, query);
    return !error_is_set(&error);
}

/* The tokens made since the last look. */
static bool read_new(struct token_watch *watch) {
    struct store_query query = {.kind = STORE_TOKEN_LIST_NEW};
    do {
        arena_reset(&watch->arena);
        query.token_list_new.after = watch->seen;
        query.token_list_new.until = watch->until;
        query.token_list_new.warning_seconds = watch->warning_seconds;
        if (!ask(watch, &query))
            return false;
        for (size_t i = 0; i < query.token_list_new.count; i++)
            take(watch, &query.token_list_new.results[i]);
        watch->seen = query.token_list_new.through;
    } while (watch->seen < query.token_list_new.newest);
    return true;
}

/* From here on newer tokens are read as they come. */
static bool find_newest(struct token_watch *watch) {
    struct store_query query = {.kind = STORE_TOKEN_LIST_NEW,
                                .token_list_new = {.after = INT64_MAX}};
    bool is_found = ask(watch, &query);
    watch->seen = query.token_list_new.newest;
    return is_found;
}

static bool read_current(struct token_watch *watch) {
    struct store_query query = {.kind = STORE_TOKEN_LIST_CURRENT};
    int64_t warned = 0;
    do {
        arena_reset(&watch->arena);
        query.token_list_current.until = watch->until;
        query.token_list_current.warning_seconds = watch->warning_seconds;
        if (!ask(watch, &query))
            return false;
        for (size_t i = 0; i < query.token_list_current.count; i++) {
            if (query.token_list_current.results[i].token_id <= watch->seen)
                take(watch, &query.token_list_current.results[i]);
        }
        warned += (int64_t)query.token_list_current.warned;
        query.token_list_current.after = query.token_list_current.through;
    } while (query.token_list_current.after < query.token_list_current.newest);
    atomic_store(&watch->expiring, warned);
    return true;
}

static void look_through_all(struct token_watch *watch, instant now) {
    token_due_clear(&watch->due);
    watch->looked_at = now;
    watch->until = instant_add_seconds(now, TOKEN_WATCH_AHEAD_SECONDS);
    watch->is_complete = find_newest(watch) && read_current(watch);
    watch->size_at_most = 2 * watch->due.count + SPARE_ENTRIES;
}

/* A clock that was set back has made the last look worthless, too. */
static bool must_look(const struct token_watch *watch, instant now) {
    return !watch->is_complete || now < watch->looked_at ||
           now >= instant_add_seconds(watch->looked_at, TOKEN_WATCH_AGAIN_SECONDS) ||
           watch->due.count > watch->size_at_most;
}

static void warn(struct token_watch *watch, const struct token_notice *notice) {
    char expires[INSTANT_TEXT_SIZE];
    atomic_fetch_add(&watch->warned, 1);
    atomic_fetch_add(&watch->expiring, 1);
    LOG(watch->log, LOG_LEVEL_WARNING, "token about to expire", log_guid("tenant", notice->tenant),
        log_guid("profile", notice->profile_id), log_text("name", notice->profile_name),
        log_string("expires", instant_format(notice->expires, expires)));
}

static void note(struct token_watch *watch, const struct token_notice *notice) {
    if (!notice->is_given)
        return;
    if (notice->kind == TOKEN_NOTICE_EXPIRING) {
        warn(watch, notice);
        return;
    }
    atomic_fetch_add(&watch->expired, 1);
    if (notice->was_warned)
        atomic_fetch_sub(&watch->expiring, 1);
}

/* Nothing is lost when the store cannot take them: they are looked up anew. */
static bool tell(struct token_watch *watch, struct token_notice *notices, size_t count,
                 instant now) {
    arena_reset(&watch->arena);
    struct store_command command = {
        .kind = STORE_TOKEN_NOTICE,
        .arena = &watch->arena,
        .now = now,
        .actor = {.kind = AUDIT_ACTOR_SYSTEM},
        .token_notice = {.notices = notices, .count = count},
    };
    struct error error = store_seat_run(watch->seat, &command);
    if (error_is_set(&error)) {
        watch->is_complete = false;
        return false;
    }
    for (size_t i = 0; i < count; i++)
        note(watch, &notices[i]);
    return true;
}

bool token_watch_step(struct token_watch *watch, instant now) {
    struct token_notice notices[BATCH_AT_MOST];
    size_t count = 0;
    struct token_due due;
    if (must_look(watch, now))
        look_through_all(watch, now);
    if (!watch->is_complete || !read_new(watch))
        return false;
    while (count < BATCH_AT_MOST && token_due_pop(&watch->due, now, &due))
        notices[count++] = (struct token_notice){.token_id = due.token_id, .kind = due.kind};
    return count > 0 && tell(watch, notices, count, now) && count == BATCH_AT_MOST;
}

void token_watch_close(struct token_watch *watch) {
    token_due_free(&watch->due);
    arena_free(&watch->arena);
}
