/*
 * lock - the threads, their locks and the data that these protect.
 *
 * Follows: the loop of will-it-scale and locktorture: take, write, release, do something else.
 * Leaves out: the system call around it, which is part of the gap.
 */
#include "models/workload/lock.h"

#include <stddef.h>
#include <stdio.h>

#include "models/host.h"
#include "models/line.h"
#include "models/lock.h"
#include "models/mutex.h"
#include "models/workload/threads.h"
#include "sim/arena.h"
#include "sim/rng.h"

static const enum lock_kind lock_kinds[] = {
	[LOCK_WORKLOAD_RAW] = LOCK_RAW,
	[LOCK_WORKLOAD_TEST_AND_SET] = LOCK_TEST_AND_SET,
};

/* A lock or a mutex and what it protects; the data's lines are apart from the lock's. */
struct locked {
	struct lock *lock;
	struct mutex *mutex;		/* one of the two is NULL */
	struct line *lines;
};

/* Lives in the run's arena. */
struct locker {
	struct thread thread;		/* first */
	const struct lock_params *params;
	struct locked *locked;
	struct dist start, gap, work;
	struct stream draws;
	uint64_t nr_left;		/* acquisitions; UINT64_MAX: no end */
};

struct locker_run {
	struct locker *locker;
	uint32_t line;
	bool irqs_on;			/* and have been turned off */
};

static enum flow locker_run_path(struct path *p, void *frame)
{
	struct locker_run *f = frame;
	struct locker *locker = f->locker;
	struct locked *locked = locker->locked;

	PATH_BEGIN(p);
	SPEND(dist_draw(&locker->start, &locker->draws));
	for (; locker->nr_left; locker->nr_left--) {
		f->irqs_on = locker->params->irqs_off && pcpu_irq_save(p);
		if (locked->mutex)
			CALL(mutex_lock, .mutex = locked->mutex);
		else
			LOCK(locked->lock);
		SPEND(dist_draw(&locker->work, &locker->draws));
		for (f->line = 0; f->line < locker->params->nr_lines; f->line++)
			SPEND(LINE_WRITE(p, &locked->lines[f->line]));
		if (locked->mutex)
			CALL(mutex_unlock, .mutex = locked->mutex);
		else
			UNLOCK(locked->lock);
		IRQ_RESTORE(p, f->irqs_on);
		SPEND(dist_draw(&locker->gap, &locker->draws));
	}
	THREAD_END();
	PATH_END(p);
}

static void locker_new(struct host *host, const struct workload_config *config,
		       struct locked *locked, uint32_t index)
{
	const struct lock_params *params = config->params;
	struct locker *locker = ARENA_NEW(host->arena, struct locker);
	struct pcpu *home = threads_init(&locker->thread, host, config, &params->pin, index);
	char name[FIELD_NAME_MAX + 32];

	locker->params = params;
	locker->locked = &locked[index % params->nr_instances];
	locker->start = dist_uniform(0, params->gap_ps + params->work_ps);
	locker->gap = threads_dist(params->gap_ps, params->gap_draw);
	locker->work = threads_dist(params->work_ps, params->work_draw);
	locker->nr_left = params->count ? params->count : UINT64_MAX;
	snprintf(name, sizeof(name), "%s/thread%u/work", config->name, (unsigned int)index);
	stream_init(&locker->draws, host->sim->seed, host->sim->replication, name);
	THREAD_PATH(&locker->thread, locker_run, .locker = locker);
	thread_start(&locker->thread, home);
}

static void locked_init(struct locked *locked, struct host *host,
			const struct workload_config *config)
{
	const struct lock_params *params = config->params;

	if (params->kind == LOCK_WORKLOAD_MUTEX) {
		locked->mutex = ARENA_NEW(host->arena, struct mutex);
		mutex_init(locked->mutex, mutex_class_find(host, config->name));
	} else {
		locked->lock = ARENA_NEW(host->arena, struct lock);
		lock_init(locked->lock,
			  lock_class_find(host, config->name, lock_kinds[params->kind],
					  params->irqs_off));
	}
	locked->lines = ARENA_NEW_N(host->arena, struct line, params->nr_lines);
	for (uint32_t i = 0; i < params->nr_lines; i++)
		line_init(&locked->lines[i], host);
}

