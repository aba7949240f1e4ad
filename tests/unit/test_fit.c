/*
 * test_fit - the search for costs, on models whose answer is known.
 */
#include <glib.h>
#include <string.h>

#include "app/fit.h"

enum { NS = 1000, GRID = 8 };

/* value[row] = base[row] + sum of factor[row][cost] * cost / 1000 */
struct linear {
	uint32_t nr_rows, nr_costs;
	uint64_t base[8];
	int64_t factor[8][4];
	uint32_t nr_calls, fail_at;	/* 0: never */
};

static bool linear_evaluate(void *user, const uint64_t *costs, uint64_t *ret_values)
{
	struct linear *linear = user;

	for (uint32_t i = 0; i < linear->nr_rows; i++) {
		int64_t sum = 0;

		for (uint32_t j = 0; j < linear->nr_costs; j++)
			sum += linear->factor[i][j] * (int64_t)costs[j];
		ret_values[i] = linear->base[i] + (uint64_t)(sum / 1000);
	}
	return ++linear->nr_calls != linear->fail_at;
}

static struct fit *find(struct linear *linear, const struct fit_row *rows,
			const struct fit_bounds *bounds)
{
	const struct fit_problem problem = {
		.nr_rows = linear->nr_rows, .nr_costs = linear->nr_costs, .rows = rows,
		.bounds = bounds, .grid = GRID, .max_evaluations = 2000,
		.evaluate = linear_evaluate, .user = linear,
	};
	struct fit *fit = fit_find(&problem);

	if (fit) {
		g_assert_true(fit->complete);
		g_assert_cmpuint(fit->nr_evaluations, ==, linear->nr_calls);
		g_assert_cmpuint(fit->nr_evaluations, <, 400);
	}
	return fit;
}

static struct fit_row exactly(uint64_t value)
{
	return (struct fit_row){ value, value, 50000 };
}

static bool is_near(uint64_t value, uint64_t wanted, uint64_t by)
{
	return value <= wanted + by && wanted <= value + by;
}

/* As many rows as costs: two IPIs to the last of 64 vCPUs, with and without the walk. */
static void test_exact(void)
{
	struct linear linear = {
		2, 2, { 1758 * NS, 1778 * NS }, { { 1000, 64000 }, { 1000, 0 } }, 0, 0,
	};
	const struct fit_row rows[] = { exactly(3832 * NS), exactly(2593 * NS) };
	const struct fit_bounds bounds[] = { { 300 * NS, 2000 * NS }, { 10 * NS, 85 * NS } };
	struct fit *fit = find(&linear, rows, bounds);

	g_assert_cmpuint(fit->costs[0].value, ==, 815 * NS);
	g_assert_cmpuint(fit->costs[1].value, ==, 19672);
	g_assert_cmpuint(fit->values[0], ==, 3832008);
	g_assert_cmpuint(fit->values[1], ==, 2593 * NS);
	for (int j = 0; j < 2; j++)
		g_assert_cmpint(fit->costs[j].verdict, ==, FIT_DETERMINED);
	/* 5 % of 2593 ns, and of 3832 ns over 64 steps */
	g_assert_true(is_near(fit->costs[0].low, 685350, 10));
	g_assert_true(is_near(fit->costs[0].high, 944650, 10));
	g_assert_true(is_near(fit->costs[1].high, 22665, 10));
	g_assert_true(is_near((uint64_t)fit->slopes[1], 64, 1));
	g_assert_true(fit->slopes[3] == 0);
	fit_free(fit);
}

/* One cost, rows that disagree: least squares of relative errors. */
static void test_too_many_rows(void)
{
	struct linear linear = { 3, 1, { 0 }, { { 1000 }, { 1000 }, { 2000 } }, 0, 0 };
	const struct fit_row rows[] = { exactly(90 * NS), exactly(110 * NS), exactly(200 * NS) };
	const struct fit_bounds bounds[] = { { 0, 1000 * NS } };
	struct fit *fit = find(&linear, rows, bounds);

	/* sum(w v f) / sum(w f f), w = 1 / v^2: (1/90 + 1/110 + 2/200) / (1/90^2 + ... ) */
	g_assert_true(is_near(fit->costs[0].value, 98667, GRID));
	g_assert_cmpint(fit->costs[0].verdict, ==, FIT_DETERMINED);
	fit_free(fit);
}

