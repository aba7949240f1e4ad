/*
 * An SGI's way from the guest's write to its targets, and what each route pays on it.
 *
 * The write is at 0. Costs are chosen so that each time names its steps: a step of a walk is 10 by
 * xarray and 3 by array, a hash lookup 7, an injection 100: to latch 60, to queue 40. What is not
 * set takes no time.
 */
#include "tests/support/rig.h"

static struct rig *sgi_rig(uint32_t nr_pcpus, uint32_t kernel)
{
	struct rig *rig = rig_new(nr_pcpus);

	rig->config.kernel = kernel;
	rig_cost(rig, C_VCPU_WALK_STEP, 10);
	rig_cost(rig, C_VCPU_ARRAY_STEP, 3);
	rig_cost(rig, C_HASH_LOOKUP, 7);
	rig_cost(rig, C_VGIC_LATCH, 60);
	rig_cost(rig, C_VGIC_QUEUE, 40);
	return rig;
}

/* What a route does: when it finds each target, and when it is done. */
static void expect_route(struct rig *rig, const char *expected)
{
	rig_show(rig, POINT_ROUTED);
	rig_show(rig, POINT_DISPATCH_END);
	rig_run(rig, 100000);
	rig_expect(rig, expected);
	rig_check(rig);
	rig_free(rig);
}

/* One write by vCPU 0 to Aff3.Aff2.Aff1 = 0, with this target list. */
static void expect_list(struct rig *rig, uint32_t nr_vcpus, const char *route, uint32_t target_list,
			const char *expected)
{
	rig_build(rig);
	rig_vm(rig, nr_vcpus, route);
	rig_settle(rig);
	rig_send_request(rig, 0, 0, (struct sgi_request){ .target_list = target_list });
	expect_route(rig, expected);
}

/* Every event of one SGI: exit, walk over 4 vCPUs, kick, the target's exit and re-entry. */
static void test_life(void)
{
	struct rig *rig = sgi_rig(4, KERNEL(6, 5));

	rig_cost(rig, C_VM_EXIT, 100);
	rig_cost(rig, C_VM_ENTRY, 200);
	rig_cost(rig, C_SYSREG_DECODE, 1);
	rig_cost(rig, C_SGI_DECODE, 2);
	rig_cost(rig, C_IPI_SEND, 4);
	rig_cost(rig, C_IPI_FLIGHT, 50);
	rig_cost(rig, C_HOST_IRQ, 30);
	rig_cost(rig, C_REQUEST_CHECK, 1000);
	rig_cost(rig, C_VGIC_FLUSH_LR, 8);
	rig_cost(rig, C_GUEST_IRQ_ENTRY, 5);
	rig_cost(rig, C_GIC_EOI, 6);
	rig_build(rig);
	rig_vm(rig, 4, "linear-walk");
	rig_settle(rig);
	rig_send(rig, 0, 0, 3);
	rig_show_interrupts(rig);
	rig_run(rig, 10000);
	rig_expect(rig, "0 v0 request #0\n"
		   "0 v0>v3 raised #0\n"
		   "0 v0 exit sgi\n"
		   "101 v0 dispatch\n"
		   "143 v0>v3 routed #0\n"
		   "243 v0>v3 queued #0\n"
		   "247 p0>v3 kick ipi\n"
		   "247 v0>v3 notified #0\n"
		   "247 v0 dispatch-end\n"
		   "297 v3 exit irq\n"
		   "447 v0 entry\n"
		   "1435 v3 injected #0\n"
		   "1635 v3 entry\n"
		   "1640 v3 handled #0\n"
		   "1646 v3 eoi #0\n");
	rig_check(rig);
	rig_free(rig);
}

/* The walk costs a step per vCPU up to the target, by array before v5.17, by xarray from there. */
static void test_walk_step(void)
{
	expect_list(sgi_rig(8, KERNEL(5, 16)), 8, "linear-walk", 1 << 3,
		    "12 v0>v3 routed #0\n"
		    "112 v0 dispatch-end\n");
	expect_list(sgi_rig(8, KERNEL(5, 17)), 8, "linear-walk", 1 << 3,
		    "40 v0>v3 routed #0\n"
		    "140 v0 dispatch-end\n");
}

