/*
 * osq - the queue of those who spin for a mutex: only its head looks at the owner.
 *
 * A waiter spins on its own node, of which a pCPU has one, until its predecessor passes the queue
 * on, or until a reschedule is due: then it leaves the queue from where it stands. It costs no
 * event while it spins. Threads that cannot be preempted only; the node is in its frame.
 *
 * Follows: osq_lock(), osq_unlock() in kernel/locking/osq_lock.c (Linux v5.4-v6.18)
 * Leaves out: vcpu_is_preempted() of the predecessor, which is false on a host; the retries of two
 *             neighbours that leave at the same instant.
 */
#ifndef MODELS_OSQ_H
#define MODELS_OSQ_H

#include "models/line.h"
#include "models/sched.h"

struct osq_node {
	struct thread *thread;
	struct osq_node *next, *previous;
};

struct osq {
	struct osq_node *first, *last;	/* first: the head; last: what the tail word says */
};

/* The nodes' lines, one for each pCPU. Once, before the first of these paths. */
void osq_init(struct host *host);

/* p->ret: 1 at the head, 0 if a reschedule came first. tail: the line of the tail word. */
struct osq_lock {
	struct osq *osq;
	struct line *tail;
	struct osq_node *node;		/* its thread is set */
};
enum flow osq_lock_path(struct path *p, void *frame);

/* The head leaves, and the next one is told. */
struct osq_unlock {
	struct osq *osq;
	struct line *tail;
	struct osq_node *node;
};
enum flow osq_unlock_path(struct path *p, void *frame);

#endif
