/*
 * shop - the clients' path, arrivals, batch means.
 */
#include "tests/support/shop.h"

#include <math.h>

#include "models/pcpu.h"
#include "sim/arena.h"
#include "sim/path.h"
#include "sim/sim.h"

struct client {
	struct context context;		/* first; has no place on a pCPU's stack */
	struct shop *shop;
	struct client *next;
	struct stream thinks;
	enum use use;
	bool again;			/* thinks, and comes again and again */
	uint32_t nr_pcpus;		/* it takes turns on, from its own on */
	ps_t start_ps;
};

static void estimate_close(struct estimate *estimate, uint64_t batch, uint64_t nr)
{
	if (batch >= 1)			/* the first batch is the warm-up */
		estimate->means[batch - 1] = estimate->sum / (double)nr;
	estimate->sum = 0;
}

/* A service begins after this wait; with a line, one ends. */
static void shop_count(struct shop *shop, ps_t wait_ps)
{
	double wait = (double)wait_ps / SERVICE_PS;
	ps_t now_ps = shop->sim->now_ps;
	uint64_t batch;

	if (shop->batch_size == 0)
		return;
	shop->wait.sum += wait;
	shop->square.sum += wait * wait;
	if (++shop->nr_served % shop->batch_size)
		return;
	batch = shop->nr_served / shop->batch_size - 1;
	shop->interval.sum = (double)(now_ps - shop->batch_start_ps) / SERVICE_PS;
	shop->batch_start_ps = now_ps;
	estimate_close(&shop->wait, batch, shop->batch_size);
	estimate_close(&shop->square, batch, shop->batch_size);
	estimate_close(&shop->interval, batch, shop->batch_size);
	if (batch == NR_BATCHES)
		sim_stop(shop->sim);
}

struct client_run {
	struct client *client;
};

static enum flow client_run_path(struct path *p, void *frame)
{
	struct client_run *f = frame;
	struct client *client = f->client;
	struct shop *shop = client->shop;

	PATH_BEGIN(p);
	do {
		if (client->again)
			SPEND(dist_draw(&shop->think, &client->thinks));
		client->start_ps = p->sim->now_ps;
		if (client->use == USE_LOCK)
			LOCK(&shop->lock);
		else if (client->use == USE_READ)
			READ_LOCK(&shop->rwlock);
		else if (client->use == USE_WRITE)
			WRITE_LOCK(&shop->rwlock);
		else
			SPEND(LINE_WRITE(p, &shop->line));
		shop_count(shop, p->sim->now_ps - client->start_ps);
		if (client->nr_pcpus == 2)
			client->context.pcpu = &shop->host->pcpus[client->context.pcpu->id ^ 1];
		if (client->use != USE_LINE)
			SPEND(dist_draw(&shop->service, &shop->services));
		if (client->use == USE_LOCK)
			UNLOCK(&shop->lock);
		else if (client->use == USE_READ)
			READ_UNLOCK(&shop->rwlock);
		else if (client->use == USE_WRITE)
			WRITE_UNLOCK(&shop->rwlock);
	} while (client->again);
	DONE(0);
	PATH_END(p);
}

static void client_finished(struct path *path)
{
	struct client *client = (struct client *)(void *)path;

	client->next = client->shop->idle;
	client->shop->idle = client;
}

static struct client *client_new(struct shop *shop, enum use use, uint32_t pcpu)
{
	struct client *client = ARENA_NEW(shop->arena, struct client);
	char *name = g_strdup_printf("client%u", pcpu);

	context_init(&client->context, shop->host, CONTEXT_THREAD, name);
	stream_init(&client->thinks, shop->sim->seed, 0, name);
	client->context.pcpu = &shop->host->pcpus[pcpu];
	client->context.path.finished = client_finished;
	client->shop = shop;
	client->use = use;
	g_free(name);
	return client;
}

static void shop_arrive(struct event *event)
{
	struct shop *shop =
		(struct shop *)(void *)((char *)event - G_STRUCT_OFFSET(struct shop, arrive));
	struct client *client = shop->idle;
	bool reads = stream_u64(&shop->dice) % 100 < shop->percent_readers;

	if (client)
		shop->idle = client->next;
	else
		client = client_new(shop, USE_LOCK, 0);
	if (shop->rwlock.lock.class)
		client->use = reads ? USE_READ : USE_WRITE;
	PATH_START(&client->context.path, client_run, .client = client);
	event_at(shop->sim, event,
		 shop->sim->now_ps + dist_draw(&shop->arrival, &shop->arrivals));
}

