/*
 * test_rescale - work that takes longer than it is, changes of that in the middle of it, and waits
 * that go by the clock.
 */
#include <glib.h>
#include <stdlib.h>

#include "sim/arena.h"
#include "sim/path.h"

/* What happens to the actor at a time. */
enum act { WAKE, WAKE_AFTER_7, PAUSE, CONTINUE, STRETCH_0, STRETCH_160, STRETCH_300 };

struct control {
	struct event event;		/* first */
	enum act act;
};

/* The one world of the test that runs. */
static struct arena *arena;
static struct sim *sim;
static struct path actor;
static GString *log_text;

static void note(const char *text)
{
	g_string_append_printf(log_text, "%" G_GUINT64_FORMAT " %s\n", sim->now_ps, text);
}

static void begin(void)
{
	arena = arena_new(4096);
	sim = sim_new(arena, "test", 1, 0);
	log_text = g_string_new(NULL);
	path_init(sim, &actor, NULL);
}

static void expect(const char *expected)
{
	sim_run(sim, 10000);
	g_assert_cmpstr(log_text->str, ==, expected);
	g_string_free(log_text, TRUE);
	arena_free(arena);
}

static void control_fired(struct event *event)
{
	enum act act = ((const struct control *)event)->act;

	if (act == WAKE)
		path_wake(&actor, 0);
	else if (act == WAKE_AFTER_7)
		path_wake(&actor, 7);
	else if (act == PAUSE)
		path_pause(&actor);
	else if (act == CONTINUE)
		path_continue(&actor);
	else
		path_rescale(&actor, act == STRETCH_0 ? 0 : act == STRETCH_160 ? 1600000 : 3000000);
}

static void control_at(ps_t at_ps, enum act act)
{
	struct control *control = ARENA_NEW(arena, struct control);

	control->act = act;
	event_init(sim, &control->event, EVENT_WIRE, control_fired);
	event_at(sim, &control->event, at_ps);
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
	note("spent again");
	DONE(0);
	PATH_END(p);
}

struct waiter {
	ps_t up_to_ps;		/* 0: for ever */
};

static enum flow waiter_path(struct path *p, void *frame)
{
	struct waiter *f = frame;

	PATH_BEGIN(p);
	if (f->up_to_ps)
		WAIT_UP_TO(f->up_to_ps);
	else
		WAIT();
	g_string_append_printf(log_text, "%" G_GUINT64_FORMAT " left %" G_GUINT64_FORMAT "\n",
			       sim->now_ps, p->left_ps);
	DONE(0);
	PATH_END(p);
}

struct waits_until {
	ps_t until_ps;
};

static enum flow waits_until_path(struct path *p, void *frame)
{
	struct waits_until *f = frame;

	PATH_BEGIN(p);
	WAIT_UNTIL(f->until_ps);
	note("waited");
	SPEND(10);
	note("spent");
	DONE(0);
	PATH_END(p);
}

/* By the clock: woken before it, past already, paused over it, paused and woken. */
static void test_wait_until(void)
{
	begin();
	PATH_START(&actor, waits_until, .until_ps = 30);
	expect("30 waited\n40 spent\n");

	begin();
	PATH_START(&actor, waits_until, .until_ps = 30);
	control_at(12, WAKE);
	expect("12 waited\n22 spent\n");

	begin();
	PATH_START(&actor, waits_until, .until_ps = 0);
	expect("0 waited\n10 spent\n");

	begin();
	PATH_START(&actor, waits_until, .until_ps = 30);
	control_at(10, PAUSE);
	control_at(25, CONTINUE);
	expect("30 waited\n40 spent\n");

	begin();
	PATH_START(&actor, waits_until, .until_ps = 30);
	control_at(10, PAUSE);
	control_at(50, CONTINUE);
	expect("50 waited\n60 spent\n");

	begin();
	PATH_START(&actor, waits_until, .until_ps = 30);
	control_at(10, PAUSE);
	control_at(20, WAKE);
	control_at(25, CONTINUE);
	expect("25 waited\n35 spent\n");
}

/* The step after a wait is an ordinary SPEND again: 5 of its 10 are left at the pause. */
static void test_spend_after_wait(void)
{
	begin();
	PATH_START(&actor, waits_until, .until_ps = 30);
	control_at(35, PAUSE);
	control_at(100, CONTINUE);
	expect("30 waited\n105 spent\n");
}

/* 10 of work take 16, 5 take 8; 5 at 3.0 take 15. In place and through the queue. */
static void test_stretch(void)
{
	for (int in_place = 0; in_place < 2; in_place++) {
		begin();
		sim->in_place = in_place;
		path_rescale(&actor, 1600000);
		PATH_START(&actor, spender, .ps = 10);
		expect("16 spent\n24 spent again\n");
	}

	begin();
	path_rescale(&actor, 1600000);
	PATH_START(&actor, spender, .ps = 10);
	control_at(16, STRETCH_300);	/* an END goes first: the second SPEND has begun */
	expect("16 spent\n31 spent again\n");
}