/* Three targets: each waits for the injections before it; the walk ends behind the last. */
static void test_walk_list(void)
{
	expect_list(sgi_rig(8, KERNEL(6, 5)), 8, "linear-walk", 1 << 1 | 1 << 4 | 1 << 5,
		    "20 v0>v1 routed #0\n"
		    "150 v0>v4 routed #1\n"
		    "260 v0>v5 routed #2\n"
		    "360 v0 dispatch-end\n");
}

/* KVM gives 4 bits to Aff0: Aff1 = 1, Aff0 = 1 is vCPU 17, and not vCPU 1. */
static void test_default_affinity(void)
{
	struct rig *rig = sgi_rig(20, KERNEL(6, 5));

	rig_build(rig);
	rig_vm(rig, 20, "linear-walk");
	rig_settle(rig);
	rig_send_request(rig, 0, 0, (struct sgi_request){ .affinity = 1, .target_list = 1 << 1 });
	expect_route(rig, "180 v0>v17 routed #0\n"
			  "280 v0 dispatch-end\n");
}

/* Aff0 = 9 is nobody's: the walk looks for it to the end, 6 steps more. */
static void test_walk_nobody(void)
{
	expect_list(sgi_rig(8, KERNEL(6, 5)), 8, "linear-walk", 1 << 1 | 1 << 9,
		    "20 v0>v1 routed #0\n"
		    "180 v0 dispatch-end\n");
	expect_list(sgi_rig(8, KERNEL(6, 5)), 8, "linear-walk", 0, "0 v0 dispatch-end\n");
}

/* The same list by the hash: a lookup per bit; nobody's bit costs one too (v6.8). */
static void test_hash_list(void)
{
	expect_list(sgi_rig(8, KERNEL(6, 8)), 8, "mpidr-hash", 1 << 1 | 1 << 4 | 1 << 5,
		    "7 v0>v1 routed #0\n"
		    "114 v0>v4 routed #1\n"
		    "221 v0>v5 routed #2\n"
		    "321 v0 dispatch-end\n");
	expect_list(sgi_rig(8, KERNEL(6, 8)), 8, "mpidr-hash", 1 << 1 | 1 << 9,
		    "7 v0>v1 routed #0\n"
		    "114 v0 dispatch-end\n");
}

/* The hash goes by bit, not by index: here the last vCPU has Aff0 = 0. */
static void test_hash_order(void)
{
	static const uint64_t mpidrs[] = { 3, 2, 1, 0 };
	struct rig *rig = sgi_rig(4, KERNEL(6, 8));

	rig->vm_config.mpidr = (struct id_list){ .word = -1, .nr_ids = 4, .ids = mpidrs };
	expect_list(rig, 4, "mpidr-hash", 0xe,
		    "7 v0>v2 routed #2\n"
		    "114 v0>v1 routed #1\n"
		    "221 v0>v0 routed #0\n"
		    "321 v0 dispatch-end\n");
}

/* From v6.10 a lookup that finds another vCPU in the table is followed by a scan of all. */
static void test_hash_nobody_scans(void)
{
	expect_list(sgi_rig(8, KERNEL(6, 9)), 8, "mpidr-hash", 1 << 1 | 1 << 9,
		    "7 v0>v1 routed #0\n"
		    "114 v0 dispatch-end\n");
	expect_list(sgi_rig(8, KERNEL(6, 10)), 8, "mpidr-hash", 1 << 1 | 1 << 9,
		    "7 v0>v1 routed #0\n"
		    "194 v0 dispatch-end\n");
	expect_list(sgi_rig(8, KERNEL(6, 18)), 8, "mpidr-hash", 1 << 1 | 1 << 9,
		    "7 v0>v1 routed #0\n"
		    "194 v0 dispatch-end\n");
}

static void expect_broadcast(const char *route, uint32_t from, const char *expected)
{
	struct rig *rig = sgi_rig(4, KERNEL(6, 8));

	rig_build(rig);
	rig_vm(rig, 4, route);
	rig_settle(rig);
	rig_send_request(rig, 0, from, (struct sgi_request){ .broadcast = true });
	expect_route(rig, expected);
}

