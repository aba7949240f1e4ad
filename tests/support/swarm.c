/*
 * swarm - picking the host: its pCPUs, costs, kernel, scheduler, idle states.
 */
#include "tests/support/swarm.h"

#include "models/probe.h"
#include "sim/arena.h"

/* --- dice ---------------------------------------------------------------------------------- */

uint32_t swarm_roll(struct swarm *swarm, uint32_t n)
{
	return (uint32_t)(stream_u64(&swarm->dice) >> 32) % n;
}

bool swarm_chance(struct swarm *swarm, uint32_t percent)
{
	return swarm_roll(swarm, 100) < percent;
}

void swarm_roll_distinct(struct swarm *swarm, uint64_t *numbers, uint32_t nr, uint32_t limit)
{
	for (uint32_t i = 0; i < nr; i++) {
		bool again = true;

		while (again) {
			numbers[i] = swarm_roll(swarm, limit);
			again = false;
			for (uint32_t j = 0; j < i; j++)
				again |= numbers[j] == numbers[i];
		}
	}
}

ps_t swarm_pause(struct swarm *swarm, ps_t max_ps)
{
	if (swarm_chance(swarm, 40))
		return 0;
	return max_ps / 1000 * (1 + swarm_roll(swarm, 1000));
}

/* --- the host ------------------------------------------------------------------------------ */

static struct dist pick_cost(struct swarm *swarm, uint32_t max_ns)
{
	ps_t ps = (1 + swarm_roll(swarm, max_ns)) * PS_PER_NS;
	struct dist_point points[2] = { { ps, 9 }, { 10 * ps, 1 } };

	switch (swarm_roll(swarm, 10)) {
	case 0:
	case 1:
	case 2:
		return dist_constant(0);
	case 3:
		return dist_uniform(0, ps);
	case 4:
		return dist_exponential(ps);
	case 5:
		return dist_table(dist_table_new(swarm->arena, points, 2));
	default:
		return dist_constant(ps);
	}
}

/*
 * One in ten worlds knows costs of 0 only, but for those without which time would stand still. In
 * some it takes long to switch threads: there is much time to meet one that is on its way out.
 */
static void pick_costs(struct swarm *swarm)
{
	static const enum cost_id switching[] = {
		C_SCHEDULE, C_CONTEXT_SWITCH, C_VCPU_PUT, C_VCPU_BLOCK,
	};
	bool free = swarm_chance(swarm, 10), slow = swarm_chance(swarm, 25);

	for (int id = 0; id < NR_COSTS; id++)
		swarm->costs[id].dist =
			free && id != C_PAUSE_EXIT ?
				dist_constant(0) :
				pick_cost(swarm, id == C_VCPU_WALK_STEP ? 30 : 400);
	for (size_t i = 0; slow && i < sizeof(switching) / sizeof(switching[0]); i++)
		swarm->costs[switching[i]].dist = pick_cost(swarm, 8000);
	if (swarm->costs[C_PAUSE_EXIT].dist.kind == DIST_CONSTANT)
		swarm->costs[C_PAUSE_EXIT].dist = dist_constant(100 * PS_PER_NS);
}

static void pick_topology(struct swarm *swarm)
{
	struct host_config *config = &swarm->config;

	config->topology = (struct topology){
		1 + swarm_roll(swarm, 2), 1 + swarm_roll(swarm, 2), 1 + swarm_roll(swarm, 6),
		1 + swarm_roll(swarm, 2), (int)swarm_roll(swarm, LLC_SOCKET + 1),
	};
	if (swarm_chance(swarm, 10))
		config->topology.nr_cores = 33;
	config->nr_pcpus = (uint32_t)topology_nr_pcpus(&config->topology);
	if (swarm_chance(swarm, 30))
		config->nr_pcpus = 1 + swarm_roll(swarm, config->nr_pcpus);
	if (config->topology.nr_threads > 1 && swarm_chance(swarm, 70))
		config->smt_slowdown_ppm = 1000000 + swarm_roll(swarm, 2000000);
}

