/*
 * Who gives way to whom, and where: ticks, wake-ups, preemption points. Costs: sched_rig.
 */
#include "tests/support/sched_rig.h"

/* Two scripts on pCPU 0: t0 begins, t1 waits. tick_ns is far away in most tests. */
static struct rig *two_run(uint32_t kernel, uint64_t tick_ns, const struct step *first,
			   const struct step *second, uint64_t until_ns)
{
	struct rig *rig = sched_rig(1, kernel);

	rig->config.tick_ps = tick_ns * PS_PER_NS;
	rig_build(rig);
	rig_show(rig, POINT_WAKE);
	rig_show(rig, POINT_SWITCH);
	script_start(rig, 0, 0, first);
	script_start(rig, 0, 0, second);
	rig_run(rig, until_ns);
	return rig;
}

/* --- the tick ------------------------------------------------------------------------------ */

static const struct step computes[] = { DO(100000), END };

/*
 * CFS, a tick each 1000: two threads have slices of 3000. The tick is charged 34 after it fires. t0
 * has run 3034 at the third tick: out, 10 later. t1, from 3044, has run 2990 at tick 6 and 3990 at
 * tick 7; t0, from 7044, 2990 at tick 10 and 3990 at tick 11.
 */
static void test_tick_cfs(void)
{
	struct rig *rig = two_run(KERNEL(6, 5), 1000, computes, computes, 12000);

	rig_expect(rig, "3044 p0 switches t0>t1\n"
		   "7044 p0 switches t1>t0\n"
		   "11044 p0 switches t0>t1\n");
	sched_end(rig);
}

/*
 * EEVDF: both have a deadline of 3000. t0 is past it at tick 3 (3034), and its next one is 6034;
 * t1, from 3044, is past 3000 at tick 7 (3990). t0, from 7044 with 3044 run, has run 6034 at tick
 * 10: that is its deadline exactly, and t1, with 4000 run, is behind.
 */
static void test_tick_eevdf(void)
{
	struct rig *rig = two_run(KERNEL(6, 6), 1000, computes, computes, 12000);

	rig_expect(rig, "3044 p0 switches t0>t1\n"
		   "7044 p0 switches t1>t0\n"
		   "10044 p0 switches t0>t1\n");
	sched_end(rig);
}

/* A thread alone has no tick; the second one arms it, for the next multiple. */
static void test_tick_when_two(void)
{
	static const struct step late[] = { DO(100), END };
	struct rig *rig = sched_rig(1, KERNEL(6, 5));

	rig->config.tick_ps = 1000 * PS_PER_NS;
	sched_build(rig);
	script_start(rig, 0, 0, computes);
	script_start(rig, 2500, 0, late);
	rig_run(rig, 7000);
	rig_expect(rig, "3000 p0 arrives tick\n"
		   "3000 p0 hardirq tick\n"
		   "3044 p0 switches t0>t1\n"
		   "3174 p0 switches t1>t0\n");
	sched_end(rig);
}

/* --- wake-ups on the waker's own pCPU ------------------------------------------------------ */

/* t0 sleeps at 100, t1 executes from 130 and is charged from 110; it wakes t0 after so long. */
static struct rig *own_run(uint32_t kernel, uint64_t tick_ns, uint64_t wake_ns)
{
	struct thread *sleeper;
	const struct step sleeps[] = { DO(100), SLEEP, SAY("slept"), END };
	const struct step wakes[] = { DO(wake_ns), WAKE(&sleeper), DO(5000), SAY("done"), END };
	struct rig *rig = sched_rig(1, kernel);

	rig->config.tick_ps = tick_ns * PS_PER_NS;
	rig_build(rig);
	rig_show(rig, POINT_WAKE);
	rig_show(rig, POINT_SWITCH);
	rig_show(rig, POINT_HARDIRQ);
	sleeper = script_start(rig, 0, 0, sleeps);
	script_start(rig, 0, 0, wakes);
	rig_run(rig, 10000);
	return rig;
}

/*
 * CFS: t0 has run 110, t1 2028 when it has woken t0 (5 + 3): the lead is above 1000. t1 gives way
 * where the wake-up turns irqs on (10 + 20), and goes on with it at 2198.
 */
