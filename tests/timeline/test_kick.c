/*
 * The kick, k1-k6, and the races between a kicker and a vCPU on its way into or out of its guest.
 *
 * An exit takes 100, an entry 200, the IPI flies 50. All senders walk for no time.
 */
#include "tests/support/rig.h"

static struct rig *kick_rig(uint32_t nr_pcpus)
{
	struct rig *rig = rig_new(nr_pcpus);

	rig_cost(rig, C_VM_EXIT, 100);
	rig_cost(rig, C_VM_ENTRY, 200);
	rig_cost(rig, C_IPI_FLIGHT, 50);
	return rig;
}

static void kick_start(struct rig *rig)
{
	rig_build(rig);
	rig_vm(rig, rig->config.nr_pcpus, "linear-walk");
	rig_settle(rig);
	rig_show(rig, POINT_QUEUED);
	rig_show(rig, POINT_KICK);
	rig_show(rig, POINT_IPI);
	rig_show(rig, POINT_HARDIRQ);
	rig_show(rig, POINT_ENTRY);
	rig_show(rig, POINT_ENTRY_ABORTED);
	rig_show(rig, POINT_EXIT);
	rig_show(rig, POINT_INJECTED);
	rig_show(rig, POINT_HANDLED);
}

static void kick_end(struct rig *rig)
{
	rig_check(rig);
	rig_free(rig);
}

/*
 * The target is in its guest. k1 fetches the line of mode and requests and sets a bit (40 + 5), k2
 * looks whether the thread sleeps (3), k4 has the line (5), k5 writes the IPI (4), which arrives 50
 * later.
 */
static void test_in_guest(void)
{
	struct rig *rig = kick_rig(2);

	rig_cost(rig, C_CACHELINE_TRANSFER_GROUP, 40);
	rig_cost(rig, C_WAKE_CHECK, 3);
	rig_cost(rig, C_ATOMIC_RMW, 5);
	rig_cost(rig, C_IPI_SEND, 4);
	kick_start(rig);
	rig_send(rig, 0, 0, 1);
	rig_run(rig, 250);
	rig_expect(rig, "0 v0 exit sgi\n"
		   "100 v0>v1 queued #0\n"
		   "157 p0>v1 kick ipi\n"
		   "207 p1 arrives reschedule\n"
		   "207 v1 exit irq\n");
	kick_end(rig);
}

/* The second kick in one stay finds EXITING: one IPI for two interrupts. */
static void test_twice_in_one_stay(void)
{
	struct rig *rig = kick_rig(3);

	kick_start(rig);
	rig_send(rig, 0, 0, 1);
	rig->ipi.intid = 1;
	rig_send(rig, 40, 2, 1);
	rig_run(rig, 100000);
	rig_expect(rig, "0 v0 exit sgi\n"
		   "40 v2 exit sgi\n"
		   "100 v0>v1 queued #0\n"
		   "100 p0>v1 kick ipi\n"
		   "140 v2>v1 queued #1\n"
		   "140 p2>v1 kick exiting\n"
		   "150 p1 arrives reschedule\n"
		   "150 v1 exit irq\n"
		   "250 p1 hardirq reschedule\n"
		   "250 v1 injected #0\n"
		   "250 v1 injected #1\n"
		   "300 v0 entry\n"
		   "340 v2 entry\n"
		   "450 v1 entry\n"
		   "450 v1 handled #0\n"
		   "450 v1 handled #1\n");
	kick_end(rig);
}

/*
 * The target is in the host (a trap of its own, decoded for 1000): no IPI, its next entry looks. It
 * fetches 5 lines (40 each) that the kicker has written: requests, twice (to read, to clear), the
 * head of its AP list, twice, and the interrupt.
 */
