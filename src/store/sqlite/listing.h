/* Reads one page of a collection: filter, order, position, count.
 *
 *     struct listing_cursor cursor = listing_open(database, arena, &listing_of_devices, &tenant,
 *                                                 listing);
 *     while (listing_next(&cursor))
 *         row_read_device(&cursor.statement, arena, &device);
 *     return listing_close(&cursor, &end, &error);
 *
 * A listing that takes too many steps of SQLite's machine, or too long, is stopped: a page costs a
 * bounded time, however many records a tenant has and whatever a client asks. One thread at a time;
 * no other listing of the connection while a cursor is open. */
#ifndef MUSTER_STORE_SQLITE_LISTING_H
#define MUSTER_STORE_SQLITE_LISTING_H

#include "base/arena.h"
#include "base/error.h"
#include "domain/listing.h"
#include "store/sqlite/listing_table.h"
#include "store/sqlite/statement.h"

struct listing_cursor {
    struct statement statement; /* the present row: the source's columns from 0 on */
    struct database *database;
    struct arena *arena;
    const struct listing_source *source;
    const struct filter_value *parameters;
    const struct listing *listing;
    size_t count; /* rows so far */
    struct listing_end end;
};

/* parameters are as many as the source has; they and the listing must stay until the close. */
struct listing_cursor listing_open(struct database *database, struct arena *arena,
                                   const struct listing_source *source,
                                   const struct filter_value *parameters,
                                   const struct listing *listing);

/* Whether there is another row on the page; false after a failure, too. */
bool listing_next(struct listing_cursor *cursor);

/* Counts where that is wanted, and ends the use. error is set to ERROR_INVALID when the listing
 * took too many steps. False when the engine failed. */
bool listing_close(struct listing_cursor *cursor, struct listing_end *end,
                   struct error *error) MUST_CHECK;

#endif
