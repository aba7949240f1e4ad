/*
 * context - a path that a pCPU can execute, and what its steps cost.
 *
 * Thread, switch, softirq and hardirq are the host's; guest code and the guest's interrupt handler
 * are children of a vCPU's thread. A context belongs to the pCPU, vCPU or workload that embeds it;
 * it never decides when it runs (pcpu.h, sched.h do).
 */
#ifndef MODELS_CONTEXT_H
#define MODELS_CONTEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "models/cost.h"
#include "sim/path.h"

struct host;
struct pcpu;
struct stream;
struct vcpu;

enum context_kind {
	CONTEXT_THREAD,
	CONTEXT_SWITCH,		/* __schedule() of a pCPU, between two threads */
	CONTEXT_SOFTIRQ,
	CONTEXT_HARDIRQ,
	CONTEXT_GUEST,
	CONTEXT_GUEST_IRQ,
};

/* Who takes a lock, for the table of who waited for whom; words in acquirer_words. */
enum acquirer {
	ACQUIRER_VCPU_EXIT,	/* a vCPU's thread that handles its guest's exit */
	ACQUIRER_VCPU_SWITCH,	/* the same around entry and exit: flush, sync */
	ACQUIRER_VCPU_HALT,	/* the same while its guest is halted: polling, blocking */
	ACQUIRER_WORKER,	/* kworker, vhost worker */
	ACQUIRER_THREAD,	/* another thread of the host */
	ACQUIRER_SCHED,		/* __schedule() */
	ACQUIRER_IRQ,		/* hardirq, softirq */
	NR_ACQUIRERS
};

extern const char *const acquirer_words[NR_ACQUIRERS];

struct context {
	struct path path;		/* first: a path of a model is a context */
	enum context_kind kind;
	uint32_t nr_locks;		/* held: preemption is disabled */
	struct pcpu *pcpu;		/* that executes it */
	struct vcpu *vcpu;		/* whose thread, guest or handler this is; NULL: none */
	struct context *below;		/* on the pCPU's stack */
	ps_t lock_start_ps;		/* of its LOCK step: there is one at a time */
	bool relaxes;			/* spins with PAUSE, WFE: slows no sibling */
	ps_t spin_ps;			/* from when on that step reads the lock's word in a loop */
	bool lock_contended;		/* that step found the lock held */
	bool lock_shared;		/* that step is a READ_LOCK */
	enum acquirer acquirer;
	const struct host *host;
	struct stream *draws;		/* of costs that are distributions, host->nr_random_costs */
};

static inline struct context *context_of(struct path *p)
{
	return (struct context *)(void *)p;
}

/* name, such as "vcpu3/guest", keys the context's random streams. */
void context_init(struct context *context, struct host *host, enum context_kind kind,
		  const char *name);

/* A cost of the run: constant, or a draw from the stream (context, cost id). */
ps_t context_cost(struct context *context, enum cost_id id);

/* The sum of n such costs: n draws if they are drawn. */
ps_t context_cost_n(struct context *context, enum cost_id id, uint32_t n);

#define COST(p, id) context_cost(context_of(p), (id))
#define COST_N(p, id, n) context_cost_n(context_of(p), (id), (n))

#endif
