/*
 * lock_stats - what is counted of a lock, whatever its kind: waits, holds, who waited for whom.
 *
 * All of the measured window: a wait or hold counts with the part that lies in it; the histograms
 * have the whole ones that ended in it. Every kind of lock tells through lock_count.h. Never
 * changes what a lock does.
 */
#ifndef MODELS_LOCK_STATS_H
#define MODELS_LOCK_STATS_H

#include <stdbool.h>
#include <stdint.h>

#include "models/context.h"
#include "sim/hist.h"
#include "sim/ps.h"

struct lock;
struct lock_class;

/* What waits and holds that have not ended have lasted so far. */
struct lock_progress {
	ps_t wait_ps, hold_ps;
	ps_t free_wait_ps;		/* part of wait_ps: of those that found it free */
	uint32_t nr_free_waits, nr_holds;
};

/* Who waited while whom held it; made when a second class of acquirers comes. */
struct lock_blame {
	ps_t waited_ps[NR_ACQUIRERS][NR_ACQUIRERS];	/* [waiter][holder] */
	ps_t changed_ps;				/* up to when */
	uint32_t nr_waiters[NR_ACQUIRERS];		/* that found it held, now */
	enum acquirer holder;				/* or next owner */
};

struct lock_stats {
	/* Integrals over time, right when they are closed. */
	ps_t queue_ps;			/* of those who wait, without holders */
	ps_t busy_ps;			/* of being held */
	ps_t shared_ps;			/* of the holders besides one */
	enum acquirer acquirer;		/* of all acquisitions so far; with blame: NR_ACQUIRERS */
	struct lock_blame *blame;
	uint64_t nr_contended;
	ps_t free_wait_ps;		/* of waits that found it free: for the line alone */
	struct lock_progress before;	/* the window */
	struct hist wait, hold;

	/* Set by lock_stats_close(): sums of the parts in the window. */
	uint64_t nr_acquisitions;
	ps_t wait_ps, hold_ps;
	ps_t contended_ps;		/* part of wait_ps */
};

/* Measured window: start counting anew; bring everything up to now; the laws that must hold. */
void lock_stats_reset(struct lock *lock);
void lock_stats_close(struct lock *lock);
void lock_stats_check(const struct lock *lock);

/*
 * After lock_stats_close(): how long acquirers of the class `waiter`, who had found a lock of this
 * class held, waited for it while one of the class `holder` had it or was taking it over. Exact:
 * the sum over all pairs is the sum of those waits.
 */
ps_t lock_waited_ps(const struct lock_class *class, enum acquirer waiter, enum acquirer holder);

#endif
