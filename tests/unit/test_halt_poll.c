/*
 * test_halt_poll - how long halts poll: growth, shrinkage, their borders, the guest's own rule.
 */
#include "models/halt_poll.h"

#include <glib.h>

#include "models/kernel.h"

#define US(n) ((ps_t)(n) * PS_PER_US)

static struct halt_poll_params filled(enum arch arch, uint32_t kernel)
{
	struct halt_poll_params params = halt_poll_unset;

	halt_poll_fill(&params, arch, kernel);
	return params;
}

static void test_fill(void)
{
	static const struct {
		enum arch arch;
		uint32_t kernel;
		ps_t max_ps;
		uint32_t shrink;
	} cases[] = {
		{ ARCH_X86, KERNEL(5, 4), US(200), 0 },
		{ ARCH_X86, KERNEL(6, 10), US(200), 0 },
		{ ARCH_X86, KERNEL(6, 11), US(200), 2 },
		{ ARCH_ARM64, KERNEL(6, 10), US(500), 0 },
		{ ARCH_ARM64, KERNEL(6, 18), US(500), 2 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct halt_poll_params params = filled(cases[i].arch, cases[i].kernel);

		g_assert_cmpuint(params.max_ps, ==, cases[i].max_ps);
		g_assert_cmpuint(params.shrink, ==, cases[i].shrink);
		g_assert_cmpuint(params.grow, ==, 2);
		g_assert_cmpuint(params.grow_start_ps, ==, US(10));
	}
}

/* What a VM states is kept, also 0. */
static void test_fill_stated(void)
{
	struct halt_poll_params params = { HALT_POLL_DYNAMIC, 0, 3, US(5), 0 };

	halt_poll_fill(&params, ARCH_X86, KERNEL(6, 18));
	g_assert_cmpuint(params.max_ps, ==, 0);
	g_assert_cmpuint(params.grow, ==, 3);
	g_assert_cmpuint(params.grow_start_ps, ==, US(5));
	g_assert_cmpuint(params.shrink, ==, 0);
}

/* Halts, each with its length and how long the next one polls then; ends at a length of 0. */
struct halt {
	ps_t halt_us, polls_us;
};

static void assert_halts(const struct halt_poll_params *params, uint32_t kernel,
			 const struct halt *halts)
{
	ps_t value_ps = 0;

	g_assert_cmpuint(halt_poll_limit(params, value_ps), ==, 0);
	for (; halts->halt_us > 0; halts++) {
		value_ps = halt_poll_adapt(params, kernel, value_ps, US(halts->halt_us));
		g_assert_cmpuint(halt_poll_limit(params, value_ps), ==, US(halts->polls_us));
	}
}

/* Each halt is longer than its polling and shorter than the maximum; then they are long. */
static void test_sequence(void)
{
	static const struct halt x86_old[] = {
		{ 7, 10 }, { 15, 20 }, { 30, 40 }, { 60, 80 }, { 100, 160 }, { 170, 200 },
		{ 150, 200 }, { 300, 0 }, { 300, 0 }, { 7, 10 }, { 0, 0 },
	};
	static const struct halt x86_new[] = {
		{ 7, 10 }, { 15, 20 }, { 30, 40 }, { 60, 80 }, { 100, 160 }, { 170, 200 },
		{ 300, 100 }, { 300, 50 }, { 300, 25 }, { 20, 25 }, { 30, 50 }, { 0, 0 },
	};
	static const struct halt arm64_new[] = {
		{ 7, 10 }, { 15, 20 }, { 30, 40 }, { 60, 80 }, { 100, 160 }, { 170, 320 },
		{ 400, 500 }, { 499, 500 }, { 501, 250 }, { 501, 125 }, { 126, 250 }, { 0, 0 },
	};
	struct halt_poll_params params = filled(ARCH_X86, KERNEL(5, 4));

	assert_halts(&params, KERNEL(5, 4), x86_old);
	params = filled(ARCH_X86, KERNEL(6, 11));
	assert_halts(&params, KERNEL(6, 11), x86_new);
	params = filled(ARCH_ARM64, KERNEL(6, 18));
	assert_halts(&params, KERNEL(6, 18), arm64_new);
}

/* Before 5.15 nothing stops a value that is halved, not even below a nanosecond's half. */
static void test_no_floor(void)
{
	static const uint32_t expected_ns[] = {
		5000, 2500, 1250, 625, 312, 156, 78, 39, 19, 9, 4, 2, 1, 0,
	};
	struct halt_poll_params params = filled(ARCH_X86, KERNEL(5, 4));
	ps_t value_ps = US(10);

	params.shrink = 2;
	for (size_t i = 0; i < G_N_ELEMENTS(expected_ns); i++) {
		value_ps = halt_poll_adapt(&params, KERNEL(5, 14), value_ps, US(201));
		g_assert_cmpuint(value_ps, ==, expected_ns[i] * PS_PER_NS);
	}
	g_assert_cmpuint(halt_poll_adapt(&params, KERNEL(5, 15), US(10), US(201)), ==, 0);
	g_assert_cmpuint(halt_poll_adapt(&params, KERNEL(5, 15), US(20), US(201)), ==, US(10));
}

/* A halt that is exactly as long as the value, or as the maximum, changes nothing. */
static void test_borders(void)
{
	static const struct { ps_t value_us, halt_us, expected_us; } cases[] = {
		{ 0, 0, 0 }, { 0, 1, 10 }, { 0, 199, 10 }, { 0, 200, 0 }, { 0, 201, 0 },
		{ 20, 19, 20 }, { 20, 20, 20 }, { 20, 21, 40 }, { 20, 199, 40 },
		{ 20, 200, 20 }, { 20, 201, 10 }, { 200, 200, 200 }, { 200, 201, 100 },
		{ 3, 5, 10 },
	};
	struct halt_poll_params params = filled(ARCH_X86, KERNEL(6, 18));

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		g_assert_cmpuint(halt_poll_adapt(&params, KERNEL(6, 18), US(cases[i].value_us),
						 US(cases[i].halt_us)),
				 ==, US(cases[i].expected_us));
}

/* The value itself is capped as it grows, or only when it is used. */
static void test_cap(void)
{
	struct halt_poll_params params = filled(ARCH_X86, KERNEL(6, 0));

	g_assert_cmpuint(halt_poll_adapt(&params, KERNEL(6, 0), US(160), US(170)), ==, US(200));
	g_assert_cmpuint(halt_poll_adapt(&params, KERNEL(6, 1), US(160), US(170)), ==, US(320));
	g_assert_cmpuint(halt_poll_limit(&params, US(320)), ==, US(200));
	g_assert_cmpuint(halt_poll_adapt(&params, KERNEL(6, 1), US(320), US(170)), ==, US(200));
}

static void test_parameters(void)
{
	struct halt_poll_params params = filled(ARCH_X86, KERNEL(6, 18));

	params.grow = 0;
	g_assert_cmpuint(halt_poll_adapt(&params, KERNEL(6, 18), 0, US(5)), ==, 0);
	params.grow = 3;
	params.grow_start_ps = US(4);
	assert_halts(&params, KERNEL(6, 18), (struct halt[]){
		{ 5, 4 }, { 5, 12 }, { 15, 36 }, { 300, 18 }, { 300, 9 }, { 0, 0 },
	});
	params.max_ps = 0;
	g_assert_cmpuint(halt_poll_adapt(&params, KERNEL(6, 18), US(10), US(5)), ==, 0);
}

static void test_always(void)
{
	struct halt_poll_params params = filled(ARCH_X86, KERNEL(5, 4));

	params.policy = HALT_POLL_ALWAYS;
	g_assert_cmpuint(halt_poll_limit(&params, 0), ==, US(200));
	g_assert_cmpuint(halt_poll_adapt(&params, KERNEL(5, 4), 0, US(5)), ==, 0);
	g_assert_cmpuint(halt_poll_adapt(&params, KERNEL(5, 4), 0, US(500)), ==, 0);
}

static void test_guest(void)
{
	static const struct { ps_t limit_us, idle_us, expected_us; } cases[] = {
		{ 0, 0, 0 }, { 0, 1, 50 }, { 0, 200, 50 }, { 0, 201, 0 }, { 50, 50, 50 },
		{ 50, 51, 100 }, { 100, 200, 200 }, { 200, 200, 200 }, { 200, 201, 100 },
		{ 100, 201, 50 }, { 50, 201, 0 }, { 150, 180, 200 }, { 20, 30, 50 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		g_assert_cmpuint(guest_halt_poll_adapt(US(cases[i].limit_us), US(cases[i].idle_us)),
				 ==, US(cases[i].expected_us));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/halt-poll/fill", test_fill);
	g_test_add_func("/halt-poll/fill-stated", test_fill_stated);
	g_test_add_func("/halt-poll/sequence", test_sequence);
	g_test_add_func("/halt-poll/no-floor", test_no_floor);
	g_test_add_func("/halt-poll/borders", test_borders);
	g_test_add_func("/halt-poll/cap", test_cap);
	g_test_add_func("/halt-poll/parameters", test_parameters);
	g_test_add_func("/halt-poll/always", test_always);
	g_test_add_func("/halt-poll/guest", test_guest);
	return g_test_run();
}
