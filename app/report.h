/*
 * report - what a finished plan has: the input of tables, figures and expectations.
 */
#ifndef APP_REPORT_H
#define APP_REPORT_H

#include <stdbool.h>

#include "app/plan.h"
#include "app/summary.h"

/* Made by execution_run(), freed by report_free(); the plan, which it does not own, outlives it. */
struct report {
	const struct plan *plan;
	struct summary *summary;
	enum run_end *ends;		/* per run, in the order of the plan */
	uint64_t *fingerprints;		/* likewise */
	uint32_t nr_unsettled;		/* runs whose warm-up could not be detected */
};

void report_free(struct report *report);

/* What all cases share, and the platform: the scenario of the first case. */
static inline const struct scenario *report_scenario(const struct report *report)
{
	return report->plan->cases[0].scenario;
}

/* Is the main metric an interval, of which there are several statistics? Else it is one value. */
bool report_is_interval(const struct report *report);

/* The main value: the mean of the main interval, or the main metric. NULL: the case has none. */
const struct summary_metric *report_main(const struct report *report, uint32_t case_index);

/* Another statistic of the main interval; NULL: the case has none. */
const struct summary_metric *report_main_stat(const struct report *report, uint32_t case_index,
					      const char *stat);

/* What the main metric means, without its statistic. */
const char *report_main_meaning(const struct report *report);

/* In what the main value is pleasant to read: a unit, and how much of the metric's it is. */
struct display_unit {
	const char *name;	/* "ns", "M/s", "%"; "": a plain number */
	uint64_t size;
	unsigned int decimals;
};

struct display_unit report_unit(const struct report *report);

/* The same of values of a metric of which this is the largest. */
struct display_unit display_unit(const struct metric *metric, uint64_t largest);

#endif
