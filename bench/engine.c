/*
 * engine - three models on irqsim's engine, to be timed and counted: see bench.h for how to call.
 *
 * hold	PENDING events; each that fires is armed again, an exponential time of 1 us later
 * queue	one server, Poisson arrivals: mean service 1 us, load 0.9; source and server are
 *	paths
 * lock	64 clients, each alone on its pCPU: think for an exponential time of 1000 ns, take one
 *	lock, hold it for 200 ns; it is saturated: 200 ns of simulated time per acquisition
 *
 * Built with the very libraries of the program: assertions, fingerprint and the statistics of locks
 * are on, as in every run of it.
 */
#include "bench/bench.h"

#include "models/host.h"
#include "models/lock.h"
#include "models/pcpu.h"
#include "sim/arena.h"
#include "sim/path.h"
#include "sim/sim.h"

/* Facts of these models, for the fingerprint. */
enum { POINT_FIRED = 1, POINT_ARRIVED, POINT_SERVED };

static void stream_start(const struct sim *sim, struct stream *stream, const char *name)
{
	stream_init(stream, sim->seed, sim->replication, name);
}

static void print_fingerprint(const struct sim *sim)
{
	printf("fingerprint %016" PRIx64 "\n", sim->fingerprint);
}

/* --- hold ---------------------------------------------------------------------------------- */

/* At file scope, since an event knows nothing but itself: its memory is what is measured. */
static struct hold {
	struct sim *sim;
	struct dist delay;
	struct stream delays;
	struct meter meter;
} hold;

static void hold_fire(struct event *event)
{
	sim_trace(hold.sim, POINT_FIRED, 0, 0, hold.meter.nr_left);
	if (meter_count(&hold.meter))
		sim_stop(hold.sim);
	event_at(hold.sim, event, hold.sim->now_ps + dist_draw(&hold.delay, &hold.delays));
}

static void hold_run(struct sim *sim, uint64_t nr_pending, uint64_t nr_events)
{
	long before_kib = bench_peak_kib();
	uint64_t nr_warmup = 2 * nr_pending;
	struct event *events = ARENA_NEW_N(sim->arena, struct event, nr_pending);

	hold.sim = sim;
	hold.delay = dist_exponential(HOLD_MEAN_PS);
	stream_start(sim, &hold.delays, "hold");
	for (uint64_t i = 0; i < nr_pending; i++) {
		event_init(sim, &events[i], EVENT_TIMER, hold_fire);
		event_at(sim, &events[i], dist_draw(&hold.delay, &hold.delays));
	}
	meter_start(&hold.meter, nr_warmup, nr_events);
	sim_run(sim, PS_NEVER - 1);
	bench_print("hold", &hold.meter, sim->now_ps * nr_pending, nr_warmup + nr_events);
	bench_print_memory(before_kib, nr_pending);
}

/* --- queue --------------------------------------------------------------------------------- */

enum { QUEUE_PLACES = 1 << 16 };

struct queue {
	struct path source, server;
	struct dist gap, service;
	struct stream gaps, services;
	ps_t arrivals_ps[QUEUE_PLACES];		/* of those in the system, a ring */
	uint64_t nr_arrived, nr_served;
	ps_t total_ps;				/* that those who left have spent here */
	bool server_waits;
	struct meter meter;
};

struct queue_source {
	struct queue *queue;
};

struct queue_server {
	struct queue *queue;
};

static void queue_arrive(struct queue *queue, struct sim *sim)
{
	sim_assert(queue->nr_arrived - queue->nr_served < QUEUE_PLACES);
	sim_trace(sim, POINT_ARRIVED, 0, 0, queue->nr_arrived);
	queue->arrivals_ps[queue->nr_arrived++ % QUEUE_PLACES] = sim->now_ps;
	if (!queue->server_waits)
		return;
	queue->server_waits = false;
	path_wake(&queue->server, 0);
}

static void queue_leave(struct queue *queue, struct sim *sim)
{
	sim_trace(sim, POINT_SERVED, 0, 0, queue->nr_served);
	queue->total_ps += sim->now_ps - queue->arrivals_ps[queue->nr_served++ % QUEUE_PLACES];
	if (meter_count(&queue->meter))
		sim_stop(sim);
}

static enum flow queue_source_path(struct path *p, void *frame)
{
	struct queue_source *f = frame;
	struct queue *queue = f->queue;

	PATH_BEGIN(p);
	while (queue->nr_arrived < queue->meter.nr_units) {
		SPEND(dist_draw(&queue->gap, &queue->gaps));
		queue_arrive(queue, p->sim);
	}
	DONE(0);
	PATH_END(p);
}

