/* calibration_show - the part of calibration.h that people and programs read. */
#include "app/calibration.h"

#include <string.h>

#include "app/duration.h"
#include "app/json_writer.h"
#include "app/published_show.h"
#include "app/table_cells.h"
#include "app/text_edit.h"

enum { WIDTH_MAX = 120 };

static const char *const fit_words[] = {
	[FIT_DETERMINED] = "determined", [FIT_UNSEEN] = "unseen", [FIT_TOGETHER] = "together",
	[FIT_AT_MIN] = "at_min", [FIT_AT_MAX] = "at_max",
};

/* --- the platform's file --------------------------------------------------------------------- */

/* A decimal more than was published: the fit is to the numbers, not to what they round to. */
static char *show_simulated(const struct calibration_row *row, uint64_t simulated)
{
	unsigned int more = row->published->metric.unit == UNIT_PS;

	return simulated ? published_show_simulated(row->published, simulated, more)
			 : g_strdup("none");
}

static char *show_error(const struct calibration_row *row)
{
	return row->after ? published_show_ppm(published_error_ppm(row->published, row->after),
					       true)
			  : g_strdup("");
}

static void put_row_source(const struct calibration_row *row, GString *out)
{
	const struct published *published = row->published;
	char *value = published_show_value(published);
	char *simulated = show_simulated(row, row->after);
	char *error = show_error(row);

	g_string_append_printf(out, "%s, %s: %s (simulated %s, %s)", published->id,
			       published->what, value, simulated, error);
	g_free(error);
	g_free(simulated);
	g_free(value);
}

/* Has an earlier row that the cost is seen by the same publication? */
static bool cited_before(const struct calibration *calibration, guint cost, guint index)
{
	const struct published *own = calibration_row(calibration, index)->published;

	for (guint i = 0; i < index; i++) {
		const struct published *other = calibration_row(calibration, i)->published;

		if (fit_row_sees(&calibration->problem, calibration->fit, i, cost) &&
		    strcmp(other->id, own->id) == 0 && strcmp(other->source, own->source) == 0)
			return true;
	}
	return false;
}

char *calibration_source(const struct calibration *calibration, guint cost)
{
	GString *out = g_string_new("fitted by irqsim calibrate to "), *cited = g_string_new(NULL);
	bool first = true;

	for (guint i = 0; i < calibration->rows->len; i++) {
		const struct calibration_row *row = calibration_row(calibration, i);

		if (!fit_row_sees(&calibration->problem, calibration->fit, i, cost))
			continue;
		g_string_append(out, first ? "" : "; ");
		first = false;
		put_row_source(row, out);
		if (!cited_before(calibration, cost, i))
			g_string_append_printf(cited, "; %s is %s", row->published->id,
					       row->published->source);
	}
	g_string_append(out, cited->str);
	g_string_free(cited, TRUE);
	return g_string_free(out, FALSE);
}

GString *calibration_text(const struct calibration *calibration)
{
	static const char *const members[] = { "cost", "kind", "source" };
	guint nr = calibration->costs->len;
	struct text_edit *edits = g_new0(struct text_edit, 3 * nr);
	GPtrArray *strings = g_ptr_array_new_with_free_func(g_free);
	GString *text;

	for (guint i = 0; i < 3 * nr; i++) {
		guint cost = i / 3;
		const char *key = cost_rows[calibration_cost(calibration, cost)->id].key;
		char *values[] = {
			duration_format(calibration->fit->costs[cost].value),
			g_strdup(cost_kind_words[COST_FITTED]),
			calibration_source(calibration, cost),
		};
		char *pointer = g_strconcat("/costs/", key, "/", members[i % 3], NULL);

		edits[i] = (struct text_edit){ pointer, values[i % 3] };
		g_ptr_array_add(strings, pointer);
		for (size_t v = 0; v < G_N_ELEMENTS(values); v++)
			g_ptr_array_add(strings, values[v]);
	}
	text = text_edit_apply(calibration->document, calibration->text, edits, 3 * nr);
	g_ptr_array_unref(strings);
	g_free(edits);
	return text;
}

/* --- text ------------------------------------------------------------------------------------ */

