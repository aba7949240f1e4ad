/*
 * Sleeping and waking: who puts a thread on which run queue, and the races with falling asleep.
 *
 * The costs are those of sched_rig. In each test t0 sleeps on pCPU 0 and pCPU 1 wakes it.
 */
#include "tests/support/sched_rig.h"

/* t0 sleeps at 100, t1 wakes it as soon as it has computed for so long. */
static struct rig *wake_run(struct rig *rig, uint64_t wake_ns, uint64_t test_ns)
{
	struct thread *sleeper;
	const struct step sleeps[] = { DO(100), SLEEP_TEST(test_ns), SAY("slept"), END };
	const struct step wakes[] = { DO(wake_ns), WAKE(&sleeper), DO(2000), END };

	sched_build(rig);
	sleeper = script_start(rig, 0, 0, sleeps);
	script_start(rig, 0, 1, wakes);
	rig_run(rig, wake_ns + 400);
	return rig;
}

/*
 * t0 sleeps at 100: schedule 10, switch 20, idle entry 7: pCPU 0 is idle at 137. t1 wakes it at 200
 * (5). The wake list of an idle pCPU: IPI 2 + 50, hardirq 30, enqueue 3, schedule 10, switch 20.
 */
static const char through_wake_list[] =
	"110 p0 switches t0>idle\n"
	"205 p1>p0 wakes t0\n"
	"207 woke it\n"
	"257 p0 arrives call-function\n"
	"257 p0 hardirq call-function\n"
	"300 p0 switches idle>t0\n"
	"320 slept\n"
	"330 p0 switches t0>idle\n";

/* From v6.0 on in the same cache domain, too. */
static void test_idle_wake_list(void)
{
	struct rig *rig = wake_run(sched_rig(2, KERNEL(6, 0)), 200, 0);

	rig_expect(rig, through_wake_list);
	sched_end(rig);
}

/* At any version to another cache domain. */
static void test_idle_other_cache(void)
{
	struct rig *rig = sched_rig(2, KERNEL(5, 4));

	rig_topology(rig, (struct topology){ 1, 2, 1, 1, LLC_GROUP });
	wake_run(rig, 200, 0);
	rig_expect(rig, through_wake_list);
	sched_end(rig);
}

/*
 * Before v6.0 the waker takes the run queue's lock of a pCPU in its cache domain: enqueue 3, then
 * the reschedule IPI 2 + 50, whose hardirq (30) has nothing to do.
 */
static void test_idle_direct(void)
{
	struct rig *rig = wake_run(sched_rig(2, KERNEL(5, 19)), 200, 0);

	rig_expect(rig, "110 p0 switches t0>idle\n"
		   "205 p1>p0 wakes t0\n"
		   "210 woke it\n"
		   "260 p0 arrives reschedule\n"
		   "260 p0 hardirq reschedule\n"
		   "300 p0 switches idle>t0\n"
		   "320 slept\n"
		   "330 p0 switches t0>idle\n");
	sched_end(rig);
}

/*
 * t0 has left its queue at 110 and is switched out until 130. The wake-up decides at 113 + 5: onto
 * the wake list of pCPU 0, whose hardirq comes after the switch, at 120 + 50.
 */
static const char while_switching_out[] =
	"110 p0 switches t0>idle\n"
	"118 p1>p0 wakes t0\n"
	"120 woke it\n"
	"170 p0 arrives call-function\n"
	"170 p0 hardirq call-function\n"
	"213 p0 switches idle>t0\n"
	"233 slept\n"
	"243 p0 switches t0>idle\n";

static void test_switching_out(void)
{
	static const uint32_t kernels[] = { KERNEL(5, 8), KERNEL(5, 19), KERNEL(6, 0) };

	for (size_t i = 0; i < G_N_ELEMENTS(kernels); i++) {
		struct rig *rig = wake_run(sched_rig(2, kernels[i]), 113, 0);

		rig_expect(rig, while_switching_out);
		sched_end(rig);
	}
}

