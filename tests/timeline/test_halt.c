/*
 * A halted vCPU and an interrupt that reaches it: blocked, on its way to sleep, behind another
 * thread, preempted.
 *
 * Costs: those of sched_rig, and exit 100, entry 200, halt exit 8, publishing the waiter 9, pending
 * test 4, put 11, load 13. vCPUs 0 and 2 spin and send; a send is an exit (100) and queues at its
 * end, the kick follows at once. vCPU 1, thread 1, halts. It is woken at 0 in each test, to know
 * when it halts again: see test_blocked().
 */
#include "tests/support/sched_rig.h"

static struct rig *halt_rig(uint32_t kernel)
{
	struct rig *rig = sched_rig(3, kernel);

	rig->vm_config.idle = GUEST_IDLE_HALT;
	rig_cost(rig, C_VM_EXIT, 100);
	rig_cost(rig, C_VM_ENTRY, 200);
	rig_cost(rig, C_HALT_EXIT, 8);
	rig_cost(rig, C_VCPU_BLOCK, 9);
	rig_cost(rig, C_VGIC_PENDING, 4);
	rig_cost(rig, C_HALT_POLL_TURN, 6);
	rig_cost(rig, C_VCPU_PUT, 11);
	rig_cost(rig, C_VCPU_LOAD, 13);
	return rig;
}

static void halt_settle(struct rig *rig)
{
	struct vm *vm;

	rig_build(rig);
	vm = rig_vm(rig, 3, "linear-walk");
	vm->vcpus[0]->guest.halts = false;
	vm->vcpus[2]->guest.halts = false;
	rig_settle(rig);
}

static void halt_show(struct rig *rig)
{
	static const enum point points[] = {
		POINT_QUEUED, POINT_INJECTED, POINT_HANDLED, POINT_KICK, POINT_IPI, POINT_SWITCH,
		POINT_HALT, POINT_POLL, POINT_BLOCK, POINT_PUT, POINT_LOAD,
	};

	for (size_t i = 0; i < G_N_ELEMENTS(points); i++)
		rig_show(rig, points[i]);
}

/* vCPU 1 has been woken at 0 and is in its guest at 437. What comes after 500 is shown. */
static void halt_run(struct rig *rig, uint64_t send_ns, uint64_t until_ns)
{
	rig_send(rig, 0, 0, 1);
	rig_send(rig, send_ns, 2, 1);
	rig_run(rig, 500);
	halt_show(rig);
	rig_run(rig, until_ns);
}

/*
 * vCPU 0's exit (100), k2 wakes vCPU 1's thread (5) through the wake list: IPI 2 + 50, hardirq 30,
 * enqueue 3, schedule 10, switch 20, load 13. The test (4) finds the interrupt; entry (200). vCPU 1
 * handles it and halts: exit (100 + 8), waiter (9), test (4), schedule 10, put 11, switch 20.
 */
static void test_blocked(void)
{
	struct rig *rig = halt_rig(KERNEL(6, 5));

	halt_settle(rig);
	halt_show(rig);
	rig_send(rig, 0, 0, 1);
	rig_run(rig, 1000);
	rig_expect(rig, "100 v0>v1 queued #0\n"
		   "107 p0>v1 kick wake\n"
		   "157 p1 arrives call-function\n"
		   "200 p1 switches idle>t1\n"
		   "233 v1>p1 load\n"
		   "237 v1 block 0\n"
		   "237 v1 halt 0\n"
		   "237 v1 injected #0\n"
		   "437 v1 handled #0\n"
		   "545 v1 halt 1\n"
		   "554 v1 block 1\n"
		   "568 p1 switches t1>idle\n"
		   "579 v1>p1 put 0\n");
	sched_end(rig);
}

