/*
 * x86 vCPUs: an IPI by the ICR to a vCPU that runs, exits, enters; merging, EOI, interrupt window.
 *
 * An exit takes 100, an entry 200, decoding the ICR 10, the map 5, an IRR 7, injecting 30, the IPI
 * flies 50. All guests spin.
 */
#include "tests/support/rig.h"

static struct rig *x86_rig(uint32_t nr_pcpus)
{
	struct rig *rig = rig_new(nr_pcpus);

	rig->config.arch = ARCH_X86;
	rig->ipi.vector = 251;
	rig_cost(rig, C_VM_EXIT, 100);
	rig_cost(rig, C_VM_ENTRY, 200);
	rig_cost(rig, C_ICR_DECODE, 10);
	rig_cost(rig, C_APIC_MAP, 5);
	rig_cost(rig, C_APIC_ACCEPT, 7);
	rig_cost(rig, C_APIC_INJECT, 30);
	rig_cost(rig, C_IPI_FLIGHT, 50);
	return rig;
}

static void x86_start(struct rig *rig)
{
	static const enum point points[] = {
		POINT_QUEUED, POINT_COALESCED, POINT_KICK, POINT_INJECTED, POINT_HANDLED, POINT_EOI,
		POINT_ENTRY, POINT_ENTRY_ABORTED, POINT_EXIT,
	};

	rig_build(rig);
	rig_vm(rig, rig->config.nr_pcpus, "apic-map");
	for (uint32_t i = 0; i < rig->host->nr_vcpus; i++)
		rig->host->vcpus[i]->guest.halts = false;
	rig_settle(rig);
	for (size_t i = 0; i < G_N_ELEMENTS(points); i++)
		rig_show(rig, points[i]);
}

static void x86_end(struct rig *rig)
{
	rig_check(rig);
	rig_free(rig);
}

/*
 * The target runs. The sender's exit (100), decoding (10) and map (5), the IRR (7), the kick's IPI
 * (50). The target's exit (100), injection (30), entry (200), its handler's first instruction (20),
 * and an EOI in memory (2), with no exit.
 */
static void test_running(void)
{
	struct rig *rig = x86_rig(2);

	rig_cost(rig, C_GUEST_IRQ_ENTRY, 20);
	rig_cost(rig, C_PV_EOI, 2);
	x86_start(rig);
	rig_show_interrupts(rig);
	rig_send(rig, 0, 0, 1);
	rig_run(rig, 2000);
	rig_expect(rig, "0 v0 request #0\n"
		   "0 v0>v1 raised #0\n"
		   "0 v0 exit icr-write\n"
		   "110 v0 dispatch\n"
		   "115 v0>v1 routed #0\n"
		   "122 v0>v1 queued #0\n"
		   "122 p0>v1 kick ipi\n"
		   "122 v0>v1 notified #0\n"
		   "122 v0 dispatch-end\n"
		   "172 v1 exit irq\n"
		   "302 v1 injected #0\n"
		   "322 v0 entry\n"
		   "502 v1 entry\n"
		   "522 v1 handled #0\n"
		   "524 v1 eoi #0\n");
	x86_end(rig);
}

/*
 * Two senders, one vector, one bit: the second finds it in the IRR at 152, while the IPI flies, and
 * kicks all the same: it finds the target on its way out.
 */
static void test_merge(void)
{
	struct rig *rig = x86_rig(3);

	x86_start(rig);
	rig_send(rig, 0, 0, 1);
	rig_send(rig, 30, 2, 1);
	rig_run(rig, 2000);
	rig_expect(rig, "0 v0 exit icr-write\n"
		   "30 v2 exit icr-write\n"
		   "122 v0>v1 queued #0\n"
		   "122 p0>v1 kick ipi\n"
		   "152 v1 coalesced #1\n"
		   "152 p2>v1 kick exiting\n"
		   "172 v1 exit irq\n"
		   "302 v1 injected #0\n"
		   "322 v0 entry\n"
		   "352 v2 entry\n"
		   "502 v1 entry\n"
		   "502 v1 handled #0\n"
		   "502 v1 eoi #0\n");
	x86_end(rig);
}

/*
 * Vectors 49 and 50 of one priority, from two vCPUs, are in the IRR before the target looks. 50 is
 * injected first; the host knows of another one, so its EOI (2) exits and is handled there (8).
 * 49 may come then, but interrupts are off: an exit at the end of the handler (15), and only then
 * it is injected.
 */
static void test_eoi_exit_and_window(void)
{
	struct rig *rig = x86_rig(3);

	rig_cost(rig, C_PV_EOI, 2);
	rig_cost(rig, C_APIC_EOI, 8);
	rig_cost(rig, C_IRQ_WINDOW, 6);
	rig_cost(rig, C_GUEST_IRQ_EXIT, 15);
	x86_start(rig);
	rig->ipi.vector = 49;
	rig_send(rig, 0, 0, 1);
	rig->ipi.vector = 50;
	rig_send(rig, 10, 2, 1);
	rig_run(rig, 5000);
	rig_expect(rig, "0 v0 exit icr-write\n"
		   "10 v2 exit icr-write\n"
		   "122 v0>v1 queued #0\n"
		   "122 p0>v1 kick ipi\n"
		   "132 v2>v1 queued #1\n"
		   "132 p2>v1 kick exiting\n"
		   "172 v1 exit irq\n"
		   "302 v1 injected #1\n"
		   "322 v0 entry\n"
		   "332 v2 entry\n"
		   "502 v1 entry\n"
		   "502 v1 handled #1\n"
		   "504 v1 exit eoi\n"
		   "612 v1 eoi #1\n"
		   "812 v1 entry\n"
		   "827 v1 exit irq-window\n"
		   "963 v1 injected #0\n"
		   "1163 v1 entry\n"
		   "1163 v1 handled #0\n"
		   "1165 v1 eoi #0\n");
	x86_end(rig);
}

