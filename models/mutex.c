/*
 * mutex - taking and leaving it: spinning, sleeping, hand-off.
 */
#include "models/mutex.h"

#include "models/host.h"
#include "models/pcpu.h"
#include "sim/sim.h"

/* --- spinning ------------------------------------------------------------------------------- */

/* Frame: mutex_optimistic_spin(). p->ret: 1 if the mutex is ours. Preemption is off. */
struct mutex_spin {
	struct mutex *mutex;
	struct mutex_waiter *waiter;
	struct thread *owner;
	struct osq_node node;
	bool first;			/* of those who sleep: it spins beside the queue's head */
	bool queued, may_spin, got;
};

/* mutex_can_spin_on_owner(). */
static bool mutex_can_spin(const struct mutex *mutex, const struct context *context)
{
	return !context->pcpu->need_resched && (!mutex->owner || mutex->owner->on_cpu);
}

/* mutex_spin_on_owner(): go on? */
static bool mutex_spins_on(const struct mutex_spin *f)
{
	const struct thread *self = f->waiter->thread;

	return f->mutex->owner == f->owner && f->owner->on_cpu &&
	       !self->context.pcpu->need_resched;
}

static enum flow mutex_spin_path(struct path *p, void *frame)
{
	struct mutex_spin *f = frame;
	struct mutex *mutex = f->mutex;

	PATH_BEGIN(p);
	f->may_spin = f->first || mutex_can_spin(mutex, context_of(p));
	if (f->may_spin && !f->first) {
		f->node.thread = thread_of(p);
		CALL(osq_lock, .osq = &mutex->osq, .tail = &mutex->lock.line, .node = &f->node);
		f->may_spin = p->ret == 1;
		f->queued = f->may_spin;
	}
	while (f->may_spin && !f->got) {
		CALL(mutex_trylock, .mutex = mutex, .waiter = f->waiter);
		f->got = p->ret == 1;
		f->owner = mutex->owner;
		while (!f->got && mutex_spins_on(f)) {
			mutex_add_spinner(mutex, thread_of(p));
			SPIN();
			SPEND(LINE_READ(p, &mutex->lock.line));
		}
		f->may_spin = mutex->owner != f->owner;
	}
	if (f->queued)
		CALL(osq_unlock, .osq = &mutex->osq, .tail = &mutex->lock.line, .node = &f->node);
	if (!f->got && context_of(p)->pcpu->need_resched) {
		thread_cancel_sleep(thread_of(p));
		context_of(p)->nr_locks--;
		SCHEDULE();
		context_of(p)->nr_locks++;
	}
	DONE(f->got);
	PATH_END(p);
}

/* --- sleeping ------------------------------------------------------------------------------- */

/* Frame: the part of __mutex_lock_common() that sleeps. Preemption is off. */
struct mutex_sleep {
	struct mutex *mutex;
	struct mutex_waiter *waiter;
	bool first, got;
};

/* True: the list was empty. */
static bool mutex_add_waiter(struct mutex *mutex, struct mutex_waiter *waiter)
{
	bool was_empty = !mutex->first;

	if (was_empty)
		mutex->first = waiter;
	else
		mutex->last->next = waiter;
	mutex->last = waiter;
	return was_empty;
}

/* True: the list is empty now. */
static bool mutex_remove_waiter(struct mutex *mutex, struct mutex_waiter *waiter)
{
	struct mutex_waiter **link = &mutex->first, *previous = NULL;

	while (*link != waiter) {
		previous = *link;
		link = &previous->next;
	}
	*link = waiter->next;
	if (mutex->last == waiter)
		mutex->last = previous;
	return !mutex->first;
}

static enum flow mutex_sleep_path(struct path *p, void *frame)
{
	struct mutex_sleep *f = frame;
	struct mutex *mutex = f->mutex;

