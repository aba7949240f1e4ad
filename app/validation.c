#include "app/validation.h"

#include "app/execution.h"
#include "app/validation_files.h"
#include "app/validation_fits.h"
#include "sim/u128.h"

const char *const verdict_words[] = { "within", "missed", "explained", "recalled", NULL };

/* --- the rows ------------------------------------------------------------------------------- */

static void plan_free_any(void *plan)
{
	plan_free(plan);
}

static void report_free_any(void *report)
{
	report_free(report);
}

static void add_rows(struct validation *validation, const struct plan *plan)
{
	for (uint32_t i = 0; i < plan->nr_published; i++) {
		struct validation_row row = { .plan = plan, .published = &plan->published[i] };

		g_array_append_val(validation->rows, row);
	}
}

static bool load_plans(struct validation *validation, const char *name, GError **error)
{
	const struct plan_options options = { .sets = NULL };
	GPtrArray *paths = validation_files(name, error);
	bool good = paths != NULL;

	for (guint i = 0; good && i < paths->len; i++) {
		struct plan *plan = plan_load(paths->pdata[i], &options, error);

		good = plan != NULL;
		if (!good)
			break;
		g_ptr_array_add(validation->plans, plan);
		add_rows(validation, plan);
		good = validation_check_name(paths->pdata[i], plan->name, error);
	}
	if (paths)
		g_ptr_array_unref(paths);
	return good;
}

struct validation *validation_new(const char *name, GError **error)
{
	struct validation *validation = g_new0(struct validation, 1);

	validation->plans = g_ptr_array_new_with_free_func(plan_free_any);
	validation->reports = g_ptr_array_new_with_free_func(report_free_any);
	validation->rows = g_array_new(FALSE, FALSE, sizeof(struct validation_row));
	validation->fits = validation_fits_new();
	validation->whole = !name;
	validation_fits_take_costs(validation);
	if (load_plans(validation, name, error) &&
	    validation_fits_take_constants(validation, error))
		return validation;
	validation_free(validation);
	return NULL;
}

void validation_free(struct validation *validation)
{
	if (!validation)
		return;
	g_ptr_array_unref(validation->reports);
	g_array_unref(validation->rows);
	g_array_unref(validation->fits);
	g_ptr_array_unref(validation->plans);
	g_free(validation);
}

/* --- judging -------------------------------------------------------------------------------- */

static enum verdict judge(const struct validation_row *row)
{
	const struct published *published = row->published;
	int64_t limit = published->role == ROLE_CALIBRATION ? CALIBRATION_LIMIT_PPM :
							      PREDICTION_LIMIT_PPM;

	if (published->role == ROLE_RECALLED)
		return VERDICT_RECALLED;
	if (row->simulated.n == 0)
		return VERDICT_MISSED;	/* no reason explains a number that is not there */
	if (ABS(row->error_ppm) <= limit)
		return VERDICT_WITHIN;
	return published->reason ? VERDICT_EXPLAINED : VERDICT_MISSED;
}

static void fill_row(struct validation_row *row, const struct report *report)
{
	const struct published *published = row->published;
	const struct summary_metric *found =
		summary_find(report->summary, published->case_index, published->metric_name);

	if (found && found->value.n > 0) {
		row->simulated = found->value;
		row->error_ppm = published_error_ppm(published, (uint64_t)found->value.value);
	}
	row->verdict = judge(row);
}

static void fill_rows(struct validation *validation, const struct report *report)
{
	for (guint i = 0; i < validation->rows->len; i++) {
		struct validation_row *row =
			&g_array_index(validation->rows, struct validation_row, i);

		if (row->plan == report->plan)
			fill_row(row, report);
	}
}

bool validation_run(struct validation *validation, const struct validate_options *options,
		    GError **error)
{
	for (guint i = 0; i < validation->plans->len; i++) {
		const struct execution execution = {
			.plan = validation->plans->pdata[i],
			.nr_workers = options->nr_workers,
			.progress = options->progress,
			.quiet = options->quiet,
		};
		struct report *report = execution_run(&execution, error);

		if (!report)
			return false;
		g_ptr_array_add(validation->reports, report);
		fill_rows(validation, report);
	}
	return true;
}

/* --- what they say together ------------------------------------------------------------------ */

static void sum_add(struct validation_sum *sum, const struct validation_row *row)
{
	sum->nr_rows++;
	sum->nr_within += row->verdict == VERDICT_WITHIN;
	sum->nr_explained += row->verdict == VERDICT_EXPLAINED;
	sum->nr_missed += row->verdict == VERDICT_MISSED;
	if (row->simulated.n == 0)
		return;
	sum->nr_errors++;
	if (!sum->worst || ABS(row->error_ppm) > ABS(sum->worst->error_ppm))
		sum->worst = row;
}

struct validation_sum validation_sum(const struct validation *validation, int role)
{
	struct validation_sum sum = { .nr_rows = 0 };
	struct u128 total = u128_from(0);

	for (guint i = 0; i < validation->rows->len; i++) {
		const struct validation_row *row = validation_row(validation, i);

		if (row->published->role != role)
			continue;
		sum_add(&sum, row);
		if (row->simulated.n > 0)
			total = u128_add_u64(total, (uint64_t)ABS(row->error_ppm));
	}
	if (sum.nr_errors > 0)
		sum.mean_ppm = u128_to_u64(u128_div_round(total, sum.nr_errors));
	return sum;
}

guint validation_nr_rows(const struct validation *validation)
{
	guint nr = 0;

	for (guint i = 0; i < validation->rows->len; i++)
		nr += validation_row(validation, i)->published->role != ROLE_RECALLED;
	return nr;
}
