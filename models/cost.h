/*
 * cost - what a step of the host, the guest or the hardware takes: one row per cost.
 *
 * The rows say what is meant; the picoseconds and their sources come from a platform file. A cost
 * is spent (COST in models/context.h), never looked at to decide anything. Owned by the host that
 * it describes; constant for the whole run.
 */
#ifndef MODELS_COST_H
#define MODELS_COST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/dist.h"
#include "sim/ps.h"

enum arch { ARCH_ARM64, ARCH_X86 };
enum { ON_ARM64 = 1 << ARCH_ARM64, ON_X86 = 1 << ARCH_X86, ON_ALL = ON_ARM64 | ON_X86 };

/*
 * X(name, architectures that need it, meaning). The JSON key is the name in small letters. A
 * platform gives every cost of its architecture.
 */
#define COST_ROWS(X)									\
	X(VM_EXIT, vm_exit, ON_ALL,							\
	  "guest instruction or interrupt to the host's run loop, irqs off")		\
	X(VM_ENTRY, vm_entry, ON_ALL,							\
	  "run loop to the guest's next instruction")					\
	X(REQUEST_CHECK, request_check, ON_ALL,						\
	  "handling a pending vCPU request before entry")				\
	X(WAKE_CHECK, wake_check, ON_ALL,						\
	  "kick: is the vCPU's thread asleep (barrier, load)")				\
	X(ATOMIC_RMW, atomic_rmw, ON_ALL,						\
	  "one atomic read-modify-write on a line held here")				\
	X(IPI_SEND, ipi_send, ON_ALL,							\
	  "host: write to the interrupt controller that sends an IPI")			\
	X(IPI_FLIGHT, ipi_flight, ON_ALL,						\
	  "IPI from that write to the target pCPU")					\
	X(IPI_FLIGHT_FAR, ipi_flight_far, ON_ALL,					\
	  "added to ipi_flight between groups, of one socket or of two")		\
	X(IPI_FLIGHT_REMOTE, ipi_flight_remote, ON_ALL,					\
	  "added to both between sockets")						\
	X(HOST_IRQ, host_irq, ON_ALL,							\
	  "host hardirq: entry, acknowledge, EOI, return")				\
	X(CACHELINE_TRANSFER_CORE, cacheline_transfer_core, ON_ALL,			\
	  "line from the core's other thread")						\
	X(CACHELINE_TRANSFER_GROUP, cacheline_transfer_group, ON_ALL,			\
	  "line from another core of the group")					\
	X(CACHELINE_TRANSFER, cacheline_transfer, ON_ALL,				\
	  "line from another group of the socket")					\
	X(CACHELINE_TRANSFER_REMOTE, cacheline_transfer_remote, ON_ALL,			\
	  "line from another socket")							\
	X(VCPU_WALK_STEP, vcpu_walk_step, ON_ALL,					\
	  "one step of a walk over all vCPUs by xarray")				\
	X(VCPU_ARRAY_STEP, vcpu_array_step, ON_ALL,					\
	  "one step of a walk over all vCPUs by array")					\
	X(HASH_LOOKUP, hash_lookup, ON_ALL,						\
	  "vCPU by compressed id: gather bits, table, compare")				\
	X(HASH_BUILD_STEP, hash_build_step, ON_ARM64,					\
	  "building the MPIDR table, per vCPU")						\
	X(SYSREG_DECODE, sysreg_decode, ON_ARM64,					\
	  "trapped system register: exit decode, table search")				\
	X(SGI_DECODE, sgi_decode, ON_ARM64,						\
	  "vgic_v3_dispatch_sgi: fields of the SGI register")				\
	X(VGIC_LATCH, vgic_latch, ON_ARM64,						\
	  "one interrupt, under irq_lock: checks, latch, oracle")			\
	X(VGIC_QUEUE, vgic_queue, ON_ARM64,						\
	  "one interrupt onto an AP list, under both locks")				\
	X(VGIC_FLUSH_LR, vgic_flush_lr, ON_ARM64,					\
	  "flush, per list register: oracle, encode, write")				\
	X(VGIC_FOLD_LR, vgic_fold_lr, ON_ARM64,						\
	  "sync, per list register: read, fold")					\
	X(VGIC_PRUNE, vgic_prune, ON_ARM64,						\
	  "sync, per entry of the AP list: is it finished")				\
	X(GIC_IAR, gic_iar, ON_ARM64,							\
	  "guest: read of the acknowledge register")					\
	X(GIC_EOI, gic_eoi, ON_ARM64,							\
	  "guest: write of the end-of-interrupt register")				\
	X(ICR_DECODE, icr_decode, ON_X86,						\
	  "trapped write of the ICR: exit decode, MSR dispatch, fields")		\
	X(APIC_MAP, apic_map, ON_X86,							\
	  "kvm_irq_delivery_to_apic_fast: map of APIC ids, bound check, entry")		\
	X(APIC_ACCEPT, apic_accept, ON_X86,						\
	  "one interrupt into an IRR: __apic_accept_irq, without line and kick")	\
	X(APIC_INJECT, apic_inject, ON_X86,						\
	  "one interrupt from IRR to ISR, and as the event of the next entry")		\
	X(APIC_EOI, apic_eoi, ON_X86,							\
	  "trapped end of interrupt: exit decode, ISR, priority")			\
	X(IRQ_WINDOW, irq_window, ON_X86,						\
	  "interrupt-window exit: decode, no more of them")				\
	X(APIC_PENDING, apic_pending, ON_X86,						\
	  "pending test of a halted vCPU: highest bit of the IRR")			\
	X(PV_EOI, pv_eoi, ON_X86,							\
	  "guest: test and clear of the PV EOI bit in its memory")			\
	X(GUEST_IRQ_ENTRY, guest_irq_entry, ON_ALL,					\
	  "guest: vector and entry code to the handler")				\
	X(GUEST_IRQ_EXIT, guest_irq_exit, ON_ALL,					\
	  "guest: return from the interrupt")						\
	X(GUEST_IDLE, guest_idle, ON_ALL,						\
	  "guest: its idle loop, from nothing to do to the halting instruction")	\
	X(GUEST_WAKE, guest_wake, ON_ALL,						\
	  "guest: from the handler that wakes a task to that task's first instruction")	\
	X(HALT_EXIT, halt_exit, ON_ALL,							\
	  "halting instruction trapped: exit decode, up to kvm_vcpu_halt()")		\
	X(HALT_POLL_TURN, halt_poll_turn, ON_ALL,					\
	  "one turn of the host's halt polling, without the pending test")		\
	X(VGIC_PENDING, vgic_pending, ON_ARM64,						\
	  "pending test of a halted vCPU, under ap_list_lock")				\
	X(VCPU_BLOCK, vcpu_block, ON_ALL,						\
	  "around a vCPU's sleep: publish the waiter, take it back")	\
	X(VCPU_LOAD, vcpu_load, ON_ALL,							\
	  "vcpu_load: the vCPU's state onto this pCPU")					\
	X(VCPU_LOAD_OTHER, vcpu_load_other, ON_ALL,					\
	  "added to vcpu_load when another vCPU ran last on this pCPU (TLB, predictors)")	\
	X(VCPU_PUT, vcpu_put, ON_ALL,							\
	  "vcpu_put: the vCPU's state off this pCPU")					\
	X(WAKE_UP, wake_up, ON_ALL,							\
	  "try_to_wake_up: placement and bookkeeping, without run queue and IPI")	\
	X(WAKE_SCAN_STEP, wake_scan_step, ON_ALL,					\
	  "try_to_wake_up: one more pCPU looked at for being idle")			\
	X(ENQUEUE, enqueue, ON_ALL,							\
	  "one thread onto a run queue, under its lock, with the preemption check")	\
	X(SCHEDULE, schedule, ON_ALL,							\
	  "__schedule: accounting and the pick of the next thread, under the lock")	\
	X(CONTEXT_SWITCH, context_switch, ON_ALL,					\
	  "switch to the next thread: address space, stack, registers, cold caches")	\
	X(IDLE_ENTRY, idle_entry, ON_ALL,						\
	  "idle loop: from no thread to the idle state's instruction")			\
	X(SCHED_TICK, sched_tick, ON_ALL,						\
	  "scheduler tick, without the hardirq around it")				\
	X(TIMER_IRQ, timer_irq, ON_ALL,							\
	  "expired high-resolution timer, without the hardirq around it")		\
	X(VTIMER_IRQ, vtimer_irq, ON_ARM64,						\
	  "virtual timer of a loaded vCPU: to its CPU, and kvm_arch_timer_handler()")	\
	X(PAUSE_EXIT, pause_exit, ON_ALL,						\
	  "spinning guest trapped: exit decode, up to kvm_vcpu_on_spin()")		\
	X(ON_SPIN_STEP, on_spin_step, ON_ALL,						\
	  "kvm_vcpu_on_spin: one vCPU looked at")					\
	X(YIELD_TO, yield_to, ON_ALL,							\
	  "yield_to: two run queues locked, buddy hint")				\
	X(SRCU_READ, srcu_read, ON_ALL,							\
	  "SRCU read section: counter and full barrier, twice")				\
	X(RCU_GRACE, rcu_grace, ON_ALL,							\
	  "RCU grace period beyond the last reader: its machinery's delay")		\
	X(PROBE_OVERHEAD, probe_overhead, ON_ALL,					\
	  "one call of a kernel function that is traced: part of the probes in its time")

enum cost_id {
#define COST_ID(name, key, archs, meaning) C_##name,
	COST_ROWS(COST_ID)
#undef COST_ID
	NR_COSTS
};

enum cost_kind { COST_MEASURED, COST_FITTED, COST_ESTIMATED };

/* Between which values a cost may be fitted. */
struct cost_fit {
	ps_t min_ps, max_ps;		/* inclusive; min_ps < max_ps */
	const char *why;		/* what bounds it; NULL: the cost is not free */
};

/* Of one cost, as a platform states it. Strings are owned by the scenario. */
struct cost_entry {
	struct dist dist;
	enum cost_kind kind;
	const char *source;		/* where the number comes from */
	uint32_t uncertainty_ppm;	/* 0: not stated */
	struct cost_fit fit;
};

struct cost_row {
	const char *key;
	uint32_t archs;			/* ON_ARM64 | ON_X86 */
	const char *meaning;
};

extern const struct cost_row cost_rows[NR_COSTS];
extern const char *const cost_kind_words[];	/* NULL-terminated, in the order of cost_kind */
extern const char *const arch_words[];		/* NULL-terminated, in the order of arch */

#endif
