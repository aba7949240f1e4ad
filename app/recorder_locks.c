/* recorder_locks - from the counters of lock classes to results. */
#include "app/recorder_parts.h"

#include "models/lock.h"
#include "sim/arena.h"

static const struct lock *most_utilised(const struct lock_class *class)
{
	const struct lock *hottest = NULL;

	for (const struct lock *lock = class->locks; lock; lock = lock->next) {
		if (!lock->stats || lock->stats->nr_acquisitions == 0)
			continue;
		if (!hottest || lock->stats->busy_ps > hottest->stats->busy_ps ||
		    (lock->stats->busy_ps == hottest->stats->busy_ps && lock->id < hottest->id))
			hottest = lock;
	}
	return hottest;
}

static const struct result_lock *finish_hottest(const struct lock_class *class, ps_t measured_ps)
{
	const struct lock *lock = most_utilised(class);
	struct result_lock *ret;

	if (!lock)
		return NULL;
	ret = ARENA_NEW(class->host->arena, struct result_lock);
	*ret = (struct result_lock){
		.name = class->name,
		.kind = lock_kind_words[class->kind],
		.nr_instances = 1,
		.nr_acquisitions = lock->stats->nr_acquisitions,
		.nr_contended = lock->stats->nr_contended,
		.utilization_ppm = recorder_ppm(lock->stats->busy_ps, measured_ps),
		.mean_queue_ppm = recorder_ppm(lock->stats->queue_ps, measured_ps),
		.wait = &lock->stats->wait,
		.hold = &lock->stats->hold,
	};
	return ret;
}

static void finish_lock(const struct lock_class *class, ps_t measured_ps, struct result_lock *ret)
{
	struct arena *arena = class->host->arena;
	struct hist *wait = ARENA_NEW(arena, struct hist), *hold = ARENA_NEW(arena, struct hist);
	uint64_t busy_ps = 0, queue_ps = 0;

	*ret = (struct result_lock){
		.name = class->name, .kind = lock_kind_words[class->kind],
		.nr_instances = class->nr_locks,
		.wait = wait, .hold = hold,
	};
	hist_init(wait, arena);
	hist_init(hold, arena);
	for (const struct lock *lock = class->locks; lock; lock = lock->next) {
		const struct lock_stats *stats = lock->stats;

		if (!stats)
			continue;
		ret->nr_acquisitions += stats->nr_acquisitions;
		ret->nr_contended += stats->nr_contended;
		busy_ps += stats->busy_ps;
		queue_ps += stats->queue_ps;
		hist_merge(wait, &stats->wait);
		hist_merge(hold, &stats->hold);
	}
	ret->utilization_ppm = recorder_ppm(busy_ps, measured_ps);
	ret->mean_queue_ppm = recorder_ppm(queue_ps, measured_ps);
	ret->hottest = finish_hottest(class, measured_ps);
	for (int waiter = 0; waiter < NR_ACQUIRERS; waiter++)
		for (int holder = 0; holder < NR_ACQUIRERS; holder++)
			ret->waited_ps[waiter][holder] = lock_waited_ps(
				class, (enum acquirer)waiter, (enum acquirer)holder);
}

/* In the order in which the classes were made: the host has the newest first. */
void recorder_finish_locks(const struct recorder *recorder, struct result *ret)
{
	const struct host *host = recorder->host;
	struct result_lock *locks;
	uint32_t nr_locks = 0;

	for (const struct lock_class *class = host->lock_classes; class; class = class->next)
		nr_locks++;
	locks = ARENA_NEW_N(host->arena, struct result_lock, nr_locks);
	ret->nr_locks = nr_locks;
	ret->locks = locks;
	for (const struct lock_class *class = host->lock_classes; class; class = class->next)
		finish_lock(class, ret->measured_ps, &locks[--nr_locks]);
}
