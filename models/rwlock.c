/*
 * rwlock - the queue of readers and writers.
 */
#include "models/rwlock.h"

#include "models/host.h"
#include "models/points.h"
#include "sim/arena.h"

/* One that holds it, or will when its step ends. */
struct rwlock_reader {
	struct context *context;
	bool holding;
	ps_t since_ps;
	struct rwlock_reader *next;
};

static const struct rwlock *rwlock_of(const struct lock *lock)
{
	return (const struct rwlock *)(const void *)lock;
}

static void rwlock_add_progress(const struct lock *lock, struct lock_progress *progress)
{
	ps_t now_ps = lock->class->host->sim->now_ps;

	lock_add_progress(lock, progress);
	for (const struct rwlock_reader *r = rwlock_of(lock)->readers; r; r = r->next) {
		progress->nr_holds += r->holding;
		if (r->holding)
			progress->hold_ps += now_ps - r->since_ps;
		else
			lock_add_wait(r->context, now_ps, progress);
	}
}

void rwlock_init(struct rwlock *rwlock, struct lock_class *class)
{
	sim_assert(class->kind == LOCK_RWLOCK);
	class->add_progress = rwlock_add_progress;
	*rwlock = (struct rwlock){ .nr_readers = 0 };
	lock_enlist(&rwlock->lock, class);
}

/* --- readers ------------------------------------------------------------------------------- */

static void rwlock_add_reader(struct rwlock *rwlock, struct context *context)
{
	struct rwlock_reader *reader = rwlock->free;

	if (reader)
		rwlock->free = reader->next;
	else
		reader = ARENA_NEW(rwlock->lock.class->host->arena, struct rwlock_reader);
	*reader = (struct rwlock_reader){ .context = context, .next = rwlock->readers };
	rwlock->readers = reader;
	rwlock->nr_readers++;
}

static struct rwlock_reader **rwlock_find_reader(struct rwlock *rwlock,
						 const struct context *context)
{
	struct rwlock_reader **link = &rwlock->readers;

	while (*link && (*link)->context != context)
		link = &(*link)->next;
	return link;
}

/* Returns since when it has held it. */
static ps_t rwlock_remove_reader(struct rwlock *rwlock, const struct context *context)
{
	struct rwlock_reader **link = rwlock_find_reader(rwlock, context);
	struct rwlock_reader *reader = *link;

	sim_assert(reader != NULL);
	sim_assert(reader->holding);
	*link = reader->next;
	reader->next = rwlock->free;
	rwlock->free = reader;
	rwlock->nr_readers--;
	return reader->since_ps;
}

/* --- waiting ------------------------------------------------------------------------------- */

static void rwlock_begin(struct rwlock *rwlock, struct context *context, bool contended)
{
	const struct lock *lock = &rwlock->lock;

	sim_assert(lock->owner != context);
	sim_assert(!*rwlock_find_reader(rwlock, context));
	sim_assert(!lock->class->irqs_off || context->pcpu->irqs_off ||
		   context->kind == CONTEXT_HARDIRQ);
	context->nr_locks++;
	lock_wait_begin(&rwlock->lock, context, contended);
}

/* Who holds it, for the record: the writer, or the reader that came last. */
static const struct context *rwlock_holder(const struct rwlock *rwlock)
{
	if (rwlock->lock.owner)
		return rwlock->lock.owner;
	return rwlock->readers ? rwlock->readers->context : NULL;
}

/* The atomic that has failed has brought the line here. */
static bool rwlock_wait(struct rwlock *rwlock, struct context *context)
{
	struct lock *lock = &rwlock->lock;
	struct sim *sim = context->path.sim;

	sim_trace(sim, POINT_LOCK_WAIT, context->pcpu->id, rwlock_holder(rwlock)->pcpu->id,
		  lock->id);
	context->spin_ps = sim->now_ps + line_write(context, &lock->line);
	lock_append_waiter(lock, context);
	line_spin(&lock->line, lock->first_waiter, 2);
	return true;
}

bool rwlock_read_acquire(struct path *p, struct rwlock *rwlock)
{
	struct context *context = context_of(p);
	bool contended = rwlock->lock.owner || rwlock->lock.first_waiter;

	context->lock_shared = true;
	rwlock_begin(rwlock, context, contended);
	if (contended)
		return rwlock_wait(rwlock, context);
	rwlock_add_reader(rwlock, context);
	return path_spend(p, line_write(context, &rwlock->lock.line));
}