static void test_unseen(void)
{
	struct linear linear = { 2, 2, { NS, NS }, { { 1000, 0 }, { 2000, 0 } }, 0, 0 };
	const struct fit_row rows[] = { exactly(41 * NS), exactly(81 * NS) };
	const struct fit_bounds bounds[] = { { 0, 100 * NS }, { 0, 100 * NS } };
	const struct fit_problem problem = { .nr_rows = 2, .nr_costs = 2, .rows = rows,
					     .bounds = bounds };
	struct fit *fit = find(&linear, rows, bounds);

	g_assert_cmpuint(fit->costs[0].value, ==, 40 * NS);
	g_assert_cmpint(fit->costs[0].verdict, ==, FIT_DETERMINED);
	g_assert_cmpint(fit->costs[1].verdict, ==, FIT_UNSEEN);
	g_assert_cmpuint(fit->costs[1].low, ==, 0);
	g_assert_cmpuint(fit->costs[1].high, ==, 100 * NS);
	g_assert_true(fit_row_sees(&problem, fit, 0, 0));
	g_assert_false(fit_row_sees(&problem, fit, 0, 1));
	fit_free(fit);
}

/* Every row has the first cost and half of the second; the third stands by itself. */
static void test_pair(void)
{
	struct linear linear = {
		3, 3, { 0 }, { { 1000, 500, 0 }, { 2000, 1000, 0 }, { 1000, 500, 3000 } }, 0, 0,
	};
	const struct fit_row rows[] = { exactly(50 * NS), exactly(100 * NS), exactly(80 * NS) };
	const struct fit_bounds bounds[] = { { 0, 60 * NS }, { 0, 60 * NS }, { 0, 100 * NS } };
	struct fit *fit = find(&linear, rows, bounds);

	g_assert_cmpint(fit->costs[0].verdict, ==, FIT_TOGETHER);
	g_assert_cmpint(fit->costs[1].verdict, ==, FIT_TOGETHER);
	g_assert_cmpint(fit->costs[2].verdict, ==, FIT_DETERMINED);
	g_assert_true(is_near((uint64_t)(1000 * fit->costs[0].like[1]), 2000, 1));
	g_assert_true(is_near((uint64_t)(1000 * fit->costs[1].like[0]), 500, 1));
	g_assert_true(fit->costs[0].like[2] == 0);
	g_assert_true(fit->costs[0].like[0] == 0);
	g_assert_true(is_near(fit->costs[2].value, 10 * NS, GRID));
	g_assert_true(is_near(fit->values[1], 100 * NS, 2 * GRID));
	fit_free(fit);
}

/* Two rows cannot tell three costs apart: one is like something of both others. */
static void test_more_costs_than_rows(void)
{
	struct linear linear = {
		2, 3, { 0 }, { { 1000, 0, 1000 }, { 0, 1000, 2000 } }, 0, 0,
	};
	const struct fit_row rows[] = { exactly(50 * NS), exactly(90 * NS) };
	const struct fit_bounds bounds[] = { { 0, 100 * NS }, { 0, 100 * NS }, { 0, 100 * NS } };
	struct fit *fit = find(&linear, rows, bounds);

	for (int j = 0; j < 3; j++)
		g_assert_cmpint(fit->costs[j].verdict, ==, FIT_TOGETHER);
	g_assert_true(is_near((uint64_t)(1000 * fit->costs[2].like[0]), 1000, 1));
	g_assert_true(is_near((uint64_t)(1000 * fit->costs[2].like[1]), 2000, 1));
	fit_free(fit);
}

/* What the rows want lies beyond the bounds; the other cost makes the best of it. */
static void test_at_bounds(void)
{
	struct linear linear = { 2, 2, { 0 }, { { 1000, 0 }, { 1000, 1000 } }, 0, 0 };
	const struct fit_row rows[] = { exactly(50 * NS), exactly(90 * NS) };
	const struct fit_bounds high[] = { { 0, 40 * NS }, { 0, 100 * NS } };
	const struct fit_bounds low[] = { { 60 * NS, 100 * NS }, { 0, 100 * NS } };
	struct fit *fit = find(&linear, rows, high);

	g_assert_cmpuint(fit->costs[0].value, ==, 40 * NS);
	g_assert_cmpint(fit->costs[0].verdict, ==, FIT_AT_MAX);
	g_assert_cmpuint(fit->costs[1].value, ==, 50 * NS);
	g_assert_cmpint(fit->costs[1].verdict, ==, FIT_DETERMINED);
	fit_free(fit);
	linear.nr_calls = 0;
	fit = find(&linear, rows, low);
	g_assert_cmpuint(fit->costs[0].value, ==, 60 * NS);
	g_assert_cmpint(fit->costs[0].verdict, ==, FIT_AT_MIN);
	g_assert_cmpuint(fit->costs[1].value, ==, 30 * NS);
	fit_free(fit);
}

/* A range: inside it there is no error, and the other row decides. */
static void test_range(void)
{
	struct linear linear = { 2, 1, { 0 }, { { 1000 }, { 1000 } }, 0, 0 };
	const struct fit_row rows[] = { { 40 * NS, 60 * NS, 50000 }, exactly(45 * NS) };
	const struct fit_bounds bounds[] = { { 0, 200 * NS } };
	struct fit *fit = find(&linear, rows, bounds);

	g_assert_cmpuint(fit->costs[0].value, ==, 45 * NS);
	g_assert_true(fit_error(&rows[0], fit->values[0]) == 0);
	g_assert_true(fit_error(&rows[0], 30 * NS) == -0.25);
	g_assert_true(fit_error(&rows[0], 75 * NS) == 0.25);
	fit_free(fit);
}