static enum flow queue_server_path(struct path *p, void *frame)
{
	struct queue_server *f = frame;
	struct queue *queue = f->queue;

	PATH_BEGIN(p);
	for (;;) {
		while (queue->nr_arrived == queue->nr_served) {
			queue->server_waits = true;
			WAIT();
		}
		SPEND(dist_draw(&queue->service, &queue->services));
		queue_leave(queue, p->sim);
	}
	PATH_END(p);
}

static void queue_run(struct sim *sim, uint64_t nr_customers)
{
	struct queue *queue = ARENA_NEW(sim->arena, struct queue);

	queue->gap = dist_exponential(ARRIVAL_MEAN_PS);
	queue->service = dist_exponential(SERVICE_MEAN_PS);
	stream_start(sim, &queue->gaps, "gaps");
	stream_start(sim, &queue->services, "services");
	path_init(sim, &queue->source, NULL);
	path_init(sim, &queue->server, NULL);
	meter_start(&queue->meter, 0, nr_customers);
	PATH_START(&queue->source, queue_source, .queue = queue);
	PATH_START(&queue->server, queue_server, .queue = queue);
	sim_run(sim, PS_NEVER - 1);
	bench_print("queue", &queue->meter, queue->total_ps, nr_customers);
}

/* --- lock ---------------------------------------------------------------------------------- */

struct crowd {
	struct lock lock;
	struct dist think;
	struct meter meter;
};

struct client {
	struct context context;	/* first */
	struct crowd *crowd;
	struct stream thinks;
};

struct client_run {
	struct client *client;
};

static enum flow client_run_path(struct path *p, void *frame)
{
	struct client_run *f = frame;
	struct client *client = f->client;
	struct crowd *crowd = client->crowd;

	PATH_BEGIN(p);
	for (;;) {
		SPEND(dist_draw(&crowd->think, &client->thinks));
		LOCK(&crowd->lock);
		SPEND(LOCKED_PS);
		UNLOCK(&crowd->lock);
		if (meter_count(&crowd->meter))
			sim_stop(p->sim);
	}
	PATH_END(p);
}

/* All costs are 0: the lock is handed over in no time. */
static struct host *lock_new_host(struct sim *sim)
{
	struct host_config config = {
		.topology = { 1, 1, NR_CLIENTS, 1, LLC_SOCKET },
		.nr_pcpus = NR_CLIENTS,
		.kernel = KERNEL(6, 5),
		.costs = ARENA_NEW_N(sim->arena, struct cost_entry, NR_COSTS),
	};

	return host_new(sim, &config);
}

static void lock_add_client(struct crowd *crowd, struct host *host, unsigned int index)
{
	struct client *client = ARENA_NEW(host->arena, struct client);
	char name[32];

	snprintf(name, sizeof(name), "client%u", index);
	context_init(&client->context, host, CONTEXT_THREAD, name);
	client->crowd = crowd;
	stream_start(host->sim, &client->thinks, name);
	pcpu_push(&host->pcpus[index], &client->context);
	PATH_START(&client->context.path, client_run, .client = client);
}

static void lock_run(struct sim *sim, uint64_t nr_acquisitions)
{
	struct host *host = lock_new_host(sim);
	struct crowd *crowd = ARENA_NEW(sim->arena, struct crowd);

	crowd->think = dist_exponential(THINK_MEAN_PS);
	lock_init(&crowd->lock, lock_class_new(host, "bench", false));
	for (unsigned int i = 0; i < NR_CLIENTS; i++)
		lock_add_client(crowd, host, i);
	host_start(host);
	meter_start(&crowd->meter, 0, nr_acquisitions);
	sim_run(sim, PS_NEVER - 1);
	bench_print("lock", &crowd->meter, sim->now_ps, nr_acquisitions);
	host_close_window(host);
	printf("acquisitions %" PRIu64 " contended %" PRIu64 "\n",
	       crowd->lock.stats->nr_acquisitions, crowd->lock.stats->nr_contended);
}

int main(int argc, char **argv)
{
	uint64_t nr_pending, nr_units;
	struct arena *arena;
	struct sim *sim;

	if (!bench_arguments(argc, argv, &nr_pending, &nr_units))
		return 2;
	arena = arena_new(1 << 20);
	if (!arena)
		return 3;
	sim = sim_new(arena, "engine", 1, 0);
	if (strcmp(argv[1], "hold") == 0)
		hold_run(sim, nr_pending, nr_units);
	else if (strcmp(argv[1], "queue") == 0)
		queue_run(sim, nr_units);
	else
		lock_run(sim, nr_units);
	print_fingerprint(sim);
	arena_free(arena);
	return 0;
}
