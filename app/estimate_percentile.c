/* estimate_percentile - a quantile of all samples, between two order statistics. */
#include "app/estimate.h"

#include "app/batches.h"
#include "app/estimate_parts.h"
#include "sim/u128.h"

/* Numbers of samples with a fraction: this many bits of it. */
enum { FRACTION_BITS = 8 };

/* What the sections say of one value: how many of their samples are below it. */
struct shares {
	uint32_t nr;
	uint64_t *below, *counts;
	uint64_t all_below, all;
};

static struct shares shares_below(const struct sections *sections, uint64_t limit)
{
	struct shares shares = { .nr = sections->nr };

	shares.below = g_new0(uint64_t, sections->nr);
	shares.counts = g_new0(uint64_t, sections->nr);
	for (uint32_t i = 0; i < sections->nr; i++) {
		shares.below[i] = tally_count_below(sections->tallies[i], limit);
		shares.counts[i] = sections->tallies[i]->count;
		shares.all_below += shares.below[i];
		shares.all += shares.counts[i];
	}
	return shares;
}

static void shares_free(struct shares *shares)
{
	g_free(shares->below);
	g_free(shares->counts);
}

/* Batches whose shares follow each other's become fewer and larger; what is left over goes. */
static void merge_correlated(struct shares *shares)
{
	int64_t values[BATCHES_MAX];
	uint32_t nr_to_merge;

	for (uint32_t i = 0; i < shares->nr; i++)
		values[i] = (int64_t)shares->below[i];
	nr_to_merge = estimate_nr_to_merge(values, shares->nr);
	shares->nr /= nr_to_merge;
	shares->all_below = shares->all = 0;
	for (uint32_t i = 0; i < shares->nr; i++) {
		uint64_t below = 0, count = 0;

		for (uint32_t j = i * nr_to_merge; j < (i + 1) * nr_to_merge; j++) {
			below += shares->below[j];
			count += shares->counts[j];
		}
		shares->below[i] = below;
		shares->counts[i] = count;
		shares->all_below += below;
		shares->all += count;
	}
}

/* |below - expected below| of a section, with a fraction. */
static uint64_t deviation_of(const struct shares *shares, uint32_t i)
{
	struct u128 is = u128_mul_u64(shares->below[i], shares->all);
	struct u128 expected = u128_mul_u64(shares->all_below, shares->counts[i]);
	struct u128 apart = u128_less(is, expected) ? u128_sub(expected, is) :
						      u128_sub(is, expected);

	apart.hi = apart.hi << FRACTION_BITS | apart.lo >> (64 - FRACTION_BITS);
	apart.lo <<= FRACTION_BITS;
	return u128_to_u64(u128_div_round(apart, shares->all));
}

/*
 * t * sqrt(k / (k - 1) * sum of squared deviations): the half-width for the number of samples
 * below, with a fraction. Each square has 1/12 more, the variance of rounding: samples are counted
 * in whole numbers, and that two sections agree on a few of them does not mean certainty.
 */
static uint64_t half_width_of(const struct shares *shares)
{
	struct u128 squares = u128_from(0);
	uint64_t root;

	for (uint32_t i = 0; i < shares->nr; i++) {
		uint64_t deviation = deviation_of(shares, i);

		squares = u128_add(squares, u128_mul_u64(deviation, deviation));
		squares = u128_add_u64(squares, (1U << 2 * FRACTION_BITS) / 12);
	}
	squares = u128_add(squares, u128_div_u64(squares, shares->nr - 1));
	root = u128_isqrt(squares);
	return u128_to_u64(u128_div_round(
		u128_mul_u64(root, estimate_t_quantile(shares->nr - 1)), ESTIMATE_T_UNIT));
}

/* In ranks of all samples, to the nearest. Sections need not hold all of them. */
static uint64_t ranks_away(const struct tally *all, const struct sections *sections, uint64_t limit,
			   uint32_t *ret_nr)
{
	struct shares shares = shares_below(sections, limit);
	uint64_t half_width;
	struct u128 ranks;

	if (sections->in_order)
		merge_correlated(&shares);
	half_width = estimate_for_all(half_width_of(&shares), shares.all, all->count);
	ranks = u128_mul_u64(half_width, all->count);
	ranks = u128_div_round(ranks, shares.all << FRACTION_BITS);
	*ret_nr = shares.nr;
	shares_free(&shares);
	return u128_to_u64(ranks);
}

static void set_interval(struct estimate *estimate, const struct tally *all, uint64_t rank,
			 uint64_t away)
{
	uint64_t low_rank = rank > away ? rank - away : 1;
	uint64_t high_rank = MIN(all->count, rank + away);

	estimate->low = (int64_t)MAX(all->min, tally_bucket_of(all, low_rank)->low);
	estimate->high = (int64_t)MIN(all->max, tally_bucket_of(all, high_rank)->high);
	estimate->half_width = MAX(estimate->value - estimate->low,
				   estimate->high - estimate->value);
}

/*
 * The share that varies is that of the samples below a limit: where many are equal, the end of the
 * value's bucket may be far from the quantile, so it is the nearer one of both ends.
 */
static uint64_t nearer_end(const struct tally *all, const struct tally_bucket *bucket,
			   uint64_t rank)
{
	uint64_t before = tally_count_below(all, bucket->low);

	return rank - before < before + bucket->count - rank ? bucket->low : bucket->low + 1;
}

struct estimate estimate_percentile(const struct tally *all, const struct sections *sections,
				    uint32_t num, uint32_t den)
{
	struct estimate estimate = { 0 };
	const struct tally_bucket *bucket;
	uint64_t rank, rest, away;

	rank = u128_to_u64(u128_div_rest(u128_mul_u64(all->count, num), den, &rest)) + (rest != 0);
	if (all->count < rank + HIST_MIN_BEYOND)
		return estimate;
	bucket = tally_bucket_of(all, rank);
	estimate.n = 1;
	estimate.value = (int64_t)MIN(bucket->high, all->max);
	estimate.low = estimate.high = estimate.value;
	if (sections->nr < (sections->in_order ? (uint32_t)ESTIMATE_BATCHES_MIN : 2))
		return estimate;
	away = ranks_away(all, sections, nearer_end(all, bucket, rank), &estimate.nr_sections);
	set_interval(&estimate, all, rank, away);
	return estimate;
}
