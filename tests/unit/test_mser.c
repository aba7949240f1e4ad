/* test_mser - where a warm-up ends, in sequences that say so. */
#include <glib.h>

#include "app/mser.h"
#include "sim/rng.h"

static struct mser mser;

/* nr samples: noise of 0 to 99 around 10000, above it what a warm-up adds. Positions begin at 1. */
static void fill(uint64_t nr, uint64_t nr_warm, uint64_t extra)
{
	struct stream stream;

	stream_init(&stream, 1, 0, "mser");
	mser_init(&mser);
	for (uint64_t i = 0; i < nr; i++)
		mser_add(&mser, 10000 + stream_u64(&stream) % 100 + (i < nr_warm ? extra : 0),
			 i + 1);
}

static void test_step(void)
{
	static const uint64_t lengths[] = { 1000, 9999, 300000 };
	uint64_t position;

	for (gsize i = 0; i < G_N_ELEMENTS(lengths); i++)
		for (uint64_t warm = 0; warm <= 400; warm += 100) {
			fill(lengths[i], warm, 5000);
			g_assert_true(mser_truncate(&mser, &position));
			g_assert_cmpuint(position, >=, warm);
			g_assert_cmpuint(position, <=, warm + mser.size + lengths[i] / 10);
		}
}

/* Also upwards from an empty queue, and no more than the step where there is no noise. */
static void test_exact(void)
{
	uint64_t position;

	mser_init(&mser);
	for (uint64_t i = 0; i < 500; i++)
		mser_add(&mser, i < 73 ? 10 : 500, 2 * i);
	g_assert_true(mser_truncate(&mser, &position));
	g_assert_cmpuint(position, ==, 2 * 74);		/* the last sample of group 15 */
	mser_init(&mser);
	for (uint64_t i = 0; i < 500; i++)
		mser_add(&mser, 500, i);
	g_assert_true(mser_truncate(&mser, &position));
	g_assert_cmpuint(position, ==, 0);
}

/* A ramp never settles; few samples say nothing. */
static void test_unsettled(void)
{
	uint64_t position;

	mser_init(&mser);
	for (uint64_t i = 0; i < 1000; i++)
		mser_add(&mser, i * 1000, i);
	g_assert_false(mser_truncate(&mser, &position));
	g_assert_cmpuint(position, ==, 499);
	fill(49, 0, 0);
	g_assert_false(mser_truncate(&mser, &position));
	g_assert_cmpuint(position, ==, 0);
}

/* However long: groups grow instead of their number. */
static void test_long(void)
{
	fill(1000000, 0, 0);
	g_assert_cmpuint(mser.nr_groups, <, MSER_GROUPS_MAX);
	g_assert_cmpuint(mser.size, ==, 160);
	g_assert_cmpuint(mser.nr_groups, ==, 1000000 / 160);
	g_assert_cmpuint(mser.ends[0], ==, 160);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/mser/step", test_step);
	g_test_add_func("/mser/exact", test_exact);
	g_test_add_func("/mser/unsettled", test_unsettled);
	g_test_add_func("/mser/long", test_long);
	return g_test_run();
}
