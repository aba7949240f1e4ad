/*
 * Contexts on one pCPU: what a hardirq lengthens, when it is latched, what runs after it.
 *
 * A hardirq takes 30, an exit 100, an entry 200; threads are scripts.
 */
#include "tests/support/script.h"

static struct rig *pcpu_rig(uint32_t nr_pcpus)
{
	struct rig *rig = rig_new(nr_pcpus);

	rig_cost(rig, C_HOST_IRQ, 30);
	rig_cost(rig, C_VM_EXIT, 100);
	rig_cost(rig, C_VM_ENTRY, 200);
	rig_cost(rig, C_IPI_FLIGHT, 50);
	rig_cost(rig, C_GUEST_IRQ_ENTRY, 10);
	return rig;
}

/* A host without VMs. */
static struct rig *host_rig(uint32_t nr_pcpus)
{
	struct rig *rig = pcpu_rig(nr_pcpus);

	rig_build(rig);
	rig_show(rig, POINT_IPI);
	rig_show(rig, POINT_HARDIRQ);
	rig_show(rig, POINT_HARDIRQ_END);
	return rig;
}

/* One vCPU on pCPU 0 that is in its guest. */
static struct rig *guest_rig(ps_t work_ps)
{
	struct rig *rig = pcpu_rig(1);

	rig_build(rig);
	rig_vm(rig, 1, "linear-walk")->vcpus[0]->guest.work_ps = work_ps;
	rig_settle(rig);
	rig_show(rig, POINT_IPI);
	for (int point = POINT_INJECTED; point <= POINT_HARDIRQ; point++)
		rig_show(rig, (enum point)point);
	return rig;
}

static void pcpu_end(struct rig *rig)
{
	rig_check(rig);
	rig_free(rig);
}

/* 100 of work with a hardirq in it end at 130. */
static void test_lengthens_thread(void)
{
	static const struct step work[] = { DO(100), SAY("work done"), END };
	struct rig *rig = host_rig(1);

	script_start(rig, 0, 0, work);
	script_raise(rig, 40, 0, PCPU_IRQ_RESCHEDULE);
	rig_run(rig, 1000);
	rig_expect(rig, "40 p0 arrives reschedule\n"
		   "40 p0 hardirq reschedule\n"
		   "70 p0 hardirq-end\n"
		   "130 work done\n");
	pcpu_end(rig);
}

/* On an idle pCPU there is nothing to lengthen, and it is idle again after it. */
static void test_idle(void)
{
	struct rig *rig = host_rig(1);

	script_raise(rig, 40, 0, PCPU_IRQ_RESCHEDULE);
	script_raise(rig, 100, 0, PCPU_IRQ_RESCHEDULE);
	rig_run(rig, 1000);
	rig_expect(rig, "40 p0 arrives reschedule\n"
		   "40 p0 hardirq reschedule\n"
		   "70 p0 hardirq-end\n"
		   "100 p0 arrives reschedule\n"
		   "100 p0 hardirq reschedule\n"
		   "130 p0 hardirq-end\n");
	g_assert_cmpuint(rig->host->pcpus[0].time_ps[PCPU_HOST], ==, 60 * PS_PER_NS);
	pcpu_end(rig);
}

/* Irqs are off from 0 to 100: two equal ones merge, another one follows them. */
static void test_latched(void)
{
	static const struct step work[] = {
		IRQS_OFF, DO(100), SAY("irqs on"), IRQS_ON, DO(50), SAY("work done"), END,
	};
	struct rig *rig = host_rig(1);

	script_start(rig, 0, 0, work);
	script_raise(rig, 20, 0, PCPU_IRQ_MAINTENANCE);
	script_raise(rig, 40, 0, PCPU_IRQ_RESCHEDULE);
	script_raise(rig, 60, 0, PCPU_IRQ_RESCHEDULE);
	rig_run(rig, 1000);
	rig_expect(rig, "20 p0 arrives maintenance\n"
		   "40 p0 arrives reschedule\n"
		   "60 p0 arrives reschedule\n"
		   "100 irqs on\n"
		   "100 p0 hardirq reschedule\n"
		   "130 p0 hardirq-end\n"
		   "130 p0 hardirq maintenance\n"
		   "160 p0 hardirq-end\n"
		   "210 work done\n");
	pcpu_end(rig);
}

