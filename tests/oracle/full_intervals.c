/*
 * Coverage of the 95 % intervals over 4,000 experiments, from short runs to long ones and at higher
 * loads: the table of docs/statistics.md. What is too short is expected to hold less often, and has
 * a floor of its own.
 */
#include "tests/support/coverage.h"

enum { NR_EXPERIMENTS = 4000 };

static const struct row {
	struct coverage_case c;
	double least[NR_COVERAGE_METRICS];	/* 0.94: three errors below what it says */
} rows[] = {
	{ { "independent", COVERAGE_INDEPENDENT, 0, 5, 400 }, { 0.94, 0.94 } },
	{ { "independent", COVERAGE_INDEPENDENT, 0, 5, 4000 }, { 0.94, 0.94 } },
	{ { "mm1", COVERAGE_MM1, 0.5, 5, 1000 }, { 0.93, 0.93 } },
	{ { "mm1", COVERAGE_MM1, 0.5, 5, 10000 }, { 0.94, 0.935 } },
	{ { "mm1", COVERAGE_MM1, 0.8, 5, 2000 }, { 0.91, 0.90 } },
	{ { "mm1", COVERAGE_MM1, 0.8, 5, 20000 }, { 0.94, 0.93 } },
	{ { "md1", COVERAGE_MD1, 0.5, 5, 1000 }, { 0.93, 0.93 } },
	{ { "md1", COVERAGE_MD1, 0.5, 5, 10000 }, { 0.94, 0.94 } },
	{ { "independent", COVERAGE_INDEPENDENT, 0, 1, 20000 }, { 0.94, 0.94 } },
	{ { "mm1", COVERAGE_MM1, 0.5, 1, 5000 }, { 0.92, 0.90 } },
	{ { "mm1", COVERAGE_MM1, 0.5, 1, 20000 }, { 0.935, 0.925 } },
	{ { "mm1", COVERAGE_MM1, 0.5, 1, 50000 }, { 0.94, 0.935 } },
	{ { "mm1", COVERAGE_MM1, 0.8, 1, 50000 }, { 0.92, 0.90 } },
	{ { "md1", COVERAGE_MD1, 0.5, 1, 20000 }, { 0.94, 0.935 } },
};

static void test_row(gconstpointer data)
{
	const struct row *row = data;
	struct coverage coverage = coverage_run(&row->c, NR_EXPERIMENTS, 100);

	coverage_show(&row->c, &coverage);
	for (int m = 0; m < NR_COVERAGE_METRICS; m++) {
		g_assert_cmpfloat(coverage_share(&coverage, m), >=, row->least[m]);
		g_assert_cmpfloat(coverage_share(&coverage, m), <=, 0.97);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *path = g_strdup_printf("/intervals/%u", (unsigned int)i);

		g_test_add_data_func(path, &rows[i], test_row);
		g_free(path);
	}
	return g_test_run();
}
