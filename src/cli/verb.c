#include "cli/verb.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/process.h"
#include "config/config.h"

#define OPTIONS_AT_MOST 16
#define PAGES_AT_MOST 10000
#define PAGE_ELEMENTS_AT_MOST 999
#define LIMIT_DEFAULT 100
#define LIMIT_AT_MOST 1000000

/* In the order of enum verb_target. */
static const char *const roots[] = {"/v1.0", "/beta", ""};

#define FOR_GRAPH (1U << VERB_TARGET_GRAPH)
#define FOR_BETA (1U << VERB_TARGET_BETA)
#define FOR_ADMIN (1U << VERB_TARGET_ADMIN)

/* Flags that only some verbs take, by the name in verb->flags, then those of the target. */
static size_t list_options(struct verb_flags *flags, const struct verb *verb,
                           enum verb_target target, struct option options[OPTIONS_AT_MOST]) {
    const struct option special[] = {
        {"name", &flags->name, NULL, "the display name"},
        {"description", &flags->description, NULL, "the description"},
        {"validity", &flags->validity, NULL, "how long the token lives: 90s, 15m, 24h, 30d (1h)"},
        {"field", &flags->field, NULL, "prints this property's value only"},
        {"qr", NULL, &flags->qr, "draws the QR code in the terminal"},
        {"png", &flags->png, NULL, "writes the QR code as a PNG file"},
        {"svg", &flags->svg, NULL, "writes the QR code as an SVG file"},
        {"format", &flags->format, NULL, "prints the payload: qr, zero-touch or knox"},
        {"html", &flags->html, NULL, "writes the labels as a page for a browser to print"},
        {"copies", &flags->copies, NULL, "how many labels (6, which are a page)"},
        {"limit", &flags->limit, NULL, "how many, at most (100)"},
        {"expiring-within", &flags->expiring_within, NULL,
         "only those that expire within a time such as 12h or 7d"},
        {"unlicensed", NULL, &flags->unlicensed, "without a licence"},
        {"set", &flags->set, NULL, "which profiles: for-work or device-owner (for-work)"},
        {"mode", &flags->mode, NULL, "the enrollmentMode, such as corporateOwnedFullyManaged"},
        {"token-type", &flags->token_type, NULL, "the enrollmentTokenType, such as deviceStaging"},
        {"name-template", &flags->name_template, NULL, "names devices: Till-{{SERIAL}}-{{rand:3}}"},
    };
    const struct {
        unsigned targets;
        struct option option;
    } common[] = {
        {FOR_GRAPH | FOR_BETA, {"url", &flags->url, NULL, "the server (MUSTER_URL)"}},
        {FOR_GRAPH | FOR_BETA,
         {"token-file", &flags->token_file, NULL, "file with the bearer token (MUSTER_TOKEN)"}},
        {FOR_GRAPH | FOR_BETA,
         {"ca-file", &flags->ca_file, NULL,
          "PEM of the CAs to trust, instead of the system's (MUSTER_CA_FILE)"}},
        {FOR_GRAPH, {"beta", NULL, &flags->beta, "use /beta instead of /v1.0"}},
        {FOR_ADMIN,
         {"data-dir", &flags->data_directory, NULL,
          "the server's data directory (MUSTER_DATA_DIR)"}},
        {FOR_GRAPH | FOR_BETA | FOR_ADMIN, {"o", &flags->output, NULL, "json, table or value"}},
    };
    size_t count = 0;
    for (size_t i = 0; i < sizeof special / sizeof special[0]; i++) {
        if (verb->flags != NULL && strstr(verb->flags, special[i].name) != NULL)
            options[count++] = special[i];
    }
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++) {
        if ((common[i].targets & 1U << target) != 0)
            options[count++] = common[i].option;
    }
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

int verb_misused(const char *command, const char *message) {
    (void)fprintf(stderr, "muster %s: %s; see muster %s --help\n", command, message, command);
    return COMMAND_MISUSED;
}

/* problem, and which verbs there are. */
static int misused_verb(const char *command, const char *problem, const struct verb *verbs,
                        size_t count) {
    struct buffer message = {0};
    buffer_append_string(&message, problem);
    for (size_t i = 0; i < count; i++) {
        buffer_append_string(&message, i == 0 ? ": " : i + 1 < count ? ", " : " or ");
        buffer_append_string(&message, verbs[i].name);
    }
    buffer_append_byte(&message, '\0');
    int result = verb_misused(command, message.data);
    buffer_free(&message);
    return result;
}

