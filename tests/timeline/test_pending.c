/*
 * The pending test of a vCPU: what counts, under which locks, who waits for it.
 *
 * A device of the idle pCPU 2 asks about vCPU 1; the test takes 30 under ap_list_lock. An exit
 * takes 100, the IPI of a kick flies 50. vCPU 1 has ap_list_lock 1; irq_lock 0 is made first.
 */
#include "tests/support/script.h"

static struct rig *pending_rig(void)
{
	struct rig *rig = rig_new(3);

	rig_cost(rig, C_VM_EXIT, 100);
	rig_cost(rig, C_VGIC_PENDING, 30);
	rig_cost(rig, C_IPI_FLIGHT, 50);
	return rig;
}

static void pending_start(struct rig *rig)
{
	rig_build(rig);
	rig_vm(rig, 2, "linear-walk");
	rig_settle(rig);
}

static void pending_end(struct rig *rig)
{
	rig_check(rig);
	rig_free(rig);
}

static enum flow ask_path(struct path *p, void *frame)
{
	struct device_handler *f = frame;
	struct rig *rig = f->device;

	PATH_BEGIN(p);
	rig_note(rig, "asks");
	CALL(vgic_pending, .vcpu = rig->host->vcpus[1]);
	rig_note(rig, p->ret == 1 ? "pending" : "nothing");
	DONE(0);
	PATH_END(p);
}

static void ask_at(struct rig *rig, uint64_t at_ns)
{
	struct device_irq *device = ARENA_NEW(rig->arena, struct device_irq);

	*device = (struct device_irq){ .handler = ask_path, .device = rig };
	script_raise_device(rig, at_ns, 2, device);
}

static void show_locks(struct rig *rig)
{
	for (int point = POINT_LOCK_WAIT; point <= POINT_LOCK_RELEASED; point++)
		rig_show(rig, (enum point)point);
}

/* No interrupt was ever sent: one lock, no entry. */
static void test_empty(void)
{
	struct rig *rig = pending_rig();

	pending_start(rig);
	ask_at(rig, 0);
	show_locks(rig);
	rig_run(rig, 1000);
	rig_expect(rig, "0 asks\n"
		   "0 p2 has ap_list_lock 1\n"
		   "30 p2 leaves ap_list_lock 1\n"
		   "30 nothing\n");
	pending_end(rig);
}

/*
 * #0 is on the list from 100 on. The second test is in the way of vCPU 1, which would prune the
 * list and put #0 into a list register at 250.
 */
static void test_pending(void)
{
	struct rig *rig = pending_rig();

	pending_start(rig);
	rig_send(rig, 0, 0, 1);
	ask_at(rig, 120);
	ask_at(rig, 230);
	rig_run(rig, 119);
	show_locks(rig);
	rig_show(rig, POINT_INJECTED);
	rig_run(rig, 1000);
	rig_expect(rig, "120 asks\n"
		   "120 p2 has ap_list_lock 1\n"
		   "150 p2 has irq_lock 0\n"
		   "150 p2 leaves irq_lock 0\n"
		   "150 p2 leaves ap_list_lock 1\n"
		   "150 pending\n"
		   "230 asks\n"
		   "230 p2 has ap_list_lock 1\n"
		   "250 p1>p2 waits for ap_list_lock 1\n"
		   "260 p2 has irq_lock 0\n"
		   "260 p2 leaves irq_lock 0\n"
		   "260 p2 leaves ap_list_lock 1\n"
		   "260 pending\n"
		   "260 p1 has ap_list_lock 1\n"
		   "260 p1 has irq_lock 0\n"
		   "260 p1 leaves irq_lock 0\n"
		   "260 p1 leaves ap_list_lock 1\n"
		   "260 p1 has ap_list_lock 1\n"
		   "260 p1 has irq_lock 0\n"
		   "260 v1 injected #0\n"
		   "260 p1 leaves irq_lock 0\n"
		   "260 p1 leaves ap_list_lock 1\n");
	pending_end(rig);
}

/*
 * vCPU 1 is in the handler of #0 (1000) when a host interrupt that takes 200 ends its stay at 600:
 * from 700 to 900 #0 is active, on the list, in no register. Active is not pending. (The hardirq
 * that asks takes 200, too, before it asks.)
 */
