#include "tests/support/coverage.h"

#include <math.h>

#include "sim/arena.h"
#include "tests/support/lindley.h"

const char *const coverage_metrics[] = { "deliver.mean", "deliver.p99" };

/* --- samples ------------------------------------------------------------------------------- */

/* What the samples of a run go into; the histograms are emptied from run to run. */
struct bench {
	struct arena *arena;
	struct hist samples, nothing;
	struct batches batches;
};

static struct bench *bench_new(void)
{
	struct bench *bench = g_new0(struct bench, 1);

	bench->arena = arena_new(1 << 20);
	hist_init(&bench->samples, bench->arena);
	hist_init(&bench->nothing, bench->arena);
	return bench;
}

static void bench_free(struct bench *bench)
{
	arena_free(bench->arena);
	g_free(bench);
}

/*
 * The work that an arrival finds in the steady state is a geometric number of residual services
 * (Pollaczek and Khinchine): exponential again, or uniform over a constant one.
 */
static ps_t steady_wait(const struct coverage_case *c, uint64_t seed, uint32_t replication,
			ps_t service_ps)
{
	const struct dist rest = c->of == COVERAGE_MM1 ? dist_exponential(service_ps) :
							 dist_uniform(0, service_ps - 1);
	double load = c->load * (double)service_ps / COVERAGE_SERVICE_PS;
	struct stream stream;
	ps_t wait_ps = 0;

	stream_init(&stream, seed, replication, "start");
	while (ldexp((double)stream_u64(&stream), -64) < load)
		wait_ps += dist_draw(&rest, &stream);
	return wait_ps;
}

static void add_sample(struct bench *bench, const struct coverage_case *c, ps_t value_ps)
{
	hist_add(&bench->samples, value_ps);
	if (c->nr_replications == 1)
		batches_add(&bench->batches, value_ps);
}

static void sample(struct bench *bench, const struct coverage_case *c, uint64_t seed,
		   uint32_t replication, ps_t service_ps)
{
	struct lindley queue = {
		.service = c->of == COVERAGE_MD1 ? dist_constant(service_ps) :
						   dist_exponential(service_ps),
	};

	lindley_init(&queue, seed, replication);
	if (c->of != COVERAGE_INDEPENDENT) {
		queue.gap = dist_exponential((ps_t)lround(COVERAGE_SERVICE_PS / c->load));
		queue.wait_ps = steady_wait(c, seed, replication, service_ps);
	}
	for (uint32_t i = 0; i < c->nr_samples; i++) {
		ps_t sojourn_ps, wait_ps;

		if (c->of == COVERAGE_INDEPENDENT) {
			add_sample(bench, c, dist_draw(&queue.service, &queue.services));
			continue;
		}
		wait_ps = lindley_next(&queue, &sojourn_ps);
		add_sample(bench, c, c->of == COVERAGE_MM1 ? sojourn_ps : wait_ps);
	}
}

/* --- experiments --------------------------------------------------------------------------- */

static struct numbers *run_one(struct bench *bench, const struct coverage_case *c, uint64_t seed,
			       uint32_t replication, ps_t service_ps)
{
	const struct scenario scenario = { .metric = "deliver" };
	struct result result = { 0 };

	hist_reset(&bench->samples);
	batches_init(&bench->batches, &bench->samples, bench->arena);
	sample(bench, c, seed, replication, service_ps);
	for (int kind = 0; kind < NR_METRIC_LATENCIES; kind++)
		result.latency[kind] = &bench->nothing;
	for (int stage = 0; stage < NR_STAGES; stage++)
		result.stages[stage] = &bench->nothing;
	result.latency[LATENCY_DELIVER] = &bench->samples;
	result.nr_batches = c->nr_replications == 1;
	result.batches = &bench->batches;
	return numbers_take(&result, &scenario);
}

struct summary *coverage_experiment(const struct coverage_case *c, uint64_t seed,
				    const ps_t *services_ps, uint32_t nr)
{
	struct plan plan = { .nr_points = 1, .nr_alternatives = nr, .nr_cases = nr,
			     .nr_replications = c->nr_replications };
	struct summary *summary = summary_new(&plan);
	struct bench *bench = bench_new();

	for (uint32_t i = 0; i < nr; i++)
		for (uint32_t r = 0; r < c->nr_replications; r++)
			summary_take(summary, run_one(bench, c, seed, r, services_ps[i]));
	bench_free(bench);
	return summary;
}

