#include "app/figure.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <string.h>

#include "app/gnuplot.h"
#include "app/label.h"
#include "app/x_axis.h"

/* Scripts of plot/, built into the program. */
GResource *plot_get_resource(void);

/* One line of the figure: an alternative, at one value of every other swept key. */
struct curve {
	char *label;
	GString *rows;
};

struct figure {
	const struct report *report;
	struct display_unit unit;
	GPtrArray *curves;
	struct x_axis *axis;
	/* Of what is shown: means, and the upper end of an interval. */
	int64_t smallest, largest, top;
};

/* Characters of the title: a line of them is as wide as the figure has room. */
enum { TITLE_WIDTH = 74, TITLE_MAX = 4 * TITLE_WIDTH };

/* --- texts -------------------------------------------------------------------------------- */

static void put_text(GString *out, const char *name, const char *text, unsigned int width)
{
	char *wrapped = label_wrap(text, width), *shown = gnuplot_string(wrapped);

	g_string_append_printf(out, "%s = %s\n", name, shown);
	g_free(shown);
	g_free(wrapped);
}

/* --- the curves ---------------------------------------------------------------------------- */

static void curve_free(gpointer data)
{
	struct curve *curve = data;

	g_free(curve->label);
	g_string_free(curve->rows, TRUE);
	g_free(curve);
}

static struct curve *find_curve(struct figure *figure, const char *label)
{
	struct curve *curve;

	for (guint i = 0; i < figure->curves->len; i++) {
		curve = g_ptr_array_index(figure->curves, i);
		if (g_str_equal(curve->label, label))
			return curve;
	}
	curve = g_new0(struct curve, 1);
	curve->label = g_strdup(label);
	curve->rows = g_string_new(NULL);
	g_ptr_array_add(figure->curves, curve);
	return curve;
}

/* The alternative, and the point without its first key. */
static char *curve_label(const struct figure *figure, const struct plan_case *plan_case)
{
	const struct plan *plan = figure->report->plan;
	json_t *rest = json_copy(plan->points[plan_case->point_index]);
	const char *alternative = plan->alternatives[plan_case->alternative_index];
	char *point, *label;

	if (figure->axis->pointer)
		json_object_del(rest, figure->axis->pointer);
	point = label_point(rest);
	label = *point ? g_strdup_printf("%s, %s", alternative, point) : g_strdup(alternative);
	g_free(point);
	json_decref(rest);
	return label;
}

/* With enough decimals for what is small beside the largest. */
static char *shown_number(const struct figure *figure, int64_t value)
{
	return label_decimal(value, figure->unit.size, figure->unit.size > 1000 ? 6 : 3);
}

static void add_value(struct figure *figure, struct curve *curve, const char *x,
		      const struct estimate *value)
{
	char *mean = shown_number(figure, value->value);
	char *low = shown_number(figure, value->low);
	char *high = shown_number(figure, value->high);

	g_string_append_printf(curve->rows, "%s %s %s %s\n", x, mean, low, high);
	figure->smallest = MIN(figure->smallest, value->value);
	figure->largest = MAX(figure->largest, value->value);
	figure->top = MAX(figure->top, MAX(value->value, value->high));
	g_free(mean);
	g_free(low);
	g_free(high);
}

static void add_row(struct figure *figure, uint32_t case_index)
{
	const struct report *report = figure->report;
	const struct plan_case *plan_case = &report->plan->cases[case_index];
	const struct summary_metric *shown = report_main(report, case_index);
	char *label = curve_label(figure, plan_case);
	struct curve *curve = find_curve(figure, label);
	char *x = x_axis_place(figure->axis, report->plan->points[plan_case->point_index]);

	if (shown)
		add_value(figure, curve, x, &shown->value);
	g_free(x);
	g_free(label);
}

static struct figure *figure_new(const struct report *report)
{
	struct figure *figure = g_new0(struct figure, 1);

	figure->report = report;
	figure->unit = report_unit(report);
	figure->curves = g_ptr_array_new_with_free_func(curve_free);
	figure->axis = x_axis_new(report);
	figure->smallest = INT64_MAX;
	for (uint32_t i = 0; i < report->plan->nr_cases; i++)
		add_row(figure, i);
	return figure;
}

static void figure_free(struct figure *figure)
{
	g_ptr_array_unref(figure->curves);
	x_axis_free(figure->axis);
	g_free(figure);
}

/* --- files --------------------------------------------------------------------------------- */

/* A block per curve, for gnuplot's "index". */
static GString *format_data(const struct figure *figure)
{
	GString *out = g_string_new(NULL);

	g_string_append_printf(out, "# x, mean and 95 %% interval of %s%s%s; a block per curve\n",
			       report_scenario(figure->report)->metric,
			       *figure->unit.name ? " in " : "", figure->unit.name);
	for (guint i = 0; i < figure->curves->len; i++) {
		const struct curve *curve = g_ptr_array_index(figure->curves, i);
		char *label = label_cut(curve->label, label_width(curve->label));

		g_string_append_printf(out, "%s# %s\n", i ? "\n\n" : "", label);
		g_string_append(out, curve->rows->len ? curve->rows->str : "NaN NaN NaN NaN\n");
		g_free(label);
	}
	return out;
}

static void put_labels(GString *out, const struct figure *figure)
{
	g_string_append_printf(out, "array labels[%u] = [", figure->curves->len);
	for (guint i = 0; i < figure->curves->len; i++) {
		const struct curve *curve = g_ptr_array_index(figure->curves, i);
		char *cut = label_cut(curve->label, 40), *shown = gnuplot_string(cut);

		g_string_append_printf(out, "%s%s", i ? ", " : "", shown);
		g_free(cut);
		g_free(shown);
	}
	g_string_append(out, "]\n");
}