static void test_active_only(void)
{
	struct rig *rig = pending_rig();

	rig_cost(rig, C_HOST_IRQ, 200);
	rig->ipi.handler_ps = 1000 * PS_PER_NS;
	pending_start(rig);
	rig_send(rig, 0, 0, 1);
	script_raise(rig, 600, 1, PCPU_IRQ_RESCHEDULE);
	ask_at(rig, 520);
	rig_show(rig, POINT_HANDLED);
	rig_show(rig, POINT_ENTRY);
	rig_show(rig, POINT_EXIT);
	rig_run(rig, 2000);
	rig_expect(rig, "0 v0 exit sgi\n"
		   "100 v0 entry\n"
		   "150 v1 exit irq\n"
		   "450 v1 entry\n"
		   "450 v1 handled #0\n"
		   "600 v1 exit irq\n"
		   "720 asks\n"
		   "750 nothing\n"
		   "900 v1 entry\n");
	pending_end(rig);
}

/* #1 of the same INTID is latched while #0 is active: it cannot be taken yet. */
static void test_pending_and_active(void)
{
	struct rig *rig = pending_rig();

	rig_cost(rig, C_HOST_IRQ, 200);
	rig->ipi.handler_ps = 1000 * PS_PER_NS;
	pending_start(rig);
	rig_send(rig, 0, 0, 1);
	script_raise(rig, 600, 1, PCPU_IRQ_RESCHEDULE);
	rig_send(rig, 605, 0, 1);
	ask_at(rig, 520);
	rig_run(rig, 600);
	rig_show(rig, POINT_QUEUED);
	rig_show(rig, POINT_INJECTED);
	rig_run(rig, 1000);
	rig_expect(rig, "705 v0>v1 queued #1\n"
		   "720 asks\n"
		   "750 nothing\n"
		   "900 v1 injected #1\n");
	pending_end(rig);
}

/* Behind #0, which is active, #1 of another INTID has come: the test looks at both. */
static void test_active_then_pending(void)
{
	struct rig *rig = pending_rig();

	rig_cost(rig, C_HOST_IRQ, 200);
	rig->ipi.handler_ps = 1000 * PS_PER_NS;
	pending_start(rig);
	rig_send(rig, 0, 0, 1);
	script_raise(rig, 600, 1, PCPU_IRQ_RESCHEDULE);
	rig->ipi.intid = 1;
	rig_send(rig, 605, 0, 1);
	ask_at(rig, 520);
	rig_run(rig, 719);
	show_locks(rig);
	rig_run(rig, 760);
	rig_expect(rig, "720 asks\n"
		   "720 p2 has ap_list_lock 1\n"
		   "750 p2 has irq_lock 0\n"
		   "750 p2 leaves irq_lock 0\n"
		   "750 p2 has irq_lock 1\n"
		   "750 p2 leaves irq_lock 1\n"
		   "750 p2 leaves ap_list_lock 1\n"
		   "750 pending\n");
	pending_end(rig);
}

/* The sender of #0 waits for the test; the next test waits for the sender of #1, and sees #0. */
static void test_contends(void)
{
	struct rig *rig = pending_rig();

	rig_cost(rig, C_VGIC_QUEUE, 40);
	pending_start(rig);
	rig_send(rig, 0, 0, 1);
	ask_at(rig, 90);
	ask_at(rig, 125);
	show_locks(rig);
	rig_show(rig, POINT_QUEUED);
	rig_run(rig, 200);
	rig_expect(rig, "90 asks\n"
		   "90 p2 has ap_list_lock 1\n"
		   "100 p0 has irq_lock 0\n"
		   "100 p0 leaves irq_lock 0\n"
		   "100 p0>p2 waits for ap_list_lock 1\n"
		   "120 p2 leaves ap_list_lock 1\n"
		   "120 nothing\n"
		   "120 p0 has ap_list_lock 1\n"
		   "120 p0 has irq_lock 0\n"
		   "125 asks\n"
		   "125 p2>p0 waits for ap_list_lock 1\n"
		   "160 p0 leaves irq_lock 0\n"
		   "160 p0 leaves ap_list_lock 1\n"
		   "160 v0>v1 queued #0\n"
		   "160 p2 has ap_list_lock 1\n"
		   "190 p2 has irq_lock 0\n"
		   "190 p2 leaves irq_lock 0\n"
		   "190 p2 leaves ap_list_lock 1\n"
		   "190 pending\n");
	pending_end(rig);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/timeline/pending/empty", test_empty);
	g_test_add_func("/timeline/pending/pending", test_pending);
	g_test_add_func("/timeline/pending/active-only", test_active_only);
	g_test_add_func("/timeline/pending/pending-and-active", test_pending_and_active);
	g_test_add_func("/timeline/pending/active-then-pending", test_active_then_pending);
	g_test_add_func("/timeline/pending/contends", test_contends);
	return g_test_run();
}
