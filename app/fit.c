#include "app/fit.h"

#include <glib.h>
#include <string.h>

/* Differences are over range / 2^shift: wide ones see through noise, narrow ones curvature. */
enum { SHIFT_FIRST = 5, SHIFT_STEP = 3, SHIFT_LAST = 11, TURNS_MAX = 60 };
/* Less than this share of the sum is no improvement: it would go on for picoseconds. */
static const double better_least = 1e-6;

struct point {
	uint64_t costs[FIT_COSTS_MAX];
	const uint64_t *values;		/* owned by the search */
	double sum;			/* of squared errors */
};

struct search {
	const struct fit_problem *problem;
	GHashTable *known;		/* costs (GBytes) -> values */
	struct point best;
	double *columns;		/* [row * nr_costs + cost]: error per range of the cost */
	uint32_t nr_evaluations;
	bool failed, exhausted;
};

double fit_error(const struct fit_row *row, uint64_t value)
{
	if (value < row->low)
		return -((double)(row->low - value) / (double)row->low);
	if (value > row->high)
		return (double)(value - row->high) / (double)row->high;
	return 0;
}

static double range_of(const struct fit_problem *problem, uint32_t cost)
{
	return (double)(problem->bounds[cost].max - problem->bounds[cost].min);
}

static double sum_of(const struct fit_problem *problem, const uint64_t *values)
{
	double sum = 0;

	for (uint32_t i = 0; i < problem->nr_rows; i++) {
		double error = fit_error(&problem->rows[i], values[i]);

		sum += error * error;
	}
	return sum;
}

static const uint64_t *evaluate(struct search *search, const uint64_t *costs)
{
	const struct fit_problem *problem = search->problem;
	GBytes *key = g_bytes_new(costs, problem->nr_costs * sizeof(*costs));
	uint64_t *values = g_hash_table_lookup(search->known, key);

	if (values) {
		g_bytes_unref(key);
		return values;
	}
	if (search->nr_evaluations == problem->max_evaluations) {
		search->exhausted = true;
		g_bytes_unref(key);
		return NULL;
	}
	search->nr_evaluations++;
	values = g_new0(uint64_t, problem->nr_rows);
	g_hash_table_insert(search->known, key, values);
	search->failed = !problem->evaluate(problem->user, costs, values);
	return search->failed ? NULL : values;
}

/* False: the search is over. */
static bool visit(struct search *search, const uint64_t *costs, struct point *ret)
{
	const uint64_t *values;

	if (search->failed || search->exhausted)
		return false;
	values = evaluate(search, costs);
	if (!values)
		return false;
	memcpy(ret->costs, costs, sizeof(ret->costs));
	ret->values = values;
	ret->sum = sum_of(search->problem, values);
	return true;
}

/* True: it is better, and is the best now. */
static bool try_costs(struct search *search, const uint64_t *costs)
{
	struct point point;

	if (!visit(search, costs, &point) ||
	    !(point.sum < search->best.sum * (1 - better_least)))
		return false;
	search->best = point;
	return true;
}

static uint64_t onto_grid(const struct fit_problem *problem, uint32_t cost, double value)
{
	const struct fit_bounds *bounds = &problem->bounds[cost];
	uint64_t whole;

	if (!(value > (double)bounds->min))
		return bounds->min;
	if (!(value < (double)bounds->max))
		return bounds->max;
	whole = (uint64_t)(value / (double)problem->grid + 0.5) * problem->grid;
	return CLAMP(whole, bounds->min, bounds->max);
}

/* --- downhill: least squares on differences ------------------------------------------------- */

/* What one more of a cost does to each row, as errors per range; false: the search is over. */
static bool take_column(struct search *search, uint32_t cost, uint32_t shift)
{
	const struct fit_problem *problem = search->problem;
	const struct fit_bounds *bounds = &problem->bounds[cost];
	uint64_t costs[FIT_COSTS_MAX], own = search->best.costs[cost];
	uint64_t width = MAX((bounds->max - bounds->min) >> shift, problem->grid);
	struct point point;
	double moved;

	memcpy(costs, search->best.costs, sizeof(costs));
	costs[cost] = bounds->max - own >= width ? own + width
		    : own - bounds->min >= width ? own - width
		    : own == bounds->min ? bounds->max : bounds->min;
	if (!visit(search, costs, &point))
		return false;
	moved = ((double)costs[cost] - (double)own) / range_of(problem, cost);
	for (uint32_t i = 0; i < problem->nr_rows; i++) {
		double change = (double)point.values[i] - (double)search->best.values[i];

		search->columns[i * problem->nr_costs + cost] =
			change / (double)problem->rows[i].low / moved;
	}
	return true;
}