bool rwlock_write_acquire(struct path *p, struct rwlock *rwlock)
{
	struct context *context = context_of(p);
	bool contended = rwlock->lock.owner || rwlock->nr_readers;

	context->lock_shared = false;
	rwlock_begin(rwlock, context, contended);
	if (contended)
		return rwlock_wait(rwlock, context);
	rwlock->lock.owner = context;
	return path_spend(p, line_write(context, &rwlock->lock.line));
}

static void rwlock_acquired(struct rwlock *rwlock, struct context *context)
{
	lock_wait_end(&rwlock->lock, context);
	lock_hold_begin(&rwlock->lock, context, rwlock->nr_holding++);
	sim_trace(context->path.sim, POINT_LOCK_ACQUIRED, context->pcpu->id,
		  context->lock_contended, rwlock->lock.id);
}

void rwlock_read_acquired(struct path *p, struct rwlock *rwlock)
{
	struct context *context = context_of(p);
	struct rwlock_reader *reader = *rwlock_find_reader(rwlock, context);

	reader->holding = true;
	reader->since_ps = p->sim->now_ps;
	rwlock_acquired(rwlock, context);
}

void rwlock_write_acquired(struct path *p, struct rwlock *rwlock)
{
	struct lock *lock = &rwlock->lock;

	sim_assert(lock->owner == context_of(p));
	lock->held = true;
	lock->held_since_ps = p->sim->now_ps;
	rwlock_acquired(rwlock, context_of(p));
}

/* --- handing over -------------------------------------------------------------------------- */

static bool rwlock_may_enter(const struct rwlock *rwlock, const struct context *context)
{
	return !rwlock->lock.owner && (context->lock_shared || rwlock->nr_readers == 0);
}

static void rwlock_enter(struct rwlock *rwlock, struct context *context)
{
	struct lock *lock = &rwlock->lock;

	if (context->lock_shared)
		rwlock_add_reader(rwlock, context);
	else
		lock->owner = context;
	lock_owner_changes(lock, context);
	path_wake(&context->path, line_write_from(context, &lock->line, context->spin_ps));
}

/* The waiters that may enter do so one after the other, as the line reaches them. */
static void rwlock_pass_on(struct rwlock *rwlock)
{
	struct lock *lock = &rwlock->lock;

	line_spin(&lock->line, NULL, 0);
	while (lock->first_waiter &&
	       rwlock_may_enter(rwlock, context_of(lock->first_waiter))) {
		struct context *context = context_of(lock->first_waiter);

		lock->first_waiter = context->path.next;
		rwlock_enter(rwlock, context);
	}
	if (!lock->first_waiter)
		lock->last_waiter = NULL;
	line_spin(&lock->line, lock->first_waiter, 2);
}

static bool rwlock_released(struct rwlock *rwlock, struct context *context, ps_t since_ps)
{
	struct lock *lock = &rwlock->lock;

	lock_hold_end(lock, context, since_ps, --rwlock->nr_holding);
	context->nr_locks--;
	sim_trace(context->path.sim, POINT_LOCK_RELEASED, context->pcpu->id, 0, lock->id);
	rwlock_pass_on(rwlock);
	return lock_preempt(&context->path);
}

bool rwlock_write_release(struct path *p, struct rwlock *rwlock)
{
	struct lock *lock = &rwlock->lock;
	struct context *context = context_of(p);

	sim_assert(lock->owner == context);
	sim_assert(lock->held);
	lock->owner = NULL;
	lock->held = false;
	if (lock->first_waiter)
		line_write(context, &lock->line);
	return rwlock_released(rwlock, context, lock->held_since_ps);
}

static bool rwlock_read_release(struct path *p, struct rwlock *rwlock)
{
	ps_t since_ps = rwlock_remove_reader(rwlock, context_of(p));

	return rwlock_released(rwlock, context_of(p), since_ps);
}

/* A step. */
#define READ_RELEASE(rwlock)								\
	do {										\
		if (rwlock_read_release(p, (rwlock))) {					\
			PATH_STOP(p)							\
		}									\
	} while (0)

enum flow rwlock_read_unlock_path(struct path *p, void *frame)
{
	struct rwlock_read_unlock *f = frame;

	PATH_BEGIN(p);
	SPEND(LINE_WRITE(p, &f->rwlock->lock.line));
	READ_RELEASE(f->rwlock);
	DONE(0);
	PATH_END(p);
}
