/* estimate - Student's t interval of a mean. */
#include "app/estimate.h"

#include "app/estimate_parts.h"
#include "sim/hist.h"
#include "sim/u128.h"

/* 97.5 % quantiles of Student's t, times a million; by degrees of freedom, the first is 1. */
static const uint32_t t_quantiles[] = {
	12706205, 4302653, 3182446, 2776445, 2570582, 2446912, 2364624, 2306004, 2262157, 2228139,
	2200985,  2178813, 2160369, 2144787, 2131450, 2119905, 2109816, 2100922, 2093024, 2085963,
	2079614,  2073873, 2068658, 2063899, 2059539, 2055529, 2051831, 2048407, 2045230, 2042272,
};

static const struct {
	uint32_t freedom, quantile;
} t_quantiles_far[] = { { 40, 2021075 }, { 60, 2000298 }, { 120, 1979930 } };

/* Between two rows the one of fewer degrees of freedom holds: the interval is never too narrow. */
uint32_t estimate_t_quantile(uint32_t freedom)
{
	uint32_t quantile;

	if (freedom <= G_N_ELEMENTS(t_quantiles))
		return t_quantiles[freedom - 1];
	quantile = t_quantiles[G_N_ELEMENTS(t_quantiles) - 1];
	for (gsize i = 0; i < G_N_ELEMENTS(t_quantiles_far); i++)
		if (freedom >= t_quantiles_far[i].freedom)
			quantile = t_quantiles_far[i].quantile;
	return quantile;
}

/* Differences of two int64_t as unsigned words are exact. */
static uint64_t distance(int64_t a, int64_t b)
{
	return a < b ? (uint64_t)b - (uint64_t)a : (uint64_t)a - (uint64_t)b;
}

/* The mean is floor + rest / n, with rest below n. */
struct mean {
	int64_t floor;
	uint64_t rest;
};

/* The smallest value plus the mean of what the others are above it. */
static struct mean mean_of(const int64_t *values, uint32_t n)
{
	struct u128 above = u128_from(0);
	int64_t smallest = values[0];
	struct mean mean;

	for (uint32_t i = 1; i < n; i++)
		smallest = MIN(smallest, values[i]);
	for (uint32_t i = 0; i < n; i++)
		above = u128_add_u64(above, distance(values[i], smallest));
	above = u128_div_rest(above, n, &mean.rest);
	mean.floor = (int64_t)((uint64_t)smallest + u128_to_u64(above));
	return mean;
}

/* Deviations are cut to this many bits: the squares of 2^24 of them fit into 128. */
enum { DEVIATION_BITS = 52 };

static unsigned int bits_to_cut(const int64_t *values, uint32_t n, int64_t mean)
{
	unsigned int cut = 0;

	for (uint32_t i = 0; i < n; i++)
		while (distance(values[i], mean) >> cut >> DEVIATION_BITS)
			cut++;
	return cut;
}

/*
 * The sum of squared deviations from the mean, times 4^*ret_shift, for digits behind the point: of
 * those from floor, which are whole numbers, less rest^2 / n.
 */
static struct u128 sum_squares(const int64_t *values, uint32_t n, struct mean mean,
			       unsigned int cut, unsigned int *ret_shift)
{
	struct u128 squares = u128_from(0), excess;

	for (uint32_t i = 0; i < n; i++) {
		uint64_t deviation = distance(values[i], mean.floor) >> cut;

		squares = u128_add(squares, u128_mul_u64(deviation, deviation));
	}
	*ret_shift = 0;
	while (*ret_shift < 10 && squares.hi >> 62 == 0) {
		squares.hi = squares.hi << 2 | squares.lo >> 62;
		squares.lo <<= 2;
		(*ret_shift)++;
	}
	if (cut)
		return squares;	/* of so large ones the excess is nothing */
	excess = u128_mul_u64(mean.rest * mean.rest, UINT64_C(1) << 2 * *ret_shift);
	return u128_sub(squares, u128_div_u64(excess, n));
}

/* t * sqrt(sum of squares / (n * (n - 1))), to the nearest. */
static uint64_t half_width_of(const int64_t *values, uint32_t n, struct mean mean)
{
	unsigned int cut = bits_to_cut(values, n, mean.floor), shift;
	struct u128 squares = sum_squares(values, n, mean, cut, &shift), width;

	squares = u128_div_u64(squares, (uint64_t)n * (n - 1));
	width = u128_mul_u64(u128_isqrt(squares), estimate_t_quantile(n - 1));
	return u128_div_round(width, (uint64_t)ESTIMATE_T_UNIT << shift).lo << cut;
}

struct estimate estimate_from(const int64_t *values, uint32_t n)
{
	struct estimate estimate = { .n = n, .nr_sections = n };
	struct mean mean;

	if (n == 0)
		return estimate;
	mean = mean_of(values, n);
	estimate.value = mean.floor + (2 * mean.rest >= n);
	if (n > 1)
		estimate.half_width = (int64_t)half_width_of(values, n, mean);
	estimate.low = estimate.value - estimate.half_width;
	estimate.high = estimate.value + estimate.half_width;
	return estimate;
}

struct estimate estimate_of_buckets(struct estimate difference, uint64_t value)
{
	int64_t width = (int64_t)hist_bucket_width(value);

	if (difference.low == 0 && difference.high == 0)
		return difference;
	difference.low -= width;
	difference.high += width;
	difference.half_width += width;
	return difference;
}
