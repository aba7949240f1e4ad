/*
 * Queues whose theory is known, built on the engine, a path per customer and LOCK: what the lock
 * measures agrees with the formulas.
 *
 * An estimate agrees when it is within three standard errors, which come from the means of large
 * batches. Each case also says how narrow that is, and is run again with a service 2 % longer: that
 * must not agree. Seeds are fixed.
 */
#include <glib.h>
#include <math.h>

#include "models/host.h"
#include "models/lock.h"
#include "models/pcpu.h"
#include "models/points.h"
#include "sim/arena.h"
#include "sim/dist.h"
#include "sim/path.h"
#include "sim/rng.h"
#include "sim/sim.h"

enum { NR_BATCHES = 40, SERVICE_PS = 1000000, THINK_PS = 4 * SERVICE_PS };

/* Estimates, per customer and in units of the mean service time. */
enum estimate {
	EST_WAIT,
	EST_WAITED,	/* fraction that waits at all */
	EST_WAITED_LONG,	/* fraction that waits longer than long_ps */
	EST_INTERVAL,	/* from one service's begin to the next: 1 / throughput */
	NR_ESTIMATES
};

struct station {
	struct trace_sink sink;		/* first */
	struct arena *arena;
	struct sim *sim;
	struct host *host;
	struct lock lock;
	struct dist service, arrival;
	struct stream services, arrivals;
	struct event arrive;
	struct customer *idle;		/* the pool */
	ps_t long_ps;
	uint64_t nr_served, batch_size;
	ps_t batch_start_ps;
	double sum[NR_ESTIMATES];	/* of the batch */
	double batches[NR_ESTIMATES][NR_BATCHES];

	/* The integrals once more, from the records: n(t) dt. */
	uint64_t nr_waiting, nr_holding;
	uint64_t nr_waiting_at_open, nr_holding_at_open;
	ps_t changed_ps, queue_ps, busy_ps;
};

struct customer {
	struct context context;		/* first; has no place on a pCPU's stack */
	struct station *station;
	struct customer *next;
	struct stream thinks;		/* of a client that comes again and again */
	ps_t think_ps;			/* mean; 0: an open arrival */
	ps_t arrival_ps;
};

/* --- the station --------------------------------------------------------------------------- */

static void station_end_batch(struct station *station)
{
	uint64_t batch = station->nr_served / station->batch_size;
	ps_t now_ps = station->sim->now_ps;

	station->sum[EST_INTERVAL] = (double)(now_ps - station->batch_start_ps) / SERVICE_PS;
	station->batch_start_ps = now_ps;
	/* The first batch is the warm-up. */
	for (int i = 0; i < NR_ESTIMATES; i++) {
		if (batch >= 2)
			station->batches[i][batch - 2] =
				station->sum[i] / (double)station->batch_size;
		station->sum[i] = 0;
	}
	if (batch == NR_BATCHES + 1)
		sim_stop(station->sim);
}

/* A service begins. */
static void station_serve(struct station *station, ps_t wait_ps)
{
	station->sum[EST_WAIT] += (double)wait_ps / SERVICE_PS;
	station->sum[EST_WAITED] += wait_ps > 0;
	station->sum[EST_WAITED_LONG] += wait_ps > station->long_ps;
	if (++station->nr_served % station->batch_size == 0)
		station_end_batch(station);
}

struct customer_run {
	struct customer *customer;
};

static enum flow customer_run_path(struct path *p, void *frame)
{
	struct customer_run *f = frame;
	struct customer *customer = f->customer;
	struct station *station = customer->station;
	const struct dist think = dist_exponential(customer->think_ps);

	PATH_BEGIN(p);
	do {
		if (customer->think_ps)
			SPEND(dist_draw(&think, &customer->thinks));
		customer->arrival_ps = p->sim->now_ps;
		LOCK(&station->lock);
		station_serve(station, p->sim->now_ps - customer->arrival_ps);
		SPEND(dist_draw(&station->service, &station->services));
		UNLOCK(&station->lock);
	} while (customer->think_ps);
	DONE(0);
	PATH_END(p);
}

static void customer_finished(struct path *path)
{
	struct customer *customer = (struct customer *)(void *)path;

	customer->next = customer->station->idle;
	customer->station->idle = customer;
}

static struct customer *customer_new(struct station *station, const char *name)
{
	struct customer *customer = ARENA_NEW(station->arena, struct customer);

