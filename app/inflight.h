/*
 * inflight - the interrupts that the recorder follows, from raised to EOI or another fate.
 *
 * Found by number in a ring of a power of two that grows when two live numbers meet in one place;
 * allocates nothing else. Those that are queued and not yet handled are also on a list per target.
 * A pointer is good until the next inflight_add(). In the arena of the run.
 */
#ifndef APP_INFLIGHT_H
#define APP_INFLIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/stages.h"

struct arena;
struct injector;

#define INFLIGHT_NONE UINT64_MAX

enum interrupt_state {
	INTERRUPT_GONE,		/* the place is free */
	INTERRUPT_RAISED,
	INTERRUPT_QUEUED,	/* on its target's list */
	INTERRUPT_HANDLED,
};

struct interrupt {
	uint64_t id;
	uint64_t next, previous;	/* on the target's list, INFLIGHT_NONE at its ends */
	struct stage_clock clock;
	struct injector *injector;	/* whose clock holds up to queued, or NULL */
	uint32_t from, to;		/* vCPUs */
	uint32_t flow;
	enum interrupt_state state;
	bool measured;			/* raised in the measured window */
	bool notified;			/* its target needs no more of the sender to see it */
	bool injected;			/* in a list register */
	enum target_state found;	/* the target's state when this was queued */
};

struct inflight {
	struct arena *arena;
	struct interrupt *ring;
	uint64_t mask;			/* places - 1 */
	uint64_t *first;		/* per vCPU: newest of its list */
};

void inflight_init(struct inflight *inflight, struct arena *arena, uint32_t nr_vcpus);

/* A place for an interrupt with this number, state RAISED, all else 0. */
struct interrupt *inflight_add(struct inflight *inflight, uint64_t id);

/* NULL: gone, or never there. */
static inline struct interrupt *inflight_get(const struct inflight *inflight, uint64_t id)
{
	struct interrupt *interrupt = &inflight->ring[id & inflight->mask];

	return interrupt->id == id && interrupt->state != INTERRUPT_GONE ? interrupt : NULL;
}

/* Puts it on its target's list, and takes it off. */
void inflight_queue(struct inflight *inflight, struct interrupt *interrupt);
void inflight_unqueue(struct inflight *inflight, struct interrupt *interrupt);

/* Frees the place. */
void inflight_remove(struct inflight *inflight, struct interrupt *interrupt);

/* for (i = inflight_first(f, vcpu); i; i = inflight_next(f, i)) */
static inline struct interrupt *inflight_first(const struct inflight *inflight, uint32_t vcpu)
{
	uint64_t id = inflight->first[vcpu];

	return id == INFLIGHT_NONE ? NULL : &inflight->ring[id & inflight->mask];
}

static inline struct interrupt *inflight_next(const struct inflight *inflight,
					      const struct interrupt *interrupt)
{
	uint64_t id = interrupt->next;

	return id == INFLIGHT_NONE ? NULL : &inflight->ring[id & inflight->mask];
}

#endif
