#include "app/table.h"

#include <string.h>

#include "app/cause.h"
#include "app/label.h"
#include "app/table_cells.h"

/* --- cells of a row ------------------------------------------------------------------------ */

static char *value_cell(const struct summary_metric *metric, struct display_unit unit,
			unsigned int decimals)
{
	if (!metric)
		return g_strdup("-");
	return label_decimal(metric->value.value, unit.size, decimals);
}

static char *interval_cell(const struct summary_metric *metric, struct display_unit unit)
{
	if (!metric || metric->value.nr_sections < 2)
		return g_strdup("-");
	return label_decimal(metric->value.half_width, unit.size, unit.decimals);
}

/* The sign is that of the value, also where so few decimals show a zero: all of a row agree. */
static char *signed_decimal(int64_t value, uint64_t unit, unsigned int decimals)
{
	char *number = label_decimal(value, unit, decimals);
	char *ret = g_strconcat(value < 0 ? "-" : "+", number + (*number == '-'), NULL);

	g_free(number);
	return ret;
}

static char *difference_cell(const struct summary_metric *metric, struct display_unit unit)
{
	if (!metric || metric->vs_first.n == 0)
		return g_strdup("-");
	return signed_decimal(metric->vs_first.value, unit.size, unit.decimals);
}

/* Of the first alternative's value: a percentile is not that far from it as the difference says. */
static char *percent_cell(const struct summary_metric *metric, const struct summary_metric *first)
{
	char *number, *ret;

	if (!metric || metric->vs_first.n == 0 || !first || first->value.value <= 0)
		return g_strdup("-");
	number = signed_decimal(metric->vs_first.value * 100, (uint64_t)first->value.value, 1);
	ret = g_strconcat(number, "%", NULL);
	g_free(number);
	return ret;
}

/* A case whose differences to the first alternative are asked for. */
struct difference {
	const struct report *report;
	uint32_t case_index;
};

static int64_t change_of(void *user, const char *name)
{
	const struct difference *difference = user;
	const struct summary_metric *metric =
		summary_find(difference->report->summary, difference->case_index, name);

	return metric && metric->vs_first.n ? metric->vs_first.value : 0;
}

/*
 * Only some interrupts are acknowledged, deliver and its stages are of all: what causes a change of
 * the former can be seen only where all are of one workload, also in the first alternative.
 */
static bool shows_cause(const struct report *report, uint32_t case_index)
{
	const struct plan *plan = report->plan;
	uint32_t first = case_index - plan->cases[case_index].alternative_index;

	return strcmp(report_scenario(report)->metric, "ack") != 0 ||
	       (scenario_nr_flows(plan->cases[case_index].scenario) == 1 &&
		scenario_nr_flows(plan->cases[first].scenario) == 1);
}

/* What has not changed, or has no value, has no cause. */
static char *cause_cell(const struct report *report, uint32_t case_index,
			struct display_unit unit)
{
	const struct summary_metric *mean = report_main(report, case_index);
	struct difference difference = { report, case_index };
	struct cause cause = cause_find(report_scenario(report)->metric, 0, change_of, &difference);
	char *number, *ret;

	if (!mean || mean->vs_first.n == 0 || mean->vs_first.value == 0 || !cause.name ||
	    !shows_cause(report, case_index))
		return g_strdup("-");
	number = signed_decimal(cause.change, unit.size, unit.decimals);
	ret = g_strconcat(cause.name, " ", number, NULL);
	g_free(number);
	return ret;
}

/* The lock that most often was not free, with that share of its acquisitions. */
static char *lock_cell(const struct report *report, uint32_t case_index)
{
	const struct summary_row *row = &report->summary->rows[case_index];
	const struct summary_metric *most = NULL;
	char *number, *ret;

	for (guint i = 0; i < row->nr_metrics; i++) {
		const struct summary_metric *metric = &row->metrics[i];

		if (metric->metric.of == METRIC_LOCK &&
		    metric->metric.index == LOCK_METRIC_CONTENDED && metric->value.n &&
		    metric->value.value > (most ? most->value.value : 0))
			most = metric;
	}
	if (!most)
		return g_strdup("-");
	number = label_decimal(most->value.value, 10000, 1);
	ret = g_strconcat(most->metric.name, " ", number, "%", NULL);
	g_free(number);
	return ret;
}

/* --- the table ----------------------------------------------------------------------------- */

/* Where the sweep point stands: in columns of its own, or in a line above its alternatives. */
enum points { POINTS_IN_COLUMNS, POINTS_ABOVE };

static void add_point_columns(struct table_cells *cells, const struct plan *plan)
{
	const char *pointer;
	json_t *value;

	json_object_foreach(plan->points[0], pointer, value) {
		char *title = label_pointer(pointer);

		table_add_column(cells, title, ALIGN_LEFT);
		g_free(title);
	}
}

