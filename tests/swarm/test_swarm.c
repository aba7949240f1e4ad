/*
 * Random small worlds against the invariants, then the sources stop and everything must drain.
 *
 *	swarm-test_swarm			the suite: NR_SEEDS seeds, and what they covered
 *	swarm-test_swarm --seed N		one of them again, with its outline
 *	swarm-test_swarm --seed N --count M	M of them from N on; says what they covered
 *
 * Each world runs twice, in-place advance on and off: fingerprint, events and ties are equal.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/guest.h"
#include "models/host.h"
#include "models/lock.h"
#include "models/pcpu.h"
#include "models/points.h"
#include "models/vcpu.h"
#include "models/vm.h"
#include "models/workload/ipi.h"
#include "sim/arena.h"
#include "sim/sim.h"
#include "tests/support/swarm.h"

enum { NR_SEEDS = 4000 };

/* What a world did; summed over all seeds, none may stay 0. */
enum coverage {
	COVER_KICK_OUTSIDE,	/* in the order of enum kick_outcome */
	COVER_KICK_SELF,
	COVER_KICK_EXITING,
	COVER_KICK_IPI,
	COVER_NO_KICK,		/* consumed by somebody else's kick before it was queued */
	COVER_ABORTED,
	COVER_MERGED_AT_LATCH,
	COVER_MERGED_AT_FOLD,
	COVER_MAINTENANCE,
	COVER_LOCK_WAIT,
	COVER_SCAN,		/* SGI dispatched without an MPIDR table */
	COVER_TABLE,		/* and with one */
	COVER_ACKED,
	COVER_TIES,
	COVER_WINDOW_LATE,	/* worlds whose measured window opened in the middle */
	COVER_MANY_PCPUS,	/* worlds with more than 64 pCPUs */
	NR_COVERAGE
};

static const char *const coverage_words[NR_COVERAGE] = {
	"kicks: outside", "kicks: self", "kicks: exiting", "kicks: ipi",
	"kicks: none needed", "aborted entries", "merges at the latch", "merges at the fold",
	"maintenance interrupts", "lock waits",
	"dispatches with scans", "dispatches by table", "acknowledgements", "ties",
	"windows opened late", "hosts of more than 64 pcpus",
};

struct world {
	struct trace_sink sink;		/* first */
	uint64_t seed;
	struct arena *arena;
	struct sim *sim;
	struct host *host;
	struct swarm swarm;
	bool *kicked;			/* by vCPU: since it found its last target */
	uint64_t coverage[NR_COVERAGE];
};

