/*
 * What guests do: send and wait, acknowledge, compute, and take up work that came while they were
 * busy. The workload is `ipi`, which begins at 0 with all guests entered.
 *
 * An exit takes 100, an entry 200 (so the first entries are at 200), the IPI of a kick flies 50.
 */
#include "tests/support/rig.h"

static const uint64_t ids[] = { 0, 1, 2, 3, 4 };

/* Senders from..from+nr_from-1, all to one vCPU. */
static struct rig *guest_rig(uint32_t nr_pcpus, uint32_t from, uint32_t nr_from, uint32_t to)
{
	struct rig *rig = rig_new(nr_pcpus);

	rig_cost(rig, C_VM_EXIT, 100);
	rig_cost(rig, C_VM_ENTRY, 200);
	rig_cost(rig, C_IPI_FLIGHT, 50);
	rig->ipi.from = (struct id_list){ .word = -1, .nr_ids = nr_from, .ids = &ids[from] };
	rig->ipi.to = (struct id_list){ .word = -1, .nr_ids = 1, .ids = &ids[to] };
	rig->ipi.count = 1;
	return rig;
}

static void guest_start(struct rig *rig)
{
	rig_build(rig);
	rig_vm(rig, rig->config.nr_pcpus, "linear-walk");
	rig_ipi(rig);
	rig_show(rig, POINT_RAISED);
	rig_show(rig, POINT_COALESCED);
	rig_show(rig, POINT_HANDLED);
	rig_show(rig, POINT_EOI);
	rig_show(rig, POINT_ACKED);
	rig_show(rig, POINT_WORK);
}

/* The sources have stopped: nothing is pending in the world, and no interrupt either. */
static void guest_end_drained(struct rig *rig)
{
	g_assert_cmpuint(event_queue_next(&rig->sim->queue)->time_ps, ==, PS_NEVER);
	g_assert_cmpuint(irq_count_pending(rig->host), ==, 0);
	g_assert_cmpuint(rig->host->life.nr_finished, ==, rig->host->life.nr_raised);
	rig_check(rig);
	rig_free(rig);
}

/*
 * A round trip. The sender is back in its guest at 540 and waits there. The handler's entry takes
 * 5, IAR 6, the flag's line 40, its work 300, EOI 7; the flag's line takes 40 back to the sender.
 */
static void test_round_trip(void)
{
	struct rig *rig = guest_rig(2, 0, 1, 1);

	rig_cost(rig, C_CACHELINE_TRANSFER_GROUP, 40);
	rig_cost(rig, C_GUEST_IRQ_ENTRY, 5);
	rig_cost(rig, C_GIC_IAR, 6);
	rig_cost(rig, C_GIC_EOI, 7);
	rig->ipi.handler_ps = 300 * PS_PER_NS;
	guest_start(rig);
	rig_show(rig, POINT_KICK);
	rig_show(rig, POINT_ENTRY);
	rig_run(rig, 100000);
	rig_expect(rig, "200 v0 entry\n"
		   "200 v1 entry\n"
		   "200 v0>v1 raised #0\n"
		   "340 p0>v1 kick ipi\n"
		   "540 v0 entry\n"
		   "850 v1 entry\n"
		   "855 v1 handled #0\n"
		   "941 v0>v1 acked #0\n"
		   "1208 v1 eoi #0\n");
	guest_end_drained(rig);
}

/* The same with the flag set before IAR is read: the sender sees it 6 earlier. */
static void test_ack_before_iar(void)
{
	struct rig *rig = guest_rig(2, 0, 1, 1);

	rig_cost(rig, C_CACHELINE_TRANSFER_GROUP, 40);
	rig_cost(rig, C_GUEST_IRQ_ENTRY, 5);
	rig_cost(rig, C_GIC_IAR, 6);
	rig_cost(rig, C_GIC_EOI, 7);
	rig->ipi.handler_ps = 300 * PS_PER_NS;
	rig->ipi.ack = IPI_ACK_FIRST;
	guest_start(rig);
	rig_run(rig, 100000);
	rig_expect(rig, "200 v0>v1 raised #0\n"
		   "855 v1 handled #0\n"
		   "935 v0>v1 acked #0\n"
		   "1208 v1 eoi #0\n");
	guest_end_drained(rig);
}

