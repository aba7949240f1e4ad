/*
 * Workloads of guests that have nothing to do most of the time: `ping-pong` and `timer`.
 *
 * An exit takes 100, an entry 200, the IPI of a kick flies 50; host polling is off. What is not set
 * takes nothing, so that a timeline shows only what it is about.
 */
#include "models/workload/ping_pong.h"
#include "models/workload/timer.h"
#include "tests/support/rig.h"

static struct rig *guest_rig(int idle)
{
	struct rig *rig = rig_new(2);

	rig_cost(rig, C_VM_EXIT, 100);
	rig_cost(rig, C_VM_ENTRY, 200);
	rig_cost(rig, C_IPI_FLIGHT, 50);
	rig->vm_config.idle = idle;
	return rig;
}

static void guest_start(struct rig *rig, const struct workload_ops *ops, const void *params)
{
	struct workload_config *config = ARENA_NEW(rig->arena, struct workload_config);

	rig_build(rig);
	rig_vm(rig, 2, "linear-walk");
	*config = (struct workload_config){ .name = "w", .ops = ops, .params = params };
	ops->build(rig->host, rig->host->vms[0], config);
	rig_show(rig, POINT_RAISED);
	rig_show(rig, POINT_HANDLED);
	rig_show(rig, POINT_ACKED);
}

/* Its sources have stopped, nothing is under way. */
static void guest_end(struct rig *rig)
{
	g_assert_cmpuint(event_queue_next(&rig->sim->queue)->time_ps, ==, PS_NEVER);
	g_assert_cmpuint(rig->host->nr_sources, ==, 0);
	g_assert_cmpuint(rig->host->life.nr_finished, ==, rig->host->life.nr_raised);
	rig_check(rig);
	rig_free(rig);
}

/*
 * Both poll in their guests: exit 100, IPI 50, the other one's exit 100 and entry 200, its task
 * runs 30 later and works 300. The answer takes as long, and a computes 500 before it asks again.
 */
static void test_ping_pong_polling(void)
{
	const struct ping_pong_params params = {
		.b = 1, .work_ps = 300 * PS_PER_NS, .gap_ps = 500 * PS_PER_NS, .count = 2,
	};
	struct rig *rig = guest_rig(GUEST_IDLE_POLL);

	rig_cost(rig, C_GUEST_WAKE, 30);
	guest_start(rig, &workload_ping_pong, &params);
	rig_show(rig, POINT_KICK);
	rig_run(rig, 100000);
	rig_expect(rig, "200 v0>v1 raised #0\n"
		   "300 p0>v1 kick ipi\n"
		   "650 v1 handled #0\n"
		   "980 v1>v0 raised #1\n"
		   "1080 p1>v0 kick ipi\n"
		   "1430 v0 handled #1\n"
		   "1460 v0>v1 acked #0\n"
		   "1960 v0>v1 raised #2\n"
		   "2060 p0>v1 kick ipi\n"
		   "2410 v1 handled #2\n"
		   "2740 v1>v0 raised #3\n"
		   "2840 p1>v0 kick ipi\n"
		   "3190 v0 handled #3\n"
		   "3220 v0>v1 acked #2\n");
	guest_end(rig);
}

/*
 * The wake-up of a task whose vCPU halts: the sender's exit 100, its wake-up of the thread 25, the
 * IPI 50, the switch 60, the entry 200.
 */
static void test_ping_pong_halted(void)
{
	const struct ping_pong_params params = {
		.b = 1, .work_ps = 3000 * PS_PER_NS, .gap_ps = 5000 * PS_PER_NS, .count = 1,
	};
	struct rig *rig = guest_rig(GUEST_IDLE_HALT);

	rig_cost(rig, C_WAKE_UP, 25);
	rig_cost(rig, C_CONTEXT_SWITCH, 60);
	guest_start(rig, &workload_ping_pong, &params);
	rig_show(rig, POINT_WAKE);
	rig_show(rig, POINT_BLOCK);
	rig_run(rig, 100000);
	rig_expect(rig, "200 v0>v1 raised #0\n"
		   "300 v1 block 1\n"			/* it has exited to halt: */
		   "300 v1 block 0\n"			/* the last test finds it pending */
		   "600 v0 block 1\n"
		   "800 v1 handled #0\n"
		   "3800 v1>v0 raised #1\n"
		   "3925 p1>p0 wakes t0\n"
		   "4035 v0 block 0\n"
		   "4225 v1 block 1\n"
		   "4235 v0 handled #1\n"
		   "4235 v0>v1 acked #0\n"
		   "4335 v0 block 1\n");
	guest_end(rig);
}