static void put_rows(const struct calibration *calibration, GString *out)
{
	struct table_cells *cells = table_cells_new();

	table_add_column(cells, "id", ALIGN_LEFT);
	table_add_column(cells, "what", ALIGN_LEFT);
	table_add_column(cells, "published", ALIGN_RIGHT);
	table_add_column(cells, "before", ALIGN_RIGHT);
	table_add_column(cells, "after", ALIGN_RIGHT);
	table_add_column(cells, "error", ALIGN_RIGHT);
	table_add_column(cells, "verdict", ALIGN_LEFT);
	for (guint i = 0; i < calibration->rows->len; i++) {
		const struct calibration_row *row = calibration_row(calibration, i);
		const struct published *published = row->published;

		table_add_cell(cells, g_strdup(published->id));
		table_add_cell(cells, g_strdup(published->what));
		table_add_cell(cells, published_show_value(published));
		table_add_cell(cells, show_simulated(row, row->before));
		table_add_cell(cells, show_simulated(row, row->after));
		table_add_cell(cells, show_error(row));
		table_add_cell(cells, g_strdup(verdict_words[calibration_verdict(row)]));
	}
	table_put_text(cells, WIDTH_MAX, out);
	table_cells_free(cells);
}

static char *interval(uint64_t low, uint64_t high)
{
	char *from = duration_format(low), *to = duration_format(high);
	char *text = g_strdup_printf("%s to %s", from, to);

	g_free(from);
	g_free(to);
	return text;
}

static void put_costs(const struct calibration *calibration, GString *out)
{
	struct table_cells *cells = table_cells_new();

	table_add_column(cells, "cost", ALIGN_LEFT);
	table_add_column(cells, "before", ALIGN_RIGHT);
	table_add_column(cells, "after", ALIGN_RIGHT);
	table_add_column(cells, "bounds", ALIGN_LEFT);
	table_add_column(cells, "rows allow", ALIGN_LEFT);
	table_add_column(cells, "determined", ALIGN_LEFT);
	for (guint i = 0; i < calibration->costs->len; i++) {
		const struct calibration_cost *cost = calibration_cost(calibration, i);
		const struct cost_fit *bounds = &cost->entry->fit;
		const struct fit_cost *found = &calibration->fit->costs[i];

		table_add_cell(cells, g_strdup(cost_rows[cost->id].key));
		table_add_cell(cells, duration_format(cost->entry->dist.a));
		table_add_cell(cells, duration_format(found->value));
		table_add_cell(cells, interval(bounds->min_ps, bounds->max_ps));
		table_add_cell(cells, interval(found->low, found->high));
		table_add_cell(cells, g_strdup(found->verdict == FIT_DETERMINED ? "yes" : "no"));
	}
	table_put_text(cells, WIDTH_MAX, out);
	table_cells_free(cells);
}

/* In thousandths: "0.5". */
static char *show_factor(double factor)
{
	char buffer[G_ASCII_DTOSTR_BUF_SIZE];

	return g_strdup(g_ascii_formatd(buffer, sizeof(buffer), "%.3g", factor));
}

/* To the rows one more of the cost is like so much more of others. */
static void put_together(const struct calibration *calibration, guint index, GString *out)
{
	const struct fit_cost *found = &calibration->fit->costs[index];
	bool first = true;

	g_string_append(out, "no row tells it from ");
	for (guint i = 0; i < calibration->costs->len; i++) {
		char *factor;

		if (found->like[i] == 0)
			continue;
		factor = show_factor(found->like[i]);
		g_string_append_printf(out, "%s%s", first ? "other costs: 1 ns more of it is like "
							    : " and ", factor);
		g_string_append_printf(out, " ns more of %s",
				       cost_rows[calibration_cost(calibration, i)->id].key);
		g_free(factor);
		first = false;
	}
}

/* Does a row see a cost that no row decides? */
static bool is_in_ranges(const struct calibration *calibration, guint cost)
{
	for (guint i = 0; i < calibration->rows->len; i++)
		if (fit_row_sees(&calibration->problem, calibration->fit, i, cost))
			return true;
	return false;
}

static void put_why(const struct calibration *calibration, guint index, GString *out)
{
	switch (calibration->fit->costs[index].verdict) {
	case FIT_DETERMINED:
		g_string_append(out, "determined");
		break;
	case FIT_UNSEEN:
		g_string_append(out, is_in_ranges(calibration, index)
					     ? "only rows inside their published range depend on it"
					     : "no row depends on it");
		break;
	case FIT_TOGETHER:
		put_together(calibration, index, out);
		break;
	case FIT_AT_MIN:
		g_string_append(out, "at the lower bound: the rows would have it below");
		break;
	case FIT_AT_MAX:
		g_string_append(out, "at the upper bound: the rows would have it above");
		break;
	}
}

