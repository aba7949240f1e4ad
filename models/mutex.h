/*
 * mutex - a lock whose waiters spin while its owner executes, and sleep otherwise.
 *
 * CALL(mutex_lock, .mutex = m), CALL(mutex_unlock, .mutex = m): threads, irqs on, no spinlock
 * held. A holder can be preempted and can sleep. Who finds it taken spins with preemption off, the
 * first of a queue (osq.h) on the owner, until that releases it or leaves its pCPU, or a reschedule
 * is due; then it sleeps in a FIFO list. A release wakes the first of these, which competes with
 * the spinners; when it loses it asks for a hand-off, which the next release obeys.
 *
 * The owner's word, its flags and the queue's tail share the line of `lock`, which is read in a
 * loop by those who spin on the owner. Reported as a lock class of kind "mutex": wait is from the
 * call to the end of the step that takes it, hold from there to the release.
 *
 * Follows: mutex_lock(), mutex_unlock() in kernel/locking/mutex.c (Linux v5.15-v6.18)
 * Leaves out: interruptible and ww variants, proxy execution, irqs off under wait_lock (v6.15 on),
 *             wait_lock on the same line, the line of the owner's on_cpu.
 */
#ifndef MODELS_MUTEX_H
#define MODELS_MUTEX_H

#include <stdbool.h>

#include "models/lock.h"
#include "models/osq.h"
#include "models/sched.h"
#include "sim/path.h"

/* A thread in mutex_lock(), in its frame. */
struct mutex_waiter {
	struct thread *thread;
	ps_t start_ps;
	bool contended;			/* it found it owned, or somebody asleep for it */
	struct mutex_waiter *next;	/* of those who sleep */
	struct mutex_waiter *next_waiting, *previous_waiting;	/* of all */
};

struct mutex {
	struct lock lock;		/* first; line, counters; its owner picks up first */
	struct lock wait_lock;		/* protects the list of sleepers */
	struct thread *owner;		/* one word with the flags */
	struct mutex *next_held;	/* of the owner's */
	bool waiters;			/* somebody sleeps: a release has to look */
	bool handoff;			/* the first sleeper wants it next */
	bool pickup;			/* given to the owner, which has not noticed yet */
	struct osq osq;
	struct mutex_waiter *first, *last;	/* sleepers */
	struct mutex_waiter *waiting;	/* all in mutex_lock(), newest first */
	struct path *spinners;		/* threads that spin on the owner */
};

/* A class for mutexes of this name, which must outlive the run. */
struct lock_class *mutex_class_find(struct host *host, const char *name);
void mutex_init(struct mutex *mutex, struct lock_class *class);

struct mutex_lock {
	struct mutex *mutex;
	struct mutex_waiter waiter;
	bool got;
};
enum flow mutex_lock_path(struct path *p, void *frame);

struct mutex_unlock {
	struct mutex *mutex;
	struct thread *next;		/* to be woken */
	bool released;
};
enum flow mutex_unlock_path(struct path *p, void *frame);

/* For the scheduler: an owner is off its pCPU now; a spinner is about to be woken. */
void mutex_owner_leaves(struct thread *owner);
void mutex_forget_spinner(struct mutex *mutex, struct thread *thread);

/* --- between mutex.c and mutex_owner.c ------------------------------------------------------- */

/* mutex_lock() begins; the thread owns the mutex, its step has ended. */
void mutex_wait_begin(struct path *p, struct mutex *mutex, struct mutex_waiter *waiter);
void mutex_wait_end(struct path *p, struct mutex *mutex, struct mutex_waiter *waiter);

/* Takes it if it is free, or is to be picked up: it is the waiter's from this instant. */
bool mutex_claim(struct mutex *mutex, const struct mutex_waiter *waiter);

/* The owner lets go; heir: the mutex is its own, once it looks. */
void mutex_release(struct path *p, struct mutex *mutex, struct thread *heir);

/* The thread begins to read the owner's word in a loop. */
void mutex_add_spinner(struct mutex *mutex, struct thread *thread);

/* What an atomic on the owner's word takes. */
ps_t mutex_atomic(struct path *p, struct mutex *mutex);

/* __mutex_trylock_or_handoff(). p->ret: 1 if it is ours. */
struct mutex_trylock {
	struct mutex *mutex;
	struct mutex_waiter *waiter;
	bool handoff;			/* ask for it if it is not */
};
enum flow mutex_trylock_path(struct path *p, void *frame);

#endif
