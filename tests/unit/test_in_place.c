/*
 * test_in_place - a SPEND that advances the clock in place and one that goes through the queue are
 * the same, and so is a run in slices: random programs, compared by fingerprint, events and ties.
 */
#include <glib.h>

#include "sim/arena.h"
#include "sim/path.h"
#include "sim/rng.h"

enum { NR_WALKERS = 4 };

/* A path that does random things, each drawn from its own stream. */
struct walker {
	struct path path;
	struct stream stream;
	uint32_t id;
	bool waits;
};

static struct walker walkers[NR_WALKERS];

struct walk {
	struct walker *walker;
	uint32_t nr_left, depth;
};

static uint32_t draw(struct walker *walker, uint32_t n)
{
	return (uint32_t)(stream_u64(&walker->stream) % n);
}

static void wake_one(struct walker *waker)
{
	struct walker *walker = &walkers[draw(waker, NR_WALKERS)];

	if (!walker->waits)
		return;
	walker->waits = false;
	path_wake(&walker->path, draw(waker, 2) * 3);
}

/* Pauses another walker, or lets a paused one go on. */
static void toggle_one(struct walker *by)
{
	struct walker *walker = &walkers[draw(by, NR_WALKERS)];

	if (walker == by || walker->path.state == PATH_IDLE)
		return;
	if (walker->path.paused)
		path_continue(&walker->path);
	else
		path_pause(&walker->path);
}

/* Changes how long the work of another walker takes, or of this one. */
static void rescale_one(struct walker *by)
{
	static const uint32_t stretches_ppm[] = { 0, 1600000, 3000000 };

	path_rescale(&walkers[draw(by, NR_WALKERS)].path, stretches_ppm[draw(by, 3)]);
}

static enum flow walk_path(struct path *p, void *frame)
{
	struct walk *f = frame;

	PATH_BEGIN(p);
	while (f->nr_left--) {
		sim_trace(p->sim, 1, f->walker->id, f->depth, f->nr_left);
		SPEND(draw(f->walker, 4));
		wake_one(f->walker);
		if (draw(f->walker, 8) == 0)
			toggle_one(f->walker);
		if (draw(f->walker, 8) == 0)
			rescale_one(f->walker);
		f->walker->waits = draw(f->walker, 4) == 0;
		while (f->walker->waits)
			WAIT();
		if (draw(f->walker, 4) == 0)
			WAIT_UP_TO(draw(f->walker, 3));
		if (draw(f->walker, 4) == 0)
			WAIT_UNTIL(p->sim->now_ps + draw(f->walker, 3));
		if (f->depth < 3 && draw(f->walker, 3) == 0)
			CALL(walk, .walker = f->walker, .nr_left = 3, .depth = f->depth + 1);
	}
	DONE(0);
	PATH_END(p);
}

struct outcome {
	uint64_t fingerprint, nr_events, nr_ties;
	ps_t now_ps;
};

/* Runs seed's program, in slices of that many ps when it is not 0. */
static struct outcome walk_all(uint64_t seed, bool in_place, ps_t slice_ps)
{
	struct arena *arena = arena_new(4096);
	struct sim *sim = sim_new(arena, "test", seed, 0);
	struct outcome outcome;

	sim->in_place = in_place;
	for (uint32_t i = 0; i < NR_WALKERS; i++) {
		char name[2] = { (char)('a' + i), 0 };

		walkers[i].id = i;
		walkers[i].waits = false;
		path_init(sim, &walkers[i].path, NULL);
		stream_init(&walkers[i].stream, seed, 0, name);
		PATH_START(&walkers[i].path, walk, .walker = &walkers[i], .nr_left = 20);
	}
	for (ps_t until_ps = 0; slice_ps && until_ps < 500; until_ps += slice_ps)
		sim_run(sim, until_ps);
	sim_run(sim, PS_NEVER);
	outcome = (struct outcome){ sim->fingerprint, sim->nr_events, sim->nr_ties, sim->now_ps };
	arena_free(arena);
	return outcome;
}

static void assert_same(struct outcome a, struct outcome b)
{
	g_assert_cmphex(a.fingerprint, ==, b.fingerprint);
	g_assert_cmpuint(a.nr_events, ==, b.nr_events);
	g_assert_cmpuint(a.nr_ties, ==, b.nr_ties);
	g_assert_cmpuint(a.now_ps, ==, b.now_ps);
}

static void test_in_place(void)
{
	uint64_t nr_ties = 0, sum_ps = 0;

	for (uint64_t seed = 0; seed < 1000; seed++) {
		struct outcome queued = walk_all(seed, false, 0);

		assert_same(queued, walk_all(seed, true, 0));
		assert_same(queued, walk_all(seed, true, 3));
		nr_ties += queued.nr_ties;
		sum_ps += queued.now_ps;
	}
	g_assert_cmpuint(nr_ties, >, 1000);
	g_assert_cmpuint(sum_ps, >, 20000);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/in-place/programs", test_in_place);
	return g_test_run();
}
