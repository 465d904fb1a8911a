#include "graph/profile_body.h"

#include <openssl/crypto.h>
#include <stdlib.h>

#include "graph/device_owner_entity.h"
#include "graph/profile_entity.h"
#include "graph/property.h"
#include "graph/routes.h"
#include "message/json_body.h"

static void take(struct graph_call *call, struct slice name, const json_t *value,
                 struct profile_changes *changes) {
    struct slice text = json_is_null(value) ? (struct slice){0}
                                            : json_body_copy_text(&call->exchange->arena, value);
    if (slice_equals(name, SLICE("displayName"))) {
        changes->has_display_name = true;
        changes->display_name = text;
    } else {
        changes->has_description = true;
        changes->description = text;
    }
}

/* "@muster.provisioning": settings over the server's, or null for none. Kept as the text of the
 * object; the service checks it. */
static struct error read_provisioning(struct graph_call *call, const json_t *value,
                                      struct profile_changes *changes) {
    changes->has_provisioning = true;
    if (json_is_null(value))
        return error_none();
    if (!json_is_object(value))
        return error_make_for(ERROR_INVALID, "@muster.provisioning",
                              "The annotation '@muster.provisioning' must be an object or null; "
                              "%s was given.",
                              json_body_type_name(value));
    char *text = json_dumps(value, JSON_COMPACT);
    changes->provisioning = arena_copy(&call->exchange->arena, slice_from_string(text));
    if (text != NULL)
        OPENSSL_cleanse(text, strlen(text));
    free(text);
    return error_none();
}

static struct error read_member(struct graph_call *call, struct slice name, const json_t *value,
                                struct profile_changes *changes) {
    const struct entity_type *type = profile_entity_type(call->route->set);
    if (slice_equals(name, SLICE("@muster.provisioning")))
        return read_provisioning(call, value, changes);
    if (property_is_annotation(name))
        return property_check_annotation(name, value, type->name);
    const struct entity_property *property = entity_type_find(type, name);
    if (property == NULL)
        return error_make_for(ERROR_INVALID, arena_copy(&call->exchange->arena, name).data,
                              "The property '%.*s' does not exist on type '%s'. Make sure to only "
                              "use property names that are defined by the type.",
                              SLICE_PRINTF(name), type->name);
    struct error error = property_check_type(&property->schema, value, "property");
    if (error_is_set(&error) || !property->schema.writable)
        return error;
    if (device_owner_entity_owns(property))
        return device_owner_entity_take(call, property, value, &changes->owner);
    take(call, name, value, changes);
    return error_none();
}

struct error profile_body_read(struct graph_call *call, const json_t *body,
                               struct profile_changes *changes) {
    *changes = (struct profile_changes){0};
    for (void *member = json_object_iter((json_t *)body); member != NULL;
         member = json_object_iter_next((json_t *)body, member)) {
        struct error error = read_member(call, slice_from_string(json_object_iter_key(member)),
                                         json_object_iter_value(member), changes);
        if (error_is_set(&error))
            return error;
    }
    return error_none();
}
