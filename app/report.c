#include "app/report.h"

#include "sim/ps.h"

void report_free(struct report *report)
{
	if (!report)
		return;
	summary_free(report->summary);
	g_free(report->ends);
	g_free(report->fingerprints);
	g_free(report);
}

/* Of an interval its mean stands for it. */
static bool main_metric(const struct report *report, struct metric *ret)
{
	const char *name = report_scenario(report)->metric;
	char *mean = g_strconcat(name, ".mean", NULL);
	bool is_interval = metric_parse(mean, ret) && ret->of == METRIC_LATENCY;

	if (!is_interval)
		metric_parse(name, ret);
	g_free(mean);
	return is_interval;
}

bool report_is_interval(const struct report *report)
{
	struct metric metric;

	return main_metric(report, &metric);
}

static const struct summary_metric *find(const struct report *report, uint32_t case_index,
					 const struct metric *metric)
{
	char *name = metric_name(metric);
	const struct summary_metric *found = summary_find(report->summary, case_index, name);

	g_free(name);
	return found && found->value.n ? found : NULL;
}

const struct summary_metric *report_main(const struct report *report, uint32_t case_index)
{
	struct metric metric;

	main_metric(report, &metric);
	return find(report, case_index, &metric);
}

const struct summary_metric *report_main_stat(const struct report *report, uint32_t case_index,
					      const char *stat)
{
	char *name = g_strconcat(report_scenario(report)->metric, ".", stat, NULL);
	const struct summary_metric *found = summary_find(report->summary, case_index, name);

	g_free(name);
	return found && found->value.n ? found : NULL;
}

const char *report_main_meaning(const struct report *report)
{
	struct metric metric;

	main_metric(report, &metric);
	return metric_meaning(&metric);
}

static uint64_t largest_value(const struct report *report)
{
	uint64_t largest = 0;

	for (uint32_t c = 0; c < report->plan->nr_cases; c++) {
		const struct summary_metric *value = report_main(report, c);

		if (value)
			largest = MAX(largest, (uint64_t)value->value.value);
	}
	return largest;
}

/* By the largest value: five digits before the point at most. */
static struct display_unit time_unit(uint64_t largest)
{
	static const struct display_unit units[] = {
		{ "ns", PS_PER_NS, 1 }, { "us", PS_PER_US, 1 },
		{ "ms", PS_PER_MS, 1 }, { "s", PS_PER_S, 1 },
	};
	gsize i = 0;

	while (i + 1 < G_N_ELEMENTS(units) && largest >= 100 * units[i + 1].size)
		i++;
	return units[i];
}

/* Three digits behind the point: what is a thousandth of the largest still has one. */
static struct display_unit rate_unit(uint64_t largest)
{
	if (largest >= 1000000)
		return (struct display_unit){ "M/s", 1000000, 3 };
	if (largest >= 100000)
		return (struct display_unit){ "k/s", 1000, 3 };
	return (struct display_unit){ "1/s", 1, 0 };
}

/* What is a share is in percent; a number of things per interrupt is a plain number. */
static struct display_unit ratio_unit(const struct metric *metric)
{
	if (metric->of == METRIC_SCALAR && (metric->index == SCALAR_EXITS_PER_INTERRUPT ||
					    metric->index == SCALAR_IPIS_PER_INTERRUPT))
		return (struct display_unit){ "", 1000000, 3 };
	return (struct display_unit){ "%", 10000, 2 };
}

struct display_unit display_unit(const struct metric *metric, uint64_t largest)
{
	switch (metric->unit) {
	case UNIT_PER_S:
		return rate_unit(largest);
	case UNIT_PPM:
		return ratio_unit(metric);
	case UNIT_PS:
		break;
	}
	return time_unit(largest);
}

struct display_unit report_unit(const struct report *report)
{
	struct metric metric;

	main_metric(report, &metric);
	return display_unit(&metric, largest_value(report));
}
