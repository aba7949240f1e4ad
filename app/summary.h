/*
 * summary - what the replications of each case say together: mean, 95 % interval, difference.
 *
 * A metric's value is the mean of its values in the replications, a percentile too: it is the mean
 * of their percentiles, not the percentile of all samples. The interval is Student's t over
 * replications. vs_first is the mean of the differences to the first alternative of the same point,
 * replication by replication, which draw the same random numbers; so is its interval. All in
 * integers: means round half up, half-widths to the nearest.
 */
#ifndef APP_SUMMARY_H
#define APP_SUMMARY_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "app/metric.h"
#include "app/plan.h"
#include "app/result.h"

/* A mean with its 95 % interval, in the unit of the metric. */
struct estimate {
	uint32_t n;		/* 0: there is no value */
	int64_t value;
	int64_t low, high;	/* of the interval; n < 2: there is none */
	int64_t half_width;
};

/* From n values of less than 2^62, at most 2^59 apart: days, in picoseconds. Pure. */
struct estimate estimate_from(const int64_t *values, uint32_t n);

/* One metric of one run: taken while the run's result is still there. */
struct number {
	struct metric metric;
	uint64_t value;
	bool exists;
};

/* The numbers of one run. Freed by numbers_free(). */
struct numbers {
	guint nr_numbers;
	struct number *numbers;
};

struct numbers *numbers_take(const struct result *result, const struct scenario *scenario);
void numbers_free(struct numbers *numbers);

/* Do they ask for the same? */
static inline bool metric_equal(const struct metric *a, const struct metric *b)
{
	return a->of == b->of && a->index == b->index && a->stat == b->stat &&
	       g_str_equal(a->name, b->name);
}

struct summary_metric {
	char *name;
	struct metric metric;
	struct estimate value;
	struct estimate vs_first;	/* n = 0: this is the first, or nothing is in common */
};

/* One per case of the plan. */
struct summary_row {
	guint nr_metrics;
	struct summary_metric *metrics;
};

struct summary {
	uint32_t nr_rows;
	struct summary_row *rows;
};

/* runs[case * nr_replications + replication]. */
struct summary *summary_new(const struct plan *plan, struct numbers *const *runs);
void summary_free(struct summary *summary);

/* NULL when the case has no metric of this name. */
const struct summary_metric *summary_find(const struct summary *summary, uint32_t case_index,
					  const char *name);

#endif
