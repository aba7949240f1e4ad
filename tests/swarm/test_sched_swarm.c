/*
 * Random hosts of threads that wake each other: no wake-up is lost, and nobody is in two places.
 *
 *	swarm-test_sched_swarm			the suite: NR_SEEDS seeds, and what they covered
 *	swarm-test_sched_swarm --seed N		one of them again
 *
 * A thread has a count of what it still has to do: everybody who wakes it adds one. The devices
 * stop, and then all counts are 0 and all threads asleep. Costs are random and of the order of what
 * they race with.
 */
#include <glib.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/host.h"
#include "models/pcpu.h"
#include "models/points.h"
#include "models/sched.h"
#include "sim/arena.h"
#include "sim/dist.h"
#include "sim/rng.h"
#include "sim/sim.h"

enum { NR_SEEDS = 4000, MOST_THREADS = 12, MOST_PCPUS = 8, NR_RAISED = 60 };

enum coverage {
	COVER_MIGRATED,
	COVER_PREEMPTED,
	COVER_IPI_RESCHEDULE,
	COVER_IPI_WAKE_LIST,
	COVER_POLLED_OUT,	/* an idle pCPU left its state without an interrupt */
	COVER_TICK,
	COVER_WOKEN_BEFORE_SLEEP,	/* a wake-up of a thread on its queue */
	NR_COVERAGE
};

static const char *const coverage_names[NR_COVERAGE] = {
	"migrated", "preempted", "reschedule IPI", "wake list IPI", "polled out of idle", "tick",
	"woken before it slept",
};

struct swarm {
	struct trace_sink sink;		/* first */
	struct arena *arena;
	struct sim *sim;
	struct host *host;
	struct cost_entry costs[NR_COSTS];
	struct stream stream;
	struct doer *doers;
	uint32_t nr_doers;
	uint32_t nr_raised;
	uint64_t nr_due, nr_done;	/* over all doers */
	ps_t irq_ps;			/* when a pCPU was interrupted last, if it was now */
	uint64_t covered[NR_COVERAGE];
};

struct doer {
	struct thread thread;		/* first */
	struct swarm *swarm;
	uint32_t due;
};

struct raiser {
	struct event event;		/* first */
	struct device_irq device;
	struct swarm *swarm;
	struct pcpu *pcpu;
};

static uint32_t pick(struct swarm *swarm, uint32_t below)
{
	return (uint32_t)(stream_u64(&swarm->stream) % below);
}

/* A time up to about 2^most ps, small ones as likely as large ones. */
static ps_t pick_ps(struct swarm *swarm, uint32_t most)
{
	return pick(swarm, 1u << pick(swarm, most + 1));
}

/* Frame: one more thing to do for a doer, from a thread or a hardirq. */
struct add {
	struct swarm *swarm;
	struct doer *doer;
	bool queued;
};

static enum flow add_path(struct path *p, void *frame)
{
	struct add *f = frame;

	PATH_BEGIN(p);
	f->doer->due++;
	f->swarm->nr_due++;
	f->queued = f->doer->thread.se.on_rq;
	CALL(sched_wake, .thread = &f->doer->thread);
	f->swarm->covered[COVER_WOKEN_BEFORE_SLEEP] += f->queued && p->ret;
	DONE(0);
	PATH_END(p);
}

struct do_run {
	struct doer *doer;
};

static enum flow do_run_path(struct path *p, void *frame)
{
	struct do_run *f = frame;
	struct doer *doer = f->doer;
	struct swarm *swarm = doer->swarm;

	PATH_BEGIN(p);
	for (;;) {
		for (;;) {
			thread_prepare_sleep(&doer->thread);
			if (doer->due)
				break;
			SPEND(pick_ps(swarm, 12));	/* what it does on its way to sleep */
			SCHEDULE();
		}
		thread_cancel_sleep(&doer->thread);
		doer->due--;
		swarm->nr_done++;
		SPEND(pick_ps(swarm, 18));
		IRQ_OFF(p);
		SPEND(pick_ps(swarm, 12));
		IRQ_ON(p);
		if (pick(swarm, 3) == 0)
			CALL(add, .swarm = swarm,
			     .doer = &swarm->doers[pick(swarm, swarm->nr_doers)]);
	}
	PATH_END(p);
}