/*
 * The second interrupt comes 600 after the first, into a handler of 1000 whose EOI is done: the
 * target exits, interrupts are off, so it goes on, and exits again when they are on.
 */
static void test_window(void)
{
	struct rig *rig = x86_rig(2);

	rig->ipi.handler_ps = 1000 * PS_PER_NS;
	x86_start(rig);
	rig_send(rig, 0, 0, 1);
	rig_send(rig, 600, 0, 1);
	rig_run(rig, 5000);
	rig_expect(rig, "0 v0 exit icr-write\n"
		   "122 v0>v1 queued #0\n"
		   "122 p0>v1 kick ipi\n"
		   "172 v1 exit irq\n"
		   "302 v1 injected #0\n"
		   "322 v0 entry\n"
		   "502 v1 entry\n"
		   "502 v1 handled #0\n"
		   "502 v1 eoi #0\n"
		   "600 v0 exit icr-write\n"
		   "722 v0>v1 queued #1\n"
		   "722 p0>v1 kick ipi\n"
		   "772 v1 exit irq\n"
		   "922 v0 entry\n"
		   "1072 v1 entry\n"
		   "1802 v1 exit irq-window\n"
		   "1932 v1 injected #1\n"
		   "2132 v1 entry\n"
		   "2132 v1 handled #1\n"
		   "2132 v1 eoi #1\n");
	x86_end(rig);
}

/*
 * k6. The second sender's request comes while the first interrupt is being injected (272 to 302):
 * no entry, and the event has to be set again (30). Its own vector is lower: it waits for the EOI,
 * then for the window.
 */
static void test_aborted(void)
{
	struct rig *rig = x86_rig(3);

	x86_start(rig);
	rig_send(rig, 0, 0, 1);
	rig->ipi.vector = 49;
	rig_send(rig, 168, 2, 1);
	rig_run(rig, 5000);
	rig_expect(rig, "0 v0 exit icr-write\n"
		   "122 v0>v1 queued #0\n"
		   "122 p0>v1 kick ipi\n"
		   "168 v2 exit icr-write\n"
		   "172 v1 exit irq\n"
		   "290 v2>v1 queued #1\n"
		   "290 p2>v1 kick outside\n"
		   "302 v1 injected #0\n"
		   "302 v1 entry-aborted\n"
		   "322 v0 entry\n"
		   "332 v1 injected #0\n"
		   "490 v2 entry\n"
		   "532 v1 entry\n"
		   "532 v1 handled #0\n"
		   "532 v1 exit eoi\n"
		   "632 v1 eoi #0\n"
		   "832 v1 entry\n"
		   "832 v1 exit irq-window\n"
		   "962 v1 injected #1\n"
		   "1162 v1 entry\n"
		   "1162 v1 handled #1\n"
		   "1162 v1 eoi #1\n");
	x86_end(rig);
}

/*
 * The second IPI arrives while the target enters (302 to 502): the exit is immediate. The event
 * has been delivered, and stays in the guest. The other vector, of one priority, waits for its EOI.
 */
static void test_exit_at_entry(void)
{
	struct rig *rig = x86_rig(3);

	x86_start(rig);
	rig_send(rig, 0, 0, 1);
	rig->ipi.vector = 253;
	rig_send(rig, 200, 2, 1);
	rig_run(rig, 5000);
	rig_expect(rig, "0 v0 exit icr-write\n"
		   "122 v0>v1 queued #0\n"
		   "122 p0>v1 kick ipi\n"
		   "172 v1 exit irq\n"
		   "200 v2 exit icr-write\n"
		   "302 v1 injected #0\n"
		   "322 v0 entry\n"
		   "322 v2>v1 queued #1\n"
		   "322 p2>v1 kick ipi\n"
		   "502 v1 entry\n"
		   "502 v1 exit irq\n"
		   "522 v2 entry\n"
		   "802 v1 entry\n"
		   "802 v1 handled #0\n"
		   "802 v1 exit eoi\n"
		   "902 v1 eoi #0\n"
		   "1102 v1 entry\n"
		   "1102 v1 exit irq-window\n"
		   "1232 v1 injected #1\n"
		   "1432 v1 entry\n"
		   "1432 v1 handled #1\n"
		   "1432 v1 eoi #1\n");
	x86_end(rig);
}

/* A target that does not exist: nobody, and no scan. */
static void test_nobody(void)
{
	struct rig *rig = x86_rig(1);

	x86_start(rig);
	rig_show_interrupts(rig);
	rig_send_request(rig, 0, 0, (struct sgi_request){ .intid = 251, .apic_id = 7 });
	rig_run(rig, 1000);
	rig_expect(rig, "0 v0 request #0\n"
		   "0 v0 exit icr-write\n"
		   "110 v0 dispatch\n"
		   "115 v0 dispatch-end\n"
		   "315 v0 entry\n");
	x86_end(rig);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/x86/running", test_running);
	g_test_add_func("/x86/merge", test_merge);
	g_test_add_func("/x86/eoi-exit-and-window", test_eoi_exit_and_window);
	g_test_add_func("/x86/window", test_window);
	g_test_add_func("/x86/aborted", test_aborted);
	g_test_add_func("/x86/exit-at-entry", test_exit_at_entry);
	g_test_add_func("/x86/nobody", test_nobody);
	return g_test_run();
}