	context_init(&customer->context, station->host, CONTEXT_THREAD, name);
	customer->context.pcpu = &station->host->pcpus[0];
	customer->context.path.finished = customer_finished;
	customer->station = station;
	return customer;
}

static void station_arrive(struct event *event)
{
	struct station *station = (struct station *)(void *)
		((char *)event - G_STRUCT_OFFSET(struct station, arrive));
	struct customer *customer = station->idle;
	ps_t gap_ps = dist_draw(&station->arrival, &station->arrivals);

	if (customer)
		station->idle = customer->next;
	else
		customer = customer_new(station, "customer");
	PATH_START(&customer->context.path, customer_run, .customer = customer);
	event_at(station->sim, event, station->sim->now_ps + gap_ps);
}

/* Integrates what the records say, without looking at the lock. */
static void station_record(struct trace_sink *sink, const struct trace_record *record)
{
	struct station *station = (struct station *)sink;
	ps_t passed_ps = record->time_ps - station->changed_ps;

	station->queue_ps += station->nr_waiting * passed_ps;
	station->busy_ps += station->nr_holding * passed_ps;
	station->changed_ps = record->time_ps;
	switch (record->point) {
	case POINT_LOCK_WAIT:
		station->nr_waiting++;
		break;
	case POINT_LOCK_ACQUIRED:
		station->nr_waiting -= record->whom;	/* it was found held */
		station->nr_holding++;
		break;
	case POINT_LOCK_RELEASED:
		station->nr_holding--;
		break;
	case POINT_WINDOW:
		if (record->which == 0)
			break;
		station->queue_ps = 0;
		station->busy_ps = 0;
		station->nr_waiting_at_open = station->nr_waiting;
		station->nr_holding_at_open = station->nr_holding;
		break;
	}
}

/* All costs are 0, so that a hand-over takes no time. Owned by the caller: station_free(). */
static struct station *station_new(uint64_t seed, struct dist service, uint64_t batch_size)
{
	struct station *station = g_new0(struct station, 1);
	struct arena *arena = arena_new(1 << 20);
	struct host_config config = {
		.topology = { 1, 1, 1, 1, LLC_SOCKET },
		.nr_pcpus = 1,
		.kernel = KERNEL(6, 5),
		.costs = ARENA_NEW_N(arena, struct cost_entry, NR_COSTS),
		.warmup_interrupts = 1,		/* station_open_window() fakes its end */
		.stop_interrupts = UINT64_MAX,
	};

	station->arena = arena;
	station->sim = sim_new(arena, "queues", seed, 0);
	station->host = host_new(station->sim, &config);
	station->service = service;
	station->batch_size = batch_size;
	stream_init(&station->services, seed, 0, "services");
	stream_init(&station->arrivals, seed, 0, "arrivals");
	event_init(station->sim, &station->arrive, EVENT_ARRIVAL, station_arrive);
	lock_init(&station->lock, lock_class_new(station->host, "server", false));
	host_start(station->host);
	return station;
}

static void station_free(struct station *station)
{
	arena_free(station->arena);
	g_free(station);
}

static void station_open_arrivals(struct station *station, double load)
{
	station->arrival = dist_exponential((ps_t)lround(SERVICE_PS / load));
	event_at(station->sim, &station->arrive, 0);
}

static void station_add_clients(struct station *station, unsigned int nr_clients)
{
	for (unsigned int i = 0; i < nr_clients; i++) {
		char *name = g_strdup_printf("client%u", i);
		struct customer *client = customer_new(station, name);

		client->think_ps = THINK_PS;
		stream_init(&client->thinks, station->sim->seed, 0, name);
		PATH_START(&client->context.path, customer_run, .customer = client);
		g_free(name);
	}
}

/* Opens the measured window at this time, as the end of a warm-up does. */
static void station_open_window(struct station *station, ps_t at_ps)
{
	sim_run(station->sim, at_ps);
	station->host->life.nr_finished = 1;
	host_measure(station->host);
}

/* --- agreement ----------------------------------------------------------------------------- */

static double estimate_mean(const struct station *station, enum estimate estimate)
{
	double sum = 0;

	for (int i = 0; i < NR_BATCHES; i++)
		sum += station->batches[estimate][i];
	return sum / NR_BATCHES;
}

static double estimate_error(const struct station *station, enum estimate estimate)
{
	double mean = estimate_mean(station, estimate), sum = 0;

	for (int i = 0; i < NR_BATCHES; i++)
		sum += pow(station->batches[estimate][i] - mean, 2);
	return sqrt(sum / (NR_BATCHES - 1) / NR_BATCHES);
}

