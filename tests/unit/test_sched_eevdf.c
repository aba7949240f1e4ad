/*
 * test_sched_eevdf - the rules of EEVDF, reckoned by hand; sizes: tests/support/fair_box.h.
 */
#include "tests/support/fair_box.h"

/*
 * The sleeper left with no lag, so it is placed at V. At 5 ms that is 5, with deadline 8; the hog's
 * request was renewed at 4 ms, until 7, and so is first. At the tick of 8 ms it is used up.
 */
static void test_sleeper(void)
{
	struct box box;

	g_assert_false(box_sleeper_preempts(&box, EEVDF, MS(5)));
	g_assert_cmpuint(box.se[1].vruntime_ps, ==, MS(5));
	g_assert_cmpuint(box.se[1].deadline_ps, ==, MS(8));
	g_assert_true(fair_tick(&box.rq, MS(8)));
	box_assert_picks(&box, 1, MS(8));

	/*
	 * At 9 ms entity 2 wakes with a lag of 2: V is (6 + 8) / 2, it is placed at 7 - 2 * 3 / 2
	 * = 4 with deadline 7, before that of entity 1, 8. But entity 1 is where the mean of 6, 8
	 * and 4 is, so still eligible, and in the request that it was picked with: it goes on.
	 */
	box.se[2] = (struct sched_entity){ .placed = true, .lag_ps = (int64_t)MS(2) };
	fair_enqueue(&box.rq, &box.se[2], true, MS(9));
	g_assert_cmpuint(box.se[2].vruntime_ps, ==, MS(4));
	g_assert_cmpuint(box.se[2].deadline_ps, ==, MS(7));
	g_assert_false(fair_preempts(&box.rq, &box.se[2], MS(9)));

	/* A nanosecond later it is ahead of the mean, and anybody who wakes may see that. */
	g_assert_true(fair_preempts(&box.rq, &box.se[2], MS(9) + PS_PER_NS));
	box_assert_picks(&box, 2, MS(9) + PS_PER_NS);
}

/* A request that is found used up while somebody is enqueued is not forgotten. */
static void test_expired_at_enqueue(void)
{
	struct box box;

	box_init(&box, EEVDF);
	for (int i = 0; i < 2; i++)
		box_add(&box, i, 0);
	box_assert_picks(&box, 0, 0);
	box.se[2].placed = true;
	fair_enqueue(&box.rq, &box.se[2], true, MS(3));
	g_assert_true(fair_preempts(&box.rq, &box.se[2], MS(3)));
	g_assert_true(fair_update_current(&box.rq, MS(3)));
	box_assert_picks(&box, 1, MS(3));
	g_assert_false(fair_update_current(&box.rq, MS(3)));
}

/* The lag that is kept is at most two slices, or a tick. */
static void test_lag_limit(void)
{
	static const struct { ps_t tick_ps, limit_ps; } cases[] = {
		{ MS(4), MS(6) }, { MS(10), MS(10) },
	};
	struct box box;

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		box_init(&box, EEVDF);
		box.params.tick_ps = cases[i].tick_ps;
		box_add(&box, 0, 0);
		box_add(&box, 1, MS(100));
		fair_dequeue(&box.rq, &box.se[1], true, 0);
		g_assert_cmpint(box.se[1].lag_ps, ==, -(int64_t)cases[i].limit_ps);
		fair_enqueue(&box.rq, &box.se[1], true, 0);
		box.se[1].vruntime_ps = MS(100);
		fair_dequeue(&box.rq, &box.se[0], true, 0);
		g_assert_cmpint(box.se[0].lag_ps, ==, (int64_t)cases[i].limit_ps);
	}
}

/* A lag is the same, on the queue that it comes to. */
static void test_migration(void)
{
	struct box from, to;

	box_init(&from, EEVDF);
	box_add(&from, 0, MS(50));
	box_add(&from, 1, MS(54));
	box_init(&to, EEVDF);
	box_add(&to, 0, MS(7));
	box_assert_picks(&to, 0, 0);
	fair_dequeue(&from.rq, &from.se[1], false, 0);
	g_assert_cmpint(from.se[1].lag_ps, ==, -(int64_t)MS(2));
	fair_enqueue(&to.rq, &from.se[1], false, 0);
	g_assert_cmpuint(from.se[1].vruntime_ps, ==, MS(7 + 4));
	fair_dequeue(&to.rq, &from.se[1], true, 0);
	g_assert_cmpint(from.se[1].lag_ps, ==, -(int64_t)MS(2));
}

/*
 * Entity 0 was charged 10 ms at once, so its request is until 13, and 16 once it yields. With
 * others at 14 and 6, V is 10: all but entity 1 are eligible, and the deadline of entity 2, 9, is
 * first. At 10 each all are eligible: the deadlines are 16, 13, 13. Before 6.14 the hint does not
 * count.
 */
static void test_yield_to(void)
{
	static const uint32_t pick_buddy = KERNEL(6, 14);
	struct box box;

	box_yield_to(&box, EEVDF, MS(10), MS(10), 2);
	box_assert_picks(&box, 1, MS(10));
	box_yield_to(&box, pick_buddy, MS(10), MS(10), 2);
	box_assert_picks(&box, 2, MS(10));
	box_yield_to(&box, pick_buddy, MS(14), MS(6), 1);
	box_assert_picks(&box, 2, MS(10));
	g_assert_cmpuint(box.se[0].deadline_ps, ==, MS(16));
}

/* V is rounded down, also where the run times are behind the queue's: the mean of 0 and 1 is 0. */
static void test_mean(void)
{
	struct box box;

	for (ps_t min_ps = 0; min_ps <= 5; min_ps++) {
		box_init(&box, EEVDF);
		box_add(&box, 0, 0);
		box_add(&box, 1, 1);
		box.rq.min_vruntime_ps = min_ps;
		fair_dequeue(&box.rq, &box.se[0], true, 0);
		g_assert_cmpint(box.se[0].lag_ps, ==, 0);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/eevdf/sleeper", test_sleeper);
	g_test_add_func("/eevdf/expired-at-enqueue", test_expired_at_enqueue);
	g_test_add_func("/eevdf/lag-limit", test_lag_limit);
	g_test_add_func("/eevdf/migration", test_migration);
	g_test_add_func("/eevdf/yield-to", test_yield_to);
	g_test_add_func("/eevdf/mean", test_mean);
	return g_test_run();
}
