/*
 * hrtimer - a one-shot timer of the host: it fires as a hardirq of the pCPU that it was started on.
 *
 * Embedded in what waits for it. At its time `expired` is told (an instant, no context), then the
 * hardirq is raised, and `handler` runs in it. A pCPU's pending timers are known to it, so that its
 * idle governor can ask for the next one. Follows: hrtimer_start(), hrtimer_interrupt().
 * Leaves out: the programming of the timer hardware, slack, timers that move to another pCPU.
 */
#ifndef MODELS_HRTIMER_H
#define MODELS_HRTIMER_H

#include "models/pcpu.h"
#include "sim/event.h"
#include "sim/path.h"
#include "sim/ps.h"

struct host;

struct hrtimer {
	struct event event;
	struct device_irq irq;
	void (*expired)(struct hrtimer *timer);	/* may set pcpu: where it fires; NULL: none */
	struct pcpu *pcpu;			/* that it was started on */
	ps_t expires_ps;
	struct hrtimer *next, *previous;	/* pending ones of that pCPU */
};

/*
 * handler: hardirq, its frame is struct device_handler with `owner` as device; it begins with
 * SPEND(COST(p, C_TIMER_IRQ)).
 */
void hrtimer_init(struct hrtimer *timer, struct host *host, path_fn handler, void *owner);

/* Not pending, and its last hardirq has been served. */
void hrtimer_start(struct hrtimer *timer, struct pcpu *pcpu, ps_t expires_ps);

/* When the first timer of this pCPU expires; PS_NEVER: it has none. Pure. */
ps_t hrtimer_next_ps(const struct pcpu *pcpu);

#endif
