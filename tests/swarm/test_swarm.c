/*
 * Random small worlds against the invariants, then the sources stop and everything must drain.
 *
 *	swarm-test_swarm			the suite: NR_SEEDS seeds, and what they covered
 *	swarm-test_swarm --seed N		one of them again, with its outline
 *	swarm-test_swarm --seed N --count M	M of them from N on; says what they covered
 *
 * Each world runs twice, in-place advance on and off: fingerprint, events and ties are equal. Some
 * run a third time, until their window stops them in the middle.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/guest.h"
#include "models/pcpu.h"
#include "models/vcpu.h"
#include "sim/arena.h"
#include "sim/sim.h"
#include "tests/support/swarm.h"
#include "tests/support/swarm_check.h"
#include "tests/support/swarm_cover.h"

enum { NR_SEEDS = 4000 };

struct world {
	struct arena *arena;
	struct sim *sim;
	struct host *host;
	struct swarm swarm;
	struct swarm_cover cover;
};

/* What is under way, for a failing assertion wherever it is. */
static volatile uint64_t seed_now;

static void say_again(int signal_number)
{
	(void)signal_number;
	fprintf(stderr, "again: swarm-test_swarm --seed %" PRIu64 "\n", seed_now);
}

/* --- one world ------------------------------------------------------------------------------ */

static void world_build(struct world *world)
{
	struct swarm *swarm = &world->swarm;
	struct host *host = world->host;

	host->vms = ARENA_NEW_N(world->arena, struct vm *, swarm->nr_vms);
	host->vcpus = ARENA_NEW_N(world->arena, struct vcpu *, swarm->nr_vcpus);
	for (uint32_t i = 0; i < swarm->nr_vms; i++)
		vm_new(host, &swarm->vms[i], swarm->first_pcpus[i]);
	for (uint32_t i = 0; i < swarm->nr_workloads; i++) {
		const struct workload_config *config = &swarm->workloads[i];
		bool of_guest = config->ops->scope == WORKLOAD_GUEST;

		config->ops->build(host, of_guest ? host->vms[config->vm_index] : NULL, config);
	}
	for (uint32_t i = 0; i < swarm->nr_vms; i++)
		vm_start(host->vms[i]);
	host_start(host);
}

/* The world of a seed, ready to run; owned by the caller: world_free(). stops: by its window. */
static struct world *world_new(uint64_t seed, bool in_place, bool stops)
{
	struct world *world = calloc(1, sizeof(*world));
	struct swarm *swarm = &world->swarm;

	world->arena = arena_new(1 << 18);
	swarm_pick(swarm, world->arena, seed);
	if (stops)
		swarm->config.stop_window_ps = swarm->stop_window_ps;
	world->sim = sim_new(world->arena, "swarm", seed, 0);
	world->sim->in_place = in_place;
	world->host = host_new(world->sim, &swarm->config);
	swarm_cover_init(&world->cover, world->host, swarm->nr_vcpus);
	world->sim->sink = in_place ? &world->cover.sink : NULL;
	world_build(world);
	return world;
}

static void world_free(struct world *world)
{
	arena_free(world->arena);
	free(world);
}

/*
 * Until an instant at which nothing is under way in the host. Guests of x86 that poll side by side
 * on one pCPU exit all the time; from now on they do not. Nor do ticks come as often as a slow
 * switch lasts, so that no pCPU ever gets beyond switching.
 */
static void world_settle(struct world *world, ps_t until_ps)
{
	enum { STEP_NS = 700, MAX_STEPS = 20000 };

	world->host->config.clock_hz = 0;
	world->host->config.tick_ps = SCHED_TICK_PS;
	for (uint32_t i = 0; i < MAX_STEPS && !swarm_is_at_rest(world->host); i++) {
		until_ps += STEP_NS * PS_PER_NS;
		sim_run(world->sim, until_ps);
	}
	swarm_require(world->host, swarm_is_at_rest(world->host));
	swarm_check_rest(world->host);
}

/* Until the sources are dry. */
static void world_drain(struct world *world)
{
	enum { SLICE_US = 300, MAX_SLICES = 100000, PATIENCE = 3000 };
	const struct host *host = world->host;
	ps_t until_ps = 0;

	for (uint32_t i = 0; i < MAX_SLICES && !swarm_is_quiet(host); i++) {
		until_ps += SLICE_US * PS_PER_US;
		sim_run(world->sim, until_ps);
		swarm_check_conserved(host);
		swarm_check_contexts(host);
		if (i > PATIENCE && host->config.fair.eevdf)
			swarm_end_runaways(world->host);
	}
	swarm_require(host, !world->sim->stalled);
	swarm_require(host, swarm_is_quiet(host));
	if (host->config.arch == ARCH_ARM64)
		swarm_require(host, host->life.nr_requests == world->swarm.nr_requests);
	world_settle(world, until_ps);
}

