/* The use cases: what can be done with tenants, profiles, tokens and devices, whoever asks.
 *
 * Each use case is one function that checks the domain's rules, makes one command or query, and
 * calls done with the outcome on the caller's loop, at once or later. It knows the store and the
 * authority only by their ports, and nothing of HTTP. */
#ifndef MUSTER_SERVICE_SERVICE_H
#define MUSTER_SERVICE_SERVICE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/guid.h"
#include "base/instant.h"
#include "base/log.h"
#include "base/random.h"
#include "domain/audit.h"
#include "provisioning/payload_template.h"
#include "provisioning/settings.h"
#include "service/authority_port.h"
#include "service/store_port.h"

struct picture_cache;
struct refusal_journal;

/* What all use cases work with. Filled in once at start, constant afterwards. */
struct service {
    struct store *store;
    const struct authority *authority;
    const struct random_source *random;
    struct log *log;
    struct refusal_journal *refusals; /* of calls that were not allowed */
    int32_t token_overlap_seconds;    /* how long a replaced token stays live */
    /* Which device policy controller QR codes name; NULL: none. */
    const struct provisioning_settings *provisioning;
    const struct payload_template *qr_payload; /* of these settings; NULL: written anew each time */
    struct picture_cache *pictures;            /* of QR codes; NULL: drawn anew each time */
};

/* Who asks, and where results go. It must stay until done is called, as must all that it or the
 * arguments point to. */
struct service_call {
    size_t loop;
    struct arena *arena;
    instant now;
    struct guid tenant; /* account id */
    struct audit_actor actor;
    void *context; /* handed to done */
};

/* For use cases without a result. */
typedef void service_done(void *context, const struct error *error);

/* A command or query in the call's arena, with the call's part filled in. */
struct store_command *service_make_command(const struct service_call *call,
                                           enum store_command_kind kind);
struct store_query *service_make_query(const struct service_call *call, enum store_query_kind kind);

#endif
