/* validation_show - tables, as text and as Markdown. */
#include "app/validation_show.h"

#include <stdlib.h>
#include <string.h>

#include "app/label.h"
#include "app/published_show.h"
#include "app/table_cells.h"
#include "app/validation_fits.h"

enum { WIDTH_MAX = 120 };

/* --- values ---------------------------------------------------------------------------------- */

static char *show_simulated(const struct validation_row *row)
{
	if (row->simulated.n == 0)
		return g_strdup("none");
	return published_show_simulated(row->published, (uint64_t)row->simulated.value, 0);
}

static char *show_error(const struct validation_row *row)
{
	return row->simulated.n ? published_show_ppm(row->error_ppm, true) : g_strdup("");
}

/* --- a table per scenario -------------------------------------------------------------------- */

static void put_cells(const struct table_cells *cells, bool markdown, GString *out)
{
	if (markdown)
		table_put_markdown(cells, out);
	else
		table_put_text(cells, WIDTH_MAX, out);
}

static void add_row(struct table_cells *cells, const struct validation_row *row)
{
	const struct published *published = row->published;

	table_add_cell(cells, g_strdup(published->id));
	table_add_cell(cells, g_strdup(published->what));
	table_add_cell(cells, published_show_value(published));
	table_add_cell(cells, show_simulated(row));
	table_add_cell(cells, show_error(row));
	table_add_cell(cells, g_strdup(published_role_words[published->role]));
	table_add_cell(cells, g_strdup(verdict_words[row->verdict]));
}

static struct table_cells *cells_of(const struct validation *validation, const struct plan *plan)
{
	struct table_cells *cells = table_cells_new();

	table_add_column(cells, "id", ALIGN_LEFT);
	table_add_column(cells, "what", ALIGN_LEFT);
	table_add_column(cells, "published", ALIGN_RIGHT);
	table_add_column(cells, "simulated", ALIGN_RIGHT);
	table_add_column(cells, "error", ALIGN_RIGHT);
	table_add_column(cells, "role", ALIGN_LEFT);
	table_add_column(cells, "verdict", ALIGN_LEFT);
	for (guint i = 0; i < validation->rows->len; i++) {
		const struct validation_row *row = validation_row(validation, i);

		if (row->plan == plan)
			add_row(cells, row);
	}
	return cells;
}

/* A text of a scenario has one line, whatever is in it. The caller frees it. */
static char *one_line(const char *text)
{
	return label_cut(text, label_width(text));
}

static const char *source_of(const struct validation_row *row)
{
	return row->published->source;
}

/* Only of a row that misses: else validation_warnings() tells that it is not needed. */
static const char *reason_of(const struct validation_row *row)
{
	return row->verdict == VERDICT_EXPLAINED ? row->published->reason : NULL;
}

/* "a; b": the rows of a plan that have this text. The caller frees it. */
static char *whats_of(const struct validation *validation, const struct plan *plan,
		      const char *text, const char *(*get)(const struct validation_row *row))
{
	GString *whats = g_string_new(NULL);

	for (guint i = 0; i < validation->rows->len; i++) {
		const struct validation_row *row = validation_row(validation, i);

		if (row->plan == plan && g_strcmp0(get(row), text) == 0)
			g_string_append_printf(whats, "%s%s", whats->len ? "; " : "",
					       row->published->what);
	}
	return g_string_free(whats, FALSE);
}

/* Each text once, where the first row is that has it. */
static bool seen_before(const struct validation *validation, guint index, const char *text,
			const char *(*get)(const struct validation_row *row))
{
	for (guint i = 0; i < index; i++) {
		const struct validation_row *row = validation_row(validation, i);

		if (row->plan == validation_row(validation, index)->plan &&
		    g_strcmp0(get(row), text) == 0)
			return true;
	}
	return false;
}

static void put_sources(const struct validation *validation, const struct plan *plan,
			bool markdown, GString *out)
{
	for (guint i = 0; i < validation->rows->len; i++) {
		const struct validation_row *row = validation_row(validation, i);
		char *text;

		if (row->plan != plan || seen_before(validation, i, source_of(row), source_of))
			continue;
		text = one_line(source_of(row));
		g_string_append_printf(out, "%sSource of %s: %s.\n", markdown ? "- " : "",
				       row->published->id, text);
		g_free(text);
	}
}

static void put_reasons(const struct validation *validation, const struct plan *plan,
			bool markdown, GString *out)
{
	for (guint i = 0; i < validation->rows->len; i++) {
		const char *text = reason_of(validation_row(validation, i));
		char *whats, *line;

		if (validation_row(validation, i)->plan != plan || !text ||
		    seen_before(validation, i, text, reason_of))
			continue;
		whats = whats_of(validation, plan, text, reason_of);
		line = g_strdup_printf("Explained (%s): %s.", whats, text);
		g_free(whats);
		whats = one_line(line);
		g_string_append_printf(out, "%s%s\n", markdown ? "- " : "", whats);
		g_free(whats);
		g_free(line);
	}
}

static void put_plan(const struct validation *validation, const struct plan *plan, bool markdown,
		     GString *out)
{
	const struct scenario *scenario = plan->cases[0].scenario;
	struct table_cells *cells = cells_of(validation, plan);
	char *question = one_line(scenario->question ? scenario->question : "");

	g_string_append_printf(out, markdown ? "### %s, on %s\n\n%s\n\n" : "%s, on %s: %s\n",
			       plan->name, scenario->platform.name, question);
	g_free(question);
	put_cells(cells, markdown, out);
	g_string_append(out, markdown ? "\n" : "");
	put_sources(validation, plan, markdown, out);
	put_reasons(validation, plan, markdown, out);
	g_string_append_c(out, '\n');
	table_cells_free(cells);
}