/* The window is as long as it was to be, and all is in order in the middle of things. */
static void run_stopped(uint64_t seed, uint64_t *counts)
{
	enum { ENOUGH_US = 2000 };
	struct world *world = world_new(seed, true, true);
	const struct host *host = world->host;
	ps_t window_ps;

	sim_run(world->sim, ENOUGH_US * PS_PER_US);
	host_close_window(world->host);
	window_ps = world->sim->now_ps - host->window_start_ps;
	if (world->sim->stopping) {
		swarm_require(host, window_ps == world->swarm.stop_window_ps);
		counts[COVER_STOPPED]++;
	}
	swarm_check_times(host);
	swarm_check_contexts(host);
	host_check(host);
	world_free(world);
}

/* Runs one seed; adds what it covered. */
static void run_seed(uint64_t seed, uint64_t *counts)
{
	struct world *world, *queued;

	seed_now = seed;
	world = world_new(seed, true, false);
	queued = world_new(seed, false, false);
	world_drain(world);
	world_drain(queued);
	swarm_require(world->host, world->sim->fingerprint == queued->sim->fingerprint);
	swarm_require(world->host, world->sim->nr_events == queued->sim->nr_events);
	swarm_require(world->host, world->sim->nr_ties == queued->sim->nr_ties);
	swarm_require(world->host, world->sim->now_ps == queued->sim->now_ps);
	swarm_cover_finish(&world->cover);
	for (int i = 0; i < NR_COVERS; i++)
		counts[i] += world->cover.counts[i];
	if (world->swarm.stop_window_ps)
		run_stopped(seed, counts);
	world_free(world);
	world_free(queued);
}

/* --- its outline ---------------------------------------------------------------------------- */

static void print_vm(const struct swarm *swarm, uint32_t index)
{
	const struct vm_config *vm = &swarm->vms[index];

	printf("  vm %u: %u vcpus, %s, %u list registers, idle %d, receiver %d, halt_poll %" PRIu64
	       " ns, pcpus", index, vm->nr_vcpus, vm->routes[ROUTE_IPI].ops->name,
	       vm->nr_list_registers, vm->idle, swarm->guests[index].receiver,
	       vm->halt_poll.max_ps / PS_PER_NS);
	if (vm->pin.word >= 0)
		printf(" %s from %u", vm->pin.word == PIN_FLOAT ? "float" : "one-to-one",
		       swarm->first_pcpus[index]);
	for (uint32_t i = 0; vm->pin.word < 0 && i < vm->nr_vcpus; i++)
		printf(" %" PRIu64, vm->pin.ids[i]);
	printf("\n");
}

/* Before the run, so that it is there when the run does not return. */
static void print_outline(uint64_t seed)
{
	struct world *world = world_new(seed, true, false);
	const struct swarm *swarm = &world->swarm;
	const struct host_config *config = &swarm->config;

	printf("seed %" PRIu64 ": %u pcpus (%u x %u x %u x %u), %s, kernel %u.%u, %u idle states, "
	       "smt %u, tick %" PRIu64 " us, %" PRIu64 " requests\n", seed,
	       config->nr_pcpus, config->topology.nr_sockets, config->topology.nr_groups,
	       config->topology.nr_cores, config->topology.nr_threads, arch_words[config->arch],
	       config->kernel / 256, config->kernel % 256, config->idle.nr_states,
	       config->smt_slowdown_ppm, config->tick_ps / PS_PER_US, swarm->nr_requests);
	for (uint32_t i = 0; i < swarm->nr_vms; i++)
		print_vm(swarm, i);
	for (uint32_t i = 0; i < swarm->nr_workloads; i++)
		printf("  workload %u: %s, vm %u\n", i, swarm->workloads[i].ops->name,
		       swarm->workloads[i].vm_index);
	fflush(stdout);
	world_free(world);
}

int main(int argc, char **argv)
{
	uint64_t counts[NR_COVERS] = { 0 };
	uint64_t first = 1, nr_seeds = NR_SEEDS;
	bool all = argc == 1, missing = false;

	for (int i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--seed") == 0) {
			first = strtoull(argv[i + 1], NULL, 10);
			nr_seeds = 1;
		} else if (strcmp(argv[i], "--count") == 0) {
			nr_seeds = strtoull(argv[i + 1], NULL, 10);
		}
	}
	signal(SIGABRT, say_again);
	if (nr_seeds == 1)
		print_outline(first);
	for (uint64_t seed = first; seed < first + nr_seeds; seed++)
		run_seed(seed, counts);
	printf("seeds %" PRIu64 " to %" PRIu64 "\n", first, first + nr_seeds - 1);
	for (int i = 0; i < NR_COVERS; i++) {
		printf("%10" PRIu64 "  %s\n", counts[i], swarm_cover_words[i]);
		missing |= counts[i] == 0;
	}
	return all && missing;
}