/* An interval has more statistics than its mean, and stages that its changes come from. */
static void add_columns(struct table_cells *cells, const struct report *report)
{
	static const char *const stats[] = { "p50", "p99", "max" };
	bool is_interval = report_is_interval(report);

	table_add_column(cells, "alternative", ALIGN_LEFT);
	table_add_column(cells, is_interval ? "mean" : "value", ALIGN_RIGHT);
	table_add_column(cells, "+-", ALIGN_RIGHT);
	for (gsize i = 0; is_interval && i < G_N_ELEMENTS(stats); i++)
		table_add_column(cells, stats[i], ALIGN_RIGHT);
	if (report->plan->nr_alternatives > 1) {
		table_add_column(cells, "change", ALIGN_RIGHT);
		table_add_column(cells, "%", ALIGN_RIGHT);
		if (is_interval)
			table_add_column(cells, "most of it in", ALIGN_LEFT);
	}
	table_add_column(cells, "contended lock", ALIGN_LEFT);
}

static void add_point(struct table_cells *cells, const struct report *report, uint32_t case_index,
		      enum points points)
{
	const struct plan_case *plan_case = &report->plan->cases[case_index];
	json_t *point = report->plan->points[plan_case->point_index];
	const char *pointer;
	json_t *value;

	if (points == POINTS_ABOVE) {
		if (plan_case->alternative_index == 0)
			table_add_heading(cells, label_point(point));
		return;
	}
	json_object_foreach(point, pointer, value)
		table_add_cell(cells, plan_case->alternative_index ? NULL : label_value(value));
}

static void add_stats(struct table_cells *cells, const struct report *report, uint32_t case_index,
		      struct display_unit unit)
{
	static const char *const stats[] = { "p50", "p99", "max" };
	unsigned int decimals = unit.size == PS_PER_NS ? 0 : unit.decimals;

	for (gsize i = 0; i < G_N_ELEMENTS(stats); i++) {
		const struct summary_metric *stat = report_main_stat(report, case_index, stats[i]);

		table_add_cell(cells, value_cell(stat, unit, decimals));
	}
}

static void add_row(struct table_cells *cells, const struct report *report, uint32_t case_index,
		    struct display_unit unit)
{
	const struct plan *plan = report->plan;
	const struct summary_metric *value = report_main(report, case_index);
	uint32_t alternative = plan->cases[case_index].alternative_index;
	const struct summary_metric *first_value = report_main(report, case_index - alternative);
	bool is_interval = report_is_interval(report), first = alternative == 0;

	table_add_cell(cells, g_strdup(plan->alternatives[alternative]));
	table_add_cell(cells, value_cell(value, unit, unit.decimals));
	table_add_cell(cells, interval_cell(value, unit));
	if (is_interval)
		add_stats(cells, report, case_index, unit);
	if (plan->nr_alternatives > 1) {
		table_add_cell(cells, first ? NULL : difference_cell(value, unit));
		table_add_cell(cells, first ? NULL : percent_cell(value, first_value));
		if (is_interval)
			table_add_cell(cells, first ? NULL : cause_cell(report, case_index, unit));
	}
	table_add_cell(cells, lock_cell(report, case_index));
}

static struct table_cells *make_cells(const struct report *report, struct display_unit unit,
				      enum points points)
{
	struct table_cells *cells = table_cells_new();

	if (points == POINTS_IN_COLUMNS)
		add_point_columns(cells, report->plan);
	add_columns(cells, report);
	for (uint32_t i = 0; i < report->plan->nr_cases; i++) {
		add_point(cells, report, i, points);
		add_row(cells, report, i, unit);
	}
	return cells;
}

/* Points go above their rows where columns would have to be cut. */
static struct table_cells *make_fitting_cells(const struct report *report, struct display_unit unit)
{
	struct table_cells *cells = make_cells(report, unit, POINTS_IN_COLUMNS);

	if (table_width(cells) <= TABLE_WIDTH_MAX)
		return cells;
	table_cells_free(cells);
	return make_cells(report, unit, POINTS_ABOVE);
}

/* --- around it ----------------------------------------------------------------------------- */

static void put_paragraph(GString *out, const char *text, const char *end)
{
	char *wrapped = label_wrap(text, TABLE_WIDTH_MAX);

	g_string_append(out, wrapped);
	g_string_append(out, end);
	g_free(wrapped);
}

