/*
 * irq - the life of one interrupt, from raised to its end, and their conservation.
 *
 * A struct irq is one interrupt for one target. It lives from the raise until its last interested
 * party lets go: the handler's EOI (or the fate coalesced, dropped) and, for a round trip, the
 * sender that waits for its acknowledgement. Numbers count from 0 in the order of raising.
 * raised = handled + coalesced + dropped + pending holds at every instant; irq_check() counts the
 * pending ones where they are.
 */
#ifndef MODELS_IRQ_H
#define MODELS_IRQ_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/ps.h"

struct host;
struct vcpu;

/* Why an interrupt was dropped; words in irq_drop_words. */
enum irq_drop {
	IRQ_DROP_NO_ROUTE,	/* the route did not find a target that exists */
	NR_IRQ_DROPS
};

extern const char *const irq_drop_words[NR_IRQ_DROPS];

struct irq {
	uint64_t id;
	struct vcpu *from, *to;
	uint32_t intid;			/* x86: the vector */
	uint32_t nr_users;		/* who will still look at it */
	bool handled;
	ps_t handler_ps;		/* of the guest's handler, between acknowledge and EOI */
	struct irq *next;		/* of its request, of an IRR, or of the free ones */
};

struct irq_life {
	uint64_t nr_requests, nr_raised, nr_handled, nr_coalesced, nr_dropped[NR_IRQ_DROPS];
	uint64_t nr_finished;		/* no users left */
	uint64_t nr_measured;		/* of those, raised in the measured window */
	uint64_t first_measured;	/* id */
	uint64_t nr_at_source;		/* raised by a timer whose hardirq has not begun yet, or in
					   a flag that its target has not seen yet */
	uint32_t flow;			/* set before a raise without a request: workload's index */
	struct irq *free;
};

/* A new interrupt with one user. Traces POINT_RAISED. */
struct irq *irq_raise(struct host *host, struct vcpu *from, struct vcpu *to, uint32_t intid);

/* The handler's first instruction. */
void irq_handled(struct host *host, struct irq *irq);

/* Fates; they let go of the interrupt. */
void irq_coalesce(struct host *host, struct irq *irq);
void irq_drop(struct host *host, struct irq *irq, enum irq_drop reason);
void irq_eoi(struct host *host, struct irq *irq);

/* One more, one fewer user: a sender that waits for the acknowledgement. */
static inline void irq_get(struct irq *irq)
{
	irq->nr_users++;
}

void irq_put(struct host *host, struct irq *irq);

/* Dropped for all reasons. */
uint64_t irq_nr_dropped(const struct irq_life *life);

/* Interrupts that are raised and not yet handled, found by looking for them. */
uint64_t irq_count_pending(const struct host *host);

#endif
