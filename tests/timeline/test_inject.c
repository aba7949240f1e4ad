/*
 * One injection's two lock sections, the instant between them, and who waits for whom.
 *
 * An exit takes 100, an entry 200, the IPI of a kick flies 50; the rest takes no time unless the
 * test says so. The interrupts are INTID 0 unless a test says so. vCPU 1 has ap_list_lock 1; the
 * irq_lock of its INTID 0 is the first that is made, 0, and that of INTID 1 is 1.
 */
#include "tests/support/script.h"

static struct rig *inject_rig(uint32_t nr_pcpus)
{
	struct rig *rig = rig_new(nr_pcpus);

	rig_cost(rig, C_VM_EXIT, 100);
	rig_cost(rig, C_VM_ENTRY, 200);
	rig_cost(rig, C_IPI_FLIGHT, 50);
	return rig;
}

static void inject_start(struct rig *rig)
{
	rig_build(rig);
	rig_vm(rig, rig->config.nr_pcpus, "linear-walk");
	rig_settle(rig);
}

static void inject_end(struct rig *rig)
{
	rig_check(rig);
	rig_free(rig);
}

static void show_locks(struct rig *rig)
{
	for (int point = POINT_LOCK_WAIT; point <= POINT_LOCK_RELEASED; point++)
		rig_show(rig, (enum point)point);
}

/* What becomes of the interrupts, but for the routes. */
static void show_lives(struct rig *rig)
{
	static const enum point points[] = {
		POINT_RAISED,	POINT_QUEUED, POINT_COALESCED, POINT_NOTIFIED, POINT_INJECTED,
		POINT_HANDLED,	POINT_EOI,    POINT_ENTRY,     POINT_EXIT,     POINT_KICK,
		POINT_HARDIRQ,
	};

	for (size_t i = 0; i < G_N_ELEMENTS(points); i++)
		rig_show(rig, points[i]);
}

/*
 * After its EOI #0 stays on the AP list until vCPU 1 exits. So the sender of #1 finds the INTID
 * queued and takes its irq_lock only. vCPU 1 takes both: to prune, to flush; and to fold (3250).
 */
static void test_kept_on_ap_list(void)
{
	struct rig *rig = inject_rig(2);

	inject_start(rig);
	rig_send(rig, 0, 0, 1);
	rig_show(rig, POINT_EOI);
	rig_show(rig, POINT_LOCK_ACQUIRED);
	rig_run(rig, 2000);
	rig_expect(rig, "100 p0 has irq_lock 0\n"
		   "100 p0 has ap_list_lock 1\n"
		   "100 p0 has irq_lock 0\n"
		   "250 p1 has ap_list_lock 1\n"
		   "250 p1 has irq_lock 0\n"
		   "250 p1 has ap_list_lock 1\n"
		   "250 p1 has irq_lock 0\n"
		   "450 v1 eoi #0\n");
	rig_send(rig, 3000, 0, 1);
	rig_run(rig, 10000);
	rig_expect(rig, "3100 p0 has irq_lock 0\n"
		   "3250 p1 has irq_lock 0\n"
		   "3250 p1 has ap_list_lock 1\n"
		   "3250 p1 has irq_lock 0\n"
		   "3250 p1 has ap_list_lock 1\n"
		   "3250 p1 has irq_lock 0\n"
		   "3450 v1 eoi #1\n");
	inject_end(rig);
}

/*
 * Two senders of one INTID at once: #1 merges with #0 while nobody has queued it yet. Both go for
 * the AP list, the second finds it queued, drops both locks and starts over.
 */
static void test_queue_window(void)
{
	struct rig *rig = inject_rig(3);

	rig_cost(rig, C_VGIC_LATCH, 20);
	inject_start(rig);
	rig_send(rig, 0, 0, 1);
	rig_send(rig, 10, 2, 1);
	rig_run(rig, 99);
	show_locks(rig);
	rig_show(rig, POINT_COALESCED);
	rig_run(rig, 150);
	rig_expect(rig, "100 p0 has irq_lock 0\n"
		   "110 p2>p0 waits for irq_lock 0\n"
		   "120 p0 leaves irq_lock 0\n"
		   "120 p0 has ap_list_lock 1\n"
		   "120 p0>p2 waits for irq_lock 0\n"
		   "120 p2 has irq_lock 0\n"
		   "140 v1 coalesced #1\n"
		   "140 p2 leaves irq_lock 0\n"
		   "140 p2>p0 waits for ap_list_lock 1\n"
		   "140 p0 has irq_lock 0\n"
		   "140 p0 leaves irq_lock 0\n"
		   "140 p0 leaves ap_list_lock 1\n"
		   "140 p2 has ap_list_lock 1\n"
		   "140 p2 has irq_lock 0\n"
		   "140 p2 leaves irq_lock 0\n"
		   "140 p2 leaves ap_list_lock 1\n"
		   "140 p2 has irq_lock 0\n"
		   "140 p2 leaves irq_lock 0\n");
	inject_end(rig);
}

