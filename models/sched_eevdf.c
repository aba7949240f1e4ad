/*
 * sched_eevdf - the rules of EEVDF: of those that are owed time, the earliest virtual deadline.
 *
 * V is the mean of the virtual run times of all that are on the queue; an entity is eligible when
 * it is not ahead of V; its deadline is one slice after where its request began.
 * Follows: avg_vruntime(), entity_eligible(), pick_eevdf(), update_deadline(), place_entity(),
 *          update_entity_lag(), check_preempt_wakeup() of kernel/sched/fair.c (v6.6), features at
 *          their defaults: PLACE_LAG, PLACE_DEADLINE_INITIAL (of any effect since v6.12),
 *          RUN_TO_PARITY, not NEXT_BUDDY. Of equal deadlines, that of the one that came first
 *          is first, and that of the current one last (as since v6.8).
 */
#include "models/sched_policy.h"

#include <stddef.h>

/* Sum of the virtual run times relative to min_vruntime_ps, and how many they are. */
struct load {
	int64_t sum_ps;
	int64_t nr;
};

static int64_t key(const struct fair_rq *rq, const struct sched_entity *se)
{
	return fair_diff(se->vruntime_ps, rq->min_vruntime_ps);
}

static struct load load_of(const struct fair_rq *rq)
{
	struct load load = { 0 };

	if (rq->current && rq->current->on_rq) {
		load.sum_ps = key(rq, rq->current);
		load.nr = 1;
	}
	for (const struct sched_entity *se = rq->first; se; se = se->next) {
		load.sum_ps += key(rq, se);
		load.nr++;
	}
	return load;
}

/* V, rounded down; of nobody: where the last one was. */
static ps_t avg_vruntime(const struct fair_rq *rq)
{
	struct load load = load_of(rq);

	if (load.nr == 0)
		return rq->min_vruntime_ps;
	if (load.sum_ps < 0)
		load.sum_ps -= load.nr - 1;
	return rq->min_vruntime_ps + (ps_t)(load.sum_ps / load.nr);
}

/* Without the division, which would lose the remainder. */
static bool eligible(const struct fair_rq *rq, const struct load *load,
		     const struct sched_entity *se)
{
	return load->sum_ps >= key(rq, se) * load->nr;
}

/* A new one begins with half a slice: the others are halfway through theirs, on average. */
static void eevdf_place(struct fair_rq *rq, struct sched_entity *se, bool wakeup)
{
	ps_t slice_ps = rq->params->slice_ps;
	int64_t nr = load_of(rq).nr;
	int64_t lag_ps = 0;

	(void)wakeup;	/* sleeping and migrating are the same: the lag is kept */
	/* That it joins moves V towards it: the lag is enlarged by what it loses. */
	if (nr > 0)
		lag_ps = se->lag_ps * (nr + 1) / nr;
	se->vruntime_ps = avg_vruntime(rq) - (ps_t)lag_ps;
	se->deadline_ps = se->vruntime_ps + (se->placed ? slice_ps : slice_ps / 2);
}

static void eevdf_leave(struct fair_rq *rq, struct sched_entity *se)
{
	ps_t two_slices_ps = 2 * rq->params->slice_ps, tick_ps = rq->params->tick_ps;
	int64_t limit_ps = (int64_t)(two_slices_ps > tick_ps ? two_slices_ps : tick_ps);
	int64_t lag_ps = fair_diff(avg_vruntime(rq), se->vruntime_ps);

	if (lag_ps > limit_ps)
		lag_ps = limit_ps;
	if (lag_ps < -limit_ps)
		lag_ps = -limit_ps;
	se->lag_ps = lag_ps;
}

/* update_deadline(): the request is served; the next one begins, and others may go first. */
static bool eevdf_charged(struct fair_rq *rq)
{
	struct sched_entity *curr = rq->current;

	if (fair_diff(curr->vruntime_ps, curr->deadline_ps) < 0)
		return false;
	curr->deadline_ps = curr->vruntime_ps + rq->params->slice_ps;
	if (rq->nr_running == 1)
		return false;
	fair_clear_buddies(rq, curr);
	return true;
}

static struct sched_entity *pick_deadline(const struct fair_rq *rq, struct sched_entity *curr)
{
	struct load load = load_of(rq);
	struct sched_entity *best = NULL;

	if (curr && !eligible(rq, &load, curr))
		curr = NULL;
	if (curr && curr->parity_ps == curr->deadline_ps)
		return curr;
	for (struct sched_entity *se = rq->first; se; se = se->next)
		if (eligible(rq, &load, se) &&
		    (!best || fair_diff(se->deadline_ps, best->deadline_ps) < 0))
			best = se;
	if (!best || (curr && fair_diff(curr->deadline_ps, best->deadline_ps) < 0))
		best = curr;
	return best;
}

static struct sched_entity *eevdf_pick(struct fair_rq *rq, struct sched_entity *curr)
{
	struct load load = load_of(rq);

	if (rq->params->pick_buddy && rq->next_buddy && eligible(rq, &load, rq->next_buddy))
		return rq->next_buddy;
	return pick_deadline(rq, curr);
}

static bool eevdf_preempts(struct fair_rq *rq, struct sched_entity *se)
{
	struct sched_entity *curr = rq->current;

	return pick_deadline(rq, curr->on_rq ? curr : NULL) == se;
}

static void eevdf_yield(struct fair_rq *rq)
{
	rq->current->deadline_ps += rq->params->slice_ps;
}

const struct fair_policy fair_eevdf = {
	.charged = eevdf_charged,
	.place = eevdf_place,
	.leave = eevdf_leave,
	.pick = eevdf_pick,
	.preempts = eevdf_preempts,
	.yield = eevdf_yield,
};
