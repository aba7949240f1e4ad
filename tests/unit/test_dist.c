/*
 * test_dist - samples against theory (moments), against frozen values, at their ends; how well they
 * fit is in test_dist_fit.c. No libm here either: standard errors are compared squared.
 */
#include <glib.h>

#include "sim/arena.h"
#include "sim/dist.h"

#define NR_SAMPLES 200000

/* A stream whose next draw is this one. */
static struct stream stream_of(uint64_t draw)
{
	return (struct stream){ .nr_draws = 1, .second = draw };
}

static ps_t sample_at(struct dist dist, uint64_t draw)
{
	struct stream stream = stream_of(draw);

	return dist_draw(&dist, &stream);
}

static const struct dist_point skewed[] = {
	{ 300000, 9 },
	{ 2000000, 1 },
	{ 5, 0 },
	{ 450000, 5 },
};

/* Frozen samples, from an implementation of dist.h in another language with unbounded integers. */
static void test_frozen(void)
{
	struct arena *arena = arena_new(0);
	const struct dist_table *table = dist_table_new(arena, skewed, G_N_ELEMENTS(skewed));
	const struct {
		struct dist dist;
		ps_t samples[8];
	} cases[] = {
		{ dist_exponential(1000000),
		  { 491194, 217824, 647035, 2003899, 954777, 949862, 2535997, 109006 } },
		{ dist_uniform(100, 1000100),
		  { 611996, 804367, 523696, 134908, 384998, 386894, 79282, 896826 } },
		{ dist_table(table),
		  { 2000000, 450000, 300000, 300000, 300000, 300000, 300000, 450000 } },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct stream stream;

		stream_init(&stream, 7, 0, "frozen");
		for (size_t n = 0; n < 8; n++) {
			g_assert_cmpuint(dist_draw(&cases[i].dist, &stream), ==,
					 cases[i].samples[n]);
			g_assert_cmpuint(stream.nr_draws, ==, n + 1);
		}
	}
	arena_free(arena);
}

static void test_constant(void)
{
	struct dist dist = dist_constant(UINT64_MAX);

	g_assert_cmpuint(dist_draw(&dist, NULL), ==, UINT64_MAX);
	g_assert_cmpuint(dist_mean_ps(&dist), ==, UINT64_MAX);
}

