/*
 * A mutex whose owners all have pCPUs of their own: nobody sleeps, a release passes it on at once,
 * so that it is a single server in order of coming, and the formulas for that hold.
 *
 * All costs are 0. An estimate agrees when it is within three standard errors, which come from the
 * means of batches; it also says how narrow that is, and a service 4 % longer must not agree.
 */
#include <glib.h>
#include <math.h>

#include "models/mutex.h"
#include "tests/support/rig.h"

enum { NR_BATCHES = 30, NR_PCPUS = 100, SERVICE_PS = 1000000, THINK_PS = 4 * SERVICE_PS };

enum estimate { EST_WAIT, EST_INTERVAL, NR_ESTIMATES };

struct station {
	struct rig *rig;
	struct mutex mutex;
	struct dist service, arrival;
	struct stream services, arrivals;
	struct event arrive;
	struct customer *idle;
	uint64_t nr_served, batch_size;
	ps_t batch_start_ps;
	double sum_wait;
	double batches[NR_ESTIMATES][NR_BATCHES];
};

struct customer {
	struct thread thread;		/* first */
	struct station *station;
	struct customer *next;		/* idle ones */
	struct stream thinks;
	bool thinks_first, arrived;	/* a client; an open arrival */
	struct device_irq irq;		/* brings the arrival */
	ps_t start_ps;
};

/* Of each batch the means, in units of the service; the first batch is the warm-up. */
static void station_serve(struct station *station, ps_t wait_ps)
{
	ps_t now_ps = station->rig->sim->now_ps;
	uint64_t batch;

	station->sum_wait += (double)wait_ps / SERVICE_PS;
	if (++station->nr_served % station->batch_size)
		return;
	batch = station->nr_served / station->batch_size;
	if (batch >= 2) {
		double n = (double)station->batch_size;
		double passed = (double)(now_ps - station->batch_start_ps) / SERVICE_PS;

		station->batches[EST_WAIT][batch - 2] = station->sum_wait / n;
		station->batches[EST_INTERVAL][batch - 2] = passed / n;
	}
	station->sum_wait = 0;
	station->batch_start_ps = now_ps;
	if (batch == NR_BATCHES + 1)
		sim_stop(station->rig->sim);
}

struct customer_run {
	struct customer *customer;
};

/* An open arrival, which sleeps until it is due. */
static enum flow customer_idle_path(struct path *p, void *frame)
{
	struct customer_run *f = frame;
	struct customer *customer = f->customer;

	PATH_BEGIN(p);
	customer->next = customer->station->idle;
	customer->station->idle = customer;
	for (;;) {
		thread_prepare_sleep(&customer->thread);
		if (customer->arrived)
			break;
		SCHEDULE();
	}
	thread_cancel_sleep(&customer->thread);
	customer->arrived = false;
	DONE(0);
	PATH_END(p);
}

struct customer_idle {
	struct customer *customer;
};

static enum flow customer_run_path(struct path *p, void *frame)
{
	struct customer_run *f = frame;
	struct customer *customer = f->customer;
	struct station *station = customer->station;
	const struct dist think = dist_exponential(THINK_PS);

	PATH_BEGIN(p);
	for (;;) {
		if (customer->thinks_first)
			SPEND(dist_draw(&think, &customer->thinks));
		else
			CALL(customer_idle, .customer = customer);
		customer->start_ps = p->sim->now_ps;
		CALL(mutex_lock, .mutex = &station->mutex);
		station_serve(station, p->sim->now_ps - customer->start_ps);
		SPEND(dist_draw(&station->service, &station->services));
		CALL(mutex_unlock, .mutex = &station->mutex);
	}
	PATH_END(p);
}

static enum flow arrival_path(struct path *p, void *frame)
{
	struct device_handler *f = frame;

	PATH_BEGIN(p);
	CALL(sched_wake, .thread = f->device);
	DONE(0);
	PATH_END(p);
}

static void station_arrive(struct event *event)
{
	struct station *station = (struct station *)(void *)
		((char *)event - G_STRUCT_OFFSET(struct station, arrive));
	struct customer *customer = station->idle;

	g_assert_nonnull(customer);	/* all in service at once: NR_PCPUS is too small */
	station->idle = customer->next;
	customer->arrived = true;
	pcpu_raise_device(customer->thread.pcpu, &customer->irq);
	event_at(station->rig->sim, event,
		 station->rig->sim->now_ps + dist_draw(&station->arrival, &station->arrivals));
}

static struct station *station_new(uint64_t seed, struct dist service, uint64_t batch_size)
{
	struct station *station = g_new0(struct station, 1);

	station->rig = rig_new(NR_PCPUS);
	rig_build(station->rig);
	mutex_init(&station->mutex, mutex_class_find(station->rig->host, "server"));
	station->service = service;
	station->batch_size = batch_size;
	stream_init(&station->services, seed, 0, "services");
	stream_init(&station->arrivals, seed, 0, "arrivals");
	return station;
}

static void station_add(struct station *station, uint32_t nr_customers, bool think)
{
	struct rig *rig = station->rig;

	for (uint32_t i = 0; i < nr_customers; i++) {
		struct customer *customer = ARENA_NEW(rig->arena, struct customer);
		struct pcpu *pcpu = &rig->host->pcpus[i];
		char *name = g_strdup_printf("customer%u", i);

		customer->station = station;
		customer->thinks_first = think;
		customer->irq = (struct device_irq){
			.handler = arrival_path, .device = customer,
		};
		stream_init(&customer->thinks, 7, 0, name);
		thread_init(&customer->thread, rig->host, name, pcpu, NULL);
		THREAD_PATH(&customer->thread, customer_run, .customer = customer);
		thread_start(&customer->thread, pcpu);
		g_free(name);
	}
}

