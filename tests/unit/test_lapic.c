/*
 * The local APIC's IRR, what a request names, and the spin window of pause-loop exiting.
 */
#include "tests/support/rig.h"

static struct rig *lapic_rig(uint64_t clock_hz)
{
	struct rig *rig = rig_new(3);

	rig->config.arch = ARCH_X86;
	rig->config.clock_hz = clock_hz;
	rig_build(rig);
	rig_vm(rig, 3, "apic-map");
	return rig;
}

/* What a vCPU that no interrupt has reached pays for its APIC. */
static void test_size(void)
{
	g_assert_cmpuint(sizeof(struct lapic), <, 100);
}

static void test_request(void)
{
	struct rig *rig = lapic_rig(0);
	struct vcpu *const *vcpus = rig->host->vcpus;
	struct sgi_request request = request_to(vcpus[2], 251);

	g_assert_cmpuint(request.intid, ==, 251);
	g_assert_cmpuint(request.apic_id, ==, 2);
	g_assert_false(request_names(&request, vcpus[0], vcpus[0]));
	g_assert_false(request_names(&request, vcpus[0], vcpus[1]));
	g_assert_true(request_names(&request, vcpus[0], vcpus[2]));
	rig_free(rig);
}

/* The highest vector first, and none of the ISR's sixteen or below. */
static void test_highest(void)
{
	struct irq irqs[] = { { .intid = 0x52 }, { .intid = 0x41 } };
	struct irq isr = { .intid = 0x4f };
	struct lapic lapic = { .irr = &irqs[0] };

	irqs[0].next = &irqs[1];
	g_assert_true(lapic_highest(&lapic) == &irqs[0]);
	lapic.isr = &isr;
	g_assert_true(lapic_highest(&lapic) == &irqs[0]);
	isr.intid = 0x50;
	g_assert_null(lapic_highest(&lapic));
	isr.intid = 0x4f;
	lapic.irr = &irqs[1];
	g_assert_null(lapic_highest(&lapic));
	lapic.isr = NULL;
	g_assert_true(lapic_highest(&lapic) == &irqs[1]);
	g_assert_cmpuint(lapic_count_pending(&lapic), ==, 1);
}

/* 4096 cycles at 2.5 GHz are 1638.4 ns; twice as long after each exit, up to 32 bits. */
static void test_spin_window(void)
{
	struct rig *rig = lapic_rig(UINT64_C(2500000000));
	struct vcpu *vcpu = rig->host->vcpus[0];

	vcpu_reset_spin_window(vcpu);
	g_assert_cmpuint(vcpu_pause_limit(vcpu), ==, 1638400);
	g_assert_cmpuint(vcpu_spin_limit(vcpu), ==, 1638400);
	vcpu_grow_spin_window(vcpu);
	g_assert_cmpuint(vcpu_spin_limit(vcpu), ==, 2 * 1638400);
	for (int i = 0; i < 40; i++)
		vcpu_grow_spin_window(vcpu);
	g_assert_cmpuint(vcpu->spin_window, ==, UINT32_MAX);
	g_assert_cmpuint(vcpu_spin_limit(vcpu), ==, UINT64_C(1717986918000));
	vcpu_reset_spin_window(vcpu);
	g_assert_cmpuint(vcpu_spin_limit(vcpu), ==, 1638400);
	rig_free(rig);
}

static void test_no_clock(void)
{
	struct rig *rig = lapic_rig(0);

	vcpu_reset_spin_window(rig->host->vcpus[0]);
	g_assert_cmpuint(vcpu_spin_limit(rig->host->vcpus[0]), ==, PS_NEVER);
	rig_free(rig);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/lapic/size", test_size);
	g_test_add_func("/lapic/request", test_request);
	g_test_add_func("/lapic/highest", test_highest);
	g_test_add_func("/lapic/spin-window", test_spin_window);
	g_test_add_func("/lapic/no-clock", test_no_clock);
	return g_test_run();
}
