/* numbers - which metrics a summary has, and their values in one run. */
#include "app/summary.h"

static void take(GArray *numbers, const struct result *result, const struct metric *metric)
{
	struct number number = { .metric = *metric };

	number.exists = result_metric(result, metric, &number.value);
	g_array_append_val(numbers, number);
}

static void take_latencies(GArray *numbers, const struct result *result)
{
	static const enum metric_stat stats[] = { STAT_MEAN, STAT_P50, STAT_P90, STAT_P99,
						  STAT_MAX };

	for (int kind = 0; kind < NR_METRIC_LATENCIES; kind++)
		for (gsize i = 0; i < G_N_ELEMENTS(stats); i++)
			take(numbers, result,
			     &(struct metric){ .of = METRIC_LATENCY, .unit = UNIT_PS,
					       .index = kind, .stat = stats[i] });
}

static void take_stages(GArray *numbers, const struct result *result)
{
	for (int stage = 0; stage < NR_STAGES; stage++)
		take(numbers, result,
		     &(struct metric){ .of = METRIC_STAGE, .unit = UNIT_PS, .index = stage,
				       .stat = STAT_MEAN });
}

static void take_flows(GArray *numbers, const struct result *result)
{
	static const enum metric_stat stats[] = { STAT_MEAN, STAT_P99 };

	for (uint32_t flow = 0; flow < result->nr_flows; flow++)
		for (int kind = 0; kind < NR_METRIC_LATENCIES; kind++)
			for (gsize i = 0; i < G_N_ELEMENTS(stats); i++) {
				struct metric metric = { .of = METRIC_FLOW, .unit = UNIT_PS,
							 .index = kind, .stat = stats[i] };

				g_strlcpy(metric.name, result->flows[flow].name,
					  sizeof(metric.name));
				take(numbers, result, &metric);
			}
}

static void take_locks(GArray *numbers, const struct result *result)
{
	static const struct metric forms[] = {
		{ .of = METRIC_LOCK_WAIT, .unit = UNIT_PS, .stat = STAT_MEAN },
		{ .of = METRIC_LOCK_WAIT, .unit = UNIT_PS, .stat = STAT_P99 },
		{ .of = METRIC_LOCK_HOLD, .unit = UNIT_PS, .stat = STAT_MEAN },
		{ .of = METRIC_LOCK, .unit = UNIT_PPM, .index = LOCK_METRIC_CONTENDED },
		{ .of = METRIC_LOCK, .unit = UNIT_PPM, .index = LOCK_METRIC_UTILIZATION },
		{ .of = METRIC_LOCK, .unit = UNIT_PER_S, .index = LOCK_METRIC_ACQUIRED_PER_S },
	};

	for (uint32_t lock = 0; lock < result->nr_locks; lock++)
		for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
			struct metric metric = forms[i];

			g_strlcpy(metric.name, result->locks[lock].name, sizeof(metric.name));
			take(numbers, result, &metric);
		}
}

static void take_vms(GArray *numbers, const struct result *result)
{
	static const enum metric_unit units[NR_METRIC_VMS] = {
		[VM_METRIC_STEAL] = UNIT_PPM, [VM_METRIC_PIECES_PER_S] = UNIT_PER_S,
	};

	for (uint32_t vm = 0; vm < result->nr_vms; vm++)
		for (int i = 0; i < NR_METRIC_VMS; i++) {
			struct metric metric = { .of = METRIC_VM, .unit = units[i], .index = i };

			g_strlcpy(metric.name, result->vms[vm].name, sizeof(metric.name));
			take(numbers, result, &metric);
		}
}

static void take_scalars(GArray *numbers, const struct result *result)
{
	for (int scalar = 0; scalar < NR_METRIC_SCALARS; scalar++) {
		struct metric metric;

		if (metric_parse(metric_scalar_words[scalar], &metric))
			take(numbers, result, &metric);
	}
}

static bool is_taken(const GArray *numbers, const struct metric *metric)
{
	for (guint i = 0; i < numbers->len; i++)
		if (metric_equal(&g_array_index(numbers, struct number, i).metric, metric))
			return true;
	return false;
}

static void take_new(GArray *numbers, const struct result *result, const struct metric *metric)
{
	if (!is_taken(numbers, metric))
		take(numbers, result, metric);
}

/* What the scenario is about, and what it expects something of. */
static void take_wanted(GArray *numbers, const struct result *result,
			const struct scenario *scenario)
{
	struct metric main_metric;

	if (metric_parse(scenario->metric, &main_metric))	/* an interval is there anyway */
		take_new(numbers, result, &main_metric);
	for (uint32_t i = 0; i < scenario->nr_expects; i++)
		take_new(numbers, result, &scenario->expects[i].metric);
}

struct numbers *numbers_take(const struct result *result, const struct scenario *scenario)
{
	struct numbers *ret = g_new0(struct numbers, 1);
	GArray *numbers = g_array_new(FALSE, TRUE, sizeof(struct number));

	take_latencies(numbers, result);
	take_stages(numbers, result);
	if (result->nr_flows > 1)
		take_flows(numbers, result);
	take_locks(numbers, result);
	take_vms(numbers, result);
	take_scalars(numbers, result);
	take_wanted(numbers, result, scenario);
	ret->nr_numbers = numbers->len;
	ret->numbers = (struct number *)(void *)g_array_free(numbers, FALSE);
	return ret;
}

void numbers_free(struct numbers *numbers)
{
	if (!numbers)
		return;
	g_free(numbers->numbers);
	g_free(numbers);
}
