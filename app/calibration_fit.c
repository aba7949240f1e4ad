/* calibration_fit - the part of calibration.h that simulates. */
#include "app/calibration.h"

#include "app/runner.h"

/* Far more than a fit of a few costs takes: some hundred. */
enum { EVALUATIONS_MAX = 4000 };

/* The cases of one plan that rows are about, with costs of our own. */
struct trial {
	struct plan plan;		/* a copy; its cases are ours */
	guint first_row, nr_rows;	/* of the calibration */
};

struct fitting {
	struct calibration *calibration;
	uint32_t nr_workers;
	struct trial *trials;		/* one per plan */
	GError *error;
};

/* What the runs of one trial leave. */
struct taking {
	const struct fitting *fitting;
	const struct trial *trial;
	int64_t *values;		/* [row of the trial * nr_replications + replication] */
};

/* --- trials ---------------------------------------------------------------------------------- */

static bool has_case(const struct plan *plan, const struct scenario *scenario)
{
	for (uint32_t i = 0; i < plan->nr_cases; i++)
		if (plan->cases[i].scenario == scenario)
			return true;
	return false;
}

/* Several rows may be about one case. */
static void add_case(struct trial *trial, const struct calibration_row *row)
{
	const struct plan_case *wanted = &row->plan->cases[row->published->case_index];

	if (!has_case(&trial->plan, wanted->scenario))
		trial->plan.cases[trial->plan.nr_cases++] = *wanted;
}

static void trial_init(struct trial *trial, const struct calibration *calibration,
		       const struct plan *plan, guint first_row)
{
	trial->plan = *plan;
	trial->plan.nr_cases = 0;
	trial->plan.cases = g_new0(struct plan_case, plan->nr_cases);
	trial->first_row = first_row;
	while (first_row + trial->nr_rows < calibration->rows->len) {
		const struct calibration_row *row =
			calibration_row(calibration, first_row + trial->nr_rows);

		if (row->plan != plan)
			break;
		add_case(trial, row);
		trial->nr_rows++;
	}
}

static struct trial *trials_new(const struct calibration *calibration)
{
	struct trial *trials = g_new0(struct trial, calibration->plans->len);
	guint first_row = 0;

	for (guint i = 0; i < calibration->plans->len; i++) {
		trial_init(&trials[i], calibration, calibration->plans->pdata[i], first_row);
		first_row += trials[i].nr_rows;
	}
	return trials;
}

static void trials_free(struct trial *trials, guint nr)
{
	for (guint i = 0; i < nr; i++)
		g_free(trials[i].plan.cases);
	g_free(trials);
}

/* --- one evaluation -------------------------------------------------------------------------- */

static void on_ended(void *user G_GNUC_UNUSED, uint32_t nr_ended G_GNUC_UNUSED,
		     struct run_id id G_GNUC_UNUSED, enum run_end end G_GNUC_UNUSED)
{
}

static int64_t value_of(const struct numbers *numbers, const struct metric *metric)
{
	for (guint i = 0; i < numbers->nr_numbers; i++) {
		const struct number *number = &numbers->numbers[i];

		if (number->exists && metric_equal(&number->metric, metric))
			return (int64_t)number->value;
	}
	return NO_VALUE;
}

static bool on_output(void *user, struct run_output *output, GError **error G_GNUC_UNUSED)
{
	struct taking *taking = user;
	const struct trial *trial = taking->trial;
	const struct plan_case *done = &trial->plan.cases[output->id.case_index];

	for (guint i = 0; i < trial->nr_rows; i++) {
		const struct calibration_row *row =
			calibration_row(taking->fitting->calibration, trial->first_row + i);
		const struct plan_case *own = &row->plan->cases[row->published->case_index];

		if (own->point_index == done->point_index &&
		    own->alternative_index == done->alternative_index)
			taking->values[i * trial->plan.nr_replications + output->id.replication] =
				value_of(output->numbers, &row->published->metric);
	}
	numbers_free(output->numbers);
	g_free(output->text);
	return true;
}

/* The scenarios of the trial's cases with these costs; the caller frees them. */
static struct scenario *scenarios_with(const struct calibration *calibration,
				       const struct trial *trial, const uint64_t *costs)
{
	struct scenario *scenarios = g_new0(struct scenario, trial->plan.nr_cases);

	for (uint32_t i = 0; i < trial->plan.nr_cases; i++) {
		scenarios[i] = *trial->plan.cases[i].scenario;
		for (guint c = 0; c < calibration->costs->len; c++)
			scenarios[i].platform.costs[calibration_cost(calibration, c)->id].dist =
				dist_constant(costs[c]);
	}
	return scenarios;
}