static bool agrees(const struct station *station, enum estimate estimate, double theory)
{
	double mean = estimate_mean(station, estimate);
	double error = estimate_error(station, estimate);

	g_test_message("estimate %d: %.5f, theory %.5f, off by %+.2f standard errors of %.2f %%",
		       (int)estimate, mean, theory, (mean - theory) / error, 100 * error / theory);
	return fabs(mean - theory) <= 3 * error;
}

/* Agrees, and three standard errors are at most this fraction of the value. */
static void assert_agrees(const struct station *station, enum estimate estimate, double theory,
			  double width)
{
	g_assert_true(agrees(station, estimate, theory));
	g_assert_cmpfloat(3 * estimate_error(station, estimate), <=, width * theory);
}

/* --- one server, Poisson arrivals ---------------------------------------------------------- */

struct load_case {
	const char *name;
	double load;
	uint64_t batch_size;
	double width;		/* three standard errors of the mean wait, at most */
	bool constant;		/* M/D/1 */
};

static const struct load_case load_cases[] = {
	{ "mm1/0.3", 0.3, 50000, 0.015, false },
	{ "mm1/0.6", 0.6, 50000, 0.015, false },
	{ "mm1/0.9", 0.9, 200000, 0.03, false },
	{ "md1/0.3", 0.3, 50000, 0.01, true },
	{ "md1/0.6", 0.6, 50000, 0.01, true },
	{ "md1/0.9", 0.9, 200000, 0.02, true },
};

static struct station *run_load(const struct load_case *c, uint64_t seed, ps_t service_ps)
{
	struct dist service = c->constant ? dist_constant(service_ps) :
					    dist_exponential(service_ps);
	struct station *station = station_new(seed, service, c->batch_size);

	station->long_ps = (ps_t)lround(SERVICE_PS / (1 - c->load));
	station_open_arrivals(station, c->load);
	sim_run(station->sim, PS_NEVER - 1);
	return station;
}

/* Pollaczek and Khinchine: rho / (1 - rho) services, half of that if they are constant. */
static double theory_wait(const struct load_case *c)
{
	return c->load / (1 - c->load) / (c->constant ? 2 : 1);
}

static void test_load(gconstpointer data)
{
	const struct load_case *c = data;
	struct station *station = run_load(c, 1, SERVICE_PS);

	assert_agrees(station, EST_WAIT, theory_wait(c), c->width);
	assert_agrees(station, EST_WAITED, c->load, 0.01);
	assert_agrees(station, EST_INTERVAL, 1 / c->load, 0.01);
	if (!c->constant)	/* P(wait > t) = rho exp(-(1 - rho) t) */
		assert_agrees(station, EST_WAITED_LONG, c->load * exp(-1), 0.03);
	station_free(station);

	station = run_load(c, 1, SERVICE_PS * 102 / 100);
	g_assert_false(agrees(station, EST_WAIT, theory_wait(c)));
	g_assert_false(agrees(station, EST_WAITED, c->load));
	station_free(station);
}

/* --- N clients that think: the machine repairman ------------------------------------------- */

struct clients_case {
	const char *name;
	unsigned int nr_clients;
	double width;	/* three standard errors of the mean wait, at most */
};

static const struct clients_case clients_cases[] = {
	{ "clients/1", 1, 0 },
	{ "clients/2", 2, 0.015 },
	{ "clients/4", 4, 0.015 },
	{ "clients/16", 16, 0.005 },
	{ "clients/64", 64, 0.005 },
};

static struct station *run_clients(const struct clients_case *c, ps_t service_ps)
{
	struct station *station = station_new(2, dist_exponential(service_ps), 50000);

	station_add_clients(station, c->nr_clients);
	sim_run(station->sim, PS_NEVER - 1);
	return station;
}

/* Mean time between two services: service / (1 - p0), with p(n + 1) / p(n) = (N - n) s / z. */
static double theory_interval(unsigned int nr_clients)
{
	double weight = 1, sum = 1;

	for (unsigned int n = 0; n < nr_clients; n++) {
		weight *= (double)(nr_clients - n) * SERVICE_PS / THINK_PS;
		sum += weight;
	}
	return 1 / (1 - 1 / sum);
}

