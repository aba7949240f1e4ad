/*
 * x86 vCPUs with nothing to do: halted and asleep, polled for by the host, polling in the guest; a
 * PAUSE loop that exits.
 *
 * An exit takes 100, an entry 200, decoding the ICR 10, an IRR 7, injecting 30, the halt's exit 8,
 * the pending test 4, a turn of polling 6, the waiter 9; IPIs fly 50. vCPU 0 spins and sends, vCPU
 * 1 does what its VM says.
 */
#include "models/workload/ping_pong.h"
#include "models/workload/timer.h"
#include "tests/support/rig.h"

static struct rig *halt_rig(int idle)
{
	struct rig *rig = rig_new(2);

	rig->config.arch = ARCH_X86;
	rig->vm_config.idle = idle;
	rig->ipi.vector = 251;
	rig_cost(rig, C_VM_EXIT, 100);
	rig_cost(rig, C_VM_ENTRY, 200);
	rig_cost(rig, C_ICR_DECODE, 10);
	rig_cost(rig, C_APIC_ACCEPT, 7);
	rig_cost(rig, C_APIC_INJECT, 30);
	rig_cost(rig, C_HALT_EXIT, 8);
	rig_cost(rig, C_APIC_PENDING, 4);
	rig_cost(rig, C_HALT_POLL_TURN, 6);
	rig_cost(rig, C_VCPU_BLOCK, 9);
	rig_cost(rig, C_IPI_FLIGHT, 50);
	return rig;
}

static void halt_build(struct rig *rig)
{
	rig_build(rig);
	rig_vm(rig, 2, "apic-map");
	rig->host->vcpus[0]->guest.halts = false;
}

static void halt_show(struct rig *rig)
{
	static const enum point points[] = {
		POINT_QUEUED, POINT_INJECTED, POINT_HANDLED, POINT_KICK, POINT_IPI,
		POINT_SWITCH, POINT_HALT, POINT_POLL, POINT_BLOCK, POINT_ENTRY, POINT_EXIT,
	};

	for (size_t i = 0; i < G_N_ELEMENTS(points); i++)
		rig_show(rig, points[i]);
}

static void halt_end(struct rig *rig)
{
	rig_check(rig);
	rig_free(rig);
}

/*
 * Asleep: the sender's exit 110 and IRR 7, then k2 wakes the thread: IPI 50, switch 60, and the
 * test (4) finds the interrupt. After it the guest halts again: exit 108, waiter 9, test 4.
 */
static void test_blocked(void)
{
	struct rig *rig = halt_rig(GUEST_IDLE_HALT);

	rig_cost(rig, C_CONTEXT_SWITCH, 60);
	halt_build(rig);
	rig_settle(rig);
	halt_show(rig);
	rig_send(rig, 0, 0, 1);
	rig_run(rig, 2000);
	rig_expect(rig, "0 v0 exit icr-write\n"
		   "117 v0>v1 queued #0\n"
		   "117 p0>v1 kick wake\n"
		   "167 p1 arrives call-function\n"
		   "167 p1 switches idle>t1\n"
		   "231 v1 block 0\n"
		   "231 v1 halt 0\n"
		   "261 v1 injected #0\n"
		   "317 v0 entry\n"
		   "461 v1 entry\n"
		   "461 v1 handled #0\n"
		   "461 v1 exit halt\n"
		   "573 v1 halt 1\n"
		   "582 v1 block 1\n"
		   "586 p1 switches t1>idle\n");
	halt_end(rig);
}

/*
 * Polled for: halted at 300 + 8, tests at 312, 322, 332 ... each a turn of 6 and a test of 4, for
 * 1000. The interrupt is in the IRR at 617, its turn ends at 622, and no IPI is sent.
 */
static void test_polled(void)
{
	struct rig *rig = halt_rig(GUEST_IDLE_HALT);

	rig->vm_config.halt_poll.policy = HALT_POLL_ALWAYS;
	rig->vm_config.halt_poll.max_ps = 1000 * PS_PER_NS;
	halt_build(rig);
	halt_show(rig);
	rig_send(rig, 500, 0, 1);
	rig_run(rig, 1200);
	rig_expect(rig, "200 v0 entry\n"
		   "200 v1 entry\n"
		   "200 v1 exit halt\n"
		   "312 v1 halt 1\n"
		   "312 v1 poll 1\n"
		   "500 v0 exit icr-write\n"
		   "617 v0>v1 queued #0\n"
		   "617 p0>v1 kick outside\n"
		   "626 v1 poll 0\n"
		   "626 v1 halt 0\n"
		   "656 v1 injected #0\n"
		   "817 v0 entry\n"
		   "856 v1 entry\n"
		   "856 v1 handled #0\n"
		   "856 v1 exit halt\n"
		   "968 v1 halt 1\n"
		   "968 v1 poll 1\n");
	halt_end(rig);
}

/*
 * The same with lines that take 40 to come. The IRR's first write is free, so it is set at 617; the
 * turn ends at 622, and the IRR is here 40 later. The kick fetches the line of the requests (40).
 */
