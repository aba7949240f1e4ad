/* validation_figure - simulated against published, as gnuplot draws it. */
#include "app/validation_show.h"

#include <inttypes.h>

#include "app/figure.h"
#include "app/label.h"

static const char name[] = "published";

/* A panel of the figure; what of a row's unit it shows. */
static const struct {
	enum metric_unit unit;
	uint64_t size;
	const char *title;
} panels[] = {
	{ UNIT_PS, PS_PER_NS, "durations (ns)" },
	{ UNIT_PER_S, 1, "rates (1/s)" },
	{ UNIT_PPM, 10000, "shares (%)" },
};

static void put_number(GString *out, int64_t value, uint64_t size)
{
	char *text = label_decimal(value, size, 3);

	g_string_append_printf(out, " %s", text);
	g_free(text);
}

static void put_point(GString *out, const struct validation_row *row, uint64_t size)
{
	const struct published *published = row->published;
	const struct estimate *simulated = &row->simulated;
	bool interval = simulated->nr_sections > 1;
	uint64_t middle = published->low + (published->high - published->low) / 2;

	put_number(out, (int64_t)middle, size);
	put_number(out, (int64_t)published->low, size);
	put_number(out, (int64_t)published->high, size);
	put_number(out, simulated->value, size);
	put_number(out, interval ? simulated->low : simulated->value, size);
	put_number(out, interval ? simulated->high : simulated->value, size);
	g_string_append_c(out, '\n');
}

/* The block of one panel and role, which gnuplot knows by its index. */
static guint put_block(GString *out, const struct validation *validation, size_t panel, int role)
{
	guint nr = 0;

	g_string_append_printf(out, "%s# %s, %s\n", out->len ? "\n\n" : "", panels[panel].title,
			       published_role_words[role]);
	for (guint i = 0; i < validation->rows->len; i++) {
		const struct validation_row *row = validation_row(validation, i);

		if (row->published->metric.unit != panels[panel].unit ||
		    row->published->role != role || row->simulated.n == 0)
			continue;
		put_point(out, row, panels[panel].size);
		nr++;
	}
	if (nr == 0)
		g_string_append(out, " NaN NaN NaN NaN NaN NaN\n");
	return nr;
}

/* Smallest and largest number of a panel: what its axes, which are the same, reach. */
static void put_range(GString *out, const struct validation *validation, size_t panel)
{
	uint64_t low = UINT64_MAX, high = 0;

	for (guint i = 0; i < validation->rows->len; i++) {
		const struct validation_row *row = validation_row(validation, i);
		uint64_t simulated = (uint64_t)row->simulated.value;

		if (row->published->metric.unit != panels[panel].unit || row->simulated.n == 0)
			continue;
		low = MIN(low, MIN(row->published->low, MAX(simulated, 1)));
		high = MAX(high, MAX(row->published->high, simulated));
	}
	g_string_append(out, ",");
	put_number(out, low == UINT64_MAX ? 1 : (int64_t)low, panels[panel].size);
	g_string_append(out, ",");
	put_number(out, (int64_t)high, panels[panel].size);
}

static void put_panels(const struct validation *validation, GString *data, GString *script)
{
	GString *ranges = g_string_new(NULL), *titles = g_string_new(NULL);
	GString *counts = g_string_new(NULL);

	for (size_t panel = 0; panel < G_N_ELEMENTS(panels); panel++) {
		guint nr = 0;

		for (int role = 0; role < NR_PUBLISHED_ROLES; role++)
			nr += put_block(data, validation, panel, role);
		put_range(ranges, validation, panel);
		g_string_append_printf(titles, ", '%s'", panels[panel].title);
		g_string_append_printf(counts, ", %u", nr);
	}
	g_string_append_printf(script, "data = '%s.dat'\nimage = '%s.svg'\n", name, name);
	g_string_append_printf(script, "array titles = [%s]\n", titles->str + 2);
	g_string_append_printf(script, "array nr_rows = [%s]\n", counts->str + 2);
	g_string_append_printf(script, "array ranges = [%s]\n", ranges->str + 2);
	g_string_append_printf(script, "nr_roles = %d\n",
			       validation_sum(validation, ROLE_RECALLED).nr_rows ? 3 : 2);
	g_string_append_printf(script, "limit = %d.0 / 1000000\n", PREDICTION_LIMIT_PPM);
	g_string_free(ranges, TRUE);
	g_string_free(titles, TRUE);
	g_string_free(counts, TRUE);
}

static bool write_string(struct run_dir *dir, const char *file, GString *text, GError **error)
{
	bool done = run_dir_write(dir, file, text->str, text->len, error);

	g_string_free(text, TRUE);
	return done;
}

bool validation_write_figure(const struct validation *validation, struct run_dir *dir,
			     GError **error)
{
	GString *data = g_string_new(NULL);
	GString *script = g_string_new("# gnuplot FILE draws the figure from the data beside it\n");
	bool done;

	put_panels(validation, data, script);
	g_string_prepend(data, "# published: middle, low, high; simulated: value, 95 % interval\n");
	done = figure_put_script(script, "published.gp", error);
	done = write_string(dir, "figures/published.dat", data, done ? error : NULL) && done;
	return write_string(dir, "figures/published.gp", script, done ? error : NULL) && done;
}

char *validation_draw_figure(const struct run_dir *dir)
{
	return figure_draw_name(name, dir);
}
