/*
 * sched_fair - who runs next on one pCPU: fair sharing by virtual run time.
 *
 * Decisions over sched_entity structs, which are embedded in their threads; no cost, no clock of
 * its own, no trace: every verb takes the time. The caller (sched.c) holds the run queue's lock,
 * spends and switches. All threads have nice 0, so virtual run time is run time.
 * Virtual times wrap: they are compared by their signed difference.
 * Follows: kernel/sched/fair.c, CFS as in v5.4 (before 6.6), EEVDF as in v6.6 (from 6.6 on).
 * Leaves out: weights, groups, bandwidth; of v6.12 the delayed dequeue of sleepers and the
 *             preemption by short slices, of v6.18 the loss of eligibility by yield.
 */
#ifndef MODELS_SCHED_FAIR_H
#define MODELS_SCHED_FAIR_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/ps.h"

struct fair_params {
	bool eevdf;
	ps_t latency_ps;		/* CFS: period in which everybody runs once */
	ps_t min_granularity_ps;	/* CFS: least slice */
	ps_t wakeup_granularity_ps;	/* CFS: lead that a waking thread needs to preempt */
	ps_t slice_ps;			/* EEVDF: base slice */
	ps_t tick_ps;			/* EEVDF: a lag of one tick is kept in any case */
	bool pick_buddy;		/* EEVDF: yield_to() favours (since v6.14) */
};

struct fair_policy;
struct fair_rq;

/*
 * All zeroes is one that was forked just now, which begins with a handicap; one whose fork is long
 * ago has `placed` set before its first fair_enqueue(), and begins like the others.
 */
struct sched_entity {
	ps_t vruntime_ps;
	ps_t deadline_ps;		/* EEVDF, virtual */
	ps_t parity_ps;			/* EEVDF: deadline_ps when it was picked: not preempted
					   before, as long as it is eligible (RUN_TO_PARITY) */
	int64_t lag_ps;			/* EEVDF, kept while it is on no queue */
	ps_t exec_start_ps;		/* of the part of its run that is not accounted */
	ps_t sum_exec_ps;		/* run time so far */
	ps_t slice_start_ps;		/* sum_exec_ps when it was picked */
	bool on_rq;			/* queued, or current */
	bool placed;			/* has been on a queue */
	struct fair_rq *home;		/* whose virtual time vruntime_ps is in; NULL: relative */
	struct sched_entity *next, *previous;	/* among those queued; current is not */
};

struct fair_rq {
	const struct fair_params *params;
	const struct fair_policy *policy;
	struct sched_entity *current;	/* executing; NULL: idle */
	struct sched_entity *first, *last;	/* queued, in order of coming */
	struct sched_entity *next_buddy;	/* yield_to() favours it, or it has preempted */
	struct sched_entity *last_buddy;	/* CFS: was preempted when many are runnable */
	struct sched_entity *skip_buddy;	/* CFS: has yielded */
	uint32_t nr_running;		/* queued and current */
	ps_t min_vruntime_ps;
	bool resched;			/* current is to give way; until the next pick */
};

/* params outlive the queue. */
void fair_rq_init(struct fair_rq *rq, const struct fair_params *params);

/*
 * The defaults of a kernel on a host with that many pCPUs in use (log2 scaling); tick_ps is that of
 * HZ = 250, to be set by a caller whose tick is another.
 */
struct fair_params fair_params_default(uint32_t kernel, uint32_t nr_pcpus);

/*
 * Charges the current entity up to now. True: it is to give way (EEVDF: its request is used up and
 * somebody waits; or fair_tick() or fair_preempts() said so since it was picked).
 */
bool fair_update_current(struct fair_rq *rq, ps_t now_ps);

/*
 * Onto the queue. wakeup: it has slept, here or elsewhere (CFS: placed with credit), else it is new
 * or migrates. EEVDF: placed with its lag in any case. Ask fair_preempts() after it.
 */
void fair_enqueue(struct fair_rq *rq, struct sched_entity *se, bool wakeup, ps_t now_ps);

/*
 * Off the queue, current or queued. sleep: it blocks; else it migrates: its virtual time becomes
 * relative, and fair_enqueue() elsewhere makes it absolute again. Current stays `current` until
 * fair_pick_next(), in the same section of the lock.
 */
void fair_dequeue(struct fair_rq *rq, struct sched_entity *se, bool sleep, ps_t now_ps);

/*
 * Current goes back among the queued (if it is still on_rq); the next one becomes current; NULL:
 * nobody. Current may be picked again: then nothing changes, its slice goes on.
 */
struct sched_entity *fair_pick_next(struct fair_rq *rq, ps_t now_ps);

/* The tick: should the current entity give way? */
bool fair_tick(struct fair_rq *rq, ps_t now_ps);

/* Should this entity, which was enqueued just now, preempt the current one? True when idle. */
bool fair_preempts(struct fair_rq *rq, struct sched_entity *se, ps_t now_ps);

/*
 * yield_to() is two verbs, on two queues or twice the same: favour the target, which is queued, at
 * the next pick, if that is not too unfair; and current, who yields, stands back.
 */
void fair_favour(struct fair_rq *rq, struct sched_entity *se);
void fair_yield(struct fair_rq *rq, ps_t now_ps);

/* A queued entity (not current) that may go to another pCPU, for which movable() says yes: the one
 * that has waited longest; NULL: none. */
struct sched_entity *fair_find_movable(const struct fair_rq *rq,
				       bool (*movable)(const struct sched_entity *se));

#endif
