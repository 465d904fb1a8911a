/* A tenant: whom profiles, tokens and devices belong to. */
#ifndef MUSTER_DOMAIN_TENANT_H
#define MUSTER_DOMAIN_TENANT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/guid.h"
#include "base/instant.h"
#include "base/slice.h"

#define TENANT_NAME_BYTES_AT_MOST 800

struct tenant {
    int64_t row;            /* the store's key */
    struct guid account_id; /* the tid claim */
    struct slice name;      /* what the operator calls it; may be empty */
    bool licensed;          /* otherwise its Graph calls and enrollments are refused */
    instant created;
};

#endif
