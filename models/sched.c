/*
 * sched - threads, run queues, the tick, and what the measured window counts.
 */
#include "models/sched.h"

#include <stddef.h>
#include <stdio.h>

#include "models/host.h"
#include "models/points.h"
#include "sim/arena.h"
#include "sim/sim.h"

static void sched_tick_fired(struct event *event);

/* --- making it ----------------------------------------------------------------------------- */

static void sched_init_rq(struct host *host, struct pcpu *pcpu, struct lock_class *class)
{
	struct run_queue *rq = ARENA_NEW(host->arena, struct run_queue);
	char name[32];

	snprintf(name, sizeof(name), "pcpu%u/switch", (unsigned int)pcpu->id);
	rq->pcpu = pcpu;
	pcpu->rq = rq;
	lock_init(&rq->lock, class);
	line_init(&rq->woken_line, host);
	fair_rq_init(&rq->fair, &host->config.fair);
	context_init(&rq->switcher, host, CONTEXT_SWITCH, name);
	rq->switcher.pcpu = pcpu;
	rq->switcher.path.finished = sched_switch_finished;
	event_init(host->sim, &rq->tick, EVENT_TIMER, sched_tick_fired);
}

void sched_init(struct host *host)
{
	struct lock_class *class = lock_class_new(host, lock_own_names[LOCK_OWN_RQ], true);

	host->pi_lock_class = lock_class_new(host, lock_own_names[LOCK_OWN_PI], true);
	if (host->config.fair.slice_ps == 0)
		host->config.fair = fair_params_default(host->config.kernel, host->nr_pcpus);
	if (host->config.tick_ps == 0)
		host->config.tick_ps = SCHED_TICK_PS;
	host->config.fair.tick_ps = host->config.tick_ps;
	for (uint32_t i = 0; i < host->nr_pcpus; i++)
		sched_init_rq(host, &host->pcpus[i], class);
}

void thread_init(struct thread *thread, struct host *host, const char *name, struct pcpu *pinned,
		 const struct thread_ops *ops)
{
	static const struct thread_ops no_ops = { NULL, NULL };

	context_init(&thread->context, host, CONTEXT_THREAD, name);
	thread->ops = ops ? ops : &no_ops;
	thread->id = host->nr_threads++;
	thread->state = THREAD_SLEEPING;
	thread->pinned = pinned;
	thread->pcpu = pinned;
	thread->se.placed = true;	/* it was forked long before time 0 */
	lock_init(&thread->pi_lock, host->pi_lock_class);
	thread->next = host->threads;
	host->threads = thread;
}

void thread_start(struct thread *thread, struct pcpu *home)
{
	struct run_queue *rq = home->rq;

	sim_assert(!thread->pinned || thread->pinned == home);
	sim_assert(thread->context.path.paused);
	thread->state = THREAD_RUNNABLE;
	thread->pcpu = home;
	thread->context.pcpu = home;
	thread->se.placed = true;	/* it has not been forked just now */
	sched_activate(rq, thread, false);
	if (rq->current)
		return;
	rq->current = thread;
	sched_wait_end(rq, thread);
	fair_pick_next(&rq->fair, home->host->sim->now_ps);
	thread->on_cpu = true;
	if (!thread->pinned)
		home->host->nr_floating_queued--;
	pcpu_push(home, &thread->context);
	path_continue(&thread->context.path);
}

/* --- the queue ----------------------------------------------------------------------------- */

ps_t sched_in_window(const struct host *host, ps_t start_ps)
{
	ps_t now_ps = host->sim->now_ps;

	return now_ps - (start_ps < host->window_start_ps ? host->window_start_ps : start_ps);
}

static void sched_integrate_queue(struct run_queue *rq)
{
	ps_t now_ps = rq->pcpu->host->sim->now_ps;

	rq->queue_ps += (now_ps - rq->queue_changed_ps) * rq->nr_waiting;
	rq->queue_changed_ps = now_ps;
}

void sched_wait_begin(struct run_queue *rq, struct thread *thread)
{
	sched_integrate_queue(rq);
	rq->nr_waiting++;
	thread->waits = true;
	thread->queued_ps = rq->queue_changed_ps;
}

static void sched_add_wait(struct run_queue *rq, struct thread *thread)
{
	ps_t wait_ps = sched_in_window(rq->pcpu->host, thread->queued_ps);

	thread->run_delay_ps += wait_ps;
	rq->wait_ps += wait_ps;
}