static void lock_build(struct host *host, struct vm *vm, const struct workload_config *config)
{
	const struct lock_params *params = config->params;
	struct locked *locked = ARENA_NEW_N(host->arena, struct locked, params->nr_instances);

	(void)vm;
	for (uint32_t i = 0; i < params->nr_instances; i++)
		locked_init(&locked[i], host, config);
	for (uint32_t i = 0; i < params->nr_threads; i++)
		locker_new(host, config, locked, i);
}

static const char *const kind_words[] = {
	[LOCK_WORKLOAD_RAW] = "raw",
	[LOCK_WORKLOAD_TEST_AND_SET] = "test-and-set",
	[LOCK_WORKLOAD_MUTEX] = "mutex",
	NULL,
};

static const struct field lock_fields[] = {
	{ "threads", FIELD_U32, offsetof(struct lock_params, nr_threads), 1, THREADS_MAX, "1",
	  NULL, "threads of the host", NULL },
	{ "pin", FIELD_IDS, offsetof(struct lock_params, pin), 0, UINT32_MAX, "\"fill-sockets\"",
	  threads_pin_words, THREADS_PIN_HELP, NULL },
	{ "kind", FIELD_WORD, offsetof(struct lock_params, kind), 0, 0, "\"raw\"", kind_words,
	  "raw: the kernel's queued spinlock; test-and-set: everybody tries, a random one wins; "
	  "mutex: waiters spin while its owner runs, and sleep else",
	  NULL },
	{ "instances", FIELD_U32, offsetof(struct lock_params, nr_instances), 1, THREADS_MAX, "1",
	  NULL, "number of locks; the threads are dealt out to them", NULL },
	{ "irqs_off", FIELD_BOOL, offsetof(struct lock_params, irqs_off), 0, 0, "false", NULL,
	  "whether it is taken with interrupts off", NULL },
	{ "gap", FIELD_DURATION, offsetof(struct lock_params, gap_ps), 0, PS_PER_S, "\"1us\"", NULL,
	  "from the release to the next attempt", NULL },
	{ "gap_draw", FIELD_WORD, offsetof(struct lock_params, gap_draw), 0, 0, "\"exponential\"",
	  threads_draw_words,
	  "whether that is always the same, or the mean of an exponential distribution", NULL },
	{ "work", FIELD_DURATION, offsetof(struct lock_params, work_ps), 0, PS_PER_S, "\"100ns\"",
	  NULL, "under the lock, beyond the writing of the lines", NULL },
	{ "work_draw", FIELD_WORD, offsetof(struct lock_params, work_draw), 0, 0, "\"constant\"",
	  threads_draw_words, "the same as gap_draw", NULL },
	{ "lines", FIELD_U32, offsetof(struct lock_params, nr_lines), 0, 64, "0", NULL,
	  "cache lines of data that the lock protects, each written once under it", NULL },
	{ "count", FIELD_U64, offsetof(struct lock_params, count), 0, UINT64_C(1000000000), "0",
	  NULL, "acquisitions per thread, after which it ends; 0: no end", NULL },
};

static FIELD_TABLE(lock_table, "workload lock", struct lock_params,
		   "threads of the host that take one lock again and again", lock_fields);

static const char *lock_check(const void *params, const struct vm_config *vm, const char **ret_key)
{
	const struct lock_params *lock = params;

	(void)vm;
	*ret_key = "instances";
	if (lock->nr_instances > lock->nr_threads)
		return "more locks than threads";
	*ret_key = "irqs_off";
	if (lock->kind == LOCK_WORKLOAD_MUTEX && lock->irqs_off)
		return "a mutex may sleep, so it is not taken with interrupts off";
	*ret_key = "gap";
	if (lock->gap_ps == 0 && lock->work_ps == 0)
		return "with no gap and no work under the lock, time does not pass";
	return NULL;
}

static const char *lock_check_name(const char *name)
{
	return lock_name_is_own(name) ? "one of the host's own locks has that name" : NULL;
}

const struct workload_ops workload_lock = {
	.name    = "lock",
	.summary = "threads of the host that take one lock again and again",
	.archs   = ON_ALL,
	.scope   = WORKLOAD_HOST,
	.class   = NR_ROUTE_CLASSES,
	.params  = &lock_table,
	.check   = lock_check,
	.check_name = lock_check_name,
	.build   = lock_build,
};
