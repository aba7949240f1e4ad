/*
 * lock - a raw spinlock: FIFO, handed over directly, on its cache line, with counters.
 *
 * LOCK(l) is one step. Free: owned from this instant, the step lasts the transfer of the line.
 * Held: the releaser passes ownership at once, the step ends after the hand-over. Spinning keeps
 * the pCPU. Holding disables preemption. wait is the whole step, of every acquisition; hold is from
 * its end to UNLOCK. Follows queued_spin_lock() as FIFO with one transfer per hand-over; leaves out
 * the pending bit and the MCS node's own line.
 */
#ifndef MODELS_LOCK_H
#define MODELS_LOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "models/context.h"
#include "models/line.h"
#include "sim/hist.h"
#include "sim/path.h"
#include "sim/ps.h"

struct host;

/* Locks of one name and one duty; all instances are reported together. */
struct lock_class {
	const char *name;
	const char *kind;		/* "raw" */
	bool irqs_off;			/* a hardirq takes it too: LOCK asserts irqs off */
	struct lock *locks;		/* newest first */
	uint32_t nr_locks;
	struct lock_class *next;
	struct host *host;
};

/* Of the measured window. The integrals are right once they are closed. */
struct lock_stats {
	uint64_t nr_acquisitions, nr_contended;
	ps_t wait_ps, hold_ps;		/* sums of the parts that lie in the window */
	ps_t queue_ps, busy_ps;		/* integrals over time: waiters (without holder), held */
	ps_t queue_changed_ps, busy_changed_ps;	/* up to when */
	struct hist wait, hold;		/* whole waits and holds that ended in the window */
};

struct lock {
	struct lock_class *class;
	struct lock *next;		/* of the class */
	uint32_t id;
	uint32_t nr_waiters;		/* in their LOCK step, the next owner included */
	struct context *owner;		/* NULL: free */
	bool held;			/* the owner's step has ended */
	ps_t held_since_ps;
	struct path *first_waiter, *last_waiter;
	struct line line;
	struct lock_stats *stats;	/* NULL: never taken */
};

/* name and kind must outlive the run. */
struct lock_class *lock_class_new(struct host *host, const char *name, bool irqs_off);
void lock_init(struct lock *lock, struct lock_class *class);

/* Measured window: start counting anew, and bring everything up to now. */
void lock_stats_reset(struct lock *lock);
void lock_stats_close(struct lock *lock);

/* What the macros need. */
bool lock_acquire(struct path *p, struct lock *lock);
void lock_acquired(struct path *p, struct lock *lock);
void lock_release(struct path *p, struct lock *lock);

#define LOCK(lock)									\
	do {										\
		if (lock_acquire(p, (lock))) {						\
			PATH_STOP(p)							\
		}									\
		lock_acquired(p, (lock));						\
	} while (0)

/* Instant: nothing waits for preemption to come back until there is a scheduler. */
#define UNLOCK(lock) lock_release(p, (lock))

#endif
