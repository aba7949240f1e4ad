/*
 * lock_poll - a thread that takes a lock again and again to look at what it protects, for nothing.
 *
 * The turns of a polling loop, each a gap and then a hold, cost no events while nobody else wants
 * the lock. Whoever does meets the poller where its turns would have it: in its hold, which then is
 * a real one, or in its gap; from there on its turns are real. Turns that nobody met are not
 * counted as acquisitions. The poller is one thread per lock; it waits with WAIT_UNTIL meanwhile.
 */
#ifndef MODELS_LOCK_POLL_H
#define MODELS_LOCK_POLL_H

#include <stdbool.h>

#include "models/lock.h"
#include "sim/ps.h"

struct lock_poll {
	struct lock *lock;
	struct context *context;
	ps_t start_ps;			/* of the first gap */
	ps_t gap_ps, hold_ps;
	ps_t rest_ps;			/* once it has ended: of the gap, or of the hold */
	bool holding;			/* it holds the lock, with irqs off */
};

/* The turns begin now, with a gap. The lock is free. */
void lock_poll_begin(struct lock_poll *poll, struct lock *lock, struct context *context);

/* The poller goes on in real turns: rest_ps and holding say where it is. */
void lock_poll_end(struct lock_poll *poll);

#endif