static void test_clients(gconstpointer data)
{
	const struct clients_case *c = data;
	struct station *station = run_clients(c, SERVICE_PS);
	double interval = theory_interval(c->nr_clients);
	double wait = c->nr_clients * interval - (double)THINK_PS / SERVICE_PS - 1;

	assert_agrees(station, EST_INTERVAL, interval, 0.005);
	if (c->nr_clients == 1)
		g_assert_cmpfloat(estimate_mean(station, EST_WAIT), ==, 0);
	else
		assert_agrees(station, EST_WAIT, wait, c->width);
	station_free(station);

	station = run_clients(c, SERVICE_PS * 102 / 100);
	g_assert_false(agrees(station, EST_INTERVAL, interval));
	station_free(station);
}

/* --- laws ---------------------------------------------------------------------------------- */

/*
 * To the picosecond, whenever the window opens and closes: the integral of those who wait is the
 * sum of the waits, the integral of the held lock the sum of the holds. The lock's own integrals
 * are held against n(t) dt over the records.
 */
static void test_exact(void)
{
	uint64_t nr_open_in_wait = 0, nr_open_in_hold = 0, nr_close_in_wait = 0;

	for (uint64_t seed = 1; seed <= 300; seed++) {
		struct station *station =
			station_new(seed, dist_exponential(SERVICE_PS), UINT64_MAX);
		struct lock_stats *stats;

		station->sim->sink = &station->sink;
		station->sink.record = station_record;
		station_open_arrivals(station, 0.8);
		station_open_window(station, 20 * SERVICE_PS + seed * 7919);
		sim_run(station->sim, 60 * SERVICE_PS);
		nr_close_in_wait += station->lock.nr_waiters > 0;
		host_close_window(station->host);
		nr_open_in_wait += station->nr_waiting_at_open > 0;
		nr_open_in_hold += station->nr_holding_at_open > 0;
		stats = station->lock.stats;
		g_assert_cmpuint(stats->queue_ps, ==, stats->wait_ps);
		g_assert_cmpuint(stats->busy_ps, ==, stats->hold_ps);
		g_assert_cmpuint(stats->queue_ps, ==, station->queue_ps);
		g_assert_cmpuint(stats->busy_ps, ==, station->busy_ps);
		station_free(station);
	}
	g_assert_cmpuint(nr_open_in_wait, >, 50);
	g_assert_cmpuint(nr_open_in_hold, >, 50);
	g_assert_cmpuint(nr_close_in_wait, >, 50);
}

/*
 * Little: mean queue = arrival rate x mean wait. Utilisation = arrival rate x mean service. The
 * number of Poisson arrivals in the window has a relative standard error of 1 / sqrt(n), the work
 * that they bring one of sqrt(2 / n): that is 0.4 % and 0.5 % for three of them here.
 */
static void test_laws(void)
{
	const double load = 0.7, nr = 500000;
	struct station *station = station_new(3, dist_exponential(SERVICE_PS), UINT64_MAX);
	const struct lock_stats *stats;
	double window, queue, busy, wait;

	station_open_arrivals(station, load);
	station_open_window(station, 1000 * (ps_t)SERVICE_PS);
	sim_run(station->sim, (ps_t)(nr / load) * SERVICE_PS);
	host_close_window(station->host);
	stats = station->lock.stats;
	window = (double)(station->sim->now_ps - station->host->window_start_ps) / SERVICE_PS;
	queue = (double)stats->queue_ps / SERVICE_PS / window;
	busy = (double)stats->busy_ps / SERVICE_PS / window;
	wait = (double)hist_mean(&stats->wait) / SERVICE_PS;
	g_test_message("queue %.5f, rate x wait %.5f, busy %.5f", queue, load * wait, busy);
	g_assert_cmpfloat_with_epsilon(queue, load * wait, queue * 3 / sqrt(nr));
	g_assert_cmpfloat_with_epsilon(busy, load, load * 3 * sqrt(2 / nr));
	g_assert_false(fabs(busy - 1.02 * load) <= load * 3 * sqrt(2 / nr));
	station_free(station);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(load_cases); i++) {
		char *path = g_strdup_printf("/oracle/queues/%s", load_cases[i].name);

		g_test_add_data_func(path, &load_cases[i], test_load);
		g_free(path);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(clients_cases); i++) {
		char *path = g_strdup_printf("/oracle/queues/%s", clients_cases[i].name);

		g_test_add_data_func(path, &clients_cases[i], test_clients);
		g_free(path);
	}
	g_test_add_func("/oracle/queues/exact", test_exact);
	g_test_add_func("/oracle/queues/laws", test_laws);
	return g_test_run();
}