/* From shallow to deep. The first one of x86 may be a loop that watches need_resched. */
static void pick_idle(struct swarm *swarm)
{
	struct idle_config *idle = &swarm->config.idle;
	bool polls = swarm->config.arch == ARCH_X86 && swarm_chance(swarm, 60);
	ps_t latency_ps = 0, residency_ps = 0;

	idle->nr_states = swarm_roll(swarm, 5);
	idle->enabled = swarm_chance(swarm, 80) ? 1 + swarm_roll(swarm, 31) : 0;
	idle->enabled &= (1u << idle->nr_states) - 1;
	for (uint32_t i = 0; i < idle->nr_states; i++) {
		struct idle_state *state = &idle->states[i];

		*state = (struct idle_state){ .name = "state", .source = "dice" };
		state->polling = polls && i <= swarm_roll(swarm, 2);
		if (i > 0 || !polls) {
			latency_ps += swarm_pause(swarm, 10 * PS_PER_US << i);
			residency_ps += swarm_pause(swarm, 40 * PS_PER_US << i);
		}
		state->exit_latency_ps = latency_ps;
		state->target_residency_ps = residency_ps;
	}
}

/* Mostly with slices so short that threads are preempted all the time. */
static void pick_sched(struct swarm *swarm)
{
	struct host_config *config = &swarm->config;
	struct fair_params *fair = &config->fair;

	swarm->slow = swarm_chance(swarm, 5);
	if (swarm->slow)
		return;
	config->probes = swarm_roll(swarm, 1 << NR_PROBES);
	*fair = fair_params_default(config->kernel, config->nr_pcpus);
	config->tick_ps = (20 + swarm_roll(swarm, 200)) * PS_PER_US;
	fair->min_granularity_ps = (5 + swarm_roll(swarm, 100)) * PS_PER_US;
	fair->latency_ps = fair->min_granularity_ps * (1 + swarm_roll(swarm, 6));
	fair->wakeup_granularity_ps = (1 + swarm_roll(swarm, 100)) * PS_PER_US;
	fair->slice_ps = (5 + swarm_roll(swarm, 100)) * PS_PER_US;
}

static void pick_host(struct swarm *swarm)
{
	static const uint32_t kernels[] = {
		KERNEL(5, 4), KERNEL(5, 4), KERNEL(5, 8), KERNEL(5, 17), KERNEL(6, 0),
		KERNEL(6, 5), KERNEL(6, 6), KERNEL(6, 8), KERNEL(6, 11), KERNEL(6, 18),
	};
	struct host_config *config = &swarm->config;

	pick_topology(swarm);
	config->arch = swarm_chance(swarm, 30) ? ARCH_X86 : ARCH_ARM64;
	config->clock_hz = swarm_chance(swarm, 70) ? UINT64_C(2500000000) : 0;
	config->kernel = kernels[swarm_roll(swarm, 10)];
	config->costs = swarm->costs;
	pick_costs(swarm);
	pick_idle(swarm);
	pick_sched(swarm);
	config->warmup_interrupts = swarm_chance(swarm, 50) ? 0 : 1 + swarm_roll(swarm, 20);
	if (swarm_chance(swarm, 30))
		config->warmup_ps = (1 + swarm_roll(swarm, 500)) * PS_PER_US;
	config->stop_interrupts = UINT64_MAX;
	if (swarm_chance(swarm, 25))
		swarm->stop_window_ps = (1 + swarm_roll(swarm, 500)) * PS_PER_US;
}

void swarm_pick(struct swarm *swarm, struct arena *arena, uint64_t seed)
{
	*swarm = (struct swarm){ .arena = arena };
	stream_init(&swarm->dice, seed, 0, "swarm");
	pick_host(swarm);
	if (swarm_chance(swarm, 95))
		swarm_pick_vms(swarm);
	swarm_pick_workloads(swarm);
}