static void test_own_preempts(void)
{
	struct rig *rig = own_run(KERNEL(6, 5), 1000000, 2000);

	rig_expect(rig, "110 p0 switches t0>t1\n"
		   "2135 p0>p0 wakes t0\n"
		   "2148 p0 switches t1>t0\n"
		   "2168 slept\n"
		   "2178 p0 switches t0>t1\n"
		   "2198 woke it\n"
		   "7198 done\n"
		   "7208 p0 switches t1>idle\n");
	sched_end(rig);
}

/* A lead of 928 - 110 is not enough: t0 waits until t1 ends at 6038. */
static void test_own_does_not_preempt(void)
{
	struct rig *rig = own_run(KERNEL(6, 5), 1000000, 900);

	rig_expect(rig, "110 p0 switches t0>t1\n"
		   "1035 p0>p0 wakes t0\n"
		   "1038 woke it\n"
		   "6038 done\n"
		   "6048 p0 switches t1>t0\n"
		   "6068 slept\n"
		   "6078 p0 switches t0>idle\n");
	sched_end(rig);
}

/*
 * EEVDF: t1, picked at 110 with a deadline of 3000, keeps its turn, whatever its lead. The tick at
 * 3000 (30 + 4) finds 2924 run, that at 4000 3924: out at 4044. Its remaining 5000 - 862 - 966 goes
 * on at 4094.
 */
static void test_own_parity(void)
{
	struct rig *rig = own_run(KERNEL(6, 6), 1000, 2000);

	rig_expect(rig, "110 p0 switches t0>t1\n"
		   "2135 p0>p0 wakes t0\n"
		   "2138 woke it\n"
		   "3000 p0 hardirq tick\n"
		   "4000 p0 hardirq tick\n"
		   "4044 p0 switches t1>t0\n"
		   "4064 slept\n"
		   "4074 p0 switches t0>t1\n"
		   "7266 done\n"
		   "7276 p0 switches t1>idle\n");
	sched_end(rig);
}

/* --- preemption points --------------------------------------------------------------------- */

/*
 * t0 sleeps at once, t1 has pCPU 0 from 30 and does what the test says; a device at 2000 wakes t0,
 * which would preempt it (a lead of 2000).
 */
static struct rig *point_run(const struct step *steps)
{
	static const struct step sleeps[] = { SLEEP, SAY("slept"), END };
	struct rig *rig = sched_rig(1, KERNEL(6, 5));
	struct thread *sleeper;

	rig->config.tick_ps = 1000 * PS_PER_US;
	sched_build(rig);
	sleeper = script_start(rig, 0, 0, sleeps);
	script_start(rig, 0, 0, steps);
	script_wake_by_irq(rig, 2000, 0, sleeper);
	rig_run(rig, 5000);
	return rig;
}

/* Where the hardirq (30 + 5 + 3) returns. */
static void test_point_irq_exit(void)
{
	static const struct step work[] = { DO(3000), SAY("work"), END };
	struct rig *rig = point_run(work);

	rig_expect(rig, "10 p0 switches t0>t1\n"
		   "2000 p0 arrives device\n"
		   "2000 p0 hardirq device\n"
		   "2035 p0>p0 wakes t0\n"
		   "2038 woke it\n"
		   "2048 p0 switches t1>t0\n"
		   "2068 slept\n"
		   "2078 p0 switches t0>t1\n"
		   "3128 work\n"
		   "3138 p0 switches t1>idle\n");
	sched_end(rig);
}

/* Irqs are off from 530 to 2530: the hardirq, and the preemption after it, wait for them. */
static void test_point_irq_on(void)
{
	static const struct step work[] = {
		DO(500), IRQS_OFF, DO(2000), SAY("irqs on"), IRQS_ON, SAY("work"), END,
	};
	struct rig *rig = point_run(work);

	rig_expect(rig, "10 p0 switches t0>t1\n"
		   "2000 p0 arrives device\n"
		   "2530 irqs on\n"
		   "2530 p0 hardirq device\n"
		   "2565 p0>p0 wakes t0\n"
		   "2568 woke it\n"
		   "2578 p0 switches t1>t0\n"
		   "2598 slept\n"
		   "2608 p0 switches t0>t1\n"
		   "2628 work\n"
		   "2638 p0 switches t1>idle\n");
	sched_end(rig);
}

/*
 * With a lock held the hardirq at 2000 lengthens the section (2530 + 38) but preempts nobody; t1
 * gives way where it leaves the lock.
 */