static void count(struct coverage *coverage, int metric, const struct estimate *estimate,
		  double truth, double share)
{
	double value = (double)estimate->value;

	g_assert_cmpuint(estimate->nr_sections, >, 1);
	coverage->nr_below[metric] += value + share * ((double)estimate->high - value) < truth;
	coverage->nr_above[metric] += value - share * (value - (double)estimate->low) > truth;
	coverage->half_width[metric] += ((double)estimate->high - (double)estimate->low) / 2 /
					truth;
}

struct coverage coverage_run(const struct coverage_case *c, uint32_t nr_experiments,
			     unsigned int percent)
{
	const ps_t service_ps = COVERAGE_SERVICE_PS;
	struct coverage coverage = { .nr_experiments = nr_experiments };

	for (uint32_t seed = 0; seed < nr_experiments; seed++) {
		struct summary *summary = coverage_experiment(c, seed, &service_ps, 1);

		for (int m = 0; m < NR_COVERAGE_METRICS; m++)
			count(&coverage, m, &summary_find(summary, 0, coverage_metrics[m])->value,
			      coverage_truth(c, m), percent / 100.0);
		summary_free(summary);
	}
	for (int m = 0; m < NR_COVERAGE_METRICS; m++)
		coverage.half_width[m] /= nr_experiments;
	return coverage;
}

double coverage_share(const struct coverage *coverage, int metric)
{
	return 1 - (double)(coverage->nr_below[metric] + coverage->nr_above[metric]) /
			   coverage->nr_experiments;
}

void coverage_show(const struct coverage_case *c, const struct coverage *coverage)
{
	for (int m = 0; m < NR_COVERAGE_METRICS; m++)
		g_test_message("%s, %u x %u, load %.1f, %s: holds in %.2f %%, too low in "
			       "%.2f %%, too high in %.2f %%; half-width %.1f %%",
			       c->name, (unsigned int)c->nr_replications,
			       (unsigned int)c->nr_samples, c->load, coverage_metrics[m],
			       100 * coverage_share(coverage, m),
			       100.0 * coverage->nr_below[m] / coverage->nr_experiments,
			       100.0 * coverage->nr_above[m] / coverage->nr_experiments,
			       100 * coverage->half_width[m]);
}

bool coverage_in_band(double share)
{
	return share >= 0.935 && share <= 0.965;
}

static void test_case(gconstpointer data)
{
	const struct coverage_case *c = data;
	struct coverage coverage = coverage_run(c, COVERAGE_EXPERIMENTS, 100);

	coverage_show(c, &coverage);
	for (int m = 0; m < NR_COVERAGE_METRICS; m++)
		g_assert_true(coverage_in_band(coverage_share(&coverage, m)));
}

void coverage_add_tests(const struct coverage_case *cases, gsize nr)
{
	for (gsize i = 0; i < nr; i++) {
		char *path = g_strdup_printf("/intervals/%s/%u", cases[i].name,
					     (unsigned int)cases[i].nr_replications);

		g_test_add_data_func(path, &cases[i], test_case);
		g_free(path);
	}
}

/* --- what is known ------------------------------------------------------------------------- */

/*
 * M/D/1 (Erlang; Crommelin 1932): P(wait <= t) = (1 - load) sum over j = 0 .. floor(t) of
 * (load (j - t))^j / j! exp(-load (j - t)), with t in services. Terms alternate: good for small t.
 */
static double md1_wait(double load, double t)
{
	double sum = 0;

	for (int j = 0; j <= (int)t; j++) {
		double a = load * (j - t), term = exp(-a);

		for (int i = 1; i <= j; i++)
			term *= a / i;
		sum += term;
	}
	return (1 - load) * sum;
}

static double md1_p99(double load)
{
	double low = 0, high = 15;

	for (int i = 0; i < 60; i++) {
		double middle = (low + high) / 2;

		*(md1_wait(load, middle) < 0.99 ? &low : &high) = middle;
	}
	return low;
}

double coverage_truth(const struct coverage_case *c, int metric)
{
	bool mean = metric == COVERAGE_MEAN;
	double truth = 0;

	switch (c->of) {
	case COVERAGE_INDEPENDENT:
		truth = mean ? 1 : log(100);
		break;
	case COVERAGE_MM1:
		truth = (mean ? 1 : log(100)) / (1 - c->load);
		break;
	case COVERAGE_MD1:
		truth = mean ? c->load / (1 - c->load) / 2 : md1_p99(c->load);
		break;
	}
	return truth * COVERAGE_SERVICE_PS;
}