/* Three senders at once: #1 and #2 merge with #0, and its handler acknowledges to all three. */
static void test_acks_of_merged(void)
{
	struct rig *rig = guest_rig(4, 0, 3, 3);

	rig_cost(rig, C_VGIC_LATCH, 10);
	guest_start(rig);
	rig_run(rig, 100000);
	rig_expect(rig, "200 v0>v3 raised #0\n"
		   "200 v1>v3 raised #1\n"
		   "200 v2>v3 raised #2\n"
		   "320 v3 coalesced #1\n"
		   "330 v3 coalesced #2\n"
		   "680 v3 handled #0\n"
		   "680 v3 eoi #0\n"
		   "680 v0>v3 acked #0\n"
		   "680 v1>v3 acked #1\n"
		   "680 v2>v3 acked #2\n");
	guest_end_drained(rig);
}

/*
 * Four senders, a line takes 40: the handler of #0 sets the flags of four at 1140, 1180, 1220,
 * 1260. vCPU 0 sees its own at 1180 and has posted a new one, with #4, at 1220. The handler has
 * begun, so that flag is not for it: it ends at 1260, and the next one, of #4, sets it.
 */
static void test_acks_later(void)
{
	struct rig *rig = guest_rig(5, 0, 4, 4);

	rig_cost(rig, C_CACHELINE_TRANSFER_GROUP, 40);
	rig->ipi.count = 2;
	guest_start(rig);
	rig_run(rig, 100000);
	rig_expect(rig, "200 v0>v4 raised #0\n"
		   "200 v1>v4 raised #1\n"
		   "200 v2>v4 raised #2\n"
		   "200 v3>v4 raised #3\n"
		   "340 v4 coalesced #1\n"
		   "500 v4 coalesced #2\n"
		   "620 v4 coalesced #3\n"
		   "1100 v4 handled #0\n"
		   "1180 v0>v4 acked #0\n"
		   "1220 v0>v4 raised #4\n"
		   "1220 v1>v4 acked #1\n"
		   "1260 v4 eoi #0\n"
		   "1260 v1>v4 raised #5\n"
		   "1260 v2>v4 acked #2\n"
		   "1300 v2>v4 raised #6\n"
		   "1300 v3>v4 acked #3\n"
		   "1340 v3>v4 raised #7\n"
		   "1480 v4 coalesced #5\n"
		   "1640 v4 coalesced #6\n"
		   "1840 v4 coalesced #7\n"
		   "2240 v4 handled #4\n"
		   "2320 v0>v4 acked #4\n"
		   "2360 v1>v4 acked #5\n"
		   "2400 v4 eoi #4\n"
		   "2400 v2>v4 acked #6\n"
		   "2440 v3>v4 acked #7\n");
	guest_end_drained(rig);
}

/* The same for long: nobody starves, and each of a sender's flags needs a handler of its own. */
static void test_acks_starve_nobody(void)
{
	struct rig *rig = guest_rig(5, 0, 4, 4);

	rig_cost(rig, C_CACHELINE_TRANSFER_GROUP, 400);
	rig->ipi.count = 200;
	guest_start(rig);
	rig_run(rig, 10000000);
	g_assert_cmpuint(rig->counts[POINT_ACKED], ==, 800);
	g_assert_cmpuint(rig->host->life.nr_handled, >=, 200);
	g_assert_cmpuint(rig->host->nr_sources, ==, 0);
	guest_end_drained(rig);
}

/*
 * vCPU 0 sends INTID 1, vCPU 2 INTID 0, which is handled first: its handler acknowledges to vCPU 2
 * only. The other flag is set by the other handler, and is not lost when vCPU 2 posts behind it.
 */
static void test_acks_by_intid(void)
{
	struct rig *rig = guest_rig(3, 0, 1, 1);
	struct ipi_params other = rig->ipi;
	const struct workload_config config = { .name = "other", .ops = &workload_ipi,
						.params = &other };

	rig->ipi.intid = 1;
	rig->ipi.handler_ps = other.handler_ps = 50 * PS_PER_NS;
	other.from.ids = &ids[2];
	other.count = 2;
	guest_start(rig);
	workload_ipi.build(rig->host, rig->host->vms[0], &config);
	rig_run(rig, 100000);
	rig_expect(rig, "200 v0>v1 raised #0\n"
		   "200 v2>v1 raised #1\n"
		   "650 v1 handled #1\n"
		   "650 v2>v1 acked #1\n"
		   "650 v2>v1 raised #2\n"
		   "700 v1 eoi #1\n"
		   "700 v1 handled #0\n"
		   "700 v0>v1 acked #0\n"
		   "750 v1 eoi #0\n"
		   "1100 v1 handled #2\n"
		   "1100 v2>v1 acked #2\n"
		   "1150 v1 eoi #2\n");
	guest_end_drained(rig);
}

