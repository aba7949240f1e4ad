/*
 * pcpu - a physical CPU: it executes one context at a time, the top of its stack.
 *
 * Entering a context pauses the one below, leaving continues it, so a hardirq lengthens what it
 * interrupts. Hardirqs do not nest, are latched while irqs are off, and equal ones merge. Over a
 * guest, a hardirq is an exit first: the thread below goes on with irqs off, and the hardirq runs
 * where it turns them on. A doorbell to a resident guest starts the guest's handler instead.
 */
#ifndef MODELS_PCPU_H
#define MODELS_PCPU_H

#include <stdbool.h>
#include <stdint.h>

#include "models/context.h"
#include "models/idle.h"
#include "models/topology.h"
#include "sim/event.h"
#include "sim/ps.h"

struct host;
struct hrtimer;
struct run_queue;
struct vcpu;

/* What can interrupt a pCPU. Served in this order. */
enum pcpu_irq {
	PCPU_IRQ_RESCHEDULE,	/* reschedule IPI, also the kick: its handler does nothing */
	PCPU_IRQ_CALL_FUNCTION,	/* its handler takes the pCPU's wake list */
	PCPU_IRQ_DOORBELL,	/* for a resident guest, which sees it without an exit */
	PCPU_IRQ_MAINTENANCE,	/* the VGIC's, its handler does nothing: the exit is the point */
	PCPU_IRQ_TICK,		/* of the scheduler */
	PCPU_IRQ_DEVICE,	/* of a device: its handler is a path, see struct device_irq */
	NR_PCPU_IRQS
};

enum pcpu_time { PCPU_GUEST, PCPU_HOST, PCPU_IDLE, NR_PCPU_TIMES };

/* A device's interrupt line into the host. Owned by the device; latched once until served. */
struct device_irq {
	path_fn handler;		/* hardirq context; frame is struct device_handler */
	void *device;
	bool latched;
	struct device_irq *next;
};

/* Frame of a device's handler. */
struct device_handler {
	void *device;
	uint32_t index;			/* for the handler's own use */
};

struct pcpu {
	struct host *host;
	struct run_queue *rq;
	uint32_t id, socket, group, core;	/* counted over the host */
	struct context *top;		/* NULL: idle */
	struct vcpu *guest;		/* whose guest executes; NULL: none */
	bool busy;			/* slows its siblings: executes, and not only spins */
	uint32_t stretch_ppm;		/* of what it executes: a sibling is busy; 0: none is */
	bool irqs_off;
	bool need_resched;		/* a reschedule is due: at the next preemption point */
	uint32_t latched;		/* bit per enum pcpu_irq */
	struct device_irq *devices;	/* latched, oldest first */
	struct hrtimer *timers;		/* pending ones, see hrtimer.h */
	path_fn softirq_fn;		/* raised; NULL: none */
	struct vcpu *loaded;		/* kvm_running_vcpu: between load and put */
	struct vcpu *last_loaded;
	uint32_t idle_state;		/* while top is NULL */
	ps_t idle_since_ps;
	bool leaves_idle;		/* its exit latency is under way: still idle time */
	struct idle_governor governor;
	struct context hardirq;
	struct context *softirq;	/* NULL: none was ever raised */
	ps_t since_ps;			/* of the present kind of time */
	ps_t time_ps[NR_PCPU_TIMES];	/* in the measured window, up to since_ps */
};

void pcpu_init(struct pcpu *pcpu, struct host *host, uint32_t id);

/* From near to far, as topology_distance(), by the precomputed places. */
static inline enum distance pcpu_distance(const struct pcpu *a, const struct pcpu *b)
{
	if (a->core != b->core)
		return a->group == b->group   ? DISTANCE_GROUP :
		       a->socket == b->socket ? DISTANCE_SOCKET :
						DISTANCE_REMOTE;
	return a == b ? DISTANCE_SELF : DISTANCE_CORE;
}

/* The context on this pCPU begins to spin for something, or has ended to. */
void pcpu_relax(struct context *context, bool relaxes);

/* cpus_share_cache(): within the last-level cache that the scheduler knows. */
bool pcpu_share_cache(const struct pcpu *a, const struct pcpu *b);

/* Nothing is on the pCPU: it enters an idle state. */
void pcpu_idle(struct pcpu *pcpu);

/*
 * It leaves its idle state now: the time that this takes before anything executes; then
 * pcpu_awake(). No hardirq comes in between.
 */
ps_t pcpu_leave_idle(struct pcpu *pcpu);
void pcpu_awake(struct pcpu *pcpu);

/* Puts a context on top; what was there is paused. The context runs when it is made ready. */
void pcpu_push(struct pcpu *pcpu, struct context *context);

/* Takes the top off and continues what is below. The path of the top is idle or paused. */
void pcpu_pop(struct pcpu *pcpu);

/* An IPI leaves now and takes the flight time by distance. From any context of a pCPU. */
void pcpu_send_ipi(struct context *from, struct pcpu *target, enum pcpu_irq irq);

/* Arrives now. DEVICE: through pcpu_raise_device() only. */
void pcpu_raise(struct pcpu *pcpu, enum pcpu_irq irq);
void pcpu_raise_device(struct pcpu *pcpu, struct device_irq *device);

/* Softirq: runs after the hardirq that raises it, irqs on, before what was interrupted. */
void pcpu_raise_softirq(struct pcpu *pcpu, path_fn fn);

/* Frame of a softirq. */
struct softirq_run {
	struct pcpu *pcpu;
	uint32_t index;			/* for the softirq's own use */
};

/* Starts a latched hardirq if one may run now, or makes the guest exit for it. */
void pcpu_deliver(struct pcpu *pcpu);

/*
 * A preemption point of a thread's path: no lock held, irqs on. True: a reschedule is due and has
 * taken the pCPU, and the calling path is paused.
 */
bool pcpu_preempt(struct path *p);

/* Brings time_ps up to now. */
void pcpu_account(struct pcpu *pcpu);

/* True: a latched hardirq or a due reschedule has taken the pCPU; the calling path is paused. */
static inline bool pcpu_irq_on(struct path *p)
{
	struct pcpu *pcpu = context_of(p)->pcpu;

	sim_assert(pcpu->irqs_off);
	pcpu->irqs_off = false;
	if (pcpu->latched)
		pcpu_deliver(pcpu);
	else if (pcpu->need_resched)
		pcpu_preempt(p);
	return p->paused;
}

/* Instant: from here on hardirqs are latched. Returns whether they were on (irqsave). */
static inline bool pcpu_irq_save(struct path *p)
{
	struct pcpu *pcpu = context_of(p)->pcpu;
	bool was_on = !pcpu->irqs_off;

	pcpu->irqs_off = true;
	return was_on;
}

#define IRQ_OFF(p) ((void)pcpu_irq_save(p))

/* A step: a latched hardirq and a due reschedule run here. */
#define IRQ_ON(p)									\
	do {										\
		if (pcpu_irq_on(p)) {							\
			PATH_STOP(p)							\
		}									\
	} while (0)

/* IRQ_ON where pcpu_irq_save() found them on. */
#define IRQ_RESTORE(p, was_on)								\
	do {										\
		if ((was_on) && pcpu_irq_on(p)) {					\
			PATH_STOP(p)							\
		}									\
	} while (0)

#endif
