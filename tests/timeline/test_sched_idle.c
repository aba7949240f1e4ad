/*
 * Idle pCPUs: states, polling, the governor; and where threads go. Costs: sched_rig.
 */
#include "tests/support/sched_rig.h"

/* t0 sleeps at 100 on pCPU 0, t1 wakes it at 200; the state that pCPU 0 enters at 137 is shown. */
static struct rig *idle_run(enum arch arch, struct idle_state state)
{
	struct thread *sleeper;
	const struct step sleeps[] = { DO(100), SLEEP, SAY("slept"), DO(900), END };
	const struct step wakes[] = { DO(200), WAKE(&sleeper), DO(900), END };
	struct rig *rig = sched_rig(2, KERNEL(6, 5));

	rig->config.arch = arch;
	rig->config.idle = (struct idle_config){ .nr_states = 1, .states = { state } };
	rig_cost(rig, C_ATOMIC_RMW, 6);
	rig_cost(rig, C_CACHELINE_TRANSFER_GROUP, 40);
	rig_build(rig);
	sleeper = script_start(rig, 0, 0, sleeps);
	script_start(rig, 0, 1, wakes);
	rig_run(rig, 50);
	sched_show(rig);
	rig_run(rig, 1000);
	return rig;
}

/*
 * Monitored (x86): t1 adds to the wake list (205 + 6) and sets need_resched (6): no IPI. pCPU 0
 * sees it when the line is there (40), leaves (100), fetches the list (40), enqueues (3),
 * schedules, switches.
 */
static void test_polling(void)
{
	struct rig *rig = idle_run(ARCH_X86, (struct idle_state){
		.name = "C1", .exit_latency_ps = 100 * PS_PER_NS, .polling = true,
	});

	rig_expect(rig, "110 p0 switches t0>idle\n"
		   "137 p0 idles in c0\n"
		   "205 p1>p0 wakes t0\n"
		   "217 p0 leaves c0\n"
		   "217 woke it\n"
		   "410 p0 switches idle>t0\n"
		   "430 slept\n");
	sched_end(rig);
}

/*
 * A state that waits for interrupts: the IPI (211 + 2 + 50) ends it, its exit latency (100) is
 * before the hardirq's 30. arm64 has no flag to poll, so a state that would poll is like it.
 */
static void test_exit_latency(void)
{
	static const struct {
		enum arch arch;
		bool polling;
	} cases[] = { { ARCH_X86, false }, { ARCH_ARM64, false }, { ARCH_ARM64, true } };

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct rig *rig = idle_run(cases[i].arch, (struct idle_state){
			.name = "C6", .exit_latency_ps = 100 * PS_PER_NS,
			.polling = cases[i].polling,
		});

		rig_expect(rig, "110 p0 switches t0>idle\n"
			   "137 p0 idles in c0\n"
			   "205 p1>p0 wakes t0\n"
			   "213 woke it\n"
			   "263 p0 arrives call-function\n"
			   "263 p0 leaves c0\n"
			   "363 p0 hardirq call-function\n"
			   "446 p0 switches idle>t0\n"
			   "466 slept\n");
		sched_end(rig);
	}
}

/*
 * Two wakers in other cache domains than pCPU 0, which polls. t2's flag takes it out of its state
 * at 205: it takes t0 off its wake list (3) and is in __schedule() until 218. t3 adds t1 to the
 * list at 211: pCPU 0 does not look any more, so that takes an IPI (2 + 50), which interrupts t0.
 * t1 has as much run time as t0 then and waits for it.
 */
