#include "auth/policy.h"

#include <stddef.h>
#include <stdio.h>

/* Six names of at most 41 characters each. */
#define NAMES_SIZE 320

static void list_names(unsigned permissions, char names[static NAMES_SIZE]) {
    size_t length = 0;
    names[0] = '\0';
    for (size_t i = 0; i < PERMISSION_COUNT; i++) {
        enum permission permission = (enum permission)(1U << i);
        if ((permissions & (unsigned)permission) == 0 || length >= NAMES_SIZE)
            continue;
        int added = snprintf(names + length, NAMES_SIZE - length, "%s%s", length > 0 ? ", " : "",
                             permission_name(permission));
        length += added > 0 ? (size_t)added : 0;
    }
}

static struct error check_application(const struct policy_requirement *requirement,
                                      enum graph_version version) {
    if (version == GRAPH_BETA ? requirement->application_on_beta : requirement->application_on_v1_0)
        return error_none();
    return error_make(ERROR_FORBIDDEN,
                      "The operation was called in app only context but does not have application "
                      "permissions configured. %s",
                      version == GRAPH_V1_0 && requirement->application_on_beta
                          ? "Call it under /beta, or sign in with a work or school account."
                          : "Sign in with a work or school account.");
}

struct error policy_check(const struct principal *principal,
                          const struct policy_requirement *requirement,
                          enum graph_version version) {
    if (principal->personal)
        return error_make(ERROR_FORBIDDEN,
                          "Personal Microsoft accounts are not supported for this operation. Sign "
                          "in with a work or school account.");
    if (principal->kind == PRINCIPAL_APPLICATION) {
        struct error error = check_application(requirement, version);
        if (error_is_set(&error))
            return error;
    }
    if ((principal->permissions & requirement->any_of) != 0)
        return error_none();
    char names[NAMES_SIZE];
    list_names(requirement->any_of, names);
    return error_make(ERROR_FORBIDDEN,
                      "Application is not authorized to perform this operation. Application must "
                      "have one of the following scopes: %s",
                      names);
}
