/*
 * estimate - a value with its 95 % interval, from sections of what was measured.
 *
 * Sections are independent of each other: the replications of a case, or batches of one long run,
 * of which as many neighbours are merged as it takes. Pure functions in integers.
 * docs/statistics.md says why these rules, and how often their intervals hold.
 */
#ifndef APP_ESTIMATE_H
#define APP_ESTIMATE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "app/tally.h"

/* Fewer batches say too little. */
enum { ESTIMATE_BATCHES_MIN = 8 };

/* In the unit of the metric. */
struct estimate {
	uint32_t n;		/* replications in it; 0: there is no value */
	uint32_t nr_sections;	/* the interval rests on them; less than 2: there is none */
	int64_t value;
	int64_t low, high;	/* of the interval */
	int64_t half_width;	/* its longer half */
};

/*
 * The mean of n values of less than 2^62, at most 2^59 apart (days, in picoseconds), and Student's
 * t over them.
 */
struct estimate estimate_from(const int64_t *values, uint32_t n);

/*
 * A difference of percentiles, each of which is the end of a bucket, the higher one of `value`: it
 * may be one bucket off to either side. None at all is taken for what it says.
 */
struct estimate estimate_of_buckets(struct estimate difference, uint64_t value);

/* The mean of one run, and Student's t over its batches; without an interval if too few. */
struct estimate estimate_from_batches(const struct tally *all, const struct tally *const *batches,
				      uint32_t nr);

struct sections {
	const struct tally *const *tallies;
	uint32_t nr;
	bool in_order;		/* batches of one run: neighbours may depend on each other */
};

/*
 * The num/den quantile of all samples by nearest rank, as hist_percentile(); n is 0 where that has
 * none, else 1. The interval runs between two order statistics, whose ranks are as far away as the
 * share of samples up to the value varies between the sections.
 */
struct estimate estimate_percentile(const struct tally *all, const struct sections *sections,
				    uint32_t num, uint32_t den);

/*
 * How many neighbours are to be merged, a power of two, until n successive values, at most
 * BATCHES_MAX, show no correlation: von Neumann's ratio, one-sided, 5 %. Leaves at least
 * ESTIMATE_BATCHES_MIN.
 */
uint32_t estimate_nr_to_merge(const int64_t *values, uint32_t n);

#endif
