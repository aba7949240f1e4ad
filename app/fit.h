/*
 * fit - values of a few costs that bring a model closest to published rows.
 *
 * Knows nothing of platforms and scenarios: a callback says what the model gives for a vector of
 * costs. Minimises the sum of squared relative errors within the bounds, over multiples of a grid;
 * then says of each cost whether the rows determine it. Deterministic: it begins in the middle of
 * the bounds, so that what the costs were before does not enter, and it computes with the four
 * operations alone, which are the same on every machine. Never reads a file, never prints.
 */
#ifndef APP_FIT_H
#define APP_FIT_H

#include <stdbool.h>
#include <stdint.h>

enum { FIT_COSTS_MAX = 16 };

/* One published number: no error from low to high (in any unit, not 0). */
struct fit_row {
	uint64_t low, high;
	uint32_t tolerance_ppm;		/* for the interval of a cost, below */
};

struct fit_bounds {
	uint64_t min, max;		/* inclusive, min < max, below 2^53 */
};

struct fit_problem {
	uint32_t nr_rows, nr_costs;	/* at least 1; costs: at most FIT_COSTS_MAX */
	const struct fit_row *rows;
	const struct fit_bounds *bounds;
	uint64_t grid;			/* costs are multiples of it, or a bound */
	uint32_t max_evaluations;	/* at most this many calls of the model */
	/* What each row is with these costs. False: it cannot be known, the fit ends. */
	bool (*evaluate)(void *user, const uint64_t *costs, uint64_t *ret_values);
	void *user;
};

enum fit_verdict {
	FIT_DETERMINED,
	/* from bound to bound no row changes by a thousandth but those inside their range */
	FIT_UNSEEN,
	FIT_TOGETHER,	/* what it does to the rows, other costs do too */
	FIT_AT_MIN,	/* the rows would have it below its bounds */
	FIT_AT_MAX,	/* or above */
};

struct fit_cost {
	uint64_t value;
	enum fit_verdict verdict;
	/* Moved alone between these, every row stays within its tolerance that is so at value. */
	uint64_t low, high;
	/* FIT_TOGETHER: to the rows 1 more of it is like this much more of each other cost. */
	double like[FIT_COSTS_MAX];
};

struct fit {
	struct fit_cost costs[FIT_COSTS_MAX];
	uint64_t *values;		/* of each row */
	double *slopes;			/* [row * nr_costs + cost]: per unit of the cost */
	uint32_t nr_evaluations;
	bool complete;			/* false: the limit of evaluations ended the search */
};

/* NULL when evaluate() said false. fit_free() the result. */
struct fit *fit_find(const struct fit_problem *problem);
void fit_free(struct fit *fit);

/* The relative error of a row: negative below low, positive above high. */
double fit_error(const struct fit_row *row, uint64_t value);

/* From bound to bound, does the cost change the row by a thousandth or more? */
bool fit_row_sees(const struct fit_problem *problem, const struct fit *fit, uint32_t row,
		  uint32_t cost);

/*
 * The second half of fit_find(), in a file of its own: verdicts and intervals from what is found.
 * fit->costs have their values, fit->values and fit->slopes are there.
 */
void fit_judge(const struct fit_problem *problem, struct fit *fit);

#endif
