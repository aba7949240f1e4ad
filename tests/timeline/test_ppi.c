/*
 * Private interrupts that the host raises itself: from a hardirq (as a timer's does) and from a
 * softirq, to the vCPU that the hardirq has interrupted and to one elsewhere.
 *
 * An exit takes 100, an entry 200, a hardirq 30, the IPI of a kick flies 50; INTID 27 is the
 * virtual timer's. Its sender is the vCPU that it is for.
 */
#include "models/irq.h"
#include "tests/support/script.h"

enum { TIMER_INTID = 27 };

static struct rig *ppi_rig(uint32_t nr_vcpus)
{
	struct rig *rig = rig_new(3);

	rig_cost(rig, C_VM_EXIT, 100);
	rig_cost(rig, C_VM_ENTRY, 200);
	rig_cost(rig, C_HOST_IRQ, 30);
	rig_cost(rig, C_IPI_FLIGHT, 50);
	rig_build(rig);
	rig_vm(rig, nr_vcpus, "linear-walk");
	rig_settle(rig);
	for (int point = POINT_RAISED; point <= POINT_KICK; point++)
		rig_show(rig, (enum point)point);
	rig_show(rig, POINT_HARDIRQ);
	return rig;
}

static void ppi_end(struct rig *rig)
{
	g_assert_cmpuint(irq_count_pending(rig->host), ==, 0);
	rig_check(rig);
	rig_free(rig);
}

/* The handler of a timer of device->device, a vCPU. */
static enum flow timer_path(struct path *p, void *frame)
{
	struct device_handler *f = frame;
	struct vcpu *vcpu = f->device;

	PATH_BEGIN(p);
	SPEND(10 * PS_PER_NS);
	CALL(vgic_inject, .vcpu = vcpu, .irq = irq_raise(vcpu->host, vcpu, vcpu, TIMER_INTID));
	DONE(0);
	PATH_END(p);
}

/* It ends the guest's stay, so it needs no IPI: the kick finds its own pCPU (k3). */
static void test_own_timer(void)
{
	struct rig *rig = ppi_rig(1);
	struct device_irq timer = { .handler = timer_path, .device = rig->host->vcpus[0] };

	script_raise_device(rig, 0, 0, &timer);
	rig_run(rig, 1000);
	rig_expect(rig, "0 v0 exit irq\n"
		   "100 p0 hardirq device\n"
		   "140 v0>v0 raised #0\n"
		   "140 v0>v0 queued #0\n"
		   "140 p0>v0 kick self\n"
		   "140 v0>v0 notified #0\n"
		   "140 v0 injected #0\n"
		   "340 v0 entry\n"
		   "340 v0 handled #0\n"
		   "340 v0 eoi #0\n");
	ppi_end(rig);
}

/* An idle pCPU's hardirq, for a vCPU that is in its guest elsewhere. */
static void test_timer_elsewhere(void)
{
	struct rig *rig = ppi_rig(2);
	struct device_irq timer = { .handler = timer_path, .device = rig->host->vcpus[1] };

	script_raise_device(rig, 0, 2, &timer);
	rig_run(rig, 1000);
	rig_expect(rig, "0 p2 hardirq device\n"
		   "40 v1>v1 raised #0\n"
		   "40 v1>v1 queued #0\n"
		   "40 p2>v1 kick ipi\n"
		   "40 v1>v1 notified #0\n"
		   "90 v1 exit irq\n"
		   "190 p1 hardirq reschedule\n"
		   "220 v1 injected #0\n"
		   "420 v1 entry\n"
		   "420 v1 handled #0\n"
		   "420 v1 eoi #0\n");
	ppi_end(rig);
}

/* The softirq of a pCPU: to vCPU 1. */
static enum flow softirq_path(struct path *p, void *frame)
{
	struct softirq_run *f = frame;
	struct vcpu *vcpu = f->pcpu->host->vcpus[1];