struct shop *shop_new(uint64_t seed, enum lock_kind kind, ps_t transfer_ps)
{
	struct shop *shop = g_new0(struct shop, 1);
	struct arena *arena = arena_new(1 << 20);
	struct cost_entry *costs = ARENA_NEW_N(arena, struct cost_entry, NR_COSTS);
	struct host_config config = {
		.topology = { 1, 1, 2 * MAX_CLIENTS, 1, LLC_SOCKET },
		.nr_pcpus = 2 * MAX_CLIENTS,
		.kernel = KERNEL(6, 5),
		.costs = costs,
		.warmup_interrupts = 1,		/* shop_open_window() fakes its end */
		.stop_interrupts = UINT64_MAX,
	};
	struct lock_class *class;

	costs[C_CACHELINE_TRANSFER_GROUP].dist = dist_constant(transfer_ps);
	shop->arena = arena;
	shop->sim = sim_new(arena, "locks", seed, 0);
	shop->host = host_new(shop->sim, &config);
	shop->service = dist_exponential(SERVICE_PS);
	shop->think = dist_exponential(THINK_PS);
	stream_init(&shop->services, seed, 0, "services");
	stream_init(&shop->arrivals, seed, 0, "arrivals");
	stream_init(&shop->dice, seed, 0, "dice");
	event_init(shop->sim, &shop->arrive, EVENT_ARRIVAL, shop_arrive);
	class = lock_class_find(shop->host, "lock", kind, false);
	if (kind == LOCK_RWLOCK)
		rwlock_init(&shop->rwlock, class);
	else
		lock_init(&shop->lock, class);
	line_init(&shop->line, shop->host);
	host_start(shop->host);
	return shop;
}

void shop_free(struct shop *shop)
{
	arena_free(shop->arena);
	g_free(shop);
}

void shop_open_arrivals(struct shop *shop, double load)
{
	shop->arrival = dist_exponential((ps_t)lround(SERVICE_PS / load));
	event_at(shop->sim, &shop->arrive, 0);
}

void shop_add_clients(struct shop *shop, enum use use, uint32_t nr, uint32_t nr_pcpus)
{
	for (uint32_t i = 0; i < nr; i++) {
		struct client *client = client_new(shop, use, i * nr_pcpus);

		client->again = true;
		client->nr_pcpus = nr_pcpus;
		if (use == USE_READ && i % 4 == 0)
			client->use = USE_WRITE;
		client->context.acquirer = (enum acquirer)(i % 3);
		PATH_START(&client->context.path, client_run, .client = client);
	}
}

void shop_open_window(struct shop *shop, ps_t at_ps)
{
	sim_run(shop->sim, at_ps);
	shop->host->life.nr_finished = 1;
	host_measure(shop->host);
}

/* --- agreement ----------------------------------------------------------------------------- */

double estimate_mean(const struct estimate *estimate)
{
	double sum = 0;

	for (int i = 0; i < NR_BATCHES; i++)
		sum += estimate->means[i];
	return sum / NR_BATCHES;
}

double estimate_error(const struct estimate *estimate)
{
	double mean = estimate_mean(estimate), sum = 0;

	for (int i = 0; i < NR_BATCHES; i++)
		sum += pow(estimate->means[i] - mean, 2);
	return sqrt(sum / (NR_BATCHES - 1) / NR_BATCHES);
}

bool estimate_agrees(const struct estimate *estimate, double theory)
{
	double mean = estimate_mean(estimate), error = estimate_error(estimate);

	g_test_message("%.5f, theory %.5f, off by %+.2f standard errors of %.2f %%", mean, theory,
		       (mean - theory) / error, 100 * error / theory);
	return fabs(mean - theory) <= 3 * error;
}

void estimate_assert(const struct estimate *estimate, double theory, double width)
{
	g_assert_true(estimate_agrees(estimate, theory));
	g_assert_cmpfloat(3 * estimate_error(estimate), <=, width * theory);
}
