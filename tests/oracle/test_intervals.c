/*
 * The 95 % intervals of five replications of a queue hold as often as they say; common random
 * numbers make differences sharp.
 */
#include "tests/support/coverage.h"

static const struct coverage_case cases[] = {
	{ "mm1", COVERAGE_MM1, 0.3, 5, 800 },
	{ "md1", COVERAGE_MD1, 0.3, 5, 600 },
};

/* A service 2 % faster: paired by replication, against the interval of either mean. */
static void test_common_random_numbers(void)
{
	static const ps_t services_ps[] = { COVERAGE_SERVICE_PS, COVERAGE_SERVICE_PS * 98 / 100 };
	const struct coverage_case c = { "mm1", COVERAGE_MM1, 0.5, 5, 5000 };
	struct summary *summary = coverage_experiment(&c, 1, services_ps, 2);
	const struct summary_metric *first = summary_find(summary, 0, "deliver.mean");
	const struct summary_metric *second = summary_find(summary, 1, "deliver.mean");
	int64_t unpaired = MAX(first->value.half_width, second->value.half_width);
	int64_t paired = second->vs_first.half_width;

	/* From 2 to 0.98 / (1 - 0.49) services. */
	g_test_message("difference %" G_GINT64_FORMAT " +- %" G_GINT64_FORMAT
		       ", of either mean +- %" G_GINT64_FORMAT,
		       second->vs_first.value, paired, unpaired);
	g_assert_cmpint(second->vs_first.low, <=, -78431);
	g_assert_cmpint(second->vs_first.high, >=, -78431);
	g_assert_cmpint(5 * paired, <=, unpaired);
	summary_free(summary);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	coverage_add_tests(cases, G_N_ELEMENTS(cases));
	g_test_add_func("/intervals/common-random-numbers", test_common_random_numbers);
	return g_test_run();
}