static char *y_title(const struct figure *figure)
{
	const char *metric = report_scenario(figure->report)->metric, *unit = figure->unit.name;
	const char *mean = report_is_interval(figure->report) ? "mean " : "";

	if (*unit == '\0')
		return g_strconcat(mean, metric, NULL);
	return g_strconcat(mean, metric, " (", unit, ")", NULL);
}

/* Largest value / smallest, for a choice of the y axis; 1: not all are above 0. */
static int64_t y_span(const struct figure *figure)
{
	return figure->smallest > 0 && figure->largest > 0 ? figure->largest / figure->smallest : 1;
}

static void put_axes(GString *out, const struct figure *figure)
{
	char *x = x_axis_title(figure->axis), *y = y_title(figure);
	char *smallest = shown_number(figure, figure->smallest);
	char *top = shown_number(figure, figure->top);

	put_text(out, "x_title", x, 80);
	put_text(out, "y_title", y, 80);
	g_string_append_printf(out, "x_log = %u\nx_numbers = %d\n", figure->axis->log,
			       figure->axis->numbers);
	g_string_append_printf(out, "y_span = %" PRId64 "\ny_smallest = %s\ny_top = %s\n",
			       y_span(figure), smallest, top);
	x_axis_put_tics(figure->axis, out);
	g_free(x);
	g_free(y);
	g_free(smallest);
	g_free(top);
}

/* Lines of about the same length, no word alone on the last one. */
static unsigned int title_width(const char *title)
{
	unsigned int length = label_width(title), nr_lines = (length + TITLE_WIDTH) / TITLE_WIDTH;

	return MIN(length / nr_lines + 8, TITLE_WIDTH);
}

static void put_texts(GString *out, const struct figure *figure)
{
	const struct report *report = figure->report;
	const struct scenario *scenario = report_scenario(report);
	const char *name = report->plan->name;
	char *title = label_cut(scenario->question ? scenario->question : name, TITLE_MAX);
	char *data = g_strconcat(name, ".dat", NULL), *image = g_strconcat(name, ".svg", NULL);
	unsigned int nr_replications = report->plan->nr_replications;
	char *runs = nr_replications == 1 ? g_strdup("one run") :
					    g_strdup_printf("%u replications", nr_replications);
	char *note = g_strdup_printf("%s on %s; mean of %s, bars: 95 %% interval; "
				     "f1:%016" G_GINT64_MODIFIER "x",
				     name, scenario->platform.name, runs,
				     report->fingerprints[0]);

	put_text(out, "data", data, UINT_MAX);
	put_text(out, "image", image, UINT_MAX);
	put_text(out, "figure_title", title, title_width(title));
	put_text(out, "note", note, 120);
	g_string_append_printf(out, "nr_alternatives = %u\n",
			       (unsigned int)report->plan->nr_alternatives);
	g_free(runs);
	g_free(title);
	g_free(data);
	g_free(image);
	g_free(note);
}

bool figure_put_script(GString *out, const char *name, GError **error)
{
	char *path = g_strconcat("/irqsim/plot/", name, NULL);
	GBytes *bytes = g_resource_lookup_data(plot_get_resource(), path, 0, error);
	gsize length;
	const char *text = bytes ? g_bytes_get_data(bytes, &length) : NULL;

	if (bytes) {
		g_string_append_c(out, '\n');
		g_string_append_len(out, text, (gssize)length);
		g_bytes_unref(bytes);
	}
	g_free(path);
	return bytes != NULL;
}

static char *figure_file(const struct report *report, const char *suffix)
{
	return g_strconcat("figures/", report->plan->name, suffix, NULL);
}

static bool write_string(struct run_dir *dir, char *name, GString *text, GError **error)
{
	bool done = run_dir_write(dir, name, text->str, text->len, error);

	g_string_free(text, TRUE);
	g_free(name);
	return done;
}

bool figure_write(const struct report *report, struct run_dir *dir, GError **error)
{
	struct figure *figure = figure_new(report);
	GString *script = g_string_new("# gnuplot FILE draws the figure from the data beside it\n");
	bool done;

	put_texts(script, figure);
	put_labels(script, figure);
	put_axes(script, figure);
	done = figure_put_script(script, "common.gp", error) &&
	       figure_put_script(script, figure->axis->pointer ? "sweep.gp" : "bars.gp",
				 error) &&
	       write_string(dir, figure_file(report, ".dat"), format_data(figure), error);
	if (done)
		done = write_string(dir, figure_file(report, ".gp"), script, error);
	else
		g_string_free(script, TRUE);
	figure_free(figure);
	return done;
}

char *figure_draw_name(const char *name, const struct run_dir *dir)
{
	char *folder = g_build_filename(dir->partial, "figures", NULL);
	char *script = g_strconcat("./", name, ".gp", NULL);
	char *image = g_strconcat(dir->partial, "/figures/", name, ".svg", NULL);
	char *warning = gnuplot_run(folder, script);
	GStatBuf info;

	if (!warning && (g_stat(image, &info) != 0 || info.st_size == 0))
		warning = g_strdup("no figure: gnuplot has not written one");
	if (warning)
		g_unlink(image);	/* a part of one, if anything */
	g_free(image);
	g_free(folder);
	g_free(script);
	return warning;
}

char *figure_draw(const struct report *report, const struct run_dir *dir)
{
	return figure_draw_name(report->plan->name, dir);
}