static void test_polling_has_ended(void)
{
	struct thread *sleepers[2];
	static const struct step sleeps[] = { SLEEP, DO(100), SAY("slept"), END };
	const struct step first[] = { DO(200), WAKE(&sleepers[0]), DO(900), END };
	const struct step second[] = { DO(206), WAKE(&sleepers[1]), DO(900), END };
	struct rig *rig = sched_rig(3, KERNEL(6, 5));

	rig->config.arch = ARCH_X86;
	rig->config.idle.nr_states = 1;
	rig->config.idle.states[0].polling = true;
	rig_topology(rig, (struct topology){ 1, 3, 1, 1, LLC_GROUP });
	rig_build(rig);
	sleepers[0] = script_start(rig, 0, 0, sleeps);
	sleepers[1] = script_start(rig, 0, 0, sleeps);
	script_start(rig, 0, 1, first);
	script_start(rig, 0, 2, second);
	rig_run(rig, 100);
	sched_show(rig);
	rig_run(rig, 600);
	rig_expect(rig, "205 p1>p0 wakes t0\n"
		   "205 p0 leaves c0\n"
		   "205 woke it\n"
		   "211 p2>p0 wakes t1\n"
		   "213 woke it\n"
		   "218 p0 switches idle>t0\n"
		   "263 p0 arrives call-function\n"
		   "263 p0 hardirq call-function\n"
		   "371 slept\n"
		   "381 p0 switches t0>t1\n"
		   "501 slept\n"
		   "511 p0 switches t1>idle\n"
		   "538 p0 idles in c0\n");
	sched_end(rig);
}

/*
 * Deep (c1) wants 20 us of sleep. With nothing known it is chosen; after 4.7 us the governor
 * expects the same again; 4.7 and 99.7 have nothing in common: it is deep again. An interrupt that
 * wakes nobody ends each: 30 of hardirq and 7 to the next state.
 */
static void test_governor(void)
{
	struct rig *rig = sched_rig(1, KERNEL(6, 5));

	rig->config.idle = (struct idle_config){
		.nr_states = 2, .enabled = 3,
		.states = {
			{ .exit_latency_ps = 1000, .target_residency_ps = 2 * PS_PER_US },
			{ .exit_latency_ps = 9000, .target_residency_ps = 20 * PS_PER_US },
		},
	};
	rig_build(rig);
	rig_show(rig, POINT_IDLE);
	rig_show(rig, POINT_IDLE_END);
	rig_show(rig, POINT_HARDIRQ_END);
	script_raise(rig, 4700, 0, PCPU_IRQ_RESCHEDULE);
	script_raise(rig, 9500, 0, PCPU_IRQ_RESCHEDULE);
	script_raise(rig, 109300, 0, PCPU_IRQ_RESCHEDULE);
	rig_run(rig, 200000);
	rig_expect(rig, "0 p0 idles in c1\n"
		   "4700 p0 leaves c1\n"
		   "4739 p0 hardirq-end\n"
		   "4746 p0 idles in c0\n"
		   "9500 p0 leaves c0\n"
		   "9531 p0 hardirq-end\n"
		   "9538 p0 idles in c0\n"
		   "109300 p0 leaves c0\n"
		   "109331 p0 hardirq-end\n"
		   "109338 p0 idles in c1\n");
	sched_end(rig);
}

/* --- where a thread goes ------------------------------------------------------------------- */

/*
 * Three cores of two: pCPUs 0-1, 2-3, 4-5. t0 floats, and sleeps on pCPU 0 at once; a hog computes
 * on each pCPU of the mask from 100 on; at 1000 a device of pCPU 5 wakes t0.
 */
static void check_place(unsigned int busy, const char *expected)
{
	static const struct step sleeps[] = { SLEEP, SAY("slept"), DO(100), END };
	static const struct step computes[] = { DO(9000), END };
	struct rig *rig = sched_rig(6, KERNEL(6, 5));
	struct thread *thread;

	rig_topology(rig, (struct topology){ 1, 1, 3, 2, LLC_SOCKET });
	rig_build(rig);
	thread = script_float(rig, 0, 0, sleeps);
	for (uint32_t i = 0; i < 6; i++)
		if (busy >> i & 1)
			script_start(rig, 100, i, computes);
	script_wake_by_irq(rig, 1000, 5, thread);
	rig_run(rig, 100);
	rig_show(rig, POINT_WAKE);
	rig_show(rig, POINT_MIGRATE);
	rig_run(rig, 1500);
	rig_expect(rig, expected);
	sched_end(rig);
}

static void test_place(void)
{
	/* The previous pCPU is idle: there, whatever its sibling does. */
	check_place(1 << 1 | 1 << 2, "1035 p5>p0 wakes t0\n1037 woke it\n1150 slept\n");
	/* A core that is idle as a whole, before the idle sibling. */
	check_place(1 << 0 | 1 << 2, "1035 p0>p4 takes t0\n"
		    "1035 p5>p4 wakes t0\n1037 woke it\n1150 slept\n");
	/* None: the next idle pCPU, the sibling. */
	check_place(1 << 0 | 1 << 2 | 1 << 4, "1035 p0>p1 takes t0\n"
		    "1035 p5>p1 wakes t0\n1037 woke it\n1150 slept\n");
}