/* Counts what the mutex counts; the laws hold to the picosecond. */
static void station_check(struct station *station)
{
	struct rig *rig = station->rig;
	const struct lock_stats *stats = station->mutex.lock.stats;

	host_close_window(rig->host);
	host_check(rig->host);
	g_assert_cmpuint(stats->queue_ps, ==, stats->wait_ps);
	g_assert_cmpuint(stats->busy_ps, ==, stats->hold_ps);
	g_assert_cmpuint(stats->nr_acquisitions, ==, station->nr_served);
}

static void station_run(struct station *station)
{
	host_start(station->rig->host);
	sim_run(station->rig->sim, PS_NEVER - 1);
	station_check(station);
}

static void station_free(struct station *station)
{
	rig_free(station->rig);
	g_free(station);
}

static bool agrees(const struct station *station, enum estimate estimate, double theory,
		   double width)
{
	const double *means = station->batches[estimate];
	double mean = 0, sum = 0, error;

	for (int i = 0; i < NR_BATCHES; i++)
		mean += means[i] / NR_BATCHES;
	for (int i = 0; i < NR_BATCHES; i++)
		sum += pow(means[i] - mean, 2);
	error = sqrt(sum / (NR_BATCHES - 1) / NR_BATCHES);
	g_test_message("estimate %d: %.5f, theory %.5f, off by %+.2f standard errors of %.2f %%",
		       (int)estimate, mean, theory, (mean - theory) / error, 100 * error / theory);
	g_assert_cmpfloat(3 * error, <=, width * theory);
	return fabs(mean - theory) <= 3 * error;
}

/* --- Poisson arrivals ------------------------------------------------------------------------ */

struct load_case {
	const char *name;
	double load, width;
	uint64_t batch_size;
	bool constant;
};

static const struct load_case load_cases[] = {
	{ "mm1/0.5", 0.5, 0.04, 8000, false },
	{ "md1/0.5", 0.5, 0.04, 6000, true },
	{ "md1/0.7", 0.7, 0.06, 8000, true },
};

static bool load_agrees(const struct load_case *c, ps_t service_ps)
{
	struct dist service = c->constant ? dist_constant(service_ps) :
					    dist_exponential(service_ps);
	struct station *station = station_new(1, service, c->batch_size);
	double wait = c->load / (1 - c->load) / (c->constant ? 2 : 1);
	bool agreed;

	station->arrival = dist_exponential((ps_t)lround(SERVICE_PS / c->load));
	station_add(station, NR_PCPUS, false);
	event_init(station->rig->sim, &station->arrive, EVENT_ARRIVAL, station_arrive);
	event_at(station->rig->sim, &station->arrive, SERVICE_PS);
	station_run(station);
	agreed = agrees(station, EST_WAIT, wait, c->width);
	station_free(station);
	return agreed;
}

static void test_load(gconstpointer data)
{
	const struct load_case *c = data;

	g_assert_true(load_agrees(c, SERVICE_PS));
	g_assert_false(load_agrees(c, SERVICE_PS * 104 / 100));
}

/* --- clients that think: the machine repairman ------------------------------------------------ */

struct clients_case {
	const char *name;
	uint32_t nr_clients;
	double width;
};

static const struct clients_case clients_cases[] = {
	{ "clients/2", 2, 0.03 },
	{ "clients/4", 4, 0.03 },
	{ "clients/16", 16, 0.02 },
	{ "clients/64", 64, 0.02 },
};

/* Mean time between two services: service / (1 - p0), with p(n + 1) / p(n) = (N - n) s / z. */
static double theory_interval(uint32_t nr_clients)
{
	double weight = 1, sum = 1;

	for (uint32_t n = 0; n < nr_clients; n++) {
		weight *= (double)(nr_clients - n) * SERVICE_PS / THINK_PS;
		sum += weight;
	}
	return 1 / (1 - 1 / sum);
}

static bool clients_agree(const struct clients_case *c, ps_t service_ps)
{
	struct station *station = station_new(7, dist_exponential(service_ps), 5000);
	double interval = theory_interval(c->nr_clients);
	double wait = c->nr_clients * interval - (double)THINK_PS / SERVICE_PS - 1;
	bool agreed;

	station_add(station, c->nr_clients, true);
	station_run(station);
	agreed = agrees(station, EST_INTERVAL, interval, c->width) &&
		 agrees(station, EST_WAIT, wait, c->width);
	station_free(station);
	return agreed;
}

static void test_clients(gconstpointer data)
{
	const struct clients_case *c = data;

	g_assert_true(clients_agree(c, SERVICE_PS));
	g_assert_false(clients_agree(c, SERVICE_PS * 104 / 100));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(load_cases); i++) {
		char *path = g_strdup_printf("/oracle/mutex/%s", load_cases[i].name);

		g_test_add_data_func(path, &load_cases[i], test_load);
		g_free(path);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(clients_cases); i++) {
		char *path = g_strdup_printf("/oracle/mutex/%s", clients_cases[i].name);

		g_test_add_data_func(path, &clients_cases[i], test_clients);
		g_free(path);
	}
	return g_test_run();
}
