/*
 * swarm - a random small world: host, costs, VMs, workloads, all from one seed.
 *
 * Configurations only; the test builds and runs what they describe. Every source of interrupts has
 * a finite count, so that a world comes to rest.
 */
#ifndef TESTS_SUPPORT_SWARM_H
#define TESTS_SUPPORT_SWARM_H

#include <stdint.h>

#include "models/cost.h"
#include "models/host.h"
#include "models/vm.h"
#include "models/workload/ipi.h"
#include "models/workload/workload.h"
#include "sim/rng.h"

struct arena;

enum { SWARM_VMS = 3, SWARM_VCPUS = 20, SWARM_WORKLOADS = 4, SWARM_IDS = 8 };

/* Points into itself: never copied. */
struct swarm {
	struct stream dice;
	struct arena *arena;
	struct host_config config;
	struct cost_entry costs[NR_COSTS];
	struct vm_config vms[SWARM_VMS];
	uint64_t pins[SWARM_VMS][SWARM_VCPUS], mpidrs[SWARM_VMS][SWARM_VCPUS];
	uint32_t nr_vms, nr_vcpus;
	struct workload_config workloads[SWARM_WORKLOADS];
	struct ipi_params ipis[SWARM_WORKLOADS];
	uint64_t from[SWARM_WORKLOADS][SWARM_IDS], to[SWARM_WORKLOADS][SWARM_IDS];
	uint32_t nr_workloads;
	uint64_t nr_requests;		/* that the workloads will make */
};

/* The world of a seed; tables of costs are in the arena. */
void swarm_pick(struct swarm *swarm, struct arena *arena, uint64_t seed);

#endif