/* irqsave in a section that has irqs off already; its restore leaves them off. */
struct saver {
	struct rig *rig;
	bool outer, inner;
};

static enum flow saver_path(struct path *p, void *frame)
{
	struct saver *f = frame;

	PATH_BEGIN(p);
	f->outer = pcpu_irq_save(p);
	f->inner = pcpu_irq_save(p);
	SPEND(100 * PS_PER_NS);
	IRQ_RESTORE(p, f->inner);
	rig_note(f->rig, "still off");
	SPEND(100 * PS_PER_NS);
	IRQ_RESTORE(p, f->outer);
	rig_note(f->rig, "on");
	SPEND(100 * PS_PER_NS);
	DONE(0);
	PATH_END(p);
}

static void test_irq_save(void)
{
	struct rig *rig = host_rig(1);
	struct context *thread = ARENA_NEW(rig->arena, struct context);

	context_init(thread, rig->host, CONTEXT_THREAD, "saver");
	pcpu_push(&rig->host->pcpus[0], thread);
	PATH_START(&thread->path, saver, .rig = rig);
	script_raise(rig, 50, 0, PCPU_IRQ_RESCHEDULE);
	rig_run(rig, 280);
	rig_expect(rig, "50 p0 arrives reschedule\n"
		   "100 still off\n"
		   "200 p0 hardirq reschedule\n"
		   "230 p0 hardirq-end\n"
		   "230 on\n");
	pcpu_end(rig);
}

/* Hardirqs do not nest: what comes during one runs behind it, before the thread goes on. */
static void test_during_hardirq(void)
{
	static const struct step work[] = { DO(100), SAY("work done"), END };
	struct rig *rig = host_rig(1);

	script_start(rig, 0, 0, work);
	script_raise(rig, 40, 0, PCPU_IRQ_RESCHEDULE);
	script_raise(rig, 50, 0, PCPU_IRQ_RESCHEDULE);
	rig_run(rig, 1000);
	rig_expect(rig, "40 p0 arrives reschedule\n"
		   "40 p0 hardirq reschedule\n"
		   "50 p0 arrives reschedule\n"
		   "70 p0 hardirq-end\n"
		   "70 p0 hardirq reschedule\n"
		   "100 p0 hardirq-end\n"
		   "160 work done\n");
	pcpu_end(rig);
}

/* Over a guest a hardirq is an exit first: work of 1000, 900 left, takes 100 + 30 + 200 more. */
static void test_lengthens_guest(void)
{
	struct rig *rig = guest_rig(1000 * PS_PER_NS);

	script_raise(rig, 300, 0, PCPU_IRQ_RESCHEDULE);
	rig_run(rig, 2600);
	rig_expect(rig, "200 v0 work 100\n"
		   "300 p0 arrives reschedule\n"
		   "300 v0 exit irq\n"
		   "400 p0 hardirq reschedule\n"
		   "630 v0 entry\n"
		   "1530 v0 work 101\n"
		   "2530 v0 work 102\n");
	pcpu_end(rig);
}

/* INTID 3 in a list register, as hardware would put it there while the guest runs. */
static void put_in_lr(void *argument)
{
	struct rig *rig = argument;
	struct vcpu *vcpu = rig->host->vcpus[0];

	*vgic_use_lr(vcpu) = (struct vgic_lr){
		.vgic_irq = vgic_irq_get(vcpu, 3), .pending = irq_raise(rig->host, vcpu, vcpu, 3),
	};
}

/* A doorbell to a resident guest: its handler starts at once, with no exit. */
static void test_doorbell_resident(void)
{
	struct rig *rig = guest_rig(0);

	script_at(rig, 40, put_in_lr, rig);
	script_raise(rig, 50, 0, PCPU_IRQ_DOORBELL);
	rig_run(rig, 1000);
	rig_expect(rig, "50 p0 arrives doorbell\n"
		   "60 v0 handled #0\n"
		   "60 v0 eoi #0\n");
	/* The host has had the first entry only. */
	pcpu_account(&rig->host->pcpus[0]);
	g_assert_cmpuint(rig->host->pcpus[0].time_ps[PCPU_HOST], ==, 200 * PS_PER_NS);
	pcpu_end(rig);
}

