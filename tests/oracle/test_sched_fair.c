/*
 * The scheduler against its rules: equal shares, and how long a thread that wakes up waits behind
 * one that computes. All costs are 0.
 */
#include <glib.h>
#include <math.h>

#include "models/pcpu.h"
#include "sim/dist.h"
#include "sim/path.h"
#include "sim/rng.h"
#include "tests/support/sched_host.h"

/* --- shares ---------------------------------------------------------------------------------- */

struct compute {
	uint32_t unused;
};

static enum flow compute_path(struct path *p, void *frame)
{
	(void)frame;
	PATH_BEGIN(p);
	for (;;)
		SPEND(PS_PER_S);
	PATH_END(p);
}

struct share_case {
	const char *name;
	uint32_t kernel;
	uint32_t nr_threads;
	ps_t tick_ps;
	ps_t turn_ps;		/* the slice, brought up to a tick */
};

/*
 * One pCPU: CFS has a period of 6 ms, and gives way when more than a slice has been used up; EEVDF
 * has slices of 0.75 ms.
 */
static const struct share_case share_cases[] = {
	{ "share/cfs-2", KERNEL(6, 5), 2, 4 * PS_PER_MS, 4 * PS_PER_MS },
	{ "share/cfs-2-hz1000", KERNEL(6, 5), 2, PS_PER_MS, 4 * PS_PER_MS },
	{ "share/cfs-3-hz1000", KERNEL(5, 4), 3, PS_PER_MS, 3 * PS_PER_MS },
	{ "share/eevdf-2", KERNEL(6, 6), 2, 4 * PS_PER_MS, 4 * PS_PER_MS },
	{ "share/eevdf-3", KERNEL(6, 18), 3, 4 * PS_PER_MS, 4 * PS_PER_MS },
	{ "share/eevdf-3-hz1000", KERNEL(6, 12), 3, PS_PER_MS, PS_PER_MS },
};

static ps_t spread(const struct host *host)
{
	ps_t least_ps = PS_NEVER, most_ps = 0;

	for (const struct thread *t = host->threads; t; t = t->next) {
		least_ps = MIN(least_ps, t->se.sum_exec_ps);
		most_ps = MAX(most_ps, t->se.sum_exec_ps);
	}
	return most_ps - least_ps;
}

/* Over a second nobody is ever more than a turn ahead of another one, and they take turns. */
static void test_share(gconstpointer data)
{
	const struct share_case *c = data;
	struct arena *arena = arena_new(1 << 16);
	struct sim *sim = sim_new(arena, "share", 1, 0);
	struct host *host = sched_host(sim, 1, c->kernel, 0);
	ps_t most_ps = 0, sum_ps = 0;

	host->config.tick_ps = c->tick_ps;
	for (uint32_t i = 0; i < c->nr_threads; i++) {
		struct thread *thread = ARENA_NEW(arena, struct thread);

		thread_init(thread, host, "hog", &host->pcpus[0], NULL);
		THREAD_PATH(thread, compute, 0);
		thread_start(thread, &host->pcpus[0]);
	}
	for (ps_t now_ps = 0; now_ps <= PS_PER_S; now_ps += PS_PER_MS / 2) {
		sim_run(sim, now_ps);
		fair_update_current(&host->pcpus[0].rq->fair, now_ps);
		most_ps = MAX(most_ps, spread(host));
	}
	for (struct thread *t = host->threads; t; t = t->next)
		sum_ps += t->se.sum_exec_ps;
	g_assert_cmpuint(sum_ps, ==, PS_PER_S);
	g_assert_cmpuint(most_ps, ==, c->turn_ps);
	g_assert_cmpuint(host->pcpus[0].rq->nr_switches, >=, PS_PER_S / c->turn_ps - 1);
	arena_free(arena);
}

/* --- waiting behind a computing thread -------------------------------------------------------- */

enum { NR_WAKES = 4000, RUN_PS = 500000003 };	/* 0.5 ms, less than a slice */

