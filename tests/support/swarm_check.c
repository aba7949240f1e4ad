/*
 * swarm_check - the invariants of every world.
 */
#include "tests/support/swarm_check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "models/irq.h"
#include "models/lock.h"
#include "models/mutex.h"
#include "models/pcpu.h"
#include "models/sched.h"
#include "models/vcpu.h"
#include "models/vm.h"
#include "sim/sim.h"

/* Where everybody is. */
static void print_thread(const struct thread *thread)
{
	const struct vcpu *vcpu = thread->context.vcpu;
	const struct path *path = &thread->context.path;

	fprintf(stderr, "  thread %u on pcpu %u: state %d%s%s%s, in %s:%u", thread->id,
		thread->pcpu->id, thread->state, thread->se.on_rq ? ", queued" : "",
		thread->on_cpu ? ", on cpu" : "", thread->waking ? ", waking" : "",
		path->frame->name, path->frame->line);
	if (vcpu)
		fprintf(stderr, "; vcpu %u%s%s%s: guest in %s:%u%s%s", vcpu->id,
			vcpu->waiting ? ", waiting" : "", vcpu->requests ? ", requests" : "",
			vcpu->pcpu->guest == vcpu ? ", in guest" : "",
			vcpu->guest.code.path.frame->name, vcpu->guest.code.path.frame->line,
			vcpu->guest.first_due ? ", due" : "",
			vcpu->guest.awaited ? ", awaits" : "");
	fprintf(stderr, "\n");
}

static void print_state(const struct host *host)
{
	fprintf(stderr, "  %u sources, %" PRIu64 " requests, raised %" PRIu64
		", finished %" PRIu64 "\n", host->nr_sources, host->life.nr_requests,
		host->life.nr_raised, host->life.nr_finished);
	for (const struct thread *thread = host->threads; thread; thread = thread->next)
		if (thread->state != THREAD_ENDED)
			print_thread(thread);
}

_Noreturn void swarm_fail(const struct host *host, const char *condition, const char *file,
			  int line)
{
	fprintf(stderr, "%s:%d: %s\nat %" PRIu64 " ps of seed %" PRIu64 "\n", file, line, condition,
		host->sim->now_ps, host->sim->seed);
	print_state(host);
	abort();
}

/* --- at any time ---------------------------------------------------------------------------- */

/* Only who is on top of a pCPU's stack executes: everybody else is paused or has nothing to do. */
static void check_context(const struct host *host, const struct context *context)
{
	bool on_top = context->pcpu && context->pcpu->top == context;

	if (context->path.state == PATH_IDLE)
		swarm_require(host, !on_top || context->path.paused);
	else
		swarm_require(host, on_top == !context->path.paused);
}

/* From the bottom: thread, switch, softirq, hardirq; thread, guest, guest's handler. */
static void check_stack(const struct host *host, const struct pcpu *pcpu)
{
	const struct context *context = pcpu->top;

	for (; context; context = context->below) {
		swarm_require(host, context->pcpu == pcpu);
		if (context->below)
			swarm_require(host, context->below->kind < context->kind);
	}
	check_context(host, &pcpu->hardirq);
	check_context(host, &pcpu->rq->switcher);
	if (pcpu->softirq)
		check_context(host, pcpu->softirq);
}

static void check_loaded(const struct host *host, const struct vcpu *vcpu)
{
	const struct pcpu *pcpu = vcpu->pcpu;

	check_context(host, &vcpu->guest.code);
	check_context(host, &vcpu->guest.handler);
	if (pcpu->guest == vcpu)
		swarm_require(host, pcpu->loaded == vcpu);
	if (pcpu->loaded == vcpu)
		swarm_require(host, vcpu->thread.on_cpu);
}

void swarm_check_contexts(const struct host *host)
{
	for (uint32_t i = 0; i < host->nr_pcpus; i++)
		check_stack(host, &host->pcpus[i]);
	for (uint32_t i = 0; i < host->nr_vcpus; i++)
		check_loaded(host, host->vcpus[i]);
	for (const struct thread *thread = host->threads; thread; thread = thread->next)
		check_context(host, &thread->context);
	sched_check(host);
}

void swarm_check_conserved(const struct host *host)
{
	const struct irq_life *life = &host->life;

	swarm_require(host, life->nr_raised == life->nr_handled + life->nr_coalesced +
						       irq_nr_dropped(life) +
						       irq_count_pending(host));
}

bool swarm_is_quiet(const struct host *host)
{
	const struct irq_life *life = &host->life;

	if (host->nr_sources || life->nr_finished != life->nr_raised)
		return false;
	for (const struct thread *thread = host->threads; thread; thread = thread->next)
		if (!thread->context.vcpu && thread->state != THREAD_ENDED)
			return false;
	return true;
}

void swarm_end_runaways(struct host *host)
{
	ps_t slice_ps = host->config.fair.slice_ps;

	for (struct thread *thread = host->threads; thread; thread = thread->next) {
		struct sched_entity *se = &thread->se;

		if (se->on_rq && se->deadline_ps - se->vruntime_ps > 10 * slice_ps)
			se->deadline_ps = se->vruntime_ps + slice_ps;
	}
}

static bool pcpu_is_at_rest(const struct pcpu *pcpu)
{
	if (pcpu->latched || pcpu->need_resched || pcpu->rq->first_woken)
		return false;
	return !pcpu->top || (pcpu->guest && pcpu->top == &pcpu->guest->guest.code);
}

bool swarm_is_at_rest(const struct host *host)
{
	for (uint32_t i = 0; i < host->nr_pcpus; i++)
		if (!pcpu_is_at_rest(&host->pcpus[i]))
			return false;
	return true;
}

/* --- at rest -------------------------------------------------------------------------------- */

