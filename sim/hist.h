/*
 * hist - log-linear histogram of latencies: exact up to 511, then 256 buckets of equal width per
 * power of two, over all 64 bits.
 *
 * Error bound: a value v in 2^e .. 2^(e+1) - 1, e >= 8, lies in a bucket 2^(e-8) wide that begins
 * at or above 2^e: the bucket is at most 2^(e-8) / 2^e = 1/256 of any value in it. So a percentile
 * is at most 1/256 above the sample it stands for, never below. Count, sum, minimum, maximum and
 * sum of squares are exact.
 *
 * Owned by whoever records; the rows of counts are in the arena given to hist_init(). A row is made
 * when the few samples without one are too many to be kept as they are: a histogram with hardly any
 * samples takes no rows. Never subtracts. Values have no unit here.
 */
#ifndef SIM_HIST_H
#define SIM_HIST_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/assert.h"
#include "sim/u128.h"

struct arena;

#define HIST_OCTAVE_BUCKETS 256 /* buckets in an octave, a power of two */
#define HIST_NR_OCTAVES	    57 /* 0..255, 256..511, 512..1023, ..., 2^63.. */

/* Samples without a row that are kept as they are. */
#define HIST_NR_EARLY 4

/* A percentile needs this many samples beyond it. */
#define HIST_MIN_BEYOND 10

struct hist {
	struct arena *arena;
	uint64_t count;
	uint64_t min; /* UINT64_MAX while empty */
	uint64_t max;
	struct u128 sum;
	struct u128 sumsq;
	uint64_t **octaves; /* HIST_NR_OCTAVES rows of HIST_OCTAVE_BUCKETS counts, or NULL */
	uint64_t early[HIST_NR_EARLY]; /* of octaves that have no row */
	uint32_t nr_early;
};

/* An empty histogram; the arena must outlive it. */
void hist_init(struct hist *hist, struct arena *arena);

/* Empty again; the rows stay for the next samples. */
void hist_reset(struct hist *hist);

/* Adds every sample of src to dst; the result is that of adding them one by one, in any order. */
void hist_merge(struct hist *dst, const struct hist *src);

/* For hist_add() only: a sample whose octave has no row. */
void hist_add_early(struct hist *hist, uint64_t value) __attribute__((noinline, cold));

/* The binary logarithm; 7 for what is less than 256. */
static inline unsigned int hist_top_bit(uint64_t value)
{
	return 63U ^ (unsigned int)__builtin_clzll(value | (HIST_OCTAVE_BUCKETS / 2));
}

/*
 * Adds one sample. The sum of all squares must stay below 2^128 (asserted): 2^48 samples of up to
 * 2^40 ps, one second, are far within.
 */
static inline void hist_add(struct hist *hist, uint64_t value)
{
	unsigned int top_bit = hist_top_bit(value);
	unsigned int shift = top_bit - 8 + (top_bit < 8);	/* log2 of hist_bucket_width() */
	uint64_t *counts = hist->octaves[top_bit - 7];
	bool sumsq_overflows;

	hist->count++;
	if (value < hist->min)
		hist->min = value;
	if (value > hist->max)
		hist->max = value;
	hist->sum = u128_add_u64(hist->sum, value);
	sumsq_overflows = u128_add_overflows(&hist->sumsq, u128_mul_u64(value, value));
	sim_assert(!sumsq_overflows);

	/* Last, so that nothing has to survive the call. */
	if (counts)
		counts[(value >> shift) % HIST_OCTAVE_BUCKETS]++;
	else
		hist_add_early(hist, value);
}

static inline uint64_t hist_count(const struct hist *hist)
{
	return hist->count;
}

static inline struct u128 hist_sum(const struct hist *hist)
{
	return hist->sum;
}

static inline struct u128 hist_sumsq(const struct hist *hist)
{
	return hist->sumsq;
}

/* How many values share the bucket of this one. */
static inline uint64_t hist_bucket_width(uint64_t value)
{
	unsigned int top_bit = hist_top_bit(value);

	return UINT64_C(1) << (top_bit - 8 + (top_bit < 8));
}

/* The smallest and the largest sample, and the mean rounded half up; not of an empty histogram. */
uint64_t hist_min(const struct hist *hist);
uint64_t hist_max(const struct hist *hist);
uint64_t hist_mean(const struct hist *hist);

/*
 * Sample standard deviation (n - 1): the variance is rounded down to a whole number, its root to
 * the nearest. 0 with fewer than two samples.
 */
uint64_t hist_stddev(const struct hist *hist);

/*
 * The num/den quantile, 0 < num <= den, by nearest rank: the largest value of the bucket of sample
 * number ceil(count * num / den), at most the maximum. False, and *ret untouched, with fewer than
 * HIST_MIN_BEYOND samples beyond that one (so always for 1/1 and when empty).
 */
bool hist_percentile(const struct hist *hist, uint32_t num, uint32_t den, uint64_t *ret);

/*
 * Walks over the buckets that are not empty, in ascending order:
 *
 *	struct hist_bucket bucket = { 0 };
 *
 *	while (hist_next_bucket(hist, &bucket))
 *		use(bucket.low, bucket.count);
 */
struct hist_bucket {
	uint64_t low; /* smallest and largest value that fall into it */
	uint64_t high;
	uint64_t count;
	unsigned int next; /* where the walk goes on */
};

bool hist_next_bucket(const struct hist *hist, struct hist_bucket *bucket);

#endif