static void put_not_determined(const struct calibration *calibration, GString *out)
{
	guint nr_rows = calibration->rows->len, nr_costs = calibration->costs->len;

	for (guint i = 0; i < nr_costs; i++) {
		if (calibration->fit->costs[i].verdict == FIT_DETERMINED)
			continue;
		g_string_append_printf(out, "%s: ",
				       cost_rows[calibration_cost(calibration, i)->id].key);
		put_why(calibration, i, out);
		g_string_append_c(out, '\n');
	}
	if (nr_costs > nr_rows)
		g_string_append_printf(out, "%u costs are free, and there %s %u row%s\n", nr_costs,
				       nr_rows == 1 ? "is" : "are", nr_rows,
				       nr_rows == 1 ? "" : "s");
	if (!calibration->fit->complete)
		g_string_append(out, "The search was ended before it was done.\n");
}

GString *calibration_show_text(const struct calibration *calibration)
{
	GString *out = g_string_new(NULL);

	g_string_append_printf(out, "%s, rows of role calibration:\n", calibration->name);
	put_rows(calibration, out);
	g_string_append(out, "\nFree costs:\n");
	put_costs(calibration, out);
	put_not_determined(calibration, out);
	g_string_append_printf(out, "%u evaluations\n", calibration->nr_evaluations);
	return out;
}

/* --- JSON ------------------------------------------------------------------------------------ */

static void put_json_value(struct json_writer *writer, const char *key, bool exists, int64_t value)
{
	if (exists)
		json_put_i64(writer, key, value);
	else
		json_put_null(writer, key);
}

static void put_json_row(struct json_writer *writer, const struct calibration_row *row)
{
	const struct published *published = row->published;
	const struct plan_case *own = &row->plan->cases[published->case_index];

	json_begin_object(writer, NULL, JSON_LINES);
	json_put_string(writer, "id", published->id);
	json_put_string(writer, "scenario", row->plan->name);
	json_put_tree(writer, "point", row->plan->points[own->point_index]);
	json_put_string(writer, "alternative", row->plan->alternatives[own->alternative_index]);
	json_put_string(writer, "metric", published->metric_name);
	json_put_string(writer, "what", published->what);
	json_put_string(writer, "unit", metric_unit_words[published->metric.unit]);
	json_begin_array(writer, "published", JSON_LINE);
	json_put_u64(writer, NULL, published->low);
	json_put_u64(writer, NULL, published->high);
	json_end(writer);
	put_json_value(writer, "before", row->before > 0, (int64_t)row->before);
	put_json_value(writer, "after", row->after > 0, (int64_t)row->after);
	put_json_value(writer, "error_ppm", row->after > 0,
		       published_error_ppm(published, row->after));
	json_put_string(writer, "verdict", verdict_words[calibration_verdict(row)]);
	json_end(writer);
}

static void put_json_cost(struct json_writer *writer, const struct calibration *calibration,
			  guint index)
{
	const struct calibration_cost *cost = calibration_cost(calibration, index);
	const struct fit_cost *found = &calibration->fit->costs[index];
	GString *why = g_string_new(NULL);

	put_why(calibration, index, why);
	json_begin_object(writer, NULL, JSON_LINES);
	json_put_string(writer, "cost", cost_rows[cost->id].key);
	json_put_u64(writer, "before_ps", cost->entry->dist.a);
	json_put_u64(writer, "after_ps", found->value);
	json_put_u64(writer, "min_ps", cost->entry->fit.min_ps);
	json_put_u64(writer, "max_ps", cost->entry->fit.max_ps);
	json_put_u64(writer, "low_ps", found->low);
	json_put_u64(writer, "high_ps", found->high);
	json_put_string(writer, "verdict", fit_words[found->verdict]);
	json_put_string(writer, "why", why->str);
	json_end(writer);
	g_string_free(why, TRUE);
}

GString *calibration_show_json(const struct calibration *calibration, const char *written)
{
	GString *out = g_string_new(NULL);
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_begin_object(&writer, NULL, JSON_LINES);
	json_put_string(&writer, "format", "irqsim-calibration/1");
	json_put_string(&writer, "platform", calibration->name);
	json_begin_array(&writer, "rows", JSON_LINES);
	for (guint i = 0; i < calibration->rows->len; i++)
		put_json_row(&writer, calibration_row(calibration, i));
	json_end(&writer);
	json_begin_array(&writer, "costs", JSON_LINES);
	for (guint i = 0; i < calibration->costs->len; i++)
		put_json_cost(&writer, calibration, i);
	json_end(&writer);
	json_put_u64(&writer, "evaluations", calibration->nr_evaluations);
	json_put_text(&writer, "complete", calibration->fit->complete ? "true" : "false");
	json_put_string(&writer, "written", written);
	json_end(&writer);
	return out;
}