static void check_vgic(const struct host *host, const struct vgic *vgic)
{
	swarm_require(host, vgic_count_pending(vgic) == 0);
	swarm_require(host, vgic->nr_arriving == 0);
	for (uint32_t i = 0; i < vgic->used_lrs; i++) {
		swarm_require(host, !vgic->lrs[i].pending);
		swarm_require(host, !vgic->lrs[i].active);
	}
	for (uint32_t intid = 0; vgic->private_irqs && intid < VGIC_NR_PRIVATE; intid++) {
		const struct vgic_irq *vgic_irq = vgic->private_irqs[intid];

		swarm_require(host, !vgic_irq || !vgic_irq->pending);
		swarm_require(host, !vgic_irq || !vgic_irq->active);
	}
}

static void check_lapic(const struct host *host, const struct lapic *lapic)
{
	swarm_require(host, !lapic->irr && !lapic->isr);
	swarm_require(host, lapic->nr_arriving == 0);
	swarm_require(host, !lapic->injected && !lapic->cancelled && !lapic->window);
}

/* In the guest, asleep, or waiting for a pCPU. */
static void check_vcpu(const struct host *host, const struct vcpu *vcpu)
{
	const struct thread *thread = &vcpu->thread;

	if (vcpu_is_x86(vcpu))
		check_lapic(host, &vcpu->lapic);
	else
		check_vgic(host, &vcpu->vgic);
	swarm_require(host, !vcpu->request.irqs);
	swarm_require(host, !vcpu->guest.first_due);
	swarm_require(host, !vcpu->guest.first_ack);
	swarm_require(host, !vcpu->guest.awaited);
	swarm_require(host, (vcpu->pcpu->guest == vcpu) == thread->on_cpu);
	swarm_require(host, (vcpu->pcpu->loaded == vcpu) == thread->on_cpu);
	if (thread->on_cpu) {
		swarm_require(host, vcpu->mode == IN_GUEST_MODE);
		swarm_require(host, vcpu->requests == 0);
	} else {
		swarm_require(host, vcpu->mode == OUTSIDE_GUEST_MODE);
	}
	if (thread->state == THREAD_SLEEPING)
		swarm_require(host, vcpu->waiting);
}

/* A thread that was preempted on its way to sleep is asleep by its state, and queued. */
static void check_thread(const struct host *host, const struct thread *thread)
{
	swarm_require(host, thread->context.nr_locks == 0);
	if (thread->state != THREAD_SLEEPING)
		swarm_require(host, thread->se.on_rq == (thread->state == THREAD_RUNNABLE));
	swarm_require(host, thread->on_cpu == (thread->pcpu->rq->current == thread));
	swarm_require(host, !thread->on_cpu || thread->state == THREAD_RUNNABLE);
	swarm_require(host, !thread->waking && !thread->migrating);
	swarm_require(host, !thread->spinner);
	swarm_require(host, !thread->spins);
	swarm_require(host, !thread->held && !thread->spins_for);
}

static void check_mutex(const struct host *host, const struct mutex *mutex)
{
	swarm_require(host, !mutex->owner && !mutex->first && !mutex->waiting);
	swarm_require(host, !mutex->waiters && !mutex->handoff && !mutex->pickup);
	swarm_require(host, !mutex->osq.first && !mutex->osq.last && !mutex->spinners);
}

static void check_locks(const struct host *host)
{
	const struct lock_class *class = host->lock_classes;

	swarm_require(host, host_nr_lock_waiters(host) == 0);
	for (; class; class = class->next)
		for (const struct lock *lock = class->locks; lock; lock = lock->next) {
			swarm_require(host, !lock->owner);
			swarm_require(host, !lock->held);
			swarm_require(host, !lock->poll);
			swarm_require(host, !lock->first_waiter);
			if (class->kind == LOCK_MUTEX)
				check_mutex(host, (const void *)lock);
		}
}

/* Nobody waits in a queue of an idle pCPU. */
static void check_pcpu(const struct host *host, const struct pcpu *pcpu)
{
	const struct run_queue *rq = pcpu->rq;

	swarm_require(host, pcpu->irqs_off == (pcpu->guest != NULL));
	swarm_require(host, !pcpu->devices && !pcpu->timers && !pcpu->softirq_fn);
	swarm_require(host, !rq->scheduling);
	swarm_require(host, (rq->current != NULL) == (pcpu->top != NULL));
	swarm_require(host, pcpu->top || rq->fair.nr_running == 0);
}

void swarm_check_times(const struct host *host)
{
	ps_t window_ps = host->sim->now_ps - host->window_start_ps;

	for (uint32_t i = 0; i < host->nr_pcpus; i++) {
		const ps_t *time_ps = host->pcpus[i].time_ps;

		swarm_require(host, time_ps[PCPU_GUEST] + time_ps[PCPU_HOST] +
						    time_ps[PCPU_IDLE] == window_ps);
	}
}

void swarm_check_rest(struct host *host)
{
	uint32_t nr_floating = 0;

	for (uint32_t i = 0; i < host->nr_vcpus; i++)
		check_vcpu(host, host->vcpus[i]);
	for (const struct thread *thread = host->threads; thread; thread = thread->next) {
		check_thread(host, thread);
		nr_floating += !thread->pinned && thread->se.on_rq && !thread->on_cpu;
	}
	for (uint32_t i = 0; i < host->nr_pcpus; i++)
		check_pcpu(host, &host->pcpus[i]);
	swarm_require(host, host->nr_floating_queued == nr_floating);
	swarm_require(host, host->nr_sources == 0);
	swarm_require(host, host->life.nr_at_source == 0);
	check_locks(host);
	swarm_check_contexts(host);
	host_close_window(host);
	swarm_check_times(host);
	host_check(host);
}
