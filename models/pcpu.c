/*
 * pcpu - the stack of contexts, hardirqs and softirqs, IPIs in flight.
 */
#include "models/pcpu.h"

#include <stddef.h>
#include <stdio.h>

#include "models/host.h"
#include "models/hrtimer.h"
#include "models/points.h"
#include "models/sched.h"
#include "models/vcpu.h"
#include "sim/arena.h"

/* An IPI on the wire. */
struct ipi {
	struct event event;
	struct pcpu *target;
	enum pcpu_irq irq;
	struct ipi *next;	/* free ones */
};

/* Frame of the hardirq context: serves what is latched, one after the other. */
struct hardirq_run {
	struct pcpu *pcpu;
	enum pcpu_irq irq;
	struct device_irq *device;
	ps_t exit_ps;			/* of the idle state that it ends */
};

static enum flow hardirq_run_path(struct path *p, void *frame);
static void hardirq_finished(struct path *path);
static void softirq_finished(struct path *path);

void pcpu_init(struct pcpu *pcpu, struct host *host, uint32_t id)
{
	const struct topology *topology = &host->config.topology;
	char name[32];

	pcpu->host = host;
	pcpu->id = id;
	pcpu->core = id / topology->nr_threads;
	pcpu->group = pcpu->core / topology->nr_cores;
	pcpu->socket = pcpu->group / topology->nr_groups;
	snprintf(name, sizeof(name), "pcpu%u/hardirq", (unsigned int)id);
	context_init(&pcpu->hardirq, host, CONTEXT_HARDIRQ, name);
	pcpu->hardirq.pcpu = pcpu;
	pcpu->hardirq.path.finished = hardirq_finished;
}

void pcpu_account(struct pcpu *pcpu)
{
	const struct context *top = pcpu->top;
	ps_t now_ps = pcpu->host->sim->now_ps;
	enum pcpu_time kind = !top || pcpu->leaves_idle  ? PCPU_IDLE :
			      top->kind >= CONTEXT_GUEST ? PCPU_GUEST :
							   PCPU_HOST;

	pcpu->time_ps[kind] += now_ps - pcpu->since_ps;
	pcpu->since_ps = now_ps;
}

/* --- hardware threads of one core ----------------------------------------------------------- */

static void pcpu_apply_stretch(struct pcpu *pcpu)
{
	if (pcpu->top && pcpu->top->path.stretch_ppm != pcpu->stretch_ppm)
		path_rescale(&pcpu->top->path, pcpu->stretch_ppm);
}

/* Whether a sibling of this pCPU is busy has changed. */
static void pcpu_find_stretch(struct pcpu *pcpu)
{
	const struct host *host = pcpu->host;
	uint32_t nr_threads = host->config.topology.nr_threads;
	uint32_t first = pcpu->core * nr_threads;
	bool slowed = false;

	for (uint32_t i = first; i < first + nr_threads && i < host->nr_pcpus; i++)
		slowed |= i != pcpu->id && host->pcpus[i].busy;
	pcpu->stretch_ppm = slowed ? host->config.smt_slowdown_ppm : 0;
	pcpu_apply_stretch(pcpu);
}

static void pcpu_update_core(struct pcpu *pcpu)
{
	struct host *host = pcpu->host;
	uint32_t nr_threads = host->config.topology.nr_threads;
	uint32_t first = pcpu->core * nr_threads;
	bool busy = pcpu->top && !pcpu->top->relaxes && !pcpu->leaves_idle;

	if (!host->config.smt_slowdown_ppm)
		return;
	pcpu_apply_stretch(pcpu);
	if (busy == pcpu->busy)
		return;
	pcpu->busy = busy;
	for (uint32_t i = first; i < first + nr_threads && i < host->nr_pcpus; i++)
		if (i != pcpu->id)
			pcpu_find_stretch(&host->pcpus[i]);
}

void pcpu_relax(struct context *context, bool relaxes)
{
	context->relaxes = relaxes;
	if (context->pcpu->top == context)
		pcpu_update_core(context->pcpu);
}

/* --- the stack ------------------------------------------------------------------------------ */

static void pcpu_set_top(struct pcpu *pcpu, struct context *context)
{
	pcpu->top = context;
	pcpu_update_core(pcpu);
}

void pcpu_push(struct pcpu *pcpu, struct context *context)
{
	pcpu_account(pcpu);
	if (pcpu->top && !pcpu->top->path.paused)
		path_pause(&pcpu->top->path);
	context->pcpu = pcpu;
	context->below = pcpu->top;
	pcpu_set_top(pcpu, context);
}