	PATH_BEGIN(p);
	LOCK(&mutex->wait_lock);
	CALL(mutex_trylock, .mutex = mutex, .waiter = f->waiter);
	if (p->ret) {
		UNLOCK(&mutex->wait_lock);
		DONE(0);
	}
	if (mutex_add_waiter(mutex, f->waiter)) {
		SPEND(mutex_atomic(p, mutex));
		mutex->waiters = true;
	}
	thread_prepare_sleep(thread_of(p));
	CALL(mutex_trylock, .mutex = mutex, .waiter = f->waiter);
	f->got = p->ret == 1;
	while (!f->got) {
		UNLOCK(&mutex->wait_lock);
		context_of(p)->nr_locks--;
		SCHEDULE();
		context_of(p)->nr_locks++;
		f->first = mutex->first == f->waiter;
		thread_prepare_sleep(thread_of(p));
		CALL(mutex_trylock, .mutex = mutex, .waiter = f->waiter, .handoff = f->first);
		f->got = p->ret == 1;
		if (!f->got && f->first) {
			CALL(mutex_spin, .mutex = mutex, .waiter = f->waiter, .first = true);
			f->got = p->ret == 1;
		}
		LOCK(&mutex->wait_lock);
		if (!f->got) {
			CALL(mutex_trylock, .mutex = mutex, .waiter = f->waiter);
			f->got = p->ret == 1;
		}
	}
	thread_cancel_sleep(thread_of(p));
	if (mutex_remove_waiter(mutex, f->waiter)) {
		SPEND(mutex_atomic(p, mutex));
		mutex->waiters = false;
	}
	UNLOCK(&mutex->wait_lock);
	DONE(0);
	PATH_END(p);
}

/* --- what callers use ------------------------------------------------------------------------ */

static bool mutex_preempt_enable(struct path *p)
{
	context_of(p)->nr_locks--;
	return lock_preempt(p);
}

#define PREEMPT_ENABLE()								\
	do {										\
		if (mutex_preempt_enable(p)) {						\
			PATH_STOP(p)							\
		}									\
	} while (0)

enum flow mutex_lock_path(struct path *p, void *frame)
{
	struct mutex_lock *f = frame;
	struct mutex *mutex = f->mutex;

	PATH_BEGIN(p);
	mutex_wait_begin(p, mutex, &f->waiter);
	if (!f->waiter.contended) {
		mutex_claim(mutex, &f->waiter);
		SPEND(mutex_atomic(p, mutex));
		mutex_wait_end(p, mutex, &f->waiter);
		DONE(0);
	}
	SPEND(mutex_atomic(p, mutex));		/* the fast path's exchange fails */
	context_of(p)->nr_locks++;		/* preempt_disable() */
	CALL(mutex_trylock, .mutex = mutex, .waiter = &f->waiter);
	f->got = p->ret == 1;
	if (!f->got) {
		CALL(mutex_spin, .mutex = mutex, .waiter = &f->waiter);
		f->got = p->ret == 1;
	}
	if (!f->got)
		CALL(mutex_sleep, .mutex = mutex, .waiter = &f->waiter);
	PREEMPT_ENABLE();
	DONE(0);
	PATH_END(p);
}

enum flow mutex_unlock_path(struct path *p, void *frame)
{
	struct mutex_unlock *f = frame;
	struct mutex *mutex = f->mutex;

	PATH_BEGIN(p);
	sim_assert(mutex->owner == thread_of(p));
	SPEND(mutex_atomic(p, mutex));
	if (mutex->waiters && !mutex->handoff)
		SPEND(COST(p, C_ATOMIC_RMW));	/* once more: the owner goes, the flags stay */
	if (!mutex->handoff) {
		mutex_release(p, mutex, NULL);
		f->released = true;
		if (!mutex->waiters)
			DONE(0);
	}
	LOCK(&mutex->wait_lock);
	f->next = mutex->first ? mutex->first->thread : NULL;
	if (!f->released) {
		SPEND(mutex_atomic(p, mutex));
		mutex_release(p, mutex, f->next);
	}
	UNLOCK(&mutex->wait_lock);
	if (f->next)
		CALL(sched_wake, .thread = f->next);
	DONE(0);
	PATH_END(p);
}
