/*
 * guest - what a vCPU executes as a guest: its code, and its interrupt handler.
 *
 * The code works off sources that are due (a workload posts them) and otherwise spins or computes.
 * The handler takes what the list registers offer, or on x86 the entry's event: entry, acknowledge,
 * what the sender's interrupt asks for, EOI, return. Guest interrupts are masked in the handler and
 * open in the code.
 */
#ifndef MODELS_GUEST_H
#define MODELS_GUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "models/context.h"
#include "models/line.h"
#include "sim/path.h"

struct host;
struct irq;
struct vcpu;

/* What a guest does when it has nothing to do; words in vm_table.c. */
enum guest_idle {
	GUEST_IDLE_POLL,	/* idle=poll: spins in guest mode */
	GUEST_IDLE_HALT,	/* WFI, HLT */
	GUEST_IDLE_HALTPOLL,	/* cpuidle-haltpoll: polls for a while, then halts */
};

/* Something that the guest's code has to do when it is due. Owned by a workload. */
struct guest_source {
	path_fn run;			/* frame is struct guest_run; guest code context */
	void *owner;
	struct guest_source *next;	/* of the due ones */
};

/* Frame of a source's path. */
struct guest_run {
	void *owner;
	uint32_t index;			/* for the path's own use */
};

/* A flag in guest memory that the handler of `to` sets for the sender that waits for it. */
struct guest_ack {
	struct line line;
	struct irq *irq;		/* whose acknowledgement this is; NULL: not in use */
	bool done;			/* set by the handler */
	void (*set)(struct guest_ack *ack);	/* then, in the handler of `to`; NULL: nothing */
	struct guest_ack *next;		/* posted to the same vCPU */
};

struct guest {
	struct context code;
	struct context handler;
	struct guest_source *first_due, *last_due;
	bool idle;			/* the code waits in the guest: a post wakes it */
	bool halts;			/* with nothing to do, as its VM's `idle` says */
	bool polling;			/* watches need_resched: idle=poll, haltpoll */
	ps_t poll_limit_ps;		/* cpuidle-haltpoll: how long */
	bool ack_first;			/* the handler sets the sender's flag before it reads IAR */
	ps_t work_ps;			/* pieces of work when nothing is due; 0: it spins */
	uint64_t nr_pieces;		/* of work that are finished */
	struct guest_ack *first_ack, *last_ack;	/* posted to this vCPU */
	struct guest_ack *awaited;	/* by the code, in a WAIT */
};

void guest_init(struct vcpu *vcpu);

/* The source is due: the code runs it as soon as it can, in the order of posting. */
void guest_post(struct vcpu *vcpu, struct guest_source *source);

/* The sender's flag for `irq`, which it is about to raise, and which keeps the interrupt alive. */
void guest_post_ack(struct guest_ack *ack, struct irq *irq);

/*
 * The code spins until the flag is set. A spin that the host traps (WFE when another thread waits
 * for the pCPU, PAUSE loops) leaves the guest again and again.
 */
struct guest_await {
	struct vcpu *vcpu;
	struct guest_ack *ack;
	ps_t limit_ps;
};
enum flow guest_await_path(struct path *p, void *frame);

/* Sets every flag that is posted to the vCPU with this INTID. In its handler. */
struct guest_acknowledge {
	struct vcpu *vcpu;
	struct guest_ack *ack, *next;	/* a flag that is set is its sender's again */
	uint32_t intid;
};
enum flow guest_acknowledge_path(struct path *p, void *frame);

/*
 * Starts the handler if none runs and an interrupt is in a list register, or on x86 comes with the
 * entry.
 */
bool guest_take_interrupt(struct vcpu *vcpu);

/* Would the guest take an interrupt now? */
static inline bool guest_irqs_on(const struct guest *guest)
{
	return guest->handler.path.state == PATH_IDLE;
}

/* What differs on x86; no handler runs. */
bool guest_x86_take_interrupt(struct vcpu *vcpu);
void guest_x86_handler_finished(struct vcpu *vcpu);

/* The code of one vCPU. */
struct guest_code {
	struct vcpu *vcpu;
	struct guest_source *source;	/* at hand */
	ps_t left_ps;			/* of the piece of work at hand */
};
enum flow guest_code_path(struct path *p, void *frame);

/* The handler, from the exception to the return from it, for one interrupt. */
struct guest_handler {
	struct vcpu *vcpu;
	struct irq *irq;
	uint32_t intid;
};
enum flow guest_handler_path(struct path *p, void *frame);

#endif