static bool take_columns(struct search *search, uint32_t shift)
{
	for (uint32_t cost = 0; cost < search->problem->nr_costs; cost++)
		if (!take_column(search, cost, shift))
			return false;
	return true;
}

struct normal {
	double a[FIT_COSTS_MAX][FIT_COSTS_MAX], b[FIT_COSTS_MAX];
};

/* The normal equations; a row within its published range asks for nothing. */
static void make_normal(const struct search *search, struct normal *ret)
{
	const struct fit_problem *problem = search->problem;

	memset(ret, 0, sizeof(*ret));
	for (uint32_t i = 0; i < problem->nr_rows; i++) {
		const double *row = &search->columns[i * problem->nr_costs];
		double error = fit_error(&problem->rows[i], search->best.values[i]);

		if (error == 0 && problem->rows[i].low != problem->rows[i].high)
			continue;
		for (uint32_t j = 0; j < problem->nr_costs; j++) {
			ret->b[j] -= row[j] * error;
			for (uint32_t k = 0; k < problem->nr_costs; k++)
				ret->a[j][k] += row[j] * row[k];
		}
	}
}

/* A cost at a bound that wants to leave it stays: its equation becomes step = 0. */
static void hold_at_bounds(const struct search *search, struct normal *normal)
{
	const struct fit_problem *problem = search->problem;

	for (uint32_t j = 0; j < problem->nr_costs; j++) {
		const struct fit_bounds *bounds = &problem->bounds[j];
		uint64_t own = search->best.costs[j];

		if ((own != bounds->min || normal->b[j] >= 0) &&
		    (own != bounds->max || normal->b[j] <= 0))
			continue;
		for (uint32_t k = 0; k < problem->nr_costs; k++)
			normal->a[j][k] = normal->a[k][j] = 0;
		normal->b[j] = 0;
	}
}

/*
 * Solves (a + damping) step = b into b, by elimination: positive definite, so without a choice of
 * pivots. Of costs that the rows cannot tell apart the damping takes the shortest step.
 */
static bool solve(struct normal *normal, uint32_t n, double damping)
{
	double largest = 0;

	for (uint32_t j = 0; j < n; j++)
		largest = MAX(largest, normal->a[j][j]);
	if (!(largest > 0))
		return false;
	for (uint32_t j = 0; j < n; j++)
		normal->a[j][j] += damping * largest;
	for (uint32_t j = 0; j < n; j++) {
		for (uint32_t i = j + 1; i < n; i++) {
			double factor = normal->a[i][j] / normal->a[j][j];

			for (uint32_t k = j; k < n; k++)
				normal->a[i][k] -= factor * normal->a[j][k];
			normal->b[i] -= factor * normal->b[j];
		}
	}
	for (uint32_t j = n; j-- > 0;) {
		for (uint32_t k = j + 1; k < n; k++)
			normal->b[j] -= normal->a[j][k] * normal->b[k];
		normal->b[j] /= normal->a[j][j];
	}
	return true;
}

/* One step downhill, the more damped the shorter; false: none leads down. */
static bool step_down(struct search *search)
{
	static const double dampings[] = { 1e-9, 1e-6, 1e-4, 1e-2, 1, 100 };
	const struct fit_problem *problem = search->problem;

	for (size_t d = 0; d < G_N_ELEMENTS(dampings); d++) {
		uint64_t costs[FIT_COSTS_MAX] = { 0 };
		struct normal normal;

		make_normal(search, &normal);
		hold_at_bounds(search, &normal);
		if (!solve(&normal, problem->nr_costs, dampings[d]))
			return false;
		for (uint32_t j = 0; j < problem->nr_costs; j++)
			costs[j] = onto_grid(problem, j, (double)search->best.costs[j] +
					     normal.b[j] * range_of(problem, j));
		if (try_costs(search, costs))
			return true;
	}
	return false;
}

