/*
 * A guest that spins for a vCPU that does not run: WFE traps, and the host yields to that vCPU.
 *
 * Costs: those of sched_rig, and exit 100, entry 200, put 11, load 13, pause exit 6, one vCPU
 * looked at 2, yield_to() 5. vCPU 0 sends one SGI from its first entry at 200 on, is back in its
 * guest at 500 and spins for the acknowledgement; the others compute. No tick comes.
 */
#include "tests/support/sched_rig.h"

static const uint64_t vcpu_ids[] = { 0, 1, 2 };

static struct rig *spin_rig(uint32_t nr_pcpus, uint32_t kernel)
{
	struct rig *rig = sched_rig(nr_pcpus, kernel);

	rig->config.tick_ps = 1000 * PS_PER_MS;
	rig_cost(rig, C_VM_EXIT, 100);
	rig_cost(rig, C_VM_ENTRY, 200);
	rig_cost(rig, C_VCPU_PUT, 11);
	rig_cost(rig, C_VCPU_LOAD, 13);
	rig_cost(rig, C_PAUSE_EXIT, 6);
	rig_cost(rig, C_ON_SPIN_STEP, 2);
	rig_cost(rig, C_YIELD_TO, 5);
	return rig;
}

/* vCPU i on pCPU pins[i]. vCPU 0 has been loaded when it was not alone: its WFE traps. */
static struct vm *spin_build(struct rig *rig, const uint64_t *pins, uint32_t nr_vcpus, uint32_t to)
{
	struct vm *vm;

	rig->vm_config.pin = (struct id_list){ .word = -1, .nr_ids = nr_vcpus, .ids = pins };
	rig_build(rig);
	vm = rig_vm(rig, nr_vcpus, "linear-walk");
	rig->ipi.from = (struct id_list){ .word = -1, .nr_ids = 1, .ids = &vcpu_ids[0] };
	rig->ipi.to = (struct id_list){ .word = -1, .nr_ids = 1, .ids = &vcpu_ids[to] };
	rig->ipi.count = 1;
	rig_ipi(rig);
	for (uint32_t i = 0; i < nr_vcpus; i++) {
		vm->vcpus[i]->guest.halts = false;
		vm->vcpus[i]->guest.work_ps = i ? 100 * PS_PER_MS : 0;
	}
	rig_run(rig, 0);
	vm->vcpus[0]->traps_wfe = true;
	return vm;
}

static void spin_show(struct rig *rig)
{
	static const enum point points[] = {
		POINT_EXIT, POINT_ENTRY, POINT_SWITCH, POINT_HANDLED, POINT_ACKED, POINT_LOAD,
		POINT_PUT, POINT_IPI,
	};

	for (size_t i = 0; i < G_N_ELEMENTS(points); i++)
		rig_show(rig, points[i]);
}

/*
 * vCPU 1 waits in vCPU 0's queue. Exit (100 + 6), vCPU 1 looked at (2), yield_to() (5), schedule
 * 10, put 11, switch 20, load 13, entry 200: the handler.
 */
static void test_same_queue(void)
{
	static const uint64_t pins[] = { 0, 0 };
	struct rig *rig = spin_rig(1, KERNEL(6, 5));

	spin_build(rig, pins, 2, 1);
	spin_show(rig);
	rig_run(rig, 2000);
	rig_expect(rig, "200 v0 entry\n"
		   "200 v0 exit sgi\n"
		   "500 v0 entry\n"
		   "500 v0 exit pause\n"
		   "623 p0 switches t0>t1\n"
		   "634 v0>p0 put 1\n"
		   "667 v1>p0 load\n"
		   "867 v1 entry\n"
		   "867 v1 handled #0\n");
	sched_end(rig);
}

/*
 * vCPUs 1 and 2 wait, and the last one that was boosted was 1: vCPU 2 is favoured over 1, who came
 * first. EEVDF did not look at that before v6.14.
 */
