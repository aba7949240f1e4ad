/*
 * The host of a scenario: its kernel, its scheduler, its idle states.
 */
#include <string.h>

#include "app/scenario_parts.h"
#include "models/probe.h"

enum { PCPUS_MAX = 4096 };

/* The kernel's own limits (sched_min_granularity_ns, base_slice_ns). */
static const ps_t slice_min_ps = 100 * PS_PER_US;

/* What is null is the kernel's default for its version and the host's size. */
static const struct field sched_fields[] = {
	{ "latency", FIELD_DURATION, offsetof(struct scenario, sched.latency_ps), slice_min_ps,
	  PS_PER_S, "null", NULL, "before 6.6: the period in which every thread runs once", NULL },
	{ "min_granularity", FIELD_DURATION, offsetof(struct scenario, sched.min_granularity_ps),
	  slice_min_ps, PS_PER_S, "null", NULL, "before 6.6: the least slice", NULL },
	{ "wakeup_granularity", FIELD_DURATION,
	  offsetof(struct scenario, sched.wakeup_granularity_ps), 1, PS_PER_S, "null", NULL,
	  "before 6.6: the lead that a waking thread needs to preempt the one that runs", NULL },
	{ "slice", FIELD_DURATION, offsetof(struct scenario, sched.slice_ps), slice_min_ps,
	  100 * PS_PER_MS, "null", NULL, "from 6.6 on: the slice", NULL },
};

static FIELD_TABLE(sched_table, "sched", struct scenario,
		   "parameters of the scheduler; null: the default of the kernel", sched_fields);

static const struct field host_fields[] = {
	{ "pcpus", FIELD_U32, offsetof(struct scenario, nr_pcpus), 1, PCPUS_MAX, NULL, NULL,
	  "physical CPUs of the host in use, at most what the platform has", NULL },
	{ "kernel", FIELD_VERSION, offsetof(struct scenario, kernel), 0, 0, NULL, NULL,
	  "kernel version of the host, such as \"6.5\"", NULL },
	{ "idle_states", FIELD_JSON, 0, 0, 0, "null", NULL,
	  "names of the platform's idle states that are enabled; null: all of them", NULL },
	{ "probes", FIELD_JSON, 0, 0, 0, "[]", NULL,
	  "kernel functions that are traced: each call takes probe_overhead", NULL },
	{ "tick", FIELD_DURATION, offsetof(struct scenario, tick_ps), PS_PER_MS, 10 * PS_PER_MS,
	  "\"4ms\"", NULL, "period of the scheduler's tick on a pCPU that is not idle", NULL },
	{ "sched", FIELD_OBJECT, 0, 0, 0, "{}", NULL, "parameters of the scheduler",
	  &sched_table },
};

FIELD_TABLE(host_table, "host", struct scenario, "the host", host_fields);

struct fair_params scenario_sched(const struct scenario *scenario)
{
	struct fair_params params = fair_params_default(scenario->kernel, scenario->nr_pcpus);
	const struct fair_params *stated = &scenario->sched;

	if (scenario->tick_ps > 0)
		params.tick_ps = scenario->tick_ps;
	if (stated->latency_ps > 0)
		params.latency_ps = stated->latency_ps;
	if (stated->min_granularity_ps > 0)
		params.min_granularity_ps = stated->min_granularity_ps;
	if (stated->wakeup_granularity_ps > 0)
		params.wakeup_granularity_ps = stated->wakeup_granularity_ps;
	if (stated->slice_ps > 0)
		params.slice_ps = stated->slice_ps;
	return params;
}

/* A parameter of the scheduler that the host's kernel does not have is not an error: kernels are
 * compared. */
static void check_sched(struct decoder *decoder, const struct scenario *scenario)
{
	bool eevdf = fair_params_default(scenario->kernel, scenario->nr_pcpus).eevdf;
	const struct fair_params *stated = &scenario->sched;
	bool before = stated->latency_ps || stated->min_granularity_ps ||
		      stated->wakeup_granularity_ps;

	pointer_push(decoder->pointer, "sched");
	if (eevdf ? before : stated->slice_ps > 0)
		decode_warning(decoder, "the host runs Linux %u.%u, whose scheduler has %s",
			       scenario->kernel / 256, scenario->kernel % 256,
			       eevdf ? "\"slice\" alone" : "no \"slice\"");
	pointer_pop(decoder->pointer);
}

