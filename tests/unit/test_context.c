/*
 * test_context - costs that are drawn, one by one and by the dozen.
 */
#include "tests/support/rig.h"

static struct context *context_new(struct rig *rig, const char *name)
{
	struct context *context = ARENA_NEW(rig->arena, struct context);

	context_init(context, rig->host, CONTEXT_THREAD, name);
	return context;
}

/* A walk of n steps is n draws: their sum, and the stream is n further. */
static void test_sum_of_draws(void)
{
	struct rig *rig = rig_new(1);
	struct context *once, *each;

	rig->costs[C_VCPU_WALK_STEP].dist = dist_uniform(1000, 9000);
	rig_build(rig);
	once = context_new(rig, "same");
	each = context_new(rig, "same");
	for (uint32_t n = 0; n < 100; n++) {
		ps_t sum_ps = 0;

		for (uint32_t i = 0; i < n; i++) {
			ps_t cost_ps = context_cost(each, C_VCPU_WALK_STEP);

			g_assert_cmpuint(cost_ps, >=, 1000);
			g_assert_cmpuint(cost_ps, <=, 9000);
			sum_ps += cost_ps;
		}
		g_assert_cmpuint(context_cost_n(once, C_VCPU_WALK_STEP, n), ==, sum_ps);
	}
	g_assert_cmpuint(context_cost(once, C_VCPU_WALK_STEP), ==,
			 context_cost(each, C_VCPU_WALK_STEP));
	rig_free(rig);
}

static void test_constant(void)
{
	struct rig *rig = rig_new(1);
	struct context *context;

	rig_cost(rig, C_VCPU_WALK_STEP, 3);
	rig_build(rig);
	context = context_new(rig, "constant");
	g_assert_cmpuint(context_cost_n(context, C_VCPU_WALK_STEP, 7), ==, 21 * PS_PER_NS);
	g_assert_cmpuint(context_cost_n(context, C_VCPU_WALK_STEP, 0), ==, 0);
	rig_free(rig);
}

/* The walk of a route draws once per step: v0's SGI to v7 is 8 draws of v0's thread. */
static void test_walk(void)
{
	struct rig *rig = rig_new(8);
	struct context *twin;
	ps_t sum_ps = 0;
	char *expected;

	rig->costs[C_VCPU_WALK_STEP].dist = dist_uniform(1000, 9000);
	rig_build(rig);
	rig_vm(rig, 8, "linear-walk");
	twin = context_new(rig, "vcpu0/thread");
	for (int i = 0; i < 8; i++)
		sum_ps += context_cost(twin, C_VCPU_WALK_STEP);
	rig_settle(rig);
	rig_show(rig, POINT_ROUTED);
	rig_send(rig, 0, 0, 7);
	rig_run(rig, 1000);
	expected = g_strdup_printf("%u.%03u v0>v7 routed #0\n", (unsigned int)(sum_ps / 1000),
				   (unsigned int)(sum_ps % 1000));
	rig_expect(rig, expected);
	g_free(expected);
	rig_free(rig);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/context/sum-of-draws", test_sum_of_draws);
	g_test_add_func("/context/constant", test_constant);
	g_test_add_func("/context/walk", test_walk);
	return g_test_run();
}
