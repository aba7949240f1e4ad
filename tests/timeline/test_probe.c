/*
 * Traced kernel functions: a call takes probe_overhead once, inside its own time, whatever it does.
 * An exit takes 100, the step of a walk 10, an injection 20, the probe 500.
 */
#include "models/probe.h"
#include "tests/support/rig.h"

static struct rig *probe_rig(enum arch arch, enum probe probe)
{
	struct rig *rig = rig_new(4);

	rig->config.arch = arch;
	rig->ipi.vector = 251;
	rig->config.probes = 1U << probe;
	rig_cost(rig, C_PROBE_OVERHEAD, 500);
	rig_cost(rig, C_VM_EXIT, 100);
	rig_cost(rig, C_VCPU_WALK_STEP, 10);
	rig_cost(rig, C_VGIC_LATCH, 20);
	rig_cost(rig, C_APIC_MAP, 10);
	rig_cost(rig, C_APIC_ACCEPT, 20);
	return rig;
}

/* vCPU 0 sends to 1, on arm64 also to 3, at 0. */
static void expect_dispatch(struct rig *rig, const char *route, const char *expected)
{
	rig_build(rig);
	rig_vm(rig, 4, route);
	rig_settle(rig);
	if (rig->config.arch == ARCH_X86)
		rig_send(rig, 0, 0, 1);
	else
		rig_send_request(rig, 0, 0, (struct sgi_request){ .target_list = 1 << 1 | 1 << 3 });
	rig_show(rig, POINT_DISPATCH);
	rig_show(rig, POINT_ROUTED);
	rig_show(rig, POINT_QUEUED);
	rig_show(rig, POINT_DISPATCH_END);
	rig_run(rig, 10000);
	rig_expect(rig, expected);
	rig_check(rig);
	rig_free(rig);
}

/* Two targets, one call; the second one waits for the probe, too. */
static void test_arm64(void)
{
	expect_dispatch(probe_rig(ARCH_ARM64, PROBE_DISPATCH_SGI), "linear-walk",
			"100 v0 dispatch\n"
			"620 v0>v1 routed #0\n"
			"640 v0>v1 queued #0\n"
			"660 v0>v3 routed #1\n"
			"680 v0>v3 queued #1\n"
			"680 v0 dispatch-end\n");
}

static void test_x86(void)
{
	expect_dispatch(probe_rig(ARCH_X86, PROBE_DELIVERY_TO_APIC), "apic-map",
			"100 v0 dispatch\n"
			"610 v0>v1 routed #0\n"
			"630 v0>v1 queued #0\n"
			"630 v0 dispatch-end\n");
}

/* Another function is traced, which nobody calls. */
static void test_other(void)
{
	expect_dispatch(probe_rig(ARCH_ARM64, PROBE_DELIVERY_TO_APIC), "linear-walk",
			"100 v0 dispatch\n"
			"120 v0>v1 routed #0\n"
			"140 v0>v1 queued #0\n"
			"160 v0>v3 routed #1\n"
			"180 v0>v3 queued #1\n"
			"180 v0 dispatch-end\n");
}

/* Not traced: not even an event more than when the probe takes nothing. */
static void test_events(void)
{
	uint64_t nr_events[2];

	for (int traced = 0; traced < 2; traced++) {
		struct rig *rig = probe_rig(ARCH_ARM64, PROBE_DISPATCH_SGI);

		if (traced)
			rig_cost(rig, C_PROBE_OVERHEAD, 0);
		else
			rig->config.probes = 0;
		rig_build(rig);
		rig_vm(rig, 4, "linear-walk");
		rig_send(rig, 0, 0, 3);
		rig_run(rig, 10000);
		nr_events[traced] = rig->sim->nr_events;
		rig_free(rig);
	}
	g_assert_cmpuint(nr_events[0], ==, nr_events[1]);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/timeline/probe/arm64", test_arm64);
	g_test_add_func("/timeline/probe/x86", test_x86);
	g_test_add_func("/timeline/probe/other", test_other);
	g_test_add_func("/timeline/probe/events", test_events);
	return g_test_run();
}
