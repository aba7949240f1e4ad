/*
 * swarm - a random small world: host, costs, VMs, workloads, all from one seed.
 *
 * Configurations only; the test builds and runs what they describe. Every source of interrupts and
 * every thread of the host has a finite count, so that a world comes to rest (guests may spin or
 * compute for ever).
 */
#ifndef TESTS_SUPPORT_SWARM_H
#define TESTS_SUPPORT_SWARM_H

#include <stdbool.h>
#include <stdint.h>

#include "models/cost.h"
#include "models/host.h"
#include "models/vm.h"
#include "models/workload/compute.h"
#include "models/workload/ipi.h"
#include "models/workload/line.h"
#include "models/workload/lock.h"
#include "models/workload/ping_pong.h"
#include "models/workload/timer.h"
#include "models/workload/workload.h"
#include "sim/rng.h"

struct arena;

enum { SWARM_VMS = 3, SWARM_VCPUS = 20, SWARM_WORKLOADS = 6, SWARM_IDS = 8 };

/* Of one workload: what its configuration points to. */
struct swarm_load {
	char name[8];
	uint64_t from[SWARM_IDS], to[SWARM_IDS];
	union {
		struct ipi_params ipi;
		struct ping_pong_params ping_pong;
		struct timer_params timer;
		struct line_params line;
		struct lock_params lock;
		struct compute_params compute;
	};
};

/* What all workloads on one VM agree on. */
struct swarm_guest {
	int receiver, ack;
	ps_t work_ps;
};

/* Points into itself: never copied. */
struct swarm {
	struct stream dice;
	struct arena *arena;
	struct host_config config;
	bool slow;			/* slices and ticks are a kernel's, not much shorter */
	struct cost_entry costs[NR_COSTS];
	struct vm_config vms[SWARM_VMS];
	struct swarm_guest guests[SWARM_VMS];
	uint32_t first_pcpus[SWARM_VMS];
	uint64_t pins[SWARM_VMS][SWARM_VCPUS], mpidrs[SWARM_VMS][SWARM_VCPUS];
	uint32_t nr_vms, nr_vcpus;
	struct workload_config workloads[SWARM_WORKLOADS];
	struct swarm_load loads[SWARM_WORKLOADS];
	uint32_t nr_workloads;
	uint64_t nr_requests;		/* that the workloads will make; x86: at most */
	ps_t stop_window_ps;		/* of a run of this world that does not drain; 0: none */
};

/* The world of a seed; tables of costs are in the arena. */
void swarm_pick(struct swarm *swarm, struct arena *arena, uint64_t seed);

/* --- between the files of swarm ------------------------------------------------------------- */

/* One of 0 .. n - 1; true in so many of 100 cases; so many different numbers below limit. */
uint32_t swarm_roll(struct swarm *swarm, uint32_t n);
bool swarm_chance(struct swarm *swarm, uint32_t percent);
void swarm_roll_distinct(struct swarm *swarm, uint64_t *numbers, uint32_t nr, uint32_t limit);

/* 0 or up to max. */
ps_t swarm_pause(struct swarm *swarm, ps_t max_ps);

void swarm_pick_vms(struct swarm *swarm);
void swarm_pick_workloads(struct swarm *swarm);

#endif
