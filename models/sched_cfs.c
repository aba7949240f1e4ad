/*
 * sched_cfs - the rules of CFS: the least virtual run time first, sleepers get credit.
 *
 * Follows: place_entity(), pick_next_entity(), check_preempt_tick(), check_preempt_wakeup(),
 *          wakeup_preempt_entity() of kernel/sched/fair.c (v5.4), features at their defaults:
 *          GENTLE_FAIR_SLEEPERS, START_DEBIT, LAST_BUDDY, not NEXT_BUDDY.
 */
#include "models/sched_policy.h"

#include <stddef.h>

/* sched_nr_latency: so many least slices are one period. */
static uint32_t nr_in_latency(const struct fair_params *params)
{
	return (uint32_t)((params->latency_ps + params->min_granularity_ps - 1) /
			  params->min_granularity_ps);
}

/* sched_slice(): an equal part of the period, which grows when the least slice would not fit. */
static ps_t slice(const struct fair_params *params, uint32_t nr_running)
{
	if (nr_running > nr_in_latency(params))
		return params->min_granularity_ps;
	return params->latency_ps / nr_running;
}

/*
 * A new one begins a slice later than the others, so that forking gains nothing. One that slept is
 * at most half a period ahead of the others, and never gains by a short sleep.
 */
static void cfs_place(struct fair_rq *rq, struct sched_entity *se, bool wakeup)
{
	const struct fair_params *params = rq->params;
	ps_t vruntime_ps = rq->min_vruntime_ps;

	if (!se->placed)
		se->vruntime_ps = vruntime_ps + slice(params, rq->nr_running + 1);
	else if (wakeup)
		se->vruntime_ps = fair_max(se->vruntime_ps, vruntime_ps - params->latency_ps / 2);
}

enum lead { BEHIND, AHEAD, FAR_AHEAD };

/* wakeup_preempt_entity(): is se ahead of curr, and by more than the granularity? */
static enum lead lead_of(const struct fair_rq *rq, const struct sched_entity *se,
			 const struct sched_entity *curr)
{
	int64_t diff_ps = fair_diff(curr->vruntime_ps, se->vruntime_ps);

	if (diff_ps <= 0)
		return BEHIND;
	if (diff_ps > (int64_t)rq->params->wakeup_granularity_ps)
		return FAR_AHEAD;
	return AHEAD;
}

/* The buddy may go first: whoever is due is not far ahead of it. */
static bool fair_enough(const struct fair_rq *rq, const struct sched_entity *buddy,
			const struct sched_entity *due)
{
	return buddy && lead_of(rq, due, buddy) != FAR_AHEAD;
}

/* Next after `due`, when that one has yielded. */
static struct sched_entity *second(const struct fair_rq *rq, struct sched_entity *curr,
				   const struct sched_entity *due)
{
	struct sched_entity *next = fair_leftmost(rq, due);

	if (due != curr &&
	    (!next || (curr && fair_diff(curr->vruntime_ps, next->vruntime_ps) < 0)))
		return curr;
	return next;
}

static struct sched_entity *cfs_pick(struct fair_rq *rq, struct sched_entity *curr)
{
	struct sched_entity *due = fair_leftmost(rq, NULL);
	struct sched_entity *chosen, *other;

	if (!due || (curr && fair_diff(curr->vruntime_ps, due->vruntime_ps) < 0))
		due = curr;
	if (!due)
		return NULL;
	chosen = due;
	if (rq->skip_buddy == due) {
		other = second(rq, curr, due);
		if (fair_enough(rq, other, due))
			chosen = other;
	}
	if (fair_enough(rq, rq->last_buddy, due))
		chosen = rq->last_buddy;
	if (fair_enough(rq, rq->next_buddy, due))
		chosen = rq->next_buddy;
	fair_clear_buddies(rq, chosen);
	return chosen;
}

/* check_preempt_tick(): its slice is used up, or after the least slice somebody is far behind. */
static bool cfs_tick(struct fair_rq *rq)
{
	const struct sched_entity *curr = rq->current;
	ps_t slice_ps = slice(rq->params, rq->nr_running);
	ps_t run_ps = curr->sum_exec_ps - curr->slice_start_ps;

	if (run_ps > slice_ps) {
		fair_clear_buddies(rq, curr);
		return true;
	}
	if (run_ps < rq->params->min_granularity_ps)
		return false;
	return fair_diff(curr->vruntime_ps, fair_leftmost(rq, NULL)->vruntime_ps) >
	       (int64_t)slice_ps;
}

static bool cfs_preempts(struct fair_rq *rq, struct sched_entity *se)
{
	struct sched_entity *curr = rq->current;

	if (lead_of(rq, se, curr) != FAR_AHEAD)
		return false;
	rq->next_buddy = se;
	if (curr->on_rq && rq->nr_running >= nr_in_latency(rq->params))
		rq->last_buddy = curr;
	return true;
}

static void cfs_yield(struct fair_rq *rq)
{
	rq->skip_buddy = rq->current;
}

const struct fair_policy fair_cfs = {
	.place = cfs_place,
	.pick = cfs_pick,
	.tick = cfs_tick,
	.preempts = cfs_preempts,
	.yield = cfs_yield,
};
