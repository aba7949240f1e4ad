/*
 * x_axis - the first swept key as the x axis of a figure: its values, where they are, its tics.
 *
 * Values that are all numbers, or all durations, are where they are; others are side by side.
 */
#ifndef APP_X_AXIS_H
#define APP_X_AXIS_H

#include <glib.h>
#include <stdbool.h>

#include "app/report.h"

struct x_axis {
	const char *pointer;	/* what is swept; NULL: nothing */
	bool numbers;
	unsigned int log;	/* base; 0: linear */
	GArray *values;		/* the different ones; numbers ascend */
};

/* The plan of the report outlives it. */
struct x_axis *x_axis_new(const struct report *report);
void x_axis_free(struct x_axis *axis);

/* Where the value of this point is, as a number for gnuplot; the caller frees it. */
char *x_axis_place(const struct x_axis *axis, const json_t *point);

/* With its unit unless the tics have it; the caller frees it. */
char *x_axis_title(const struct x_axis *axis);

/* "nr_tics", and if it is not 0 the arrays "tics" and "tics_at"; 0: gnuplot chooses its own. */
void x_axis_put_tics(const struct x_axis *axis, GString *out);

#endif