/* A thread that computes RUN_PS each time it is woken, and the thread that computes always. */
struct behind {
	struct thread sleeper, hog;
	struct host *host;
	struct event wake;
	struct device_irq device;
	struct dist sleep;
	struct stream sleeps;
	ps_t woken_ps;
	bool woken;
	uint32_t nr_wakes;
	ps_t waits_ps[NR_WAKES], wakes_ps[NR_WAKES];
};

struct sleeper {
	struct behind *behind;
};

static void sleeper_set_alarm(struct behind *behind)
{
	event_at(behind->host->sim, &behind->wake,
		 behind->host->sim->now_ps + dist_draw(&behind->sleep, &behind->sleeps));
}

static enum flow sleeper_path(struct path *p, void *frame)
{
	struct sleeper *f = frame;
	struct behind *behind = f->behind;

	PATH_BEGIN(p);
	for (behind->nr_wakes = 0; behind->nr_wakes < NR_WAKES; behind->nr_wakes++) {
		sleeper_set_alarm(behind);
		for (;;) {
			thread_prepare_sleep(&behind->sleeper);
			if (behind->woken)
				break;
			SCHEDULE();
		}
		thread_cancel_sleep(&behind->sleeper);
		behind->woken = false;
		behind->wakes_ps[behind->nr_wakes] = behind->woken_ps;
		behind->waits_ps[behind->nr_wakes] = p->sim->now_ps - behind->woken_ps;
		SPEND(RUN_PS);
	}
	sim_stop(p->sim);
	SPEND(PS_PER_S);
	DONE(0);
	PATH_END(p);
}

static enum flow behind_handler_path(struct path *p, void *frame)
{
	struct device_handler *f = frame;
	struct behind *behind = f->device;

	PATH_BEGIN(p);
	behind->woken = true;
	behind->woken_ps = p->sim->now_ps;
	CALL(sched_wake, .thread = &behind->sleeper);
	DONE(0);
	PATH_END(p);
}

static void behind_alarm(struct event *event)
{
	struct behind *behind =
		(struct behind *)(void *)((char *)event - G_STRUCT_OFFSET(struct behind, wake));

	pcpu_raise_device(&behind->host->pcpus[0], &behind->device);
}

/* The sleeper sleeps 1 ms to most_ms, all alike. Everything is in the arena. */
static struct behind *behind_run(struct arena *arena, uint32_t kernel, ps_t granularity_ps,
				 uint64_t most_ms)
{
	struct behind *behind = ARENA_NEW(arena, struct behind);
	struct sim *sim = sim_new(arena, "behind", 1, 0);
	struct pcpu *pcpu;

	behind->host = sched_host(sim, 1, kernel, 0);
	if (granularity_ps)
		behind->host->config.fair.wakeup_granularity_ps = granularity_ps;
	pcpu = &behind->host->pcpus[0];
	behind->sleep = dist_uniform(PS_PER_MS, most_ms * PS_PER_MS);
	stream_init(&behind->sleeps, 1, 0, "sleeps");
	event_init(sim, &behind->wake, EVENT_ARRIVAL, behind_alarm);
	behind->device.handler = behind_handler_path;
	behind->device.device = behind;
	thread_init(&behind->sleeper, behind->host, "sleeper", pcpu, NULL);
	THREAD_PATH(&behind->sleeper, sleeper, .behind = behind);
	thread_start(&behind->sleeper, pcpu);
	thread_init(&behind->hog, behind->host, "hog", pcpu, NULL);
	THREAD_PATH(&behind->hog, compute, 0);
	thread_start(&behind->hog, pcpu);
	sim_run(sim, 1000 * PS_PER_S);
	g_assert_cmpuint(behind->nr_wakes, ==, NR_WAKES);
	return behind;
}

/* The first tick at or after this time. */
static ps_t tick_from(ps_t time_ps)
{
	const ps_t tick_ps = SCHED_TICK_PS;

	return (time_ps + tick_ps - 1) / tick_ps * tick_ps;
}

/*
 * The sum of n uniform phases of a tick is normal: within three standard errors of what is
 * expected, and not so for a phase 6 % longer.
 */
