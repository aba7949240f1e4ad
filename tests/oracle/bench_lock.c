/*
 * bench_lock - the lock model, for counting instructions: bench_lock ACQUISITIONS.
 *
 * 64 clients, each alone on its pCPU: think for an exponential time of 1000 ns, take one lock, hold
 * it for 200 ns. The lock is saturated, so an acquisition takes 200 ns of simulated time.
 * Statistics, assertions and fingerprint are on, as in every run of the program. Built with the
 * tests, run by run_lock_instructions.sh and tools/bench.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "models/host.h"
#include "models/lock.h"
#include "models/pcpu.h"
#include "sim/arena.h"
#include "sim/dist.h"
#include "sim/path.h"
#include "sim/rng.h"
#include "sim/sim.h"

enum { NR_CLIENTS = 64 };

struct bench {
	struct lock lock;
	struct dist think;
	uint64_t nr_left;
};

struct client {
	struct context context;	/* first */
	struct bench *bench;
	struct stream thinks;
};

struct client_run {
	struct client *client;
};

static enum flow client_run_path(struct path *p, void *frame)
{
	struct client_run *f = frame;
	struct client *client = f->client;
	struct bench *bench = client->bench;

	PATH_BEGIN(p);
	for (;;) {
		SPEND(dist_draw(&bench->think, &client->thinks));
		LOCK(&bench->lock);
		SPEND(200 * PS_PER_NS);
		UNLOCK(&bench->lock);
		if (--bench->nr_left == 0)
			sim_stop(p->sim);
	}
	PATH_END(p);
}

static struct host *bench_new_host(struct sim *sim)
{
	struct cost_entry *costs = ARENA_NEW_N(sim->arena, struct cost_entry, NR_COSTS);
	struct host_config config = {
		.topology = { 1, 1, NR_CLIENTS, 1, LLC_SOCKET },
		.nr_pcpus = NR_CLIENTS,
		.kernel = KERNEL(6, 5),
		.costs = costs,
	};

	for (int id = 0; id < NR_COSTS; id++)
		costs[id].dist = dist_constant(0);
	return host_new(sim, &config);
}

static void bench_add_client(struct bench *bench, struct host *host, unsigned int index)
{
	struct client *client = ARENA_NEW(host->arena, struct client);
	char name[32];

	snprintf(name, sizeof(name), "client%u", index);
	context_init(&client->context, host, CONTEXT_THREAD, name);
	client->bench = bench;
	stream_init(&client->thinks, host->sim->seed, host->sim->replication, name);
	pcpu_push(&host->pcpus[index], &client->context);
	PATH_START(&client->context.path, client_run, .client = client);
}

int main(int argc, char **argv)
{
	uint64_t nr_acquisitions = argc == 2 ? strtoull(argv[1], NULL, 10) : 0;
	struct arena *arena = arena_new(1 << 20);
	struct sim *sim;
	struct host *host;
	struct bench *bench;

	if (!arena || nr_acquisitions == 0) {
		fprintf(stderr, "usage: bench_lock ACQUISITIONS\n");
		return 2;
	}
	sim = sim_new(arena, "bench_lock", 1, 0);
	host = bench_new_host(sim);
	bench = ARENA_NEW(arena, struct bench);
	bench->think = dist_exponential(1000 * PS_PER_NS);
	bench->nr_left = nr_acquisitions;
	lock_init(&bench->lock, lock_class_new(host, "bench", false));
	for (unsigned int i = 0; i < NR_CLIENTS; i++)
		bench_add_client(bench, host, i);
	host_start(host);
	sim_run(sim, PS_NEVER - 1);
	host_close_window(host);
	printf("acquisitions %" PRIu64 " contended %" PRIu64 " simulated_ps %" PRIu64
	       " fingerprint %016" PRIx64 "\n", bench->lock.stats->nr_acquisitions,
	       bench->lock.stats->nr_contended, sim->now_ps, sim->fingerprint);
	arena_free(arena);
	return 0;
}