static struct error open_client(struct verb_call *call, enum verb_target target) {
    struct error error = process_protect_secrets();
    if (error_is_set(&error))
        return error;
    if (target == VERB_TARGET_ADMIN) {
        client_open_socket(&call->client, call->flags.data_directory != NULL
                                              ? call->flags.data_directory
                                              : config_default_data_directory(getenv));
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
    if (call->flags.field != NULL && call->flags.output == NULL)
        call->format = OUTPUT_VALUE;
    call->root = roots[call->flags.beta ? VERB_TARGET_BETA : target];
    int result = error_is_set(&error) ? verb_misused(command, error.message) : verb->run(call);
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

/* Without its id a request would go to the whole set. */
static int misused_without_id(const char *command, const struct verb *verb) {
    struct error error = error_make(ERROR_INVALID, "the id is missing: muster %s %s %s", command,
                                    verb->name, verb->argument);
    return verb_misused(command, error.message);
}

int verb_run(const char *command, enum verb_target target, const struct verb *verbs, size_t count,
             const char *example, int argument_count, char **arguments) {
    if (argument_count < 2)
        return misused_verb(command, "say what to do", verbs, count);
    const struct verb *verb = find(verbs, count, arguments[1]);
    bool wants_help = strcmp(arguments[1], "--help") == 0 || strcmp(arguments[1], "-h") == 0;
    if (verb == NULL && !wants_help)
        return misused_verb(command, "unknown verb; say what to do", verbs, count);
    struct verb_call call = {0};
    size_t positional = 0;
    if (!wants_help) {
        struct option options[OPTIONS_AT_MOST];
        size_t option_count = list_options(&call.flags, verb, target, options);
        struct error error =
            options_parse(argument_count - 2, arguments + 2, options, option_count, &call.argument,
                          verb->argument == NULL ? 0 : 1, &positional, &wants_help);
        if (error_is_set(&error))
            return verb_misused(command, error.message);
    }
    if (wants_help) {
        print_help(command, target, verb == NULL ? verbs : verb, verb == NULL ? count : 1, example);
        return COMMAND_DONE;
    }
    if (verb->argument != NULL && (positional == 0 || call.argument[0] == '\0'))
        return misused_without_id(command, verb);
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

int verb_post_action(struct verb_call *call, const char *set_path, const char *action,
                     const json_t *body) {
    struct client_response response;
    const char *path =
        arena_format(&call->client.arena, "%s/%s", verb_entity_path(call, set_path), action).data;
    int result = client_request(&call->client, "POST", path, body, &response);
    json_decref(response.body);
    return result;
}

bool verb_read_limit(const struct verb_call *call, const char *command, size_t *limit) {
    uint64_t number = LIMIT_DEFAULT;
    if (call->flags.limit != NULL &&
        (!slice_parse_unsigned(slice_from_string(call->flags.limit), LIMIT_AT_MOST, &number) ||
         number == 0)) {
        (void)fprintf(stderr, "muster %s: --limit must be a whole number from 1 to %d\n", command,
                      LIMIT_AT_MOST);
        return false;
    }
    *limit = (size_t)number;
    return true;
}

/* Every page is a call that counts where calls are throttled. */
const char *verb_list_path(struct verb_call *call, const char *set_path, size_t limit) {
    return arena_format(&call->client.arena, "%s%s?$top=%zu", call->root, set_path,
                        limit < PAGE_ELEMENTS_AT_MOST ? limit : PAGE_ELEMENTS_AT_MOST)
        .data;
}

/* Adds one page to list and moves path to the next one, or to NULL behind the last. */
static int fetch_page(struct verb_call *call, json_t *list, const char **path) {
    json_t *page = NULL;
    int result = client_request_object(&call->client, "GET", *path, NULL, &page);
    *path = NULL;
    if (result != COMMAND_DONE)
        return result;
    const json_t *next = json_object_get(page, "@odata.nextLink");
    bool is_page = json_array_extend(list, json_object_get(page, "value")) == 0;
    if (is_page && next != NULL) {
        const char *link =
            json_is_string(next) ? client_link_path(&call->client, json_string_value(next)) : NULL;
        is_page = link != NULL;
        if (is_page)
            *path = arena_copy(&call->client.arena, slice_from_string(link)).data;
    }
    json_decref(page);
    if (!is_page)
        (void)fputs("muster: the server's answer is not a page of a list\n", stderr);
    return is_page ? COMMAND_DONE : COMMAND_FAILED;
}

int verb_fetch(struct verb_call *call, const char *path, size_t limit, json_t **list) {
    *list = json_array();
    int result = COMMAND_DONE;
    for (int page = 0; path != NULL && result == COMMAND_DONE && json_array_size(*list) < limit;
         page++) {
        if (page < PAGES_AT_MOST) {
            result = fetch_page(call, *list, &path);
        } else {
            (void)fprintf(stderr, "muster: the list has more than %d pages\n", PAGES_AT_MOST);
            result = COMMAND_FAILED;
        }
    }
    while (json_array_size(*list) > limit)
        (void)json_array_remove(*list, json_array_size(*list) - 1);
    return result;
}

int verb_print_all(struct verb_call *call, const char *path, const struct output_column *columns,
                   size_t column_count) {
    json_t *list = NULL;
    int result = verb_fetch(call, path, SIZE_MAX, &list);
    if (result == COMMAND_DONE)
        output_print_list(stdout, call->format, list, columns, column_count);
    json_decref(list);
    return result;
}

int verb_print_object(const struct verb_call *call, const json_t *object,
                      const struct output_column *columns, size_t column_count,
                      const char *value_property) {
    const char *field = call->flags.field;
    if (field != NULL && json_object_get(object, field) == NULL) {
        (void)fprintf(stderr, "muster: there is no property '%s'; -o json shows all\n", field);
        return COMMAND_FAILED;
    }
    output_print_object(stdout, call->format, object, columns, column_count,
                        field == NULL ? value_property : field);
    return COMMAND_DONE;
}
