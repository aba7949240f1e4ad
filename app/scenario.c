#include "app/scenario.h"

#include <string.h>

#include "app/nearest.h"
#include "app/platform.h"
#include "app/scenario_parts.h"

static const uint64_t interrupts_max = UINT64_C(1000000000);
static const ps_t time_max_ps = 3600 * PS_PER_S;

/* The nested objects are members of struct scenario itself: their structs begin at 0. */

static const struct field about_fields[] = {
	{ "question", FIELD_STRING, offsetof(struct scenario, question), 0, 0, "null", NULL,
	  "what the scenario asks, one sentence", NULL },
	{ "source", FIELD_STRING, offsetof(struct scenario, source), 0, 0, "null", NULL,
	  "the publication that it follows", NULL },
};

static FIELD_TABLE(about_table, "about", struct scenario, "what the scenario is for",
		   about_fields);

static const struct field warmup_fields[] = {
	{ "interrupts", FIELD_U64, offsetof(struct scenario, warmup_interrupts), 0, interrupts_max,
	  "100", NULL, "interrupts that are handled before measuring begins", NULL },
	{ "time", FIELD_DURATION, offsetof(struct scenario, warmup_ps), 0, time_max_ps, "\"0ns\"",
	  NULL, "simulated time that has passed before measuring begins", NULL },
	{ "detect", FIELD_BOOL, offsetof(struct scenario, warmup_detect), 0, 0, "false", NULL,
	  "whether a pilot run finds how much more it takes", NULL },
};

static FIELD_TABLE(warmup_table, "warmup", struct scenario, "what is not measured",
		   warmup_fields);

static const struct field stop_fields[] = {
	{ "interrupts", FIELD_LIMIT, offsetof(struct scenario, stop_interrupts), 1, interrupts_max,
	  "10000", NULL, "interrupts to measure, after which a run ends; null: no such limit",
	  NULL },
	{ "window", FIELD_DURATION, offsetof(struct scenario, stop_window_ps), 1, time_max_ps,
	  "null", NULL, "simulated time to measure, after which a run ends; null: no such limit",
	  NULL },
	{ "time", FIELD_DURATION, offsetof(struct scenario, stop_time_ps), 1, time_max_ps,
	  "\"10s\"", NULL, "simulated time after which a run ends as starved", NULL },
};

static FIELD_TABLE(stop_table, "stop", struct scenario, "when a run ends", stop_fields);

static const struct field scenario_fields[] = {
	{ "irqsim", FIELD_U32, offsetof(struct scenario, format), 1, 1, NULL, NULL,
	  "version of this format: 1", NULL },
	{ "name", FIELD_FILE_NAME, offsetof(struct scenario, name), 0, 0, NULL, NULL,
	  "name of the scenario; its results go to a directory of this name", NULL },
	{ "about", FIELD_OBJECT, 0, 0, 0, "{}", NULL, "what the scenario is for", &about_table },
	{ "platform", FIELD_JSON, 0, 0, 0, NULL, NULL,
	  "a platform, or the name of one: platforms/NAME.json beside the scenario, or installed",
	  NULL },
	{ "host", FIELD_OBJECT, 0, 0, 0, NULL, NULL, "the host", &host_table },
	{ "vms", FIELD_JSON, 0, 0, 0, NULL, NULL, "the virtual machines", NULL },
	{ "workloads", FIELD_JSON, 0, 0, 0, NULL, NULL, "what guests and devices do", NULL },
	{ "alternatives", FIELD_JSON, 0, 0, 0, "[]", NULL,
	  "what is compared: a name and the values to set; without any, the scenario itself is "
	  "the one alternative \"baseline\"",
	  NULL },
	{ "sweep", FIELD_JSON, 0, 0, 0, "{}", NULL,
	  "values to go through, by JSON Pointer; several are combined, the first one outermost",
	  NULL },
	{ "replications", FIELD_U32, offsetof(struct scenario, nr_replications), 1, 10000, "5",
	  NULL, "runs of each case, which differ in their random numbers", NULL },
	{ "seed", FIELD_U64, offsetof(struct scenario, seed), 0, INT64_MAX, "1", NULL,
	  "all random numbers follow from it", NULL },
	{ "warmup", FIELD_OBJECT, 0, 0, 0, "{}", NULL, "what is not measured", &warmup_table },
	{ "stop", FIELD_OBJECT, 0, 0, 0, "{}", NULL, "when a run ends", &stop_table },
	{ "metric", FIELD_STRING, offsetof(struct scenario, metric), 0, 0, "\"deliver\"", NULL,
	  "an interval, or the name of a metric: table, figures and answer are about it", NULL },
	{ "expect", FIELD_JSON, 0, 0, 0, "[]", NULL,
	  "limits of metrics; a run that misses one answers no", NULL },
	{ "limits", FIELD_JSON, 0, 0, 0, "{}", NULL,
	  "name of a metric and how much it may get worse against the baseline, such as "
	  "{ \"deliver.p99\": \"3%\" }; with any, no other metric fails a check", NULL },
	{ "published", FIELD_JSON, 0, 0, 0, "[]", NULL,
	  "published numbers, and the metrics that correspond to them: for validate and calibrate",
	  NULL },
};

