/*
 * hrtimer - the pending timers of each pCPU, and their hardirqs.
 */
#include "models/hrtimer.h"

#include <stddef.h>

#include "models/host.h"
#include "sim/sim.h"

static void hrtimer_unlink(struct hrtimer *timer)
{
	if (timer->previous)
		timer->previous->next = timer->next;
	else
		timer->pcpu->timers = timer->next;
	if (timer->next)
		timer->next->previous = timer->previous;
}

static void hrtimer_fire(struct event *event)
{
	struct hrtimer *timer =
		(struct hrtimer *)(void *)((char *)event - offsetof(struct hrtimer, event));

	hrtimer_unlink(timer);
	if (timer->expired)
		timer->expired(timer);
	pcpu_raise_device(timer->pcpu, &timer->irq);
}

void hrtimer_init(struct hrtimer *timer, struct host *host, path_fn handler, void *owner)
{
	*timer = (struct hrtimer){ .irq = { .handler = handler, .device = owner } };
	event_init(host->sim, &timer->event, EVENT_TIMER, hrtimer_fire);
}

void hrtimer_start(struct hrtimer *timer, struct pcpu *pcpu, ps_t expires_ps)
{
	sim_assert(!timer->irq.latched);
	timer->pcpu = pcpu;
	timer->expires_ps = expires_ps;
	timer->previous = NULL;
	timer->next = pcpu->timers;
	if (timer->next)
		timer->next->previous = timer;
	pcpu->timers = timer;
	event_at(pcpu->host->sim, &timer->event, expires_ps);
}

ps_t hrtimer_next_ps(const struct pcpu *pcpu)
{
	ps_t next_ps = PS_NEVER;

	for (const struct hrtimer *timer = pcpu->timers; timer; timer = timer->next)
		if (timer->expires_ps < next_ps)
			next_ps = timer->expires_ps;
	return next_ps;
}