#define check(world, condition)								\
	do {										\
		if (!(condition)) {							\
			fprintf(stderr, "%s:%d: %s\nagain: swarm-test_swarm --seed %" PRIu64	\
				"\n", __FILE__, __LINE__, #condition, (world)->seed);	\
			abort();							\
		}									\
	} while (0)

/* --- what happens -------------------------------------------------------------------------- */

/* Without a table mpidr-hash scans: one vCPU, or more differing bits than a page has room for. */
static bool has_table(const struct vm *vm)
{
	uint32_t any = 0, all = UINT32_MAX;

	for (uint32_t i = 0; i < vm->nr_vcpus; i++) {
		any |= vm->vcpus[i]->mpidr;
		all &= vm->vcpus[i]->mpidr;
	}
	return vm->nr_vcpus > 1 &&
	       8 + (UINT64_C(2) << __builtin_popcount(any ^ all)) <= vm->config->page_bytes;
}

static void cover_dispatch(struct world *world, const struct vcpu *vcpu)
{
	if (strcmp(vcpu->vm->routes[ROUTE_IPI].ops->name, "mpidr-hash") != 0)
		return;
	world->coverage[has_table(vcpu->vm) ? COVER_TABLE : COVER_SCAN]++;
}

static void world_record(struct trace_sink *sink, const struct trace_record *record)
{
	struct world *world = (struct world *)sink;
	struct path *running = world->sim->running;
	bool folding = running && strcmp(running->frame->name, "vgic_sync") == 0;
	uint64_t *coverage = world->coverage;

	switch (record->point) {
	case POINT_ROUTED:
		world->kicked[record->who] = false;
		break;
	case POINT_NOTIFIED:
		coverage[COVER_NO_KICK] += !world->kicked[record->who];
		break;
	case POINT_KICK:
		world->kicked[context_of(running)->vcpu->id] = true;
		coverage[COVER_KICK_OUTSIDE + record->which]++;
		break;
	case POINT_ENTRY_ABORTED:
		coverage[COVER_ABORTED]++;
		break;
	case POINT_COALESCED:
		coverage[folding ? COVER_MERGED_AT_FOLD : COVER_MERGED_AT_LATCH]++;
		break;
	case POINT_HARDIRQ:
		coverage[COVER_MAINTENANCE] += record->whom == PCPU_IRQ_MAINTENANCE;
		break;
	case POINT_LOCK_WAIT:
		coverage[COVER_LOCK_WAIT]++;
		break;
	case POINT_DISPATCH:
		cover_dispatch(world, world->host->vcpus[record->who]);
		break;
	case POINT_ACKED:
		coverage[COVER_ACKED]++;
		break;
	case POINT_WINDOW:
		coverage[COVER_WINDOW_LATE] += record->which == 1 && record->time_ps > 0;
		break;
	}
}

/* The world of a seed, ready to run; owned by the caller: world_free(). */
static struct world *world_new(uint64_t seed, bool in_place)
{
	struct world *world = calloc(1, sizeof(*world));
	struct swarm *swarm = &world->swarm;
	struct host *host;

	world->seed = seed;
	world->sink.record = world_record;
	world->arena = arena_new(1 << 18);
	swarm_pick(swarm, world->arena, seed);
	world->coverage[COVER_MANY_PCPUS] = swarm->config.nr_pcpus > 64;
	world->sim = sim_new(world->arena, "swarm", seed, 0);
	world->sim->in_place = in_place;
	world->sim->sink = in_place ? &world->sink : NULL;
	host = world->host = host_new(world->sim, &swarm->config);
	host->vms = ARENA_NEW_N(world->arena, struct vm *, swarm->nr_vms);
	host->vcpus = ARENA_NEW_N(world->arena, struct vcpu *, swarm->nr_vcpus);
	world->kicked = ARENA_NEW_N(world->arena, bool, swarm->nr_vcpus);
	for (uint32_t i = 0; i < swarm->nr_vms; i++)
		vm_new(host, &swarm->vms[i], 0);
	for (uint32_t i = 0; i < swarm->nr_workloads; i++)
		workload_ipi.build(host, host->vms[swarm->workloads[i].vm_index],
				   &swarm->workloads[i]);
	for (uint32_t i = 0; i < swarm->nr_vms; i++)
		vm_start(host->vms[i]);
	host_start(host);
	return world;
}

static void world_free(struct world *world)
{
	arena_free(world->arena);
	free(world);
}

static bool is_quiet(const struct world *world)
{
	const struct irq_life *life = &world->host->life;

	return life->nr_requests == world->swarm.nr_requests &&
	       life->nr_finished == life->nr_raised;
}

/* At any time; host_check() is for the end. */
static bool is_conserved(const struct host *host)
{
	const struct irq_life *life = &host->life;

	return life->nr_raised == life->nr_handled + life->nr_coalesced + irq_nr_dropped(life) +
					  irq_count_pending(host);
}

static void world_run(struct world *world)
{
	enum { SLICE_US = 300, MAX_SLICES = 1000 };
	uint32_t nr_slices = 0;

	for (; !is_quiet(world) && nr_slices < MAX_SLICES; nr_slices++) {
		sim_run(world->sim, (nr_slices + 1) * SLICE_US * PS_PER_US);
		check(world, is_conserved(world->host));
	}
	/* The sources are dry; what is under way in the host comes to its end. */
	sim_run(world->sim, (nr_slices + 1) * SLICE_US * PS_PER_US);
	check(world, is_quiet(world));
}

/* --- when all has drained ------------------------------------------------------------------ */

static void check_vgic(const struct world *world, const struct vgic *vgic)
{
	check(world, vgic_count_pending(vgic) == 0);
	for (uint32_t i = 0; i < vgic->used_lrs; i++) {
		check(world, !vgic->lrs[i].pending);
		check(world, !vgic->lrs[i].active);
	}
	for (uint32_t intid = 0; intid < VGIC_NR_SGIS; intid++) {
		check(world, !vgic->sgis[intid].pending);
		check(world, !vgic->sgis[intid].active);
	}
}

static void check_vcpus(const struct world *world)
{
	for (uint32_t i = 0; i < world->swarm.nr_vcpus; i++) {
		const struct vcpu *vcpu = world->host->vcpus[i];

		check_vgic(world, &vcpu->vgic);
		check(world, vcpu->pcpu->guest == vcpu);
		check(world, vcpu->pcpu->top == &vcpu->guest.code);
		check(world, vcpu->pcpu->latched == 0);
		check(world, vcpu->mode == IN_GUEST_MODE);
		check(world, vcpu->requests == 0);
		check(world, !vcpu->request.irqs);
		check(world, !vcpu->guest.first_due);
		check(world, !vcpu->guest.first_ack);
		check(world, !vcpu->guest.awaited);
		check(world, vcpu->thread.nr_locks == 0);
	}
}

static void check_locks(const struct world *world)
{
	const struct lock_class *class = world->host->lock_classes;

	check(world, host_nr_lock_waiters(world->host) == 0);
	for (; class; class = class->next)
		for (const struct lock *lock = class->locks; lock; lock = lock->next) {
			check(world, !lock->owner);
			check(world, !lock->held);
		}
}

static void check_drained(struct world *world)
{
	check_vcpus(world);
	check_locks(world);
	check(world, world->host->nr_sources == 0);
	host_close_window(world->host);
	host_check(world->host);
}

/* Runs one seed; adds what it covered. */
static void run_seed(uint64_t seed, uint64_t *coverage)
{
	struct world *world = world_new(seed, true);
	struct world *queued = world_new(seed, false);

	world_run(world);
	check_drained(world);
	world_run(queued);
	check_drained(queued);
	check(world, world->sim->fingerprint == queued->sim->fingerprint);
	check(world, world->sim->nr_events == queued->sim->nr_events);
	check(world, world->sim->nr_ties == queued->sim->nr_ties);
	check(world, world->sim->now_ps == queued->sim->now_ps);
	world->coverage[COVER_TIES] = world->sim->nr_ties;
	for (int i = 0; i < NR_COVERAGE; i++)
		coverage[i] += world->coverage[i];
	world_free(world);
	world_free(queued);
}

/* Before the run, so that it is there when the run does not return. */
static void print_outline(uint64_t seed)
{
	struct world *world = world_new(seed, true);
	const struct swarm *swarm = &world->swarm;
	const struct host_config *config = &swarm->config;

	printf("seed %" PRIu64 ": %u pcpus, kernel %u.%u, %" PRIu64 " requests\n", seed,
	       config->nr_pcpus, config->kernel / 256, config->kernel % 256, swarm->nr_requests);
	for (uint32_t i = 0; i < swarm->nr_vms; i++)
		printf("  vm %u: %u vcpus, %s, %u list registers\n", i, swarm->vms[i].nr_vcpus,
		       swarm->vms[i].routes[ROUTE_IPI].ops->name,
		       swarm->vms[i].nr_list_registers);
	for (uint32_t i = 0; i < swarm->nr_workloads; i++)
		printf("  workload %u: vm %u, to %d, intid %u, process %d, count %" PRIu64 "\n", i,
		       swarm->workloads[i].vm_index, swarm->ipis[i].to.word, swarm->ipis[i].intid,
		       swarm->ipis[i].process, swarm->ipis[i].count);
	fflush(stdout);
	world_free(world);
}

int main(int argc, char **argv)
{
	uint64_t coverage[NR_COVERAGE] = { 0 };
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
	if (nr_seeds == 1)
		print_outline(first);
	for (uint64_t seed = first; seed < first + nr_seeds; seed++)
		run_seed(seed, coverage);
	printf("seeds %" PRIu64 " to %" PRIu64 "\n", first, first + nr_seeds - 1);
	for (int i = 0; i < NR_COVERAGE; i++) {
		printf("%10" PRIu64 "  %s\n", coverage[i], coverage_words[i]);
		missing |= coverage[i] == 0;
	}
	return all && missing;
}
