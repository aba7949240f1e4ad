/* test_summary - means, intervals and differences in integers. */
#include <glib.h>

#include "app/summary.h"

struct estimate_row {
	int64_t values[6];
	uint32_t n;
	int64_t mean, half_width;
};

/* Half-widths by hand: t * s / sqrt(n). */
static const struct estimate_row rows[] = {
	{ { 7 }, 1, 7, 0 },
	{ { 7, 7, 7 }, 3, 7, 0 },
	{ { 1, 2 }, 2, 2, 6 },					/* 12.706 * 0.5; half up */
	{ { -1, -2 }, 2, -1, 6 },				/* half up of -1.5 */
	{ { 1000000, 2000000, 3000000, 4000000, 5000000 }, 5, 3000000, 1963243 },
	{ { -3000000, 1000000, 5000000 }, 3, 1000000, 9936551 },	/* s = 4e6 */
	{ { G_MAXINT64 / 2 - 2, G_MAXINT64 / 2 }, 2, G_MAXINT64 / 2 - 1, 13 },	/* 12.706 * 1 */
	{ { 0, INT64_C(1) << 60 }, 2, INT64_C(1) << 59, INT64_C(7324628493221521040) },
};

static void test_estimate(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct estimate_row *row = &rows[i];
		struct estimate estimate = estimate_from(row->values, row->n);
		int64_t error;

		g_test_message("row %u", (unsigned int)i);
		g_assert_cmpuint(estimate.n, ==, row->n);
		g_assert_cmpint(estimate.value, ==, row->mean);
		error = estimate.half_width - row->half_width;
		g_assert_cmpint(ABS(error), <=, 1 + row->half_width / 1000000);
	}
	g_assert_cmpuint(estimate_from(NULL, 0).n, ==, 0);
}

/* More replications than the table has rows: the interval narrows, as slowly as sqrt(n). */
static void test_many(void)
{
	int64_t values[1000];
	struct estimate few, many;

	for (int i = 0; i < 1000; i++)
		values[i] = i % 2 ? 1000000 : 3000000;
	few = estimate_from(values, 40);
	many = estimate_from(values, 1000);
	g_assert_cmpint(few.value, ==, 2000000);
	g_assert_cmpint(ABS(few.half_width - 327025), <=, 2);		/* t(30) = 2.042272 */
	g_assert_cmpint(ABS(many.half_width - 62642), <=, 2);		/* t(120) = 1.979930 */
}

/* --- a plan of one point, two alternatives, three replications ------------------------------ */

enum { NR_REPLICATIONS = 3 };

static struct numbers *numbers_new(const int64_t *values)
{
	static const char *const names[] = { "ack.mean", "deliver.p99", "raised_per_s" };
	struct numbers *numbers = g_new0(struct numbers, 1);

	numbers->nr_numbers = G_N_ELEMENTS(names);
	numbers->numbers = g_new0(struct number, G_N_ELEMENTS(names));
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_assert_true(metric_parse(names[i], &numbers->numbers[i].metric));
		numbers->numbers[i].exists = values[i] >= 0;
		numbers->numbers[i].value = (uint64_t)MAX(values[i], 0);
	}
	return numbers;
}

static void test_vs_first(void)
{
	/* The noise of the replications is common: the difference has almost none. */
	static const int64_t values[][3] = {
		{ 1000, -1, 5 }, { 2000, 700, 5 }, { 3000, 800, 5 },
		{ 900, 50, 5 },	 { 1901, 690, 6 }, { 2902, 790, 7 },
	};
	struct plan_case cases[2] = { { .alternative_index = 0 }, { .alternative_index = 1 } };
	const struct plan plan = { .nr_points = 1, .nr_alternatives = 2, .nr_cases = 2,
				   .cases = cases, .nr_replications = NR_REPLICATIONS };
	struct numbers *runs[G_N_ELEMENTS(values)];
	const struct summary_metric *metric;
	struct summary *summary;

	for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
		runs[i] = numbers_new(values[i]);
	summary = summary_new(&plan);
	for (gsize i = 0; i < G_N_ELEMENTS(runs); i++)
		summary_take(summary, runs[i]);

	metric = summary_find(summary, 0, "ack.mean");
	g_assert_cmpint(metric->value.value, ==, 2000);
	g_assert_cmpint(metric->value.low, ==, 0);	/* not below: it is a duration */
	g_assert_cmpuint(metric->vs_first.n, ==, 0);
	metric = summary_find(summary, 1, "ack.mean");
	g_assert_cmpint(metric->vs_first.value, ==, -99);
	g_assert_cmpint(metric->vs_first.half_width, ==, 2);	/* 4.303 * 1 / sqrt(3) */
	metric = summary_find(summary, 1, "deliver.p99");
	g_assert_cmpuint(metric->vs_first.n, ==, 2);	/* two replications have both */
	g_assert_cmpint(metric->vs_first.value, ==, -10);
	g_assert_cmpint(metric->vs_first.low, ==, -12);	/* a bucket of 800 is 2 wide */
	g_assert_cmpint(metric->vs_first.high, ==, -8);
	g_assert_null(summary_find(summary, 1, "deliver.p50"));

	summary_free(summary);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/summary/estimate", test_estimate);
	g_test_add_func("/summary/many", test_many);
	g_test_add_func("/summary/vs-first", test_vs_first);
	return g_test_run();
}