/* Target k waits for k - 1 injections. The sender is a step of the walk, and not a target. */
static void test_broadcast(void)
{
	expect_broadcast("linear-walk", 1,
			 "10 v1>v0 routed #0\n"
			 "130 v1>v2 routed #1\n"
			 "240 v1>v3 routed #2\n"
			 "340 v1 dispatch-end\n");
	expect_broadcast("mpidr-hash", 3,
			 "10 v3>v0 routed #0\n"
			 "120 v3>v1 routed #1\n"
			 "230 v3>v2 routed #2\n"
			 "340 v3 dispatch-end\n");
}

/* To itself: no IPI (k3); the vCPU finds the interrupt at its next entry. */
static void test_self(void)
{
	struct rig *rig = sgi_rig(4, KERNEL(6, 8));

	rig_cost(rig, C_VM_ENTRY, 200);
	rig_build(rig);
	rig_vm(rig, 4, "mpidr-hash");
	rig_settle(rig);
	rig_send(rig, 0, 2, 2);
	rig_show_interrupts(rig);
	rig_run(rig, 1000);
	rig_expect(rig, "0 v2 request #0\n"
		   "0 v2>v2 raised #0\n"
		   "0 v2 exit sgi\n"
		   "0 v2 dispatch\n"
		   "7 v2>v2 routed #0\n"
		   "107 v2>v2 queued #0\n"
		   "107 p2>v2 kick self\n"
		   "107 v2>v2 notified #0\n"
		   "107 v2 dispatch-end\n"
		   "107 v2 injected #0\n"
		   "307 v2 entry\n"
		   "307 v2 handled #0\n"
		   "307 v2 eoi #0\n");
	rig_check(rig);
	rig_free(rig);
}

/* One vCPU has no table: even an SGI to itself scans, here one step. */
static void test_hash_single(void)
{
	expect_list(sgi_rig(1, KERNEL(6, 8)), 1, "mpidr-hash", 1 << 0,
		    "10 v0>v0 routed #0\n"
		    "110 v0 dispatch-end\n");
}

/* vCPU 0 runs first and builds the table, 2 passes of 4 steps, until 80. The others wait for it. */
static void test_hash_built_first(void)
{
	struct rig *rig = sgi_rig(4, KERNEL(6, 8));

	rig_cost(rig, C_HASH_BUILD_STEP, 10);
	rig_build(rig);
	rig_vm(rig, 4, "mpidr-hash");
	rig_send(rig, 20, 1, 3);
	rig_show(rig, POINT_ENTRY);
	rig_show(rig, POINT_ROUTED);
	rig_run(rig, 100);
	rig_expect(rig, "80 v0 entry\n"
		   "80 v1 entry\n"
		   "80 v2 entry\n"
		   "80 v3 entry\n"
		   "87 v1>v3 routed #0\n");
	rig_check(rig);
	rig_free(rig);
}

/* nr_bits + 1 vCPUs that differ in nr_bits bits of their affinity: 0, and each bit alone. */
static void sparse_mpidrs(struct rig *rig, uint32_t nr_bits, uint64_t *mpidrs)
{
	mpidrs[0] = 0;
	for (uint32_t i = 0; i < nr_bits; i++)
		mpidrs[i + 1] = i < 4 ? 1u << i : 1u << (i + 4);
	rig->vm_config.mpidr = (struct id_list){ .word = -1, .nr_ids = nr_bits + 1, .ids = mpidrs };
}

/* When the first vCPU may run: no table for one alone, and half the work if there is no room. */
static void test_hash_not_built(void)
{
	struct rig *rig = sgi_rig(1, KERNEL(6, 8));
	uint64_t mpidrs[12];

	rig_cost(rig, C_HASH_BUILD_STEP, 10);
	rig_show(rig, POINT_ENTRY);
	rig_build(rig);
	rig_vm(rig, 1, "mpidr-hash");
	rig_run(rig, 1000);
	rig_expect(rig, "0 v0 entry\n");
	rig_free(rig);

	rig = sgi_rig(12, KERNEL(6, 8));
	rig_cost(rig, C_HASH_BUILD_STEP, 10);
	sparse_mpidrs(rig, 11, mpidrs);
	rig_build(rig);
	rig_vm(rig, 12, "mpidr-hash");
	rig_run(rig, 119);
	g_assert_cmpuint(rig->counts[POINT_ENTRY], ==, 0);
	rig_run(rig, 120);
	g_assert_cmpuint(rig->counts[POINT_ENTRY], ==, 12);
	rig_free(rig);
}

