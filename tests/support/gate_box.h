/*
 * gate_box - the gate as an experiment: a scenario run twice, with some values set, and compared.
 *
 * For tests that count verdicts over many seeds. Needs SRCDIR in the environment.
 */
#ifndef TESTS_SUPPORT_GATE_BOX_H
#define TESTS_SUPPORT_GATE_BOX_H

#include <glib.h>

#include "app/comparison.h"

/* One side of a comparison: what is set in a shipped scenario. */
struct gate_side {
	const char *scenario;		/* name of the file in scenarios/ */
	const char *only;		/* alternative; NULL: all */
	const char *sets[8];		/* --set, NULL-terminated */
	uint32_t nr_workers;
	bool queue_only;		/* nothing advances the clock in place */
};

/* The side run with this seed, as the gate sees it; stored_free() it. */
struct stored *gate_run(const struct gate_side *side, uint64_t seed);

/* The verdicts of one metric in the first case, over seeds first, first + 1, ... */
struct gate_count {
	uint32_t nr[NR_CHANGES];
	uint32_t nr_fails;
	int64_t old_sum, new_sum;	/* of its values: the truth, in the long run */
};

struct gate_experiment {
	struct gate_side old, new;
	const char *metric;
	uint32_t limit_ppm;		/* 0: no limit */
	bool two_sided;
	uint64_t first_seed;
	uint64_t new_seeds;		/* 0: those of the old side; else from here on */
	uint32_t nr_seeds;
};

struct gate_count gate_count(const struct gate_experiment *experiment);

/* How many of the seeds' comparisons are anything but "no behaviour change". */
uint32_t gate_count_alarms(const struct gate_experiment *experiment);

/* The verdicts of all metrics that differ, in the first case of all seeds. */
struct gate_verdicts {
	uint32_t nr[NR_CHANGES], nr_all;
};

struct gate_verdicts gate_count_verdicts(const struct gate_experiment *experiment);

#endif
