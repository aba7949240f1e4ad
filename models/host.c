/*
 * host - making the machine, and the measured window.
 */
#include "models/host.h"

#include <stddef.h>

#include "models/lock.h"
#include "models/pcpu.h"
#include "models/points.h"
#include "models/sched.h"
#include "sim/arena.h"
#include "sim/sim.h"

static void host_load_costs(struct host *host)
{
	for (int id = 0; id < NR_COSTS; id++) {
		const struct dist *dist = &host->config.costs[id].dist;

		if (dist->kind == DIST_CONSTANT) {
			host->cost_ps[id] = dist_mean_ps(dist);
			continue;
		}
		host->cost_ps[id] = PS_NEVER;
		host->random_index[id] = (uint8_t)host->nr_random_costs++;
	}
}

static void host_each_lock(struct host *host, void (*act)(struct lock *lock))
{
	for (struct lock_class *class = host->lock_classes; class; class = class->next)
		for (struct lock *lock = class->locks; lock; lock = lock->next)
			act(lock);
}

static void host_open_window(struct host *host)
{
	struct sim *sim = host->sim;

	host->window_open = true;
	host->window_start_ps = sim->now_ps;
	host->life.first_measured = host->life.nr_raised;
	host->nr_ipis_sent = 0;
	host_each_lock(host, lock_stats_reset);
	sched_open_window(host);
	for (uint32_t i = 0; i < host->nr_pcpus; i++) {
		struct pcpu *pcpu = &host->pcpus[i];

		pcpu->since_ps = sim->now_ps;
		for (int kind = 0; kind < NR_PCPU_TIMES; kind++)
			pcpu->time_ps[kind] = 0;
	}
	sim_trace(sim, POINT_WINDOW, 0, 0, 1);
	if (host->config.stop_window_ps)
		event_at(sim, &host->clock, sim->now_ps + host->config.stop_window_ps);
}

/* The time of the warm-up has passed, or that of the window. */
static void host_clock_fired(struct event *event)
{
	struct host *host = (struct host *)(void *)((char *)event - offsetof(struct host, clock));

	if (host->window_open)
		sim_stop(host->sim);
	else
		host_measure(host);
}

static void host_measure_fired(struct event *event)
{
	struct host *host = (struct host *)(void *)((char *)event - offsetof(struct host, measure));

	if (!host->window_open)
		host_open_window(host);
	else
		sim_stop(host->sim);
}

struct host *host_new(struct sim *sim, const struct host_config *config)
{
	struct host *host = ARENA_NEW(sim->arena, struct host);

	sim_assert(config->nr_pcpus > 0);
	sim_assert(config->nr_pcpus <= topology_nr_pcpus(&config->topology));
	host->sim = sim;
	host->arena = sim->arena;
	host->config = *config;
	host_load_costs(host);
	event_init(sim, &host->measure, EVENT_MEASURE, host_measure_fired);
	event_init(sim, &host->clock, EVENT_MEASURE, host_clock_fired);
	host->nr_pcpus = config->nr_pcpus;
	host->pcpus = ARENA_NEW_N(host->arena, struct pcpu, host->nr_pcpus);
	for (uint32_t i = 0; i < host->nr_pcpus; i++)
		pcpu_init(&host->pcpus[i], host, i);
	sched_init(host);
	return host;
}

void host_start(struct host *host)
{
	for (uint32_t i = 0; i < host->nr_pcpus; i++)
		if (!host->pcpus[i].top)
			pcpu_idle(&host->pcpus[i]);
	if (host->config.warmup_ps)
		event_at(host->sim, &host->clock, host->config.warmup_ps);
	else if (host->config.warmup_interrupts == 0)
		host_open_window(host);
}

void host_measure(struct host *host)
{
	const struct irq_life *life = &host->life;
	bool due = host->window_open ?
			   life->nr_measured >= host->config.stop_interrupts :
			   life->nr_finished >= host->config.warmup_interrupts &&
				   host->sim->now_ps >= host->config.warmup_ps;

	if (due && !event_is_pending(host->sim, &host->measure))
		event_at(host->sim, &host->measure, host->sim->now_ps);
}

void host_close_window(struct host *host)
{
	host_each_lock(host, lock_stats_close);
	sched_close_window(host);
	for (uint32_t i = 0; i < host->nr_pcpus; i++)
		pcpu_account(&host->pcpus[i]);
	sim_trace(host->sim, POINT_WINDOW, 0, 0, 0);
}

/* raised = handled + coalesced + dropped + pending, the pending ones counted where they are. */
static void check_conservation(const struct host *host)
{
	const struct irq_life *life = &host->life;
	uint64_t nr_accounted = life->nr_handled + life->nr_coalesced + irq_nr_dropped(life);

	sim_assert(life->nr_raised == nr_accounted + irq_count_pending(host));
}

/* In the window: waiting = sum of the waits = who waited for whom, held = sum of the holds. */
static void check_locks(const struct host *host)
{
	for (struct lock_class *class = host->lock_classes; class; class = class->next)
		for (struct lock *lock = class->locks; lock; lock = lock->next)
			lock_stats_check(lock);
}

/* Every pCPU's window is spent in the guest, in the host or idle. */
static void check_pcpus(const struct host *host)
{
	for (uint32_t i = 0; i < host->nr_pcpus; i++) {
		const ps_t *time_ps = host->pcpus[i].time_ps;
		ps_t total_ps = time_ps[PCPU_GUEST] + time_ps[PCPU_HOST] + time_ps[PCPU_IDLE];

		sim_assert(total_ps == host->sim->now_ps - host->window_start_ps);
	}
}

void host_check(const struct host *host)
{
	check_conservation(host);
	check_locks(host);
	check_pcpus(host);
	sched_check(host);
	sched_check_window(host);
}

uint32_t host_nr_lock_waiters(const struct host *host)
{
	uint32_t nr_waiters = 0;

	for (const struct lock_class *class = host->lock_classes; class; class = class->next)
		for (const struct lock *lock = class->locks; lock; lock = lock->next)
			nr_waiters += lock->nr_waiters;
	return nr_waiters;
}
