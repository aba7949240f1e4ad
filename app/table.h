/*
 * table - the comparison that `irqsim run` prints: one row per sweep point and alternative.
 *
 * At most 100 columns, readable without documentation. Only formats what the summary says.
 */
#ifndef APP_TABLE_H
#define APP_TABLE_H

#include <glib.h>

#include "app/commands.h"
#include "app/report.h"

enum { TABLE_WIDTH_MAX = 100 };

/*
 * As FORMAT_TEXT or FORMAT_MARKDOWN: question, table, where the costs come from, and how runs ended
 * that did not come to their stop. The caller frees the string.
 */
GString *table_format(const struct report *report, enum output_format format);

/* A sentence about runs that ended in deadlock or starved; NULL: there are none. To be freed. */
char *table_ends(const struct report *report);

/* Which costs of the platform are fitted and which estimated, in one line. To be freed. */
char *table_trust(const struct report *report);

#endif