static void test_outside(void)
{
	struct rig *rig = kick_rig(3);

	rig_cost(rig, C_SYSREG_DECODE, 1000);
	rig_cost(rig, C_CACHELINE_TRANSFER_GROUP, 40);
	kick_start(rig);
	rig_send(rig, 0, 0, 1);
	rig_send(rig, 200, 1, 2);
	rig_run(rig, 100000);
	rig_expect(rig, "0 v0 exit sgi\n"
		   "200 v1 exit sgi\n"
		   "1100 v0>v1 queued #0\n"
		   "1140 p0>v1 kick outside\n"
		   "1300 v1>v2 queued #1\n"
		   "1340 v0 entry\n"
		   "1340 p1>v2 kick ipi\n"
		   "1390 p2 arrives reschedule\n"
		   "1390 v2 exit irq\n"
		   "1540 v1 injected #0\n"
		   "1650 p2 hardirq reschedule\n"
		   "1650 v2 injected #1\n"
		   "1740 v1 entry\n"
		   "1740 v1 handled #0\n"
		   "1850 v2 entry\n"
		   "1850 v2 handled #1\n");
	kick_end(rig);
}

/*
 * Between k1 and k4 (k2 takes 200 here) vCPU 1 leaves its guest by itself and writes its mode: the
 * line (40) has to come back for k4, which then finds OUTSIDE. vCPU 1 pays for lines, too: of its
 * mode, of its AP list's head, of the interrupt.
 */
static void test_line_taken_away(void)
{
	struct rig *rig = kick_rig(3);

	rig_cost(rig, C_CACHELINE_TRANSFER_GROUP, 40);
	rig_cost(rig, C_WAKE_CHECK, 200);
	rig_cost(rig, C_SYSREG_DECODE, 100);
	kick_start(rig);
	rig_send(rig, 0, 0, 1);
	rig_send(rig, 150, 1, 2);
	rig_run(rig, 100000);
	rig_expect(rig, "0 v0 exit sgi\n"
		   "150 v1 exit sgi\n"
		   "200 v0>v1 queued #0\n"
		   "480 p0>v1 kick outside\n"
		   "510 v1>v2 queued #1\n"
		   "680 v0 entry\n"
		   "750 p1>v2 kick ipi\n"
		   "800 p2 arrives reschedule\n"
		   "800 v2 exit irq\n"
		   "830 v1 injected #0\n"
		   "1030 v1 entry\n"
		   "1030 v1 handled #0\n"
		   "1060 p2 hardirq reschedule\n"
		   "1060 v2 injected #1\n"
		   "1260 v2 entry\n"
		   "1260 v2 handled #1\n");
	kick_end(rig);
}

/* k3: the kicker is the target's own thread. */
static void test_self(void)
{
	struct rig *rig = kick_rig(2);

	kick_start(rig);
	rig_send(rig, 0, 1, 1);
	rig_run(rig, 100000);
	rig_expect(rig, "0 v1 exit sgi\n"
		   "100 v1>v1 queued #0\n"
		   "100 p1>v1 kick self\n"
		   "100 v1 injected #0\n"
		   "300 v1 entry\n"
		   "300 v1 handled #0\n");
	kick_end(rig);
}

/*
 * k6: vCPU 1 flushes #0 and #1, 500 each. #2 (INTID 0 again) is latched and its request set while
 * the second one is being flushed: no IPI, but the entry is aborted after the mode store. Its sync
 * folds #2 into #0, which had not been handled.
 */
