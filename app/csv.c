#include "app/csv.h"

#include <string.h>

#include "app/label.h"

static void put_field(GString *out, const char *text)
{
	if (!strpbrk(text, ",\"\r\n")) {
		g_string_append(out, text);
		return;
	}
	g_string_append_c(out, '"');
	for (const char *c = text; *c; c++) {
		if (*c == '"')
			g_string_append_c(out, '"');
		g_string_append_c(out, *c);
	}
	g_string_append_c(out, '"');
}

static void put_head(GString *out, const struct plan *plan)
{
	const char *pointer;
	json_t *value;

	json_object_foreach(plan->points[0], pointer, value) {
		put_field(out, pointer);
		g_string_append_c(out, ',');
	}
	g_string_append(out, "alternative,metric,unit,value,ci95_low,ci95_high,n,sections,"
			     "difference,difference_ci95_low,difference_ci95_high\n");
}

/* What does not exist is an empty field. */
static void put_estimate(GString *out, const struct estimate *estimate)
{
	g_string_append_c(out, ',');
	if (estimate->n)
		g_string_append_printf(out, "%" G_GINT64_FORMAT, estimate->value);
	if (estimate->nr_sections < 2)
		g_string_append(out, ",,");
	else
		g_string_append_printf(out, ",%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT,
				       estimate->low, estimate->high);
}

static void put_metric(GString *out, const struct summary_metric *metric)
{
	put_field(out, metric->name);
	g_string_append_c(out, ',');
	g_string_append(out, metric_unit_words[metric->metric.unit]);
	put_estimate(out, &metric->value);
	g_string_append_printf(out, ",%u,", (unsigned int)metric->value.n);
	if (metric->value.nr_sections >= 2)
		g_string_append_printf(out, "%u", (unsigned int)metric->value.nr_sections);
	put_estimate(out, &metric->vs_first);
	g_string_append_c(out, '\n');
}

/* The fields that all rows of a case begin with. */
static void put_case(GString *out, const struct plan *plan, uint32_t case_index)
{
	const struct plan_case *plan_case = &plan->cases[case_index];
	const char *pointer;
	json_t *value;

	json_object_foreach(plan->points[plan_case->point_index], pointer, value) {
		char *text = label_value(value);

		put_field(out, text);
		g_string_append_c(out, ',');
		g_free(text);
	}
	put_field(out, plan->alternatives[plan_case->alternative_index]);
	g_string_append_c(out, ',');
}

GString *csv_format(const struct plan *plan, const struct summary *summary)
{
	GString *out = g_string_new(NULL);

	put_head(out, plan);
	for (uint32_t i = 0; i < summary->nr_rows; i++)
		for (guint m = 0; m < summary->rows[i].nr_metrics; m++) {
			put_case(out, plan, i);
			put_metric(out, &summary->rows[i].metrics[m]);
		}
	return out;
}
