/* Who calls: what a verified bearer token says of its bearer. Plain data. */
#ifndef MUSTER_DOMAIN_PRINCIPAL_H
#define MUSTER_DOMAIN_PRINCIPAL_H

#include <stdbool.h>

#include "base/guid.h"

#define PRINCIPAL_TEXT_SIZE 128

enum principal_kind {
    PRINCIPAL_DELEGATED,   /* an application on behalf of a signed-in user (scp) */
    PRINCIPAL_APPLICATION, /* an application by itself (roles) */
};

struct principal {
    enum principal_kind kind;
    bool personal;                         /* a personal Microsoft account */
    struct guid tenant;                    /* the tid claim, or what stands for it */
    unsigned permissions;                  /* bits of enum permission */
    char subject[PRINCIPAL_TEXT_SIZE];     /* oid, else sub; cut to fit */
    char name[PRINCIPAL_TEXT_SIZE];        /* upn or preferred_username; may be empty */
    char application[PRINCIPAL_TEXT_SIZE]; /* appid or azp; may be empty */
};

#endif