/*
 * Two INTIDs are latched (20) side by side, each under its own irq_lock, but queued (50) one after
 * the other: the ap_list_lock is held all the time that C_VGIC_QUEUE takes.
 */
static void test_queue_contends(void)
{
	struct rig *rig = inject_rig(3);

	rig_cost(rig, C_VGIC_LATCH, 20);
	rig_cost(rig, C_VGIC_QUEUE, 50);
	inject_start(rig);
	rig_send(rig, 0, 0, 1);
	rig->ipi.intid = 1;
	rig_send(rig, 10, 2, 1);
	show_locks(rig);
	rig_show(rig, POINT_QUEUED);
	rig_run(rig, 300);
	rig_expect(rig, "100 p0 has irq_lock 0\n"
		   "110 p2 has irq_lock 1\n"
		   "120 p0 leaves irq_lock 0\n"
		   "120 p0 has ap_list_lock 1\n"
		   "120 p0 has irq_lock 0\n"
		   "130 p2 leaves irq_lock 1\n"
		   "130 p2>p0 waits for ap_list_lock 1\n"
		   "170 p0 leaves irq_lock 0\n"
		   "170 p0 leaves ap_list_lock 1\n"
		   "170 v0>v1 queued #0\n"
		   "170 p2 has ap_list_lock 1\n"
		   "170 p2 has irq_lock 1\n"
		   "220 p2 leaves irq_lock 1\n"
		   "220 p2 leaves ap_list_lock 1\n"
		   "220 v2>v1 queued #1\n");
	inject_end(rig);
}

/*
 * A host interrupt makes vCPU 1 exit at 1000; #0 is on its AP list for nothing any more. From 1100
 * it is pruned (50) under ap_list_lock and irq_lock: who has latched another INTID waits for that.
 * The flush of vCPU 1's next entry comes after it.
 */
static void test_prune_contends(void)
{
	struct rig *rig = inject_rig(3);

	rig_cost(rig, C_VGIC_PRUNE, 50);
	inject_start(rig);
	rig_send(rig, 0, 0, 1);
	rig->ipi.intid = 1;
	rig_send(rig, 1010, 2, 1);
	script_raise(rig, 1000, 1, PCPU_IRQ_RESCHEDULE);
	rig_run(rig, 1000);
	show_locks(rig);
	rig_show(rig, POINT_QUEUED);
	rig_run(rig, 1150);
	rig_expect(rig, "1100 p1 has irq_lock 0\n"
		   "1100 p1 leaves irq_lock 0\n"
		   "1100 p1 has ap_list_lock 1\n"
		   "1100 p1 has irq_lock 0\n"
		   "1110 p2 has irq_lock 1\n"
		   "1110 p2 leaves irq_lock 1\n"
		   "1110 p2>p1 waits for ap_list_lock 1\n"
		   "1150 p1 leaves irq_lock 0\n"
		   "1150 p1 leaves ap_list_lock 1\n"
		   "1150 p2 has ap_list_lock 1\n"
		   "1150 p2 has irq_lock 1\n"
		   "1150 p2 leaves irq_lock 1\n"
		   "1150 p2 leaves ap_list_lock 1\n"
		   "1150 v2>v1 queued #1\n"
		   "1150 p1 has ap_list_lock 1\n"
		   "1150 p1 has irq_lock 1\n"
		   "1150 p1 leaves irq_lock 1\n"
		   "1150 p1 leaves ap_list_lock 1\n");
	inject_end(rig);
}

