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
	uint32_t first_pcpu = 0;

	host->vcpus = ARENA_NEW_N(host->arena, struct vcpu *, count_vcpus(scenario));
	host->vms = ARENA_NEW_N(host->arena, struct vm *, scenario->nr_vms);
	for (uint32_t i = 0; i < scenario->nr_vms; i++) {
		vm_new(host, &scenario->vms[i], first_pcpu);
		first_pcpu += scenario->vms[i].nr_vcpus;
	}
}

struct host *world_build(struct arena *arena, const struct run_spec *spec)
{
	const struct scenario *scenario = spec->scenario;
	const struct host_config config = {
		.topology = scenario->platform.topology,
		.nr_pcpus = scenario->nr_pcpus,
		.kernel = scenario->kernel,
		.arch = (enum arch)scenario->platform.arch,
		.costs = scenario->platform.costs,
		.warmup_interrupts = scenario->warmup_interrupts,
		.stop_interrupts = scenario->stop_interrupts,
	};
	struct sim *sim = sim_new(arena, spec->label, spec->seed, spec->replication);
	struct host *host = host_new(sim, &config);

	build_vms(host, scenario);
	for (uint32_t i = 0; i < scenario->nr_workloads; i++) {
		const struct workload_config *workload = &scenario->workloads[i];

		workload->ops->build(host, host->vms[workload->vm_index], workload);
	}
	for (uint32_t i = 0; i < host->nr_vms; i++)
		vm_start(host->vms[i]);
	return host;
}

/* raised = handled + coalesced + dropped + pending, the pending ones counted where they are. */
static void check_conservation(const struct host *host)
{
	const struct irq_life *life = &host->life;
	uint64_t nr_accounted = life->nr_handled + life->nr_coalesced + irq_nr_dropped(life);

	sim_assert(life->nr_raised == nr_accounted + irq_count_pending(host));
}

/* In the window: waiting = sum of the waits, held = sum of the holds, to the picosecond. */
static void check_locks(const struct host *host)
{
	for (struct lock_class *class = host->lock_classes; class; class = class->next)
		for (struct lock *lock = class->locks; lock; lock = lock->next) {
			if (!lock->stats)
				continue;
			sim_assert(lock->stats->queue_ps == lock->stats->wait_ps);
			sim_assert(lock->stats->busy_ps == lock->stats->hold_ps);
		}
}

/* Every pCPU's window is spent in the guest, in the host or idle. */
static void check_pcpus(const struct host *host)
{
	for (uint32_t i = 0; i < host->nr_pcpus; i++) {
		const ps_t *time_ps = host->pcpus[i].time_ps;
		ps_t total_ps = time_ps[PCPU_GUEST] + time_ps[PCPU_HOST] + time_ps[PCPU_IDLE];

		sim_assert(total_ps == host->sim->now_ps - host->window_start_ps);
	}
}

static enum run_end run_end(const struct host *host)
{
	const struct sim *sim = host->sim;

	if (sim->stopping)
		return RUN_STOP;
	if (event_queue_next(&sim->queue)->time_ps != PS_NEVER)
		return RUN_STARVED;
	return host_nr_lock_waiters(host) ? RUN_DEADLOCK : RUN_DRAINED;
}

enum run_end world_run(struct host *host, ps_t stop_time_ps)
{
	host_start(host);
	sim_run(host->sim, stop_time_ps);
	host_close_window(host);
	check_conservation(host);
	check_locks(host);
	check_pcpus(host);
	return run_end(host);
}
