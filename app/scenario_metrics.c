/* scenario_metrics - what the metrics of a scenario name: workloads, VMs, pCPUs. */
#include "app/nearest.h"
#include "app/scenario_parts.h"

static GPtrArray *names_of_workloads(const struct scenario *scenario)
{
	GPtrArray *names = g_ptr_array_new();

	for (uint32_t i = 0; i < scenario->nr_workloads; i++)
		g_ptr_array_add(names, (char *)scenario->workloads[i].name);
	return names;
}

static GPtrArray *names_of_vms(const struct scenario *scenario)
{
	GPtrArray *names = g_ptr_array_new();

	for (uint32_t i = 0; i < scenario->nr_vms; i++)
		g_ptr_array_add(names, (char *)scenario->vms[i].name);
	return names;
}

/* Takes the names. */
static void check_name(struct decoder *decoder, const char *what, const char *name,
		       GPtrArray *names, const char *pointer)
{
	char *hint = NULL;

	if (!g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL)) {
		hint = nearest_hint(name, names);
		decode_error_among(decoder, (const char *const[]){ pointer, NULL },
				   "there is no %s \"%s\"%s", what, name, hint);
	}
	g_free(hint);
	g_ptr_array_unref(names);
}

static void check_metric(struct decoder *decoder, const struct scenario *scenario,
			 const struct metric *metric, const char *pointer)
{
	switch (metric->of) {
	case METRIC_FLOW:
	case METRIC_FLOW_STATE:
	case METRIC_LINE_PASS:
		check_name(decoder, "workload", metric->name, names_of_workloads(scenario),
			   pointer);
		break;
	case METRIC_VM:
		check_name(decoder, "VM", metric->name, names_of_vms(scenario), pointer);
		break;
	case METRIC_PCPU:
		if (metric_pcpu_id(metric) >= scenario->nr_pcpus)
			decode_error_among(decoder,
					   (const char *const[]){ pointer, "/host/pcpus", NULL },
					   "the host has no pCPU %s, the last one is %u",
					   metric->name, scenario->nr_pcpus - 1);
		break;
	default:	/* which locks there are the host says when it is built */
		break;
	}
}

void scenario_check_metrics(struct decoder *decoder, const struct scenario *scenario)
{
	struct metric metric;

	if (metric_parse(scenario->metric, &metric))
		check_metric(decoder, scenario, &metric, "/metric");
	for (uint32_t i = 0; i < scenario->nr_expects; i++) {
		char *pointer = g_strdup_printf("/expect/%u/metric", i);

		check_metric(decoder, scenario, &scenario->expects[i].metric, pointer);
		g_free(pointer);
	}
	for (uint32_t i = 0; i < scenario->nr_limits; i++) {
		char *name = metric_name(&scenario->limits[i].metric);
		char *pointer = g_strconcat("/limits/", name, NULL);

		check_metric(decoder, scenario, &scenario->limits[i].metric, pointer);
		g_free(pointer);
		g_free(name);
	}
}
