/*
 * rwlock - readers together or one writer, on its cache line, with the counters of a lock.
 *
 * READ_LOCK, WRITE_LOCK: one step each, as LOCK. Who finds a writer, or (a writer) anybody, or
 * somebody waiting, queues, first in first out: so readers that come behind a waiting writer wait
 * for it. READ_UNLOCK is an atomic, so it takes the line's transfer; WRITE_UNLOCK takes its caller
 * no time. Waiting spins, waiting and holding disable preemption, as with a spinlock.
 *
 * Follows: queued_read_lock_slowpath(), queued_write_lock_slowpath()
 * Leaves out: readers of hardirqs and softirqs that pass a waiting writer; the MCS nodes of the
 * inner lock, which is on the same line: the first waiter spins for the count, the second for it.
 *
 * hold is of each holder; utilisation is of being held at all. For whom somebody waited while
 * several readers held it: for the one that came last.
 */
#ifndef MODELS_RWLOCK_H
#define MODELS_RWLOCK_H

#include "models/lock.h"

struct rwlock_reader;

struct rwlock {
	struct lock lock;		/* first; its owner is the writer */
	uint32_t nr_readers;		/* that hold it, or will when their step ends */
	uint32_t nr_holding;
	struct rwlock_reader *readers, *free;
};

/* A free lock, in memory that its owner has; of a class of kind LOCK_RWLOCK. */
void rwlock_init(struct rwlock *rwlock, struct lock_class *class);

/* What the macros need. */
bool rwlock_read_acquire(struct path *p, struct rwlock *rwlock);
void rwlock_read_acquired(struct path *p, struct rwlock *rwlock);
bool rwlock_write_acquire(struct path *p, struct rwlock *rwlock);
void rwlock_write_acquired(struct path *p, struct rwlock *rwlock);
bool rwlock_write_release(struct path *p, struct rwlock *rwlock);

struct rwlock_read_unlock {
	struct rwlock *rwlock;
};
enum flow rwlock_read_unlock_path(struct path *p, void *frame);

#define READ_LOCK(rwlock)								\
	do {										\
		if (rwlock_read_acquire(p, (rwlock))) {					\
			PATH_STOP(p)							\
		}									\
		rwlock_read_acquired(p, (rwlock));					\
	} while (0)

#define WRITE_LOCK(rwlock_)								\
	do {										\
		if (rwlock_write_acquire(p, (rwlock_))) {				\
			PATH_STOP(p)							\
		}									\
		rwlock_write_acquired(p, (rwlock_));					\
	} while (0)

#define WRITE_UNLOCK(rwlock)								\
	do {										\
		if (rwlock_write_release(p, (rwlock))) {				\
			PATH_STOP(p)							\
		}									\
	} while (0)

#define READ_UNLOCK(rwlock_) CALL(rwlock_read_unlock, .rwlock = (rwlock_))

#endif
