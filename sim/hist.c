/*
 * hist - what is computed from the counts and sums of a histogram.
 */
#include "sim/hist.h"

#include <string.h>

#include "sim/arena.h"

_Static_assert(sizeof(struct hist) <= 128, "an untouched histogram is to stay small");

enum { NR_BUCKETS = HIST_NR_OCTAVES * HIST_OCTAVE_BUCKETS };

/* Of a histogram without rows: never written to. */
static uint64_t *const no_rows[HIST_NR_OCTAVES];

void hist_init(struct hist *hist, struct arena *arena)
{
	*hist = (struct hist){
		.arena = arena, .min = UINT64_MAX, .octaves = (uint64_t **)no_rows,
	};
}

/* Number of a value's bucket, over all octaves. */
static unsigned int hist_index(uint64_t value)
{
	unsigned int shift = 55U - (unsigned int)__builtin_clzll(value | HIST_OCTAVE_BUCKETS);

	return shift * HIST_OCTAVE_BUCKETS + (unsigned int)(value >> shift);
}

/* Adds to a bucket in its octave's row, which is made if need be. */
static void hist_put(struct hist *hist, unsigned int index, uint64_t nr)
{
	uint64_t **row;

	if (hist->octaves == no_rows)
		hist->octaves = ARENA_NEW_N(hist->arena, uint64_t *, HIST_NR_OCTAVES);
	row = &hist->octaves[index / HIST_OCTAVE_BUCKETS];
	if (!*row)
		*row = ARENA_NEW_N(hist->arena, uint64_t, HIST_OCTAVE_BUCKETS);
	(*row)[index % HIST_OCTAVE_BUCKETS] += nr;
}

/* After it no octave with a row has early samples, whatever rows are made next. */
static void hist_flush_early(struct hist *hist)
{
	for (uint32_t i = 0; i < hist->nr_early; i++)
		hist_put(hist, hist_index(hist->early[i]), 1);
	hist->nr_early = 0;
}

void hist_add_early(struct hist *hist, uint64_t value)
{
	if (hist->nr_early == HIST_NR_EARLY) {
		hist_flush_early(hist);
		hist_put(hist, hist_index(value), 1);
	} else {
		hist->early[hist->nr_early++] = value;
	}
}

static void hist_merge_row(struct hist *dst, const struct hist *src, unsigned int octave)
{
	const uint64_t *row = src->octaves[octave];

	if (!row)
		return;
	hist_flush_early(dst);
	for (unsigned int i = 0; i < HIST_OCTAVE_BUCKETS; i++)
		if (row[i])
			hist_put(dst, octave * HIST_OCTAVE_BUCKETS + i, row[i]);
}

void hist_merge(struct hist *dst, const struct hist *src)
{
	for (unsigned int octave = 0; octave < HIST_NR_OCTAVES; octave++)
		hist_merge_row(dst, src, octave);
	for (uint32_t i = 0; i < src->nr_early; i++) {
		unsigned int index = hist_index(src->early[i]);

		if (dst->octaves[index / HIST_OCTAVE_BUCKETS])
			hist_put(dst, index, 1);
		else
			hist_add_early(dst, src->early[i]);
	}
	dst->count += src->count;
	dst->min = src->min < dst->min ? src->min : dst->min;
	dst->max = src->max > dst->max ? src->max : dst->max;
	dst->sum = u128_add(dst->sum, src->sum);
	dst->sumsq = u128_add(dst->sumsq, src->sumsq);
	sim_assert(u128_cmp(dst->sumsq, src->sumsq) >= 0);
}

uint64_t hist_min(const struct hist *hist)
{
	sim_assert(hist->count > 0);
	return hist->min;
}

uint64_t hist_max(const struct hist *hist)
{
	sim_assert(hist->count > 0);
	return hist->max;
}

uint64_t hist_mean(const struct hist *hist)
{
	sim_assert(hist->count > 0);
	return u128_to_u64(u128_div_round(hist->sum, hist->count));
}

/*
 * Sum of squared deviations, rounded down: sumsq - sum^2 / n. With sum = q * n + r that is
 * sumsq - q * (q * n) - 2 * q * r - r^2 / n, in which no term exceeds sumsq < 2^128.
 */
