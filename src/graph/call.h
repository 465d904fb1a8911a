/* One call of the Graph API on its way through this folder: what was asked, by whom, and how it is
 * answered. Lives in the exchange's arena; the loop's thread. */
#ifndef MUSTER_GRAPH_CALL_H
#define MUSTER_GRAPH_CALL_H

#include <stdbool.h>

#include "auth/policy.h"
#include "base/json_writer.h"
#include "domain/principal.h"
#include "domain/profile.h"
#include "graph/address.h"
#include "graph/negotiation.h"
#include "graph/odata_options.h"
#include "message/exchange.h"
#include "service/service.h"

struct graph;
struct graph_route;
struct graph_operation;

struct graph_call {
    struct graph *graph;
    struct service *service;
    struct exchange *exchange;
    struct graph_address address;
    struct slice root; /* "https://host:port/v1.0", as the client addressed us */
    const struct graph_route *route;
    const struct graph_operation *operation;
    struct guid key; /* of the entity in the address, where there is one */
    struct principal principal;
    bool is_part; /* of a batch */
    enum odata_metadata metadata;
    struct odata_options options;
    struct service_call service_call;
};

/* Answers with the error in Graph's form and finishes: WWW-Authenticate on 401. A call that is
 * forbidden, here and below, is kept in the audit. */
void graph_call_fail(struct graph_call *call, const struct error *error);

/* The same for an error about the entity in the address. One that never was and one of another
 * tenant get the same answer; what is its name in a sentence, such as "managed device". */
void graph_call_fail_entity(struct graph_call *call, const struct error *error, const char *what);

/* The same for a permission that is lacking: adds what Intune adds to the sentence, and wraps it
 * where the configuration asks for that. */
void graph_call_forbid(struct graph_call *call, const struct error *error);

/* 204 and finished. */
void graph_call_no_content(struct graph_call *call);

/* Sets status and OData headers and gives a writer for the body; graph_call_finish sends it. */
struct json_writer graph_call_open(struct graph_call *call, int status);
void graph_call_finish(struct graph_call *call);

/* "@odata.context": "<root>/$metadata#<path>", unless the client wants no metadata. path is NULL
 * for the service document. */
void graph_call_write_context(struct graph_call *call, struct json_writer *writer,
                              const char *path);

/* With odata.metadata=full: "@odata.type", "@odata.id" and "@odata.editLink" of one entity. */
void graph_call_write_links(struct graph_call *call, struct json_writer *writer,
                            const char *entity_type, const char *set_path, const struct guid *id);

#endif
