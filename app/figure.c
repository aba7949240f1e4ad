#include "app/figure.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#include "app/duration.h"
#include "app/gnuplot.h"
#include "app/label.h"

/* Scripts of plot/, built into the program. */
GResource *plot_get_resource(void);

/* One line of the figure: an alternative, at one value of every other swept key. */
struct curve {
	char *label;
	GString *rows;
};

struct figure {
	const struct report *report;
	struct time_unit unit;
	GPtrArray *curves;
	GString *tics;		/* list of gnuplot, in parentheses; empty: gnuplot's own */
	unsigned int log;	/* base of the x axis; 0: linear */
	bool sweep;
};

/* --- the swept value ----------------------------------------------------------------------- */

/* Its first key is the x axis. */
static const char *x_pointer(const struct plan *plan, uint32_t point_index, json_t **ret_value)
{
	void *entry = json_object_iter(plan->points[point_index]);

	*ret_value = entry ? json_object_iter_value(entry) : NULL;
	return entry ? json_object_iter_key(entry) : NULL;
}

/* A number, or a duration in nanoseconds; false: something else. */
static bool x_number(const struct report *report, const json_t *value, char **ret)
{
	ps_t duration_ps;
	char *mistake;

	if (json_is_integer(value)) {
		*ret = g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
		return true;
	}
	if (!json_is_string(value))
		return false;
	mistake = duration_parse(json_string_value(value),
				 report_scenario(report)->platform.clock_hz, &duration_ps);
	if (mistake) {
		g_free(mistake);
		return false;
	}
	*ret = label_decimal((int64_t)duration_ps, PS_PER_NS, 3);
	return true;
}

/* Position of the value among the different ones of the sweep. */
static uint32_t x_place(const struct plan *plan, const json_t *value)
{
	uint32_t place = 0;
	json_t *other;

	for (uint32_t i = 0; i < plan->nr_points; i++) {
		bool seen = false;

		x_pointer(plan, i, &other);
		if (json_equal(other, value))
			return place;
		for (uint32_t j = 0; j < i && !seen; j++) {
			json_t *earlier;

			x_pointer(plan, j, &earlier);
			seen = json_equal(earlier, other);
		}
		place += !seen;
	}
	return place;
}

static bool all_numbers(const struct report *report)
{
	for (uint32_t i = 0; i < report->plan->nr_points; i++) {
		json_t *value;
		char *number = NULL;
		bool is_number;

		x_pointer(report->plan, i, &value);
		is_number = x_number(report, value, &number);
		g_free(number);
		if (!is_number)
			return false;
	}
	return true;
}

/* Base 2 for powers of two, 10 for what spans decades, else a linear axis. */
static unsigned int x_log(const struct plan *plan)
{
	json_int_t smallest = G_MAXINT64, largest = 0;
	bool powers_of_two = true;

	for (uint32_t i = 0; i < plan->nr_points; i++) {
		json_t *value;
		json_int_t number;

		x_pointer(plan, i, &value);
		number = json_integer_value(value);	/* 0 of what is no integer */
		if (number <= 0)
			return 0;
		powers_of_two = powers_of_two && (number & (number - 1)) == 0;
		smallest = MIN(smallest, number);
		largest = MAX(largest, number);
	}
	if (smallest == largest)
		return 0;
	return powers_of_two ? 2 : largest / smallest >= 100 ? 10 : 0;
}

static char *x_of(const struct report *report, const json_t *value, bool numbers)
{
	char *number;

	if (numbers && x_number(report, value, &number))
		return number;
	return g_strdup_printf("%u", (unsigned int)x_place(report->plan, value));
}

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
static char *curve_label(const struct plan *plan, const struct plan_case *plan_case)
{
	json_t *rest = json_copy(plan->points[plan_case->point_index]);
	const char *alternative = plan->alternatives[plan_case->alternative_index];
	json_t *value;
	const char *pointer = x_pointer(plan, plan_case->point_index, &value);
	char *point, *label;

	if (pointer)
		json_object_del(rest, pointer);
	point = label_point(rest);
	label = *point ? g_strdup_printf("%s, %s", alternative, point) : g_strdup(alternative);
	g_free(point);
	json_decref(rest);
	return label;
}

static void add_row(struct figure *figure, uint32_t case_index, bool numbers)
{
	const struct report *report = figure->report;
	const struct plan_case *plan_case = &report->plan->cases[case_index];
	const struct summary_metric *mean = report_main_metric(report, case_index, "mean");
	char *label = curve_label(report->plan, plan_case);
	struct curve *curve = find_curve(figure, label);
	char *x = g_strdup("0"), *y[3];
	json_t *value;

	if (x_pointer(report->plan, plan_case->point_index, &value)) {
		g_free(x);
		x = x_of(report, value, numbers);
	}
	if (mean) {
		y[0] = label_decimal(mean->value.value, figure->unit.ps, 3);
		y[1] = label_decimal(mean->value.low, figure->unit.ps, 3);
		y[2] = label_decimal(mean->value.high, figure->unit.ps, 3);
		g_string_append_printf(curve->rows, "%s %s %s %s\n", x, y[0], y[1], y[2]);
		for (gsize i = 0; i < G_N_ELEMENTS(y); i++)
			g_free(y[i]);
	}
	g_free(x);
	g_free(label);
}

