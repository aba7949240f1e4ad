/*
 * lock_count - what every kind of lock tells its counters: waits, holds, a new owner.
 *
 * On the way of every acquisition, so all that is rare is elsewhere (lock_stats.c). Not for users
 * of locks; lock.h includes it behind struct lock.
 */
#ifndef MODELS_LOCK_COUNT_H
#define MODELS_LOCK_COUNT_H

#include "models/lock.h"
#include "models/lock_stats.h"
#include "sim/sim.h"

/* The first acquisition; and while, or when, acquirers are of several classes. */
void lock_make_stats(struct lock *lock, enum acquirer acquirer) __attribute__((cold));
void lock_blame_begin(struct lock *lock, const struct context *context, bool contended)
	__attribute__((cold));
void lock_blame_end(struct lock_blame *blame, const struct context *context) __attribute__((cold));
void lock_blame_pass(struct lock_blame *blame, const struct context *owner) __attribute__((cold));

/* A LOCK step begins; contended: it finds the lock held. Before nr_waiters or owner change. */
static inline void lock_wait_begin(struct lock *lock, struct context *context, bool contended)
{
	ps_t now_ps;

	if (!contended && !lock->stats)	/* who holds it has made them */
		lock_make_stats(lock, context->acquirer);
	if (context->acquirer != lock->stats->acquirer)
		lock_blame_begin(lock, context, contended);
	now_ps = context->path.sim->now_ps;
	context->lock_start_ps = now_ps;
	context->lock_contended = contended;
	lock->stats->queue_ps -= now_ps;
	lock->nr_waiters++;
}

/* It ends; lock_contended and lock_start_ps are those of that step. */
static inline void lock_wait_end(struct lock *lock, struct context *context)
{
	struct lock_stats *stats = lock->stats;
	ps_t now_ps = context->path.sim->now_ps;
	ps_t wait_ps = now_ps - context->lock_start_ps;

	if (stats->blame)
		lock_blame_end(stats->blame, context);
	stats->queue_ps += now_ps;
	lock->nr_waiters--;
	if (context->lock_contended)
		stats->nr_contended++;
	else
		stats->free_wait_ps += wait_ps;
	hist_add(&stats->wait, wait_ps);
}

/* A holder begins to hold it; ends, having held it since then. nr_others hold it meanwhile. */
static inline void lock_hold_begin(struct lock *lock, const struct context *context,
				   uint32_t nr_others)
{
	ps_t now_ps = context->path.sim->now_ps;

	if (nr_others == 0)
		lock->stats->busy_ps -= now_ps;
	else
		lock->stats->shared_ps -= now_ps;
}

static inline void lock_hold_end(struct lock *lock, const struct context *context, ps_t since_ps,
				 uint32_t nr_others)
{
	ps_t now_ps = context->path.sim->now_ps;

	if (nr_others == 0)
		lock->stats->busy_ps += now_ps;
	else
		lock->stats->shared_ps += now_ps;
	hist_add(&lock->stats->hold, now_ps - since_ps);
}

/* It passes to one of those who wait. */
static inline void lock_owner_changes(struct lock *lock, const struct context *owner)
{
	if (lock->stats->blame)
		lock_blame_pass(lock->stats->blame, owner);
}

#endif
