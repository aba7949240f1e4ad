/* test_comparison - verdicts of a paired interval, limits, what two trees have not alike. */
#include <glib.h>

#include "app/comparison.h"

struct judge_row {
	const char *what;
	int64_t old, low, high;		/* the change's interval */
	uint32_t n, limit_ppm;		/* 0: no limit */
	bool more_is_better, two_sided;
	enum change_verdict verdict;
	bool fails;
};

static const struct judge_row rows[] = {
	{ "above 0", 1000, 1, 9, 5, 0, false, false, CHANGE_WORSE, true },
	{ "below 0", 1000, -9, -1, 5, 0, false, false, CHANGE_BETTER, false },
	{ "below 0, two-sided", 1000, -9, -1, 5, 0, false, true, CHANGE_BETTER, true },
	{ "around 0", 1000, -1, 9, 5, 0, false, false, CHANGE_SAME, false },
	{ "from 0", 1000, 0, 9, 5, 0, false, false, CHANGE_SAME, false },
	{ "to 0", 1000, -9, 0, 5, 0, false, true, CHANGE_SAME, false },
	{ "more is better, above", 1000, 1, 9, 5, 0, true, false, CHANGE_BETTER, false },
	{ "more is better, below", 1000, -9, -1, 5, 0, true, false, CHANGE_WORSE, true },
	{ "no interval", 1000, 9, 9, 1, 0, false, false, CHANGE_INCONCLUSIVE, false },
	{ "no pair", 1000, 0, 0, 0, 0, false, false, CHANGE_NOT_COMPARABLE, false },
	{ "within the limit", 1000, 5, 10, 5, 10000, false, false, CHANGE_SAME, false },
	{ "over the limit by 1", 1000, 11, 12, 5, 10000, false, false, CHANGE_WORSE, true },
	{ "on both sides of it", 1000, 10, 11, 5, 10000, false, false, CHANGE_INCONCLUSIVE, false },
	{ "wide", 1000, -50, 11, 5, 10000, false, false, CHANGE_INCONCLUSIVE, false },
	{ "better by more", 1000, -50, -11, 5, 10000, false, false, CHANGE_BETTER, false },
	{ "the same, two-sided", 1000, -50, -11, 5, 10000, false, true, CHANGE_BETTER, true },
	{ "better by less", 1000, -9, -1, 5, 10000, false, true, CHANGE_BETTER, false },
	{ "better by about that", 1000, -11, -9, 5, 10000, false, true, CHANGE_INCONCLUSIVE,
	  false },
	{ "of 0", 0, 1, 2, 5, 10000, false, false, CHANGE_WORSE, true },
	{ "no limit at all, 0 %", 1000, 0, 1, 5, 1, false, false, CHANGE_INCONCLUSIVE, false },
	{ "more is better, over it", 1000, -12, -11, 5, 10000, true, false, CHANGE_WORSE, true },
	{ "as large as can be", INT64_C(1) << 58, INT64_C(1) << 57, INT64_C(1) << 57, 5, 10000000,
	  false, false, CHANGE_SAME, false },
};

static void test_judge(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct comparison_row row = {
			.better = rows[i].more_is_better ? MORE_IS_BETTER : LESS_IS_BETTER,
			.old = { .n = 5, .value = rows[i].old },
			.change = { .n = rows[i].n, .low = rows[i].low, .high = rows[i].high },
			.differs = true, .decides = true, .limited = rows[i].limit_ppm > 0,
			.limit_ppm = rows[i].limit_ppm,
		};

		g_test_message("%s", rows[i].what);
		comparison_judge(&row, rows[i].two_sided);
		g_assert_cmpstr(change_words[row.verdict], ==, change_words[rows[i].verdict]);
		g_assert_cmpint(row.fails, ==, rows[i].fails);
		row.decides = false;
		comparison_judge(&row, rows[i].two_sided);
		g_assert_false(row.fails);
	}
}

static void test_trees(void)
{
	json_t *old = json_loads("{\"a\": 1, \"b/c\": [1, 2], \"d\": {\"e\": \"x\"}}", 0, NULL);
	json_t *new = json_loads("{\"d\": {\"e\": \"y\"}, \"b/c\": [1], \"f\": null}", 0, NULL);
	GPtrArray *lines = comparison_tree_differences(old, new);
	static const char *const expected[] = {
		"/a: 1 -> nothing", "/b~1c/1: 2 -> nothing", "/d/e: x -> y", "/f: nothing -> null",
	};

	g_assert_cmpuint(lines->len, ==, G_N_ELEMENTS(expected));
	for (gsize i = 0; i < G_N_ELEMENTS(expected); i++)
		g_assert_cmpstr(g_ptr_array_index(lines, i), ==, expected[i]);
	g_ptr_array_unref(lines);
	json_decref(old);
	json_decref(new);
}

static void test_limits(void)
{
	static const char *const fails[] = { "deliver.p99:3%", "deliver.p99:0.5%", "p99:3%",
					     "deliver.p99", "deliver.p99:3", NULL };
	json_t *effective = json_loads("{\"limits\": {\"deliver.p99\": \"9%\", \"ack.mean\": "
				       "\"2%\", \"x\": 1}}", 0, NULL);
	struct mistakes *mistakes = mistakes_new();
	GArray *limits = limits_new();

	limits_add_options(limits, fails, mistakes);
	limits_add_scenario(limits, effective);
	g_assert_cmpuint(mistakes_count(mistakes), ==, 3);
	g_assert_cmpuint(limits->len, ==, 2);
	g_assert_cmpuint(limits_find(limits, "deliver.p99")->ppm, ==, 5000);
	g_assert_cmpuint(limits_find(limits, "ack.mean")->ppm, ==, 20000);
	g_assert_null(limits_find(limits, "deliver.p90"));
	g_array_unref(limits);
	mistakes_free(mistakes);
	json_decref(effective);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/comparison/judge", test_judge);
	g_test_add_func("/comparison/trees", test_trees);
	g_test_add_func("/comparison/limits", test_limits);
	return g_test_run();
}
