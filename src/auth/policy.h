/* Who may do what: a principal's permissions against what an operation requires.
 *
 * A personal Microsoft account may nothing; an application by itself only where the operation
 * supports that on the version that was addressed; everybody needs one of the permissions. Pure;
 * any thread. */
#ifndef MUSTER_AUTH_POLICY_H
#define MUSTER_AUTH_POLICY_H

#include <stdbool.h>

#include "base/error.h"
#include "domain/permission.h"
#include "domain/principal.h"

enum graph_version { GRAPH_V1_0, GRAPH_BETA };

/* What an operation asks of its caller: a line of the permission table in the reference. */
struct policy_requirement {
    unsigned any_of;          /* bits of enum permission, of which one is needed */
    bool application_on_v1_0; /* whether an application may call it by itself on /v1.0 */
    bool application_on_beta; /* the same on /beta */
};

/* ERROR_FORBIDDEN in Intune's words, without the tail that names operation, activity and address:
 * the caller knows these and adds it. */
struct error policy_check(const struct principal *principal,
                          const struct policy_requirement *requirement,
                          enum graph_version version) MUST_CHECK;

#endif