void sched_wait_end(struct run_queue *rq, struct thread *thread)
{
	sched_integrate_queue(rq);
	rq->nr_waiting--;
	thread->waits = false;
	sched_add_wait(rq, thread);
}

void sched_arm_tick(struct run_queue *rq)
{
	struct sim *sim = rq->pcpu->host->sim;
	ps_t tick_ps = rq->pcpu->host->config.tick_ps;

	if (rq->fair.nr_running < 2)
		event_cancel(sim, &rq->tick);
	else if (!event_is_pending(sim, &rq->tick))
		event_at(sim, &rq->tick, (sim->now_ps / tick_ps + 1) * tick_ps);
}

void thread_end_poll(struct thread *thread)
{
	if (!thread->polls)
		return;
	thread->polls = false;
	path_wake(&thread->context.path, 0);
}

void sched_disturb(struct run_queue *rq)
{
	if (rq->current)
		thread_end_poll(rq->current);
}

void sched_set_pcpu(struct thread *thread, struct pcpu *pcpu)
{
	if (thread->pcpu == pcpu)
		return;
	sim_trace(pcpu->host->sim, POINT_MIGRATE, thread->pcpu->id, pcpu->id, thread->id);
	thread->pcpu = pcpu;
}

/* Its waker spins until it is in one place. */
void thread_end_spin(struct thread *thread)
{
	struct path *spinner = thread->spinner;

	thread->spinner = NULL;
	if (spinner)
		path_wake(spinner, 0);
}

void sched_activate(struct run_queue *rq, struct thread *thread, bool wakeup)
{
	ps_t now_ps = rq->pcpu->host->sim->now_ps;

	sim_assert(!thread->se.on_rq);
	sim_assert(thread->pcpu == rq->pcpu);
	fair_enqueue(&rq->fair, &thread->se, wakeup, now_ps);
	sched_wait_begin(rq, thread);
	thread->waking = false;
	thread->migrating = false;
	if (!thread->pinned)
		rq->pcpu->host->nr_floating_queued++;
	sched_arm_tick(rq);
	sched_disturb(rq);
	thread_end_spin(thread);
}

/* Off its queue, where it waits: it goes to another pCPU. */
void sched_detach(struct run_queue *rq, struct thread *thread, struct pcpu *to)
{
	struct host *host = rq->pcpu->host;

	sim_assert(thread->se.on_rq);
	sim_assert(thread != rq->current);
	fair_dequeue(&rq->fair, &thread->se, false, host->sim->now_ps);
	sched_wait_end(rq, thread);
	host->nr_floating_queued--;
	thread->migrating = true;
	sched_set_pcpu(thread, to);
	sched_arm_tick(rq);
}

bool sched_alone(const struct pcpu *pcpu)
{
	return pcpu->rq->fair.nr_running <= 1;
}

/* --- the tick ------------------------------------------------------------------------------ */

static void sched_tick_fired(struct event *event)
{
	struct run_queue *rq =
		(struct run_queue *)(void *)((char *)event - offsetof(struct run_queue, tick));

	pcpu_raise(rq->pcpu, PCPU_IRQ_TICK);
}

enum flow sched_tick_path(struct path *p, void *frame)
{
	struct sched_tick *f = frame;
	struct run_queue *rq = f->rq;

	PATH_BEGIN(p);
	LOCK(&rq->lock);
	SPEND(COST(p, C_SCHED_TICK));
	if (fair_tick(&rq->fair, p->sim->now_ps))
		sched_set_need_resched(rq->pcpu);
	sched_arm_tick(rq);
	UNLOCK(&rq->lock);
	CALL(sched_balance, .rq = rq);
	DONE(0);
	PATH_END(p);
}

/* --- the measured window -------------------------------------------------------------------- */

void sched_open_window(struct host *host)
{
	for (uint32_t i = 0; i < host->nr_pcpus; i++) {
		struct run_queue *rq = host->pcpus[i].rq;

		rq->nr_switches = 0;
		rq->queue_ps = 0;
		rq->wait_ps = 0;
		rq->queue_changed_ps = host->sim->now_ps;
	}
	for (struct thread *thread = host->threads; thread; thread = thread->next)
		thread->run_delay_ps = 0;
}

void sched_close_window(struct host *host)
{
	for (struct thread *thread = host->threads; thread; thread = thread->next)
		if (thread->waits)
			sched_add_wait(thread->pcpu->rq, thread);
	for (uint32_t i = 0; i < host->nr_pcpus; i++)
		sched_integrate_queue(host->pcpus[i].rq);
}
