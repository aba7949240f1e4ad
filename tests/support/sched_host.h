/*
 * sched_host - a host without costs, of one socket and one group, for oracles of the scheduler.
 */
#ifndef TESTS_SUPPORT_SCHED_HOST_H
#define TESTS_SUPPORT_SCHED_HOST_H

#include "models/host.h"
#include "models/sched.h"
#include "sim/arena.h"
#include "sim/sim.h"

/* slice_ps: 0 for the kernel's; else slices and ticks of that length. */
static inline struct host *sched_host(struct sim *sim, uint32_t nr_pcpus, uint32_t kernel,
				      ps_t slice_ps)
{
	struct host_config config = {
		.topology = { 1, 1, nr_pcpus, 1, LLC_SOCKET },
		.nr_pcpus = nr_pcpus,
		.kernel = kernel,
		.costs = ARENA_NEW_N(sim->arena, struct cost_entry, NR_COSTS),
		.warmup_ps = PS_PER_S * 1000,
		.stop_interrupts = UINT64_MAX,
	};

	if (slice_ps) {
		config.tick_ps = slice_ps;
		config.fair = (struct fair_params){
			.eevdf = kernel_has(kernel, KERNEL_EEVDF),
			.latency_ps = 4 * slice_ps,
			.min_granularity_ps = slice_ps,
			.wakeup_granularity_ps = slice_ps,
			.slice_ps = slice_ps,
		};
	}
	return host_new(sim, &config);
}

#endif