static void test_polled_line(void)
{
	struct rig *rig = halt_rig(GUEST_IDLE_HALT);

	rig->vm_config.halt_poll.policy = HALT_POLL_ALWAYS;
	rig->vm_config.halt_poll.max_ps = 1000 * PS_PER_NS;
	rig_cost(rig, C_CACHELINE_TRANSFER_GROUP, 40);
	halt_build(rig);
	rig_show(rig, POINT_QUEUED);
	rig_show(rig, POINT_POLL);
	rig_show(rig, POINT_KICK);
	rig_send(rig, 500, 0, 1);
	rig_run(rig, 1200);
	rig_expect(rig, "312 v1 poll 1\n"
		   "617 v0>v1 queued #0\n"
		   "657 p0>v1 kick outside\n"
		   "666 v1 poll 0\n"
		   "1128 v1 poll 1\n");
	halt_end(rig);
}

/*
 * Nobody comes: polling ends with the turn in which its 1000 end, at 1312, and the thread sleeps.
 * The turns cost no events.
 */
static void test_polled_in_vain(void)
{
	struct rig *rig = halt_rig(GUEST_IDLE_HALT);
	uint64_t nr_events;

	rig->vm_config.halt_poll.policy = HALT_POLL_ALWAYS;
	rig->vm_config.halt_poll.max_ps = 1000 * PS_PER_NS;
	halt_build(rig);
	halt_show(rig);
	rig_run(rig, 400);
	nr_events = rig->sim->nr_events;
	rig_run(rig, 1300);
	g_assert_cmpuint(rig->sim->nr_events, ==, nr_events);
	rig_run(rig, 2000);
	rig_expect(rig, "200 v0 entry\n"
		   "200 v1 entry\n"
		   "200 v1 exit halt\n"
		   "312 v1 halt 1\n"
		   "312 v1 poll 1\n"
		   "1316 v1 poll 0\n"
		   "1325 v1 block 1\n"
		   "1329 p1 switches t1>idle\n");
	halt_end(rig);
}

/* Two tasks that wake each other; both guests watch need_resched. */
static void ping_pong_start(struct rig *rig, const struct ping_pong_params *params)
{
	struct workload_config *config = ARENA_NEW(rig->arena, struct workload_config);

	rig_build(rig);
	rig_vm(rig, 2, "apic-map");
	*config = (struct workload_config){
		.name = "w", .ops = &workload_ping_pong, .params = params,
	};
	workload_ping_pong.build(rig->host, rig->host->vms[0], config);
	rig_show(rig, POINT_RAISED);
	rig_show(rig, POINT_INJECTED);
	rig_show(rig, POINT_HANDLED);
	rig_show(rig, POINT_ACKED);
	rig_show(rig, POINT_KICK);
	rig_show(rig, POINT_EXIT);
}

/*
 * The first wake-up comes before b watches. From then on, the flag's line takes 40 to write, as
 * the other one watches it, and 40 to read; the task runs 30 after that, b works 300. No exit, no
 * IPI.
 */
static void test_flag(void)
{
	const struct ping_pong_params params = {
		.b = 1, .vector = 251, .work_ps = 300 * PS_PER_NS, .count = 2,
	};
	struct rig *rig = halt_rig(GUEST_IDLE_POLL);

	rig_cost(rig, C_CACHELINE_TRANSFER_GROUP, 40);
	rig_cost(rig, C_GUEST_WAKE, 30);
	ping_pong_start(rig, &params);
	rig_run(rig, 100000);
	rig_expect(rig, "200 v0>v1 raised #0\n"
		   "200 v0 exit icr-write\n"
		   "357 p0>v1 kick ipi\n"
		   "407 v1 exit irq\n"
		   "657 v1 injected #0\n"
		   "857 v1 handled #0\n"
		   "1227 v1>v0 raised #1\n"
		   "1227 v0 injected #1\n"
		   "1267 v0 handled #1\n"
		   "1297 v0>v1 acked #0\n"
		   "1337 v0>v1 raised #2\n"
		   "1337 v1 injected #2\n"
		   "1377 v1 handled #2\n"
		   "1747 v1>v0 raised #3\n"
		   "1747 v0 injected #3\n"
		   "1787 v0 handled #3\n"
		   "1817 v0>v1 acked #2\n");
	g_assert_cmpuint(rig->host->life.nr_finished, ==, rig->host->life.nr_raised);
	halt_end(rig);
}

/*
 * The first halt of each guest is not polled for: not by the guest, whose limit is 0, nor by the
 * host, whose polling the guest has switched off. Then they poll for 50 us, and halt in the end.
 */
