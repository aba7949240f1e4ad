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
 * As FORMAT_TEXT or FORMAT_MARKDOWN: question, table, where the costs come from, and
 * table_warnings(). The caller frees the string.
 */
GString *table_format(const struct report *report, enum output_format format);

/*
 * Why rows have no value, and how runs ended that did not reach their stop: a line each, neither
 * marked as a warning nor with a full stop. g_strfreev() it.
 */
char **table_warnings(const struct report *report);

/* Which costs of the platform are fitted and which estimated, in one line. To be freed. */
char *table_trust(const struct report *report);

#endif
