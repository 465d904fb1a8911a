#include "graph/profile_resource.h"

#include "graph/action.h"
#include "graph/entity.h"
#include "graph/etag.h"
#include "graph/preference.h"
#include "graph/profile_body.h"
#include "graph/profile_entity.h"
#include "graph/routes.h"
#include "message/json_body.h"
#include "service/profiles.h"
#include "service/tokens.h"

static void fail(struct graph_call *call, const struct error *error) {
    graph_call_fail_entity(call, error, "enrollment profile");
}

static void write_entity(struct graph_call *call, int status, const struct profile *profile) {
    struct json_writer writer = graph_call_open(call, status);
    response_set_header(&call->exchange->response, SLICE("ETag"),
                        profile_entity_tag(call, profile));
    json_open_object(&writer);
    entity_write_context(call, &writer, profile_entity_set_path(call->route->set));
    profile_entity_write(call, &writer, profile);
    json_close_object(&writer);
}

static void answer_profile(void *context, const struct error *error,
                           const struct profile *profile) {
    struct graph_call *call = context;
    if (error_is_set(error)) {
        fail(call, error);
        return;
    }
    write_entity(call, 200, profile);
    graph_call_finish(call);
}

/* OData 4.01 part 1 section 8.2.8.7: 204 for a client that does not want the entity back. */
static bool answer_minimally(struct graph_call *call, const struct profile *profile) {
    if (preference_read(&call->exchange->request).preferred_return != PREFERRED_RETURN_MINIMAL)
        return false;
    response_set_header(&call->exchange->response, SLICE("ETag"),
                        profile_entity_tag(call, profile));
    response_set_header(&call->exchange->response, SLICE("Preference-Applied"),
                        SLICE("return=minimal"));
    graph_call_no_content(call);
    return true;
}

/* The entity that a client of a change would get anyway is still what it asked for. */
static void name_representation(struct graph_call *call) {
    if (preference_read(&call->exchange->request).preferred_return ==
        PREFERRED_RETURN_REPRESENTATION)
        response_set_header(&call->exchange->response, SLICE("Preference-Applied"),
                            SLICE("return=representation"));
}

static void answer_updated(void *context, const struct error *error,
                           const struct profile *profile) {
    struct graph_call *call = context;
    if (error_is_set(error)) {
        fail(call, error);
        return;
    }
    if (answer_minimally(call, profile))
        return;
    name_representation(call);
    answer_profile(call, error, profile);
}

/* Where the new profile is; section 8.3.4 has it a second time for an answer without a body. */
static void add_location(struct graph_call *call, const struct profile *profile) {
    char id[GUID_TEXT_SIZE];
    struct slice address =
        arena_format(&call->exchange->arena, "%.*s/%s('%s')", SLICE_PRINTF(call->root),
                     profile_entity_set_path(call->route->set), guid_format(&profile->id, id));
    response_set_header(&call->exchange->response, SLICE("Location"), address);
    if (preference_read(&call->exchange->request).preferred_return == PREFERRED_RETURN_MINIMAL)
        response_set_header(&call->exchange->response, SLICE("OData-EntityId"), address);
}

static void answer_got(void *context, const struct error *error, const struct profile *profile) {
    struct graph_call *call = context;
    if (error_is_set(error)) {
        fail(call, error);
        return;
    }
    const struct revision revision = profile_revision(profile);
    struct slice tag = profile_entity_tag(call, profile);
    enum etag_outcome outcome = ETAG_SEND;
    struct error failed = etag_judge_get(&call->exchange->request, tag, &revision, &outcome);
    if (!error_is_set(&failed) && outcome == ETAG_FAILED)
        failed = error_make_for(ERROR_PRECONDITION_FAILED, "If-Match",
                                "The profile is not in the state that If-Match names.");
    if (error_is_set(&failed)) {
        graph_call_fail(call, &failed);
    } else if (outcome == ETAG_NOT_MODIFIED) {
        response_set_header(&call->exchange->response, SLICE("ETag"), tag);
        graph_call_not_modified(call);
    } else {
        answer_profile(call, error, profile);
    }
}

static void answer_created(void *context, const struct error *error,
                           const struct profile *profile) {
    struct graph_call *call = context;
    if (error_is_set(error)) {
        fail(call, error);
        return;
    }
    add_location(call, profile);
    if (answer_minimally(call, profile))
        return;
    name_representation(call);
    write_entity(call, 201, profile);
    graph_call_finish(call);
}

static void answer_no_content(void *context, const struct error *error) {
    struct graph_call *call = context;
    if (error_is_set(error))
        fail(call, error);
    else
        graph_call_no_content(call);
}

/* 204 as the reference has it; the profile for a client that asked for it, so that a script need
 * not ask again. */
static void answer_token_created(void *context, const struct error *error,
                                 const struct profile *profile) {
    struct graph_call *call = context;
    if (error_is_set(error) || profile == NULL) {
        answer_no_content(context, error);
        return;
    }
    name_representation(call);
    write_entity(call, 200, profile);
    graph_call_finish(call);
}