static enum flow raiser_path(struct path *p, void *frame)
{
	struct device_handler *f = frame;
	struct raiser *raiser = f->device;

	PATH_BEGIN(p);
	SPEND(pick_ps(raiser->swarm, 12));
	CALL(add, .swarm = raiser->swarm,
	     .doer = &raiser->swarm->doers[pick(raiser->swarm, raiser->swarm->nr_doers)]);
	DONE(0);
	PATH_END(p);
}

static void raiser_fires(struct event *event)
{
	struct raiser *raiser = (struct raiser *)event;
	struct swarm *swarm = raiser->swarm;

	if (swarm->nr_raised++ >= NR_RAISED)
		return;
	pcpu_raise_device(raiser->pcpu, &raiser->device);
	event_at(swarm->sim, event, swarm->sim->now_ps + 1 + pick_ps(swarm, 19));
}

static void swarm_record(struct trace_sink *sink, const struct trace_record *record)
{
	struct swarm *swarm = (struct swarm *)sink;

	if (record->point == POINT_MIGRATE)
		swarm->covered[COVER_MIGRATED]++;
	if (record->point == POINT_SWITCH && record->whom &&
	    swarm->doers[record->whom - 1].thread.se.on_rq)
		swarm->covered[COVER_PREEMPTED]++;
	if (record->point == POINT_IPI && record->whom == PCPU_IRQ_RESCHEDULE)
		swarm->covered[COVER_IPI_RESCHEDULE]++;
	if (record->point == POINT_IPI && record->whom == PCPU_IRQ_CALL_FUNCTION)
		swarm->covered[COVER_IPI_WAKE_LIST]++;
	if (record->point == POINT_IPI && record->whom == PCPU_IRQ_TICK)
		swarm->covered[COVER_TICK]++;
	if (record->point == POINT_IDLE_END && !swarm->host->pcpus[record->who].latched)
		swarm->covered[COVER_POLLED_OUT]++;
}

static struct host *swarm_host(struct swarm *swarm)
{
	static const uint32_t kernels[] = {
		KERNEL(5, 4), KERNEL(5, 15), KERNEL(6, 5), KERNEL(6, 8), KERNEL(6, 18),
	};
	struct host_config config = {
		.topology = { 1 + pick(swarm, 2), 1 + pick(swarm, 2), 1, 1 + pick(swarm, 2),
			      (int)pick(swarm, 3) },
		.kernel = kernels[pick(swarm, G_N_ELEMENTS(kernels))],
		.arch = (enum arch)pick(swarm, 2),
		.costs = swarm->costs,
		.idle = { .nr_states = pick(swarm, 3), .enabled = 3 },
		.smt_slowdown_ppm = pick(swarm, 2) ? 1600000 : 0,
		.tick_ps = 20000 + pick_ps(swarm, 18),
		.stop_interrupts = UINT64_MAX,
	};
	ps_t slice_ps = 1 + pick_ps(swarm, 18);

	config.nr_pcpus = (uint32_t)topology_nr_pcpus(&config.topology);
	for (uint32_t i = 0; i < config.idle.nr_states; i++) {
		config.idle.states[i].polling = pick(swarm, 2);
		config.idle.states[i].exit_latency_ps = pick_ps(swarm, 14);
		config.idle.states[i].target_residency_ps = i * 100000;
	}
	config.fair = (struct fair_params){
		.eevdf = kernel_has(config.kernel, KERNEL_EEVDF),
		.latency_ps = 4 * slice_ps,
		.min_granularity_ps = slice_ps,
		.wakeup_granularity_ps = pick_ps(swarm, 16),
		.slice_ps = slice_ps,
	};
	for (int id = 0; id < NR_COSTS; id++)
		swarm->costs[id].dist = dist_constant(pick_ps(swarm, 12));
	return host_new(swarm->sim, &config);
}