/* Nothing but a range: the middle of the bounds would decide, not the row. */
static void test_range_alone(void)
{
	struct linear linear = { 2, 2, { 0 }, { { 1000, 0 }, { 0, 1000 } }, 0, 0 };
	const struct fit_row rows[] = { { 40 * NS, 60 * NS, 50000 }, exactly(45 * NS) };
	const struct fit_bounds bounds[] = { { 0, 100 * NS }, { 0, 100 * NS } };
	struct fit *fit = find(&linear, rows, bounds);

	g_assert_cmpint(fit->costs[0].verdict, ==, FIT_UNSEEN);
	g_assert_cmpint(fit->costs[1].verdict, ==, FIT_DETERMINED);
	g_assert_true(is_near(fit->costs[0].low, 38 * NS, 10));
	g_assert_true(is_near(fit->costs[0].high, 63 * NS, 10));
	fit_free(fit);
}

/*
 * A lock with n users, each a, of which s is under it: a round takes a + s while they fit beside
 * each other, then n * s, and 1000 steps of 10 ns in rounding between.
 */
static bool contended_evaluate(void *user, const uint64_t *costs, uint64_t *ret_values)
{
	static const uint64_t users[] = { 1, 2, 4, 8, 16 };
	uint32_t *nr_calls = user;

	for (int i = 0; i < 5; i++) {
		uint64_t alone = costs[0] + costs[1], queue = users[i] * costs[1];
		uint64_t wait = queue * queue / (queue + alone);

		ret_values[i] = (MAX(alone, queue) + wait) / 10 * 10;
	}
	++*nr_calls;
	return true;
}

static void test_contended(void)
{
	const uint64_t truth[] = { 417 * NS, 93 * NS };
	const struct fit_bounds bounds[] = { { 50 * NS, 2000 * NS }, { 5 * NS, 500 * NS } };
	struct fit_row rows[5];
	uint32_t nr_calls = 0;
	const struct fit_problem problem = {
		.nr_rows = 5, .nr_costs = 2, .rows = rows, .bounds = bounds, .grid = GRID,
		.max_evaluations = 2000, .evaluate = contended_evaluate, .user = &nr_calls,
	};
	uint64_t values[5];
	struct fit *fit;

	contended_evaluate(&nr_calls, truth, values);
	for (int i = 0; i < 5; i++)
		rows[i] = exactly(values[i]);
	fit = fit_find(&problem);
	g_assert_true(fit->complete);
	g_assert_true(is_near(fit->costs[0].value, truth[0], 64));
	g_assert_true(is_near(fit->costs[1].value, truth[1], 32));
	for (int j = 0; j < 2; j++)
		g_assert_cmpint(fit->costs[j].verdict, ==, FIT_DETERMINED);
	fit_free(fit);
}

static void test_limits(void)
{
	struct linear linear = {
		2, 2, { 0 }, { { 1000, 3000 }, { 1000, 0 } }, 0, 0,
	};
	const struct fit_row rows[] = { exactly(90 * NS), exactly(30 * NS) };
	const struct fit_bounds bounds[] = { { 0, 100 * NS }, { 0, 100 * NS } };
	struct fit_problem problem = {
		.nr_rows = 2, .nr_costs = 2, .rows = rows, .bounds = bounds, .grid = GRID,
		.max_evaluations = 2, .evaluate = linear_evaluate, .user = &linear,
	};
	struct fit *fit = fit_find(&problem);

	g_assert_false(fit->complete);
	g_assert_cmpuint(fit->nr_evaluations, ==, 2);
	g_assert_cmpuint(linear.nr_calls, ==, 2);
	fit_free(fit);
	linear.nr_calls = 0;
	linear.fail_at = 4;
	problem.max_evaluations = 100;
	g_assert_null(fit_find(&problem));
	g_assert_cmpuint(linear.nr_calls, ==, 4);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/fit/exact", test_exact);
	g_test_add_func("/fit/too-many-rows", test_too_many_rows);
	g_test_add_func("/fit/unseen", test_unseen);
	g_test_add_func("/fit/pair", test_pair);
	g_test_add_func("/fit/more-costs-than-rows", test_more_costs_than_rows);
	g_test_add_func("/fit/at-bounds", test_at_bounds);
	g_test_add_func("/fit/range", test_range);
	g_test_add_func("/fit/range-alone", test_range_alone);
	g_test_add_func("/fit/contended", test_contended);
	g_test_add_func("/fit/limits", test_limits);
	return g_test_run();
}
