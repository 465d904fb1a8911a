#include "cli/profile.h"

#include "cli/commands.h"
#include "cli/profile_collection.h"
#include "cli/verb.h"

static const struct output_column columns[] = {
    {"ID", "id"},
    {"TOKEN EXPIRES", "tokenExpirationDateTime"},
    {"DEVICES", "enrolledDeviceCount"},
    {"NAME", "displayName"},
};
static const struct output_column owner_columns[] = {
    {"ID", "id"},
    {"MODE", "enrollmentMode"},
    {"TOKEN EXPIRES", "tokenExpirationDateTime"},
    {"DEVICES", "enrolledDeviceCount"},
    {"NAME", "displayName"},
};
/* The first are those of every profile. */
static const struct output_column details[] = {
    {"id", "id"},
    {"name", "displayName"},
    {"description", "description"},
    {"created", "createdDateTime"},
    {"modified", "lastModifiedDateTime"},
    {"token", "tokenValue"},
    {"expires", "tokenExpirationDateTime"},
    {"devices", "enrolledDeviceCount"},
    {"mode", "enrollmentMode"},
    {"token type", "enrollmentTokenType"},
    {"token created", "tokenCreationDateTime"},
    {"token used", "enrollmentTokenUsageCount"},
    {"device name", "deviceNameTemplate"},
    {"wifi", "wifiSsid"},
};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define COMMON_DETAILS 8

static int print(const struct verb_call *call, const struct profile_collection *collection,
                 const json_t *profile) {
    return verb_print_object(call, profile, details,
                             collection->is_device_owners ? COUNT(details) : COMMON_DETAILS, "id");
}

static int list(struct verb_call *call) {
    const struct profile_collection *collection =
        profile_collection_choose("profile", &call->flags);
    if (collection == NULL)
        return COMMAND_MISUSED;
    const char *path = verb_list_path(call, collection->path, SIZE_MAX);
    return collection->is_device_owners
               ? verb_print_all(call, path, owner_columns, COUNT(owner_columns))
               : verb_print_all(call, path, columns, COUNT(columns));
}

static json_t *make_body(const struct verb_flags *flags) {
    const struct {
        const char *property;
        const char *value;
    } given[] = {
        {"displayName", flags->name},
        {"description", flags->description},
        {"enrollmentMode", flags->mode},
        {"enrollmentTokenType", flags->token_type},
        {"deviceNameTemplate", flags->name_template},
    };
    json_t *body = json_object();
    for (size_t i = 0; i < COUNT(given); i++) {
        if (given[i].value != NULL)
            (void)json_object_set_new(body, given[i].property, json_string(given[i].value));
    }
    return body;
}

/* Makes the request, and prints the profile that comes back. */
static int exchange_profile(struct verb_call *call, const struct profile_collection *collection,
                            const char *method, const char *path, const json_t *body) {
    json_t *profile = NULL;
    int result = client_request_object(&call->client, method, path, body, &profile);
    if (result == COMMAND_DONE)
        result = print(call, collection, profile);
    json_decref(profile);
    return result;
}

static int create(struct verb_call *call) {
    if (call->flags.name == NULL)
        return verb_misused("profile", "a profile needs a name: give --name");
    const struct profile_collection *collection =
        profile_collection_choose("profile", &call->flags);
    if (collection == NULL)
        return COMMAND_MISUSED;
    json_t *body = make_body(&call->flags);
    int result = exchange_profile(
        call, collection, "POST",
        arena_format(&call->client.arena, "%s%s", call->root, collection->path).data, body);
    json_decref(body);
    return result;
}

static int update(struct verb_call *call) {
    const struct profile_collection *collection =
        profile_collection_choose("profile", &call->flags);
    if (collection == NULL)
        return COMMAND_MISUSED;
    json_t *body = make_body(&call->flags);
    int result = json_object_size(body) == 0
                     ? verb_misused("profile", "nothing to change: give --name or --description")
                     : exchange_profile(call, collection, "PATCH",
                                        verb_entity_path(call, collection->path), body);
    json_decref(body);
    return result;
}

static int show(struct verb_call *call) {
    const struct profile_collection *collection =
        profile_collection_choose("profile", &call->flags);
    if (collection == NULL)
        return COMMAND_MISUSED;
    return exchange_profile(call, collection, "GET", verb_entity_path(call, collection->path),
                            NULL);
}

static int delete (struct verb_call *call) {
    const struct profile_collection *collection =
        profile_collection_choose("profile", &call->flags);
    if (collection == NULL)
        return COMMAND_MISUSED;
    struct client_response response;
    int result = client_request(&call->client, "DELETE", verb_entity_path(call, collection->path),
                                NULL, &response);
    json_decref(response.body);
    return result;
}

#define OWNER_FLAGS "set mode token-type name-template"

static const struct verb verbs[] = {
    {"list", NULL, "set", "lists the tenant's enrollment profiles", list},
    {"create", NULL, "name description " OWNER_FLAGS, "creates an enrollment profile", create},
    {"show", "ID", "field set", "shows one", show},
    {"update", "ID", "name description " OWNER_FLAGS, "changes what is given", update},
    {"delete", "ID", "set", "deletes it; its tokens end, its devices stay", delete},
};

int profile_run(int argument_count, char **arguments) {
    return verb_run("profile", VERB_TARGET_GRAPH, verbs, COUNT(verbs),
                    "muster profile create --name Kiosks -o value", argument_count, arguments);
}