/* The tail is #0, whose line vCPU 1 has written: to append behind it takes 40, as the lock does. */
static void test_queue_writes_tail(void)
{
	struct rig *rig = inject_rig(3);

	rig_cost(rig, C_CACHELINE_TRANSFER_GROUP, 40);
	inject_start(rig);
	rig_send(rig, 0, 0, 1);
	rig->ipi.intid = 1;
	rig_send(rig, 20000, 2, 1);
	rig_run(rig, 20000);
	show_locks(rig);
	rig_show(rig, POINT_QUEUED);
	rig_run(rig, 20190);
	rig_expect(rig, "20100 p2 has irq_lock 1\n"
		   "20100 p2 leaves irq_lock 1\n"
		   "20140 p2 has ap_list_lock 1\n"
		   "20140 p2 has irq_lock 1\n"
		   "20180 p2 leaves irq_lock 1\n"
		   "20180 p2 leaves ap_list_lock 1\n"
		   "20180 v2>v1 queued #1\n");
	inject_end(rig);
}

/* A device's handler that takes 2000. */
static enum flow slow_device_path(struct path *p, void *frame)
{
	(void)frame;
	PATH_BEGIN(p);
	SPEND(2000 * PS_PER_NS);
	DONE(0);
	PATH_END(p);
}

/*
 * The sender of #0 has latched it (20) and is then held up between the locks by a device's hardirq.
 * Meanwhile #1 merges with it, is queued and kicks; #0 is handled, and pruned at the exit of 1000.
 * Back at 2120 its sender finds nothing to deliver, starts over, and kicks nobody.
 */
static void test_consumed_in_window(void)
{
	struct device_irq device = { .handler = slow_device_path };
	struct rig *rig = inject_rig(3);

	rig_cost(rig, C_VGIC_LATCH, 20);
	inject_start(rig);
	rig_send(rig, 0, 0, 1);
	rig_send(rig, 50, 2, 1);
	script_raise_device(rig, 110, 0, &device);
	script_raise(rig, 1000, 1, PCPU_IRQ_RESCHEDULE);
	show_lives(rig);
	rig_run(rig, 10000);
	rig_expect(rig, "0 v0>v1 raised #0\n"
		   "0 v0 exit sgi\n"
		   "50 v2>v1 raised #1\n"
		   "50 v2 exit sgi\n"
		   "120 p0 hardirq device\n"
		   "170 v1 coalesced #1\n"
		   "170 p2>v1 kick ipi\n"
		   "170 v2>v1 notified #1\n"
		   "220 v1 exit irq\n"
		   "320 p1 hardirq reschedule\n"
		   "320 v1 injected #0\n"
		   "370 v2 entry\n"
		   "520 v1 entry\n"
		   "520 v1 handled #0\n"
		   "520 v1 eoi #0\n"
		   "1000 v1 exit irq\n"
		   "1100 p1 hardirq reschedule\n"
		   "1300 v1 entry\n"
		   "2120 v0>v1 queued #0\n"
		   "2120 v0>v1 notified #0\n"
		   "2320 v0 entry\n");
	inject_end(rig);
}

/*
 * An injection runs with irqs off but for one instant between its two lock sections, here 60 and 40
 * long. Of the IPIs to the sender's pCPU, that of 150 is served there and that of 210 after it, and
 * the second target of the broadcast waits for both.
 */
static void test_irqs_off(void)
{
	struct rig *rig = inject_rig(3);

	rig_cost(rig, C_VGIC_LATCH, 60);
	rig_cost(rig, C_VGIC_QUEUE, 40);
	rig_cost(rig, C_HOST_IRQ, 30);
	inject_start(rig);
	rig_send_request(rig, 0, 0, (struct sgi_request){ .broadcast = true });
	script_raise(rig, 150, 0, PCPU_IRQ_RESCHEDULE);
	script_raise(rig, 210, 0, PCPU_IRQ_RESCHEDULE);
	rig_show(rig, POINT_ROUTED);
	rig_show(rig, POINT_QUEUED);
	rig_show(rig, POINT_HARDIRQ);
	rig_run(rig, 270);
	rig_expect(rig, "100 v0>v1 routed #0\n"
		   "160 p0 hardirq reschedule\n"
		   "230 v0>v1 queued #0\n"
		   "230 p0 hardirq reschedule\n"
		   "260 v0>v2 routed #1\n");
	inject_end(rig);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/timeline/inject/kept-on-ap-list", test_kept_on_ap_list);
	g_test_add_func("/timeline/inject/queue-window", test_queue_window);
	g_test_add_func("/timeline/inject/queue-contends", test_queue_contends);
	g_test_add_func("/timeline/inject/prune-contends", test_prune_contends);
	g_test_add_func("/timeline/inject/queue-writes-tail", test_queue_writes_tail);
	g_test_add_func("/timeline/inject/consumed-in-window", test_consumed_in_window);
	g_test_add_func("/timeline/inject/irqs-off", test_irqs_off);
	return g_test_run();
}
