#include "cli/token.h"

#include <stdio.h>

#include "base/instant.h"
#include "cli/commands.h"
#include "cli/profile_collection.h"
#include "cli/token_code.h"
#include "cli/token_sheet.h"
#include "cli/validity.h"
#include "cli/verb.h"

#define DEFAULT_VALIDITY "1h"

static const struct output_column details[] = {
    {"token", "tokenValue"},
    {"expires", "tokenExpirationDateTime"},
    {"profile", "displayName"},
    {"devices", "enrolledDeviceCount"},
};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The profile in every detail, if it has a live token. The caller ends it with json_decref. */
static int fetch_live(struct verb_call *call, json_t **profile) {
    const struct profile_collection *collection = profile_collection_choose("token", &call->flags);
    if (collection == NULL)
        return COMMAND_MISUSED;
    call->client.prefer = "Prefer: odata.include-annotations=\"muster.*\"";
    int result = client_request_object(&call->client, "GET",
                                       verb_entity_path(call, collection->path), NULL, profile);
    if (result != COMMAND_DONE || json_is_string(json_object_get(*profile, "tokenValue")))
        return result;
    (void)fputs("muster: the profile has no live token; make one with: muster token create\n",
                stderr);
    return COMMAND_FAILED;
}

static int show(struct verb_call *call) {
    json_t *profile = NULL;
    int result = fetch_live(call, &profile);
    if (result == COMMAND_DONE && token_code_is_wanted(&call->flags))
        result = token_code_write(&call->flags, profile);
    else if (result == COMMAND_DONE)
        result = verb_print_object(call, profile, details, COUNT(details), "tokenValue");
    json_decref(profile);
    return result;
}

static int print_sheet(struct verb_call *call) {
    if (call->flags.html == NULL)
        return verb_misused("token", "--html is missing: the file for the labels");
    json_t *profile = NULL;
    int result = fetch_live(call, &profile);
    if (result == COMMAND_DONE)
        result = token_sheet_write(&call->flags, profile);
    json_decref(profile);
    return result;
}

static int create(struct verb_call *call) {
    int32_t seconds = 0;
    const struct profile_collection *collection = profile_collection_choose("token", &call->flags);
    if (collection == NULL)
        return COMMAND_MISUSED;
    struct error error = validity_parse(
        call->flags.validity == NULL ? DEFAULT_VALIDITY : call->flags.validity, &seconds);
    if (error_is_set(&error))
        return verb_misused("token", error.message);
    json_t *body = json_pack("{s:i}", "tokenValidityInSeconds", (int)seconds);
    int result = verb_post_action(call, collection->path, "createToken", body);
    json_decref(body);
    return result == COMMAND_DONE ? show(call) : result;
}

static int revoke(struct verb_call *call) {
    const struct profile_collection *collection = profile_collection_choose("token", &call->flags);
    if (collection == NULL)
        return COMMAND_MISUSED;
    return verb_post_action(call, collection->path, "revokeToken", NULL);
}

static const struct output_column owner_columns[] = {
    {"PROFILE", "id"},
    {"MODE", "enrollmentMode"},
    {"TOKEN EXPIRES", "tokenExpirationDateTime"},
    {"USED", "enrollmentTokenUsageCount"},
    {"NAME", "displayName"},
};
static const struct output_column columns[] = {
    {"PROFILE", "id"},
    {"TOKEN EXPIRES", "tokenExpirationDateTime"},
    {"DEVICES", "enrolledDeviceCount"},
    {"NAME", "displayName"},
};

/* Whether the profile's token is live and expires before the instant; which ones are live the
 * server says. */
static bool expires_before(const json_t *profile, instant before) {
    instant expires = INSTANT_NEVER;
    const char *text = json_string_value(json_object_get(profile, "tokenExpirationDateTime"));
    return json_is_string(json_object_get(profile, "tokenValue")) && text != NULL &&
           instant_parse(slice_from_string(text), &expires) && expires <= before;
}

static int list(struct verb_call *call) {
    const struct profile_collection *collection = profile_collection_choose("token", &call->flags);
    if (collection == NULL)
        return COMMAND_MISUSED;
    instant before = INSTANT_LAST;
    if (call->flags.expiring_within != NULL) {
        int32_t seconds = 0;
        struct error error = validity_parse(call->flags.expiring_within, &seconds);
        if (error_is_set(&error)) {
            (void)fprintf(stderr, "muster token: %s\n", error.message);
            return COMMAND_MISUSED;
        }
        before = instant_add_seconds(clock_now(&system_clock), seconds);
    }
    json_t *profiles = NULL;
    int result =
        verb_fetch(call, verb_list_path(call, collection->path, SIZE_MAX), SIZE_MAX, &profiles);
    json_t *live = json_array();
    size_t index = 0;
    json_t *profile = NULL;
    json_array_foreach(profiles, index, profile) {
        if (expires_before(profile, before))
            (void)json_array_append(live, profile);
    }
    if (result == COMMAND_DONE)
        output_print_list(stdout, call->format, live,
                          collection->is_device_owners ? owner_columns : columns,
                          collection->is_device_owners ? COUNT(owner_columns) : COUNT(columns));
    json_decref(live);
    json_decref(profiles);
    return result;
}

static const struct verb verbs[] = {
    {"list", NULL, "expiring-within set", "lists the profiles that have a live token", list},
    {"create", "PROFILE", "validity set", "makes a new token; the one before it ends", create},
    {"show", "PROFILE", "qr png svg format set", "shows the live token, or its QR code", show},
    {"sheet", "PROFILE", "html copies set", "makes a page of labels with the QR code, to print",
     print_sheet},
    {"revoke", "PROFILE", "set", "ends every live token of the profile", revoke},
};

int token_run(int argument_count, char **arguments) {
    return verb_run("token", VERB_TARGET_GRAPH, verbs, COUNT(verbs),
                    "muster token create 0192f3c4-0000-7000-8000-000000000000 --validity 24h",
                    argument_count, arguments);
}