/* The mean of those replications that have a value, as a summary has it; 0: none has. */
static uint64_t mean_of(int64_t *values, uint32_t nr)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < nr; i++)
		if (values[i] != NO_VALUE)
			values[n++] = values[i];
	return n > 0 ? (uint64_t)estimate_from(values, n).value : 0;
}

static bool run_trial(struct fitting *fitting, const struct trial *trial, const uint64_t *costs,
		      uint64_t *ret_values)
{
	struct scenario *scenarios = scenarios_with(fitting->calibration, trial, costs);
	struct plan plan = trial->plan;
	uint32_t nr_replications = plan.nr_replications;
	struct taking taking = {
		.fitting = fitting, .trial = trial,
		.values = g_new0(int64_t, (gsize)trial->nr_rows * nr_replications),
	};
	const struct runner runner = {
		.plan = &plan, .nr_workers = fitting->nr_workers, .ended = on_ended,
		.take = on_output, .user = &taking,
	};
	bool done;

	plan.cases = g_memdup2(plan.cases, plan.nr_cases * sizeof(*plan.cases));
	for (uint32_t i = 0; i < plan.nr_cases; i++)
		plan.cases[i].scenario = &scenarios[i];
	done = runner_run(&runner, &fitting->error);
	for (guint i = 0; done && i < trial->nr_rows; i++)
		ret_values[trial->first_row + i] =
			mean_of(&taking.values[i * nr_replications], nr_replications);
	g_free(plan.cases);
	g_free(taking.values);
	g_free(scenarios);
	return done;
}

static bool evaluate(void *user, const uint64_t *costs, uint64_t *ret_values)
{
	struct fitting *fitting = user;

	for (guint i = 0; i < fitting->calibration->plans->len; i++)
		if (!run_trial(fitting, &fitting->trials[i], costs, ret_values))
			return false;
	return true;
}

/* --- the fit --------------------------------------------------------------------------------- */

static void make_problem(struct calibration *calibration)
{
	struct fit_row *rows = g_new0(struct fit_row, calibration->rows->len);
	struct fit_bounds *bounds = g_new0(struct fit_bounds, calibration->costs->len);

	for (guint i = 0; i < calibration->rows->len; i++) {
		const struct published *published = calibration_row(calibration, i)->published;

		rows[i] = (struct fit_row){
			published->low, published->high,
			published->spread_ppm ? published->spread_ppm : CALIBRATION_LIMIT_PPM,
		};
	}
	for (guint i = 0; i < calibration->costs->len; i++) {
		const struct cost_fit *fit = &calibration_cost(calibration, i)->entry->fit;

		bounds[i] = (struct fit_bounds){ fit->min_ps, fit->max_ps };
	}
	calibration->problem = (struct fit_problem){
		.nr_rows = calibration->rows->len, .nr_costs = calibration->costs->len,
		.rows = rows, .bounds = bounds, .grid = CALIBRATION_GRID_PS,
		.max_evaluations = EVALUATIONS_MAX,
	};
}

/* What the rows are with the costs that the file has. */
static bool take_before(struct fitting *fitting)
{
	struct calibration *calibration = fitting->calibration;
	uint64_t *values = g_new0(uint64_t, calibration->rows->len);
	uint64_t costs[FIT_COSTS_MAX];
	bool done;

	for (guint i = 0; i < calibration->costs->len; i++)
		costs[i] = calibration_cost(calibration, i)->entry->dist.a;
	done = evaluate(fitting, costs, values);
	for (guint i = 0; i < calibration->rows->len; i++)
		calibration_row(calibration, i)->before = values[i];
	g_free(values);
	return done;
}

static bool take_after(struct fitting *fitting)
{
	struct calibration *calibration = fitting->calibration;

	calibration->fit = fit_find(&calibration->problem);
	if (!calibration->fit)
		return false;
	calibration->nr_evaluations = calibration->fit->nr_evaluations + 1;
	for (guint i = 0; i < calibration->rows->len; i++)
		calibration_row(calibration, i)->after = calibration->fit->values[i];
	return true;
}

bool calibration_fit(struct calibration *calibration, uint32_t nr_workers, GError **error)
{
	struct fitting fitting = {
		.calibration = calibration, .nr_workers = nr_workers,
		.trials = trials_new(calibration),
	};
	bool done;

	make_problem(calibration);
	calibration->problem.evaluate = evaluate;
	calibration->problem.user = &fitting;
	done = take_before(&fitting) && take_after(&fitting);
	calibration->problem.user = NULL;
	trials_free(fitting.trials, calibration->plans->len);
	if (!done)
		g_propagate_error(error, fitting.error);
	return done;
}