/* The table must fit in a page: 10, 12, 14 bits by page size. One more bit, and a scan answers. */
static void test_hash_page(void)
{
	static const struct {
		uint64_t page_bytes;
		uint32_t nr_bits;
		const char *expected;
	} cases[] = {
		{ 4096, 10, "7 v0>v4 routed #0\n107 v0 dispatch-end\n" },
		{ 4096, 11, "50 v0>v4 routed #0\n150 v0 dispatch-end\n" },
		{ 16384, 12, "7 v0>v4 routed #0\n107 v0 dispatch-end\n" },
		{ 16384, 13, "50 v0>v4 routed #0\n150 v0 dispatch-end\n" },
		{ 65536, 14, "7 v0>v4 routed #0\n107 v0 dispatch-end\n" },
		{ 65536, 15, "50 v0>v4 routed #0\n150 v0 dispatch-end\n" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct rig *rig = sgi_rig(16, KERNEL(6, 8));
		uint64_t mpidrs[16];

		rig->vm_config.page_bytes = cases[i].page_bytes;
		sparse_mpidrs(rig, cases[i].nr_bits, mpidrs);
		expect_list(rig, cases[i].nr_bits + 1, "mpidr-hash", 1 << 8, cases[i].expected);
	}
}

static void no_injection_cost(struct rig *rig)
{
	rig_cost(rig, C_VGIC_LATCH, 0);
	rig_cost(rig, C_VGIC_QUEUE, 0);
}

/*
 * 12 vCPUs, 11 bits, no table: a list of 16 bits is 16 scans. Those for Aff0 = 0, 1, 2, 4 and 8 end
 * at their vCPU, the 11 others walk 12 steps in vain. The linear walk passes once.
 */
static void test_hash_hostile(void)
{
	struct rig *rig = sgi_rig(12, KERNEL(6, 8));
	uint64_t mpidrs[12];

	no_injection_cost(rig);
	sparse_mpidrs(rig, 11, mpidrs);
	expect_list(rig, 12, "mpidr-hash", 0xffff,
		    "10 v0>v0 routed #0\n"
		    "30 v0>v1 routed #1\n"
		    "60 v0>v2 routed #2\n"
		    "220 v0>v3 routed #3\n"
		    "630 v0>v4 routed #4\n"
		    "1470 v0 dispatch-end\n");

	rig = sgi_rig(12, KERNEL(6, 5));
	no_injection_cost(rig);
	sparse_mpidrs(rig, 11, mpidrs);
	expect_list(rig, 12, "linear-walk", 0xffff,
		    "10 v0>v0 routed #0\n"
		    "20 v0>v1 routed #1\n"
		    "30 v0>v2 routed #2\n"
		    "40 v0>v3 routed #3\n"
		    "50 v0>v4 routed #4\n"
		    "120 v0 dispatch-end\n");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/timeline/sgi/life", test_life);
	g_test_add_func("/timeline/sgi/walk-step", test_walk_step);
	g_test_add_func("/timeline/sgi/walk-list", test_walk_list);
	g_test_add_func("/timeline/sgi/default-affinity", test_default_affinity);
	g_test_add_func("/timeline/sgi/walk-nobody", test_walk_nobody);
	g_test_add_func("/timeline/sgi/hash-list", test_hash_list);
	g_test_add_func("/timeline/sgi/hash-order", test_hash_order);
	g_test_add_func("/timeline/sgi/hash-nobody-scans", test_hash_nobody_scans);
	g_test_add_func("/timeline/sgi/broadcast", test_broadcast);
	g_test_add_func("/timeline/sgi/self", test_self);
	g_test_add_func("/timeline/sgi/hash-single", test_hash_single);
	g_test_add_func("/timeline/sgi/hash-built-first", test_hash_built_first);
	g_test_add_func("/timeline/sgi/hash-not-built", test_hash_not_built);
	g_test_add_func("/timeline/sgi/hash-page", test_hash_page);
	g_test_add_func("/timeline/sgi/hash-hostile", test_hash_hostile);
	return g_test_run();
}
