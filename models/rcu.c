/*
 * rcu - counting readers, grace periods one after the other, waking who waited.
 */
#include "models/rcu.h"

#include <stddef.h>

#include "models/host.h"
#include "models/sched.h"
#include "sim/sim.h"

static enum flow rcu_wake_path(struct path *p, void *frame);
static void rcu_end_fired(struct event *event);

void rcu_domain_init(struct rcu_domain *domain, struct host *host, enum rcu_kind kind)
{
	*domain = (struct rcu_domain){ .host = host, .kind = kind };
	domain->irq.handler = rcu_wake_path;
	domain->irq.device = domain;
	event_init(host->sim, &domain->end, EVENT_TIMER, rcu_end_fired);
}

/* --- grace periods -------------------------------------------------------------------------- */

static void rcu_flip(struct rcu_domain *domain)
{
	domain->phase ^= 1;
	domain->state = RCU_SCAN_OLD;
}

/* The state moves on as far as the readers let it; both scans are of the phase that is not used. */
static void rcu_advance(struct rcu_domain *domain)
{
	struct sim *sim = domain->host->sim;
	ps_t delay_ps;

	if (domain->state == RCU_SCAN_LATE && domain->nr_readers[domain->phase ^ 1] == 0)
		rcu_flip(domain);
	if (domain->state != RCU_SCAN_OLD || domain->nr_readers[domain->phase ^ 1] != 0)
		return;
	domain->state = RCU_ENDING;
	delay_ps = context_cost(&domain->served->thread->context, C_RCU_GRACE);
	event_at(sim, &domain->end, sim->now_ps + delay_ps);
}

static void rcu_start(struct rcu_domain *domain)
{
	domain->served = domain->first;
	domain->first = NULL;
	domain->last = NULL;
	domain->state = RCU_SCAN_LATE;
	rcu_advance(domain);
}

/* On the pCPU where the first of those who wait went to sleep. */
static void rcu_end_fired(struct event *event)
{
	struct rcu_domain *domain = (struct rcu_domain *)(void *)
		((char *)event - offsetof(struct rcu_domain, end));

	pcpu_raise_device(domain->served->thread->pcpu, &domain->irq);
}

/* Frame of the hardirq is struct device_handler. A waiter may be gone as soon as it is done. */
struct rcu_wake_all {
	struct rcu_waiter *waiter, *next;
	struct thread *thread;
};

static enum flow rcu_wake_all_path(struct path *p, void *frame)
{
	struct rcu_wake_all *f = frame;

	PATH_BEGIN(p);
	for (; f->waiter; f->waiter = f->next) {
		f->next = f->waiter->next;
		f->thread = f->waiter->thread;
		f->waiter->done = true;
		CALL(sched_wake, .thread = f->thread);
	}
	DONE(0);
	PATH_END(p);
}

static struct rcu_waiter *rcu_end(struct rcu_domain *domain)
{
	struct rcu_waiter *served = domain->served;

	sim_assert(domain->state == RCU_ENDING);
	domain->nr_grace_periods++;
	domain->served = NULL;
	domain->state = RCU_IDLE;
	if (domain->first)
		rcu_start(domain);
	return served;
}

static enum flow rcu_wake_path(struct path *p, void *frame)
{
	struct device_handler *f = frame;

	PATH_BEGIN(p);
	CALL(rcu_wake_all, .waiter = rcu_end(f->device));
	DONE(0);
	PATH_END(p);
}

/* --- readers -------------------------------------------------------------------------------- */

void srcu_count(struct rcu_domain *domain, uint32_t phase)
{
	sim_assert(domain->kind == SRCU);
	domain->nr_readers[phase]++;
}

uint32_t rcu_read_lock(struct rcu_domain *domain)
{
	sim_assert(domain->kind == RCU);
	domain->nr_readers[domain->phase]++;
	return domain->phase;
}

void rcu_read_unlock(struct rcu_domain *domain, uint32_t phase)
{
	sim_assert(domain->nr_readers[phase] > 0);
	domain->nr_readers[phase]--;
	rcu_advance(domain);
}

ps_t srcu_lock_ps(struct path *p)
{
	return COST(p, C_SRCU_READ) / 2;
}

ps_t srcu_unlock_ps(struct path *p)
{
	ps_t section_ps = COST(p, C_SRCU_READ);

	return section_ps - section_ps / 2;
}

/* --- writers -------------------------------------------------------------------------------- */

static void rcu_add_waiter(struct rcu_domain *domain, struct rcu_waiter *waiter)
{
	if (domain->last)
		domain->last->next = waiter;
	else
		domain->first = waiter;
	domain->last = waiter;
	if (domain->state == RCU_IDLE)
		rcu_start(domain);
}

enum flow rcu_synchronize_path(struct path *p, void *frame)
{
	struct rcu_synchronize *f = frame;

	PATH_BEGIN(p);
	f->waiter.thread = thread_of(p);
	rcu_add_waiter(f->domain, &f->waiter);
	for (;;) {
		thread_prepare_sleep(thread_of(p));
		if (f->waiter.done)
			break;
		SCHEDULE();
	}
	thread_cancel_sleep(thread_of(p));
	DONE(0);
	PATH_END(p);
}