static void answer_page(void *context, const struct error *error,
                        const struct profiles_page *page) {
    struct graph_call *call = context;
    if (error_is_set(error)) {
        fail(call, error);
        return;
    }
    const char *path = profile_entity_set_path(call->route->set);
    struct json_writer writer = entity_open_page(call, path, page->end);
    for (size_t i = 0; i < page->count; i++) {
        json_open_object(&writer);
        profile_entity_write(call, &writer, &page->profiles[i]);
        json_close_object(&writer);
    }
    entity_finish_page(call, &writer, path, page->end);
}

static void answer_count(void *context, const struct error *error,
                         const struct profiles_page *page) {
    struct graph_call *call = context;
    if (error_is_set(error))
        fail(call, error);
    else
        entity_answer_count(call, page->end);
}

void profile_resource_list(struct graph_call *call) {
    profiles_list(call->service, &call->service_call, call->route->set, &call->options.listing,
                  answer_page);
}

void profile_resource_count(struct graph_call *call) {
    profiles_list(call->service, &call->service_call, call->route->set, &call->options.listing,
                  answer_count);
}

void profile_resource_get(struct graph_call *call) {
    profiles_get(call->service, &call->service_call, call->route->set, &call->key, answer_got);
}

/* If-Match and If-None-Match of a change, into what the service is called with. OData 4.01 part 1
 * section 11.5.5.1 has them for actions, too. */
static bool read_precondition(struct graph_call *call) {
    struct precondition *precondition =
        arena_allocate_zeroed(&call->exchange->arena, sizeof *precondition);
    struct error error =
        etag_read_precondition(&call->exchange->arena, &call->exchange->request, precondition);
    if (error_is_set(&error))
        graph_call_fail(call, &error);
    else
        call->service_call.precondition = precondition;
    return !error_is_set(&error);
}

void profile_resource_delete(struct graph_call *call) {
    if (read_precondition(call))
        profiles_delete(call->service, &call->service_call, call->route->set, &call->key,
                        answer_no_content);
}

static bool read_changes(struct graph_call *call, struct profile_changes *changes) {
    json_t *body = NULL;
    struct error error = json_body_parse(call->exchange->request.body, &body);
    if (!error_is_set(&error))
        error = profile_body_read(call, body, changes);
    json_decref(body);
    if (error_is_set(&error))
        graph_call_fail(call, &error);
    return !error_is_set(&error);
}

void profile_resource_create(struct graph_call *call) {
    struct profile_changes changes;
    if (read_changes(call, &changes))
        profiles_create(call->service, &call->service_call, call->route->set, &changes,
                        answer_created);
}

void profile_resource_update(struct graph_call *call) {
    struct profile_changes changes;
    if (read_precondition(call) && read_changes(call, &changes))
        profiles_update(call->service, &call->service_call, call->route->set, &call->key, &changes,
                        answer_updated);
}

const struct property
    profile_resource_create_token_parameters[PROFILE_RESOURCE_CREATE_TOKEN_PARAMETER_COUNT] = {
        {"tokenValidityInSeconds", PROPERTY_INT32, false, true},
};

/* "@muster.maxEnrollments": how many devices may redeem the token. An annotation, so that the same
 * body is still right for Graph itself, which ignores annotations that it does not know. */
static struct error read_max_enrollments(const json_t *body, int64_t *max_enrollments) {
    const json_t *value = json_object_get(body, "@muster.maxEnrollments");
    if (value == NULL)
        return error_none();
    if (!json_is_integer(value) || json_integer_value(value) < 1 ||
        json_integer_value(value) > INT32_MAX)
        return error_make_for(ERROR_INVALID, "@muster.maxEnrollments",
                              "The annotation '@muster.maxEnrollments' must be a whole number from "
                              "1 to %d: how many devices may redeem the token.",
                              INT32_MAX);
    *max_enrollments = json_integer_value(value);
    return error_none();
}

void profile_resource_create_token(struct graph_call *call) {
    if (!read_precondition(call))
        return;
    struct tokens_create_options options = {0};
    json_t *body = NULL;
    struct error error =
        action_read_body(call, "createToken", profile_resource_create_token_parameters,
                         PROFILE_RESOURCE_CREATE_TOKEN_PARAMETER_COUNT, &body);
    if (!error_is_set(&error)) {
        options.validity_seconds =
            json_integer_value(json_object_get(body, "tokenValidityInSeconds"));
        error = token_validity_check(options.validity_seconds);
    }
    if (!error_is_set(&error))
        error = read_max_enrollments(body, &options.max_enrollments);
    json_decref(body);
    if (error_is_set(&error)) {
        graph_call_fail(call, &error);
        return;
    }
    options.wants_profile = preference_read(&call->exchange->request).preferred_return ==
                            PREFERRED_RETURN_REPRESENTATION;
    tokens_create(call->service, &call->service_call, call->route->set, &call->key, &options,
                  answer_token_created);
}

void profile_resource_revoke_token(struct graph_call *call) {
    if (!read_precondition(call))
        return;
    struct error error = action_check_no_parameters(call, "revokeToken");
    if (error_is_set(&error)) {
        graph_call_fail(call, &error);
        return;
    }
    tokens_revoke(call->service, &call->service_call, call->route->set, &call->key,
                  answer_no_content);
}
