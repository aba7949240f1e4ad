/*
 * The scheduler against theory: M/M/c on c pCPUs, and the laws of queues.
 *
 * All costs are 0. An estimate agrees when it is within three standard errors, which come from the
 * means of large batches; a service 2 % longer must not agree. Seeds are fixed.
 */
#include <glib.h>
#include <math.h>

#include "models/pcpu.h"
#include "models/points.h"
#include "sim/dist.h"
#include "sim/path.h"
#include "sim/rng.h"
#include "tests/support/sched_host.h"

enum { SERVICE_PS = 1000000, NR_BATCHES = 40, NR_THREADS = 150, START_PS = 1000, LAW_PCPUS = 3 };

/* --- a host whose threads serve what arrives -------------------------------------------------- */

struct server {
	struct thread thread;		/* first */
	struct farm *farm;
	struct server *next;
	bool busy;			/* has something to serve: what it sleeps for */
};

struct farm {
	struct trace_sink sink;		/* first */
	struct arena *arena;
	struct sim *sim;
	struct host *host;
	struct dist service, arrival;
	struct stream services, arrivals;
	struct event arrive;
	struct device_irq device;	/* of pCPU 0, its handler wakes a server */
	struct server *servers;		/* NR_THREADS of them */
	struct server *free;
	uint64_t nr_in_system, nr_arrivals;
	ps_t changed_ps, work_ps;	/* work: of all services that have begun */
	double integral;		/* of nr_in_system, in the batch */

	/* From the records. */
	uint64_t nr_waiting;
	bool executes[LAW_PCPUS];
	ps_t recorded_ps, waiting_ps, executing_ps[LAW_PCPUS];
};

static void farm_integrate(struct farm *farm)
{
	ps_t now_ps = farm->sim->now_ps;

	farm->integral += (double)farm->nr_in_system * (double)(now_ps - farm->changed_ps);
	farm->changed_ps = now_ps;
}

struct serve {
	struct server *server;
	ps_t service_ps;
};

static enum flow serve_path(struct path *p, void *frame)
{
	struct serve *f = frame;
	struct server *server = f->server;
	struct farm *farm = server->farm;

	PATH_BEGIN(p);
	for (;;) {
		server->next = farm->free;
		farm->free = server;
		for (;;) {
			thread_prepare_sleep(&server->thread);
			if (server->busy)
				break;
			SCHEDULE();
		}
		thread_cancel_sleep(&server->thread);
		f->service_ps = dist_draw(&farm->service, &farm->services);
		farm->work_ps += f->service_ps;
		SPEND(f->service_ps);
		farm_integrate(farm);
		farm->nr_in_system--;
		server->busy = false;
	}
	PATH_END(p);
}

static enum flow farm_handler_path(struct path *p, void *frame)
{
	struct device_handler *f = frame;
	struct farm *farm = f->device;
	struct server *server;

	PATH_BEGIN(p);
	server = farm->free;
	g_assert_nonnull(server);
	farm->free = server->next;
	server->busy = true;
	farm_integrate(farm);
	farm->nr_in_system++;
	CALL(sched_wake, .thread = &server->thread);
	DONE(0);
	PATH_END(p);
}

static void farm_arrive(struct event *event)
{
	struct farm *farm =
		(struct farm *)(void *)((char *)event - G_STRUCT_OFFSET(struct farm, arrive));

	event_at(farm->sim, event, farm->sim->now_ps + dist_draw(&farm->arrival, &farm->arrivals));
	farm->nr_arrivals++;
	pcpu_raise_device(&farm->host->pcpus[0], &farm->device);
}

/* Owned by the caller: farm_free(). Every fourth server is pinned if pinned. */
static struct farm *farm_new(uint64_t seed, uint32_t nr_pcpus, uint32_t kernel, ps_t slice_ps,
			     bool pinned)
{
	struct farm *farm = g_new0(struct farm, 1);

	farm->arena = arena_new(1 << 20);
	farm->sim = sim_new(farm->arena, "sched", seed, 0);
	farm->host = sched_host(farm->sim, nr_pcpus, kernel, slice_ps);
	farm->device.handler = farm_handler_path;
	farm->device.device = farm;
	farm->servers = ARENA_NEW_N(farm->arena, struct server, NR_THREADS);
	stream_init(&farm->services, seed, 0, "services");
	stream_init(&farm->arrivals, seed, 0, "arrivals");
	event_init(farm->sim, &farm->arrive, EVENT_ARRIVAL, farm_arrive);
	for (uint32_t i = 0; i < NR_THREADS; i++) {
		struct server *server = &farm->servers[i];
		struct pcpu *home = &farm->host->pcpus[i % nr_pcpus];

		server->farm = farm;
		thread_init(&server->thread, farm->host, "server",
			    pinned && i % 4 == 0 ? home : NULL, NULL);
		THREAD_PATH(&server->thread, serve, .server = server);
		thread_start(&server->thread, home);
	}
	host_start(farm->host);
	return farm;
}

