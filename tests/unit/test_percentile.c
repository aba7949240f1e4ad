/*
 * test_percentile - quantiles of several sections and their intervals, by hand. Values below 512
 * have a bucket each, so that ranks can be read off them.
 */
#include <glib.h>

#include "app/estimate.h"
#include "sim/arena.h"

struct bench {
	struct arena *arena;
	struct tally *tallies[4];
	uint32_t nr;
};

/* A section of the values first, first + step, ... */
static void add_section(struct bench *bench, uint64_t first, uint64_t step, uint32_t nr)
{
	struct hist hist;

	hist_init(&hist, bench->arena);
	for (uint32_t i = 0; i < nr; i++)
		hist_add(&hist, first + i * step);
	bench->tallies[bench->nr++] = tally_of(&hist);
}

static struct estimate median_of(struct bench *bench)
{
	const struct sections sections = {
		.tallies = (const struct tally *const *)bench->tallies, .nr = bench->nr,
	};
	struct tally *all = tally_merge(bench->tallies[0], bench->tallies[1]);
	struct estimate estimate;

	for (uint32_t i = 2; i < bench->nr; i++) {
		struct tally *sum = tally_merge(all, bench->tallies[i]);

		g_free(all);
		all = sum;
	}
	estimate = estimate_percentile(all, &sections, 50, 100);
	g_free(all);
	for (uint32_t i = 0; i < bench->nr; i++)
		g_free(bench->tallies[i]);
	bench->nr = 0;
	return estimate;
}

#define BENCH(name) struct bench name = { .arena = arena_new(1 << 16) }

/* Even and odd numbers below 400: 100 of each are below the median. */
static void test_agreeing(void)
{
	BENCH(bench);
	struct estimate estimate;

	add_section(&bench, 0, 2, 200);
	add_section(&bench, 1, 2, 200);
	estimate = median_of(&bench);
	g_assert_cmpuint(estimate.n, ==, 1);
	g_assert_cmpuint(estimate.nr_sections, ==, 2);
	g_assert_cmpint(estimate.value, ==, 199);
	/* Whole numbers alone vary by 1/12: 12.706 * sqrt(2 * 2 / 12) = 7.3 ranks. */
	g_assert_cmpint(estimate.low, ==, 192);
	g_assert_cmpint(estimate.high, ==, 206);
	arena_free(bench.arena);
}

/*
 * 0 to 99, 10 to 109, 20 to 119: of the 150 up to 59 there are 60, 50, 40. Squared deviations 200,
 * and 3 / 12; times 3 / 2; 4.303 * 17.33 = 74.6 ranks. Number 75 is 34, number 225 is 84.
 */
static void test_differing(void)
{
	BENCH(bench);
	struct estimate estimate;

	for (uint64_t first = 0; first <= 20; first += 10)
		add_section(&bench, first, 1, 100);
	estimate = median_of(&bench);
	g_assert_cmpint(estimate.value, ==, 59);
	g_assert_cmpint(estimate.low, ==, 34);
	g_assert_cmpint(estimate.high, ==, 84);
	g_assert_cmpint(estimate.half_width, ==, 25);
	arena_free(bench.arena);
}

/* The second has three times as many of the same kind: no reason for a wider interval. */
static void test_unequal_sizes(void)
{
	BENCH(bench);
	struct estimate estimate;

	add_section(&bench, 0, 4, 100);
	add_section(&bench, 0, 1, 400);
	estimate = median_of(&bench);
	g_assert_cmpint(estimate.value, ==, 199);
	g_assert_cmpint(estimate.high - estimate.low, <=, 14);
	arena_free(bench.arena);
}

/* Equal samples are certain; the value is a sample, not the end of its bucket. */
static void test_constant(void)
{
	BENCH(bench);
	struct estimate estimate;

	add_section(&bench, 1000001, 0, 50);
	add_section(&bench, 1000001, 0, 50);
	estimate = median_of(&bench);
	g_assert_cmpint(estimate.value, ==, 1000001);
	g_assert_cmpint(estimate.low, ==, 1000001);
	g_assert_cmpint(estimate.high, ==, 1000001);
	arena_free(bench.arena);
}

/* A section of sevens and nines. */
static void add_two_values(struct bench *bench, uint32_t nr_sevens, uint32_t nr_nines)
{
	struct hist hist;

	hist_init(&hist, bench->arena);
	for (uint32_t i = 0; i < nr_sevens + nr_nines; i++)
		hist_add(&hist, i < nr_sevens ? 7 : 9);
	bench->tallies[bench->nr++] = tally_of(&hist);
}

/*
 * 9900 of 20000 are sevens, so the median is a nine. All are at most nine, in each section; that
 * there are sevens below it varies, and says how unsure it is.
 */
static void test_two_values(void)
{
	BENCH(bench);
	struct estimate estimate;

	add_two_values(&bench, 2000, 8000);
	add_two_values(&bench, 7900, 2100);
	estimate = median_of(&bench);
	g_assert_cmpint(estimate.value, ==, 9);
	g_assert_cmpint(estimate.low, ==, 7);
	g_assert_cmpint(estimate.high, ==, 9);
	add_two_values(&bench, 4950, 5050);
	add_two_values(&bench, 4950, 5050);
	estimate = median_of(&bench);
	g_assert_cmpint(estimate.low, ==, 9);
	arena_free(bench.arena);
}

/* Ten samples must lie beyond; one section has no interval. */
static void test_too_few(void)
{
	BENCH(bench);
	struct estimate estimate;

	add_section(&bench, 0, 1, 9);
	add_section(&bench, 9, 1, 10);
	g_assert_cmpuint(median_of(&bench).n, ==, 0);
	add_section(&bench, 0, 1, 20);
	add_section(&bench, 0, 1, 0);
	estimate = median_of(&bench);
	g_assert_cmpuint(estimate.n, ==, 1);
	g_assert_cmpint(estimate.value, ==, 9);
	arena_free(bench.arena);
}

/* A percentile is the end of a bucket: its difference is known to a bucket, none to nothing. */
static void test_difference(void)
{
	static const int64_t moved[] = { 8192, 8192, 8192 }, still[] = { 0, 0, 0 };
	const uint64_t value = 3800000;		/* in 2^21 to 2^22: buckets of 2^13 */
	struct estimate estimate = estimate_of_buckets(estimate_from(moved, 3), value);

	g_assert_cmpuint(hist_bucket_width(511), ==, 1);
	g_assert_cmpuint(hist_bucket_width(512), ==, 2);
	g_assert_cmpuint(hist_bucket_width(value), ==, 8192);
	g_assert_cmpint(estimate.low, ==, 0);
	g_assert_cmpint(estimate.high, ==, 16384);
	g_assert_cmpint(estimate.half_width, ==, 8192);
	estimate = estimate_of_buckets(estimate_from(still, 3), value);
	g_assert_cmpint(estimate.low, ==, 0);
	g_assert_cmpint(estimate.high, ==, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/percentile/agreeing", test_agreeing);
	g_test_add_func("/percentile/differing", test_differing);
	g_test_add_func("/percentile/unequal-sizes", test_unequal_sizes);
	g_test_add_func("/percentile/constant", test_constant);
	g_test_add_func("/percentile/two-values", test_two_values);
	g_test_add_func("/percentile/too-few", test_too_few);
	g_test_add_func("/percentile/difference", test_difference);
	return g_test_run();
}
