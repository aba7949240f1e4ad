/*
 * tally - the samples of a histogram in little memory, to be kept when the run is gone.
 *
 * Only buckets that are not empty. Made by tally_of() or tally_merge(), never changed after, freed
 * by g_free(). Never knows what was measured.
 */
#ifndef APP_TALLY_H
#define APP_TALLY_H

#include <glib.h>
#include <stdint.h>

#include "sim/hist.h"

struct tally_bucket {
	uint64_t low, high, count;
};

struct tally {
	uint64_t count, min, max;
	struct u128 sum;
	guint nr_buckets;
	struct tally_bucket buckets[];	/* ascending */
};

struct tally *tally_of(const struct hist *hist);

/* The samples of both. */
struct tally *tally_merge(const struct tally *a, const struct tally *b);

/* Samples in buckets that begin below the limit. */
uint64_t tally_count_below(const struct tally *tally, uint64_t limit);

/* The bucket that holds sample number `rank`, 1 to count. */
const struct tally_bucket *tally_bucket_of(const struct tally *tally, uint64_t rank);

#endif
