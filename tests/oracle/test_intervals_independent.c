/*
 * The 95 % intervals of independent samples hold as often as they say; those that are a fifth too
 * narrow do not.
 */
#include "tests/support/coverage.h"

static const struct coverage_case cases[] = {
	{ "independent", COVERAGE_INDEPENDENT, 0, 5, 400 },
	{ "independent", COVERAGE_INDEPENDENT, 0, 1, 4000 },
};

/* The test sees what it is for. */
static void test_too_narrow(void)
{
	struct coverage coverage = coverage_run(&cases[0], COVERAGE_EXPERIMENTS, 80);

	for (int m = 0; m < NR_COVERAGE_METRICS; m++) {
		g_test_message("%s: %.2f %%", coverage_metrics[m],
			       100 * coverage_share(&coverage, m));
		g_assert_false(coverage_in_band(coverage_share(&coverage, m)));
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	coverage_add_tests(cases, G_N_ELEMENTS(cases));
	g_test_add_func("/intervals/too-narrow", test_too_narrow);
	return g_test_run();
}
