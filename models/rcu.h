/*
 * rcu - readers that never wait, and a grace period that waits for them: RCU and SRCU domains.
 *
 * A reader counts itself in the domain's present phase and takes itself out of the same one. A
 * grace period flips the phase and waits for the readers of the old one; SRCU first waits for those
 * who read the phase before the last flip and counted themselves after it. Then its machinery takes
 * COST(C_RCU_GRACE), and a hardirq on the first caller's pCPU wakes the callers. Who comes while a
 * grace period is under way shares the next one.
 *
 * Readers: any host context. RCU's side is free and leaves preemption on (PREEMPT_RCU). SRCU's is
 * a counter of this pCPU and a full barrier, each way. Grace periods: threads, which sleep.
 *
 * Follows: rcu_read_lock(), synchronize_rcu() in kernel/rcu/tree_plugin.h and tree.c;
 *          srcu_read_lock(), srcu_advance_state() in kernel/rcu/srcutree.c  (Linux v5.4-v6.18)
 * Leaves out: callbacks without a waiter, the pCPU time of grace-period threads and work items, the
 *             scan over per-CPU counters and its retries, readers that are sections with preemption
 *             off.
 */
#ifndef MODELS_RCU_H
#define MODELS_RCU_H

#include <stdbool.h>
#include <stdint.h>

#include "models/context.h"
#include "models/pcpu.h"
#include "sim/event.h"
#include "sim/path.h"

struct host;
struct thread;

enum rcu_kind { RCU, SRCU };

enum rcu_state {
	RCU_IDLE,
	RCU_SCAN_LATE,		/* readers who counted themselves in a phase that had ended */
	RCU_SCAN_OLD,		/* readers of the phase that ends with this grace period */
	RCU_ENDING,		/* no such reader any more; callers are not woken yet */
};

/* A caller of rcu_synchronize, in its frame. */
struct rcu_waiter {
	struct thread *thread;
	struct rcu_waiter *next;
	bool done;
};

struct rcu_domain {
	struct host *host;
	enum rcu_kind kind;
	enum rcu_state state;
	uint32_t phase;			/* 0 or 1: where readers count themselves */
	uint64_t nr_readers[2];
	uint64_t nr_grace_periods;	/* that have ended */
	struct rcu_waiter *served;	/* by the grace period under way, first come first */
	struct rcu_waiter *first, *last;	/* by the next one */
	struct event end;
	struct device_irq irq;
};

/* kvm->srcu, irq_srcu, ... or RCU, of which a host has one. In memory that its owner has. */
void rcu_domain_init(struct rcu_domain *domain, struct host *host, enum rcu_kind kind);

/* Instants. Returns the phase, which is to be given back. */
uint32_t rcu_read_lock(struct rcu_domain *domain);
void rcu_read_unlock(struct rcu_domain *domain, uint32_t phase);

/* What the macros need: half of COST(C_SRCU_READ), the other half, and the counting. */
ps_t srcu_lock_ps(struct path *p);
ps_t srcu_unlock_ps(struct path *p);
void srcu_count(struct rcu_domain *domain, uint32_t phase);

/* Steps. phase: a field of the frame, uint32_t. */
#define SRCU_READ_LOCK(domain, phase_field)						\
	do {										\
		(phase_field) = (domain)->phase;					\
		SPEND(srcu_lock_ps(p));							\
		srcu_count((domain), (phase_field));					\
	} while (0)

#define SRCU_READ_UNLOCK(domain, phase_field)						\
	do {										\
		SPEND(srcu_unlock_ps(p));						\
		rcu_read_unlock((domain), (phase_field));				\
	} while (0)

/* synchronize_rcu(), synchronize_srcu(): a thread, irqs on, no lock held, not a reader itself. */
struct rcu_synchronize {
	struct rcu_domain *domain;
	struct rcu_waiter waiter;
};
enum flow rcu_synchronize_path(struct path *p, void *frame);

#endif
