#include "app/pilot.h"

#include "app/recorder.h"
#include "sim/arena.h"

static enum metric_latency main_latency(const struct scenario *scenario)
{
	struct metric metric;

	for (int kind = 0; kind < NR_METRIC_LATENCIES; kind++)
		if (g_str_equal(scenario->metric, metric_latency_words[kind]))
			return (enum metric_latency)kind;
	if (metric_parse(scenario->metric, &metric) &&
	    (metric.of == METRIC_LATENCY || metric.of == METRIC_FLOW))
		return (enum metric_latency)metric.index;
	return LATENCY_DELIVER;
}

enum warmup pilot_run(struct arena *arena, const struct run_spec *spec, uint64_t *ret_interrupts)
{
	struct scenario scenario = *spec->scenario;
	struct run_spec pilot = *spec;
	struct mser *mser = ARENA_NEW(arena, struct mser);
	struct host *host;

	scenario.warmup_interrupts = 0;
	scenario.warmup_ps = 0;
	pilot.scenario = &scenario;
	mser_init(mser);
	host = world_build(arena, &pilot);
	recorder_pilot(recorder_attach(host, &scenario), mser, main_latency(&scenario));
	world_run(host, scenario.stop_time_ps);
	return mser_truncate(mser, ret_interrupts) ? WARMUP_SETTLED : WARMUP_UNSETTLED;
}
