/*
 * test_idle - the prediction from the last idle times, and the state that follows from it.
 */
#include "models/idle.h"

#include <glib.h>

enum { POLL, C1, C1E, C6 };

/* The states of a Skylake server (drivers/idle/intel_idle.c, skx_cstates), and POLL before them. */
static const struct idle_config skylake = {
	.nr_states = 4,
	.states = {
		[POLL] = { "POLL", 0, 0, true, NULL },
		[C1] = { "C1", 2 * PS_PER_US, 2 * PS_PER_US, true, NULL },
		[C1E] = { "C1E", 10 * PS_PER_US, 20 * PS_PER_US, true, NULL },
		[C6] = { "C6", 133 * PS_PER_US, 600 * PS_PER_US, true, NULL },
	},
};

static struct idle_governor after(uint32_t nr, const uint32_t *intervals_us)
{
	struct idle_governor governor = { 0 };

	for (uint32_t i = 0; i < nr; i++)
		idle_reflect(&governor, intervals_us[i] * PS_PER_US + 999999);
	return governor;
}

static void test_typical(void)
{
	static const struct {
		uint32_t nr, us[10], expected_us;
	} cases[] = {
		{ 0, { 0 }, UINT32_MAX },
		{ 8, { 100, 100, 100, 100, 100, 100, 100, 100 }, 100 },
		/* Integer division: 12 / 8. */
		{ 8, { 1, 2, 1, 2, 1, 2, 1, 2 }, 1 },
		/* One outlier, two; three are too many. */
		{ 8, { 100, 100, 5000, 100, 100, 100, 100, 100 }, 100 },
		{ 8, { 100, 100, 5000, 100, 6000, 100, 100, 100 }, 100 },
		{ 8, { 100, 100, 5000, 100, 6000, 100, 100, 7000 }, UINT32_MAX },
		/* Mean 100: a variance of 400 is accepted. */
		{ 8, { 80, 120, 80, 120, 80, 120, 80, 120 }, 100 },
		/* 441 is not, nor is 100^2 > 36 * 441. Without all of 121, the others agree. */
		{ 8, { 79, 121, 79, 121, 79, 121, 79, 121 }, 79 },
		/* Mean 1000: 1000^2 > 36 * 166^2, but not 36 * 167^2. */
		{ 8, { 834, 1166, 834, 1166, 834, 1166, 834, 1166 }, 1000 },
		{ 8, { 833, 1167, 833, 1167, 833, 1167, 833, 1167 }, 833 },
		/* Equality is not enough: 600^2 = 36 * 100^2. */
		{ 8, { 500, 700, 500, 700, 500, 700, 500, 700 }, 500 },
		/* Few: a small deviation counts, one beside the mean needs six. */
		{ 1, { 70 }, 70 },
		{ 3, { 10, 12, 11 }, 11 },
		{ 2, { 10, 1000 }, UINT32_MAX },
		{ 5, { 1000, 1100, 1000, 1100, 1000 }, UINT32_MAX },
		{ 6, { 1000, 1100, 1000, 1100, 1000, 1100 }, 1050 },
		/* Only the last eight. */
		{ 10, { 7, 7, 50, 50, 50, 50, 50, 50, 50, 50 }, 50 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct idle_governor governor = after(cases[i].nr, cases[i].us);

		g_assert_cmpuint(idle_typical_us(&governor), ==, cases[i].expected_us);
	}
}

/* Half an hour and days are the same: the longest interval that there is. */
static void test_long(void)
{
	struct idle_governor governor = { 0 };

	idle_reflect(&governor, 100 * 24 * 3600 * PS_PER_S);
	g_assert_cmpuint(idle_typical_us(&governor), ==, INT32_MAX);
	idle_reflect(&governor, 1800 * PS_PER_S);
	g_assert_cmpuint(governor.intervals_us[1], ==, 1800000000);
}

static void test_select(void)
{
	static const uint32_t all = 0xf, no_c1 = 0xd, odd = 0xa;
	static const struct {
		uint32_t enabled, typical_us;	/* 0: nothing is known */
		ps_t next_timer_us;		/* 0: there is none */
		uint32_t expected;
	} cases[] = {
		{ all, 0, 0, C6 },
		{ all, 600, 0, C6 },
		{ all, 599, 0, C1E },
		{ all, 20, 0, C1E },
		{ all, 19, 0, C1 },
		{ all, 2, 0, C1 },
		{ all, 1, 0, POLL },
		/* The timer is nearer. */
		{ all, 600, 599, C1E },
		{ all, 0, 3, C1 },
		{ all, 0, 1, POLL },
		/* Not all are enabled: the first one whatever is predicted, then the next. */
		{ 0, 0, 0, POLL },
		{ odd, 1, 0, C1 },
		{ odd, 599, 0, C1 },
		{ odd, 600, 0, C6 },
		/* Not the loop, if residency and latency allow the next state. */
		{ no_c1, 15, 0, C1E },
		{ no_c1, 9, 0, POLL },
		{ no_c1, 15, 20, C1E },
		{ no_c1, 15, 19, POLL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct idle_governor governor = after(cases[i].typical_us > 0 ? 1 : 0,
						      &cases[i].typical_us);
		struct idle_config config = skylake;
		ps_t timer_ps = PS_NEVER;

		if (cases[i].next_timer_us > 0)
			timer_ps = cases[i].next_timer_us * PS_PER_US;
		config.enabled = cases[i].enabled;
		g_assert_cmpuint(idle_select(&governor, &config, timer_ps), ==,
				 cases[i].expected);
	}
}

static void test_no_states(void)
{
	static const struct idle_config none;
	static const struct idle_governor governor;

	g_assert_cmpuint(idle_select(&governor, &none, PS_NEVER), ==, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/idle/typical", test_typical);
	g_test_add_func("/idle/long", test_long);
	g_test_add_func("/idle/select", test_select);
	g_test_add_func("/idle/no-states", test_no_states);
	return g_test_run();
}
