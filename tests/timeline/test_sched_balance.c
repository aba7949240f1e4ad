/*
 * Balancing of busy pCPUs, from the tick of the longer queue: ticks are at multiples of 4 ms, a
 * balance is due every 16 ms times the two pCPUs. A tick takes its hardirq (30) and its own 4.
 */
#include "tests/support/sched_rig.h"

static const struct step computes[] = { DO(200000000), END };

/* nr_floating threads and a pinned one on p0, a pinned one on p1; only migrations are shown. */
static struct rig *balance_rig(uint32_t nr_floating)
{
	struct rig *rig = sched_rig(2, KERNEL(6, 5));

	rig_build(rig);
	rig_show(rig, POINT_MIGRATE);
	script_start(rig, 0, 0, computes);
	script_start(rig, 0, 1, computes);
	for (uint32_t i = 0; i < nr_floating; i++)
		script_float(rig, 0, 0, computes);
	return rig;
}

/* Three against one: at the first tick the one that has waited longest goes; then all is even. */
static void test_two_more(void)
{
	struct rig *rig = balance_rig(2);

	rig_run(rig, 30000000);
	rig_expect(rig, "4000034 p0>p1 takes t2\n");
	sched_end(rig);
}

/*
 * Two against one is half a thread too many: at 4 ms it is let pass, from 36 ms on it is the second
 * time. The two of p0 take turns of 4 ms (t2's first one has 8, it was behind): at 36 ms t2
 * executes, so it goes at 40 ms. p1 has two from then on: its first tick, at 44 ms, lets it pass,
 * from 76 ms on it would go back; it executes then, and goes at 80 ms.
 */
static void test_one_more(void)
{
	struct rig *rig = balance_rig(1);

	rig_run(rig, 100000000);
	rig_expect(rig, "40000034 p0>p1 takes t2\n"
		   "80000034 p1>p0 takes t2\n");
	sched_end(rig);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/timeline/sched/balance-two-more", test_two_more);
	g_test_add_func("/timeline/sched/balance-one-more", test_one_more);
	return g_test_run();
}
