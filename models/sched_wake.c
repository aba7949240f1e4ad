/*
 * sched_wake - waking a thread: where it will run, and who puts it on the queue there.
 *
 * Follows: try_to_wake_up(), ttwu_queue_cond(), ttwu_queue_wakelist(), sched_ttwu_pending(),
 *          resched_curr(), select_idle_sibling()  (Linux v5.4-v6.18)
 * Leaves out: wake_affine() and the choice of the waker's cache domain, SIS_UTIL's limit of the
 *             scan, asymmetric capacities.
 */
#include "models/host.h"
#include "models/points.h"
#include "models/sched.h"
#include "sim/sim.h"

/* --- where --------------------------------------------------------------------------------- */

bool sched_is_idle(const struct pcpu *pcpu)
{
	const struct run_queue *rq = pcpu->rq;

	return !rq->current && rq->fair.nr_running == 0 && !rq->first_woken;
}

/* All hardware threads of its core are free. */
static bool core_is_free(const struct pcpu *pcpu)
{
	const struct host *host = pcpu->host;
	uint32_t nr_threads = host->config.topology.nr_threads;
	uint32_t first = pcpu->core * nr_threads;

	for (uint32_t i = first; i < first + nr_threads && i < host->nr_pcpus; i++)
		if (!sched_is_idle(&host->pcpus[i]))
			return false;
	return true;
}

/*
 * The next idle pCPU after `from` in its cache domain, round and round; cores: a core that is idle
 * as a whole. NULL: none. Counts what it looked at.
 */
static struct pcpu *find_idle(const struct pcpu *from, bool cores, uint32_t *nr_scanned)
{
	const struct host *host = from->host;

	for (uint32_t i = 1; i < host->nr_pcpus; i++) {
		struct pcpu *pcpu = &host->pcpus[(from->id + i) % host->nr_pcpus];

		if (!pcpu_share_cache(from, pcpu))
			continue;
		++*nr_scanned;
		if (cores ? core_is_free(pcpu) : sched_is_idle(pcpu))
			return pcpu;
	}
	return NULL;
}

/* select_task_rq_fair() without wake_affine(): the previous pCPU, an idle core, an idle sibling. */
static struct pcpu *select_pcpu(const struct thread *thread, uint32_t *nr_scanned)
{
	struct pcpu *previous = thread->pcpu, *found = NULL;

	*nr_scanned = 0;
	if (thread->pinned || sched_is_idle(previous))
		return previous;
	if (previous->host->config.topology.nr_threads > 1)
		found = find_idle(previous, true, nr_scanned);
	if (!found)
		found = find_idle(previous, false, nr_scanned);
	return found ? found : previous;
}

/*
 * ttwu_queue_cond(): does the target enqueue the thread itself? on_cpu: it is still switching out
 * there, and on no queue any more.
 */
static bool wants_wake_list(const struct pcpu *waker, const struct pcpu *target, bool on_cpu)
{
	if (!pcpu_share_cache(waker, target))
		return true;
	if (waker == target)
		return false;
	if (host_has(target->host, KERNEL_WAKELIST_IDLE))
		return target->rq->fair.nr_running == 0;
	return on_cpu && target->rq->fair.nr_running <= 1;
}

/* --- resched_curr() ------------------------------------------------------------------------ */

enum flow sched_resched_path(struct path *p, void *frame)
{
	struct sched_resched *f = frame;
	struct pcpu *pcpu = f->rq->pcpu;

	PATH_BEGIN(p);
	if (pcpu != context_of(p)->pcpu)
		SPEND(COST(p, C_ATOMIC_RMW));
	if (pcpu->need_resched)
		DONE(0);
	sched_set_need_resched(pcpu);
	if (pcpu == context_of(p)->pcpu)
		DONE(0);
	if (sched_is_polling(pcpu)) {
		sched_leave_idle(context_of(p), pcpu);
		DONE(0);
	}
	SPEND(COST(p, C_IPI_SEND));
	pcpu_send_ipi(context_of(p), pcpu, PCPU_IRQ_RESCHEDULE);
	DONE(0);
	PATH_END(p);
}

/* --- through the wake list ------------------------------------------------------------------ */

static bool wake_list_add(struct run_queue *rq, struct thread *thread)
{
	bool was_empty = !rq->first_woken;

	thread->next_woken = NULL;
	if (was_empty)
		rq->first_woken = thread;
	else
		rq->last_woken->next_woken = thread;
	rq->last_woken = thread;
	return was_empty;
}

/* Frame: the thread onto the target's wake list; the target is told. */
struct sched_queue_remote {
	struct thread *thread;
	struct pcpu *target;
};

static enum flow sched_queue_remote_path(struct path *p, void *frame)
{
	struct sched_queue_remote *f = frame;
	struct run_queue *rq = f->target->rq;

	PATH_BEGIN(p);
	SPEND(LINE_WRITE(p, &rq->woken_line) + COST(p, C_ATOMIC_RMW));
	if (!wake_list_add(rq, f->thread))
		DONE(0);			/* who was first has told it */
	if (sched_is_polling(f->target))
		SPEND(COST(p, C_ATOMIC_RMW));
	if (sched_is_polling(f->target)) {	/* set_nr_if_polling(): flag and test are one */
		f->target->need_resched = true;
		sched_leave_idle(context_of(p), f->target);
		DONE(0);
	}
	SPEND(COST(p, C_IPI_SEND));
	pcpu_send_ipi(context_of(p), f->target, PCPU_IRQ_CALL_FUNCTION);
	DONE(0);
	PATH_END(p);
}

