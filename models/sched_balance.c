/*
 * sched_balance - threads that change pCPU or turn without being woken: pulling, yielding to.
 *
 * Follows: newidle_balance(), nohz_balancer_kick(), load_balance(), yield_to()  (Linux v5.4-v6.18)
 * Leaves out: the cost limit of newidle_balance(), tasks that are cache hot, one idle pCPU that
 *             balances for all others (each pulls for itself), domains within the host. Busy pCPUs
 *             are balanced by the tick of the longer queue; in the kernel the shorter one pulls.
 */
#include "models/host.h"
#include "models/points.h"
#include "models/sched.h"
#include "sim/sim.h"

/* --- newidle_balance() ----------------------------------------------------------------------- */

static const struct thread *thread_of_const(const struct sched_entity *se)
{
	return (const struct thread *)(const void *)((const char *)se -
						     offsetof(struct thread, se));
}

/* What is known without the queue's lock. */
static bool thread_floats(const struct sched_entity *se)
{
	return !thread_of_const(se)->pinned;
}

/* can_migrate_task(): under the queue's lock. */
static bool thread_may_move(const struct sched_entity *se)
{
	return thread_floats(se) && !thread_of_const(se)->on_cpu;
}

bool sched_may_pull(const struct pcpu *pcpu)
{
	return pcpu->host->nr_floating_queued > 0;
}

/* The longest queue from which a thread may move, in the cache domain or in the whole host. */
static struct run_queue *find_busiest(const struct pcpu *pcpu, bool share_cache)
{
	const struct host *host = pcpu->host;
	struct run_queue *busiest = NULL;

	for (uint32_t i = 1; i < host->nr_pcpus; i++) {
		const struct pcpu *other = &host->pcpus[(pcpu->id + i) % host->nr_pcpus];

		if (share_cache && !pcpu_share_cache(pcpu, other))
			continue;
		if (other->rq->fair.nr_running < 2)
			continue;	/* its only one is about to run there */
		if (busiest && busiest->fair.nr_running >= other->rq->fair.nr_running)
			continue;
		if (fair_find_movable(&other->rq->fair, thread_floats))
			busiest = other->rq;
	}
	return busiest;
}

enum flow sched_pull_path(struct path *p, void *frame)
{
	struct sched_pull *f = frame;
	struct sched_entity *se;

	PATH_BEGIN(p);
	SPEND(COST_N(p, C_WAKE_SCAN_STEP, f->rq->pcpu->host->nr_pcpus - 1));
	f->busiest = find_busiest(f->rq->pcpu, true);
	if (!f->busiest)
		f->busiest = find_busiest(f->rq->pcpu, false);
	if (!f->busiest)
		DONE(0);
	LOCK(&f->busiest->lock);
	se = fair_find_movable(&f->busiest->fair, thread_may_move);
	f->thread = se ? thread_of_entity(se) : NULL;
	if (f->thread)
		sched_detach(f->busiest, f->thread, f->rq->pcpu);
	UNLOCK(&f->busiest->lock);
	if (!f->thread)
		DONE(0);
	LOCK(&f->rq->lock);
	SPEND(COST(p, C_ENQUEUE));
	sched_activate(f->rq, f->thread, false);
	UNLOCK(&f->rq->lock);
	DONE(1);
	PATH_END(p);
}

/* --- nohz_balancer_kick() -------------------------------------------------------------------- */

static struct pcpu *find_idle_pcpu(const struct pcpu *pcpu)
{
	const struct host *host = pcpu->host;

	for (uint32_t i = 1; i < host->nr_pcpus; i++) {
		struct pcpu *other = &host->pcpus[(pcpu->id + i) % host->nr_pcpus];

		if (sched_is_idle(other) && !other->need_resched)
			return other;
	}
	return NULL;
}

/* --- load_balance() --------------------------------------------------------------------------- */

/* The shortest queue of another pCPU, if it is shorter. */
static struct pcpu *find_shortest(const struct run_queue *rq)
{
	const struct host *host = rq->pcpu->host;
	uint32_t least = rq->fair.nr_running;
	struct pcpu *shortest = NULL;

	for (uint32_t i = 1; i < host->nr_pcpus; i++) {
		struct pcpu *other = &host->pcpus[(rq->pcpu->id + i) % host->nr_pcpus];

		if (other->rq->fair.nr_running >= least)
			continue;
		least = other->rq->fair.nr_running;
		shortest = other;
	}
	return shortest;
}

