/*
 * sched_check - what must hold of threads, run queues and pCPUs.
 */
#include "models/host.h"
#include "models/pcpu.h"
#include "models/sched.h"

static const struct context *bottom_of(const struct pcpu *pcpu)
{
	const struct context *context = pcpu->top;

	while (context && context->below)
		context = context->below;
	return context;
}

static uint32_t count_queued(const struct run_queue *rq)
{
	uint32_t nr_queued = rq->fair.current != NULL;

	for (const struct sched_entity *se = rq->fair.first; se; se = se->next)
		nr_queued++;
	return nr_queued;
}

/* At most one thread executes on a pCPU: the bottom of its stack, and nothing below the guest. */
static void check_pcpu(const struct pcpu *pcpu)
{
	const struct run_queue *rq = pcpu->rq;
	const struct context *bottom = bottom_of(pcpu);

	sim_assert(rq->fair.nr_running == count_queued(rq));
	if (rq->current && bottom && bottom->kind == CONTEXT_THREAD)
		sim_assert(((const struct thread *)(const void *)bottom)->on_cpu);
	if (pcpu->top == NULL)
		sim_assert(rq->current == NULL);
	if (pcpu->guest)
		sim_assert(pcpu->guest == pcpu->loaded);
}

static void check_thread(const struct thread *thread)
{
	const struct run_queue *rq = thread->pcpu ? thread->pcpu->rq : NULL;

	if (thread->on_cpu && rq->current == thread)
		sim_assert(thread->context.pcpu == thread->pcpu);
	if (thread->state == THREAD_RUNNABLE)
		sim_assert(thread->se.on_rq || thread->waking || thread->migrating);
	if (thread->pinned && thread->pcpu)
		sim_assert(thread->pcpu == thread->pinned);
}

void sched_check_window(const struct host *host)
{
	for (uint32_t i = 0; i < host->nr_pcpus; i++) {
		const struct run_queue *rq = host->pcpus[i].rq;

		sim_assert(rq->queue_ps == rq->wait_ps);
	}
}

void sched_check(const struct host *host)
{
	for (uint32_t i = 0; i < host->nr_pcpus; i++)
		check_pcpu(&host->pcpus[i]);
	for (const struct thread *thread = host->threads; thread; thread = thread->next)
		check_thread(thread);
}
