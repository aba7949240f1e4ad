/*
 * report - what a finished plan has: the input of tables, figures and expectations.
 */
#ifndef APP_REPORT_H
#define APP_REPORT_H

#include "app/plan.h"
#include "app/summary.h"

/* Owned by run.c; the plan and the summary outlive it. */
struct report {
	const struct plan *plan;
	const struct summary *summary;
	const enum run_end *ends;	/* per run, in the order of the plan */
	uint64_t first_fingerprint;	/* of the first run */
};

/* What all cases share, and the platform: the scenario of the first case. */
static inline const struct scenario *report_scenario(const struct report *report)
{
	return report->plan->cases[0].scenario;
}

/* The mean of the main interval, or another statistic of it; NULL: the case has none. */
const struct summary_metric *report_main_metric(const struct report *report, uint32_t case_index,
						const char *stat);

/* A unit in which durations around this one are pleasant to read. */
struct time_unit {
	const char *name;	/* "ns" */
	uint64_t ps;
};

struct time_unit report_time_unit(const struct report *report);

#endif