static void farm_free(struct farm *farm)
{
	sched_check(farm->host);
	arena_free(farm->arena);
	g_free(farm);
}

static void farm_open(struct farm *farm, double load, ps_t service_ps)
{
	farm->service = dist_exponential(service_ps);
	farm->arrival = dist_exponential((ps_t)lround(SERVICE_PS / load));
	event_at(farm->sim, &farm->arrive, START_PS);
	sim_run(farm->sim, START_PS - 1);
}

/* --- M/M/c ----------------------------------------------------------------------------------- */

struct mmc_case {
	const char *name;
	uint32_t nr_pcpus;
	uint32_t kernel;
	ps_t slice_ps;		/* the number in the system does not depend on who is served */
	double load;		/* of each pCPU */
};

static const struct mmc_case mmc_cases[] = {
	{ "mmc/1", 1, KERNEL(6, 5), 0, 0.6 },
	{ "mmc/2", 2, KERNEL(5, 4), 0, 0.6 },
	{ "mmc/4", 4, KERNEL(6, 5), 0, 0.7 },
	{ "mmc/4-cfs-slices", 4, KERNEL(6, 5), SERVICE_PS / 4, 0.7 },
	{ "mmc/4-eevdf-slices", 4, KERNEL(6, 12), SERVICE_PS / 4, 0.7 },
};

/* Erlang C: c rho + P(wait) rho / (1 - rho). */
static double theory_number(uint32_t nr_servers, double load)
{
	double offered = nr_servers * load, term = 1, sum = 0, waits;

	for (uint32_t k = 0; k < nr_servers; k++) {
		sum += term;
		term *= offered / (k + 1);
	}
	waits = term / (1 - load) / (sum + term / (1 - load));
	return offered + waits * load / (1 - load);
}

struct estimate {
	double mean, error;
};

static struct estimate run_mmc(const struct mmc_case *c, ps_t service_ps)
{
	const ps_t batch_ps = (ps_t)lround(20000.0 * SERVICE_PS / c->load / c->nr_pcpus);
	struct farm *farm = farm_new(1, c->nr_pcpus, c->kernel, c->slice_ps, false);
	double batches[NR_BATCHES], square = 0;
	struct estimate ret = { 0, 0 };

	farm_open(farm, c->load * c->nr_pcpus, service_ps);
	for (int i = -1; i < NR_BATCHES; i++) {		/* the first one is the warm-up */
		sim_run(farm->sim, START_PS + (ps_t)(i + 2) * batch_ps);
		farm_integrate(farm);
		if (i >= 0)
			batches[i] = farm->integral / (double)batch_ps;
		farm->integral = 0;
	}
	for (int i = 0; i < NR_BATCHES; i++)
		ret.mean += batches[i] / NR_BATCHES;
	for (int i = 0; i < NR_BATCHES; i++)
		square += pow(batches[i] - ret.mean, 2);
	ret.error = sqrt(square / (NR_BATCHES - 1) / NR_BATCHES);
	farm_free(farm);
	return ret;
}

static void test_mmc(gconstpointer data)
{
	const struct mmc_case *c = data;
	double theory = theory_number(c->nr_pcpus, c->load);
	struct estimate estimate = run_mmc(c, SERVICE_PS);

	g_test_message("number %.4f, theory %.4f, off by %+.2f standard errors of %.2f %%",
		       estimate.mean, theory, (estimate.mean - theory) / estimate.error,
		       100 * estimate.error / theory);
	g_assert_cmpfloat(fabs(estimate.mean - theory), <=, 3 * estimate.error);
	g_assert_cmpfloat(3 * estimate.error, <=, 0.02 * theory);

	estimate = run_mmc(c, SERVICE_PS * 102 / 100);
	g_test_message("2 %% longer: %.4f, off by %+.2f standard errors", estimate.mean,
		       (estimate.mean - theory) / estimate.error);
	g_assert_cmpfloat(estimate.mean - theory, >, 3 * estimate.error);
}

/* --- laws ------------------------------------------------------------------------------------ */

