/*
 * Random threads on random pCPUs that take mutexes, read under RCU and SRCU and wait for grace
 * periods: one owner at a time, no grace period before its readers, all threads end, and what the
 * host counts in a window adds up. A failing seed is run alone with SLEEPING_LOCKS_SEED=seed.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "models/mutex.h"
#include "models/rcu.h"
#include "tests/support/rig.h"

enum { NR_SEEDS = 3000, MAX_THREADS = 12, MAX_MUTEXES = 3, NR_DOMAINS = 2 };

struct world {
	struct rig *rig;
	struct stream dice;
	struct mutex mutexes[MAX_MUTEXES];
	uint32_t nr_mutexes, nr_threads;
	const struct thread *owners[MAX_MUTEXES];
	struct rcu_domain domains[NR_DOMAINS];
	uint64_t nr_sections;
	uint64_t reading[NR_DOMAINS][MAX_THREADS];	/* number of its section; 0: none */
	uint32_t nr_ended;
	uint64_t nr_contended, nr_grace_periods;
};

struct actor {
	struct thread thread;		/* first */
	struct world *world;
	uint32_t index;
	struct stream dice;
	uint32_t nr_rounds;
};

static uint32_t roll(struct stream *dice, uint32_t nr)
{
	const struct dist even = dist_uniform(0, nr - 1);

	return (uint32_t)dist_draw(&even, dice);
}

/* Frames of an actor's parts. */
struct actor_read {
	struct actor *actor;
	uint32_t domain, phase;
};

struct actor_synchronize {
	struct actor *actor;
	uint32_t domain;
	uint64_t nr_sections;
};

struct actor_own {
	struct actor *actor;
	uint32_t mutex;
};

static void begin_section(const struct actor_read *f)
{
	struct world *world = f->actor->world;

	world->reading[f->domain][f->actor->index] = ++world->nr_sections;
}

static enum flow actor_read_path(struct path *p, void *frame)
{
	struct actor_read *f = frame;
	struct rcu_domain *domain = &f->actor->world->domains[f->domain];

	PATH_BEGIN(p);
	if (domain->kind == SRCU)
		SRCU_READ_LOCK(domain, f->phase);
	else
		f->phase = rcu_read_lock(domain);
	begin_section(f);
	SPEND(roll(&f->actor->dice, 20000) * PS_PER_NS);
	f->actor->world->reading[f->domain][f->actor->index] = 0;
	if (domain->kind == SRCU)
		SRCU_READ_UNLOCK(domain, f->phase);
	else
		rcu_read_unlock(domain, f->phase);
	DONE(0);
	PATH_END(p);
}

/* Nobody reads now who did when the caller came. */
static void check_grace(const struct actor_synchronize *f)
{
	const uint64_t *reading = f->actor->world->reading[f->domain];

	for (uint32_t i = 0; i < MAX_THREADS; i++)
		g_assert_true(reading[i] == 0 || reading[i] > f->nr_sections);
}

static enum flow actor_synchronize_path(struct path *p, void *frame)
{
	struct actor_synchronize *f = frame;

	PATH_BEGIN(p);
	f->nr_sections = f->actor->world->nr_sections;
	CALL(rcu_synchronize, .domain = &f->actor->world->domains[f->domain]);
	check_grace(f);
	DONE(0);
	PATH_END(p);
}

static enum flow actor_own_path(struct path *p, void *frame)
{
	struct actor_own *f = frame;
	struct actor *actor = f->actor;
	struct world *world = actor->world;

	PATH_BEGIN(p);
	CALL(mutex_lock, .mutex = &world->mutexes[f->mutex]);
	g_assert_null(world->owners[f->mutex]);
	world->owners[f->mutex] = &actor->thread;
	SPEND(roll(&actor->dice, 30000) * PS_PER_NS);
	if (f->mutex + 1 < world->nr_mutexes && roll(&actor->dice, 4) == 0)
		CALL(actor_own, .actor = actor, .mutex = f->mutex + 1);
	else if (roll(&actor->dice, 8) == 0)
		CALL(actor_synchronize, .actor = actor, .domain = roll(&actor->dice, NR_DOMAINS));
	else if (roll(&actor->dice, 4) == 0)
		CALL(actor_read, .actor = actor, .domain = roll(&actor->dice, NR_DOMAINS));
	g_assert_true(world->owners[f->mutex] == &actor->thread);
	world->owners[f->mutex] = NULL;
	CALL(mutex_unlock, .mutex = &world->mutexes[f->mutex]);
	DONE(0);
	PATH_END(p);
}

struct actor_run {
	struct actor *actor;
};

static enum flow actor_run_path(struct path *p, void *frame)
{
	struct actor_run *f = frame;
	struct actor *actor = f->actor;

	PATH_BEGIN(p);
	for (; actor->nr_rounds; actor->nr_rounds--) {
		SPEND(roll(&actor->dice, 100000) * PS_PER_NS);
		if (roll(&actor->dice, 4))
			CALL(actor_own, .actor = actor,
			     .mutex = roll(&actor->dice, actor->world->nr_mutexes));
		else if (roll(&actor->dice, 4))
			CALL(actor_read, .actor = actor,
			     .domain = roll(&actor->dice, NR_DOMAINS));
		else
			CALL(actor_synchronize, .actor = actor,
			     .domain = roll(&actor->dice, NR_DOMAINS));
	}
	actor->world->nr_ended++;
	THREAD_END();
	PATH_END(p);
}