/* get_sd_balance_interval() of a busy pCPU: a millisecond per pCPU of the domain, times this. */
static ps_t balance_interval_ps(const struct host *host)
{
	return host->nr_pcpus * PS_PER_MS * (host_has(host, KERNEL_BUSY_FACTOR) ? 16 : 32);
}

/*
 * Where to, if it is time. One thread too many here is an imbalance of half a thread;
 * detach_tasks() moves a whole one for that only when it has failed to before.
 */
static struct pcpu *balance_target(struct run_queue *rq)
{
	const struct host *host = rq->pcpu->host;
	struct pcpu *to;

	if (host->sim->now_ps < rq->next_balance_ps)
		return NULL;
	rq->next_balance_ps = host->sim->now_ps + balance_interval_ps(host);
	to = find_shortest(rq);
	if (!to)
		return NULL;
	if (to->rq->fair.nr_running + 1 == rq->fair.nr_running && rq->nr_balance_failed++ == 0)
		return NULL;
	rq->nr_balance_failed = 0;
	return to;
}

/* Frame: one thread from a queue onto another pCPU's. Hardirq. */
struct sched_push {
	struct run_queue *rq;
	struct pcpu *to;
	struct thread *thread;
};

static enum flow sched_push_path(struct path *p, void *frame)
{
	struct sched_push *f = frame;
	struct sched_entity *se;

	PATH_BEGIN(p);
	SPEND(COST_N(p, C_WAKE_SCAN_STEP, f->rq->pcpu->host->nr_pcpus - 1));
	LOCK(&f->rq->lock);
	se = fair_find_movable(&f->rq->fair, thread_may_move);
	f->thread = se ? thread_of_entity(se) : NULL;
	if (f->thread)
		sched_detach(f->rq, f->thread, f->to);
	UNLOCK(&f->rq->lock);
	if (!f->thread)
		DONE(0);
	LOCK(&f->to->rq->lock);
	CALL(sched_attach, .rq = f->to->rq, .thread = f->thread);
	UNLOCK(&f->to->rq->lock);
	DONE(1);
	PATH_END(p);
}

enum flow sched_balance_path(struct path *p, void *frame)
{
	struct sched_balance *f = frame;

	PATH_BEGIN(p);
	if (!fair_find_movable(&f->rq->fair, thread_may_move))
		DONE(0);
	f->to = find_idle_pcpu(f->rq->pcpu);
	if (f->to) {
		CALL(sched_resched, .rq = f->to->rq);
		DONE(0);
	}
	f->to = balance_target(f->rq);
	if (f->to)
		CALL(sched_push, .rq = f->rq, .to = f->to);
	DONE(0);
	PATH_END(p);
}

/* --- yield_to() ------------------------------------------------------------------------------ */

/* Both queues, in the order of their pCPUs. */
static void yield_order(struct sched_yield_to *f, struct run_queue *own)
{
	struct run_queue *other = f->thread->pcpu->rq;
	bool own_first = own->pcpu->id <= other->pcpu->id;

	f->own = own;
	f->other = other;
	f->first = own_first ? own : other;
	f->second = own == other ? NULL : own_first ? other : own;
}

/* It waits in the queue where it was looked for. */
static bool yield_is_possible(const struct sched_yield_to *f)
{
	const struct thread *thread = f->thread;

	return thread->pcpu->rq == f->other && thread->se.on_rq && !thread->on_cpu &&
	       thread->state == THREAD_RUNNABLE;
}

enum flow sched_yield_to_path(struct path *p, void *frame)
{
	struct sched_yield_to *f = frame;

	PATH_BEGIN(p);
	IRQ_OFF(p);
	yield_order(f, context_of(p)->pcpu->rq);
	if (f->own->fair.nr_running == 1 && f->other->fair.nr_running == 1) {
		IRQ_ON(p);
		DONE(-1);
	}
	LOCK(&f->first->lock);
	if (f->second)
		LOCK(&f->second->lock);
	SPEND(COST(p, C_YIELD_TO));
	f->yielded = yield_is_possible(f);
	if (f->yielded) {
		fair_favour(&f->other->fair, &f->thread->se);
		fair_yield(&f->own->fair, p->sim->now_ps);
		if (f->second)
			CALL(sched_resched, .rq = f->other);
	}
	if (f->second)
		UNLOCK(&f->second->lock);
	UNLOCK(&f->first->lock);
	IRQ_ON(p);
	if (f->yielded)
		SCHEDULE();
	DONE(f->yielded);
	PATH_END(p);
}