	PATH_BEGIN(p);
	SPEND(10 * PS_PER_NS);
	CALL(vgic_inject, .vcpu = vcpu, .irq = irq_raise(vcpu->host, vcpu, vcpu, TIMER_INTID));
	DONE(0);
	PATH_END(p);
}

static enum flow raises_softirq_path(struct path *p, void *frame)
{
	struct device_handler *f = frame;

	PATH_BEGIN(p);
	pcpu_raise_softirq(f->device, softirq_path);
	DONE(0);
	PATH_END(p);
}

/*
 * The softirq injects with irqs off while it holds the list's lock (50): a hardirq of its pCPU
 * waits for that. The timer's and vCPU 0's SGI are two interrupts of one list.
 */
static void test_softirq(void)
{
	struct rig *rig = rig_new(3);
	struct device_irq device = { .handler = raises_softirq_path };

	rig_cost(rig, C_HOST_IRQ, 30);
	rig_cost(rig, C_VGIC_QUEUE, 50);
	rig_cost(rig, C_VM_EXIT, 100);
	rig_build(rig);
	device.device = &rig->host->pcpus[2];
	rig_vm(rig, 2, "linear-walk");
	rig_settle(rig);
	for (int point = POINT_RAISED; point <= POINT_EOI; point++)
		rig_show(rig, (enum point)point);
	rig_show(rig, POINT_HARDIRQ);
	rig_show(rig, POINT_LOCK_WAIT);
	rig->ipi.intid = 3;
	script_raise_device(rig, 0, 2, &device);
	script_raise(rig, 60, 2, PCPU_IRQ_RESCHEDULE);
	rig_send(rig, 0, 0, 1);
	rig_run(rig, 290);
	rig_expect(rig, "0 p2 hardirq device\n"
		   "0 v0>v1 raised #0\n"
		   "40 v1>v1 raised #1\n"
		   "90 v1>v1 queued #1\n"
		   "90 p2 hardirq reschedule\n"
		   "100 v0 dispatch\n"
		   "100 v0>v1 routed #0\n"
		   "120 v1>v1 notified #1\n"
		   "150 v0>v1 queued #0\n"
		   "150 v0>v1 notified #0\n"
		   "150 v0 dispatch-end\n"
		   "220 p1 hardirq reschedule\n"
		   "250 v1 injected #1\n"
		   "250 v1 injected #0\n"
		   "250 v1 handled #0\n"
		   "250 v1 eoi #0\n"
		   "250 v1 handled #1\n"
		   "250 v1 eoi #1\n");
	ppi_end(rig);
}

/* The same timer twice before it is taken is one interrupt: the line has one latch. */
static void test_merges(void)
{
	struct rig *rig = ppi_rig(2);
	struct device_irq timer = { .handler = timer_path, .device = rig->host->vcpus[1] };

	script_raise_device(rig, 0, 2, &timer);
	script_raise_device(rig, 45, 2, &timer);
	rig_run(rig, 1000);
	rig_expect(rig, "0 p2 hardirq device\n"
		   "40 v1>v1 raised #0\n"
		   "40 v1>v1 queued #0\n"
		   "40 p2>v1 kick ipi\n"
		   "40 v1>v1 notified #0\n"
		   "45 p2 hardirq device\n"
		   "85 v1>v1 raised #1\n"
		   "85 v1 coalesced #1\n"
		   "85 p2>v1 kick exiting\n"
		   "85 v1>v1 notified #1\n"
		   "90 v1 exit irq\n"
		   "190 p1 hardirq reschedule\n"
		   "220 v1 injected #0\n"
		   "420 v1 entry\n"
		   "420 v1 handled #0\n"
		   "420 v1 eoi #0\n");
	ppi_end(rig);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/timeline/ppi/own-timer", test_own_timer);
	g_test_add_func("/timeline/ppi/timer-elsewhere", test_timer_elsewhere);
	g_test_add_func("/timeline/ppi/softirq", test_softirq);
	g_test_add_func("/timeline/ppi/merges", test_merges);
	return g_test_run();
}
