#include "app/validation_fits.h"

#include <string.h>

#include "app/document.h"
#include "app/label.h"
#include "app/platform_dirs.h"
#include "app/validation_files.h"

static void fit_clear(void *data)
{
	struct validation_fit *fit = data;

	g_free(fit->place);
	g_free(fit->name);
	json_decref(fit->value);
}

GArray *validation_fits_new(void)
{
	GArray *fits = g_array_new(FALSE, FALSE, sizeof(struct validation_fit));

	g_array_set_clear_func(fits, fit_clear);
	return fits;
}

static void add_fit(GArray *fits, const char *place, const char *name, json_t *value, bool is_cost)
{
	struct validation_fit fit = {
		g_strdup(place), g_strdup(name), json_incref(value), is_cost,
	};

	g_array_append_val(fits, fit);
}

/* --- costs ----------------------------------------------------------------------------------- */

/* What is wrong with a platform is told when a scenario names it, not here. */
static void take_costs_of(struct validation *validation, const char *path)
{
	struct mistakes *mistakes = mistakes_new();
	struct document *document = document_load(path, mistakes);
	json_t *costs = document ? json_object_get(document->root, "costs") : NULL, *cost;
	char *platform = platform_dirs_name(path);
	const char *key;

	json_object_foreach(costs, key, cost) {
		const char *kind = json_string_value(json_object_get(cost, "kind"));

		if (g_strcmp0(kind, cost_kind_words[COST_FITTED]) == 0)
			add_fit(validation->fits, platform, key, json_object_get(cost, "cost"),
				true);
	}
	g_free(platform);
	document_free(document);
	mistakes_free(mistakes);
}

void validation_fits_take_costs(struct validation *validation)
{
	GPtrArray *paths = validation_platform_files();

	for (guint i = 0; i < paths->len; i++)
		take_costs_of(validation, paths->pdata[i]);
	g_ptr_array_unref(paths);
}

guint validation_nr_costs(const struct validation *validation)
{
	guint nr = 0;

	for (guint i = 0; i < validation->fits->len; i++)
		nr += g_array_index(validation->fits, struct validation_fit, i).is_cost;
	return nr;
}

/* --- constants ------------------------------------------------------------------------------- */

static const struct validation_fit *find_constant(const GArray *fits, const char *name)
{
	for (guint i = 0; i < fits->len; i++) {
		const struct validation_fit *fit = &g_array_index(fits, struct validation_fit, i);

		if (!fit->is_cost && strcmp(fit->name, name) == 0)
			return fit;
	}
	return NULL;
}

static bool take_constant(struct validation *validation, const struct plan *plan,
			  const struct published_fit *fit, GError **error)
{
	json_t *value = pointer_get(plan->effective, fit->pointer);
	const struct validation_fit *known = find_constant(validation->fits, fit->name);
	char *here, *there;

	if (!known)
		add_fit(validation->fits, plan->name, fit->name, value, false);
	if (!known || json_equal(known->value, value))
		return true;
	here = label_value(value);
	there = label_value(known->value);
	g_set_error(error, IRQSIM_ERROR, IRQSIM_ERROR_INPUT,
		    "irqsim: error: the constant \"%s\" is %s in %s, and %s in %s", fit->name,
		    here, plan->name, there, known->place);
	g_free(here);
	g_free(there);
	return false;
}

bool validation_fits_take_constants(struct validation *validation, GError **error)
{
	for (guint i = 0; i < validation->rows->len; i++) {
		const struct validation_row *row = validation_row(validation, i);

		for (uint32_t f = 0; f < row->published->nr_fits; f++)
			if (!take_constant(validation, row->plan, &row->published->fits[f], error))
				return false;
	}
	return true;
}
