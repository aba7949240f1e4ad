/*
 * sched_rig - a rig for timelines of the scheduler: its costs, and slices of microseconds.
 *
 * Costs, in ns: __schedule() 10, context switch 20, idle entry 7, wake-up 5, enqueue 3, IPI 2 to
 * send and 50 on its way, hardirq 30, tick 4; lines and locks take no time. So going from one
 * thread to another takes 30, of which the first 10 are the old one's; from a thread to idle 37;
 * and an IPI to an idle pCPU is 30 + 10 + 20 away from the thread. CFS: period 6000, least slice
 * 750, lead to preempt 1000; EEVDF: slice 3000.
 */
#ifndef TESTS_SUPPORT_SCHED_RIG_H
#define TESTS_SUPPORT_SCHED_RIG_H

#include "tests/support/script.h"

static inline struct rig *sched_rig(uint32_t nr_pcpus, uint32_t kernel)
{
	struct rig *rig = rig_new(nr_pcpus);

	rig->config.kernel = kernel;
	rig->config.fair = (struct fair_params){
		.eevdf = kernel_has(kernel, KERNEL_EEVDF),
		.latency_ps = 6 * PS_PER_US,
		.min_granularity_ps = 750 * PS_PER_NS,
		.wakeup_granularity_ps = PS_PER_US,
		.slice_ps = 3 * PS_PER_US,
		.pick_buddy = kernel_has(kernel, KERNEL_PICK_BUDDY),
	};
	rig_cost(rig, C_SCHEDULE, 10);
	rig_cost(rig, C_CONTEXT_SWITCH, 20);
	rig_cost(rig, C_IDLE_ENTRY, 7);
	rig_cost(rig, C_WAKE_UP, 5);
	rig_cost(rig, C_ENQUEUE, 3);
	rig_cost(rig, C_IPI_SEND, 2);
	rig_cost(rig, C_IPI_FLIGHT, 50);
	rig_cost(rig, C_HOST_IRQ, 30);
	rig_cost(rig, C_SCHED_TICK, 4);
	return rig;
}

static inline void sched_show(struct rig *rig)
{
	rig_show(rig, POINT_IPI);
	rig_show(rig, POINT_HARDIRQ);
	for (int point = POINT_WAKE; point <= POINT_IDLE_END; point++)
		rig_show(rig, (enum point)point);
}

static inline void sched_build(struct rig *rig)
{
	rig_build(rig);
	sched_show(rig);
}

static inline void sched_end(struct rig *rig)
{
	rig_check(rig);
	rig_free(rig);
}

#endif