void pcpu_pop(struct pcpu *pcpu)
{
	sim_assert(pcpu->top->path.state == PATH_IDLE || pcpu->top->path.paused);
	pcpu_account(pcpu);
	pcpu_set_top(pcpu, pcpu->top->below);
	if (pcpu->top)
		path_continue(&pcpu->top->path);
}

bool pcpu_share_cache(const struct pcpu *a, const struct pcpu *b)
{
	static const enum distance reach[] = {
		[LLC_CORE] = DISTANCE_CORE,
		[LLC_GROUP] = DISTANCE_GROUP,
		[LLC_SOCKET] = DISTANCE_SOCKET,
	};

	return pcpu_distance(a, b) <= reach[a->host->config.topology.llc];
}

void pcpu_idle(struct pcpu *pcpu)
{
	struct host *host = pcpu->host;
	ps_t timer_ps = hrtimer_next_ps(pcpu);

	sim_assert(!pcpu->top);
	if (host->config.idle.nr_states == 0)
		return;
	if (timer_ps != PS_NEVER)
		timer_ps -= host->sim->now_ps;
	pcpu->idle_state = idle_select(&pcpu->governor, &host->config.idle, timer_ps);
	pcpu->idle_since_ps = host->sim->now_ps;
	sim_trace(host->sim, POINT_IDLE, pcpu->id, pcpu->idle_state, 0);
}

ps_t pcpu_leave_idle(struct pcpu *pcpu)
{
	struct host *host = pcpu->host;

	if (host->config.idle.nr_states == 0)
		return 0;
	idle_reflect(&pcpu->governor, host->sim->now_ps - pcpu->idle_since_ps);
	sim_trace(host->sim, POINT_IDLE_END, pcpu->id, pcpu->idle_state, 0);
	pcpu->leaves_idle = true;
	return host->config.idle.states[pcpu->idle_state].exit_latency_ps;
}

void pcpu_awake(struct pcpu *pcpu)
{
	pcpu_account(pcpu);
	pcpu->leaves_idle = false;
	pcpu_update_core(pcpu);
}

static bool pcpu_in_hardirq(const struct pcpu *pcpu)
{
	return pcpu->top == &pcpu->hardirq;
}

void pcpu_deliver(struct pcpu *pcpu)
{
	ps_t exit_ps;

	if (!pcpu->latched)
		return;
	if (pcpu->guest) {
		vcpu_leave_guest(pcpu->guest, EXIT_IRQ);
		return;
	}
	if (pcpu->irqs_off || pcpu->leaves_idle || pcpu_in_hardirq(pcpu))
		return;
	exit_ps = pcpu->top ? 0 : pcpu_leave_idle(pcpu);
	pcpu_push(pcpu, &pcpu->hardirq);
	PATH_START(&pcpu->hardirq.path, hardirq_run, .pcpu = pcpu, .exit_ps = exit_ps);
}

/* Takes the first latched irq, or says that there is none. */
static bool hardirq_take(struct hardirq_run *f)
{
	struct pcpu *pcpu = f->pcpu;

	if (!pcpu->latched)
		return false;
	f->irq = (enum pcpu_irq)__builtin_ctz(pcpu->latched);
	f->device = NULL;
	if (f->irq == PCPU_IRQ_DEVICE) {
		f->device = pcpu->devices;
		f->device->latched = false;
		pcpu->devices = f->device->next;
	}
	if (f->irq != PCPU_IRQ_DEVICE || !pcpu->devices)
		pcpu->latched &= ~(1u << f->irq);
	return true;
}

static enum flow hardirq_run_path(struct path *p, void *frame)
{
	struct hardirq_run *f = frame;

	PATH_BEGIN(p);
	if (f->exit_ps)
		WAIT_UNTIL(p->sim->now_ps + f->exit_ps);
	pcpu_awake(f->pcpu);
	while (hardirq_take(f)) {
		sim_trace(p->sim, POINT_HARDIRQ, f->pcpu->id, f->irq, 0);
		SPEND(COST(p, C_HOST_IRQ));
		if (f->irq == PCPU_IRQ_CALL_FUNCTION)
			CALL(sched_take_woken, .rq = f->pcpu->rq);
		else if (f->irq == PCPU_IRQ_TICK)
			CALL(sched_tick, .rq = f->pcpu->rq);
		else if (f->device)
			CALL_HOOK(device_handler, f->device->handler, .device = f->device->device);
		sim_trace(p->sim, POINT_HARDIRQ_END, f->pcpu->id, 0, 0);
	}
	DONE(0);
	PATH_END(p);
}

