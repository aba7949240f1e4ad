/*
 * world - building and running one run.
 */
#include "app/world.h"

#include "models/lock.h"
#include "models/pcpu.h"
#include "models/vm.h"
#include "models/workload/workload.h"
#include "sim/arena.h"

const char *const run_end_words[] = {
	[RUN_STOP] = "stop",
	[RUN_DRAINED] = "drained",
	[RUN_DEADLOCK] = "deadlock",
	[RUN_STARVED] = "starved",
	NULL,
};

static uint32_t count_vcpus(const struct scenario *scenario)
{
	uint32_t nr_vcpus = 0;

	for (uint32_t i = 0; i < scenario->nr_vms; i++)
		nr_vcpus += scenario->vms[i].nr_vcpus;
	return nr_vcpus;
}

static void build_vms(struct host *host, const struct scenario *scenario)
{
	host->vcpus = ARENA_NEW_N(host->arena, struct vcpu *, count_vcpus(scenario));
	host->vms = ARENA_NEW_N(host->arena, struct vm *, scenario->nr_vms);
	for (uint32_t i = 0; i < scenario->nr_vms; i++)
		vm_new(host, &scenario->vms[i], scenario_first_pcpu(scenario, i));
}

struct host *world_build(struct arena *arena, const struct run_spec *spec)
{
	const struct scenario *scenario = spec->scenario;
	struct host_config config = {
		.topology = scenario->platform.topology,
		.nr_pcpus = scenario->nr_pcpus,
		.kernel = scenario->kernel,
		.arch = (enum arch)scenario->platform.arch,
		.clock_hz = scenario->platform.clock_hz,
		.costs = scenario->platform.costs,
		.idle = scenario->platform.idle,
		.smt_slowdown_ppm = scenario->platform.smt_slowdown.factor_ppm,
		.fair = scenario_sched(scenario),
		.tick_ps = scenario->tick_ps,
		.probes = scenario->probes,
		.warmup_interrupts = scenario->warmup_interrupts,
		.warmup_ps = scenario->warmup_ps,
		.stop_interrupts = scenario->stop_interrupts,
		.stop_window_ps = scenario->stop_window_ps,
	};
	struct sim *sim = sim_new(arena, spec->label, spec->seed, spec->replication);
	struct host *host;

	config.idle.enabled = scenario->idle_enabled;
	host = host_new(sim, &config);
	build_vms(host, scenario);
	for (uint32_t i = 0; i < scenario->nr_workloads; i++) {
		const struct workload_config *workload = &scenario->workloads[i];
		bool of_guest = workload->ops->scope == WORKLOAD_GUEST;

		workload->ops->build(host, of_guest ? host->vms[workload->vm_index] : NULL,
				     workload);
	}
	for (uint32_t i = 0; i < host->nr_vms; i++)
		vm_start(host->vms[i]);
	return host;
}

static enum run_end run_end(const struct host *host)
{
	const struct sim *sim = host->sim;

	if (sim->stalled)
		return RUN_STARVED;
	if (sim->stopping)
		return RUN_STOP;
	if (host->nr_sources == 0 && host->life.nr_finished == host->life.nr_raised)
		return RUN_DRAINED;	/* guests may compute for ever */
	if (event_queue_next(&sim->queue)->time_ps != PS_NEVER)
		return RUN_STARVED;
	return host_nr_lock_waiters(host) ? RUN_DEADLOCK : RUN_DRAINED;
}

enum run_end world_run(struct host *host, ps_t stop_time_ps)
{
	host_start(host);
	sim_run(host->sim, stop_time_ps);
	host_close_window(host);
	host_check(host);
	return run_end(host);
}
