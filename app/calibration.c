#include "app/calibration.h"

#include <string.h>

#include "app/mistakes.h"
#include "app/nearest.h"
#include "app/platform_dirs.h"
#include "app/validation_files.h"

static void set_error(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void set_error(GError **error, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error(error, IRQSIM_ERROR, IRQSIM_ERROR_INPUT, "irqsim: error: %s", text);
	g_free(text);
}

/* --- the platform's file --------------------------------------------------------------------- */

static void report_unknown(const char *name, const GPtrArray *paths, GError **error)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	char *hint;

	for (guint i = 0; i < paths->len; i++)
		g_ptr_array_add(names, platform_dirs_name(paths->pdata[i]));
	hint = nearest_hint(name, names);
	set_error(error, "unknown platform \"%s\"%s", name, hint);
	g_free(hint);
	g_ptr_array_unref(names);
}

/* The file of a platform that is beside the validation scenarios; NULL and *error. */
static char *find_named(const char *name, GError **error)
{
	GPtrArray *paths = validation_platform_files();
	char *found = NULL;

	for (guint i = 0; i < paths->len && !found; i++) {
		char *own = platform_dirs_name(paths->pdata[i]);

		if (strcmp(own, name) == 0)
			found = g_strdup(paths->pdata[i]);
		g_free(own);
	}
	if (!found)
		report_unknown(name, paths, error);
	g_ptr_array_unref(paths);
	return found;
}

static bool find_file(struct calibration *calibration, const char *platform, GError **error)
{
	bool is_path = strchr(platform, G_DIR_SEPARATOR) || g_str_has_suffix(platform, ".json");

	if (is_path && !g_str_has_suffix(platform, ".json")) {
		set_error(error, "%s: a platform is a file NAME.json", platform);
		return false;
	}
	calibration->path = is_path ? g_strdup(platform) : find_named(platform, error);
	if (!calibration->path)
		return false;
	calibration->name = platform_dirs_name(calibration->path);
	return true;
}

static bool read_file(struct calibration *calibration, GError **error)
{
	struct mistakes *mistakes = mistakes_new();
	gsize length = 0;
	char *text = NULL;

	/* for its messages, which are those of every input, and for its limits */
	calibration->document = document_load(calibration->path, mistakes);
	if (calibration->document &&
	    !g_file_get_contents(calibration->path, &text, &length, NULL))
		set_error(error, "%s: cannot be read", calibration->path);
	if (mistakes_count(mistakes) > 0)
		mistakes_to_error(mistakes, error);
	mistakes_free(mistakes);
	if (!text)
		return false;
	calibration->text = g_string_new_len(text, (gssize)length);
	g_free(text);
	return *error == NULL;
}

/* --- scenarios and rows ---------------------------------------------------------------------- */

/* Does the scenario name the platform? What else is wrong with it, loading it as a plan says. */
static bool names_platform(const char *path, const char *name)
{
	struct mistakes *mistakes = mistakes_new();
	struct document *document = document_load(path, mistakes);
	const char *platform = document ? json_string_value(json_object_get(document->root,
									    "platform"))
					: NULL;
	bool same = g_strcmp0(platform, name) == 0;

	document_free(document);
	mistakes_free(mistakes);
	return same;
}

/* False: no row of it is for calibration. */
static bool add_rows(struct calibration *calibration, const struct plan *plan)
{
	guint before = calibration->rows->len;

	for (uint32_t i = 0; i < plan->nr_published; i++) {
		struct calibration_row row = { .published = &plan->published[i], .plan = plan };

		if (row.published->role == ROLE_CALIBRATION)
			g_array_append_val(calibration->rows, row);
	}
	return calibration->rows->len > before;
}

static bool load_plan(struct calibration *calibration, const char *path, GError **error)
{
	char *folder = g_path_get_dirname(calibration->path);
	const struct plan_options options = { .platforms = folder };
	struct plan *plan = plan_load(path, &options, error);

	g_free(folder);
	if (!plan)
		return false;
	if (add_rows(calibration, plan))
		g_ptr_array_add(calibration->plans, plan);
	else
		plan_free(plan);
	return true;
}