/* In the middle of a step: what is left of the work takes the new time. */
static void test_rescale(void)
{
	/* 40 of 100 done; 60 take 96 more, or 180. */
	begin();
	PATH_START(&actor, spender, .ps = 100);
	control_at(40, STRETCH_160);
	control_at(136, STRETCH_0);
	expect("136 spent\n141 spent again\n");

	/* 16 at 1.6 are 10 of work; then 30 at 3.0 are 10; then 80 are left. */
	begin();
	path_rescale(&actor, 1600000);
	PATH_START(&actor, spender, .ps = 100);
	control_at(16, STRETCH_300);
	control_at(46, STRETCH_0);
	expect("126 spent\n131 spent again\n");

	/* Paused at 16 with 90 of work left, rescaled while paused. */
	begin();
	path_rescale(&actor, 1600000);
	PATH_START(&actor, spender, .ps = 100);
	control_at(16, PAUSE);
	control_at(20, STRETCH_300);
	control_at(30, CONTINUE);
	control_at(60, PAUSE);		/* 80 left */
	control_at(70, STRETCH_0);
	control_at(100, CONTINUE);
	expect("180 spent\n185 spent again\n");
}

/* WAIT_UP_TO is of work, and so is what it leaves; WAIT_UNTIL is not; nor does a WAIT end. */
static void test_rescale_waits(void)
{
	begin();
	path_rescale(&actor, 1600000);
	PATH_START(&actor, waiter, .up_to_ps = 30);
	expect("48 left 0\n");

	begin();
	PATH_START(&actor, waiter, .up_to_ps = 30);
	control_at(10, STRETCH_160);
	control_at(26, WAKE);
	expect("26 left 10\n");

	begin();
	PATH_START(&actor, waiter, .up_to_ps = 30);
	control_at(10, STRETCH_160);
	control_at(18, PAUSE);
	control_at(20, STRETCH_0);
	control_at(25, WAKE);
	control_at(40, CONTINUE);
	expect("40 left 15\n");

	begin();
	PATH_START(&actor, waits_until, .until_ps = 30);
	control_at(10, STRETCH_160);
	expect("30 waited\n46 spent\n");

	begin();
	PATH_START(&actor, waiter, .up_to_ps = 0);
	control_at(5, STRETCH_300);
	control_at(20, WAKE_AFTER_7);
	expect("41 left 0\n");

	begin();
	PATH_START(&actor, waiter, .up_to_ps = 0);
	control_at(5, PAUSE);
	control_at(20, WAKE_AFTER_7);
	control_at(30, STRETCH_300);
	control_at(40, CONTINUE);
	expect("61 left 0\n");
}

/* To the nearest: 1.6 is 2, 3.2 is 3, 4.8 is 5; large numbers as exactly as small ones. */
static void test_stretch_rounds(void)
{
	static const struct { ps_t work_ps, time_ps; uint32_t stretch_ppm; } rows[] = {
		{ 1, 2, 1600000 }, { 2, 3, 1600000 }, { 3, 5, 1600000 }, { 10, 16, 1600000 },
		{ 1, 1, 1499999 }, { 1, 2, 1500000 }, { 7, 7, 1000000 },
		{ PS_PER_S, UINT64_C(1333333000000), 1333333 },
		{ UINT64_C(1) << 62, UINT64_C(6148913154007844396), 1333333 },
		{ UINT64_C(4294967295), UINT64_C(18446744065120), 4294967295 },
	};

	begin();
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		path_rescale(&actor, rows[i].stretch_ppm);
		g_assert_cmpuint(path_stretched(&actor, rows[i].work_ps), ==, rows[i].time_ps);
	}
	path_rescale(&actor, 0);
	g_assert_cmpuint(path_stretched(&actor, PS_NEVER), ==, PS_NEVER);
	expect("");
}

/*
 * One SPEND of 400, cut 30 times by a pause or a change of speed: the work done between the cuts
 * adds up to 400, but for half a picosecond a cut.
 */
static void test_rescale_adds_up(void)
{
	static const enum act speeds[] = { STRETCH_160, STRETCH_0, STRETCH_300 };
	static const double factors[] = { 1.6, 1.0, 3.0 };
	double done = 0;
	ps_t at_ps = 0, speed_since_ps = 0, end_ps;
	double factor = 1;

	begin();
	PATH_START(&actor, spender, .ps = 400);
	for (int i = 0; i < 30; i++) {
		at_ps += 7 + (ps_t)(i * 5 % 14);
		done += (double)(at_ps - speed_since_ps) / factor;
		if (i % 4 == 3) {
			control_at(at_ps, PAUSE);
			at_ps += 11;
			control_at(at_ps, CONTINUE);
		} else {
			control_at(at_ps, speeds[i % 3]);
			factor = factors[i % 3];
		}
		speed_since_ps = at_ps;
	}
	g_assert_cmpfloat(done, <, 400);
	sim_run(sim, PS_NEVER);
	end_ps = (ps_t)g_ascii_strtoull(log_text->str, NULL, 10);
	done += (double)(end_ps - at_ps) / factor;
	g_assert_cmpfloat(done, >, 400 - 15);
	g_assert_cmpfloat(done, <, 400 + 15);
	g_string_free(log_text, TRUE);
	arena_free(arena);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/rescale/wait-until", test_wait_until);
	g_test_add_func("/rescale/spend-after-wait", test_spend_after_wait);
	g_test_add_func("/rescale/stretch", test_stretch);
	g_test_add_func("/rescale/rescale", test_rescale);
	g_test_add_func("/rescale/rescale-waits", test_rescale_waits);
	g_test_add_func("/rescale/stretch-rounds", test_stretch_rounds);
	g_test_add_func("/rescale/rescale-adds-up", test_rescale_adds_up);
	return g_test_run();
}
