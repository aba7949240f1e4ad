/*
 * sched_policy - what CFS and EEVDF do differently, behind sched_fair.h. For sched_*.c only.
 *
 * The current entity has been charged up to now before any of these is called.
 */
#ifndef MODELS_SCHED_POLICY_H
#define MODELS_SCHED_POLICY_H

#include "models/sched_fair.h"

struct fair_policy {
	/* Current has run, vruntime_ps is new: is its turn over? NULL: the tick decides. */
	bool (*charged)(struct fair_rq *rq);
	/* Gives an entity its virtual time on a queue that it is not yet part of. */
	void (*place)(struct fair_rq *rq, struct sched_entity *se, bool wakeup);
	/* It is about to leave the queue. */
	void (*leave)(struct fair_rq *rq, struct sched_entity *se);
	/* curr: rq->current if it may go on, else NULL. NULL: nobody. */
	struct sched_entity *(*pick)(struct fair_rq *rq, struct sched_entity *curr);
	/* Two or more are runnable. */
	bool (*tick)(struct fair_rq *rq);
	bool (*preempts)(struct fair_rq *rq, struct sched_entity *se);
	void (*yield)(struct fair_rq *rq);
};

extern const struct fair_policy fair_cfs, fair_eevdf;

/* a - b of two virtual times. */
static inline int64_t fair_diff(ps_t a, ps_t b)
{
	return (int64_t)(a - b);
}

static inline ps_t fair_max(ps_t a, ps_t b)
{
	return fair_diff(a, b) > 0 ? a : b;
}

/* The queued one with the least virtual run time, of equals the one that came first; not except. */
struct sched_entity *fair_leftmost(const struct fair_rq *rq, const struct sched_entity *except);

/* Nobody is favoured, or made to stand back, any more because of se. */
void fair_clear_buddies(struct fair_rq *rq, const struct sched_entity *se);

#endif
