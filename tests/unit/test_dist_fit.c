/*
 * test_dist_fit - a million samples of every distribution against its probabilities: chi-square,
 * Kolmogorov-Smirnov, and whether neighbours know of each other. In integers.
 *
 * Every limit is exceeded by chance in fewer than one of 1000 streams. Each fit also shows that
 * samples of another mean, by one per cent, are rejected.
 */
#include <glib.h>

#include "sim/arena.h"
#include "sim/dist.h"

enum { NR_SAMPLES = 1000000, MAX_CELLS = 64 };

/* Of NR_SAMPLES: 1950 = 1.95 / sqrt(NR_SAMPLES) of them, one of 1000 for a continuous one. */
enum { KOLMOGOROV_LIMIT = 1950 };

/* Cell i holds what is above end i - 1 and up to end i; the last cell has no end. */
struct cells {
	uint32_t nr;
	uint64_t chi_square_limit;	/* one of 1000, nr - 1 degrees of freedom, rounded up */
	const ps_t *ends_ps;
	const uint64_t *weights;	/* NULL: all the same */
};

struct fit {
	uint64_t chi_square;		/* rounded down */
	uint64_t kolmogorov;		/* the largest difference of the counts up to a cell */
};

static uint32_t cell_of(const struct cells *cells, ps_t sample_ps)
{
	uint32_t cell = 0;

	while (cell < cells->nr - 1 && sample_ps > cells->ends_ps[cell])
		cell++;
	return cell;
}

static uint64_t cell_weight(const struct cells *cells, uint32_t cell)
{
	return cells->weights ? cells->weights[cell] : 1;
}

static struct fit fit_counts(const struct cells *cells, const int64_t *counts, int64_t nr_samples)
{
	int64_t total = 0, squares = 0, difference = 0, largest = 0;

	for (uint32_t cell = 0; cell < cells->nr; cell++)
		total += (int64_t)cell_weight(cells, cell);
	for (uint32_t cell = 0; cell < cells->nr; cell++) {
		int64_t weight = (int64_t)cell_weight(cells, cell);
		int64_t excess = counts[cell] * total - nr_samples * weight;

		squares += excess * excess / weight;
		difference += excess;
		largest = MAX(largest, ABS(difference));
	}
	return (struct fit){ (uint64_t)(squares / (nr_samples * total)),
			     (uint64_t)(largest / total) };
}

static struct fit fit_dist(const struct cells *cells, struct dist dist)
{
	int64_t counts[MAX_CELLS] = { 0 };
	struct stream stream;

	stream_init(&stream, 1, 0, "fit");
	for (int i = 0; i < NR_SAMPLES; i++)
		counts[cell_of(cells, dist_draw(&dist, &stream))]++;
	g_assert_cmpuint(stream.nr_draws, ==, NR_SAMPLES);
	return fit_counts(cells, counts, NR_SAMPLES);
}

static void check_fit(const struct cells *cells, struct dist right, struct dist wrong)
{
	struct fit fit = fit_dist(cells, right), misfit = fit_dist(cells, wrong);

	g_test_message("chi-square %" G_GUINT64_FORMAT ", wrong mean %" G_GUINT64_FORMAT
		       ", Kolmogorov-Smirnov %" G_GUINT64_FORMAT " and %" G_GUINT64_FORMAT,
		       fit.chi_square, misfit.chi_square, fit.kolmogorov, misfit.kolmogorov);
	g_assert_cmpuint(dist_mean_ps(&wrong) * 100, >=, dist_mean_ps(&right) * 101);
	g_assert_cmpuint(dist_mean_ps(&wrong) * 1000, <=, dist_mean_ps(&right) * 1011);
	g_assert_cmpuint(fit.chi_square, <, cells->chi_square_limit);
	g_assert_cmpuint(fit.kolmogorov, <, KOLMOGOROV_LIMIT);
	g_assert_cmpuint(misfit.chi_square, >=, cells->chi_square_limit);
	g_assert_cmpuint(misfit.kolmogorov, >=, KOLMOGOROV_LIMIT);
}

