/*
 * test_sched_fair - what holds for CFS and for EEVDF: shares, the queue, what sleeping is worth.
 */
#include "sim/rng.h"
#include "tests/support/fair_box.h"

static void test_defaults(void)
{
	static const struct {
		uint32_t kernel, nr_pcpus;
		bool eevdf, pick_buddy;
		ps_t latency_ps, min_ps, wakeup_ps, slice_us;
	} cases[] = {
		{ KERNEL(5, 4), 1, false, false, MS(6), MS(3) / 4, MS(1), 750 },
		{ KERNEL(5, 4), 2, false, false, MS(12), MS(3) / 2, MS(2), 1500 },
		{ KERNEL(5, 4), 3, false, false, MS(12), MS(3) / 2, MS(2), 1500 },
		{ KERNEL(5, 4), 7, false, false, MS(18), MS(9) / 4, MS(3), 2250 },
		{ KERNEL(6, 5), 8, false, false, MS(24), MS(3), MS(4), 3000 },
		{ KERNEL(6, 6), 80, true, false, MS(24), MS(3), MS(4), 3000 },
		{ KERNEL(6, 14), 8, true, true, MS(24), MS(3), MS(4), 3000 },
		{ KERNEL(6, 15), 8, true, true, MS(24), MS(3), MS(4), 2800 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct fair_params params = fair_params_default(cases[i].kernel, cases[i].nr_pcpus);

		g_assert_cmpint(params.eevdf, ==, cases[i].eevdf);
		g_assert_cmpint(params.pick_buddy, ==, cases[i].pick_buddy);
		g_assert_cmpuint(params.latency_ps, ==, cases[i].latency_ps);
		g_assert_cmpuint(params.min_granularity_ps, ==, cases[i].min_ps);
		g_assert_cmpuint(params.wakeup_granularity_ps, ==, cases[i].wakeup_ps);
		g_assert_cmpuint(params.slice_ps, ==, cases[i].slice_us * PS_PER_US);
	}
}

/* Who runs in each of the first ticks of 4 ms. */
static void assert_ticks(uint32_t kernel, const char *expected)
{
	struct box box;

	box_init(&box, kernel);
	box_add(&box, 0, 0);
	box_add(&box, 1, 0);
	box_assert_picks(&box, 0, 0);
	for (ps_t now_ps = MS(4); *expected; now_ps += MS(4), expected++) {
		g_assert_true(box.rq.current == &box.se[*expected - 'a']);
		if (fair_tick(&box.rq, now_ps))
			fair_pick_next(&box.rq, now_ps);
	}
}

/*
 * CFS: slices are 24 ms / 2. At 12 ms the slice is not exceeded yet, at 16 ms it is; after 16 ms
 * each, both are equal, and the one that waits goes first. EEVDF: at each tick the request of 3 ms
 * is used up; the one that ran is ahead of the mean, or as far as the other, whose deadline is not
 * later than its own.
 */
static void test_two_by_tick(void)
{
	assert_ticks(CFS, "aaaabbbbaaaabbbb");
	assert_ticks(EEVDF, "abababab");
}

/* The request of one that is alone is renewed without a reschedule. */
static void test_alone(void)
{
	struct box box;

	for (int i = 0; i < 2; i++) {
		box_init(&box, i ? EEVDF : CFS);
		g_assert_null(fair_pick_next(&box.rq, 0));
		box_add(&box, 0, 0);
		box_assert_picks(&box, 0, 0);
		for (ps_t now_ps = 0; now_ps < MS(100); now_ps += MS(4))
			g_assert_false(fair_tick(&box.rq, now_ps));
		g_assert_cmpuint(box.se[0].sum_exec_ps, ==, MS(96));
	}
}

/* Hogs never differ by more than a slice and the tick that finds it used up. */
static void assert_hogs_share(uint32_t kernel, int nr, ps_t tick_ps)
{
	struct box box;
	ps_t bound_ps;

	box_init(&box, kernel);
	bound_ps = (box.params.eevdf ? MS(3) : MS(24) / (ps_t)nr) + tick_ps;
	for (int i = 0; i < nr; i++)
		box_add(&box, i, 0);
	fair_pick_next(&box.rq, 0);
	for (ps_t now_ps = tick_ps; now_ps <= PS_PER_S; now_ps += tick_ps) {
		ps_t least_ps = PS_NEVER, most_ps = 0, sum_ps = 0;

		if (fair_tick(&box.rq, now_ps))
			fair_pick_next(&box.rq, now_ps);
		for (int i = 0; i < nr; i++) {
			least_ps = MIN(least_ps, box.se[i].sum_exec_ps);
			most_ps = MAX(most_ps, box.se[i].sum_exec_ps);
			sum_ps += box.se[i].sum_exec_ps;
		}
		g_assert_cmpuint(sum_ps, ==, now_ps);
		g_assert_cmpuint(most_ps - least_ps, <=, bound_ps);
	}
}

static void test_hogs(void)
{
	static const ps_t ticks_ps[] = { MS(1), MS(4), MS(10), 2500 * PS_PER_US };

	for (size_t i = 0; i < G_N_ELEMENTS(ticks_ps); i++) {
		for (int nr = 2; nr <= 4; nr++) {
			assert_hogs_share(CFS, nr, ticks_ps[i]);
			assert_hogs_share(EEVDF, nr, ticks_ps[i]);
		}
	}
}

/* A new one begins a slice late under CFS, with half a slice under EEVDF. */
static void test_fork(void)
{
	struct box box;

	box_init(&box, CFS);
	fair_enqueue(&box.rq, &box.se[0], false, 0);
	box_assert_picks(&box, 0, 0);
	fair_enqueue(&box.rq, &box.se[1], false, 0);
	g_assert_cmpuint(box.se[1].vruntime_ps - box.se[0].vruntime_ps, ==, MS(12));

	box_init(&box, EEVDF);
	fair_enqueue(&box.rq, &box.se[0], false, 0);
	box_assert_picks(&box, 0, 0);
	fair_enqueue(&box.rq, &box.se[1], false, MS(1));
	g_assert_cmpuint(box.se[1].vruntime_ps, ==, MS(1));
	g_assert_cmpuint(box.se[1].deadline_ps, ==, MS(5) / 2);
}

/* Two that wake each other by turns, 1 ms each: never both runnable for long, equal in the end. */
static void test_ping_pong(void)
{
	struct box box;
	ps_t now_ps = 0;

	for (int k = 0; k < 2; k++, now_ps = 0) {
		box_init(&box, k ? EEVDF : CFS);
		box_add(&box, 0, 0);
		box_add(&box, 1, 0);
		box_assert_picks(&box, 0, 0);
		fair_dequeue(&box.rq, &box.se[1], true, 0);
		for (int turn = 0; turn < 1000; turn++) {
			now_ps += MS(1);
			fair_enqueue(&box.rq, &box.se[(turn + 1) % 2], true, now_ps);
			fair_dequeue(&box.rq, &box.se[turn % 2], true, now_ps);
			box_assert_picks(&box, (turn + 1) % 2, now_ps);
		}
		fair_update_current(&box.rq, now_ps);
		g_assert_cmpuint(box.se[0].sum_exec_ps, ==, MS(500));
		g_assert_cmpuint(box.se[1].sum_exec_ps, ==, MS(500));
	}
}

static bool not_first(const struct sched_entity *se)
{
	return se->vruntime_ps > 0;
}

static bool anybody(const struct sched_entity *se)
{
	(void)se;
	return true;
}

static void test_find_movable(void)
{
	struct box box;

	box_init(&box, CFS);
	for (int i = 0; i < 3; i++)
		box_add(&box, i, MS(i));
	g_assert_true(fair_find_movable(&box.rq, anybody) == &box.se[0]);
	g_assert_true(fair_find_movable(&box.rq, not_first) == &box.se[1]);
	box_assert_picks(&box, 0, 0);
	g_assert_true(fair_find_movable(&box.rq, anybody) == &box.se[1]);
	box.se[0].vruntime_ps = MS(9);
	box_assert_picks(&box, 1, 0);
	g_assert_true(fair_find_movable(&box.rq, anybody) == &box.se[2]);
	fair_dequeue(&box.rq, &box.se[2], true, 0);
	g_assert_true(fair_find_movable(&box.rq, anybody) == &box.se[0]);
	fair_dequeue(&box.rq, &box.se[0], true, 0);
	g_assert_null(fair_find_movable(&box.rq, anybody));
}

static void assert_queue_is_sound(const struct fair_rq *rq)
{
	uint32_t nr = rq->current && rq->current->on_rq ? 1 : 0;
	const struct sched_entity *previous = NULL;

	for (const struct sched_entity *se = rq->first; se; previous = se, se = se->next, nr++) {
		g_assert_true(se->on_rq && se != rq->current);
		g_assert_true(se->previous == previous);
	}
	g_assert_true(rq->last == previous);
	g_assert_cmpuint(rq->nr_running, ==, nr);
}

/*
 * Entity 0 computes, the others sleep and run at random. Sleeping pays nothing: none of them gets
 * more than entity 0, up to 3 latencies; and all the time goes to somebody.
 */
static void assert_sleepers_gain_nothing(uint32_t kernel, uint64_t seed)
{
	struct stream stream;
	struct box box;
	ps_t now_ps = 0, sum_ps = 0;

	stream_init(&stream, seed, 0, "sleepers");
	box_init(&box, kernel);
	for (int i = 0; i < 4; i++)
		box_add(&box, i, 0);
	fair_pick_next(&box.rq, 0);
	while (now_ps < 20 * PS_PER_S) {
		struct sched_entity *se = &box.se[1 + stream_u64(&stream) % 3];
		bool resched = true;

		now_ps += stream_u64(&stream) % MS(4);
		if (se->on_rq && stream_u64(&stream) % 4 == 0) {
			fair_dequeue(&box.rq, se, true, now_ps);
			resched = se == box.rq.current;
		} else if (!se->on_rq) {
			fair_enqueue(&box.rq, se, true, now_ps);
			resched = fair_preempts(&box.rq, se, now_ps);
		} else {
			resched = fair_tick(&box.rq, now_ps);
		}
		if (resched)
			fair_pick_next(&box.rq, now_ps);
		assert_queue_is_sound(&box.rq);
		for (int i = 1; i < 4; i++)
			g_assert_cmpuint(box.se[i].sum_exec_ps, <=,
					 box.se[0].sum_exec_ps + MS(72));
	}
	fair_update_current(&box.rq, now_ps);
	for (int i = 0; i < 4; i++)
		sum_ps += box.se[i].sum_exec_ps;
	g_assert_cmpuint(sum_ps, ==, now_ps);
}

static void test_random(void)
{
	for (uint64_t seed = 1; seed <= 5; seed++) {
		assert_sleepers_gain_nothing(CFS, seed);
		assert_sleepers_gain_nothing(EEVDF, seed);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/fair/defaults", test_defaults);
	g_test_add_func("/fair/two-by-tick", test_two_by_tick);
	g_test_add_func("/fair/alone", test_alone);
	g_test_add_func("/fair/hogs", test_hogs);
	g_test_add_func("/fair/fork", test_fork);
	g_test_add_func("/fair/ping-pong", test_ping_pong);
	g_test_add_func("/fair/find-movable", test_find_movable);
	g_test_add_func("/fair/random", test_random);
	return g_test_run();
}