/*
 * A tick each 1000, of v0 from 500 on, of v1 from 1000 on. The guest executes: the host's interrupt
 * ends its stay (exit 100), its handler takes 7, the virtual timer 5; the entry brings the tick.
 */
static void test_timer_running(void)
{
	const struct timer_params params = {
		.vcpus = { .word = TIMER_ALL }, .period_ps = 1000 * PS_PER_NS, .count = 2,
	};
	struct rig *rig = guest_rig(GUEST_IDLE_POLL);

	rig_cost(rig, C_HOST_IRQ, 7);
	rig_cost(rig, C_VTIMER_IRQ, 5);
	rig_cost(rig, C_TIMER_IRQ, 1000);	/* of a vCPU that is put */
	guest_start(rig, &workload_timer, &params);
	rig_show(rig, POINT_EXIT);
	rig_show(rig, POINT_HARDIRQ);
	rig_run(rig, 100000);
	rig_expect(rig, "500 v0>v0 raised #0\n"
		   "500 v0 exit irq\n"
		   "600 p0 hardirq device\n"
		   "812 v0 handled #0\n"
		   "1000 v1>v1 raised #1\n"
		   "1000 v1 exit irq\n"
		   "1100 p1 hardirq device\n"
		   "1312 v1 handled #1\n"
		   "1500 v0>v0 raised #2\n"
		   "1500 v0 exit irq\n"
		   "1600 p0 hardirq device\n"
		   "1812 v0 handled #2\n"
		   "2000 v1>v1 raised #3\n"
		   "2000 v1 exit irq\n"
		   "2100 p1 hardirq device\n"
		   "2312 v1 handled #3\n");
	guest_end(rig);
}

/* One that sleeps is woken from the hardirq on its pCPU: 7 and 5, the switch 60, the entry 200. */
static void test_timer_halted(void)
{
	static const uint64_t ids[] = { 1 };
	const struct timer_params params = {
		.vcpus = { .word = -1, .nr_ids = 1, .ids = ids }, .period_ps = 1000 * PS_PER_NS,
		.count = 2,
	};
	struct rig *rig = guest_rig(GUEST_IDLE_HALT);

	rig_cost(rig, C_HOST_IRQ, 7);
	rig_cost(rig, C_TIMER_IRQ, 5);
	rig_cost(rig, C_VTIMER_IRQ, 1000);	/* of a vCPU that is loaded */
	rig_cost(rig, C_CONTEXT_SWITCH, 60);
	guest_start(rig, &workload_timer, &params);
	rig_show(rig, POINT_HARDIRQ);
	rig_show(rig, POINT_WAKE);
	rig_run(rig, 100000);
	g_assert_cmpuint(rig->host->nr_ipis_sent, ==, 0);
	rig_expect(rig, "1000 v1>v1 raised #0\n"
		   "1000 p1 hardirq device\n"
		   "1012 p1>p1 wakes t1\n"
		   "1272 v1 handled #0\n"
		   "2000 v1>v1 raised #1\n"
		   "2000 p1 hardirq device\n"
		   "2012 p1>p1 wakes t1\n"
		   "2272 v1 handled #1\n");
	guest_end(rig);
}

/* A handler that takes longer than the period: the ticks between are missed, not collected. */
static void test_timer_slow_handler(void)
{
	static const uint64_t ids[] = { 0 };
	const struct timer_params params = {
		.vcpus = { .word = -1, .nr_ids = 1, .ids = ids }, .period_ps = 1000 * PS_PER_NS,
		.count = 2,
	};
	struct rig *rig = guest_rig(GUEST_IDLE_POLL);

	rig_cost(rig, C_GUEST_IRQ_ENTRY, 2500);
	guest_start(rig, &workload_timer, &params);
	rig_run(rig, 100000);
	rig_expect(rig, "1000 v0>v0 raised #0\n"
		   "3800 v0 handled #0\n"
		   "4000 v0>v0 raised #1\n"
		   "6800 v0 handled #1\n");
	guest_end(rig);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/guest-workloads/ping-pong-polling", test_ping_pong_polling);
	g_test_add_func("/guest-workloads/ping-pong-halted", test_ping_pong_halted);
	g_test_add_func("/guest-workloads/timer-running", test_timer_running);
	g_test_add_func("/guest-workloads/timer-halted", test_timer_halted);
	g_test_add_func("/guest-workloads/timer-slow-handler", test_timer_slow_handler);
	return g_test_run();
}
