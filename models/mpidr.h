/*
 * mpidr - affinities: matching one against an SGI request, and the walk over all vCPUs.
 *
 * Pure functions; the costs of the steps are spent by the routes that take them.
 */
#ifndef MODELS_MPIDR_H
#define MODELS_MPIDR_H

#include <stdbool.h>
#include <stdint.h>

#include "models/cost.h"
#include "models/host.h"
#include "models/request.h"
#include "models/vcpu.h"
#include "models/vm.h"

enum { MPIDR_AFF0_BITS = 8, SGI_TARGETS = 16 };

/* match_mpidr(): Aff0 if the write names this vCPU and its bit is still wanted, else -1. */
static inline int mpidr_match(const struct sgi_request *request, uint32_t wanted, uint32_t mpidr)
{
	uint32_t aff0 = mpidr & ((1u << MPIDR_AFF0_BITS) - 1);

	if (mpidr >> MPIDR_AFF0_BITS != request->affinity || aff0 >= SGI_TARGETS)
		return -1;
	return wanted >> aff0 & 1 ? (int)aff0 : -1;
}

/* Linear kvm_mpidr_to_vcpu(): index of the vCPU with this affinity; nr_vcpus when there is none. */
static inline uint32_t mpidr_scan(const struct vm *vm, uint32_t mpidr)
{
	uint32_t index = 0;

	while (index < vm->nr_vcpus && vm->vcpus[index]->mpidr != mpidr)
		index++;
	return index;
}

/* What a step of kvm_for_each_vcpu() costs: xarray since v5.17, array before. */
static inline enum cost_id vcpu_step_cost(const struct host *host)
{
	return host_has(host, KERNEL_VCPU_XARRAY) ? C_VCPU_WALK_STEP : C_VCPU_ARRAY_STEP;
}

#endif
