#include "cli/token.h"

#include <stdio.h>

#include "cli/commands.h"
#include "cli/validity.h"
#include "cli/verb.h"

#define SET_PATH "/deviceManagement/androidForWorkEnrollmentProfiles"
#define DEFAULT_VALIDITY "1h"

static const struct output_column details[] = {
    {"token", "tokenValue"},
    {"expires", "tokenExpirationDateTime"},
    {"profile", "displayName"},
    {"devices", "enrolledDeviceCount"},
};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int show(struct verb_call *call) {
    json_t *profile = NULL;
    int result = client_request_object(&call->client, "GET", verb_entity_path(call, SET_PATH), NULL,
                                       &profile);
    if (result == COMMAND_DONE && !json_is_string(json_object_get(profile, "tokenValue"))) {
        (void)fputs("muster: the profile has no live token; make one with: muster token create\n",
                    stderr);
        result = COMMAND_FAILED;
    }
    if (result == COMMAND_DONE)
        result = verb_print_object(call, profile, details, COUNT(details), "tokenValue");
    json_decref(profile);
    return result;
}

static int create(struct verb_call *call) {
    int32_t seconds = 0;
    struct error error = validity_parse(
        call->flags.validity == NULL ? DEFAULT_VALIDITY : call->flags.validity, &seconds);
    if (error_is_set(&error))
        return verb_misused("token", error.message);
    json_t *body = json_pack("{s:i}", "tokenValidityInSeconds", (int)seconds);
    int result = verb_post_action(call, SET_PATH, "createToken", body);
    json_decref(body);
    return result == COMMAND_DONE ? show(call) : result;
}

static int revoke(struct verb_call *call) {
    return verb_post_action(call, SET_PATH, "revokeToken", NULL);
}

static const struct verb verbs[] = {
    {"create", "PROFILE", "validity", "makes a new token; the one before it ends", create},
    {"show", "PROFILE", NULL, "shows the live token", show},
    {"revoke", "PROFILE", NULL, "ends every live token of the profile", revoke},
};

int token_run(int argument_count, char **arguments) {
    return verb_run("token", VERB_TARGET_GRAPH, verbs, COUNT(verbs),
                    "muster token create 0192f3c4-0000-7000-8000-000000000000 --validity 24h",
                    argument_count, arguments);
}
