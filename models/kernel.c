/*
 * kernel - which release brought which change.
 */
#include "models/kernel.h"

const struct kernel_gate kernel_gates[NR_KERNEL_FEATURES] = {
	[KERNEL_VCPU_XARRAY] = {
		.since = KERNEL(5, 17),
		.what = "kvm_for_each_vcpu() goes through an xarray (xa_for_each_range), before "
			"through an array",
	},
	[KERNEL_MPIDR_SCAN] = {
		.since = KERNEL(6, 10),
		.what = "kvm_mpidr_to_vcpu() scans all vCPUs when the table has another vCPU at "
			"the index; before it answers that there is none",
	},
};