static void swarm_add_doers(struct swarm *swarm)
{
	struct host *host = swarm->host;

	swarm->nr_doers = 1 + pick(swarm, MOST_THREADS);
	swarm->doers = ARENA_NEW_N(swarm->arena, struct doer, swarm->nr_doers);
	for (uint32_t i = 0; i < swarm->nr_doers; i++) {
		struct doer *doer = &swarm->doers[i];
		struct pcpu *home = &host->pcpus[pick(swarm, host->nr_pcpus)];

		doer->swarm = swarm;
		thread_init(&doer->thread, host, "doer", pick(swarm, 3) ? NULL : home, NULL);
		THREAD_PATH(&doer->thread, do_run, .doer = doer);
		thread_start(&doer->thread, home);
	}
}

static void swarm_add_raisers(struct swarm *swarm)
{
	for (uint32_t i = 0; i < swarm->host->nr_pcpus; i++) {
		struct raiser *raiser = ARENA_NEW(swarm->arena, struct raiser);

		raiser->swarm = swarm;
		raiser->pcpu = &swarm->host->pcpus[i];
		raiser->device.handler = raiser_path;
		raiser->device.device = raiser;
		event_init(swarm->sim, &raiser->event, EVENT_ARRIVAL, raiser_fires);
		event_at(swarm->sim, &raiser->event, 1 + pick_ps(swarm, 19));
	}
}

#define CHECK(swarm, condition)							\
	do {									\
		if (!(condition)) {						\
			fprintf(stderr, "seed %" PRIu64 ": %s\n",		\
				(swarm)->sim->seed, #condition);		\
			abort();						\
		}								\
	} while (0)

/* All is done, everybody sleeps, and every pCPU is idle. */
static void swarm_check_drained(const struct swarm *swarm)
{
	const struct host *host = swarm->host;

	for (uint32_t i = 0; i < swarm->nr_doers; i++) {
		CHECK(swarm, swarm->doers[i].due == 0);
		CHECK(swarm, swarm->doers[i].thread.state == THREAD_SLEEPING);
	}
	for (uint32_t i = 0; i < host->nr_pcpus; i++)
		CHECK(swarm, !host->pcpus[i].top);
	CHECK(swarm, event_queue_next(&swarm->sim->queue)->time_ps == PS_NEVER);
	CHECK(swarm, host->nr_floating_queued == 0);
	CHECK(swarm, swarm->nr_due == swarm->nr_done && swarm->nr_done > 0);
}

static void swarm_run(uint64_t seed, uint64_t covered[NR_COVERAGE])
{
	struct swarm *swarm = g_new0(struct swarm, 1);

	swarm->arena = arena_new(1 << 18);
	swarm->sim = sim_new(swarm->arena, "sched-swarm", seed, 0);
	stream_init(&swarm->stream, seed, 0, "swarm");
	swarm->host = swarm_host(swarm);
	swarm->sink.record = swarm_record;
	swarm->sim->sink = &swarm->sink;
	swarm_add_doers(swarm);
	swarm_add_raisers(swarm);
	host_start(swarm->host);
	for (ps_t now_ps = 0; now_ps < 100 * PS_PER_US; now_ps += 100000) {
		sim_run(swarm->sim, now_ps);
		sched_check(swarm->host);
	}
	sim_run(swarm->sim, PS_PER_MS);
	swarm_check_drained(swarm);
	host_close_window(swarm->host);
	host_check(swarm->host);
	for (int i = 0; i < NR_COVERAGE; i++)
		covered[i] += swarm->covered[i];
	arena_free(swarm->arena);
	g_free(swarm);
}

int main(int argc, char **argv)
{
	uint64_t covered[NR_COVERAGE] = { 0 };

	if (argc == 3 && strcmp(argv[1], "--seed") == 0) {
		swarm_run(strtoull(argv[2], NULL, 10), covered);
		return 0;
	}
	for (uint64_t seed = 1; seed <= NR_SEEDS; seed++)
		swarm_run(seed, covered);
	for (int i = 0; i < NR_COVERAGE; i++) {
		printf("%s: %" PRIu64 "\n", coverage_names[i], covered[i]);
		g_assert_cmpuint(covered[i], >, 100);
	}
	return 0;
}
