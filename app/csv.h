/*
 * csv - summary.csv: one row per sweep point, alternative and metric.
 *
 * RFC 4180 with LF: a field with a comma, quote or line break is in quotes.
 */
#ifndef APP_CSV_H
#define APP_CSV_H

#include <glib.h>

#include "app/plan.h"
#include "app/summary.h"

/* The header names the pointers of the sweep. The caller frees the string. */
GString *csv_format(const struct plan *plan, const struct summary *summary);

#endif
