/* An OpenID Connect issuer that is trusted, as the operator configures it. Plain data, and the
 * rules that follow from it alone. Any thread. */
#ifndef MUSTER_AUTH_ISSUER_H
#define MUSTER_AUTH_ISSUER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/guid.h"
#include "base/slice.h"

#define ISSUER_AUDIENCES_AT_MOST 8
/* In a configured issuer: stands for the token's tid claim, which must be a GUID then. */
#define ISSUER_TENANT_MARK "{tenantid}"

/* How claims say who calls. */
enum issuer_mapping {
    /* Microsoft Entra: tid, scp, roles, oid, idtyp, appid or azp, upn. */
    ISSUER_MAPPING_ENTRA,
    /* A general provider: scope (string or array; scp too), roles at a configured path, tenant from
     * a claim or fixed. */
    ISSUER_MAPPING_GENERIC,
};

enum issuer_algorithm {
    ISSUER_RS256 = 1U << 0,
    ISSUER_PS256 = 1U << 1,
    ISSUER_ES256 = 1U << 2,
};
#define ISSUER_ALGORITHMS_ALL (ISSUER_RS256 | ISSUER_PS256 | ISSUER_ES256)

struct issuer_settings {
    const char *name;          /* the section's name in the configuration; in messages and logs */
    const char *issuer;        /* the iss claim; may hold {tenantid}, which stands for tid */
    const char *discovery_url; /* NULL: issuer + "/.well-known/openid-configuration" */
    const char *jwks_uri;      /* given: no discovery */
    const char *jwks_file;     /* given: keys come from this file, and no network is used */
    const char *ca_file;       /* PEM of the CAs trusted for fetching; NULL: the system's */
    /* Where its tokens are got, for WWW-Authenticate; NULL: as discovery says. */
    const char *authorization_endpoint;
    const char *audiences[ISSUER_AUDIENCES_AT_MOST];
    size_t audience_count; /* at least 1 */
    unsigned algorithms;   /* bits of enum issuer_algorithm; at least one */
    enum issuer_mapping mapping;
    /* Only for ISSUER_MAPPING_GENERIC; a path is claim names joined by dots (realm_access.roles) */
    const char *tenant_claim;  /* NULL with a fixed tenant */
    struct guid fixed_tenant;  /* zero with a tenant claim */
    const char *scope_claim;   /* NULL: "scope", else "scp" */
    const char *roles_claim;   /* NULL: "roles" */
    const char *subject_claim; /* NULL: "oid", else "sub" */
    const char *name_claim;    /* NULL: "upn", else "preferred_username" */
};

/* Whether an authenticator can work with the settings. ERROR_INVALID names issuer and setting. */
struct error issuer_check(const struct issuer_settings *settings) MUST_CHECK;

/* Whether none of the others, which have passed issuer_check, is the same issuer: the iss claim
 * alone says which section a token belongs to. ERROR_INVALID names both. */
struct error issuer_check_others(const struct issuer_settings *settings,
                                 const struct issuer_settings *others, size_t count) MUST_CHECK;

/* Whether iss is the configured issuer, byte for byte; where that has ISSUER_TENANT_MARK, iss must
 * have the same GUID as tenant, in either case. tenant is a token's tid claim; it may be empty. */
bool issuer_matches(const char *issuer, struct slice iss, struct slice tenant);

/* The address of the discovery document: as configured, else the issuer's own, without a final
 * slash, followed by /.well-known/openid-configuration (OpenID Connect Discovery 1.0, section 4.1).
 * The caller frees it. */
char *issuer_discovery_address(const struct issuer_settings *settings);

/* A copy with texts of its own; given back by issuer_free. */
struct issuer_settings issuer_copy(const struct issuer_settings *settings);
void issuer_free(struct issuer_settings *settings);

#endif