/* What the column +- rests on: "5 replications", "10 to 24 batches of one run". */
static char *name_sections(const struct report *report)
{
	uint32_t least = UINT32_MAX, most = 0;

	if (report->plan->nr_replications > 1)
		return g_strdup_printf("%u replications",
				       (unsigned int)report->plan->nr_replications);
	for (uint32_t i = 0; i < report->plan->nr_cases; i++) {
		const struct summary_metric *value = report_main(report, i);

		if (!value || value->value.nr_sections < 2)
			continue;
		least = MIN(least, value->value.nr_sections);
		most = MAX(most, value->value.nr_sections);
	}
	if (most == 0)
		return g_strdup("1 replication (none)");
	if (least == most)
		return g_strdup_printf("%u batches of one run", (unsigned int)most);
	return g_strdup_printf("%u to %u batches of one run", (unsigned int)least,
			       (unsigned int)most);
}

static void put_head(GString *out, const struct report *report, struct display_unit unit,
		     const char *end)
{
	const struct scenario *scenario = report_scenario(report);
	const struct plan *plan = report->plan;
	char *what = g_strdup_printf("%s: %s%s%s", scenario->metric, report_main_meaning(report),
				     *unit.name ? ", in " : "", unit.name);
	char *sections = name_sections(report);
	char *how = g_strdup_printf("+-: 95 %% interval of the %s over %s%s%s",
				    report_is_interval(report) ? "mean" : "value", sections,
				    plan->nr_alternatives > 1 ? "; change: against " : "",
				    plan->nr_alternatives > 1 ? plan->alternatives[0] : "");

	put_paragraph(out, scenario->question ? scenario->question : plan->name, end);
	put_paragraph(out, what, end);
	put_paragraph(out, how, end);
	g_string_append_c(out, '\n');
	g_free(what);
	g_free(sections);
	g_free(how);
}

/* The least trustworthy kind that a cost has in any case. */
static enum cost_kind kind_of_cost(const struct plan *plan, int id)
{
	enum cost_kind kind = COST_MEASURED;

	for (uint32_t i = 0; i < plan->nr_cases; i++)
		kind = MAX(kind, plan->cases[i].scenario->platform.costs[id].kind);
	return kind;
}

static char *names_of_costs(const struct report *report, enum cost_kind kind, unsigned int *ret_nr)
{
	GString *names = g_string_new(NULL);
	uint32_t arch = 1u << report_scenario(report)->platform.arch;

	*ret_nr = 0;
	for (int id = 0; id < NR_COSTS; id++) {
		if (!(cost_rows[id].archs & arch) || kind_of_cost(report->plan, id) != kind)
			continue;
		g_string_append_printf(names, "%s%s", names->len ? ", " : "", cost_rows[id].key);
		(*ret_nr)++;
	}
	if (*ret_nr == 0)
		g_string_append(names, "none");
	return g_string_free(names, FALSE);
}

/* With all names, with those of the fitted ones, or as numbers: what is short enough. */
char *table_trust(const struct report *report)
{
	unsigned int nr[3];
	char *measured = names_of_costs(report, COST_MEASURED, &nr[COST_MEASURED]);
	char *fitted = names_of_costs(report, COST_FITTED, &nr[COST_FITTED]);
	char *estimated = names_of_costs(report, COST_ESTIMATED, &nr[COST_ESTIMATED]);
	char *line = g_strdup_printf("Costs: %u measured; fitted: %s; estimated: %s",
				     nr[COST_MEASURED], fitted, estimated);

	if (strlen(line) > TABLE_WIDTH_MAX) {
		g_free(line);
		line = g_strdup_printf("Costs: %u measured; %u estimated; %u fitted: %s",
				       nr[COST_MEASURED], nr[COST_ESTIMATED], nr[COST_FITTED],
				       fitted);
	}
	if (strlen(line) > TABLE_WIDTH_MAX) {
		g_free(line);
		line = g_strdup_printf("Costs: %u measured; %u estimated; %u fitted",
				       nr[COST_MEASURED], nr[COST_ESTIMATED], nr[COST_FITTED]);
	}
	g_free(measured);
	g_free(fitted);
	g_free(estimated);
	return line;
}

GString *table_format(const struct report *report, enum output_format format)
{
	bool markdown = format == FORMAT_MARKDOWN;
	struct display_unit unit = report_unit(report);
	struct table_cells *cells = make_fitting_cells(report, unit);
	GString *out = g_string_new(NULL);
	char *trust = table_trust(report), **warnings = table_warnings(report);

	put_head(out, report, unit, markdown ? "  \n" : "\n");
	if (markdown)
		table_put_markdown(cells, out);
	else
		table_put_text(cells, TABLE_WIDTH_MAX, out);
	g_string_append_printf(out, "\n%s\n", trust);
	for (guint i = 0; warnings[i]; i++)
		g_string_append_printf(out, "%sWarning: %s.\n", markdown ? "\n" : "", warnings[i]);
	table_cells_free(cells);
	g_free(trust);
	g_strfreev(warnings);
	return out;
}