FIELD_TABLE(scenario_table, "a scenario", struct scenario,
	    "one question: a host, its VMs, their workloads, and what is compared",
	    scenario_fields);

uint32_t scenario_first_pcpu(const struct scenario *scenario, uint32_t vm_index)
{
	bool floats = scenario->vms[vm_index].pin.word == PIN_FLOAT;
	uint32_t first = 0;

	for (uint32_t i = 0; i < vm_index; i++)
		if (floats || scenario->vms[i].pin.word != PIN_FLOAT)
			first += scenario->vms[i].nr_vcpus;
	return first;
}

uint32_t scenario_pcpu(const struct scenario *scenario, uint32_t vm_index, uint32_t vcpu_index)
{
	const struct id_list *pin = &scenario->vms[vm_index].pin;

	g_assert(pin->word != PIN_FLOAT);
	if (pin->word < 0)
		return (uint32_t)pin->ids[vcpu_index];
	return scenario_first_pcpu(scenario, vm_index) + vcpu_index;
}

uint32_t scenario_nr_flows(const struct scenario *scenario)
{
	uint32_t nr = 0;

	for (uint32_t i = 0; i < scenario->nr_workloads; i++)
		nr += scenario->workloads[i].ops->scope == WORKLOAD_GUEST;
	return nr;
}

static void decode_platform(struct decoder *decoder, json_t *tree, struct platform *ret)
{
	if (!platform_resolve(decoder, tree))
		return;
	pointer_push(decoder->pointer, "platform");
	platform_decode(decoder, json_object_get(tree, "platform"), ret);
	pointer_pop(decoder->pointer);
}

size_t decode_array(struct decoder *decoder, const json_t *value, size_t min, size_t max)
{
	size_t nr = json_array_size(value);

	if (!json_is_array(value)) {
		decode_error(decoder, "expected an array, found %s", json_kind(value));
		return 0;
	}
	if (nr >= min && nr <= max)
		return nr;
	decode_error(decoder, "%" G_GSIZE_FORMAT " entries: %" G_GSIZE_FORMAT " to %" G_GSIZE_FORMAT
		     " are possible", nr, min, max);
	return 0;
}

const struct scenario *scenario_decode(struct decoder *decoder, json_t *tree)
{
	const struct field_table *table = &scenario_table;
	struct scenario *scenario = ARENA_NEW(decoder->arena, struct scenario);
	uint32_t before = decoder->nr_mistakes;
	bool platform_good;

	scenario->platform.arch = -1;	/* until it is known: nothing is checked against it */
	if (!decode_shape(decoder, tree, &table, 1))
		return scenario;
	decode_platform(decoder, tree, &scenario->platform);
	platform_good = decoder->nr_mistakes == before;
	decode_values(decoder, tree, &scenario_table, scenario);
	scenario_decode_host(decoder, json_object_get(tree, "host"), platform_good, scenario);
	scenario_decode_vms(decoder, json_object_get(tree, "vms"), scenario);
	scenario_decode_workloads(decoder, json_object_get(tree, "workloads"), scenario);
	scenario_check_metric(decoder, scenario);
	scenario_decode_expects(decoder, tree, scenario);
	scenario_decode_limits(decoder, json_object_get(tree, "limits"), scenario);
	if (decoder->nr_mistakes == before)
		scenario_check(decoder, scenario);
	return scenario;
}
