#include "app/x_axis.h"

#include <stdlib.h>

#include "app/duration.h"
#include "app/gnuplot.h"
#include "app/label.h"

/* More numbers than this and gnuplot chooses which to show. */
enum { TICS_MAX = 12 };

/* From here on numbers that crowd at the small end are on a logarithmic axis. */
enum { LOG_SPAN = 16, DECADES_SPAN = 100 };

struct x_value {
	const json_t *json;
	int64_t size;		/* picoseconds of a duration; the place of what is no number */
	uint64_t unit;		/* how much of size the axis shows as 1 */
};

static const struct x_value *value_at(const struct x_axis *axis, guint index)
{
	return &g_array_index(axis->values, struct x_value, index);
}

static const json_t *swept_value(const struct x_axis *axis, const json_t *point)
{
	return json_object_get(point, axis->pointer);
}

static const struct x_value *find_value(const struct x_axis *axis, const json_t *json)
{
	for (guint i = 0; i < axis->values->len; i++)
		if (json_equal(value_at(axis, i)->json, json))
			return value_at(axis, i);
	return NULL;
}

/* false: neither a number nor a duration. */
static bool read_number(const struct report *report, struct x_value *value)
{
	ps_t duration_ps;
	char *mistake;

	if (json_is_integer(value->json)) {
		value->size = json_integer_value(value->json);
		return true;
	}
	if (!json_is_string(value->json))
		return false;
	mistake = duration_parse(json_string_value(value->json),
				 report_scenario(report)->platform.clock_hz, &duration_ps);
	if (mistake) {
		g_free(mistake);
		return false;
	}
	value->size = (int64_t)duration_ps;
	value->unit = PS_PER_NS;
	return true;
}

static int compare_sizes(const void *a, const void *b)
{
	const struct x_value *first = a, *second = b;

	return (first->size > second->size) - (first->size < second->size);
}

/* Places for all, and again as numbers if all of them are. */
static void place_values(struct x_axis *axis, const struct report *report)
{
	axis->numbers = true;
	for (guint i = 0; i < axis->values->len; i++) {
		struct x_value number = *value_at(axis, i);

		axis->numbers = axis->numbers && read_number(report, &number);
	}
	for (guint i = 0; i < axis->values->len && axis->numbers; i++)
		read_number(report, &g_array_index(axis->values, struct x_value, i));
	if (axis->numbers)
		g_array_sort(axis->values, compare_sizes);
}

/*
 * Base 2 for powers of two. Else a logarithmic axis where the numbers span much and crowd at its
 * small end: evenly spaced ones, of which the middle one is at half the largest, stay linear.
 */
static unsigned int choose_log(const struct x_axis *axis)
{
	guint nr = axis->values->len;
	int64_t smallest = value_at(axis, 0)->size, largest = value_at(axis, nr - 1)->size;
	bool powers_of_two = true;

	if (smallest <= 0 || nr < 2)
		return 0;
	for (guint i = 0; i < nr; i++) {
		int64_t size = value_at(axis, i)->size;

		powers_of_two = powers_of_two && (size & (size - 1)) == 0;
	}
	if (powers_of_two)
		return 2;
	if (largest / smallest < LOG_SPAN || value_at(axis, nr / 2)->size > largest / 4)
		return 0;
	return largest / smallest >= DECADES_SPAN ? 10 : 2;
}

struct x_axis *x_axis_new(const struct report *report)
{
	const struct plan *plan = report->plan;
	struct x_axis *axis = g_new0(struct x_axis, 1);
	void *first = json_object_iter(plan->points[0]);

	axis->values = g_array_new(FALSE, FALSE, sizeof(struct x_value));
	if (!first)
		return axis;
	axis->pointer = json_object_iter_key(first);
	for (uint32_t i = 0; i < plan->nr_points; i++) {
		struct x_value value = { .json = swept_value(axis, plan->points[i]),
					 .size = axis->values->len, .unit = 1 };

		if (!find_value(axis, value.json))
			g_array_append_val(axis->values, value);
	}
	place_values(axis, report);
	axis->log = axis->numbers ? choose_log(axis) : 0;
	return axis;
}

void x_axis_free(struct x_axis *axis)
{
	g_array_unref(axis->values);
	g_free(axis);
}

static char *value_place(const struct x_value *value)
{
	return label_decimal(value->size, value->unit, value->unit > 1 ? 3 : 0);
}

char *x_axis_place(const struct x_axis *axis, const json_t *point)
{
	if (!axis->pointer)
		return g_strdup("0");
	return value_place(find_value(axis, swept_value(axis, point)));
}

static bool has_tics(const struct x_axis *axis)
{
	return axis->pointer && !(axis->numbers && axis->values->len > TICS_MAX);
}

char *x_axis_title(const struct x_axis *axis)
{
	char *name = axis->pointer ? label_pointer(axis->pointer) : g_strdup("");
	char *ret;

	if (!axis->numbers || has_tics(axis) || value_at(axis, 0)->unit == 1)
		return name;
	ret = g_strconcat(name, " (ns)", NULL);
	g_free(name);
	return ret;
}

static char *tic_text(const struct x_value *value)
{
	char *text = label_value(value->json), *cut = label_cut(text, 24);
	char *ret = gnuplot_tic(cut);

	g_free(cut);
	g_free(text);
	return ret;
}

static void put_array(const struct x_axis *axis, GString *out, const char *name,
		      char *(*format)(const struct x_value *value))
{
	g_string_append_printf(out, "array %s[%u] = [", name, axis->values->len);
	for (guint i = 0; i < axis->values->len; i++) {
		char *text = format(value_at(axis, i));

		g_string_append_printf(out, "%s%s", i ? ", " : "", text);
		g_free(text);
	}
	g_string_append(out, "]\n");
}

void x_axis_put_tics(const struct x_axis *axis, GString *out)
{
	bool shown = has_tics(axis);

	g_string_append_printf(out, "nr_tics = %u\n", shown ? axis->values->len : 0);
	if (shown) {
		put_array(axis, out, "tics", tic_text);
		put_array(axis, out, "tics_at", value_place);
	}
}