static struct u128 hist_sum_deviations(const struct hist *hist)
{
	uint64_t r;
	uint64_t q = u128_to_u64(u128_div_rest(hist->sum, hist->count, &r));
	struct u128 qn = u128_sub(hist->sum, u128_from(r));
	struct u128 qqn = u128_mul_u64(qn.lo, q);
	struct u128 qr = u128_mul_u64(q, r);
	uint64_t rest;
	struct u128 rr = u128_div_rest(u128_mul_u64(r, r), hist->count, &rest);
	struct u128 deviations = hist->sumsq;

	qqn.hi += qn.hi * q;
	deviations = u128_sub(deviations, qqn);
	deviations = u128_sub(deviations, u128_add(qr, qr));
	return u128_sub(deviations, u128_add_u64(rr, rest != 0));
}

uint64_t hist_stddev(const struct hist *hist)
{
	struct u128 variance, square;
	uint64_t root;

	if (hist->count < 2)
		return 0;
	variance = u128_div_u64(hist_sum_deviations(hist), hist->count - 1);
	root = u128_isqrt(variance);

	/* Nearest: above root + 1/2, whose square is root^2 + root + 1/4. */
	square = u128_mul_u64(root, root);
	return root + (u128_cmp(variance, u128_add_u64(square, root)) > 0);
}

bool hist_percentile(const struct hist *hist, uint32_t num, uint32_t den, uint64_t *ret)
{
	struct hist_bucket bucket = { 0 };
	struct u128 scaled = u128_mul_u64(hist->count, num);
	uint64_t rank, rest, seen = 0;

	sim_assert(num > 0 && num <= den);
	rank = u128_to_u64(u128_div_rest(scaled, den, &rest));
	rank += rest != 0;
	if (hist->count - rank < HIST_MIN_BEYOND)
		return false;

	while (seen < rank) {
		bool found = hist_next_bucket(hist, &bucket);

		sim_assert(found);
		seen += bucket.count;
	}
	*ret = bucket.high < hist->max ? bucket.high : hist->max;
	return true;
}

/* The first bucket in the rows that is not empty, from index on; NR_BUCKETS: none. */
static unsigned int hist_next_in_rows(const struct hist *hist, unsigned int index)
{
	while (index < NR_BUCKETS) {
		const uint64_t *row = hist->octaves[index / HIST_OCTAVE_BUCKETS];

		if (row && row[index % HIST_OCTAVE_BUCKETS])
			return index;
		index = row ? index + 1 : (index / HIST_OCTAVE_BUCKETS + 1) * HIST_OCTAVE_BUCKETS;
	}
	return NR_BUCKETS;
}

static uint64_t hist_count_in_rows(const struct hist *hist, unsigned int index)
{
	const uint64_t *row = hist->octaves[index / HIST_OCTAVE_BUCKETS];

	return row ? row[index % HIST_OCTAVE_BUCKETS] : 0;
}

bool hist_next_bucket(const struct hist *hist, struct hist_bucket *bucket)
{
	unsigned int index = hist_next_in_rows(hist, bucket->next);
	unsigned int octave, shift;

	for (uint32_t i = 0; i < hist->nr_early; i++) {
		unsigned int early = hist_index(hist->early[i]);

		if (early >= bucket->next && early < index)
			index = early;
	}
	if (index == NR_BUCKETS)
		return false;
	octave = index / HIST_OCTAVE_BUCKETS;
	shift = octave - (octave != 0);
	bucket->low = (uint64_t)(index - shift * HIST_OCTAVE_BUCKETS) << shift;
	bucket->high = bucket->low + ((UINT64_C(1) << shift) - 1);
	bucket->count = hist_count_in_rows(hist, index);
	for (uint32_t i = 0; i < hist->nr_early; i++)
		bucket->count += hist_index(hist->early[i]) == index;
	bucket->next = index + 1;
	return true;
}

void hist_reset(struct hist *hist)
{
	for (unsigned int octave = 0; octave < HIST_NR_OCTAVES; octave++)
		if (hist->octaves[octave])
			memset(hist->octaves[octave], 0,
			       HIST_OCTAVE_BUCKETS * sizeof(*hist->octaves[octave]));
	hist->nr_early = 0;
	hist->count = 0;
	hist->min = UINT64_MAX;
	hist->max = 0;
	hist->sum = u128_from(0);
	hist->sumsq = u128_from(0);
}
