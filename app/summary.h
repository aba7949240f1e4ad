/*
 * summary - what the replications of each case say together: value, 95 % interval, difference.
 *
 * A percentile's value is that of the samples of all replications together, with an interval of
 * order statistics; any other value is the mean over the replications, with Student's t over them
 * (estimate.h). With one replication, durations have the intervals of its batches. vs_first is the
 * mean of the differences to the first alternative of the same point, replication by replication,
 * which draw the same random numbers; so is its interval: a percentile's, too, is one of the
 * replications' own percentiles. All in integers: means round half up, half-widths to the nearest.
 */
#ifndef APP_SUMMARY_H
#define APP_SUMMARY_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "app/estimate.h"
#include "app/metric.h"
#include "app/plan.h"
#include "app/result.h"

/* The samples behind a duration, in one run. */
struct samples {
	const struct hist *of;		/* while the run is there */
	struct tally *all;
	uint32_t nr_batches;		/* of a run that is the only one of its case; else 0 */
	const struct tally **batches;
};

/* One metric of one run: taken while the run's result is still there. */
struct number {
	struct metric metric;
	uint64_t value;
	bool exists;
	struct samples *samples;	/* NULL: no interval needs them */
};

/* The numbers of one run. Freed by numbers_free(). */
struct numbers {
	guint nr_numbers;
	struct number *numbers;
	GPtrArray *samples;		/* owned; NULL: none */
};

struct numbers *numbers_take(const struct result *result, const struct scenario *scenario);
void numbers_free(struct numbers *numbers);

/* Do they ask for the same? */
static inline bool metric_equal(const struct metric *a, const struct metric *b)
{
	return a->of == b->of && a->index == b->index && a->stat == b->stat &&
	       g_str_equal(a->name, b->name);
}

/* In place of a value that does not exist: no metric is negative. */
#define NO_VALUE INT64_C(-1)

struct summary_metric {
	char *name;
	struct metric metric;
	int64_t *values;		/* by replication, NO_VALUE where a run has none */
	struct estimate value;
	struct estimate vs_first;	/* n = 0: this is the first, or nothing is in common */
};

/* One per case of the plan; empty until the case's last run is taken. */
struct summary_row {
	guint nr_metrics;
	struct summary_metric *metrics;
};

struct summary {
	uint32_t nr_rows;
	struct summary_row *rows;

	/* Private: the case whose runs are being taken. */
	const struct plan *plan;
	uint32_t nr_complete, nr_pending;
	struct numbers **pending;	/* by replication */
};

/* The plan must outlive it. */
struct summary *summary_new(const struct plan *plan);

/*
 * Takes the numbers of the next run, in the order of the plan. They are gone once their case is
 * complete, so that samples do not grow with the plan.
 */
void summary_take(struct summary *summary, struct numbers *numbers);

void summary_free(struct summary *summary);

/* NULL when the case has no metric of this name. */
const struct summary_metric *summary_find(const struct summary *summary, uint32_t case_index,
					  const char *name);

#endif