static void test_point_unlock(void)
{
	struct lock lock;
	const struct step work[] = {
		DO(500), TAKE(&lock), DO(2000), SAY("unlock"), LEAVE(&lock), SAY("work"), END,
	};
	static const struct step sleeps[] = { SLEEP, SAY("slept"), END };
	struct rig *rig = sched_rig(1, KERNEL(6, 5));
	struct thread *sleeper;

	rig_build(rig);
	rig_show(rig, POINT_SWITCH);
	lock_init(&lock, lock_class_new(rig->host, "lock", false));
	sleeper = script_start(rig, 0, 0, sleeps);
	script_start(rig, 0, 0, work);
	script_wake_by_irq(rig, 2000, 0, sleeper);
	rig_run(rig, 5000);
	rig_expect(rig, "10 p0 switches t0>t1\n"
		   "2038 woke it\n"
		   "2568 unlock\n"
		   "2578 p0 switches t1>t0\n"
		   "2598 slept\n"
		   "2608 p0 switches t0>t1\n"
		   "2628 work\n"
		   "2638 p0 switches t1>idle\n");
	sched_end(rig);
}

/* --- softirq ------------------------------------------------------------------------------- */

/* A device whose handler raises a softirq of 400 that wakes a thread. */
struct soft_device {
	struct device_irq device;
	struct rig *rig;
	struct thread *sleeper;
};

static struct soft_device *soft;

static enum flow soft_softirq_path(struct path *p, void *frame)
{
	struct softirq_run *f = frame;

	PATH_BEGIN(p);
	g_assert_true(f->pcpu == context_of(p)->pcpu);
	rig_note(soft->rig, "softirq begins");
	SPEND(400 * PS_PER_NS);
	CALL(sched_wake, .thread = soft->sleeper);
	rig_note(soft->rig, "softirq ends");
	DONE(0);
	PATH_END(p);
}

static enum flow soft_handler_path(struct path *p, void *frame)
{
	(void)frame;
	PATH_BEGIN(p);
	pcpu_raise_softirq(context_of(p)->pcpu, soft_softirq_path);
	DONE(0);
	PATH_END(p);
}

/*
 * The softirq (from 2030, woken at 2430 + 5 + 3) is not preempted by the thread that it wakes: that
 * comes when it ends. The sleeper's condition is not set, so it looks and sleeps again (10 + 20).
 */
static void test_softirq(void)
{
	static const struct step sleeps[] = { SLEEP, END };
	static const struct step work[] = { DO(3000), SAY("work"), END };
	struct rig *rig = sched_rig(1, KERNEL(6, 5));

	sched_build(rig);
	soft = ARENA_NEW(rig->arena, struct soft_device);
	soft->device.handler = soft_handler_path;
	soft->rig = rig;
	soft->sleeper = script_start(rig, 0, 0, sleeps);
	script_start(rig, 0, 0, work);
	script_raise_device(rig, 2000, 0, &soft->device);
	rig_run(rig, 5000);
	rig_expect(rig, "10 p0 switches t0>t1\n"
		   "2000 p0 arrives device\n"
		   "2000 p0 hardirq device\n"
		   "2030 softirq begins\n"
		   "2435 p0>p0 wakes t0\n"
		   "2438 softirq ends\n"
		   "2448 p0 switches t1>t0\n"
		   "2478 p0 switches t0>t1\n"
		   "3528 work\n"
		   "3538 p0 switches t1>idle\n");
	sched_end(rig);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/timeline/sched/tick-cfs", test_tick_cfs);
	g_test_add_func("/timeline/sched/tick-eevdf", test_tick_eevdf);
	g_test_add_func("/timeline/sched/tick-when-two", test_tick_when_two);
	g_test_add_func("/timeline/sched/own-preempts", test_own_preempts);
	g_test_add_func("/timeline/sched/own-does-not-preempt", test_own_does_not_preempt);
	g_test_add_func("/timeline/sched/own-parity", test_own_parity);
	g_test_add_func("/timeline/sched/point-irq-exit", test_point_irq_exit);
	g_test_add_func("/timeline/sched/point-irq-on", test_point_irq_on);
	g_test_add_func("/timeline/sched/point-unlock", test_point_unlock);
	g_test_add_func("/timeline/sched/softirq", test_softirq);
	return g_test_run();
}
