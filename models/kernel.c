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
	[KERNEL_WAKELIST_ON_CPU] = {
		.since = KERNEL(5, 8),
		.what = "try_to_wake_up() queues a thread that is still switching out on its "
			"pCPU's wake list; before it spins until the switch is done",
	},
	[KERNEL_WAKELIST_IDLE] = {
		.since = KERNEL(6, 0),
		.what = "ttwu_queue_cond() chooses the wake list for an idle pCPU that shares a "
			"cache with the waker, too",
	},
	[KERNEL_BUSY_FACTOR] = {
		.since = KERNEL(5, 10),
		.what = "sd_init() sets busy_factor to 16, before to 32: how much longer a busy "
			"CPU waits between two balances",
	},
	[KERNEL_EEVDF] = {
		.since = KERNEL(6, 6),
		.what = "pick_next_entity() takes the eligible entity with the earliest virtual "
			"deadline (pick_eevdf), before the one with the least virtual run time",
	},
	[KERNEL_PICK_BUDDY] = {
		.since = KERNEL(6, 14),
		.what = "pick_next_entity() prefers the one that yield_to() named if it is "
			"eligible (PICK_BUDDY); from 6.6 on nobody looked at that name",
	},
	[KERNEL_SHORT_SLICE] = {
		.since = KERNEL(6, 15),
		.what = "sysctl_sched_base_slice is 0.70 ms times the factor of the number of "
			"CPUs, before 0.75 ms",
	},
	[KERNEL_HALT_POLL_FLOOR] = {
		.since = KERNEL(5, 15),
		.what = "shrink_halt_poll_ns() makes a result below halt_poll_ns_grow_start 0; "
			"before it keeps it",
	},
	[KERNEL_HALT_POLL_CAP] = {
		.since = KERNEL(6, 1),
		.what = "kvm_vcpu_halt() caps the vCPU's halt_poll_ns before it polls; before "
			"grow_halt_poll_ns() capped it",
	},
	[KERNEL_HALT_POLL_SHRINK] = {
		.since = KERNEL(6, 11),
		.what = "halt_poll_ns_shrink is 2 by default, before 0: to nothing at once",
	},
};
