/* The parts of a server and the order in which they need each other. */
#ifndef MUSTER_CLI_ASSEMBLY_H
#define MUSTER_CLI_ASSEMBLY_H

#include "admin/admin_door.h"
#include "auth/authenticator.h"
#include "auth/dev_issuer.h"
#include "base/error.h"
#include "base/log.h"
#include "config/config.h"
#include "device/enroll_door.h"
#include "front/front_door.h"
#include "graph/graph.h"
#include "http/server.h"
#include "http/tls.h"
#include "ops/ops_door.h"
#include "service/service.h"

struct assembly_addresses {
    char listen[HTTP_ADDRESS_TEXT_SIZE];
    char listen_tls[HTTP_ADDRESS_TEXT_SIZE]; /* empty when there is none of its own */
    char ops[HTTP_ADDRESS_TEXT_SIZE];
};

struct assembly {
    const struct config *config;
    struct log *log;
    struct random_pool *random;
    struct http_server *http;
    struct http_tls *tls;
    struct store *store;
    struct authority *authority;
    struct authenticator *authenticator;
    struct dev_issuer *dev_issuer;
    struct refusal_journal *refusals;
    struct enroll_limiters limiters;
    struct payload_template qr_payload;
    struct picture_cache *pictures;
    struct service service;
    struct graph *graph;
    struct enroll_door *enroll;
    struct front_door front;
    struct admin_door admin;
    struct ops_door ops;
    struct assembly_addresses addresses;
};

/* Opens everything up to the listeners. reload is called for SIGHUP, started when the server runs
 * (struct http_server_options); both with context. On an error what was opened must still be closed
 * by assembly_close. config and log stay the caller's. */
struct error assembly_open(struct assembly *assembly, const struct config *config, struct log *log,
                           void (*reload)(void *context), void (*started)(void *context),
                           void *context) MUST_CHECK;

/* Gives back what is there; http_server_run must have returned. */
void assembly_close(struct assembly *assembly);

#endif