static void test_constant(void)
{
	struct dist dist = dist_constant(1000000);
	struct stream stream;

	stream_init(&stream, 1, 0, "fit");
	for (int i = 0; i < NR_SAMPLES; i++)
		g_assert_cmpuint(dist_draw(&dist, &stream), ==, 1000000);
	g_assert_cmpuint(stream.nr_draws, ==, 0);
}

/* 50 cells of 20001 values each. */
static void test_uniform(void)
{
	const ps_t low = 500000, width = 20001;
	ps_t ends_ps[49];
	const struct cells cells = { 50, 86, ends_ps, NULL };

	for (uint32_t i = 0; i < 49; i++)
		ends_ps[i] = low + (i + 1) * width - 1;
	check_fit(&cells, dist_uniform(low, low + 50 * width - 1),
		  dist_uniform(low + 10001, low + 50 * width - 1 + 10001));
}

/* Ends of cells of probability 1/32, -ln(1 - i/32), in 1e-9 of the mean. */
static const ps_t exponential_ends[] = {
	31748698,   64538521,	98440073,   133531393,	169899037,  207639365,	246860078,
	287682072,  330241687,	374693449,  421213465,	470003629,  521296924,	575364145,
	632522559,  693147181,	757685702,  826678573,	900786545,  980829253,	1067840630,
	1163150810, 1268511325, 1386294361, 1519825754, 1673976434, 1856297990, 2079441542,
	2367123614, 2772588722, 3465735903,
};

static void test_exponential(void)
{
	const struct cells cells = { 32, 62, exponential_ends, NULL };

	check_fit(&cells, dist_exponential(1000000000), dist_exponential(1010000000));
}

/* The rows are in any order, one has no weight; the cells are in order. */
static void test_table(void)
{
	static const struct dist_point right[] = {
		{ 300000, 900 }, { 2000000, 100 }, { 5, 0 }, { 450000, 500 },
	};
	static const struct dist_point wrong[] = {
		{ 300000, 8958 }, { 2000000, 1042 }, { 5, 0 }, { 450000, 5000 },
	};
	static const ps_t ends_ps[] = { 300000, 450000 };
	static const uint64_t weights[] = { 9, 5, 1 };
	const struct cells cells = { 3, 14, ends_ps, weights };
	struct arena *arena = arena_new(0);

	check_fit(&cells, dist_table(dist_table_new(arena, right, G_N_ELEMENTS(right))),
		  dist_table(dist_table_new(arena, wrong, G_N_ELEMENTS(wrong))));
	arena_free(arena);
}

/*
 * Pairs of 8 x 8 cells: the first of each comes from one stream; the second from the other, `lag`
 * draws later. Neighbours in a stream do not know of each other, nor do streams.
 */
static struct fit fit_pairs(const char *first_name, const char *second_name, uint32_t lag)
{
	const struct cells cells = { 64, 104, NULL, NULL };
	const struct dist dist = dist_uniform(0, 7);
	int64_t counts[MAX_CELLS] = { 0 };
	struct stream first, second;

	stream_init(&first, 1, 0, first_name);
	stream_init(&second, 1, 0, second_name);
	for (uint32_t i = 0; i < lag; i++)
		dist_draw(&dist, &second);
	for (int i = 0; i < NR_SAMPLES / 2; i++) {
		ps_t row = dist_draw(&dist, &first);

		counts[8 * row + dist_draw(&dist, &second)]++;
		if (lag) {	/* pairs that do not overlap */
			dist_draw(&dist, &first);
			dist_draw(&dist, &second);
		}
	}
	return fit_counts(&cells, counts, NR_SAMPLES / 2);
}

static void test_independence(void)
{
	g_assert_cmpuint(fit_pairs("client0", "client0", 1).chi_square, <, 104);
	g_assert_cmpuint(fit_pairs("client0", "client1", 0).chi_square, <, 104);
	g_assert_cmpuint(fit_pairs("client0", "client0", 0).chi_square, >=, 104);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/dist-fit/constant", test_constant);
	g_test_add_func("/dist-fit/uniform", test_uniform);
	g_test_add_func("/dist-fit/exponential", test_exponential);
	g_test_add_func("/dist-fit/table", test_table);
	g_test_add_func("/dist-fit/independence", test_independence);
	return g_test_run();
}