static void test_favours(void)
{
	static const uint64_t pins[] = { 0, 0, 0 };
	static const struct {
		uint32_t kernel;
		const char *expected;
	} cases[] = {
		{ KERNEL(6, 5), "623 p0 switches t0>t2\n" },
		{ KERNEL(6, 6), "623 p0 switches t0>t1\n" },
		{ KERNEL(6, 14), "623 p0 switches t0>t2\n" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct rig *rig = spin_rig(1, cases[i].kernel);
		struct vm *vm = spin_build(rig, pins, 3, 1);

		vm->last_boosted = 1;
		rig_show(rig, POINT_SWITCH);
		rig_run(rig, 700);
		rig_expect(rig, cases[i].expected);
		sched_end(rig);
	}
}

/*
 * EEVDF: vCPU 2 has had 6000 more than the others, so that vCPU 0 could keep its turn. It yields:
 * its deadline is 6000 instead of 3000, and vCPU 1, whose 3000 is the earliest, goes first.
 */
static void test_stands_back(void)
{
	static const uint64_t pins[] = { 0, 0, 0 };
	struct rig *rig = spin_rig(1, KERNEL(6, 6));
	struct vm *vm = spin_build(rig, pins, 3, 1);
	struct sched_entity *other = &vm->vcpus[2]->thread.se;

	other->vruntime_ps += 6000 * PS_PER_NS;
	other->deadline_ps += 6000 * PS_PER_NS;
	rig_show(rig, POINT_SWITCH);
	rig_run(rig, 700);
	rig_expect(rig, "623 p0 switches t0>t1\n");
	sched_end(rig);
}

/*
 * vCPU 2 waits behind vCPU 1 on pCPU 1, another thread (t3) behind vCPU 0. Two vCPUs are looked at
 * (4), both queues are locked (5), pCPU 1 gets an IPI (2 + 50): vCPU 1 exits, hardirq 30, schedule
 * 10, put 11, switch 20, load 13, entry 200. vCPU 0 gives way to t3.
 */
static void test_other_queue(void)
{
	static const uint64_t pins[] = { 0, 1, 1 };
	static const struct step computes[] = { DO(9000), END };
	struct rig *rig = spin_rig(2, KERNEL(6, 5));

	spin_build(rig, pins, 3, 2);
	script_start(rig, 0, 0, computes);
	rig_run(rig, 499);
	spin_show(rig);
	rig_run(rig, 1100);
	rig_expect(rig, "500 v0 entry\n"
		   "500 v0 exit pause\n"
		   "627 p0 switches t0>t3\n"
		   "638 v0>p0 put 1\n"
		   "667 p1 arrives reschedule\n"
		   "667 v1 exit irq\n"
		   "807 p1 switches t1>t2\n"
		   "818 v1>p1 put 1\n"
		   "851 v2>p1 load\n"
		   "1051 v2 entry\n"
		   "1051 v2 handled #0\n");
	sched_end(rig);
}

/*
 * vCPU 1 runs on pCPU 1: there is nobody to yield to, after both were looked at (4). vCPU 0 goes
 * back (200) and finds its flag, which vCPU 1 has set at 682: kick 302, IPI 352, exit, hardirq,
 * entry.
 */
static void test_nobody(void)
{
	static const uint64_t pins[] = { 0, 1 };
	static const struct step computes[] = { DO(9000), END };
	struct rig *rig = spin_rig(2, KERNEL(6, 5));

	spin_build(rig, pins, 2, 1);
	script_start(rig, 0, 0, computes);
	rig_run(rig, 201);
	spin_show(rig);
	rig_run(rig, 1100);
	rig_expect(rig, "352 p1 arrives reschedule\n"
		   "352 v1 exit irq\n"
		   "502 v0 entry\n"
		   "502 v0 exit pause\n"
		   "682 v1 entry\n"
		   "682 v1 handled #0\n"
		   "812 v0 entry\n"
		   "812 v0>v1 acked #0\n");
	sched_end(rig);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/timeline/spin/same-queue", test_same_queue);
	g_test_add_func("/timeline/spin/favours", test_favours);
	g_test_add_func("/timeline/spin/stands-back", test_stands_back);
	g_test_add_func("/timeline/spin/other-queue", test_other_queue);
	g_test_add_func("/timeline/spin/nobody", test_nobody);
	return g_test_run();
}
