/*
 * lock - the raw spinlock's queue and its counters.
 */
#include "models/lock.h"

#include <stddef.h>

#include "models/host.h"
#include "models/pcpu.h"
#include "models/points.h"
#include "sim/arena.h"

struct lock_class *lock_class_new(struct host *host, const char *name, bool irqs_off)
{
	struct lock_class *class = ARENA_NEW(host->arena, struct lock_class);

	class->name = name;
	class->kind = "raw";
	class->irqs_off = irqs_off;
	class->host = host;
	class->next = host->lock_classes;
	host->lock_classes = class;
	return class;
}

void lock_init(struct lock *lock, struct lock_class *class)
{
	struct host *host = class->host;

	*lock = (struct lock){ .class = class, .id = host->nr_locks++, .next = class->locks };
	class->locks = lock;
	class->nr_locks++;
	line_init(&lock->line, host);
}

/* A lock that nobody takes costs no counters. */
static void lock_make_stats(struct lock *lock)
{
	struct host *host = lock->class->host;

	lock->stats = ARENA_NEW(host->arena, struct lock_stats);
	hist_init(&lock->stats->wait, host->arena);
	hist_init(&lock->stats->hold, host->arena);
	lock->stats->queue_changed_ps = host->sim->now_ps;
}

/* Bring an integral up to now: before every change of nr_waiters, at every end of holding. */
static inline void lock_integrate_queue(struct lock *lock, ps_t now_ps)
{
	struct lock_stats *stats = lock->stats;

	stats->queue_ps += (now_ps - stats->queue_changed_ps) * lock->nr_waiters;
	stats->queue_changed_ps = now_ps;
}

static inline void lock_integrate_busy(struct lock *lock, ps_t now_ps)
{
	struct lock_stats *stats = lock->stats;

	stats->busy_ps += now_ps - stats->busy_changed_ps;
	stats->busy_changed_ps = now_ps;
}

/* The part of [start, now] that lies in the measured window. */
static ps_t lock_in_window(const struct host *host, ps_t start_ps, ps_t now_ps)
{
	return now_ps - (start_ps < host->window_start_ps ? host->window_start_ps : start_ps);
}

bool lock_acquire(struct path *p, struct lock *lock)
{
	struct context *context = context_of(p);
	struct sim *sim = p->sim;

	sim_assert(lock->owner != context);
	sim_assert(!lock->class->irqs_off || context->pcpu->irqs_off ||
		   context->kind == CONTEXT_HARDIRQ);
	context->nr_locks++;
	context->lock_start_ps = sim->now_ps;
	context->lock_contended = lock->owner != NULL;
	if (!lock->stats)
		lock_make_stats(lock);
	lock_integrate_queue(lock, sim->now_ps);
	lock->nr_waiters++;
	if (!lock->owner) {
		lock->owner = context;
		return path_spend(p, line_write(context, &lock->line));
	}
	sim_trace(sim, POINT_LOCK_WAIT, context->pcpu->id, lock->owner->pcpu->id, lock->id);
	p->next = NULL;
	if (lock->last_waiter)
		lock->last_waiter->next = p;
	else
		lock->first_waiter = p;
	lock->last_waiter = p;
	p->state = PATH_WAITING;
	return true;
}

void lock_acquired(struct path *p, struct lock *lock)
{
	struct context *context = context_of(p);
	struct lock_stats *stats = lock->stats;
	ps_t now_ps = p->sim->now_ps;

	sim_assert(lock->owner == context);
	lock_integrate_queue(lock, now_ps);
	lock->nr_waiters--;
	lock->held = true;
	lock->held_since_ps = now_ps;
	stats->busy_changed_ps = now_ps;
	stats->nr_acquisitions++;
	stats->nr_contended += context->lock_contended;
	stats->wait_ps += lock_in_window(context->host, context->lock_start_ps, now_ps);
	hist_add(&stats->wait, now_ps - context->lock_start_ps);
	sim_trace(p->sim, POINT_LOCK_ACQUIRED, context->pcpu->id, context->lock_contended,
		  lock->id);
}

void lock_release(struct path *p, struct lock *lock)
{
	struct context *context = context_of(p);
	struct path *next = lock->first_waiter;
	struct lock_stats *stats = lock->stats;
	ps_t now_ps = p->sim->now_ps;

	sim_assert(lock->owner == context);
	sim_assert(lock->held);
	lock_integrate_busy(lock, now_ps);
	stats->hold_ps += lock_in_window(context->host, lock->held_since_ps, now_ps);
	hist_add(&stats->hold, now_ps - lock->held_since_ps);
	lock->held = false;
	lock->owner = NULL;
	context->nr_locks--;
	sim_trace(p->sim, POINT_LOCK_RELEASED, context->pcpu->id, 0, lock->id);
	if (!next)
		return;
	lock->first_waiter = next->next;
	if (!lock->first_waiter)
		lock->last_waiter = NULL;
	lock->owner = context_of(next);
	path_wake(next, line_write(lock->owner, &lock->line));
}

void lock_stats_reset(struct lock *lock)
{
	struct lock_stats *stats = lock->stats;

	if (!stats)
		return;
	hist_reset(&stats->wait);
	hist_reset(&stats->hold);
	stats->nr_acquisitions = 0;
	stats->nr_contended = 0;
	stats->wait_ps = 0;
	stats->hold_ps = 0;
	stats->queue_ps = 0;
	stats->busy_ps = 0;
	stats->queue_changed_ps = lock->class->host->sim->now_ps;
	stats->busy_changed_ps = stats->queue_changed_ps;
}

void lock_stats_close(struct lock *lock)
{
	struct lock_stats *stats = lock->stats;
	const struct host *host = lock->class->host;
	ps_t now_ps = host->sim->now_ps;

	if (!stats)
		return;
	lock_integrate_queue(lock, now_ps);
	if (lock->held) {
		lock_integrate_busy(lock, now_ps);
		stats->hold_ps += lock_in_window(host, lock->held_since_ps, now_ps);
	}
	if (lock->owner && !lock->held)
		stats->wait_ps += lock_in_window(host, lock->owner->lock_start_ps, now_ps);
	for (struct path *p = lock->first_waiter; p; p = p->next)
		stats->wait_ps += lock_in_window(host, context_of(p)->lock_start_ps, now_ps);
}