static void pick_host(struct world *world, struct rig *rig)
{
	static const enum cost_id varied[] = {
		C_ATOMIC_RMW, C_CACHELINE_TRANSFER_GROUP, C_WAKE_UP, C_ENQUEUE, C_SCHEDULE,
		C_CONTEXT_SWITCH, C_HOST_IRQ, C_IPI_SEND, C_IPI_FLIGHT, C_SRCU_READ, C_RCU_GRACE,
	};

	for (size_t i = 0; i < G_N_ELEMENTS(varied); i++)
		rig_cost(rig, varied[i], roll(&world->dice, 500));
	if (rig->config.nr_pcpus % 2 == 0 && roll(&world->dice, 2)) {
		rig_topology(rig, (struct topology){
			1, 1, rig->config.nr_pcpus / 2, 2, LLC_SOCKET,
		});
		rig->config.smt_slowdown_ppm = 1600000;
	}
	rig->config.warmup_ps = roll(&world->dice, 300) * PS_PER_US;
	rig->config.kernel = roll(&world->dice, 2) ? KERNEL(5, 4) : KERNEL(6, 18);
	rig->config.tick_ps = (20 + roll(&world->dice, 100)) * PS_PER_US;
	rig->config.fair = fair_params_default(rig->config.kernel, rig->config.nr_pcpus);
	rig->config.fair.min_granularity_ps = rig->config.tick_ps / 2;
	rig->config.fair.latency_ps = rig->config.tick_ps;
	rig->config.fair.slice_ps = rig->config.tick_ps / 2;
}

static void add_actor(struct world *world, uint32_t index, uint64_t seed)
{
	struct rig *rig = world->rig;
	struct actor *actor = ARENA_NEW(rig->arena, struct actor);
	struct pcpu *home = &rig->host->pcpus[roll(&world->dice, rig->host->nr_pcpus)];
	char *name = g_strdup_printf("actor%u", index);

	actor->world = world;
	actor->index = index;
	actor->nr_rounds = 1 + roll(&world->dice, 12);
	stream_init(&actor->dice, seed, 0, name);
	thread_init(&actor->thread, rig->host, name, roll(&world->dice, 2) ? home : NULL, NULL);
	if (roll(&world->dice, 2))
		actor->thread.context.acquirer = ACQUIRER_WORKER;
	THREAD_PATH(&actor->thread, actor_run, .actor = actor);
	thread_start(&actor->thread, home);
	g_free(name);
}

static void run_world(struct world *world, uint64_t seed)
{
	struct rig *rig;

	stream_init(&world->dice, seed, 0, "world");
	rig = rig_new(1 + roll(&world->dice, 6));
	world->rig = rig;
	world->nr_mutexes = 1 + roll(&world->dice, MAX_MUTEXES);
	world->nr_threads = 2 + roll(&world->dice, MAX_THREADS - 1);
	pick_host(world, rig);
	rig_build(rig);
	for (uint32_t i = 0; i < world->nr_mutexes; i++)
		mutex_init(&world->mutexes[i], mutex_class_find(rig->host, "mutex"));
	for (uint32_t i = 0; i < NR_DOMAINS; i++)
		rcu_domain_init(&world->domains[i], rig->host, i ? SRCU : RCU);
	for (uint32_t i = 0; i < world->nr_threads; i++)
		add_actor(world, i, seed);
	rig_run(rig, 1000000000);
}

static void check_world(struct world *world)
{
	g_assert_cmpuint(world->nr_ended, ==, world->nr_threads);
	for (uint32_t i = 0; i < world->nr_mutexes; i++) {
		const struct mutex *mutex = &world->mutexes[i];

		g_assert_true(!mutex->owner && !mutex->first && !mutex->waiting);
		g_assert_true(!mutex->waiters && !mutex->handoff && !mutex->pickup);
		g_assert_true(!mutex->osq.first && !mutex->osq.last && !mutex->spinners);
	}
	for (uint32_t i = 0; i < NR_DOMAINS; i++) {
		g_assert_cmpint(world->domains[i].state, ==, RCU_IDLE);
		world->nr_grace_periods += world->domains[i].nr_grace_periods;
	}
	host_close_window(world->rig->host);
	host_check(world->rig->host);
	for (uint32_t i = 0; i < world->nr_mutexes; i++)
		if (world->mutexes[i].lock.stats)
			world->nr_contended += world->mutexes[i].lock.stats->nr_contended;
}

static void test_drains(void)
{
	const char *only = g_getenv("SLEEPING_LOCKS_SEED");
	uint64_t first = only ? g_ascii_strtoull(only, NULL, 10) : 1;
	uint64_t nr_contended = 0, nr_grace_periods = 0;

	for (uint64_t seed = first; seed < first + (only ? 1 : NR_SEEDS); seed++) {
		struct world *world = g_new0(struct world, 1);

		if (g_test_verbose())
			g_test_message("SLEEPING_LOCKS_SEED=%" PRIu64, seed);
		run_world(world, seed);
		check_world(world);
		nr_contended += world->nr_contended;
		nr_grace_periods += world->nr_grace_periods;
		rig_free(world->rig);
		g_free(world);
	}
	if (only)
		return;
	g_assert_cmpuint(nr_contended, >, 5 * NR_SEEDS);
	g_assert_cmpuint(nr_grace_periods, >, 2 * NR_SEEDS);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/swarm/sleeping-locks", test_drains);
	return g_test_run();
}
