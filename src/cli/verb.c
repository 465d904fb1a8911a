#include "cli/verb.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/options.h"

#define OPTIONS_AT_MOST 16
#define PAGES_AT_MOST 100000

/* Flags that only some verbs take, by the name in verb->flags. */
static size_t list_options(struct verb_flags *flags, const struct verb *verb,
                           enum verb_target target, struct option options[OPTIONS_AT_MOST]) {
    const struct {
        enum verb_target target;
        struct option option;
    } common[] = {
        {VERB_TARGET_GRAPH, {"url", &flags->url, NULL, "the server (MUSTER_URL)"}},
        {VERB_TARGET_GRAPH,
         {"token-file", &flags->token_file, NULL, "file with the bearer token (MUSTER_TOKEN)"}},
        {VERB_TARGET_GRAPH, {"ca-file", &flags->ca_file, NULL, "PEM of trusted CAs"}},
        {VERB_TARGET_GRAPH, {"beta", NULL, &flags->beta, "use /beta instead of /v1.0"}},
        {VERB_TARGET_ADMIN,
         {"data-dir", &flags->data_directory, NULL, "the server's data directory"}},
    };
    const struct option special[] = {
        {"name", &flags->name, NULL, "the display name"},
        {"description", &flags->description, NULL, "the description"},
        {"validity", &flags->validity, NULL, "how long the token lives: 90s, 15m, 24h, 30d (1h)"},
        {"field", &flags->field, NULL, "the property that -o value prints"},
        {"qr", NULL, &flags->qr, "draws the QR code in the terminal"},
        {"png", &flags->png, NULL, "writes the QR code as a PNG file"},
        {"svg", &flags->svg, NULL, "writes the QR code as an SVG file"},
        {"format", &flags->format, NULL, "prints the payload: qr, zero-touch or knox"},
        {"limit", &flags->limit, NULL, "how many, at most (100)"},
        {"expiring-within", &flags->expiring_within, NULL,
         "only those that expire within a time such as 12h or 7d"},
        {"unlicensed", NULL, &flags->unlicensed, "without a licence"},
    };
    size_t count = 0;
    for (size_t i = 0; i < sizeof special / sizeof special[0]; i++) {
        if (verb->flags != NULL && strstr(verb->flags, special[i].name) != NULL)
            options[count++] = special[i];
    }
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++) {
        if (common[i].target == target)
            options[count++] = common[i].option;
    }
    options[count++] = (struct option){"o", &flags->output, NULL, "json, table or value"};
    return count;
}

static void print_help(const char *command, enum verb_target target, const struct verb *verbs,
                       size_t count, const char *example) {
    for (size_t i = 0; i < count; i++) {
        struct verb_flags flags = {0};
        struct option options[OPTIONS_AT_MOST];
        (void)printf("muster %s %s%s%s: %s\n", command, verbs[i].name,
                     verbs[i].argument == NULL ? "" : " ",
                     verbs[i].argument == NULL ? "" : verbs[i].argument, verbs[i].summary);
        options_print(stdout, options, list_options(&flags, &verbs[i], target, options));
    }
    (void)printf("\nExample: %s\n", example);
}

static int misused(const char *command, const char *message) {
    (void)fprintf(stderr, "muster %s: %s; see muster %s --help\n", command, message, command);
    return COMMAND_MISUSED;
}

static const char *data_directory(const struct verb_flags *flags) {
    if (flags->data_directory != NULL)
        return flags->data_directory;
    const char *directory = getenv("MUSTER_DATA_DIR");
    return directory != NULL ? directory : "./muster-data";
}

static struct error open_client(struct verb_call *call, enum verb_target target) {
    if (target == VERB_TARGET_ADMIN) {
        client_open_socket(&call->client, data_directory(&call->flags));
        return error_none();
    }
    struct client_options options = {.url = call->flags.url,
                                     .token_file = call->flags.token_file,
                                     .ca_file = call->flags.ca_file};
    return client_open(&call->client, &options);
}

static int run(const char *command, enum verb_target target, const struct verb *verb,
               struct verb_call *call) {
    struct error error = output_format_parse(call->flags.output, &call->format);
    if (!error_is_set(&error))
        error = open_client(call, target);
    call->root = call->flags.beta ? "/beta" : "/v1.0";
    int result = error_is_set(&error) ? misused(command, error.message) : verb->run(call);
    client_close(&call->client);
    return result;
}

static const struct verb *find(const struct verb *verbs, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    }
    return NULL;
}

int verb_run(const char *command, enum verb_target target, const struct verb *verbs, size_t count,
             const char *example, int argument_count, char **arguments) {
    if (argument_count < 2)
        return misused(command, "say what to do");
    const struct verb *verb = find(verbs, count, arguments[1]);
    bool wants_help = strcmp(arguments[1], "--help") == 0 || strcmp(arguments[1], "-h") == 0;
    if (verb == NULL && !wants_help)
        return misused(command, "unknown verb");
    struct verb_call call = {0};
    size_t positional = 0;
    if (!wants_help) {
        struct option options[OPTIONS_AT_MOST];
        size_t option_count = list_options(&call.flags, verb, target, options);
        struct error error =
            options_parse(argument_count - 2, arguments + 2, options, option_count, &call.argument,
                          verb->argument == NULL ? 0 : 1, &positional, &wants_help);
        if (error_is_set(&error))
            return misused(command, error.message);
    }
    if (wants_help) {
        print_help(command, target, verb == NULL ? verbs : verb, verb == NULL ? count : 1, example);
        return COMMAND_DONE;
    }
    if (verb->argument != NULL && positional == 0)
        return misused(command, "an id is missing");
    return run(command, target, verb, &call);
}

const char *verb_entity_path(struct verb_call *call, const char *set_path) {
    char *encoded = curl_easy_escape(NULL, call->argument, 0);
    const char *path = arena_format(&call->client.arena, "%s%s/%s", call->root, set_path,
                                    encoded == NULL ? "" : encoded)
                           .data;
    curl_free(encoded);
    return path;
}

int verb_fetch_all(struct verb_call *call, const char *path, json_t **list) {
    return verb_fetch(call, path, SIZE_MAX, list);
}

int verb_fetch(struct verb_call *call, const char *path, size_t limit, json_t **list) {
    *list = json_array();
    for (int page = 0; path != NULL && page < PAGES_AT_MOST && json_array_size(*list) < limit;
         page++) {
        struct client_response response;
        int result = client_request(&call->client, "GET", path, NULL, &response);
        if (result == COMMAND_DONE)
            (void)json_array_extend(*list, json_object_get(response.body, "value"));
        const char *next = json_string_value(json_object_get(response.body, "@odata.nextLink"));
        path = next == NULL ? NULL : arena_copy(&call->client.arena, slice_from_string(next)).data;
        json_decref(response.body);
        if (result != COMMAND_DONE)
            return result;
    }
    while (json_array_size(*list) > limit)
        (void)json_array_remove(*list, json_array_size(*list) - 1);
    return COMMAND_DONE;
}
