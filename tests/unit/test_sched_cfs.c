/*
 * test_sched_cfs - the rules of CFS, with values reckoned by hand; sizes: tests/support/fair_box.h.
 */
#include "tests/support/fair_box.h"

/* Nine run: more than latency / least slice, so that slices are 3 ms, and the period is 27 ms. */
static void test_many(void)
{
	struct box box;

	box_init(&box, CFS);
	for (int i = 0; i < 9; i++)
		box_add(&box, i, 0);
	for (int i = 0; i < 9; i++) {
		ps_t start_ps = MS(4) * (ps_t)i;

		box_assert_picks(&box, i, start_ps);
		g_assert_false(fair_tick(&box.rq, start_ps + MS(3)));
		g_assert_true(fair_tick(&box.rq, start_ps + MS(4)));
	}
	box_assert_picks(&box, 0, MS(36));
}

/*
 * After 100 ms the sleeper is placed half a latency behind, at 88: 12 ms are more than the
 * granularity. After 5 ms it is where it was, 5 ms behind; after 4 ms it is not far enough behind,
 * and waits until the tick after the slice of 12 ms.
 */
static void test_sleeper(void)
{
	struct box box;

	g_assert_true(box_sleeper_preempts(&box, CFS, MS(100)));
	g_assert_cmpuint(box.se[1].vruntime_ps, ==, MS(88));
	box_assert_picks(&box, 1, MS(100));
	g_assert_cmpuint(box.rq.min_vruntime_ps, ==, MS(100));
	g_assert_true(box_sleeper_preempts(&box, CFS, MS(5)));
	g_assert_cmpuint(box.se[1].vruntime_ps, ==, 0);
	g_assert_false(box_sleeper_preempts(&box, CFS, MS(4)));
	for (ps_t now_ps = MS(4); now_ps <= MS(12); now_ps += MS(4))
		g_assert_false(fair_tick(&box.rq, now_ps));
	g_assert_true(fair_tick(&box.rq, MS(16)));
	box_assert_picks(&box, 1, MS(16));
}

/* What is 3 ms behind the least of one queue is 3 ms behind the least of another. */
static void test_migration(void)
{
	struct box from, to;

	box_init(&from, CFS);
	box_add(&from, 0, 0);
	box_assert_picks(&from, 0, 0);
	box_add(&from, 1, MS(103));
	box_init(&to, CFS);
	box_add(&to, 0, 0);
	box_assert_picks(&to, 0, MS(93));

	fair_dequeue(&from.rq, &from.se[1], false, MS(100));
	fair_enqueue(&to.rq, &from.se[1], false, MS(100));
	g_assert_cmpuint(from.se[1].vruntime_ps, ==, MS(7 + 3));

	/* A wake-up elsewhere: it slept at 10 while the least of `to` went on to 12. */
	fair_dequeue(&to.rq, &from.se[1], true, MS(100));
	fair_tick(&to.rq, MS(105));
	fair_enqueue(&from.rq, &from.se[1], true, MS(120));
	g_assert_cmpuint(from.se[1].vruntime_ps, ==, MS(120 + 10 - 12));
	fair_dequeue(&from.rq, &from.se[1], true, MS(120));
	fair_enqueue(&to.rq, &from.se[1], true, MS(205));
	g_assert_cmpuint(from.se[1].vruntime_ps, ==, MS(112 - 2));
}

/* The one that yields is at 10, the granularity is 4: another is passed the turn up to 14. */
static void test_yield_to(void)
{
	struct box box;

	box_yield_to(&box, CFS, MS(12), MS(14), 2);
	box_assert_picks(&box, 2, MS(10));
	box_yield_to(&box, CFS, MS(12), MS(15), 2);
	box_assert_picks(&box, 1, MS(10));
	box_yield_to(&box, CFS, MS(15), MS(15), 2);
	box_assert_picks(&box, 0, MS(10));
	box_yield_to(&box, CFS, MS(12), MS(11), 0);
	box_assert_picks(&box, 2, MS(10));

	/* The hint ends with the pick, and with its subject's sleep. */
	box_yield_to(&box, CFS, MS(12), MS(12), 2);
	fair_dequeue(&box.rq, &box.se[2], true, MS(10));
	g_assert_null(box.rq.next_buddy);
	box_assert_picks(&box, 1, MS(10));

	/* It stands back until it is picked, also behind the one that runs meanwhile. */
	box_assert_picks(&box, 1, MS(10));
	fair_update_current(&box.rq, MS(13));
	box_assert_picks(&box, 0, MS(13));
	g_assert_null(box.rq.skip_buddy);
}

/* Eight are runnable: who was preempted goes on after the one that preempted it. */
static void test_last_buddy(void)
{
	struct box box;

	for (int nr = 7; nr <= 8; nr++) {
		box_init(&box, CFS);
		box_add(&box, 0, 0);
		box_assert_picks(&box, 0, 0);
		fair_update_current(&box.rq, MS(6));
		for (int i = 1; i < nr; i++)
			box_add(&box, i, MS(5));
		box.se[nr - 1].vruntime_ps = MS(1);
		g_assert_true(fair_preempts(&box.rq, &box.se[nr - 1], MS(6)));
		box_assert_picks(&box, nr - 1, MS(6));
		fair_dequeue(&box.rq, &box.se[nr - 1], true, MS(6));
		box_assert_picks(&box, nr == 8 ? 0 : 1, MS(6));
	}
}

/* Somebody is more than a slice (12 ms) behind: the turn ends after the least slice, 3 ms. */
static void test_far_behind(void)
{
	static const struct { ps_t b_ps, end_ps; } cases[] = {
		{ 0, MS(3) }, { MS(11), MS(3) + 1 }, { MS(12), MS(4) + 1 },
	};
	struct box box;

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		box_init(&box, CFS);
		box_add(&box, 0, MS(20));
		box_assert_picks(&box, 0, 0);
		box_add(&box, 1, cases[i].b_ps);
		g_assert_false(fair_tick(&box.rq, cases[i].end_ps - 1));
		g_assert_true(fair_tick(&box.rq, cases[i].end_ps));
	}
}

/* At 10 ms entity 2 wakes 5 behind and preempts; it goes before entity 1, which is 6 behind. */
static void test_preempting_goes_first(void)
{
	struct box box;

	box_init(&box, CFS);
	box_add(&box, 0, MS(10));
	box_assert_picks(&box, 0, 0);
	box_add(&box, 1, MS(4));
	box_add(&box, 2, MS(6));
	g_assert_false(fair_preempts(&box.rq, &box.se[2], 0));
	box.se[2].vruntime_ps = MS(5);
	g_assert_true(fair_preempts(&box.rq, &box.se[2], 0));
	box_assert_picks(&box, 2, 0);
	box_assert_picks(&box, 1, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/cfs/many", test_many);
	g_test_add_func("/cfs/sleeper", test_sleeper);
	g_test_add_func("/cfs/migration", test_migration);
	g_test_add_func("/cfs/yield-to", test_yield_to);
	g_test_add_func("/cfs/last-buddy", test_last_buddy);
	g_test_add_func("/cfs/far-behind", test_far_behind);
	g_test_add_func("/cfs/preempting-goes-first", test_preempting_goes_first);
	return g_test_run();
}
