/*
 * sched_switch - __schedule(): from one thread to another, to idle and back.
 *
 * Follows: __schedule(), context_switch(), finish_task_switch(), do_idle()  (Linux v5.4-v6.18)
 */
#include "models/sched.h"

#include "models/host.h"
#include "models/mutex.h"
#include "models/points.h"
#include "sim/sim.h"

/* Frame of the switch context: from leaving an idle state to a thread, or to idle again. */
struct sched_switch {
	struct pcpu *pcpu;
	struct run_queue *rq;
	struct thread *prev, *next;
	ps_t exit_ps;			/* of the idle state */
	bool due;			/* __schedule() once more */
	bool voluntary;			/* prev called schedule(): it may sleep */
};

/* prev leaves the pCPU: asleep, ended, or among those that wait. */
static void sched_put_prev(struct sched_switch *f)
{
	struct host *host = f->pcpu->host;
	struct thread *prev = f->rq->current;

	f->prev = prev;
	if (!prev)
		return;
	fair_update_current(&f->rq->fair, host->sim->now_ps);
	if (prev->state == THREAD_ENDED || (prev->state == THREAD_SLEEPING && f->voluntary))
		fair_dequeue(&f->rq->fair, &prev->se, true, host->sim->now_ps);
	else
		sched_wait_begin(f->rq, prev);
	if (prev->waits && !prev->pinned)
		host->nr_floating_queued++;
}

/* False: nobody. */
static bool sched_pick(struct sched_switch *f)
{
	struct host *host = f->pcpu->host;
	struct sched_entity *se = fair_pick_next(&f->rq->fair, host->sim->now_ps);

	f->next = se ? thread_of_entity(se) : NULL;
	return f->next != NULL;
}

/*
 * Under the run queue's lock: next is current from now on. What was woken onto the queue so far
 * took part in the choice.
 */
static void sched_set_next(struct sched_switch *f)
{
	struct host *host = f->pcpu->host;
	struct thread *next = f->next;

	f->pcpu->need_resched = false;
	f->rq->current = next;
	sched_arm_tick(f->rq);
	if (next) {
		sched_wait_end(f->rq, next);
		next->on_cpu = true;
		next->context.pcpu = f->pcpu;
		if (!next->pinned)
			host->nr_floating_queued--;
	}
	if (next == f->prev)
		return;
	f->rq->nr_switches++;
	sim_trace(host->sim, POINT_SWITCH, f->pcpu->id, f->prev ? f->prev->id + 1 : 0,
		  next ? next->id + 1 : 0);
}

/* --- the switch ---------------------------------------------------------------------------- */

/* switch_to(), finish_task(): prev is nowhere, next is what the switch context will uncover. */
static void sched_switch_to(struct sched_switch *f)
{
	struct thread *prev = f->prev, *next = f->next;

	f->rq->switcher.below = next ? &next->context : NULL;
	if (!prev)
		return;
	prev->on_cpu = false;
	mutex_owner_leaves(prev);
	thread_end_spin(prev);
}

/* context_switch() and finish_task_switch(): rq lock held, irqs off; both are not, in the end. */
struct sched_context_switch {
	struct sched_switch *run;
};

static enum flow sched_context_switch_path(struct path *p, void *frame)
{
	struct sched_context_switch *f = frame;
	struct sched_switch *run = f->run;

	PATH_BEGIN(p);
	if (run->prev && run->prev->ops->sched_out)
		CALL_HOOK(thread_switch, run->prev->ops->sched_out, .thread = run->prev);
	SPEND(COST(p, C_CONTEXT_SWITCH));
	sched_switch_to(run);
	UNLOCK(&run->rq->lock);
	IRQ_ON(p);
	if (run->next && run->next->ops->sched_in)
		CALL_HOOK(thread_switch, run->next->ops->sched_in, .thread = run->next);
	if (run->next && run->next->polls)
		sched_disturb(run->rq);		/* it looks at the clock again */
	DONE(0);
	PATH_END(p);
}

/* __schedule(). */
struct sched_once {
	struct sched_switch *run;
};

static enum flow sched_once_path(struct path *p, void *frame)
{
	struct sched_once *f = frame;
	struct sched_switch *run = f->run;
	struct run_queue *rq = run->rq;

