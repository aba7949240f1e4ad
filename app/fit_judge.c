/* fit_judge - the second half of fit.h: what the rows say about each cost. */
#include <glib.h>
#include <string.h>

#include "app/fit.h"

/* A row changes by so much from bound to bound of a cost, or does not see it. */
static const double seen_least = 0.001;
/* What is left of a column beside the others, as a share of it, for the cost to be its own. */
static const double own_least = 0.02;
/* A cost has a part in another one's effect from this share of it on. */
static const double part_least = 0.05;

static double range_of(const struct fit_problem *problem, uint32_t cost)
{
	return (double)(problem->bounds[cost].max - problem->bounds[cost].min);
}

/* How much of a row a cost makes from bound to bound. */
static double entry(const struct fit_problem *problem, const struct fit *fit, uint32_t row,
		    uint32_t cost)
{
	return fit->slopes[row * problem->nr_costs + cost] * range_of(problem, cost) /
	       (double)problem->rows[row].low;
}

static double magnitude(double value)
{
	return value < 0 ? -value : value;
}

bool fit_row_sees(const struct fit_problem *problem, const struct fit *fit, uint32_t row,
		  uint32_t cost)
{
	return magnitude(entry(problem, fit, row, cost)) >= seen_least;
}

/* A row inside its published range asks for nothing: any value that keeps it there is as good. */
static bool decides(const struct fit_problem *problem, const struct fit *fit, uint32_t row)
{
	const struct fit_row *own = &problem->rows[row];

	return own->low == own->high || fit_error(own, fit->values[row]) != 0;
}

static bool is_seen(const struct fit_problem *problem, const struct fit *fit, uint32_t cost)
{
	for (uint32_t i = 0; i < problem->nr_rows; i++)
		if (decides(problem, fit, i) && fit_row_sees(problem, fit, i, cost))
			return true;
	return false;
}

/* --- costs that the rows cannot tell apart ------------------------------------------------- */

/* Columns made orthogonal one after the other; each remembers how it was made of the costs. */
struct basis {
	uint32_t nr_rows, nr_costs, nr;
	double *vectors;		/* [n * nr_rows + row], of length^2 squares[n] */
	double made_of[FIT_COSTS_MAX][FIT_COSTS_MAX], squares[FIT_COSTS_MAX];
};

static double product(const double *a, const double *b, uint32_t n)
{
	double sum = 0;

	for (uint32_t i = 0; i < n; i++)
		sum += a[i] * b[i];
	return sum;
}

/*
 * Takes from column what the basis has of it. made_of: what of the costs that was, with the sign of
 * the column's rest. Twice: the first time leaves rounding errors.
 */
static void reduce(const struct basis *basis, double *column, double *made_of)
{
	for (uint32_t n = 0; n < 2 * basis->nr; n++) {
		uint32_t which = n % basis->nr;
		const double *vector = &basis->vectors[which * basis->nr_rows];
		double share = product(column, vector, basis->nr_rows) / basis->squares[which];

		for (uint32_t i = 0; i < basis->nr_rows; i++)
			column[i] -= share * vector[i];
		for (uint32_t j = 0; j < basis->nr_costs; j++)
			made_of[j] -= share * basis->made_of[which][j];
	}
}

static void take_column(const struct fit_problem *problem, const struct fit *fit, uint32_t cost,
			double *ret)
{
	for (uint32_t i = 0; i < problem->nr_rows; i++)
		ret[i] = decides(problem, fit, i) ? entry(problem, fit, i, cost) : 0;
}

static void basis_add(struct basis *basis, const struct fit_problem *problem,
		      const struct fit *fit, uint32_t cost)
{
	double *vector = &basis->vectors[basis->nr * basis->nr_rows];
	double *made_of = basis->made_of[basis->nr], whole, rest;

	take_column(problem, fit, cost, vector);
	whole = product(vector, vector, basis->nr_rows);
	memset(made_of, 0, sizeof(basis->made_of[0]));
	made_of[cost] = 1;
	reduce(basis, vector, made_of);
	rest = product(vector, vector, basis->nr_rows);
	basis->squares[basis->nr] = rest;
	/* what the basis has already would only add noise */
	if (rest > whole * own_least * own_least)
		basis->nr++;
}