static void test_uniform_ends(void)
{
	static const struct {
		ps_t low, high, mean;
	} cases[] = {
		{ 0, 0, 0 },
		{ 7, 7, 7 },
		{ 0, 1, 1 },
		{ 3, 6, 5 },
		{ 10, 12, 11 },
		{ 1, UINT64_MAX, (UINT64_C(1) << 63) },
		{ 0, UINT64_MAX - 1, (UINT64_C(1) << 63) - 1 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct dist dist = dist_uniform(cases[i].low, cases[i].high);

		g_assert_cmpuint(sample_at(dist, 0), ==, cases[i].low);
		g_assert_cmpuint(sample_at(dist, UINT64_MAX), ==, cases[i].high);
		g_assert_cmpuint(dist_mean_ps(&dist), ==, cases[i].mean);
	}
	/* Four values of 2^62 draws each. */
	for (uint64_t k = 1; k < 4; k++) {
		g_assert_cmpuint(sample_at(dist_uniform(3, 6), (k << 62) - 1), ==, 3 + k - 1);
		g_assert_cmpuint(sample_at(dist_uniform(3, 6), k << 62), ==, 3 + k);
	}
}

static void test_table_ends(void)
{
	static const struct dist_point points[] = { { 9, 0 }, { 30, 1 }, { 10, 1 },
						    { 8, 0 }, { 20, 2 }, { 7, 0 } };
	static const struct dist_point heavy[] = { { UINT64_MAX, UINT64_MAX - 1 }, { 0, 1 } };
	struct arena *arena = arena_new(0);
	struct dist dist = dist_table(dist_table_new(arena, points, G_N_ELEMENTS(points)));
	struct dist extreme = dist_table(dist_table_new(arena, heavy, G_N_ELEMENTS(heavy)));
	struct dist single = dist_table(dist_table_new(arena, points + 1, 1));
	const uint64_t quarter = UINT64_C(1) << 62;

	g_assert_cmpuint(sample_at(dist, 0), ==, 30);
	g_assert_cmpuint(sample_at(dist, quarter - 1), ==, 30);
	g_assert_cmpuint(sample_at(dist, quarter), ==, 10);
	g_assert_cmpuint(sample_at(dist, 2 * quarter - 1), ==, 10);
	g_assert_cmpuint(sample_at(dist, 2 * quarter), ==, 20);
	g_assert_cmpuint(sample_at(dist, UINT64_MAX), ==, 20);
	g_assert_cmpuint(dist_mean_ps(&dist), ==, 20);

	g_assert_cmpuint(sample_at(extreme, 0), ==, UINT64_MAX);
	g_assert_cmpuint(sample_at(extreme, UINT64_MAX), ==, 0);
	g_assert_cmpuint(dist_mean_ps(&extreme), ==, UINT64_MAX - 1);

	g_assert_cmpuint(sample_at(single, 0), ==, 30);
	g_assert_cmpuint(sample_at(single, UINT64_MAX), ==, 30);
	arena_free(arena);
}

/* Tables of all sizes: n rows of equal weight cut the draws into n equal parts, in order. */
static void test_table_search(void)
{
	struct dist_point points[40];

	for (size_t nr = 1; nr <= G_N_ELEMENTS(points); nr++) {
		struct arena *arena = arena_new(0);
		struct dist dist;

		for (size_t i = 0; i < nr; i++)
			points[i] = (struct dist_point){ .value_ps = i, .weight = 3 };
		dist = dist_table(dist_table_new(arena, points, nr));
		for (uint64_t i = 0; i < nr; i++) {
			uint64_t middle = UINT64_MAX / (2 * nr) * (2 * i + 1);

			g_assert_cmpuint(sample_at(dist, middle), ==, i);
		}
		arena_free(arena);
	}
}

/* e^-x by its series on x / 64, to about 1e-14. */
static double exp_minus(double x)
{
	double term = 1, sum = 1;

	x /= 64;
	for (int n = 1; n < 20; n++) {
		term *= -x / n;
		sum += term;
	}
	for (int squaring = 0; squaring < 6; squaring++)
		sum *= sum;
	return sum;
}

/* -ln is exact at the rows of its table and at most 2e-6 too large between, in every octave. */
static void test_logarithm(void)
{
	const struct dist dist = dist_exponential(DIST_EXPONENTIAL_MAX_PS);
	const double scale = (double)DIST_EXPONENTIAL_MAX_PS;

	for (uint64_t row = 0; row < 256 * 8; row++) {
		for (unsigned int octave = 0; octave < 64; octave++) {
			uint64_t draw = ((2048 + row) << 52) >> octave;
			double u = (double)(draw | 1) / 18446744073709551616.0;
			double error = exp_minus((double)sample_at(dist, draw) / scale) / u - 1;

			g_assert_cmpfloat(error, >, -2.0e-6);
			g_assert_cmpfloat(error, <, 1e-13);
			if (row % 8 == 0 && octave < 20)
				g_assert_cmpfloat(error, >, -1e-11);
		}
	}
}

static void test_exponential_ends(void)
{
	const ps_t mean = 1000000000;
	struct dist dist = dist_exponential(mean);
	ps_t last = UINT64_MAX;

	g_assert_cmpuint(dist_mean_ps(&dist), ==, mean);
	g_assert_cmpuint(sample_at(dist, 0), ==, UINT64_C(44361419556)); /* 64 ln 2 */
	g_assert_cmpuint(sample_at(dist, UINT64_C(1) << 63), ==, 693147181);
	g_assert_cmpuint(sample_at(dist, UINT64_MAX), ==, 0);
	g_assert_cmpuint(sample_at(dist_exponential(0), 0), ==, 0);
	g_assert_cmpuint(sample_at(dist_exponential(DIST_EXPONENTIAL_MAX_PS), 0), >,
			 44 * DIST_EXPONENTIAL_MAX_PS);

	/* A larger draw never gives a larger sample: the pieces meet. */
	for (uint64_t draw = 0; draw < UINT64_MAX - UINT64_MAX / 5000; draw += UINT64_MAX / 5000) {
		ps_t sample = sample_at(dist, draw);

		g_assert_cmpuint(sample, <=, last);
		last = sample;
	}
}

struct moments {
	double mean, variance, fourth; /* the fourth about the mean */
};

/* Sample mean and variance within four standard errors of theory; none is due to chance here. */
static void check_moments(struct dist dist, struct moments theory, const char *name)
{
	double sum = 0, square = 0, mean, variance;
	struct stream stream;

	stream_init(&stream, 1, 0, name);
	for (int i = 0; i < NR_SAMPLES; i++) {
		double deviation = (double)dist_draw(&dist, &stream) - theory.mean;

		sum += deviation;
		square += deviation * deviation;
	}
	g_assert_cmpuint(stream.nr_draws, ==, NR_SAMPLES);
	mean = sum / NR_SAMPLES;
	variance = square / NR_SAMPLES - theory.variance;
	g_assert_cmpfloat(mean * mean, <=, 16 * theory.variance / NR_SAMPLES);
	g_assert_cmpfloat(variance * variance, <=,
			  16 * (theory.fourth - theory.variance * theory.variance) / NR_SAMPLES);
	g_assert_cmpfloat(theory.mean, >=, (double)dist_mean_ps(&dist) - 0.5);
	g_assert_cmpfloat(theory.mean, <=, (double)dist_mean_ps(&dist) + 0.5);
}

static struct moments table_moments(const struct dist_point *points, size_t nr)
{
	struct moments ret = { 0, 0, 0 };
	double total = 0;

	for (size_t i = 0; i < nr; i++) {
		total += (double)points[i].weight;
		ret.mean += (double)points[i].weight * (double)points[i].value_ps;
	}
	ret.mean /= total;
	for (size_t i = 0; i < nr; i++) {
		double deviation = (double)points[i].value_ps - ret.mean;
		double square = deviation * deviation;

		ret.variance += (double)points[i].weight / total * square;
		ret.fourth += (double)points[i].weight / total * square * square;
	}
	return ret;
}

static void test_moments(void)
{
	struct arena *arena = arena_new(0);
	const double m = 1e6, width = 1e6 + 1, v = (width * width - 1) / 12;

	check_moments(dist_exponential(1000000), (struct moments){ m, m * m, 9 * m * m * m * m },
		      "exponential");
	check_moments(dist_uniform(100, 1000100), (struct moments){ 500100, v, 1.8 * v * v },
		      "uniform");
	check_moments(dist_table(dist_table_new(arena, skewed, G_N_ELEMENTS(skewed))),
		      table_moments(skewed, G_N_ELEMENTS(skewed)), "table");
	arena_free(arena);
}

static void test_bad_uniform(void)
{
	if (g_test_subprocess()) {
		dist_uniform(2, 1);
		return;
	}
	g_test_trap_subprocess(NULL, 0, 0);
	g_test_trap_assert_failed();
	g_test_trap_assert_stderr("*low_ps <= high_ps*");
}

static void test_bad_exponential(void)
{
	if (g_test_subprocess()) {
		dist_exponential(DIST_EXPONENTIAL_MAX_PS + 1);
		return;
	}
	g_test_trap_subprocess(NULL, 0, 0);
	g_test_trap_assert_failed();
	g_test_trap_assert_stderr("*DIST_EXPONENTIAL_MAX_PS*");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/dist/frozen", test_frozen);
	g_test_add_func("/dist/constant", test_constant);
	g_test_add_func("/dist/uniform-ends", test_uniform_ends);
	g_test_add_func("/dist/table-ends", test_table_ends);
	g_test_add_func("/dist/table-search", test_table_search);
	g_test_add_func("/dist/logarithm", test_logarithm);
	g_test_add_func("/dist/exponential-ends", test_exponential_ends);
	g_test_add_func("/dist/moments", test_moments);
	g_test_add_func("/dist/bad-uniform", test_bad_uniform);
	g_test_add_func("/dist/bad-exponential", test_bad_exponential);
	return g_test_run();
}
