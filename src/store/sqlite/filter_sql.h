/* A filter as a condition in SQL. */
#ifndef MUSTER_STORE_SQLITE_FILTER_SQL_H
#define MUSTER_STORE_SQLITE_FILTER_SQL_H

#include "domain/filter.h"
#include "store/sqlite/listing_table.h"
#include "store/sqlite/sql_text.h"

/* Appends the condition in parentheses. Columns come from the fields' constant texts, every value
 * is bound, and the truth of it is the filter's: SQL's NULL stands for null. */
void filter_sql_write(struct sql_text *sql, const struct listing_field *fields,
                      const struct filter *filter);

#endif