/* In the place of the context on top, which has finished. */
static void softirq_start(struct pcpu *pcpu)
{
	struct path *path = &pcpu->softirq->path;
	struct softirq_run *run;

	pcpu_account(pcpu);
	pcpu->top = pcpu->top->below;
	pcpu_push(pcpu, pcpu->softirq);
	run = path_push(path, pcpu->softirq_fn, "softirq", sizeof(*run));
	*run = (struct softirq_run){ .pcpu = pcpu };
	pcpu->softirq_fn = NULL;
	path_make_ready(path);
}

static void hardirq_finished(struct path *path)
{
	struct pcpu *pcpu = context_of(path)->pcpu;

	if (pcpu->softirq_fn && pcpu->softirq->path.state == PATH_IDLE) {
		softirq_start(pcpu);	/* before what was interrupted goes on */
		return;
	}
	pcpu_pop(pcpu);
	sched_irq_exit(pcpu);
}

static void softirq_finished(struct path *path)
{
	struct pcpu *pcpu = context_of(path)->pcpu;

	if (pcpu->softirq_fn) {		/* raised again while it ran */
		softirq_start(pcpu);
		return;
	}
	pcpu_pop(pcpu);
	sched_irq_exit(pcpu);
}

static struct context *softirq_new(struct pcpu *pcpu)
{
	struct context *softirq = ARENA_NEW(pcpu->host->arena, struct context);
	char name[32];

	snprintf(name, sizeof(name), "pcpu%u/softirq", (unsigned int)pcpu->id);
	context_init(softirq, pcpu->host, CONTEXT_SOFTIRQ, name);
	softirq->pcpu = pcpu;
	softirq->path.finished = softirq_finished;
	return softirq;
}

void pcpu_raise_softirq(struct pcpu *pcpu, path_fn fn)
{
	sim_assert(pcpu_in_hardirq(pcpu));
	sim_assert(!pcpu->softirq_fn || pcpu->softirq_fn == fn);
	if (!pcpu->softirq)
		pcpu->softirq = softirq_new(pcpu);
	pcpu->softirq_fn = fn;
}

void pcpu_raise(struct pcpu *pcpu, enum pcpu_irq irq)
{
	sim_trace(pcpu->host->sim, POINT_IPI, pcpu->id, irq, 0);
	if (irq == PCPU_IRQ_DOORBELL && pcpu->guest) {
		vcpu_doorbell(pcpu->guest);
		return;
	}
	pcpu->latched |= 1u << irq;
	pcpu_deliver(pcpu);
}

void pcpu_raise_device(struct pcpu *pcpu, struct device_irq *device)
{
	struct device_irq **tail = &pcpu->devices;

	if (device->latched)
		return;
	while (*tail)
		tail = &(*tail)->next;
	*tail = device;
	device->next = NULL;
	device->latched = true;
	pcpu_raise(pcpu, PCPU_IRQ_DEVICE);
}

static void ipi_arrive(struct event *event)
{
	struct ipi *ipi = (struct ipi *)(void *)((char *)event - offsetof(struct ipi, event));
	struct host *host = ipi->target->host;

	ipi->next = host->free_ipis;
	host->free_ipis = ipi;
	pcpu_raise(ipi->target, ipi->irq);
}

static ps_t ipi_flight_ps(struct context *from, const struct pcpu *target)
{
	ps_t flight_ps = context_cost(from, C_IPI_FLIGHT);
	enum distance distance = pcpu_distance(from->pcpu, target);

	if (distance >= DISTANCE_SOCKET)
		flight_ps += context_cost(from, C_IPI_FLIGHT_FAR);
	if (distance == DISTANCE_REMOTE)
		flight_ps += context_cost(from, C_IPI_FLIGHT_REMOTE);
	return flight_ps;
}

void pcpu_send_ipi(struct context *from, struct pcpu *target, enum pcpu_irq irq)
{
	struct host *host = target->host;
	struct ipi *ipi = host->free_ipis;

	if (ipi) {
		host->free_ipis = ipi->next;
	} else {
		ipi = ARENA_NEW(host->arena, struct ipi);
		event_init(host->sim, &ipi->event, EVENT_WIRE, ipi_arrive);
	}
	ipi->target = target;
	ipi->irq = irq;
	host->nr_ipis_sent++;
	event_at(host->sim, &ipi->event, host->sim->now_ps + ipi_flight_ps(from, target));
}