/* To a pCPU with no resident guest a doorbell is a hardirq that does nothing. */
static void test_doorbell_not_resident(void)
{
	static const struct step work[] = { DO(100), SAY("work done"), END };
	struct rig *rig = host_rig(1);

	script_start(rig, 0, 0, work);
	script_raise(rig, 50, 0, PCPU_IRQ_DOORBELL);
	rig_run(rig, 1000);
	rig_expect(rig, "50 p0 arrives doorbell\n"
		   "50 p0 hardirq doorbell\n"
		   "80 p0 hardirq-end\n"
		   "130 work done\n");
	pcpu_end(rig);
}

/* The device's handler takes 20 and raises a softirq of 100. */
static struct rig *softirq_rig;

static enum flow test_softirq_path(struct path *p, void *frame)
{
	(void)frame;
	PATH_BEGIN(p);
	rig_note(softirq_rig, "softirq begins");
	SPEND(100 * PS_PER_NS);
	rig_note(softirq_rig, "softirq ends");
	DONE(0);
	PATH_END(p);
}

static enum flow test_device_path(struct path *p, void *frame)
{
	struct device_handler *f = frame;

	PATH_BEGIN(p);
	SPEND(20 * PS_PER_NS);
	rig_note(softirq_rig, f->device);
	pcpu_raise_softirq(context_of(p)->pcpu, test_softirq_path);
	DONE(0);
	PATH_END(p);
}

/*
 * The handler runs in the hardirq, the softirq after it with irqs on: another hardirq interrupts
 * it. The thread waits for all three.
 */
static void test_device(void)
{
	static const struct step work[] = { DO(100), SAY("work done"), END };
	struct device_irq nic = { .handler = test_device_path, .device = "nic handler" };
	struct rig *rig = softirq_rig = host_rig(1);

	script_start(rig, 0, 0, work);
	script_raise_device(rig, 40, 0, &nic);
	script_raise(rig, 120, 0, PCPU_IRQ_RESCHEDULE);
	rig_run(rig, 1000);
	rig_expect(rig, "40 p0 arrives device\n"
		   "40 p0 hardirq device\n"
		   "90 nic handler\n"
		   "90 p0 hardirq-end\n"
		   "90 softirq begins\n"
		   "120 p0 arrives reschedule\n"
		   "120 p0 hardirq reschedule\n"
		   "150 p0 hardirq-end\n"
		   "220 softirq ends\n"
		   "280 work done\n");
	pcpu_end(rig);
}

/* Raised again while it runs, the softirq runs once more, and the thread waits for that too. */
static void test_softirq_again(void)
{
	static const struct step work[] = { DO(100), SAY("work done"), END };
	struct device_irq nic = { .handler = test_device_path, .device = "nic handler" };
	struct rig *rig = softirq_rig = host_rig(1);

	script_start(rig, 0, 0, work);
	script_raise_device(rig, 40, 0, &nic);
	script_raise_device(rig, 120, 0, &nic);
	rig_run(rig, 1000);
	rig_expect(rig, "40 p0 arrives device\n"
		   "40 p0 hardirq device\n"
		   "90 nic handler\n"
		   "90 p0 hardirq-end\n"
		   "90 softirq begins\n"
		   "120 p0 arrives device\n"
		   "120 p0 hardirq device\n"
		   "170 nic handler\n"
		   "170 p0 hardirq-end\n"
		   "240 softirq ends\n"
		   "240 softirq begins\n"
		   "340 softirq ends\n"
		   "400 work done\n");
	pcpu_end(rig);
}