/* Is the column of the cost made of the others'? Then *ret says how, per unit of the costs. */
static bool is_together(const struct fit_problem *problem, const struct fit *fit, uint32_t cost,
			double *ret)
{
	struct basis basis = { .nr_rows = problem->nr_rows, .nr_costs = problem->nr_costs };
	double *column = g_new0(double, problem->nr_rows), whole, rest;
	double made_of[FIT_COSTS_MAX] = { 0 };

	basis.vectors = g_new0(double, (gsize)problem->nr_rows * problem->nr_costs);
	for (uint32_t j = 0; j < problem->nr_costs; j++)
		if (j != cost && fit->costs[j].verdict != FIT_UNSEEN)
			basis_add(&basis, problem, fit, j);
	take_column(problem, fit, cost, column);
	whole = product(column, column, problem->nr_rows);
	reduce(&basis, column, made_of);
	rest = product(column, column, problem->nr_rows);
	for (uint32_t j = 0; j < problem->nr_costs; j++) {
		double *other = basis.vectors;	/* no longer needed */
		double part;

		take_column(problem, fit, j, other);
		part = made_of[j] * made_of[j] * product(other, other, problem->nr_rows);
		ret[j] = part < whole * part_least * part_least
			 ? 0 : -made_of[j] * range_of(problem, j) / range_of(problem, cost);
	}
	g_free(basis.vectors);
	g_free(column);
	return rest <= whole * own_least * own_least;
}

/* --- bounds and intervals -------------------------------------------------------------------- */

/* Where the sum of squares falls: negative when less of the cost would be better. */
static double wish(const struct fit_problem *problem, const struct fit *fit, uint32_t cost)
{
	double sum = 0;

	for (uint32_t i = 0; i < problem->nr_rows; i++)
		sum -= fit_error(&problem->rows[i], fit->values[i]) *
		       entry(problem, fit, i, cost);
	return sum;
}

static enum fit_verdict judge(const struct fit_problem *problem, struct fit *fit, uint32_t cost)
{
	const struct fit_bounds *bounds = &problem->bounds[cost];
	double wanted = wish(problem, fit, cost);
	struct fit_cost *own = &fit->costs[cost];

	if (own->verdict == FIT_UNSEEN)
		return FIT_UNSEEN;
	if (is_together(problem, fit, cost, own->like))
		return FIT_TOGETHER;
	/* within a grid step of the optimum the errors are rounding */
	if (own->value == bounds->min && wanted < -1e-9)
		return FIT_AT_MIN;
	if (own->value == bounds->max && wanted > 1e-9)
		return FIT_AT_MAX;
	return FIT_DETERMINED;
}

/* How far up (sign 1) or down (-1) the cost can go before a row leaves its tolerance. */
static double room(const struct fit_problem *problem, const struct fit *fit, uint32_t cost,
		   double sign)
{
	double least = range_of(problem, cost);

	for (uint32_t i = 0; i < problem->nr_rows; i++) {
		const struct fit_row *row = &problem->rows[i];
		double slope = sign * fit->slopes[i * problem->nr_costs + cost];
		double tolerance = (double)row->tolerance_ppm / 1e6;
		double value = (double)fit->values[i], end;

		if (!fit_row_sees(problem, fit, i, cost) ||
		    magnitude(fit_error(row, fit->values[i])) > tolerance)
			continue;
		end = slope > 0 ? (double)row->high * (1 + tolerance)
				: (double)row->low * (1 - tolerance);
		least = MIN(least, (end - value) / slope);
	}
	return least;
}

static void find_interval(const struct fit_problem *problem, struct fit *fit, uint32_t cost)
{
	const struct fit_bounds *bounds = &problem->bounds[cost];
	struct fit_cost *own = &fit->costs[cost];
	double low = (double)own->value - room(problem, fit, cost, -1);
	double high = (double)own->value + room(problem, fit, cost, 1);

	own->low = low > (double)bounds->min ? (uint64_t)low : bounds->min;
	own->high = high < (double)bounds->max ? (uint64_t)high : bounds->max;
}

void fit_judge(const struct fit_problem *problem, struct fit *fit)
{
	for (uint32_t j = 0; j < problem->nr_costs; j++)
		fit->costs[j].verdict = is_seen(problem, fit, j) ? FIT_DETERMINED : FIT_UNSEEN;
	for (uint32_t j = 0; j < problem->nr_costs; j++) {
		enum fit_verdict verdict = judge(problem, fit, j);

		fit->costs[j].verdict = verdict;
		find_interval(problem, fit, j);
	}
}