static void check_uniform(double sum_ps, double nr, double least_ps)
{
	const double tick_ps = (double)SCHED_TICK_PS;
	double error_ps = tick_ps / sqrt(12 * nr), mean_ps = sum_ps / nr - least_ps;

	g_test_message("mean phase %.4f of a tick, error %.4f, of %.0f", mean_ps / tick_ps,
		       error_ps / tick_ps, nr);
	g_assert_cmpfloat(fabs(mean_ps - tick_ps / 2), <=, 3 * error_ps);
	g_assert_cmpfloat(3 * error_ps, <=, 0.06 * tick_ps);
}

/* CFS: who has slept is 3 ms behind the hog, or at least 1 ms: it does not wait. */
static void test_behind_cfs(void)
{
	struct arena *arena = arena_new(1 << 20);
	struct behind *behind = behind_run(arena, KERNEL(6, 5), 0, 9);

	for (uint32_t i = 0; i < NR_WAKES; i++)
		g_assert_cmpuint(behind->waits_ps[i], ==, 0);
	arena_free(arena);
}

/*
 * CFS without wake-up preemption: it waits for the first tick at which the hog has run more than a
 * slice (3 ms for two) since it was picked, which is when the sleeper went to sleep. After the
 * sleeps of 3 to 11 ms, two ticks, the phase is uniform.
 */
static void test_behind_cfs_slice(void)
{
	struct arena *arena = arena_new(1 << 20);
	struct behind *behind = behind_run(arena, KERNEL(6, 5), PS_PER_S, 11);
	ps_t picked_ps = 0;
	double sum_ps = 0, nr = 0;

	for (uint32_t i = 0; i < NR_WAKES; i++) {
		ps_t woken_ps = behind->wakes_ps[i], slice_ps = 3 * PS_PER_MS;
		ps_t from_ps = MAX(woken_ps, picked_ps + slice_ps + 1);

		g_assert_cmpuint(woken_ps + behind->waits_ps[i], ==, tick_from(from_ps));
		if (woken_ps == from_ps) {
			sum_ps += (double)behind->waits_ps[i];
			nr++;
		}
		picked_ps = woken_ps + behind->waits_ps[i] + RUN_PS;
	}
	g_assert_cmpfloat(nr, >, 0.5 * NR_WAKES);
	check_uniform(sum_ps, nr, 0);
	arena_free(arena);
}

/*
 * EEVDF: the hog's request began anew at the wake-up, so it has its turn until the first tick a
 * slice (0.75 ms) later, unless the sleeper is owed time: then its deadline is earlier, and it does
 * not wait. What it is owed, its lag: joining keeps it, running for t among two costs it t / 2,
 * waiting for t gains it t / 2.
 */
static void test_behind_eevdf(void)
{
	struct arena *arena = arena_new(1 << 20);
	struct behind *behind = behind_run(arena, KERNEL(6, 6), 0, 9);
	const ps_t slice_ps = 750 * PS_PER_US;
	double lag_ps = 0, sum_ps = 0, nr = 0;

	for (uint32_t i = 0; i < NR_WAKES; i++) {
		ps_t woken_ps = behind->wakes_ps[i];
		ps_t wait_ps = lag_ps >= 0 ? 0 : tick_from(woken_ps + slice_ps) - woken_ps;

		/* The model's integers lose less than two picoseconds a time. */
		if (i > 0)
			g_assert_cmpfloat(fabs(lag_ps), >, 2 * NR_WAKES);
		g_assert_cmpuint(behind->waits_ps[i], ==, wait_ps);
		if (wait_ps) {
			sum_ps += (double)wait_ps;
			nr++;
		}
		lag_ps += ((double)wait_ps - RUN_PS) / 2;
	}
	g_assert_cmpfloat(nr, >, 0.1 * NR_WAKES);
	check_uniform(sum_ps, nr, (double)slice_ps);
	arena_free(arena);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(share_cases); i++) {
		char *path = g_strdup_printf("/oracle/sched/%s", share_cases[i].name);

		g_test_add_data_func(path, &share_cases[i], test_share);
		g_free(path);
	}
	g_test_add_func("/oracle/sched/behind-cfs", test_behind_cfs);
	g_test_add_func("/oracle/sched/behind-cfs-slice", test_behind_cfs_slice);
	g_test_add_func("/oracle/sched/behind-eevdf", test_behind_eevdf);
	return g_test_run();
}
