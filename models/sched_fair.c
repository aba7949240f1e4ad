/*
 * sched_fair - what CFS and EEVDF have in common: the queue, the account, coming and going.
 */
#include "models/sched_fair.h"

#include <stddef.h>

#include "models/kernel.h"
#include "models/sched_policy.h"
#include "sim/assert.h"

void fair_rq_init(struct fair_rq *rq, const struct fair_params *params)
{
	*rq = (struct fair_rq){
		.params = params,
		.policy = params->eevdf ? &fair_eevdf : &fair_cfs,
	};
}

/* get_update_sysctl_factor(): 1 + ilog2(pCPUs), of which at most 8 count. */
static ps_t params_factor(uint32_t nr_pcpus)
{
	ps_t factor = 1;

	for (uint32_t count = nr_pcpus < 8 ? nr_pcpus : 8; count > 1; count /= 2)
		factor++;
	return factor;
}

struct fair_params fair_params_default(uint32_t kernel, uint32_t nr_pcpus)
{
	bool short_slice = kernel_has(kernel, KERNEL_SHORT_SLICE);
	ps_t factor = params_factor(nr_pcpus);

	return (struct fair_params){
		.eevdf = kernel_has(kernel, KERNEL_EEVDF),
		.latency_ps = 6 * PS_PER_MS * factor,
		.min_granularity_ps = 750 * PS_PER_US * factor,
		.wakeup_granularity_ps = PS_PER_MS * factor,
		.slice_ps = (short_slice ? 700 : 750) * PS_PER_US * factor,
		.tick_ps = 4 * PS_PER_MS,
		.pick_buddy = kernel_has(kernel, KERNEL_PICK_BUDDY),
	};
}

struct sched_entity *fair_leftmost(const struct fair_rq *rq, const struct sched_entity *except)
{
	struct sched_entity *left = NULL;

	for (struct sched_entity *se = rq->first; se; se = se->next)
		if (se != except && (!left || fair_diff(se->vruntime_ps, left->vruntime_ps) < 0))
			left = se;
	return left;
}

void fair_clear_buddies(struct fair_rq *rq, const struct sched_entity *se)
{
	if (rq->next_buddy == se)
		rq->next_buddy = NULL;
	if (rq->last_buddy == se)
		rq->last_buddy = NULL;
	if (rq->skip_buddy == se)
		rq->skip_buddy = NULL;
}

static struct sched_entity *runnable_current(const struct fair_rq *rq)
{
	return rq->current && rq->current->on_rq ? rq->current : NULL;
}

/* update_min_vruntime(): follows the least of those on the queue, and never goes back. */
static void update_min_vruntime(struct fair_rq *rq)
{
	const struct sched_entity *least = fair_leftmost(rq, NULL);
	const struct sched_entity *curr = runnable_current(rq);

	if (!least || (curr && fair_diff(curr->vruntime_ps, least->vruntime_ps) < 0))
		least = curr;
	if (least)
		rq->min_vruntime_ps = fair_max(rq->min_vruntime_ps, least->vruntime_ps);
}

bool fair_update_current(struct fair_rq *rq, ps_t now_ps)
{
	struct sched_entity *curr = rq->current;

	if (curr && now_ps > curr->exec_start_ps) {
		ps_t run_ps = now_ps - curr->exec_start_ps;

		curr->exec_start_ps = now_ps;
		curr->sum_exec_ps += run_ps;
		curr->vruntime_ps += run_ps;
		if (rq->policy->charged && rq->policy->charged(rq))
			rq->resched = true;
		update_min_vruntime(rq);
	}
	return rq->resched;
}

static void list_append(struct fair_rq *rq, struct sched_entity *se)
{
	se->next = NULL;
	se->previous = rq->last;
	if (rq->last)
		rq->last->next = se;
	else
		rq->first = se;
	rq->last = se;
}

static void list_remove(struct fair_rq *rq, struct sched_entity *se)
{
	if (se->previous)
		se->previous->next = se->next;
	else
		rq->first = se->next;
	if (se->next)
		se->next->previous = se->previous;
	else
		rq->last = se->previous;
	se->next = NULL;
	se->previous = NULL;
}

/* Its virtual time, which is that of another queue or relative, becomes that of this one. */
static void rebase(struct fair_rq *rq, struct sched_entity *se)
{
	if (se->home != rq)
		se->vruntime_ps += rq->min_vruntime_ps -
				   (se->home ? se->home->min_vruntime_ps : 0);
	se->home = rq;
}

void fair_enqueue(struct fair_rq *rq, struct sched_entity *se, bool wakeup, ps_t now_ps)
{
	sim_assert(!se->on_rq && se != rq->current);
	fair_update_current(rq, now_ps);
	rebase(rq, se);
	rq->policy->place(rq, se, wakeup);
	list_append(rq, se);
	se->placed = true;
	se->on_rq = true;
	rq->nr_running++;
}

void fair_dequeue(struct fair_rq *rq, struct sched_entity *se, bool sleep, ps_t now_ps)
{
	sim_assert(se->on_rq && se->home == rq);
	fair_update_current(rq, now_ps);
	fair_clear_buddies(rq, se);
	if (rq->policy->leave)
		rq->policy->leave(rq, se);
	if (se != rq->current)
		list_remove(rq, se);
	se->on_rq = false;
	rq->nr_running--;
	if (!sleep) {
		se->vruntime_ps -= rq->min_vruntime_ps;
		se->home = NULL;
	}
	update_min_vruntime(rq);
}

struct sched_entity *fair_pick_next(struct fair_rq *rq, ps_t now_ps)
{
	struct sched_entity *curr, *se;

	if (rq->current && !rq->current->on_rq)
		rq->current = NULL;
	fair_update_current(rq, now_ps);
	curr = rq->current;
	se = rq->policy->pick(rq, curr);
	rq->resched = false;
	if (se == curr)
		return se;
	if (curr)
		list_append(rq, curr);
	list_remove(rq, se);
	fair_clear_buddies(rq, se);
	se->exec_start_ps = now_ps;
	se->slice_start_ps = se->sum_exec_ps;
	se->parity_ps = se->deadline_ps;
	rq->current = se;
	/* The kernel does it when it first charges se: what comes at this same instant sees it. */
	update_min_vruntime(rq);
	return se;
}

bool fair_tick(struct fair_rq *rq, ps_t now_ps)
{
	fair_update_current(rq, now_ps);
	if (rq->current && rq->nr_running > 1 && rq->policy->tick && rq->policy->tick(rq))
		rq->resched = true;
	return rq->resched;
}

bool fair_preempts(struct fair_rq *rq, struct sched_entity *se, ps_t now_ps)
{
	sim_assert(se->on_rq && se->home == rq);
	if (!rq->current)
		return true;
	if (!fair_update_current(rq, now_ps) && rq->policy->preempts(rq, se))
		rq->resched = true;
	return rq->resched;
}

void fair_favour(struct fair_rq *rq, struct sched_entity *se)
{
	sim_assert(se->on_rq && se->home == rq && se != rq->current);
	rq->next_buddy = se;
}

void fair_yield(struct fair_rq *rq, ps_t now_ps)
{
	if (!runnable_current(rq) || rq->nr_running == 1)
		return;
	fair_clear_buddies(rq, rq->current);
	fair_update_current(rq, now_ps);
	rq->policy->yield(rq);
}

struct sched_entity *fair_find_movable(const struct fair_rq *rq,
				       bool (*movable)(const struct sched_entity *se))
{
	for (struct sched_entity *se = rq->first; se; se = se->next)
		if (movable(se))
			return se;
	return NULL;
}
