/*
 * compute - the threads, and the timer that wakes one.
 *
 * Follows: hrtimer_nanosleep(): do_nanosleep(), hrtimer_wakeup()  (Linux v5.4-v6.18)
 * Leaves out: what the work touches: caches, memory bandwidth, system calls.
 */
#include "models/workload/compute.h"

#include <stddef.h>
#include <stdio.h>

#include "models/host.h"
#include "models/hrtimer.h"
#include "models/workload/threads.h"
#include "sim/arena.h"
#include "sim/rng.h"

/* Lives in the run's arena. */
struct computer {
	struct thread thread;		/* first */
	struct dist work, sleep;
	struct stream draws;
	ps_t start_ps;			/* it begins within one cycle */
	uint64_t nr_left;		/* pieces; UINT64_MAX: no end */
	struct hrtimer timer;
	bool expired;
};

static enum flow computer_expired_path(struct path *p, void *frame)
{
	struct device_handler *f = frame;
	struct computer *computer = f->device;

	PATH_BEGIN(p);
	SPEND(COST(p, C_TIMER_IRQ));
	computer->expired = true;
	CALL(sched_wake, .thread = &computer->thread);
	DONE(0);
	PATH_END(p);
}

/* nanosleep(). */
struct computer_sleep {
	struct computer *computer;
	ps_t sleep_ps;
};

static enum flow computer_sleep_path(struct path *p, void *frame)
{
	struct computer_sleep *f = frame;
	struct computer *computer = f->computer;

	PATH_BEGIN(p);
	computer->expired = false;
	hrtimer_start(&computer->timer, computer->thread.pcpu, p->sim->now_ps + f->sleep_ps);
	for (;;) {
		thread_prepare_sleep(&computer->thread);
		if (computer->expired)
			break;
		SCHEDULE();
	}
	thread_cancel_sleep(&computer->thread);
	DONE(0);
	PATH_END(p);
}

struct computer_run {
	struct computer *computer;
	ps_t sleep_ps;
};

static enum flow computer_run_path(struct path *p, void *frame)
{
	struct computer_run *f = frame;
	struct computer *computer = f->computer;

	PATH_BEGIN(p);
	if (computer->start_ps)
		CALL(computer_sleep, .computer = computer, .sleep_ps = computer->start_ps);
	for (; computer->nr_left; computer->nr_left--) {
		SPEND(dist_draw(&computer->work, &computer->draws));
		f->sleep_ps = dist_draw(&computer->sleep, &computer->draws);
		if (f->sleep_ps)
			CALL(computer_sleep, .computer = computer, .sleep_ps = f->sleep_ps);
	}
	THREAD_END();
	PATH_END(p);
}

/* Threads that sleep begin asleep, anywhere in a cycle; those that never sleep at once. */
static ps_t computer_start_ps(struct computer *computer, const struct compute_params *params)
{
	struct dist cycle = dist_uniform(0, params->work_ps + params->sleep_ps);

	return params->sleep_ps ? dist_draw(&cycle, &computer->draws) : 0;
}

static void computer_new(struct host *host, const struct workload_config *config, uint32_t index)
{
	const struct compute_params *params = config->params;
	struct computer *computer = ARENA_NEW(host->arena, struct computer);
	struct pcpu *home = threads_init(&computer->thread, host, config, &params->pin, index);
	char name[FIELD_NAME_MAX + 32];

	computer->work = threads_dist(params->work_ps, params->work_draw);
	computer->sleep = threads_dist(params->sleep_ps, params->sleep_draw);
	computer->nr_left = params->count ? params->count : UINT64_MAX;
	snprintf(name, sizeof(name), "%s/thread%u/work", config->name, (unsigned int)index);
	stream_init(&computer->draws, host->sim->seed, host->sim->replication, name);
	computer->start_ps = computer_start_ps(computer, params);
	hrtimer_init(&computer->timer, host, computer_expired_path, computer);
	THREAD_PATH(&computer->thread, computer_run, .computer = computer);
	thread_start(&computer->thread, home);
}

static void compute_build(struct host *host, struct vm *vm, const struct workload_config *config)
{
	const struct compute_params *params = config->params;

	(void)vm;
	for (uint32_t i = 0; i < params->nr_threads; i++)
		computer_new(host, config, i);
}

static const struct field compute_fields[] = {
	{ "threads", FIELD_U32, offsetof(struct compute_params, nr_threads), 1, THREADS_MAX, "1",
	  NULL, "threads of the host", NULL },
	{ "pin", FIELD_IDS, offsetof(struct compute_params, pin), 0, UINT32_MAX, "\"float\"",
	  threads_pin_words, THREADS_PIN_HELP, NULL },
	{ "work", FIELD_DURATION, offsetof(struct compute_params, work_ps), PS_PER_NS, PS_PER_S,
	  "\"1ms\"", NULL, "a thread computes that long, then it sleeps", NULL },
	{ "work_draw", FIELD_WORD, offsetof(struct compute_params, work_draw), 0, 0,
	  "\"exponential\"", threads_draw_words,
	  "whether that is always the same, or the mean of an exponential distribution", NULL },
	{ "sleep", FIELD_DURATION, offsetof(struct compute_params, sleep_ps), 0, PS_PER_S,
	  "\"0ns\"", NULL, "a thread sleeps that long; 0: it never does", NULL },
	{ "sleep_draw", FIELD_WORD, offsetof(struct compute_params, sleep_draw), 0, 0,
	  "\"exponential\"", threads_draw_words, "the same as work_draw", NULL },
	{ "count", FIELD_U64, offsetof(struct compute_params, count), 0, UINT64_C(1000000000),
	  "0", NULL, "pieces of work per thread, after which it ends; 0: no end", NULL },
};

static FIELD_TABLE(compute_table, "workload compute", struct compute_params,
		   "threads of the host that compute", compute_fields);

const struct workload_ops workload_compute = {
	.name    = "compute",
	.summary = "threads of the host that compute, and sleep in between",
	.archs   = ON_ALL,
	.scope   = WORKLOAD_HOST,
	.class   = NR_ROUTE_CLASSES,
	.params  = &compute_table,
	.build   = compute_build,
};
