#include "cli/webhook.h"

#include "cli/commands.h"
#include "cli/verb.h"

#define SET_PATH "/webhooks"

static const struct output_column columns[] = {
    {"NAME", "name"},         {"BACKLOG", "backlogRows"}, {"FAILING SINCE", "failingSinceDateTime"},
    {"ATTEMPTS", "attempts"}, {"EVENT", "eventType"},     {"LAST FAILURE", "lastFailure"},
};
#define COLUMN_COUNT (sizeof columns / sizeof columns[0])

static int list(struct verb_call *call) {
    return verb_print_all(call, SET_PATH, columns, COLUMN_COUNT);
}

static const struct output_column event_columns[] = {
    {"webhook", "webhook"},
    {"id", "eventId"},
    {"type", "eventType"},
    {"time", "eventDateTime"},
};
#define EVENT_COLUMN_COUNT (sizeof event_columns / sizeof event_columns[0])

static int skip(struct verb_call *call) {
    json_t *event = NULL;
    const char *path =
        arena_format(&call->client.arena, "%s/skip", verb_entity_path(call, SET_PATH)).data;
    int result = client_request_object(&call->client, "POST", path, NULL, &event);
    if (result == COMMAND_DONE)
        result = verb_print_object(call, event, event_columns, EVENT_COLUMN_COUNT, "eventId");
    json_decref(event);
    return result;
}

static const struct verb verbs[] = {
    {"list", NULL, NULL, "lists the webhooks, and which event each is at", list},
    {"skip", "NAME", NULL,
     "gives up the event that the receiver refuses: the next one's turn comes", skip},
};

int webhook_run(int argument_count, char **arguments) {
    return verb_run("webhook", VERB_TARGET_ADMIN, verbs, sizeof verbs / sizeof verbs[0],
                    "muster webhook skip tickets", argument_count, arguments);
}