	PATH_BEGIN(p);
	rq->scheduling = true;
	IRQ_OFF(p);
	if (!rq->current)
		CALL(sched_take_woken, .rq = rq);	/* do_idle(): nobody sent an IPI */
	LOCK(&rq->lock);
	SPEND(COST(p, C_SCHEDULE));
	sched_put_prev(run);
	if (!sched_pick(run) && sched_may_pull(run->pcpu)) {
		UNLOCK(&rq->lock);
		CALL(sched_pull, .rq = rq);
		LOCK(&rq->lock);
		sched_pick(run);
	}
	sched_set_next(run);
	if (run->next != run->prev) {
		CALL(sched_context_switch, .run = run);
	} else {
		UNLOCK(&rq->lock);
		IRQ_ON(p);
	}
	rq->scheduling = false;
	DONE(0);
	PATH_END(p);
}

static enum flow sched_switch_path(struct path *p, void *frame)
{
	struct sched_switch *f = frame;

	PATH_BEGIN(p);
	if (f->exit_ps)
		WAIT_UNTIL(p->sim->now_ps + f->exit_ps);
	pcpu_awake(f->pcpu);
	IRQ_OFF(p);
	IRQ_ON(p);		/* what came while it left its idle state */
	do {
		if (f->due)
			CALL(sched_once, .run = f);
		f->voluntary = false;
		if (!f->rq->current)
			SPEND(COST(p, C_IDLE_ENTRY));
		f->due = f->pcpu->need_resched;
	} while (f->due);
	DONE(0);
	PATH_END(p);
}

/* The switch context begins on top of what is there: a thread that gives way, or nothing. */
static void sched_begin(struct pcpu *pcpu, ps_t exit_ps, bool due, bool voluntary)
{
	struct run_queue *rq = pcpu->rq;

	pcpu_push(pcpu, &rq->switcher);
	PATH_START(&rq->switcher.path, sched_switch, .pcpu = pcpu, .rq = rq, .exit_ps = exit_ps,
		   .due = due, .voluntary = voluntary);
}

void sched_switch_finished(struct path *path)
{
	struct pcpu *pcpu = context_of(path)->pcpu;

	pcpu_pop(pcpu);
	if (!pcpu->top)
		pcpu_idle(pcpu);
}

void sched_schedule(struct path *p)
{
	struct context *context = context_of(p);

	sim_assert(context->kind == CONTEXT_THREAD);
	sim_assert(context->nr_locks == 0);
	sim_assert(!context->pcpu->irqs_off);
	sim_assert(context->pcpu->rq->current == thread_of(p));
	sched_begin(context->pcpu, 0, true, true);
}

bool pcpu_preempt(struct path *p)
{
	struct context *context = context_of(p);
	struct pcpu *pcpu = context->pcpu;

	if (!pcpu->need_resched || context->kind != CONTEXT_THREAD || context->nr_locks ||
	    pcpu->irqs_off || !pcpu->rq->current)
		return false;
	sched_begin(pcpu, 0, true, false);
	return true;
}

void sched_irq_exit(struct pcpu *pcpu)
{
	if (pcpu->top)
		pcpu_preempt(&pcpu->top->path);
	else
		sched_begin(pcpu, 0, pcpu->need_resched, false);
}

/*
 * do_idle() sets the flag before it chooses a state; a state that waits for interrupts clears it,
 * and so does do_idle() before it looks at the wake list and calls __schedule(): whoever comes
 * later has to send an IPI.
 */
bool sched_is_polling(const struct pcpu *pcpu)
{
	const struct host *host = pcpu->host;
	const struct run_queue *rq = pcpu->rq;

	if (host->config.arch != ARCH_X86 || rq->current || rq->scheduling)
		return false;
	if (rq->switcher.path.state != PATH_IDLE)
		return true;	/* the idle loop, to a state or from one */
	return host->config.idle.nr_states > 0 &&
	       host->config.idle.states[pcpu->idle_state].polling;
}

void sched_leave_idle(struct context *setter, struct pcpu *pcpu)
{
	ps_t seen_ps;

	if (pcpu->top)
		return;		/* not in an idle state yet, or not any more: it will look */
	seen_ps = line_transfer_ps(setter, pcpu);
	sched_begin(pcpu, seen_ps + pcpu_leave_idle(pcpu), true, false);
}