static void descend(struct search *search)
{
	uint32_t shift = SHIFT_FIRST;

	for (int turn = 0; turn < TURNS_MAX && shift <= SHIFT_LAST; turn++) {
		if (!take_columns(search, shift))
			return;
		if (!step_down(search))
			shift += SHIFT_STEP;
	}
}

/* --- around: what differences do not see ---------------------------------------------------- */

/* False: it would be beyond the bounds. */
static bool moved(const struct fit_problem *problem, uint64_t *costs, uint32_t cost, int64_t by)
{
	const struct fit_bounds *bounds = &problem->bounds[cost];
	int64_t target = (int64_t)costs[cost] + by;

	if (target < (int64_t)bounds->min || target > (int64_t)bounds->max)
		return false;
	costs[cost] = (uint64_t)target;
	return true;
}

/* One cost by a, another one by b; true: better. */
static bool try_move(struct search *search, const uint32_t cost[2], int64_t a, int64_t b)
{
	uint64_t costs[FIT_COSTS_MAX];

	memcpy(costs, search->best.costs, sizeof(costs));
	return moved(search->problem, costs, cost[0], a) &&
	       moved(search->problem, costs, cost[1], b) && try_costs(search, costs);
}

/* Each cost up and down, then two at a time; true: one of these is better. */
static bool look_around(struct search *search, int64_t step)
{
	uint32_t n = search->problem->nr_costs;

	for (uint32_t j = 0; j < n; j++)
		if (try_move(search, (uint32_t[]){ j, j }, step, 0) ||
		    try_move(search, (uint32_t[]){ j, j }, -step, 0))
			return true;
	for (uint32_t j = 0; j < n; j++)
		for (uint32_t k = j + 1; k < n; k++)
			for (int signs = 0; signs < 4; signs++)
				if (try_move(search, (uint32_t[]){ j, k },
					     signs & 1 ? -step : step, signs & 2 ? -step : step))
					return true;
	return false;
}

static void polish(struct search *search)
{
	const struct fit_problem *problem = search->problem;
	uint64_t step = problem->grid;

	/* longer steps while they help */
	while (step >= problem->grid && !search->failed && !search->exhausted)
		step = look_around(search, (int64_t)step) ? step * 2 : step / 2;
}

/* --- all of it ------------------------------------------------------------------------------ */

static bool begin(struct search *search)
{
	const struct fit_problem *problem = search->problem;
	uint64_t costs[FIT_COSTS_MAX] = { 0 };

	for (uint32_t j = 0; j < problem->nr_costs; j++)
		costs[j] = onto_grid(problem, j, (double)problem->bounds[j].min +
				     range_of(problem, j) / 2);
	return visit(search, costs, &search->best);
}

static void keep(const struct search *search, struct fit *ret)
{
	const struct fit_problem *problem = search->problem;

	ret->values = g_memdup2(search->best.values, problem->nr_rows * sizeof(*ret->values));
	ret->slopes = g_new0(double, (gsize)problem->nr_rows * problem->nr_costs);
	ret->nr_evaluations = search->nr_evaluations;
	ret->complete = !search->exhausted;
	for (uint32_t j = 0; j < problem->nr_costs; j++) {
		ret->costs[j].value = search->best.costs[j];
		for (uint32_t i = 0; i < problem->nr_rows; i++)
			ret->slopes[i * problem->nr_costs + j] =
				search->columns[i * problem->nr_costs + j] *
				(double)problem->rows[i].low / range_of(problem, j);
	}
}

struct fit *fit_find(const struct fit_problem *problem)
{
	struct search search = { .problem = problem };
	struct fit *fit = NULL;

	search.known = g_hash_table_new_full(g_bytes_hash, g_bytes_equal,
					     (GDestroyNotify)g_bytes_unref, g_free);
	search.columns = g_new0(double, (gsize)problem->nr_rows * problem->nr_costs);
	if (begin(&search)) {
		descend(&search);
		polish(&search);
		take_columns(&search, SHIFT_FIRST);
	}
	if (!search.failed) {
		fit = g_new0(struct fit, 1);
		keep(&search, fit);
		fit_judge(problem, fit);
	}
	g_free(search.columns);
	g_hash_table_unref(search.known);
	return fit;
}

void fit_free(struct fit *fit)
{
	if (!fit)
		return;
	g_free(fit->values);
	g_free(fit->slopes);
	g_free(fit);
}
