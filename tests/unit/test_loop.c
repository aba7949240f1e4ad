/*
 * test_loop - what goes first at one instant, and where a run stops.
 */
#include <glib.h>

#include "sim/arena.h"
#include "sim/path.h"

/* The one world of the test that runs. */
static struct arena *arena;
static struct sim *sim;
static struct path actor;
static GString *log_text;

static void note(const char *text)
{
	g_string_append_printf(log_text, "%" G_GUINT64_FORMAT " %s\n", sim->now_ps, text);
}

static void world_new(void)
{
	arena = arena_new(4096);
	sim = sim_new(arena, "test", 1, 0);
	log_text = g_string_new(NULL);
	path_init(sim, &actor, NULL);
}

static void world_end(const char *expected)
{
	sim_run(sim, 1000);
	g_assert_cmpstr(log_text->str, ==, expected);
	g_string_free(log_text, TRUE);
	arena_free(arena);
}

struct spender {
	ps_t ps;
};

static enum flow spender_path(struct path *p, void *frame)
{
	struct spender *f = frame;

	PATH_BEGIN(p);
	SPEND(f->ps);
	note("spent");
	SPEND(5);
	note("spent 5");
	DONE(0);
	PATH_END(p);
}

static void note_measure(struct event *event)
{
	(void)event;
	note("measure");
}

static void note_arrival(struct event *event)
{
	(void)event;
	note("arrival");
}

struct armer {
	struct event *event;
};

static enum flow armer_path(struct path *p, void *frame)
{
	struct armer *f = frame;

	PATH_BEGIN(p);
	note("arms");
	event_at(sim, f->event, sim->now_ps);
	WAIT_UP_TO(0);
	note("goes on");
	DONE(0);
	PATH_END(p);
}

/* What becomes due at once goes before ready paths, MEASURE behind them, whoever came first. */
static void test_ready_and_measure(void)
{
	struct event measure, arrival;
	struct path other;

	world_new();
	event_init(sim, &measure, EVENT_MEASURE, note_measure);
	event_init(sim, &arrival, EVENT_ARRIVAL, note_arrival);
	path_init(sim, &other, NULL);
	event_at(sim, &measure, 0);
	PATH_START(&other, armer, .event = &arrival);
	PATH_START(&actor, spender, .ps = 0);
	world_end("0 arms\n"
		  "0 goes on\n"
		  "0 arrival\n"
		  "0 spent\n"
		  "0 measure\n"
		  "5 spent 5\n");
}

struct stopper {
	int unused;
};

static enum flow stopper_path(struct path *p, void *frame)
{
	(void)frame;
	PATH_BEGIN(p);
	sim_stop(sim);
	note("stops");
	SPEND(0);
	note("is not at a step yet");
	SPEND(5);
	note("never");
	DONE(0);
	PATH_END(p);
}

/* Whoever is ready behind the path that stops the run does not run any more. */
static void test_stop(void)
{
	struct path other;

	world_new();
	path_init(sim, &other, NULL);
	PATH_START(&actor, stopper, 0);
	PATH_START(&other, spender, .ps = 0);
	world_end("0 stops\n"
		  "0 is not at a step yet\n");
}

/* In place or not, a SPEND does not pass the limit of the run, and ends at it. */
static void test_limit(void)
{
	for (int in_place = 0; in_place < 2; in_place++) {
		world_new();
		sim->in_place = in_place;
		PATH_START(&actor, spender, .ps = 10);
		sim_run(sim, 9);
		g_assert_cmpstr(log_text->str, ==, "");
		g_assert_cmpuint(sim->now_ps, ==, 0);
		sim_run(sim, 10);
		g_assert_cmpuint(sim->now_ps, ==, 10);
		sim_run(sim, 14);
		world_end("10 spent\n"
			  "15 spent 5\n");
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/loop/ready-and-measure", test_ready_and_measure);
	g_test_add_func("/loop/stop", test_stop);
	g_test_add_func("/loop/limit", test_limit);
	return g_test_run();
}
