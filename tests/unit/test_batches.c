/* test_batches - what the intervals of one run rest on: batches, tallies, merging. */
#include <glib.h>

#include "app/batches.h"
#include "app/estimate.h"
#include "sim/arena.h"

/* Values are their numbers: the sum of a batch says which samples it holds. */
static void test_sizes(void)
{
	struct arena *arena = arena_new(1 << 16);
	struct batches batches;
	struct hist all;

	hist_init(&all, arena);
	batches_init(&batches, &all, arena);
	g_assert_cmpuint(batches.nr, ==, 0);
	for (uint64_t i = 0; i < 100000; i++) {
		batches_add(&batches, i);
		if (i + 1 >= 16 * BATCHES_FIRST_SIZE) {
			g_assert_cmpuint(batches.nr, >=, 16);
			g_assert_cmpuint(batches.nr, <, BATCHES_MAX);
		}
		g_assert_cmpuint((i + 1) / batches.size, ==, batches.nr);
	}
	g_assert_cmpuint(batches.size, ==, 4096);
	g_assert_cmpuint(batches.nr, ==, 24);
	for (uint32_t i = 0; i < batches.nr; i++) {
		g_assert_cmpuint(hist_count(&batches.hists[i]), ==, 4096);
		g_assert_cmpuint(hist_min(&batches.hists[i]), ==, i * 4096);
		g_assert_cmpuint(hist_max(&batches.hists[i]), ==, i * 4096 + 4095);
	}
	arena_free(arena);
}

/* What tallies keep, merged or not, is what a histogram of all samples has. */
static void test_tally(void)
{
	struct arena *arena = arena_new(1 << 16);
	struct hist a, b, both;
	struct tally *tallies[3], *sum;
	uint64_t p50;

	hist_init(&a, arena);
	hist_init(&b, arena);
	hist_init(&both, arena);
	for (uint64_t i = 1; i <= 1000; i++) {
		hist_add(i % 3 ? &a : &b, i * i);
		hist_add(&both, i * i);
	}
	tallies[0] = tally_of(&a);
	tallies[1] = tally_of(&b);
	tallies[2] = tally_of(&both);
	sum = tally_merge(tallies[0], tallies[1]);
	g_assert_cmpuint(sum->count, ==, 1000);
	g_assert_cmpuint(sum->nr_buckets, ==, tallies[2]->nr_buckets);
	for (guint i = 0; i < sum->nr_buckets; i++) {
		g_assert_cmpuint(sum->buckets[i].low, ==, tallies[2]->buckets[i].low);
		g_assert_cmpuint(sum->buckets[i].high, ==, tallies[2]->buckets[i].high);
		g_assert_cmpuint(sum->buckets[i].count, ==, tallies[2]->buckets[i].count);
	}
	g_assert_cmpuint(sum->min, ==, 1);
	g_assert_cmpuint(sum->max, ==, 1000000);
	g_assert_cmpuint(u128_to_u64(sum->sum), ==, 333833500);
	g_assert_true(hist_percentile(&both, 50, 100, &p50));
	g_assert_cmpuint(tally_bucket_of(sum, 500)->high, ==, p50);
	g_assert_cmpuint(tally_count_below(sum, 10), ==, 3);	/* 1, 4, 9 */
	g_assert_cmpuint(tally_count_below(sum, UINT64_MAX), ==, 1000);
	g_free(sum);
	for (int i = 0; i < 3; i++)
		g_free(tallies[i]);
	arena_free(arena);
}

/* Correlation of neighbours by hand: c = 1 - D / 2S; of 16 values 0.383 are too much. */
static void test_merging(void)
{
	static const struct {
		int64_t values[16];
		uint32_t merge;
	} rows[] = {
		{ { 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5 }, 1 },
		{ { 0, 9, 0, 9, 0, 9, 0, 9, 0, 9, 0, 9, 0, 9, 0, 9 }, 1 },	/* c = -7 / 8 */
		{ { 0, 0, 9, 9, 0, 0, 9, 9, 0, 0, 9, 9, 0, 0, 9, 9 }, 1 },	/* c = 1 / 8 */
		{ { 0, 0, 0, 0, 9, 9, 9, 9, 0, 0, 0, 0, 9, 9, 9, 9 }, 2 },	/* c = 5 / 8 */
		{ { 0, 0, 0, 9, 9, 9, 9, 0, 0, 0, 0, 9, 9, 9, 9, 0 }, 2 },	/* c = 1 / 2 */
		{ { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 }, 2 },
		{ { 0, INT64_C(1) << 60, 0, 1, 0, INT64_C(1) << 60 }, 1 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_test_message("row %u", (unsigned int)i);
		g_assert_cmpuint(estimate_nr_to_merge(rows[i].values, 16), ==, rows[i].merge);
		g_assert_cmpuint(estimate_nr_to_merge(rows[i].values, 15), ==, 1);
	}
}

/* Down to 8, and no further: a ramp stays correlated. */
static void test_merging_ends(void)
{
	int64_t ramp[BATCHES_MAX];

	for (int i = 0; i < BATCHES_MAX; i++)
		ramp[i] = i;
	g_assert_cmpuint(estimate_nr_to_merge(ramp, 31), ==, 2);
	g_assert_cmpuint(estimate_nr_to_merge(ramp, 32), ==, 4);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/batches/sizes", test_sizes);
	g_test_add_func("/batches/tally", test_tally);
	g_test_add_func("/batches/merging", test_merging);
	g_test_add_func("/batches/merging-ends", test_merging_ends);
	return g_test_run();
}
