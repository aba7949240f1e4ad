/*
 * event - something that happens at a time, and the set of those that are pending.
 *
 * An event is embedded in its owner, which initialises it once and then arms, cancels and re-arms
 * it as often as it likes. Order is total: time, then class, then the order of arming. The set is
 * a 4-ary implicit heap of 16-byte keys whose popped root stays a hole until the next arming fills
 * it from the top; a table from slot to position makes cancelling exact. Arming, cancelling and
 * popping allocate nothing; event_init() may.
 */
#ifndef SIM_EVENT_H
#define SIM_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/ps.h"

struct arena;
struct sim;

/* At one instant, classes go in this order; the ready paths go before EVENT_MEASURE. */
enum event_class {
	EVENT_END,	/* a path has spent what it wanted to spend */
	EVENT_WIRE,	/* an IPI, a device's write, a doorbell reaches its target */
	EVENT_TIMER,	/* a timer fires */
	EVENT_ARRIVAL,	/* a source makes a request */
	EVENT_MEASURE,	/* end of warm-up, stop: sees everything else of the instant */
};

enum { EVENT_SLOT_BITS = 22, EVENT_CLASS_SHIFT = 61 };

struct event {
	void (*fire)(struct event *event);
	uint64_t order;		/* of its keys, with sequence number 0 */
};

/* order: class in 3 bits, sequence number in 39, slot in 22. */
struct event_key {
	ps_t time_ps;
	uint64_t order;
};

struct event_queue {
	struct event_key *heap;		/* root: heap[EVENT_ROOT]; unused entries are infinite */
	uint32_t *position;		/* by slot; 0: not pending */
	struct event **events;		/* by slot */
	uint64_t sequence;		/* of the next key, shifted to its place in the order */
	uint32_t nr_slots, max_slots;
	uint32_t last;			/* index of the last key; EVENT_ROOT - 1: empty */
	struct event_key *next;		/* the least key: the root, or a child of its hole */
	struct arena *arena;
};

enum { EVENT_ROOT = 3 };

static inline enum event_class event_order_class(uint64_t order)
{
	return (enum event_class)(order >> EVENT_CLASS_SHIFT);
}

void event_queue_init(struct event_queue *queue, struct arena *arena);

/* Gives the event a slot for the life of the run. fire runs in the event loop. */
void event_init(struct sim *sim, struct event *event, enum event_class class,
		void (*fire)(struct event *event));

/* Arms an idle event. time_ps is not in the past. */
void event_at(struct sim *sim, struct event *event, ps_t time_ps);

/* Makes a pending event idle; does nothing to an idle one. */
void event_cancel(struct sim *sim, struct event *event);

bool event_is_pending(const struct sim *sim, const struct event *event);

/* Key of the next event, until the next change; time_ps is PS_NEVER when nothing is pending. */
static inline const struct event_key *event_queue_next(const struct event_queue *queue)
{
	return queue->next;
}

/* Takes the next event out. Something must be pending. */
struct event *event_queue_pop(struct event_queue *queue);

#endif
