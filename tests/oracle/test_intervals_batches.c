/*
 * The 95 % intervals of one long run of a queue, by its batches, hold as often as they say.
 */
#include "tests/support/coverage.h"

static const struct coverage_case cases[] = {
	{ "mm1", COVERAGE_MM1, 0.3, 1, 4000 },
	{ "md1", COVERAGE_MD1, 0.3, 1, 3000 },
};

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	coverage_add_tests(cases, G_N_ELEMENTS(cases));
	return g_test_run();
}