static void test_guest_haltpoll(void)
{
	const struct ping_pong_params params = {
		.b = 1, .vector = 251, .work_ps = 300 * PS_PER_NS, .count = 2,
	};
	struct rig *rig = halt_rig(GUEST_IDLE_HALTPOLL);

	rig->vm_config.halt_poll.policy = HALT_POLL_ALWAYS;
	rig->vm_config.halt_poll.max_ps = 100 * PS_PER_US;
	ping_pong_start(rig, &params);
	rig_show(rig, POINT_POLL);
	rig_run(rig, 100000);
	rig_expect(rig, "200 v0>v1 raised #0\n"
		   "200 v0 exit icr-write\n"
		   "200 v1 exit halt\n"
		   "317 p0>v1 kick outside\n"
		   "355 v1 injected #0\n"
		   "517 v0 exit halt\n"
		   "555 v1 handled #0\n"
		   "855 v1>v0 raised #1\n"
		   "855 v1 exit icr-write\n"
		   "972 p1>v0 kick wake\n"
		   "1056 v0 injected #1\n"
		   "1256 v0 handled #1\n"
		   "1256 v0>v1 acked #0\n"
		   "1256 v0>v1 raised #2\n"
		   "1256 v1 injected #2\n"
		   "1256 v1 handled #2\n"
		   "1556 v1>v0 raised #3\n"
		   "1556 v0 injected #3\n"
		   "1556 v0 handled #3\n"
		   "1556 v0>v1 acked #2\n"
		   "51556 v1 exit halt\n"
		   "51556 v0 exit halt\n");
	halt_end(rig);
}

/*
 * A tick for vCPU 1, which sleeps: hardirq 25, the timer's part 15, the IRR 7, and the wake-up on
 * this very pCPU. The switch 60 follows, the test 4, injection 30, entry 200.
 */
static void test_tick(void)
{
	static const uint64_t one = 1;
	const struct timer_params params = {
		.vcpus = { .word = -1, .nr_ids = 1, .ids = &one },
		.period_ps = 100 * PS_PER_US, .count = 1,
	};
	struct workload_config config = { .name = "w", .ops = &workload_timer, .params = &params };
	struct rig *rig = halt_rig(GUEST_IDLE_HALT);

	rig_cost(rig, C_HOST_IRQ, 25);
	rig_cost(rig, C_TIMER_IRQ, 15);
	rig_cost(rig, C_CONTEXT_SWITCH, 60);
	halt_build(rig);
	workload_timer.build(rig->host, rig->host->vms[0], &config);
	rig_run(rig, 99000);
	halt_show(rig);
	rig_show(rig, POINT_RAISED);
	rig_run(rig, 100500);
	rig_expect(rig, "100000 v1>v1 raised #0\n"
		   "100000 p1 arrives device\n"
		   "100047 v1>v1 queued #0\n"
		   "100047 p1>v1 kick wake\n"
		   "100047 p1 switches idle>t1\n"
		   "100111 v1 block 0\n"
		   "100111 v1 halt 0\n"
		   "100141 v1 injected #0\n"
		   "100341 v1 entry\n"
		   "100341 v1 handled #0\n"
		   "100341 v1 exit halt\n"
		   "100453 v1 halt 1\n"
		   "100462 v1 block 1\n"
		   "100466 p1 switches t1>idle\n");
	halt_end(rig);
}

/*
 * At 1 GHz a spin of 4096 cycles exits, the next one of 8192, then 16384. vCPU 0 sends and waits
 * for a handler that begins after 20 us.
 */
static void test_pause_loop(void)
{
	static const uint64_t sender = 0;
	struct rig *rig = halt_rig(GUEST_IDLE_HALT);

	rig->config.clock_hz = UINT64_C(1000000000);
	rig_cost(rig, C_GUEST_IRQ_ENTRY, 20000);
	rig->ipi.from = (struct id_list){ .word = -1, .nr_ids = 1, .ids = &sender };
	rig->ipi.to.word = IPI_TO_LAST;
	rig->ipi.count = 1;
	halt_build(rig);
	rig_ipi(rig);
	rig_show(rig, POINT_EXIT);
	rig_show(rig, POINT_ENTRY);
	rig_run(rig, 30000);
	rig_expect(rig, "200 v0 entry\n"
		   "200 v1 entry\n"
		   "200 v0 exit icr-write\n"
		   "367 v1 exit irq\n"
		   "517 v0 entry\n"
		   "697 v1 entry\n"
		   "4613 v0 exit pause\n"
		   "4913 v0 entry\n"
		   "13105 v0 exit pause\n"
		   "13405 v0 entry\n");
	halt_end(rig);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/x86-halt/blocked", test_blocked);
	g_test_add_func("/x86-halt/polled", test_polled);
	g_test_add_func("/x86-halt/polled-line", test_polled_line);
	g_test_add_func("/x86-halt/polled-in-vain", test_polled_in_vain);
	g_test_add_func("/x86-halt/flag", test_flag);
	g_test_add_func("/x86-halt/guest-haltpoll", test_guest_haltpoll);
	g_test_add_func("/x86-halt/tick", test_tick);
	g_test_add_func("/x86-halt/pause-loop", test_pause_loop);
	return g_test_run();
}
