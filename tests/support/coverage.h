/*
 * coverage - how often the 95 % intervals of a summary hold the truth, over many experiments whose
 * answers are known.
 *
 * Each experiment is a case of a plan: its samples go into histograms and through the program's own
 * numbers_take() and summary_take(). Queues begin in their steady state. Seeds are the experiments'
 * numbers.
 */
#ifndef TESTS_SUPPORT_COVERAGE_H
#define TESTS_SUPPORT_COVERAGE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "app/summary.h"

enum { COVERAGE_SERVICE_PS = 1000000 };

enum coverage_of {
	COVERAGE_INDEPENDENT,	/* exponential samples */
	COVERAGE_MM1,		/* sojourn times */
	COVERAGE_MD1,		/* waiting times */
};

struct coverage_case {
	const char *name;
	enum coverage_of of;
	double load;			/* of a queue */
	uint32_t nr_replications;	/* 1: batches of one run */
	uint32_t nr_samples;		/* of each */
};

/* In the order of coverage_metrics. */
enum { COVERAGE_MEAN, COVERAGE_P99, NR_COVERAGE_METRICS };
extern const char *const coverage_metrics[];

struct coverage {
	uint32_t nr_experiments;
	uint32_t nr_below[NR_COVERAGE_METRICS];		/* intervals below the truth */
	uint32_t nr_above[NR_COVERAGE_METRICS];
	double half_width[NR_COVERAGE_METRICS];		/* mean, as a share of the truth */
};

/* Every interval is narrowed to `percent` of its width around its value; 100: as it is. */
struct coverage coverage_run(const struct coverage_case *c, uint32_t nr_experiments,
			     unsigned int percent);

/* The share of the experiments whose interval holds the truth. */
double coverage_share(const struct coverage *coverage, int metric);

/*
 * Adds a test to the suite for each case: the 95 % intervals of the mean and the p99 hold the truth
 * in 93.5 to 96.5 % of 2,000 experiments, which is three standard errors of that share.
 */
enum { COVERAGE_EXPERIMENTS = 2000 };

void coverage_add_tests(const struct coverage_case *cases, gsize nr);
bool coverage_in_band(double share);

/* Into the test's output. */
void coverage_show(const struct coverage_case *c, const struct coverage *coverage);

/* What is known. */
double coverage_truth(const struct coverage_case *c, int metric);

/*
 * The summary of one experiment: a case for each of the nr services, which are alternatives, with
 * the same random numbers. Freed by summary_free().
 */
struct summary *coverage_experiment(const struct coverage_case *c, uint64_t seed,
				    const ps_t *services_ps, uint32_t nr);

#endif
