#include "app/report.h"

#include "sim/ps.h"

const struct summary_metric *report_main_metric(const struct report *report, uint32_t case_index,
						const char *stat)
{
	const struct scenario *scenario = report->plan->cases[case_index].scenario;
	char *name = g_strconcat(scenario->metric, ".", stat, NULL);
	const struct summary_metric *metric = summary_find(report->summary, case_index, name);

	g_free(name);
	return metric && metric->value.n ? metric : NULL;
}

/* By the largest mean: five digits before the point at most. */
struct time_unit report_time_unit(const struct report *report)
{
	static const struct time_unit units[] = {
		{ "ns", PS_PER_NS }, { "us", PS_PER_US }, { "ms", PS_PER_MS }, { "s", PS_PER_S },
	};
	uint64_t largest = 0;
	gsize i = 0;

	for (uint32_t c = 0; c < report->plan->nr_cases; c++) {
		const struct summary_metric *mean = report_main_metric(report, c, "mean");

		if (mean)
			largest = MAX(largest, (uint64_t)mean->value.value);
	}
	while (i + 1 < G_N_ELEMENTS(units) && largest >= 100 * units[i + 1].ps)
		i++;
	return units[i];
}
