/*
 * lock - a spinlock: queued (raw) or test-and-set, on its cache line, with counters.
 *
 * LOCK(l) is one step. Free: owned from this instant, the step lasts the transfer of the line.
 * Held: the releaser passes ownership at once, the step ends after the hand-over. Spinning keeps
 * the pCPU; waiting and holding disable preemption. wait is the whole step, of every acquisition;
 * hold is from its end to UNLOCK, which takes its caller no time (the store is buffered).
 *
 * raw follows queued_spin_lock_slowpath(), strictly FIFO. The first waiter sets the pending bit and
 * spins on the lock's word, later ones have MCS nodes. The first of those spins on the word, too;
 * the next one when it is told, by a line that is written when its predecessor has claimed, and
 * read. Hand-over: the releaser's store takes the word from its spinners, the next owner fetches
 * it.
 * Leaves out: the paravirtual and the NUMA-aware slow path, the bounded spin of one who sees only
 * the pending bit, a fifth level of nesting.
 *
 * test-and-set follows virt_spin_lock(): all waiters spin on the word. A release makes all of them
 * read it and then try a cmpxchg, one after the other over the line; a random one is first, the
 * others' tries keep the line busy behind it. Leaves out: that who is near, or comes anew, wins
 * more often.
 */
#ifndef MODELS_LOCK_H
#define MODELS_LOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "models/context.h"
#include "models/line.h"
#include "models/lock_stats.h"
#include "models/pcpu.h"
#include "sim/path.h"
#include "sim/ps.h"

struct host;
struct lock;
struct lock_poll;
struct stream;

enum lock_kind { LOCK_RAW, LOCK_TEST_AND_SET, LOCK_RWLOCK, LOCK_MUTEX, NR_LOCK_KINDS };

extern const char *const lock_kind_words[NR_LOCK_KINDS];

/* Locks of one name and one duty; all instances are reported together. */
struct lock_class {
	const char *name;
	enum lock_kind kind;
	bool irqs_off;			/* a hardirq takes it too: LOCK asserts irqs off */
	void (*add_progress)(const struct lock *lock, struct lock_progress *progress);
	struct lock *locks;		/* newest first */
	uint32_t nr_locks;
	struct lock_class *next;
	struct host *host;
};

struct lock {
	struct lock_class *class;
	struct lock *next;		/* of the class */
	uint32_t id;
	uint32_t nr_waiters;		/* in their LOCK step, the next owner included */
	struct context *owner;		/* NULL: free */
	ps_t held_since_ps;
	struct path *first_waiter, *last_waiter;
	struct line line;		/* of the lock's word, and what lies beside it */
	struct lock_stats *stats;	/* NULL: never taken */
	struct lock_poll *poll;		/* a thread looks at it now and then; see lock_poll.h */
	struct stream *lottery;		/* test-and-set: who is first; NULL: queued */
	bool plain;			/* a list is all: no lottery, spinning costs nothing */
	bool held;			/* the owner's step has ended */
	bool pending;			/* the first waiter has set the pending bit, has no node */
	bool owner_queued;		/* the owner had a node, has not told the next one */
};

/* The host's own classes, whether a world has them or not; nobody else's has such a name. */
enum lock_own {
	LOCK_OWN_RQ,
	LOCK_OWN_PI,
	LOCK_OWN_IRQ,
	LOCK_OWN_AP_LIST,
	LOCK_OWN_MUTEX_WAIT,
	NR_LOCKS_OWN
};

extern const char *const lock_own_names[NR_LOCKS_OWN];
bool lock_name_is_own(const char *name);

/* A new raw class. name must outlive the run. */
struct lock_class *lock_class_new(struct host *host, const char *name, bool irqs_off);

/* The class of this name, which is of that kind and duty, or a new one. */
struct lock_class *lock_class_find(struct host *host, const char *name, enum lock_kind kind,
				   bool irqs_off);

/* A free lock, in memory that its owner has; of a class that is raw or test-and-set. */
void lock_init(struct lock *lock, struct lock_class *class);

/* What the macros and other kinds of lock need. */
void lock_enlist(struct lock *lock, struct lock_class *class);
void lock_add_progress(const struct lock *lock, struct lock_progress *progress);
void lock_add_wait(const struct context *context, ps_t now_ps, struct lock_progress *progress);
void lock_append_waiter(struct lock *lock, struct context *context);
void lock_take_at_once(struct lock *lock, struct context *context);
void lock_meet_poll(struct lock *lock) __attribute__((noinline));
bool lock_acquire(struct path *p, struct lock *lock);
void lock_acquired(struct path *p, struct lock *lock);
bool lock_release(struct path *p, struct lock *lock);

/* preempt_enable(): true when a due reschedule has taken the pCPU. */
static inline bool lock_preempt(struct path *p)
{
	const struct context *context = context_of(p);

	return !context->nr_locks && context->pcpu->need_resched && pcpu_preempt(p);
}

#define LOCK(lock)									\
	do {										\
		if (lock_acquire(p, (lock))) {						\
			PATH_STOP(p)							\
		}									\
		lock_acquired(p, (lock));						\
	} while (0)

/* A step: a due reschedule runs here when this was the last lock held. */
#define UNLOCK(lock)									\
	do {										\
		if (lock_release(p, (lock))) {						\
			PATH_STOP(p)							\
		}									\
	} while (0)

#include "models/lock_count.h"

#endif