/* To itself: the handler runs before the code, which finds the flag set. */
static void test_self(void)
{
	struct rig *rig = guest_rig(1, 0, 1, 0);

	guest_start(rig);
	rig_run(rig, 100000);
	rig_expect(rig, "200 v0>v0 raised #0\n"
		   "500 v0 handled #0\n"
		   "500 v0 eoi #0\n"
		   "500 v0>v0 acked #0\n");
	guest_end_drained(rig);
}

/* count 3, gap 1000: each send is 1000 after the last acknowledgement; then it stops. */
static void test_gap_and_count(void)
{
	struct rig *rig = guest_rig(2, 0, 1, 1);

	rig->ipi.count = 3;
	rig->ipi.gap_ps = 1000 * PS_PER_NS;
	guest_start(rig);
	rig_run(rig, 100000);
	rig_expect(rig, "200 v0>v1 raised #0\n"
		   "650 v1 handled #0\n"
		   "650 v1 eoi #0\n"
		   "650 v0>v1 acked #0\n"
		   "1650 v0>v1 raised #1\n"
		   "2100 v1 handled #1\n"
		   "2100 v1 eoi #1\n"
		   "2100 v0>v1 acked #1\n"
		   "3100 v0>v1 raised #2\n"
		   "3550 v1 handled #2\n"
		   "3550 v1 eoi #2\n"
		   "3550 v0>v1 acked #2\n");
	guest_end_drained(rig);
}

/* The benchmark's own 40 come before each write, and belong to what its clock sees. */
static void test_overhead(void)
{
	struct rig *rig = guest_rig(2, 0, 1, 1);

	rig->ipi.count = 2;
	rig->ipi.gap_ps = 1000 * PS_PER_NS;
	rig->ipi.overhead_ps = 40 * PS_PER_NS;
	guest_start(rig);
	rig_run(rig, 240);
	g_assert_cmpuint(rig->host->vcpus[0]->request.ahead_ps, ==, 40 * PS_PER_NS);
	rig_run(rig, 100000);
	rig_expect(rig, "240 v0>v1 raised #0\n"
		   "690 v1 handled #0\n"
		   "690 v1 eoi #0\n"
		   "690 v0>v1 acked #0\n"
		   "1730 v0>v1 raised #1\n"
		   "2180 v1 handled #1\n"
		   "2180 v1 eoi #1\n"
		   "2180 v0>v1 acked #1\n");
	guest_end_drained(rig);
}

/*
 * Open loop, 10 M/s: arrivals at 0, 100, 200, 300, but a send keeps the sender for 320 (exit,
 * decode, entry). The backlog is sent back to back; each is raised when the guest writes it, and
 * kicks the target out of its guest just after it has handled the one before.
 */
static void test_backlog(void)
{
	struct rig *rig = guest_rig(2, 0, 1, 1);

	rig->ipi.process = IPI_CONSTANT;
	rig_cost(rig, C_SGI_DECODE, 20);
	rig->ipi.rate_per_s = 10000000;
	rig->ipi.count = 4;
	guest_start(rig);
	rig_run(rig, 100000);
	rig_expect(rig, "200 v0>v1 raised #0\n"
		   "520 v0>v1 raised #1\n"
		   "670 v1 handled #0\n"
		   "670 v1 eoi #0\n"
		   "840 v0>v1 raised #2\n"
		   "990 v1 handled #1\n"
		   "990 v1 eoi #1\n"
		   "1160 v0>v1 raised #3\n"
		   "1310 v1 handled #2\n"
		   "1310 v1 eoi #2\n"
		   "1630 v1 handled #3\n"
		   "1630 v1 eoi #3\n");
	guest_end_drained(rig);
}