/* Queued at 540, when vCPU 1 has left its guest: no IPI; the test after 554 finds it. */
static void test_before_test(void)
{
	struct rig *rig = halt_rig(KERNEL(6, 5));

	halt_settle(rig);
	halt_run(rig, 440, 1000);
	rig_expect(rig, "540 v2>v1 queued #1\n"
		   "540 p2>v1 kick outside\n"
		   "545 v1 halt 1\n"
		   "554 v1 block 1\n"
		   "558 v1 block 0\n"
		   "558 v1 halt 0\n"
		   "558 v1 injected #1\n"
		   "758 v1 handled #1\n"
		   "866 v1 halt 1\n"
		   "875 v1 block 1\n"
		   "889 p1 switches t1>idle\n"
		   "900 v1>p1 put 0\n");
	sched_end(rig);
}

/*
 * The test holds the AP list from 554 to 558 and finds nothing; the sender, there at 556, gets the
 * list then, and the kick finds a thread that is on its queue and about to sleep: made runnable.
 * Its schedule() takes 10 and returns, the next test (4) finds the interrupt.
 */
static void test_between_test_and_sleep(void)
{
	struct rig *rig = halt_rig(KERNEL(6, 5));

	halt_settle(rig);
	halt_run(rig, 456, 900);
	rig_expect(rig, "545 v1 halt 1\n"
		   "554 v1 block 1\n"
		   "558 v2>v1 queued #1\n"
		   "558 p2>v1 kick wake\n"
		   "572 v1 block 0\n"
		   "572 v1 halt 0\n"
		   "572 v1 injected #1\n"
		   "772 v1 handled #1\n"
		   "880 v1 halt 1\n"
		   "889 v1 block 1\n");
	sched_end(rig);
}

/*
 * At 562 __schedule() holds the run queue, until the switch is done at 599: the kicker waits for
 * it, finds the thread asleep, and wakes it (5, 2, 50) on an idle pCPU.
 */
static void test_during_schedule(void)
{
	struct rig *rig = halt_rig(KERNEL(6, 5));

	halt_settle(rig);
	halt_run(rig, 462, 750);
	rig_expect(rig, "545 v1 halt 1\n"
		   "554 v1 block 1\n"
		   "562 v2>v1 queued #1\n"
		   "568 p1 switches t1>idle\n"
		   "579 v1>p1 put 0\n"
		   "606 p2>v1 kick wake\n"
		   "656 p1 arrives call-function\n"
		   "699 p1 switches idle>t1\n"
		   "732 v1>p1 load\n"
		   "736 v1 block 0\n"
		   "736 v1 halt 0\n"
		   "736 v1 injected #1\n");
	sched_end(rig);
}

/*
 * At 575 it is being put: off its queue, on its pCPU until 599. The wake list takes it (5, 2, 50):
 * the hardirq comes when pCPU 1 is idle.
 */
static void test_during_put(void)
{
	struct rig *rig = halt_rig(KERNEL(6, 5));

	halt_settle(rig);
	halt_run(rig, 475, 720);
	rig_expect(rig, "545 v1 halt 1\n"
		   "554 v1 block 1\n"
		   "568 p1 switches t1>idle\n"
		   "575 v2>v1 queued #1\n"
		   "579 v1>p1 put 0\n"
		   "582 p2>v1 kick wake\n"
		   "632 p1 arrives call-function\n"
		   "675 p1 switches idle>t1\n"
		   "708 v1>p1 load\n"
		   "712 v1 block 0\n"
		   "712 v1 halt 0\n"
		   "712 v1 injected #1\n");
	sched_end(rig);
}

/* --- behind another thread ----------------------------------------------------------------- */

static const struct step computes[] = { DO(90000), END };

/*
 * A thread (t3) computes on pCPU 1 from 0 on; vCPU 1 is kicked at 2100. CFS: the sender enqueues it
 * (5, 3), and its lead is above 1000: reschedule IPI (2 + 50), hardirq 30, schedule 10, switch 20,
 * load 13.
 */
