/*
 * The latch, the AP list and the list registers: where SGIs of one INTID merge, and who waits for
 * whom.
 *
 * An exit takes 100, an entry 200, the IPI of a kick flies 50; the rest takes no time unless the
 * test says so. The targets' interrupts are INTID 0 unless a test says so.
 */
#include "tests/support/script.h"

static struct rig *vgic_rig(uint32_t nr_pcpus)
{
	struct rig *rig = rig_new(nr_pcpus);

	rig_cost(rig, C_VM_EXIT, 100);
	rig_cost(rig, C_VM_ENTRY, 200);
	rig_cost(rig, C_IPI_FLIGHT, 50);
	return rig;
}

static void vgic_start(struct rig *rig)
{
	rig_build(rig);
	rig_vm(rig, rig->config.nr_pcpus, "linear-walk");
	rig_settle(rig);
}

/* What happens to the interrupts, and the target's entries and exits; not the sender's part. */
static void show_target(struct rig *rig)
{
	rig_show(rig, POINT_RAISED);
	rig_show(rig, POINT_QUEUED);
	rig_show(rig, POINT_COALESCED);
	rig_show(rig, POINT_INJECTED);
	rig_show(rig, POINT_HANDLED);
	rig_show(rig, POINT_EOI);
	rig_show(rig, POINT_KICK);
	rig_show(rig, POINT_ENTRY);
	rig_show(rig, POINT_ENTRY_ABORTED);
	rig_show(rig, POINT_EXIT);
}

static void vgic_end(struct rig *rig)
{
	rig_check(rig);
	rig_free(rig);
}

/* #1 finds the latch set and merges; its sender kicks all the same, and finds EXITING (k4). */
static void test_merge_at_latch(void)
{
	struct rig *rig = vgic_rig(3);

	vgic_start(rig);
	rig_send(rig, 0, 0, 1);
	rig_send(rig, 40, 2, 1);
	show_target(rig);
	rig_run(rig, 10000);
	rig_expect(rig, "0 v0>v1 raised #0\n"
		   "0 v0 exit sgi\n"
		   "40 v2>v1 raised #1\n"
		   "40 v2 exit sgi\n"
		   "100 v0>v1 queued #0\n"
		   "100 p0>v1 kick ipi\n"
		   "140 v1 coalesced #1\n"
		   "140 p2>v1 kick exiting\n"
		   "150 v1 exit irq\n"
		   "250 v1 injected #0\n"
		   "300 v0 entry\n"
		   "340 v2 entry\n"
		   "450 v1 entry\n"
		   "450 v1 handled #0\n"
		   "450 v1 eoi #0\n");
	vgic_end(rig);
}

/*
 * #0 is in a list register, the guest has not acknowledged it (its interrupt entry takes 1000); #1
 * is latched. The kick's exit folds both into one, and the handler goes on where it was.
 */
static void test_merge_at_fold(void)
{
	struct rig *rig = vgic_rig(3);

	rig_cost(rig, C_GUEST_IRQ_ENTRY, 1000);
	vgic_start(rig);
	rig_send(rig, 0, 0, 1);
	rig_send(rig, 800, 2, 1);
	show_target(rig);
	rig_run(rig, 10000);
	rig_expect(rig, "0 v0>v1 raised #0\n"
		   "0 v0 exit sgi\n"
		   "100 v0>v1 queued #0\n"
		   "100 p0>v1 kick ipi\n"
		   "150 v1 exit irq\n"
		   "250 v1 injected #0\n"
		   "300 v0 entry\n"
		   "450 v1 entry\n"
		   "800 v2>v1 raised #1\n"
		   "800 v2 exit sgi\n"
		   "900 v2>v1 queued #1\n"
		   "900 p2>v1 kick ipi\n"
		   "950 v1 exit irq\n"
		   "1050 v1 coalesced #1\n"
		   "1050 v1 injected #0\n"
		   "1100 v2 entry\n"
		   "1250 v1 entry\n"
		   "1750 v1 handled #0\n"
		   "1750 v1 eoi #0\n");
	vgic_end(rig);
}