static bool load_plans(struct calibration *calibration, GError **error)
{
	GPtrArray *paths = validation_files(NULL, error);
	bool good = paths != NULL;

	for (guint i = 0; good && i < paths->len; i++)
		if (names_platform(paths->pdata[i], calibration->name))
			good = load_plan(calibration, paths->pdata[i], error);
	if (paths)
		g_ptr_array_unref(paths);
	if (good && calibration->rows->len == 0) {
		set_error(error, "no validation scenario of platform \"%s\" has a row of role "
				 "calibration", calibration->name);
		good = false;
	}
	return good;
}

/* --- costs ----------------------------------------------------------------------------------- */

/* Of the file itself: what is free in a platform that it extends is not its own to fit. */
static bool is_free_here(const struct calibration *calibration, enum cost_id id)
{
	char *pointer = g_strconcat("/costs/", cost_rows[id].key, "/fit", NULL);
	struct place place;
	bool found = document_find_value(calibration->document, pointer, &place);

	g_free(pointer);
	return found;
}

/* The platform is the same in every scenario: no case of a validation scenario sets a cost. */
static bool take_costs(struct calibration *calibration, GError **error)
{
	const struct plan *plan = calibration->plans->pdata[0];
	const struct platform *platform = &plan->cases[0].scenario->platform;

	for (int id = 0; id < NR_COSTS; id++) {
		struct calibration_cost cost = { (enum cost_id)id, &platform->costs[id] };

		if (cost.entry->fit.why && is_free_here(calibration, cost.id))
			g_array_append_val(calibration->costs, cost);
	}
	if (calibration->costs->len > 0 && calibration->costs->len <= FIT_COSTS_MAX)
		return true;
	if (calibration->costs->len == 0)
		set_error(error, "%s: no cost in it has \"fit\": there is nothing to calibrate",
			  calibration->path);
	else
		set_error(error, "%s: %u costs have \"fit\", %d can be fitted together",
			  calibration->path, calibration->costs->len, FIT_COSTS_MAX);
	return false;
}

/* --- all of it ------------------------------------------------------------------------------- */

static void plan_free_any(void *plan)
{
	plan_free(plan);
}

struct calibration *calibration_new(const char *platform, GError **error)
{
	struct calibration *calibration = g_new0(struct calibration, 1);

	calibration->plans = g_ptr_array_new_with_free_func(plan_free_any);
	calibration->rows = g_array_new(FALSE, FALSE, sizeof(struct calibration_row));
	calibration->costs = g_array_new(FALSE, FALSE, sizeof(struct calibration_cost));
	if (find_file(calibration, platform, error) && read_file(calibration, error) &&
	    load_plans(calibration, error) && take_costs(calibration, error))
		return calibration;
	calibration_free(calibration);
	return NULL;
}

void calibration_free(struct calibration *calibration)
{
	if (!calibration)
		return;
	fit_free(calibration->fit);
	g_free((void *)calibration->problem.rows);
	g_free((void *)calibration->problem.bounds);
	g_array_unref(calibration->costs);
	g_array_unref(calibration->rows);
	g_ptr_array_unref(calibration->plans);
	document_free(calibration->document);
	if (calibration->text)
		g_string_free(calibration->text, TRUE);
	g_free(calibration->path);
	g_free(calibration->name);
	g_free(calibration);
}

enum verdict calibration_verdict(const struct calibration_row *row)
{
	int64_t error = published_error_ppm(row->published, row->after);

	if (row->after > 0 && ABS(error) <= CALIBRATION_LIMIT_PPM)
		return VERDICT_WITHIN;
	return row->after > 0 && row->published->reason ? VERDICT_EXPLAINED : VERDICT_MISSED;
}

bool calibration_is_determined(const struct calibration *calibration)
{
	if (!calibration->fit->complete)
		return false;
	for (guint i = 0; i < calibration->costs->len; i++)
		if (calibration->fit->costs[i].verdict != FIT_DETERMINED)
			return false;
	return true;
}
