/* Where listings read from: tables, columns, and what each field of a record is in SQL. Constant.
 *
 * Only these texts become part of a listing's SQL; everything that a client sent is bound. */
#ifndef MUSTER_STORE_SQLITE_LISTING_TABLE_H
#define MUSTER_STORE_SQLITE_LISTING_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "domain/filter.h"

struct listing_field {
    const char *sql;  /* the value; a GUID as its 16 bytes, whose order is that of its text */
    const char *text; /* of a GUID: the same as text */
    enum field_type type;
    bool nullable;
};

struct listing_source {
    const char *columns; /* selected first; the row is the first of them */
    const char *from;    /* FROM and WHERE, with the source's own parameters */
    size_t parameter_count;
    /* A last parameter, beyond those: a row behind which the listing begins, so that the pages
     * before it are not read. */
    bool begins_behind_row;
    const char *row;
    bool newest_first;                  /* rows come in the reverse of their order */
    const struct listing_field *fields; /* by the record's own enumeration */
};

/* Parameters: account id, entity set, and that once more. Fields: enum profile_field. */
extern const struct listing_source listing_of_profiles;

/* Parameter: account id. Fields: enum device_field. */
extern const struct listing_source listing_of_devices;

/* Parameter: account id. Fields: enum audit_field. */
extern const struct listing_source listing_of_events;

/* The same within a range of rows. Parameters: account id, the row before which it ends, the first
 * row. */
extern const struct listing_source listing_of_recent_events;

/* Events of no tenant within a range of rows. Parameters: the row before which it ends, the first
 * row. */
extern const struct listing_source listing_of_unowned_events;

#endif