/* --- sums ------------------------------------------------------------------------------------ */

static void add_sum(struct table_cells *cells, const struct validation *validation, int role)
{
	struct validation_sum sum = validation_sum(validation, role);
	bool judged = role != ROLE_RECALLED;

	table_add_cell(cells, g_strdup(published_role_words[role]));
	table_add_cell(cells, g_strdup_printf("%u", sum.nr_rows));
	table_add_cell(cells, judged ? g_strdup_printf("%u", sum.nr_within) : NULL);
	table_add_cell(cells, judged ? g_strdup_printf("%u", sum.nr_explained) : NULL);
	table_add_cell(cells, judged ? g_strdup_printf("%u", sum.nr_missed) : NULL);
	table_add_cell(cells, sum.nr_errors ? published_show_ppm((int64_t)sum.mean_ppm, false) :
					      NULL);
	table_add_cell(cells, sum.worst ? published_show_ppm(sum.worst->error_ppm, true) : NULL);
	table_add_cell(cells, sum.worst ? g_strdup_printf("%s, %s", sum.worst->published->id,
							  sum.worst->published->what) :
					  NULL);
}

static void put_sums(const struct validation *validation, bool markdown, GString *out)
{
	static const char *const titles[] = {
		"rows", "within", "explained", "missed", "mean error", "worst",
	};
	struct table_cells *cells = table_cells_new();

	table_add_column(cells, "role", ALIGN_LEFT);
	for (size_t i = 0; i < G_N_ELEMENTS(titles); i++)
		table_add_column(cells, titles[i], ALIGN_RIGHT);
	table_add_column(cells, "which", ALIGN_LEFT);
	for (int role = 0; role < NR_PUBLISHED_ROLES; role++)
		if (validation_sum(validation, role).nr_rows > 0)
			add_sum(cells, validation, role);
	g_string_append(out, markdown ? "### Together\n\n" : "Together:\n");
	put_cells(cells, markdown, out);
	g_string_append_c(out, '\n');
	table_cells_free(cells);
}

static void put_fits(const struct validation *validation, bool markdown, GString *out)
{
	struct table_cells *cells = table_cells_new();
	guint nr = validation->fits->len, nr_costs = validation_nr_costs(validation);

	g_string_append_printf(out, markdown ? "### Fitted\n\n%u fitted costs and %u fitted "
					       "constants for %u rows; at most one for %u.\n\n" :
					       "Fitted: %u costs and %u constants for %u rows; "
					       "at most one for %u\n",
			       nr_costs, nr - nr_costs, validation_nr_rows(validation),
			       (guint)ROWS_PER_FIT);
	table_add_column(cells, "of", ALIGN_LEFT);
	table_add_column(cells, "name", ALIGN_LEFT);
	table_add_column(cells, "value", ALIGN_RIGHT);
	for (guint i = 0; i < nr; i++) {
		const struct validation_fit *fit =
			&g_array_index(validation->fits, struct validation_fit, i);

		table_add_cell(cells, g_strdup(fit->place));
		table_add_cell(cells, g_strdup(fit->name));
		table_add_cell(cells, label_value(fit->value));
	}
	if (nr > 0)
		put_cells(cells, markdown, out);
	table_cells_free(cells);
}

static GString *format(const struct validation *validation, bool markdown)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < validation->plans->len; i++)
		put_plan(validation, validation->plans->pdata[i], markdown, out);
	put_sums(validation, markdown, out);
	if (validation->whole)
		put_fits(validation, markdown, out);
	return out;
}

GString *validation_format_text(const struct validation *validation)
{
	return format(validation, false);
}

GString *validation_format_markdown(const struct validation *validation)
{
	return format(validation, true);
}

/* --- warnings -------------------------------------------------------------------------------- */

static bool has_platform(const json_t *settings)
{
	const char *pointer;
	json_t *value;

	json_object_foreach((json_t *)settings, pointer, value)
		if (g_str_has_prefix(pointer, "/platform"))
			return true;
	return false;
}

/* Has a case another platform, or other costs, than all other scenarios of its platform? */
static bool sets_platform(const struct plan *plan)
{
	json_t *alternative;
	size_t i;

	json_array_foreach(json_object_get(plan->effective, "alternatives"), i, alternative)
		if (has_platform(json_object_get(alternative, "set")))
			return true;
	return has_platform(json_object_get(plan->effective, "sweep"));
}

GPtrArray *validation_warnings(const struct validation *validation)
{
	GPtrArray *warnings = g_ptr_array_new_with_free_func(g_free);
	guint nr_rows = validation_nr_rows(validation), nr_fits = validation->fits->len;

	for (guint i = 0; i < validation->rows->len; i++) {
		const struct validation_row *row = validation_row(validation, i);

		if (row->verdict == VERDICT_WITHIN && row->published->reason)
			g_ptr_array_add(warnings,
					g_strdup_printf("%s: %s, %s: the reason is no longer "
							"needed, the row is within",
							row->plan->name, row->published->id,
							row->published->what));
	}
	for (guint i = 0; i < validation->plans->len; i++) {
		const struct plan *plan = validation->plans->pdata[i];

		if (sets_platform(plan))
			g_ptr_array_add(warnings,
					g_strdup_printf("%s: sets values of its platform: a cost "
							"has one value in all scenarios",
							plan->name));
		if (plan->nr_published == 0)
			g_ptr_array_add(warnings, g_strdup_printf("%s has no published number: "
								  "nothing is validated",
								  plan->name));
	}
	if (validation->whole && nr_fits * ROWS_PER_FIT > nr_rows)
		g_ptr_array_add(warnings,
				g_strdup_printf("%u fitted numbers for %u rows: more than one for "
						"%u", nr_fits, nr_rows, (guint)ROWS_PER_FIT));
	return warnings;
}