/* #0 is active when #1 comes: the register becomes pending and active, and #1 is handled next. */
static void test_pending_and_active(void)
{
	struct rig *rig = vgic_rig(3);

	rig->ipi.handler_ps = 1000 * PS_PER_NS;
	vgic_start(rig);
	rig_send(rig, 0, 0, 1);
	rig_send(rig, 800, 2, 1);
	show_target(rig);
	rig_run(rig, 10000);
	rig_expect(rig, "0 v0>v1 raised #0\n"
		   "0 v0 exit sgi\n"
		   "100 v0>v1 queued #0\n"
		   "100 p0>v1 kick ipi\n"
		   "150 v1 exit irq\n"
		   "250 v1 injected #0\n"
		   "300 v0 entry\n"
		   "450 v1 entry\n"
		   "450 v1 handled #0\n"
		   "800 v2>v1 raised #1\n"
		   "800 v2 exit sgi\n"
		   "900 v2>v1 queued #1\n"
		   "900 p2>v1 kick ipi\n"
		   "950 v1 exit irq\n"
		   "1050 v1 injected #1\n"
		   "1100 v2 entry\n"
		   "1250 v1 entry\n"
		   "1750 v1 eoi #0\n"
		   "1750 v1 handled #1\n"
		   "2750 v1 eoi #1\n");
	vgic_end(rig);
}

/*
 * #0 is active when another INTID comes: its register is folded (60), it stays on the list, and
 * both are in registers again.
 */
static void test_active_stays(void)
{
	struct rig *rig = vgic_rig(3);

	rig_cost(rig, C_VGIC_FOLD_LR, 60);
	rig->ipi.handler_ps = 1000 * PS_PER_NS;
	vgic_start(rig);
	rig_send(rig, 0, 0, 1);
	rig->ipi.intid = 1;
	rig_send(rig, 800, 2, 1);
	show_target(rig);
	rig_run(rig, 10000);
	rig_expect(rig, "0 v0>v1 raised #0\n"
		   "0 v0 exit sgi\n"
		   "100 v0>v1 queued #0\n"
		   "100 p0>v1 kick ipi\n"
		   "150 v1 exit irq\n"
		   "250 v1 injected #0\n"
		   "300 v0 entry\n"
		   "450 v1 entry\n"
		   "450 v1 handled #0\n"
		   "800 v2>v1 raised #1\n"
		   "800 v2 exit sgi\n"
		   "900 v2>v1 queued #1\n"
		   "900 p2>v1 kick ipi\n"
		   "950 v1 exit irq\n"
		   "1100 v2 entry\n"
		   "1110 v1 injected #1\n"
		   "1310 v1 entry\n"
		   "1810 v1 eoi #0\n"
		   "1810 v1 handled #1\n"
		   "2810 v1 eoi #1\n");
	vgic_end(rig);
}

/*
 * Three INTIDs, two list registers: 3 and 2 are in, 1 is not, the underflow interrupt is asked
 * for. The lower INTID goes first; its EOI leaves one register valid, and that is an exit.
 */
static void test_maintenance(void)
{
	struct rig *rig = vgic_rig(4);

	rig_cost(rig, C_GUEST_IRQ_EXIT, 7);
	rig->vm_config.nr_list_registers = 2;
	vgic_start(rig);
	for (uint32_t from = 0; from < 3; from++) {
		rig->ipi.intid = 3 - from;
		rig_send(rig, from, from, 3);
	}
	rig_run(rig, 120);
	show_target(rig);
	rig_show(rig, POINT_HARDIRQ);
	rig_run(rig, 10000);
	rig_expect(rig, "150 v3 exit irq\n"
		   "250 p3 hardirq reschedule\n"
		   "250 v3 injected #0\n"
		   "250 v3 injected #1\n"
		   "300 v0 entry\n"
		   "301 v1 entry\n"
		   "302 v2 entry\n"
		   "450 v3 entry\n"
		   "450 v3 handled #1\n"
		   "450 v3 eoi #1\n"
		   "450 v3 exit irq\n"
		   "550 p3 hardirq maintenance\n"
		   "550 v3 injected #0\n"
		   "550 v3 injected #2\n"
		   "750 v3 entry\n"
		   "757 v3 handled #2\n"
		   "757 v3 eoi #2\n"
		   "764 v3 handled #0\n"
		   "764 v3 eoi #0\n");
	vgic_end(rig);
}

/*
 * Four INTIDs, three registers. After the first EOI a host interrupt makes the guest exit: now the
 * other three fit, and the underflow interrupt is not asked for any more.
 */
