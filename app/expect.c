#include "app/expect.h"

#include "app/duration.h"
#include "app/label.h"

static char *show_value(uint64_t value, enum metric_unit unit)
{
	if (unit == UNIT_PS)
		return duration_format(value);
	return g_strdup_printf("%" G_GUINT64_FORMAT "%s", value,
			       unit == UNIT_PPM ? " ppm" : " per second");
}

static char *show_limit(const struct expect *expect, uint64_t value)
{
	bool below = value < expect->min;
	char *limit = show_value(below ? expect->min : expect->max, expect->metric.unit);
	char *shown = show_value(value, expect->metric.unit);
	char *ret = g_strdup_printf("is %s, expected at %s %s", shown, below ? "least" : "most",
				    limit);

	g_free(limit);
	g_free(shown);
	return ret;
}

static void complain(GPtrArray *failures, const struct report *report, uint32_t case_index,
		     const struct expect *expect, const char *what)
{
	const struct plan *plan = report->plan;
	const struct plan_case *plan_case = &plan->cases[case_index];
	char *point = label_point(plan->points[plan_case->point_index]);

	g_ptr_array_add(failures,
			g_strdup_printf("%s%s%s: %s %s",
					plan->alternatives[plan_case->alternative_index],
					*point ? " " : "", point, expect->name, what));
	g_free(point);
}

static void check_one(GPtrArray *failures, const struct report *report, uint32_t case_index,
		      const struct expect *expect)
{
	const struct summary_metric *metric =
		summary_find(report->summary, case_index, expect->name);
	uint64_t value = metric ? (uint64_t)metric->value.value : 0;
	char *what;

	if (!metric || metric->value.n == 0) {
		complain(failures, report, case_index, expect, "has no value");
		return;
	}
	if (value >= expect->min && value <= expect->max)
		return;
	what = show_limit(expect, value);
	complain(failures, report, case_index, expect, what);
	g_free(what);
}

GPtrArray *expect_check(const struct report *report)
{
	const struct plan *plan = report->plan;
	GPtrArray *failures = g_ptr_array_new_with_free_func(g_free);

	for (uint32_t c = 0; c < plan->nr_cases; c++) {
		const struct scenario *scenario = plan->cases[c].scenario;
		const char *alternative = plan->alternatives[plan->cases[c].alternative_index];

		for (uint32_t i = 0; i < scenario->nr_expects; i++) {
			const struct expect *expect = &scenario->expects[i];

			if (!expect->alternative || g_str_equal(expect->alternative, alternative))
				check_one(failures, report, c, expect);
		}
	}
	return failures;
}