static void test_behind_cfs(void)
{
	struct rig *rig = halt_rig(KERNEL(6, 5));

	halt_settle(rig);
	script_start(rig, 0, 1, computes);
	halt_show(rig);
	rig_send(rig, 2000, 0, 1);
	rig_run(rig, 2600);
	rig_expect(rig, "2100 v0>v1 queued #0\n"
		   "2110 p0>v1 kick wake\n"
		   "2160 p1 arrives reschedule\n"
		   "2200 p1 switches t3>t1\n"
		   "2233 v1>p1 load\n"
		   "2237 v1 block 0\n"
		   "2237 v1 halt 0\n"
		   "2237 v1 injected #0\n"
		   "2437 v1 handled #0\n"
		   "2545 v1 halt 1\n"
		   "2554 v1 block 1\n"
		   "2568 p1 switches t1>t3\n"
		   "2579 v1>p1 put 0\n");
	sched_end(rig);
}

/*
 * EEVDF: t3 has its slice of 3000 to the end. Ticks (each 1000, 30 + 4) find 3034 run at the third
 * tick; the lead of vCPU 1 does not matter.
 */
static void test_behind_eevdf(void)
{
	struct rig *rig = halt_rig(KERNEL(6, 6));

	rig->config.tick_ps = 1000 * PS_PER_NS;
	halt_settle(rig);
	script_start(rig, 0, 1, computes);
	halt_show(rig);
	rig_send(rig, 1000, 0, 1);
	rig_run(rig, 3100);
	rig_expect(rig, "1100 v0>v1 queued #0\n"
		   "1108 p0>v1 kick wake\n"
		   "2000 p1 arrives tick\n"
		   "3000 p1 arrives tick\n"
		   "3044 p1 switches t3>t1\n"
		   "3077 v1>p1 load\n"
		   "3081 v1 block 0\n"
		   "3081 v1 halt 0\n"
		   "3081 v1 injected #0\n");
	sched_end(rig);
}

/*
 * vCPU 1 computes in its guest; t3, new on pCPU 1 at 0, gets it at the tick at 1000: exit (100),
 * hardirq 34, schedule 10, put 11, switch 20. Kicked at 1600 it is neither asleep nor in its guest:
 * no IPI, no wake-up. t3's 2000 from 1175 on are lengthened by two ticks (34 each); then vCPU 1 is
 * loaded, and injects at once.
 */
static void test_preempted(void)
{
	static const struct step once[] = { DO(2000), END };
	struct rig *rig = halt_rig(KERNEL(6, 5));

	rig->config.tick_ps = 1000 * PS_PER_NS;
	rig_build(rig);
	rig_vm(rig, 3, "linear-walk");
	for (int i = 0; i < 3; i++)
		rig->host->vcpus[i]->guest.work_ps = 100 * PS_PER_MS;
	rig_settle(rig);
	script_start(rig, 0, 1, once);
	halt_show(rig);
	rig_show(rig, POINT_EXIT);
	rig_send(rig, 1500, 0, 1);
	rig_run(rig, 4000);
	rig_expect(rig, "1000 p1 arrives tick\n"
		   "1000 v1 exit irq\n"
		   "1144 p1 switches t1>t3\n"
		   "1155 v1>p1 put 1\n"
		   "1500 v0 exit sgi\n"
		   "1600 v0>v1 queued #0\n"
		   "1600 p0>v1 kick outside\n"
		   "2000 p1 arrives tick\n"
		   "3000 p1 arrives tick\n"
		   "3253 p1 switches t3>t1\n"
		   "3286 v1>p1 load\n"
		   "3286 v1 injected #0\n"
		   "3486 v1 handled #0\n");
	sched_end(rig);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/timeline/halt/blocked", test_blocked);
	g_test_add_func("/timeline/halt/before-test", test_before_test);
	g_test_add_func("/timeline/halt/between-test-and-sleep", test_between_test_and_sleep);
	g_test_add_func("/timeline/halt/during-schedule", test_during_schedule);
	g_test_add_func("/timeline/halt/during-put", test_during_put);
	g_test_add_func("/timeline/halt/behind-cfs", test_behind_cfs);
	g_test_add_func("/timeline/halt/behind-eevdf", test_behind_eevdf);
	g_test_add_func("/timeline/halt/preempted", test_preempted);
	return g_test_run();
}