/*
 * Nobody is idle: on the previous pCPU, where it does not preempt yet (1035 - 100 of lead, and 3 to
 * enqueue: 938 run).
 */
static void test_place_nowhere(void)
{
	static const struct step sleeps[] = { SLEEP, SAY("slept"), END };
	static const struct step computes[] = { DO(9000), END };
	struct rig *rig = sched_rig(2, KERNEL(6, 5));
	struct thread *thread;

	rig_build(rig);
	thread = script_float(rig, 0, 0, sleeps);
	script_start(rig, 100, 0, computes);
	script_start(rig, 100, 1, computes);
	script_wake_by_irq(rig, 1000, 1, thread);
	rig_run(rig, 100);
	rig_show(rig, POINT_WAKE);
	rig_show(rig, POINT_MIGRATE);
	rig_show(rig, POINT_SWITCH);
	rig_run(rig, 9200);
	rig_expect(rig, "1035 p1>p0 wakes t0\n"
		   "1038 woke it\n"
		   "9110 p0 switches t1>t0\n"
		   "9130 slept\n"
		   "9140 p0 switches t0>idle\n"
		   "9148 p1 switches t2>idle\n");
	sched_end(rig);
}

/* --- pulling ------------------------------------------------------------------------------- */

/*
 * t1 floats and waits behind t0. pCPU 1 has nobody at 510: it looks at the others (1), takes t1,
 * enqueues it (3) and switches to it.
 */
static void test_pull(void)
{
	static const struct step computes[] = { DO(2000), END };
	static const struct step floats[] = { SAY("executes"), DO(2000), END };
	static const struct step ends[] = { DO(500), END };
	struct rig *rig = sched_rig(2, KERNEL(6, 5));

	rig_cost(rig, C_WAKE_SCAN_STEP, 1);
	sched_build(rig);
	script_start(rig, 0, 0, computes);
	script_float(rig, 0, 0, floats);
	script_start(rig, 0, 1, ends);
	rig_run(rig, 600);
	rig_expect(rig, "511 p0>p1 takes t1\n"
		   "514 p1 switches t2>t1\n"
		   "534 executes\n");
	sched_end(rig);
}

/*
 * pCPU 1 wakes t0 onto pCPU 0, whose IPI (210 + 50) is under way when pCPU 1 has nobody left: it
 * does not take the only thread of a queue.
 */
static void test_pull_not_the_only_one(void)
{
	struct thread *sleeper;
	static const struct step sleeps[] = { SLEEP, SAY("slept"), DO(500), END };
	const struct step wakes[] = { DO(200), WAKE(&sleeper), END };
	struct rig *rig = sched_rig(2, KERNEL(5, 4));

	sched_build(rig);
	sleeper = script_float(rig, 0, 0, sleeps);
	script_start(rig, 0, 1, wakes);
	rig_run(rig, 600);
	rig_expect(rig, "10 p0 switches t0>idle\n"
		   "205 p1>p0 wakes t0\n"
		   "210 woke it\n"
		   "220 p1 switches t1>idle\n"
		   "260 p0 arrives reschedule\n"
		   "260 p0 hardirq reschedule\n"
		   "300 p0 switches idle>t0\n"
		   "320 slept\n");
	sched_end(rig);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/timeline/sched/polling", test_polling);
	g_test_add_func("/timeline/sched/polling-has-ended", test_polling_has_ended);
	g_test_add_func("/timeline/sched/exit-latency", test_exit_latency);
	g_test_add_func("/timeline/sched/governor", test_governor);
	g_test_add_func("/timeline/sched/place", test_place);
	g_test_add_func("/timeline/sched/place-nowhere", test_place_nowhere);
	g_test_add_func("/timeline/sched/pull", test_pull);
	g_test_add_func("/timeline/sched/pull-not-the-only-one", test_pull_not_the_only_one);
	return g_test_run();
}