static void test_request_before_mode_store(void)
{
	struct rig *rig = kick_rig(3);

	rig_cost(rig, C_VGIC_FLUSH_LR, 500);
	kick_start(rig);
	rig_show(rig, POINT_COALESCED);
	rig_send(rig, 0, 0, 1);
	rig_send(rig, 700, 0, 1);
	rig->ipi.intid = 1;
	rig_send(rig, 20, 2, 1);
	rig_run(rig, 100000);
	rig_expect(rig, "0 v0 exit sgi\n"
		   "20 v2 exit sgi\n"
		   "100 v0>v1 queued #0\n"
		   "100 p0>v1 kick ipi\n"
		   "120 v2>v1 queued #1\n"
		   "120 p2>v1 kick exiting\n"
		   "150 p1 arrives reschedule\n"
		   "150 v1 exit irq\n"
		   "250 p1 hardirq reschedule\n"
		   "300 v0 entry\n"
		   "320 v2 entry\n"
		   "700 v0 exit sgi\n"
		   "750 v1 injected #0\n"
		   "800 v0>v1 queued #2\n"
		   "800 p0>v1 kick outside\n"
		   "1000 v0 entry\n"
		   "1250 v1 injected #1\n"
		   "1250 v1 entry-aborted\n"
		   "1250 v1 coalesced #2\n"
		   "1750 v1 injected #0\n"
		   "2250 v1 injected #1\n"
		   "2450 v1 entry\n"
		   "2450 v1 handled #0\n"
		   "2450 v1 handled #1\n");
	kick_end(rig);
}

/* After the mode store the same is an IPI: latched until the entry, which is an exit at once. */
static void test_request_after_mode_store(void)
{
	struct rig *rig = kick_rig(3);

	kick_start(rig);
	rig_send(rig, 0, 1, 2);
	rig_send(rig, 100, 0, 1);
	rig_run(rig, 100000);
	rig_expect(rig, "0 v1 exit sgi\n"
		   "100 v1>v2 queued #0\n"
		   "100 p1>v2 kick ipi\n"
		   "100 v0 exit sgi\n"
		   "150 p2 arrives reschedule\n"
		   "150 v2 exit irq\n"
		   "200 v0>v1 queued #1\n"
		   "200 p0>v1 kick ipi\n"
		   "250 p1 arrives reschedule\n"
		   "250 p2 hardirq reschedule\n"
		   "250 v2 injected #0\n"
		   "300 v1 entry\n"
		   "300 v1 exit irq\n"
		   "400 v0 entry\n"
		   "400 p1 hardirq reschedule\n"
		   "400 v1 injected #1\n"
		   "450 v2 entry\n"
		   "450 v2 handled #0\n"
		   "600 v1 entry\n"
		   "600 v1 handled #1\n");
	kick_end(rig);
}

/* vCPU 1 leaves its guest by itself while the IPI is under way: a hardirq in the host, no exit. */
static void test_late_ipi(void)
{
	struct rig *rig = kick_rig(3);

	kick_start(rig);
	rig_send(rig, 0, 0, 1);
	rig_send(rig, 120, 1, 2);
	rig_run(rig, 100000);
	rig_expect(rig, "0 v0 exit sgi\n"
		   "100 v0>v1 queued #0\n"
		   "100 p0>v1 kick ipi\n"
		   "120 v1 exit sgi\n"
		   "150 p1 arrives reschedule\n"
		   "220 p1 hardirq reschedule\n"
		   "220 v1>v2 queued #1\n"
		   "220 p1>v2 kick ipi\n"
		   "220 v1 injected #0\n"
		   "270 p2 arrives reschedule\n"
		   "270 v2 exit irq\n"
		   "300 v0 entry\n"
		   "370 p2 hardirq reschedule\n"
		   "370 v2 injected #1\n"
		   "420 v1 entry\n"
		   "420 v1 handled #0\n"
		   "570 v2 entry\n"
		   "570 v2 handled #1\n");
	kick_end(rig);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/timeline/kick/in-guest", test_in_guest);
	g_test_add_func("/timeline/kick/twice-in-one-stay", test_twice_in_one_stay);
	g_test_add_func("/timeline/kick/outside", test_outside);
	g_test_add_func("/timeline/kick/line-taken-away", test_line_taken_away);
	g_test_add_func("/timeline/kick/self", test_self);
	g_test_add_func("/timeline/kick/request-before-mode-store", test_request_before_mode_store);
	g_test_add_func("/timeline/kick/request-after-mode-store", test_request_after_mode_store);
	g_test_add_func("/timeline/kick/late-ipi", test_late_ipi);
	return g_test_run();
}