enum flow sched_attach_path(struct path *p, void *frame)
{
	struct sched_attach *f = frame;
	struct run_queue *rq = f->rq;

	PATH_BEGIN(p);
	SPEND(COST(p, C_ENQUEUE));
	sched_activate(rq, f->thread, f->wakeup);
	if (!rq->current || fair_preempts(&rq->fair, &f->thread->se, p->sim->now_ps))
		CALL(sched_resched, .rq = rq);
	DONE(0);
	PATH_END(p);
}

enum flow sched_take_woken_path(struct path *p, void *frame)
{
	struct sched_take_woken *f = frame;
	struct run_queue *rq = f->rq;

	PATH_BEGIN(p);
	if (!rq->first_woken)
		DONE(0);
	SPEND(LINE_WRITE(p, &rq->woken_line));
	f->first = rq->first_woken;		/* llist_del_all(): who comes now tells anew */
	rq->first_woken = NULL;
	LOCK(&rq->lock);
	while (f->first) {
		f->thread = f->first;
		f->first = f->thread->next_woken;
		CALL(sched_attach, .rq = rq, .thread = f->thread, .wakeup = true);
	}
	UNLOCK(&rq->lock);
	DONE(0);
	PATH_END(p);
}

/* --- try_to_wake_up() ----------------------------------------------------------------------- */

/* ttwu_runnable(): it has not left its queue yet, and so does not sleep. p->ret: that was so. */
struct sched_wake_queued {
	struct thread *thread;
	struct run_queue *rq;
	bool asleep;
};

static enum flow sched_wake_queued_path(struct path *p, void *frame)
{
	struct sched_wake_queued *f = frame;
	struct thread *thread = f->thread;

	PATH_BEGIN(p);
	for (;;) {					/* __task_rq_lock() */
		while (thread->migrating) {
			thread->spinner = p;
			WAIT();
		}
		f->rq = thread->pcpu->rq;
		LOCK(&f->rq->lock);
		if (thread->pcpu->rq == f->rq && !thread->migrating)
			break;
		UNLOCK(&f->rq->lock);
	}
	f->asleep = !thread->se.on_rq;
	if (!f->asleep)
		thread->state = THREAD_RUNNABLE;
	UNLOCK(&f->rq->lock);
	DONE(!f->asleep);
	PATH_END(p);
}

/* From asleep to a run queue. pi_lock held. */
struct sched_wake_asleep {
	struct thread *thread;
	struct pcpu *target;
	uint32_t nr_scanned;
};

/* Still switching out, on another pCPU: that will look at its wake list when it is done. */
static bool may_queue_on_cpu(const struct path *p, const struct thread *thread)
{
	const struct pcpu *waker = ((const struct context *)(const void *)p)->pcpu;

	return thread->on_cpu && host_has(waker->host, KERNEL_WAKELIST_ON_CPU) &&
	       wants_wake_list(waker, thread->pcpu, true);
}

static enum flow sched_wake_asleep_path(struct path *p, void *frame)
{
	struct sched_wake_asleep *f = frame;
	struct thread *thread = f->thread;

	PATH_BEGIN(p);
	thread->state = THREAD_RUNNABLE;
	thread->waking = true;
	SPEND(COST(p, C_WAKE_UP));
	f->target = thread->pcpu;
	if (!may_queue_on_cpu(p, thread)) {
		while (thread->on_cpu) {
			thread->spinner = p;
			WAIT();
		}
		f->target = select_pcpu(thread, &f->nr_scanned);
		SPEND(COST_N(p, C_WAKE_SCAN_STEP, f->nr_scanned));
		sched_set_pcpu(thread, f->target);
	}
	sim_trace(p->sim, POINT_WAKE, context_of(p)->pcpu->id, f->target->id, thread->id);
	if (wants_wake_list(context_of(p)->pcpu, f->target, thread->on_cpu)) {
		CALL(sched_queue_remote, .thread = thread, .target = f->target);
		DONE(0);
	}
	LOCK(&f->target->rq->lock);
	CALL(sched_attach, .rq = f->target->rq, .thread = thread, .wakeup = true);
	UNLOCK(&f->target->rq->lock);
	DONE(0);
	PATH_END(p);
}

enum flow sched_wake_path(struct path *p, void *frame)
{
	struct sched_wake *f = frame;

	PATH_BEGIN(p);
	f->irqs_on = pcpu_irq_save(p);
	LOCK(&f->thread->pi_lock);
	if (f->thread->state == THREAD_SLEEPING &&
	    (f->thread->se.on_rq || f->thread->migrating)) {
		CALL(sched_wake_queued, .thread = f->thread);
		f->woken = p->ret == 1;
	}
	if (f->thread->state == THREAD_SLEEPING) {
		CALL(sched_wake_asleep, .thread = f->thread);
		f->woken = true;
	}
	UNLOCK(&f->thread->pi_lock);
	IRQ_RESTORE(p, f->irqs_on);
	DONE(f->woken);
	PATH_END(p);
}