/*
 * Before v5.8 the waker spins from 118 to 130, then enqueues (133) and sends (135). pCPU 0, on its
 * way to idle, sees need_resched at 137 and schedules; the IPI comes at 185, while irqs are off for
 * t0's end (167 + 30), and is a hardirq for nothing at 197.
 */
static void test_switching_out_spins(void)
{
	struct rig *rig = wake_run(sched_rig(2, KERNEL(5, 4)), 113, 0);

	rig_expect(rig, "110 p0 switches t0>idle\n"
		   "130 p1>p0 wakes t0\n"
		   "135 woke it\n"
		   "147 p0 switches idle>t0\n"
		   "167 slept\n"
		   "177 p0 switches t0>idle\n"
		   "185 p0 arrives reschedule\n"
		   "197 p0 hardirq reschedule\n");
	sched_end(rig);
}

/*
 * t0 says that it sleeps at 100 and reads its condition; until 120 it is on its way to schedule().
 * A wake-up at 105 makes it runnable again: schedule() takes 10 and returns, the next look (20)
 * sees the condition.
 */
static void test_before_schedule(void)
{
	struct rig *rig = wake_run(sched_rig(2, KERNEL(6, 5)), 105, 20);

	rig_expect(rig, "105 woke it\n"
		   "150 slept\n"
		   "160 p0 switches t0>idle\n");
	sched_end(rig);
}

/*
 * The same while __schedule() holds the run queue's lock, from 100: the waker comes at 103, waits
 * for the lock until the switch is done at 130, finds t0 asleep and wakes it (5): IPI, hardirq,
 * enqueue, schedule, switch.
 */
static void test_during_schedule(void)
{
	struct rig *rig = wake_run(sched_rig(2, KERNEL(6, 5)), 103, 0);

	rig_expect(rig, "110 p0 switches t0>idle\n"
		   "135 p1>p0 wakes t0\n"
		   "137 woke it\n"
		   "187 p0 arrives call-function\n"
		   "187 p0 hardirq call-function\n"
		   "230 p0 switches idle>t0\n"
		   "250 slept\n"
		   "260 p0 switches t0>idle\n");
	sched_end(rig);
}

/* A thread that does not sleep is not woken, and that costs nothing but its lock. */
static void test_not_asleep(void)
{
	struct rig *rig = wake_run(sched_rig(2, KERNEL(6, 5)), 50, 0);

	rig_expect(rig, "50 did not sleep\n"
		   "100 slept\n"
		   "110 p0 switches t0>idle\n");
	sched_end(rig);
}

/* --- preempted on the way to sleep --------------------------------------------------------- */

/*
 * t1 sleeps at once, t0 has pCPU 0 from 30 and says at 2030 that it sleeps; its test takes 50. At
 * 2050 a device's hardirq (30) wakes t1 (5, 3), which preempts: its lead is 2078 - 10. t0 stays on
 * the queue although its state says asleep, and goes on at 2148 with the 30 that its test has left.
 */
static void test_preempted_before_schedule(void)
{
	static const struct step other[] = { SLEEP, SAY("other"), END };
	static const struct step sleeps[] = { DO(2000), SLEEP_TEST(50), SAY("slept"), END };
	struct rig *rig = sched_rig(1, KERNEL(6, 5));
	struct thread *thread;

	sched_build(rig);
	thread = script_start(rig, 0, 0, other);
	script_start(rig, 0, 0, sleeps);
	script_wake_by_irq(rig, 2050, 0, thread);
	rig_run(rig, 3000);
	rig_expect(rig, "10 p0 switches t0>t1\n"
		   "2050 p0 arrives device\n"
		   "2050 p0 hardirq device\n"
		   "2085 p0>p0 wakes t0\n"
		   "2088 woke it\n"
		   "2098 p0 switches t1>t0\n"
		   "2118 other\n"
		   "2128 p0 switches t0>t1\n"
		   "2188 p0 switches t1>idle\n");
	sched_end(rig);
}

