/*
 * lock_stats - integrals over time beside sums over acquisitions, so that each checks the other.
 */
#include "models/lock_stats.h"

#include "models/host.h"
#include "models/lock.h"
#include "sim/arena.h"
#include "sim/assert.h"
#include "sim/sim.h"

static inline ps_t lock_now(const struct lock *lock)
{
	return lock->class->host->sim->now_ps;
}

/* A lock that nobody takes costs no counters. */
void lock_make_stats(struct lock *lock, enum acquirer acquirer)
{
	struct host *host = lock->class->host;

	lock->stats = ARENA_NEW(host->arena, struct lock_stats);
	hist_init(&lock->stats->wait, host->arena);
	hist_init(&lock->stats->hold, host->arena);
	lock->stats->acquirer = acquirer;
}

/* --- sums ---------------------------------------------------------------------------------- */

static struct lock_progress lock_progress(const struct lock *lock)
{
	struct lock_progress progress = { 0 };

	lock->class->add_progress(lock, &progress);
	return progress;
}

/* Of the window: what has ended in it, and has not ended yet, but not what lies before it. */
static struct lock_progress lock_sums(const struct lock *lock)
{
	const struct lock_stats *stats = lock->stats;
	struct lock_progress sums = lock_progress(lock);

	sums.wait_ps += u128_to_u64(hist_sum(&stats->wait)) - stats->before.wait_ps;
	sums.free_wait_ps += stats->free_wait_ps - stats->before.free_wait_ps;
	sums.hold_ps += u128_to_u64(hist_sum(&stats->hold)) - stats->before.hold_ps;
	return sums;
}

/* --- who waited for whom ------------------------------------------------------------------- */

static void lock_blame_account(struct lock_blame *blame, ps_t now_ps)
{
	for (int waiter = 0; waiter < NR_ACQUIRERS; waiter++)
		blame->waited_ps[waiter][blame->holder] +=
			(now_ps - blame->changed_ps) * blame->nr_waiters[waiter];
	blame->changed_ps = now_ps;
}

/* Until now all acquirers were of one class: all they waited was for each other. */
static struct lock_blame *lock_make_blame(struct lock *lock)
{
	struct lock_stats *stats = lock->stats;
	struct lock_progress sums = lock_sums(lock);
	struct lock_blame *blame = ARENA_NEW(lock->class->host->arena, struct lock_blame);

	blame->waited_ps[stats->acquirer][stats->acquirer] = sums.wait_ps - sums.free_wait_ps;
	blame->nr_waiters[stats->acquirer] = lock->nr_waiters - sums.nr_free_waits;
	blame->holder = stats->acquirer;
	blame->changed_ps = lock_now(lock);
	stats->blame = blame;
	stats->acquirer = NR_ACQUIRERS;
	return blame;
}

void lock_blame_begin(struct lock *lock, const struct context *context, bool contended)
{
	struct lock_blame *blame = lock->stats->blame;

	if (!blame)
		blame = lock_make_blame(lock);
	lock_blame_account(blame, context->path.sim->now_ps);
	if (contended)
		blame->nr_waiters[context->acquirer]++;
	else
		blame->holder = context->acquirer;
}

void lock_blame_end(struct lock_blame *blame, const struct context *context)
{
	if (!context->lock_contended)
		return;
	lock_blame_account(blame, context->path.sim->now_ps);
	blame->nr_waiters[context->acquirer]--;
}

void lock_blame_pass(struct lock_blame *blame, const struct context *owner)
{
	lock_blame_account(blame, owner->path.sim->now_ps);
	blame->holder = owner->acquirer;
}

/* --- the measured window ------------------------------------------------------------------- */

/*
 * The integral over time of a number is the sum of the times at which it fell, less those at which
 * it rose; and less, more, the number itself times the begin, the end.
 */
static void lock_integrals_end(struct lock *lock, ps_t now_ps, uint32_t nr_holders)
{
	struct lock_stats *stats = lock->stats;

	stats->queue_ps += now_ps * lock->nr_waiters;
	if (nr_holders == 0)
		return;
	stats->busy_ps += now_ps;
	stats->shared_ps += now_ps * (nr_holders - 1);
}

void lock_stats_reset(struct lock *lock)
{
	struct lock_stats *stats = lock->stats;
	ps_t now_ps = lock_now(lock);

	if (!stats)
		return;
	hist_reset(&stats->wait);
	hist_reset(&stats->hold);
	stats->nr_contended = 0;
	stats->free_wait_ps = 0;
	stats->before = lock_progress(lock);
	stats->queue_ps = 0;
	stats->busy_ps = 0;
	stats->shared_ps = 0;
	lock_integrals_end(lock, -now_ps, stats->before.nr_holds);
	if (!stats->blame)
		return;
	for (int waiter = 0; waiter < NR_ACQUIRERS; waiter++)
		for (int holder = 0; holder < NR_ACQUIRERS; holder++)
			stats->blame->waited_ps[waiter][holder] = 0;
	stats->blame->changed_ps = now_ps;
}

void lock_stats_close(struct lock *lock)
{
	struct lock_stats *stats = lock->stats;
	struct lock_progress sums;

	if (!stats)
		return;
	sums = lock_sums(lock);
	lock_integrals_end(lock, lock_now(lock), sums.nr_holds);
	if (stats->blame)
		lock_blame_account(stats->blame, lock_now(lock));
	stats->nr_acquisitions = hist_count(&stats->wait);
	stats->wait_ps = sums.wait_ps;
	stats->hold_ps = sums.hold_ps;
	stats->contended_ps = sums.wait_ps - sums.free_wait_ps;
}

static ps_t lock_stats_waited(const struct lock_stats *stats, int waiter, int holder)
{
	bool only = (int)stats->acquirer == waiter && waiter == holder;

	if (stats->blame)
		return stats->blame->waited_ps[waiter][holder];
	return only ? stats->contended_ps : 0;
}

void lock_stats_check(const struct lock *lock)
{
	const struct lock_stats *stats = lock->stats;
	ps_t waited_ps = 0;

	if (!stats)
		return;
	sim_assert(stats->queue_ps == stats->wait_ps);
	sim_assert(stats->busy_ps + stats->shared_ps == stats->hold_ps);
	for (int waiter = 0; waiter < NR_ACQUIRERS; waiter++)
		for (int holder = 0; holder < NR_ACQUIRERS; holder++)
			waited_ps += lock_stats_waited(stats, waiter, holder);
	sim_assert(waited_ps == stats->contended_ps);
}

ps_t lock_waited_ps(const struct lock_class *class, enum acquirer waiter, enum acquirer holder)
{
	ps_t waited_ps = 0;

	for (const struct lock *lock = class->locks; lock; lock = lock->next)
		if (lock->stats)
			waited_ps += lock_stats_waited(lock->stats, (int)waiter, (int)holder);
	return waited_ps;
}