/* A line that is latched is one interrupt; two lines are two, in their order; one softirq. */
static void test_devices_latched(void)
{
	static const struct step work[] = { IRQS_OFF, DO(100), IRQS_ON, SAY("work done"), END };
	struct device_irq nic = { .handler = test_device_path, .device = "nic handler" };
	struct device_irq disk = { .handler = test_device_path, .device = "disk handler" };
	struct rig *rig = softirq_rig = host_rig(1);

	script_start(rig, 0, 0, work);
	script_raise_device(rig, 10, 0, &disk);
	script_raise_device(rig, 20, 0, &nic);
	script_raise_device(rig, 30, 0, &disk);
	rig_run(rig, 1000);
	rig_expect(rig, "10 p0 arrives device\n"
		   "20 p0 arrives device\n"
		   "100 p0 hardirq device\n"
		   "150 disk handler\n"
		   "150 p0 hardirq-end\n"
		   "150 p0 hardirq device\n"
		   "200 nic handler\n"
		   "200 p0 hardirq-end\n"
		   "200 softirq begins\n"
		   "300 softirq ends\n"
		   "300 work done\n");
	pcpu_end(rig);
}

/* A device's interrupt over a guest: exit, handler and softirq in the host, entry. */
static void test_device_over_guest(void)
{
	struct device_irq nic = { .handler = test_device_path, .device = "nic handler" };
	struct rig *rig = softirq_rig = guest_rig(0);

	script_raise_device(rig, 50, 0, &nic);
	rig_run(rig, 1000);
	rig_expect(rig, "50 p0 arrives device\n"
		   "50 v0 exit irq\n"
		   "150 p0 hardirq device\n"
		   "200 nic handler\n"
		   "200 softirq begins\n"
		   "300 softirq ends\n"
		   "500 v0 entry\n");
	pcpu_end(rig);
}

static void send_to_all(void *argument)
{
	struct host *host = argument;

	for (uint32_t i = 1; i < host->nr_pcpus; i++)
		pcpu_send_ipi(&host->pcpus[0].hardirq, &host->pcpus[i], PCPU_IRQ_RESCHEDULE);
}

/*
 * 2 sockets of 2 groups of 2 cores. The flight is 50 within the group (p1), 20 more to the other
 * group (p2, p3), and 300 more on top of both to the other socket, whichever group it is there.
 */
static void test_flight(void)
{
	struct rig *rig = pcpu_rig(8);

	rig_topology(rig, (struct topology){ 2, 2, 2, 1, LLC_SOCKET });
	rig_cost(rig, C_IPI_FLIGHT_FAR, 20);
	rig_cost(rig, C_IPI_FLIGHT_REMOTE, 300);
	rig_build(rig);
	rig_show(rig, POINT_IPI);
	script_at(rig, 0, send_to_all, rig->host);
	rig_run(rig, 1000);
	rig_expect(rig, "50 p1 arrives reschedule\n"
		   "70 p2 arrives reschedule\n"
		   "70 p3 arrives reschedule\n"
		   "370 p4 arrives reschedule\n"
		   "370 p5 arrives reschedule\n"
		   "370 p6 arrives reschedule\n"
		   "370 p7 arrives reschedule\n");
	pcpu_end(rig);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/timeline/pcpu/lengthens-thread", test_lengthens_thread);
	g_test_add_func("/timeline/pcpu/idle", test_idle);
	g_test_add_func("/timeline/pcpu/latched", test_latched);
	g_test_add_func("/timeline/pcpu/irq-save", test_irq_save);
	g_test_add_func("/timeline/pcpu/during-hardirq", test_during_hardirq);
	g_test_add_func("/timeline/pcpu/lengthens-guest", test_lengthens_guest);
	g_test_add_func("/timeline/pcpu/doorbell-resident", test_doorbell_resident);
	g_test_add_func("/timeline/pcpu/doorbell-not-resident", test_doorbell_not_resident);
	g_test_add_func("/timeline/pcpu/device", test_device);
	g_test_add_func("/timeline/pcpu/softirq-again", test_softirq_again);
	g_test_add_func("/timeline/pcpu/devices-latched", test_devices_latched);
	g_test_add_func("/timeline/pcpu/device-over-guest", test_device_over_guest);
	g_test_add_func("/timeline/pcpu/flight", test_flight);
	return g_test_run();
}