/*
 * As before, and pCPU 1 wakes it while it is preempted: the queue's lock is held by the switch back
 * to it from 2118 to 2148. It does not sleep (30 left, 10), and looks again (50).
 */
static void test_woken_while_preempted(void)
{
	struct thread *thread, *sleeper;
	static const struct step other[] = { SLEEP, SAY("other"), END };
	static const struct step sleeps[] = { DO(2000), SLEEP_TEST(50), SAY("slept"), END };
	const struct step wakes[] = { DO(2120), WAKE(&sleeper), END };
	struct rig *rig = sched_rig(2, KERNEL(6, 5));

	rig_build(rig);
	rig_show(rig, POINT_SWITCH);
	thread = script_start(rig, 0, 0, other);
	sleeper = script_start(rig, 0, 0, sleeps);
	script_start(rig, 0, 1, wakes);
	script_wake_by_irq(rig, 2050, 0, thread);
	rig_run(rig, 3000);
	rig_expect(rig, "10 p0 switches t0>t1\n"
		   "2088 woke it\n"
		   "2098 p0 switches t1>t0\n"
		   "2118 other\n"
		   "2128 p0 switches t0>t1\n"
		   "2148 woke it\n"
		   "2158 p1 switches t2>idle\n"
		   "2238 slept\n"
		   "2248 p0 switches t1>idle\n");
	sched_end(rig);
}

/*
 * As before, but t1, which floats, is taken by pCPU 1, whose thread ends at 2089: it wants the
 * queue's lock at 2099, gets it at 2118 and has enqueued it at 2121. pCPU 2 wakes t1 at 2119, when
 * it is on no queue: it waits for that (2121) and for the queue's new lock, until the switch is
 * done at 2141. t1 has 30 of its test left, does not sleep (10), and looks again (50).
 */
static void test_woken_while_migrating(void)
{
	struct thread *thread, *sleeper;
	static const struct step other[] = { SLEEP, DO(2000), END };
	static const struct step sleeps[] = {
		DO(2000), SLEEP_TEST(50), SAY("slept"), DO(900), END,
	};
	static const struct step ends[] = { DO(2089), END };
	const struct step wakes[] = { DO(2119), WAKE(&sleeper), DO(900), END };
	struct rig *rig = sched_rig(3, KERNEL(6, 5));

	rig_build(rig);
	rig_show(rig, POINT_SWITCH);
	rig_show(rig, POINT_MIGRATE);
	thread = script_start(rig, 0, 0, other);
	sleeper = script_float(rig, 0, 0, sleeps);
	script_start(rig, 0, 1, ends);
	script_start(rig, 0, 2, wakes);
	script_wake_by_irq(rig, 2050, 0, thread);
	rig_run(rig, 3000);
	rig_expect(rig, "10 p0 switches t0>t1\n"
		   "2088 woke it\n"
		   "2098 p0 switches t1>t0\n"
		   "2118 p0>p1 takes t1\n"
		   "2121 p1 switches t2>t1\n"
		   "2141 woke it\n"
		   "2231 slept\n");
	sched_end(rig);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/timeline/sched/idle-wake-list", test_idle_wake_list);
	g_test_add_func("/timeline/sched/idle-other-cache", test_idle_other_cache);
	g_test_add_func("/timeline/sched/idle-direct", test_idle_direct);
	g_test_add_func("/timeline/sched/switching-out", test_switching_out);
	g_test_add_func("/timeline/sched/switching-out-spins", test_switching_out_spins);
	g_test_add_func("/timeline/sched/before-schedule", test_before_schedule);
	g_test_add_func("/timeline/sched/during-schedule", test_during_schedule);
	g_test_add_func("/timeline/sched/not-asleep", test_not_asleep);
	g_test_add_func("/timeline/sched/preempted-before-schedule",
			test_preempted_before_schedule);
	g_test_add_func("/timeline/sched/woken-while-preempted", test_woken_while_preempted);
	g_test_add_func("/timeline/sched/woken-while-migrating", test_woken_while_migrating);
	return g_test_run();
}