static void report_unknown(struct decoder *decoder, const char *name,
			   const struct platform *platform)
{
	GPtrArray *names = g_ptr_array_new();

	for (uint32_t i = 0; i < platform->idle.nr_states; i++)
		g_ptr_array_add(names, (char *)platform->idle.states[i].name);
	if (names->len > 0) {
		decode_unknown(decoder, "idle state", name, names);
		return;
	}
	g_ptr_array_unref(names);
	decode_error(decoder, "platform \"%s\" has no idle states", platform->name);
}

static void decode_idle_state(struct decoder *decoder, const json_t *value,
			      struct scenario *ret)
{
	const struct idle_config *idle = &ret->platform.idle;
	const char *name = json_string_value(value);
	uint32_t index = 0;

	if (!name) {
		decode_error(decoder, "expected the name of an idle state, found %s",
			     json_kind(value));
		return;
	}
	while (index < idle->nr_states && strcmp(idle->states[index].name, name) != 0)
		index++;
	if (index == idle->nr_states)
		report_unknown(decoder, name, &ret->platform);
	else if (ret->idle_enabled & 1U << index)
		decode_error(decoder, "idle state \"%s\" is named twice", name);
	else
		ret->idle_enabled |= 1U << index;
}

/* The platform has no mistake. */
static void decode_idle_states(struct decoder *decoder, const json_t *value, struct scenario *ret)
{
	size_t nr;

	if (json_is_null(value)) {
		ret->idle_enabled = ret->platform.idle.enabled;
		return;
	}
	pointer_push(decoder->pointer, "idle_states");
	nr = decode_array(decoder, value, 1, IDLE_STATES_MAX);
	for (size_t i = 0; i < nr; i++) {
		pointer_push_index(decoder->pointer, i);
		decode_idle_state(decoder, json_array_get(value, i), ret);
		pointer_pop(decoder->pointer);
	}
	pointer_pop(decoder->pointer);
}

static void report_unknown_probe(struct decoder *decoder, const char *name)
{
	GPtrArray *names = g_ptr_array_new();

	for (int i = 0; i < NR_PROBES; i++)
		g_ptr_array_add(names, (char *)probe_rows[i].name);
	decode_unknown(decoder, "kernel function", name, names);
}

/* good: the platform is known. */
static void decode_probe(struct decoder *decoder, const json_t *value, bool good,
			 struct scenario *ret)
{
	const char *name = json_string_value(value);
	int probe = 0;

	if (!name) {
		decode_error(decoder, "expected the name of a kernel function, found %s",
			     json_kind(value));
		return;
	}
	while (probe < NR_PROBES && strcmp(probe_rows[probe].name, name) != 0)
		probe++;
	if (probe == NR_PROBES)
		report_unknown_probe(decoder, name);
	else if (ret->probes & 1U << probe)
		decode_error(decoder, "kernel function \"%s\" is named twice", name);
	else if (good && (int)probe_rows[probe].arch != ret->platform.arch)
		decode_error(decoder, "\"%s\" is a function of %s, the platform is %s", name,
			     arch_words[probe_rows[probe].arch], arch_words[ret->platform.arch]);
	else
		ret->probes |= 1U << probe;
}

static void decode_probes(struct decoder *decoder, const json_t *value, bool good,
			  struct scenario *ret)
{
	size_t nr;

	pointer_push(decoder->pointer, "probes");
	nr = decode_array(decoder, value, 0, NR_PROBES);
	for (size_t i = 0; i < nr; i++) {
		pointer_push_index(decoder->pointer, i);
		decode_probe(decoder, json_array_get(value, i), good, ret);
		pointer_pop(decoder->pointer);
	}
	pointer_pop(decoder->pointer);
}

void scenario_decode_host(struct decoder *decoder, const json_t *value, bool good,
			  struct scenario *ret)
{
	if (!json_is_object(value))
		return;
	pointer_push(decoder->pointer, "host");
	if (good)
		decode_idle_states(decoder, json_object_get(value, "idle_states"), ret);
	decode_probes(decoder, json_object_get(value, "probes"), good, ret);
	if (ret->kernel > 0 && ret->nr_pcpus > 0)
		check_sched(decoder, ret);
	pointer_pop(decoder->pointer);
}
