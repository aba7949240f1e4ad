/* estimate_batches - the mean of one run, and when its batches are as good as independent. */
#include "app/estimate.h"

#include "app/batches.h"
#include "app/estimate_parts.h"
#include "sim/u128.h"

/* 1.645^2, times 1000: the square of the 95 % quantile of the normal distribution. */
enum { NORMAL_95_SQUARED = 2706 };

/* Values above the smallest one are cut to this many bits: sums of their squares fit into 64. */
enum { VALUE_BITS = 20, RATIO_BITS = 20 };

/*
 * Von Neumann: with S the sum of squared deviations and D that of squared differences of
 * neighbours, c = 1 - D / 2S is the correlation of neighbours; of n independent normal values it
 * has mean 0 and variance (n - 2) / (n^2 - 1).
 */
static bool are_correlated(const int64_t *values, uint32_t n)
{
	int64_t smallest = values[0], largest = values[0], sum = 0, before = 0;
	uint64_t squares = 0, differences = 0, c;
	unsigned int cut = 0;

	for (uint32_t i = 1; i < n; i++) {
		smallest = MIN(smallest, values[i]);
		largest = MAX(largest, values[i]);
	}
	while ((largest - smallest) >> cut >> VALUE_BITS)
		cut++;
	for (uint32_t i = 0; i < n; i++)
		sum += (values[i] - smallest) >> cut;
	for (uint32_t i = 0; i < n; i++) {	/* n times the deviation: without a fraction */
		int64_t deviation = n * ((values[i] - smallest) >> cut) - sum;
		int64_t difference = i ? deviation - before : 0;

		squares += (uint64_t)(deviation * deviation);
		differences += (uint64_t)(difference * difference);
		before = deviation;
	}
	if (2 * squares <= differences)
		return false;
	c = u128_to_u64(u128_div_u64(u128_mul_u64(2 * squares - differences,
						  UINT64_C(1) << RATIO_BITS), 2 * squares));
	return 1000 * c * c * (n * n - 1) > (uint64_t)NORMAL_95_SQUARED * (n - 2) << 2 * RATIO_BITS;
}

uint32_t estimate_nr_to_merge(const int64_t *values, uint32_t n)
{
	int64_t merged[BATCHES_MAX];
	uint32_t nr_to_merge = 1;

	sim_assert(n <= BATCHES_MAX);
	for (uint32_t i = 0; i < n; i++)
		merged[i] = values[i];
	while (n >= 2 * ESTIMATE_BATCHES_MIN && are_correlated(merged, n)) {
		n /= 2;
		nr_to_merge *= 2;
		for (uint32_t i = 0; i < n; i++)
			merged[i] = (merged[2 * i] + merged[2 * i + 1]) / 2;
	}
	return nr_to_merge;
}

static int64_t mean_of_some(const struct tally *const *batches, uint32_t nr)
{
	struct u128 sum = u128_from(0);
	uint64_t count = 0;

	for (uint32_t i = 0; i < nr; i++) {
		sum = u128_add(sum, batches[i]->sum);
		count += batches[i]->count;
	}
	return (int64_t)u128_to_u64(u128_div_round(sum, count));
}

uint64_t estimate_for_all(uint64_t half_width, uint64_t some, uint64_t all)
{
	const uint64_t unit = 1000000;
	uint64_t share = u128_isqrt(u128_div_u64(u128_mul_u64(some, unit * unit), all));

	return u128_to_u64(u128_div_round(u128_mul_u64(half_width, share), unit));
}

struct estimate estimate_from_batches(const struct tally *all, const struct tally *const *batches,
				      uint32_t nr)
{
	int64_t mean = mean_of_some(&all, 1), means[BATCHES_MAX];
	struct estimate estimate = { .n = 1, .value = mean, .low = mean, .high = mean };
	uint64_t half_width, nr_samples;
	uint32_t nr_to_merge;

	if (nr < ESTIMATE_BATCHES_MIN)
		return estimate;
	for (uint32_t i = 0; i < nr; i++)
		means[i] = mean_of_some(&batches[i], 1);
	nr_to_merge = estimate_nr_to_merge(means, nr);
	estimate.nr_sections = nr / nr_to_merge;
	for (uint32_t i = 0; i < estimate.nr_sections; i++)
		means[i] = mean_of_some(&batches[i * nr_to_merge], nr_to_merge);
	half_width = (uint64_t)estimate_from(means, estimate.nr_sections).half_width;
	nr_samples = batches[0]->count * nr_to_merge * estimate.nr_sections;
	estimate.half_width = (int64_t)estimate_for_all(half_width, nr_samples, all->count);
	estimate.low -= estimate.half_width;
	estimate.high += estimate.half_width;
	return estimate;
}
