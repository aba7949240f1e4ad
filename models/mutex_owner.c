/*
 * mutex_owner - a mutex's word: who has it, who wants it next, who watches; and its counters.
 */
#include "models/host.h"
#include "models/mutex.h"
#include "models/points.h"
#include "sim/sim.h"

/* --- making it, and its counters ------------------------------------------------------------ */

static const struct mutex *mutex_of_lock(const struct lock *lock)
{
	return (const struct mutex *)(const void *)lock;
}

/* Waits and a hold that have not ended. */
static void mutex_add_progress(const struct lock *lock, struct lock_progress *progress)
{
	ps_t now_ps = lock->class->host->sim->now_ps;

	if (lock->held) {
		progress->hold_ps += now_ps - lock->held_since_ps;
		progress->nr_holds++;
	}
	for (const struct mutex_waiter *w = mutex_of_lock(lock)->waiting; w; w = w->next_waiting) {
		progress->wait_ps += now_ps - w->start_ps;
		if (w->contended)
			continue;
		progress->free_wait_ps += now_ps - w->start_ps;
		progress->nr_free_waits++;
	}
}

struct lock_class *mutex_class_find(struct host *host, const char *name)
{
	struct lock_class *class = lock_class_find(host, name, LOCK_MUTEX, false);

	class->add_progress = mutex_add_progress;
	return class;
}

void mutex_init(struct mutex *mutex, struct lock_class *class)
{
	struct host *host = class->host;

	sim_assert(class->kind == LOCK_MUTEX);
	*mutex = (struct mutex){ .owner = NULL };
	osq_init(host);
	lock_enlist(&mutex->lock, class);
	lock_init(&mutex->wait_lock,
		  lock_class_find(host, lock_own_names[LOCK_OWN_MUTEX_WAIT], LOCK_RAW,
				  false));
}

void mutex_wait_begin(struct path *p, struct mutex *mutex, struct mutex_waiter *waiter)
{
	struct context *context = context_of(p);
	const struct thread *holder = mutex->owner ? mutex->owner : thread_of(p);

	sim_assert(context->kind == CONTEXT_THREAD);
	sim_assert(context->nr_locks == 0);
	sim_assert(!context->pcpu->irqs_off);
	sim_assert(mutex->owner != thread_of(p));
	waiter->thread = thread_of(p);
	waiter->start_ps = p->sim->now_ps;
	waiter->contended = mutex->owner || mutex->waiters;
	lock_wait_begin(&mutex->lock, context, waiter->contended);
	waiter->next_waiting = mutex->waiting;
	if (mutex->waiting)
		mutex->waiting->previous_waiting = waiter;
	mutex->waiting = waiter;
	if (waiter->contended)
		sim_trace(p->sim, POINT_LOCK_WAIT, context->pcpu->id, holder->context.pcpu->id,
			  mutex->lock.id);
}

void mutex_wait_end(struct path *p, struct mutex *mutex, struct mutex_waiter *waiter)
{
	struct context *context = context_of(p);

	if (waiter->previous_waiting)
		waiter->previous_waiting->next_waiting = waiter->next_waiting;
	else
		mutex->waiting = waiter->next_waiting;
	if (waiter->next_waiting)
		waiter->next_waiting->previous_waiting = waiter->previous_waiting;
	lock_wait_end(&mutex->lock, context);
	lock_hold_begin(&mutex->lock, context, 0);
	mutex->lock.held = true;
	mutex->lock.held_since_ps = p->sim->now_ps;
	sim_trace(p->sim, POINT_LOCK_ACQUIRED, context->pcpu->id, waiter->contended,
		  mutex->lock.id);
}

/* --- who spins on the owner ------------------------------------------------------------------ */

void mutex_add_spinner(struct mutex *mutex, struct thread *thread)
{
	struct path *p = &thread->context.path;

	p->next = mutex->spinners;
	mutex->spinners = p;
	thread->spins_for = mutex;
	thread->context.spin_ps = p->sim->now_ps;
	line_spin(&mutex->lock.line, mutex->spinners, LINE_ALL_SPIN);
}

void mutex_forget_spinner(struct mutex *mutex, struct thread *thread)
{
	struct path **link = &mutex->spinners;

	while (*link != &thread->context.path)
		link = &(*link)->next;
	*link = thread->context.path.next;
	thread->spins_for = NULL;
	line_spin(&mutex->lock.line, mutex->spinners, mutex->spinners ? LINE_ALL_SPIN : 0);
}

static void mutex_end_spins(struct mutex *mutex)
{
	while (mutex->spinners)
		thread_stop_spin(thread_of(mutex->spinners), 0);
}

void mutex_owner_leaves(struct thread *owner)
{
	for (struct mutex *mutex = owner->held; mutex; mutex = mutex->next_held)
		mutex_end_spins(mutex);
}

/* --- the owner's word ----------------------------------------------------------------------- */

static void mutex_set_owner(struct mutex *mutex, struct thread *owner)
{
	struct mutex **link;

	if (mutex->owner) {
		for (link = &mutex->owner->held; *link != mutex; link = &(*link)->next_held)
			;
		*link = mutex->next_held;
	}
	mutex->owner = owner;
	if (!owner)
		return;
	mutex->next_held = owner->held;
	owner->held = mutex;
	lock_owner_changes(&mutex->lock, &owner->context);
}

bool mutex_claim(struct mutex *mutex, const struct mutex_waiter *waiter)
{
	struct context *context = &waiter->thread->context;

	if (mutex->owner && !(mutex->pickup && mutex->owner == waiter->thread))
		return false;
	if (!mutex->owner)
		mutex_set_owner(mutex, waiter->thread);
	mutex->pickup = false;
	mutex->lock.owner = context;
	context->lock_start_ps = waiter->start_ps;
	context->lock_contended = waiter->contended;
	return true;
}

static bool mutex_asks_handoff(const struct mutex *mutex)
{
	return mutex->owner && !mutex->pickup && !mutex->handoff;
}

void mutex_release(struct path *p, struct mutex *mutex, struct thread *heir)
{
	sim_assert(mutex->owner == thread_of(p));
	sim_assert(mutex->handoff == (heir != NULL));
	lock_hold_end(&mutex->lock, context_of(p), mutex->lock.held_since_ps, 0);
	mutex->lock.held = false;
	mutex->lock.owner = NULL;
	mutex_set_owner(mutex, heir);
	mutex->pickup = heir != NULL;
	mutex->handoff = false;
	sim_trace(p->sim, POINT_LOCK_RELEASED, context_of(p)->pcpu->id, 0, mutex->lock.id);
	mutex_end_spins(mutex);
}

ps_t mutex_atomic(struct path *p, struct mutex *mutex)
{
	return LINE_WRITE(p, &mutex->lock.line) + COST(p, C_ATOMIC_RMW);
}

enum flow mutex_trylock_path(struct path *p, void *frame)
{
	struct mutex_trylock *f = frame;
	struct mutex *mutex = f->mutex;

	PATH_BEGIN(p);
	SPEND(LINE_READ(p, &mutex->lock.line));
	if (f->handoff && mutex_asks_handoff(mutex)) {
		SPEND(mutex_atomic(p, mutex));
		mutex->handoff = mutex->handoff || mutex_asks_handoff(mutex);
	}
	if (!mutex_claim(mutex, f->waiter))
		DONE(0);
	SPEND(mutex_atomic(p, mutex));
	mutex_wait_end(p, mutex, f->waiter);
	DONE(1);
	PATH_END(p);
}