static void test_underflow_ends(void)
{
	struct rig *rig = vgic_rig(5);

	rig->vm_config.nr_list_registers = 3;
	rig->ipi.handler_ps = 100 * PS_PER_NS;
	vgic_start(rig);
	for (uint32_t from = 0; from < 4; from++) {
		rig->ipi.intid = from;
		rig_send(rig, from, from, 4);
	}
	script_raise(rig, 600, 4, PCPU_IRQ_RESCHEDULE);
	rig_run(rig, 303);
	show_target(rig);
	rig_show(rig, POINT_HARDIRQ);
	rig_run(rig, 10000);
	rig_expect(rig, "450 v4 entry\n"
		   "450 v4 handled #0\n"
		   "550 v4 eoi #0\n"
		   "550 v4 handled #1\n"
		   "600 v4 exit irq\n"
		   "700 p4 hardirq reschedule\n"
		   "700 v4 injected #2\n"
		   "700 v4 injected #3\n"
		   "900 v4 entry\n"
		   "950 v4 eoi #1\n"
		   "950 v4 handled #2\n"
		   "1050 v4 eoi #2\n"
		   "1050 v4 handled #3\n"
		   "1150 v4 eoi #3\n");
	vgic_end(rig);
}

/*
 * vCPU 1 flushes #0, 500 under its ap_list_lock. The sender of #1, another INTID, waits for the
 * lock, and then finds vCPU 1 on its way into the guest: the IPI is latched, the entry is for
 * nothing, and the next flush has two list registers to fill.
 */
static void test_flush_contends(void)
{
	struct rig *rig = vgic_rig(3);

	rig_cost(rig, C_VGIC_FLUSH_LR, 500);
	vgic_start(rig);
	rig_send(rig, 0, 0, 1);
	rig->ipi.intid = 1;
	rig_send(rig, 400, 2, 1);
	show_target(rig);
	rig_show(rig, POINT_LOCK_WAIT);
	rig_run(rig, 10000);
	rig_expect(rig, "0 v0>v1 raised #0\n"
		   "0 v0 exit sgi\n"
		   "100 v0>v1 queued #0\n"
		   "100 p0>v1 kick ipi\n"
		   "150 v1 exit irq\n"
		   "300 v0 entry\n"
		   "400 v2>v1 raised #1\n"
		   "400 v2 exit sgi\n"
		   "500 p2>p1 waits for ap_list_lock 1\n"
		   "750 v1 injected #0\n"
		   "750 v2>v1 queued #1\n"
		   "750 p2>v1 kick ipi\n"
		   "950 v1 entry\n"
		   "950 v1 exit irq\n"
		   "950 v2 entry\n"
		   "1550 v1 injected #0\n"
		   "2050 v1 injected #1\n"
		   "2250 v1 entry\n"
		   "2250 v1 handled #0\n"
		   "2250 v1 eoi #0\n"
		   "2250 v1 handled #1\n"
		   "2250 v1 eoi #1\n");
	vgic_end(rig);
}

/* Wherever the run stops, every interrupt is somewhere: latch, register, or on its way to them. */
static void test_conservation(void)
{
	struct rig *rig = vgic_rig(3);

	for (int id = 0; id < NR_COSTS; id++)
		rig_cost(rig, (enum cost_id)id, 20);
	vgic_start(rig);
	rig_send_request(rig, 0, 0, (struct sgi_request){ .broadcast = true });
	rig_send(rig, 0, 2, 1);
	for (uint64_t ns = 0; ns < 3000; ns += 5) {
		rig_run(rig, ns);
		rig_check_interrupts(rig);
	}
	g_assert_cmpuint(rig->host->life.nr_raised, ==, 3);
	g_assert_cmpuint(irq_count_pending(rig->host), ==, 0);
	vgic_end(rig);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/timeline/vgic/merge-at-latch", test_merge_at_latch);
	g_test_add_func("/timeline/vgic/merge-at-fold", test_merge_at_fold);
	g_test_add_func("/timeline/vgic/pending-and-active", test_pending_and_active);
	g_test_add_func("/timeline/vgic/active-stays", test_active_stays);
	g_test_add_func("/timeline/vgic/maintenance", test_maintenance);
	g_test_add_func("/timeline/vgic/underflow-ends", test_underflow_ends);
	g_test_add_func("/timeline/vgic/flush-contends", test_flush_contends);
	g_test_add_func("/timeline/vgic/conservation", test_conservation);
	return g_test_run();
}