/* Two constant senders begin half an interval apart, so that they do not meet. */
static void test_constant_phase(void)
{
	struct rig *rig = guest_rig(3, 0, 2, 2);

	rig->ipi.process = IPI_CONSTANT;
	rig->ipi.rate_per_s = 100000;
	rig->ipi.count = 2;
	guest_start(rig);
	rig_show(rig, POINT_RAISED);
	rig_run(rig, 100000);
	rig_expect(rig, "200 v0>v2 raised #0\n"
		   "650 v2 handled #0\n"
		   "650 v2 eoi #0\n"
		   "5000 v1>v2 raised #1\n"
		   "5450 v2 handled #1\n"
		   "5450 v2 eoi #1\n"
		   "10000 v0>v2 raised #2\n"
		   "10450 v2 handled #2\n"
		   "10450 v2 eoi #2\n"
		   "15000 v1>v2 raised #3\n"
		   "15450 v2 handled #3\n"
		   "15450 v2 eoi #3\n");
	guest_end_drained(rig);
}

/*
 * The receiver computes pieces of 1000 from its entry at 200. The interrupt's exit, entry and
 * handler (350) stretch the piece that they fall into, and no other.
 */
static void test_compute(void)
{
	struct rig *rig = guest_rig(2, 0, 1, 1);

	rig->ipi.receiver = IPI_COMPUTE;
	rig->ipi.work_ps = 1000 * PS_PER_NS;
	rig->ipi.handler_ps = 50 * PS_PER_NS;
	guest_start(rig);
	rig_run(rig, 3700);
	rig_expect(rig, "200 v0>v1 raised #0\n"
		   "650 v1 handled #0\n"
		   "650 v0>v1 acked #0\n"
		   "700 v1 eoi #0\n"
		   "1550 v1 work 1\n"
		   "1650 v0 work 1\n"
		   "2550 v1 work 2\n"
		   "2650 v0 work 2\n"
		   "3550 v1 work 3\n"
		   "3650 v0 work 3\n");
	rig_check(rig);
	rig_free(rig);
}

/*
 * A sender that computes, from 500: the arrival at 1000 cuts its piece, which goes on after the
 * send, at 1300, with the 500 that are left. The arrival at 0 is sent before any work.
 */
static void test_compute_and_send(void)
{
	struct rig *rig = guest_rig(2, 0, 1, 1);

	rig->ipi.receiver = IPI_COMPUTE;
	rig->ipi.work_ps = 1000 * PS_PER_NS;
	rig->ipi.process = IPI_CONSTANT;
	rig->ipi.rate_per_s = 1000000;
	rig->ipi.count = 2;
	guest_start(rig);
	rig_show(rig, POINT_ENTRY);
	rig_run(rig, 3000);
	rig_expect(rig, "200 v0 entry\n"
		   "200 v1 entry\n"
		   "200 v0>v1 raised #0\n"
		   "500 v0 entry\n"
		   "650 v1 entry\n"
		   "650 v1 handled #0\n"
		   "650 v1 eoi #0\n"
		   "1000 v0>v1 raised #1\n"
		   "1300 v0 entry\n"
		   "1450 v1 entry\n"
		   "1450 v1 handled #1\n"
		   "1450 v1 eoi #1\n"
		   "1800 v0 work 1\n"
		   "1800 v1 work 1\n"
		   "2800 v0 work 2\n"
		   "2800 v1 work 2\n");
	rig_check(rig);
	rig_free(rig);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/timeline/guest/round-trip", test_round_trip);
	g_test_add_func("/timeline/guest/ack-before-iar", test_ack_before_iar);
	g_test_add_func("/timeline/guest/acks-of-merged", test_acks_of_merged);
	g_test_add_func("/timeline/guest/acks-later", test_acks_later);
	g_test_add_func("/timeline/guest/acks-starve-nobody", test_acks_starve_nobody);
	g_test_add_func("/timeline/guest/acks-by-intid", test_acks_by_intid);
	g_test_add_func("/timeline/guest/self", test_self);
	g_test_add_func("/timeline/guest/gap-and-count", test_gap_and_count);
	g_test_add_func("/timeline/guest/overhead", test_overhead);
	g_test_add_func("/timeline/guest/backlog", test_backlog);
	g_test_add_func("/timeline/guest/constant-phase", test_constant_phase);
	g_test_add_func("/timeline/guest/compute", test_compute);
	g_test_add_func("/timeline/guest/compute-and-send", test_compute_and_send);
	return g_test_run();
}