/* A record of a switch comes when the thread before has decided to sleep or not. */
static void farm_record(struct trace_sink *sink, const struct trace_record *record)
{
	struct farm *farm = (struct farm *)sink;
	ps_t passed_ps = record->time_ps - farm->recorded_ps;

	farm->waiting_ps += farm->nr_waiting * passed_ps;
	for (int i = 0; i < LAW_PCPUS; i++)
		farm->executing_ps[i] += farm->executes[i] * passed_ps;
	farm->recorded_ps = record->time_ps;
	if (record->point == POINT_WAKE) {
		farm->nr_waiting++;
	} else if (record->point == POINT_SWITCH) {
		if (record->whom)
			farm->nr_waiting += farm->servers[record->whom - 1].busy;
		if (record->which)
			farm->nr_waiting--;
		farm->executes[record->who] = record->which != 0;
	} else if (record->point == POINT_WINDOW && record->which == 1) {
		farm->waiting_ps = 0;
		for (int i = 0; i < LAW_PCPUS; i++)
			farm->executing_ps[i] = 0;
	}
}

/*
 * To the picosecond, whenever the window opens and closes, with pinned and floating threads,
 * preemption and pulling: the sum of the run delays is the integral of those who wait; the busy
 * time of each pCPU is the time in which somebody executes there.
 */
static void test_laws(void)
{
	static const uint32_t kernels[] = { KERNEL(5, 4), KERNEL(6, 5), KERNEL(6, 12) };
	uint64_t nr_waiting_at_open = 0, nr_waiting_at_close = 0, nr_switches = 0;

	for (uint64_t seed = 1; seed <= 200; seed++) {
		struct farm *farm = farm_new(seed, LAW_PCPUS, kernels[seed % 3], SERVICE_PS / 2,
					     true);
		ps_t delay_ps = 0;

		farm_open(farm, LAW_PCPUS * 0.9, SERVICE_PS);
		farm->sim->sink = &farm->sink;
		farm->sink.record = farm_record;
		farm->recorded_ps = farm->sim->now_ps;
		sim_run(farm->sim, 100 * SERVICE_PS + seed * 7919);
		nr_waiting_at_open += farm->nr_waiting;
		farm->host->config.warmup_ps = 0;
		host_measure(farm->host);
		sim_run(farm->sim, 300 * SERVICE_PS);
		nr_waiting_at_close += farm->nr_waiting;
		host_close_window(farm->host);
		for (struct thread *t = farm->host->threads; t; t = t->next)
			delay_ps += t->run_delay_ps;
		for (uint32_t i = 0; i < LAW_PCPUS; i++) {
			const struct pcpu *pcpu = &farm->host->pcpus[i];

			g_assert_cmpuint(pcpu->time_ps[PCPU_HOST], ==, farm->executing_ps[i]);
			g_assert_cmpuint(pcpu->time_ps[PCPU_HOST], >, 0);
			nr_switches += pcpu->rq->nr_switches;
		}
		g_assert_cmpuint(farm->host->window_start_ps, >, 99 * (ps_t)SERVICE_PS);
		g_assert_cmpuint(delay_ps, ==, farm->waiting_ps);
		host_check(farm->host);
		farm_free(farm);
	}
	g_assert_cmpuint(nr_waiting_at_open, >, 100);
	g_assert_cmpuint(nr_waiting_at_close, >, 100);
	g_assert_cmpuint(nr_switches, >, 10000);
}

/* The utilisation law, exactly: when all are served, pCPUs were busy for the work that came. */
static void test_utilisation(void)
{
	for (uint64_t seed = 1; seed <= 20; seed++) {
		struct farm *farm = farm_new(seed, 4, KERNEL(6, 5), SERVICE_PS / 2, true);
		ps_t run_ps = 0;

		farm_open(farm, 4 * 0.8, SERVICE_PS);
		sim_run(farm->sim, 1000 * SERVICE_PS);
		event_cancel(farm->sim, &farm->arrive);
		sim_run(farm->sim, 2000 * SERVICE_PS);
		g_assert_cmpuint(farm->nr_in_system, ==, 0);
		g_assert_cmpuint(farm->nr_arrivals, >, 2500);
		for (struct thread *t = farm->host->threads; t; t = t->next)
			run_ps += t->se.sum_exec_ps;
		g_assert_cmpuint(run_ps, ==, farm->work_ps);
		farm_free(farm);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(mmc_cases); i++) {
		char *path = g_strdup_printf("/oracle/sched/%s", mmc_cases[i].name);

		g_test_add_data_func(path, &mmc_cases[i], test_mmc);
		g_free(path);
	}
	g_test_add_func("/oracle/sched/laws", test_laws);
	g_test_add_func("/oracle/sched/utilisation", test_utilisation);
	return g_test_run();
}
