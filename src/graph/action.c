#include "graph/action.h"

#include "message/json_body.h"

static struct error check_member(struct graph_call *call, const char *action,
                                 const struct property *parameters, size_t count, struct slice name,
                                 const json_t *value) {
    struct arena *arena = &call->exchange->arena;
    if (property_is_annotation(name))
        return property_check_annotation(name, value,
                                         arena_format(arena, "microsoft.graph.%s", action).data);
    const struct property *parameter = property_find(parameters, count, name);
    if (parameter == NULL)
        return error_make_for(ERROR_INVALID, arena_copy(arena, name).data,
                              "The parameter '%.*s' in the request payload is not a valid "
                              "parameter for the operation '%s'.",
                              SLICE_PRINTF(name), action);
    return property_check_type(parameter, value, "parameter");
}

static struct error check_members(struct graph_call *call, const char *action,
                                  const struct property *parameters, size_t count, json_t *body) {
    for (void *member = json_object_iter(body); member != NULL;
         member = json_object_iter_next(body, member)) {
        struct error error = check_member(call, action, parameters, count,
                                          slice_from_string(json_object_iter_key(member)),
                                          json_object_iter_value(member));
        if (error_is_set(&error))
            return error;
    }
    return error_none();
}

struct error action_read_body(struct graph_call *call, const char *action,
                              const struct property *parameters, size_t count, json_t **body) {
    struct error error = json_body_parse(call->exchange->request.body, body);
    if (!error_is_set(&error))
        error = check_members(call, action, parameters, count, *body);
    for (size_t i = 0; i < count && !error_is_set(&error); i++) {
        if (!parameters[i].nullable && json_object_get(*body, parameters[i].name) == NULL)
            error = error_make_for(ERROR_INVALID, parameters[i].name,
                                   "The parameter '%s' of the operation '%s' is missing from the "
                                   "request body.",
                                   parameters[i].name, action);
    }
    return error;
}

struct error action_check_no_parameters(struct graph_call *call, const char *action) {
    if (call->exchange->request.body.length == 0)
        return error_none();
    json_t *body = NULL;
    struct error error = action_read_body(call, action, NULL, 0, &body);
    json_decref(body);
    return error;
}