/* More values than this and gnuplot chooses which numbers to show. */
enum { TICS_MAX = 12 };

static void make_tics(struct figure *figure, bool numbers)
{
	const struct plan *plan = figure->report->plan;

	if (figure->log == 10 || (numbers && plan->nr_points > TICS_MAX))
		return;
	for (uint32_t i = 0; i < plan->nr_points; i++) {
		json_t *value;
		char *text, *cut, *shown, *x;

		x_pointer(plan, i, &value);
		text = label_value(value);
		cut = label_cut(text, 24);
		shown = gnuplot_tic(cut);
		x = x_of(figure->report, value, numbers);
		g_string_append_printf(figure->tics, "%s%s %s", i ? ", " : "", shown, x);
		g_free(text);
		g_free(cut);
		g_free(shown);
		g_free(x);
	}
}

static struct figure *figure_new(const struct report *report)
{
	struct figure *figure = g_new0(struct figure, 1);
	json_t *value;
	bool numbers;

	figure->report = report;
	figure->unit = report_time_unit(report);
	figure->curves = g_ptr_array_new_with_free_func(curve_free);
	figure->tics = g_string_new(NULL);
	figure->sweep = x_pointer(report->plan, 0, &value) != NULL;
	numbers = figure->sweep && all_numbers(report);
	figure->log = numbers ? x_log(report->plan) : 0;
	for (uint32_t i = 0; i < report->plan->nr_cases; i++)
		add_row(figure, i, numbers);
	if (figure->sweep)
		make_tics(figure, numbers);
	return figure;
}

static void figure_free(struct figure *figure)
{
	g_ptr_array_unref(figure->curves);
	g_string_free(figure->tics, TRUE);
	g_free(figure);
}

/* --- files --------------------------------------------------------------------------------- */

/* A block per curve, for gnuplot's "index". */
static GString *format_data(const struct figure *figure)
{
	GString *out = g_string_new(NULL);

	g_string_append_printf(out, "# x, mean and 95 %% interval of %s in %s; a block per curve\n",
			       report_scenario(figure->report)->metric, figure->unit.name);
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

static void put_axes(GString *out, const struct figure *figure)
{
	const struct report *report = figure->report;
	const struct scenario *scenario = report_scenario(report);
	char *y = g_strdup_printf("mean %s (%s)", scenario->metric, figure->unit.name);
	json_t *value;
	const char *pointer = x_pointer(report->plan, 0, &value);
	char *x = pointer ? label_pointer(pointer) : g_strdup("");

	if (json_is_string(value) && all_numbers(report)) {
		char *with_unit = g_strconcat(x, " (ns)", NULL);

		g_free(x);
		x = with_unit;
	}
	put_text(out, "x_title", x, 80);
	put_text(out, "y_title", y, 80);
	g_string_append_printf(out, "x_log = %u\n", figure->log);
	if (figure->tics->len)
		g_string_append_printf(out, "set xtics (%s)\n", figure->tics->str);
	g_free(x);
	g_free(y);
}

static void put_texts(GString *out, const struct figure *figure)
{
	const struct report *report = figure->report;
	const struct scenario *scenario = report_scenario(report);
	const char *name = report->plan->name;
	char *data = g_strconcat(name, ".dat", NULL), *image = g_strconcat(name, ".svg", NULL);
	char *note = g_strdup_printf("%s on %s; mean of %u replication%s, bars: 95 %% interval; "
				     "f1:%016" G_GINT64_MODIFIER "x",
				     name, scenario->platform.name,
				     (unsigned int)report->plan->nr_replications,
				     report->plan->nr_replications == 1 ? "" : "s",
				     report->first_fingerprint);

	put_text(out, "data", data, UINT_MAX);
	put_text(out, "image", image, UINT_MAX);
	put_text(out, "figure_title", scenario->question ? scenario->question : name, 60);
	put_text(out, "note", note, 120);
	g_free(data);
	g_free(image);
	g_free(note);
}

static bool put_script(GString *out, const char *name, GError **error)
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
	done = put_script(script, "common.gp", error) &&
	       put_script(script, figure->sweep ? "sweep.gp" : "bars.gp", error) &&
	       write_string(dir, figure_file(report, ".dat"), format_data(figure), error);
	if (done)
		done = write_string(dir, figure_file(report, ".gp"), script, error);
	else
		g_string_free(script, TRUE);
	figure_free(figure);
	return done;
}

char *figure_draw(const struct report *report, const struct run_dir *dir)
{
	char *folder = g_build_filename(dir->partial, "figures", NULL);
	char *script = g_strconcat("./", report->plan->name, ".gp", NULL);
	char *image = g_strconcat(dir->partial, "/figures/", report->plan->name, ".svg", NULL);
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
