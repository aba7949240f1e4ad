#include "app/mser.h"

/* Group sums above the smallest are cut to SUM_BITS: n times their squares fit into 128 bits. */
enum { SUM_BITS = 32, GROUPS_MIN = 10, FRACTION_BITS = 24 };

void mser_init(struct mser *mser)
{
	*mser = (struct mser){ .size = MSER_FIRST_SIZE };
}

static void merge_neighbours(struct mser *mser)
{
	for (uint32_t i = 0; i < MSER_GROUPS_MAX / 2; i++) {
		/* Halves: sums stay those of 5, whatever the size. */
		mser->sums[i] = (mser->sums[2 * i] >> 1) + (mser->sums[2 * i + 1] >> 1);
		mser->ends[i] = mser->ends[2 * i + 1];
	}
	mser->nr_groups = MSER_GROUPS_MAX / 2;
	mser->size *= 2;
	mser->sums[mser->nr_groups] = 0;
}

void mser_add(struct mser *mser, uint64_t value, uint64_t position)
{
	uint32_t open = mser->nr_groups;

	mser->sums[open] += value / (mser->size / MSER_FIRST_SIZE);
	mser->ends[open] = position;
	if (++mser->nr_in_open < mser->size)
		return;
	mser->nr_in_open = 0;
	mser->nr_groups++;
	if (mser->nr_groups == MSER_GROUPS_MAX)
		merge_neighbours(mser);
	else
		mser->sums[mser->nr_groups] = 0;
}

static uint64_t smallest_of(const struct mser *mser)
{
	uint64_t smallest = mser->sums[0];

	for (uint32_t i = 1; i < mser->nr_groups; i++)
		if (mser->sums[i] < smallest)
			smallest = mser->sums[i];
	return smallest;
}

static unsigned int bits_to_cut(const struct mser *mser, uint64_t smallest)
{
	unsigned int cut = 0;

	for (uint32_t i = 0; i < mser->nr_groups; i++)
		while ((mser->sums[i] - smallest) >> cut >> SUM_BITS)
			cut++;
	return cut;
}

/* (n * sum of squares - square of the sum) / n^3. */
static struct u128 statistic(struct u128 squares, uint64_t sum, uint32_t n)
{
	struct u128 scaled = u128_mul_u64(squares.lo, n);

	scaled.hi += squares.hi * n;
	scaled = u128_sub(scaled, u128_mul_u64(sum, sum));
	scaled.hi = scaled.hi << FRACTION_BITS | scaled.lo >> (64 - FRACTION_BITS);
	scaled.lo <<= FRACTION_BITS;
	return u128_div_u64(scaled, (uint64_t)n * n * n);
}

bool mser_truncate(const struct mser *mser, uint64_t *ret_position)
{
	uint32_t n = mser->nr_groups, last = n / 2, best = 0;
	uint64_t smallest = smallest_of(mser), sum = 0;
	unsigned int cut = bits_to_cut(mser, smallest);
	struct u128 squares = u128_from(0), least = { UINT64_MAX, UINT64_MAX };

	*ret_position = 0;
	if (n < GROUPS_MIN)
		return false;
	for (uint32_t i = n; i-- > 0;) {
		uint64_t value = (mser->sums[i] - smallest) >> cut;
		struct u128 now;

		sum += value;
		squares = u128_add(squares, u128_mul_u64(value, value));
		if (i > last)
			continue;
		now = statistic(squares, sum, n - i);
		if (u128_cmp(now, least) <= 0) {
			least = now;
			best = i;
		}
	}
	if (best)
		*ret_position = mser->ends[best - 1];
	return best < last;
}
