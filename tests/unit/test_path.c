/*
 * test_path - steps, frames, pausing and waking; one text per test says what happens when.
 */
#include "sim/path.h"

#include <glib.h>
#include <stdlib.h>

#include "sim/arena.h"

/* What a control does to the actor, at a time, in the class WIRE. */
enum act { WAKE, WAKE_AFTER_7, PAUSE, CONTINUE };

struct control {
	struct event event;
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

static void note_number(const char *text, uint64_t number)
{
	g_string_append_printf(log_text, "%" G_GUINT64_FORMAT " %s %" G_GUINT64_FORMAT "\n",
			       sim->now_ps, text, number);
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

static void control_fired(struct event *event)
{
	const struct control *control = (struct control *)event;

	if (control->act == WAKE)
		path_wake(&actor, 0);
	else if (control->act == WAKE_AFTER_7)
		path_wake(&actor, 7);
	else if (control->act == PAUSE)
		path_pause(&actor);
	else
		path_continue(&actor);
}

static void control_class(ps_t at_ps, enum act act, enum event_class class)
{
	struct control *control = ARENA_NEW(arena, struct control);

	control->act = act;
	event_init(sim, &control->event, class, control_fired);
	event_at(sim, &control->event, at_ps);
}

static void control_at(ps_t at_ps, enum act act)
{
	control_class(at_ps, act, EVENT_WIRE);
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
	SPEND(0);
	note("spent nothing");
	SPEND(5);
	note("spent 5");
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
	note_number("left", p->left_ps);
	DONE(0);
	PATH_END(p);
}

static void test_spend(void)
{
	for (int in_place = 0; in_place < 2; in_place++) {
		world_new();
		sim->in_place = in_place;
		PATH_START(&actor, spender, .ps = 10);
		world_end("10 spent\n"
			  "10 spent nothing\n"
			  "15 spent 5\n");
	}
}

static void test_wait(void)
{
	world_new();
	PATH_START(&actor, waiter, .up_to_ps = 0);
	control_at(20, WAKE);
	world_end("20 left 0\n");

	world_new();
	PATH_START(&actor, waiter, .up_to_ps = 0);
	control_at(20, WAKE_AFTER_7);
	world_end("27 left 0\n");
}

/* To its end, or woken before it: then what is left is known, also if it was paused at the wake. */
static void test_wait_up_to(void)
{
	world_new();
	PATH_START(&actor, waiter, .up_to_ps = 30);
	world_end("30 left 0\n");

	world_new();
	PATH_START(&actor, waiter, .up_to_ps = 30);
	control_at(12, WAKE);
	world_end("12 left 18\n");

	world_new();
	PATH_START(&actor, waiter, .up_to_ps = 30);
	control_at(10, PAUSE);
	control_at(15, WAKE);
	control_at(40, CONTINUE);
	world_end("40 left 20\n");

	world_new();
	PATH_START(&actor, waiter, .up_to_ps = 30);
	control_at(10, PAUSE);
	control_at(40, CONTINUE);
	world_end("60 left 0\n");

	world_new();
	PATH_START(&actor, waiter, .up_to_ps = 30);
	control_at(10, PAUSE);
	control_at(40, CONTINUE);
	control_at(45, WAKE);
	world_end("45 left 15\n");
}

/* A path that has never run costs its struct. Those that run one after the other share frames. */
static void test_frames(void)
{
	size_t empty_bytes, frame_bytes;
	struct path *paths;

	world_new();
	paths = ARENA_NEW_N(arena, struct path, 40);
	empty_bytes = arena_bytes(arena);
	for (int i = 0; i < 40; i++)
		path_init(sim, &paths[i], NULL);
	g_assert_cmpuint(arena_bytes(arena), ==, empty_bytes);
	for (int i = 0; i < 40; i++) {
		PATH_START(&paths[i], waiter, .up_to_ps = 2);
		sim_run(sim, 1000);
		frame_bytes = arena_bytes(arena) - empty_bytes;
		g_assert_cmpuint(frame_bytes, >, sizeof(struct path_frame));
		g_assert_cmpuint(frame_bytes, <, sizeof(struct path_frame) + 32);
	}
	for (int i = 0; i < 3; i++)
		PATH_START(&paths[i], waiter, .up_to_ps = 2);
	sim_run(sim, 1000);
	g_assert_cmpuint(arena_bytes(arena), ==, empty_bytes + 3 * frame_bytes);
	g_string_truncate(log_text, 0);
	world_end("");
}

/* Paused while it spends, waits, is ready; each wake is remembered, with its `after`. */
static void test_pause(void)
{
	world_new();
	PATH_START(&actor, spender, .ps = 100);
	control_at(30, PAUSE);
	control_at(50, CONTINUE);
	control_at(60, PAUSE);
	control_at(61, CONTINUE);
	world_end("121 spent\n"
		  "121 spent nothing\n"
		  "126 spent 5\n");

	world_new();
	PATH_START(&actor, waiter, .up_to_ps = 0);
	control_at(30, PAUSE);
	control_at(40, WAKE);
	control_at(50, CONTINUE);
	world_end("50 left 0\n");

	world_new();
	PATH_START(&actor, waiter, .up_to_ps = 0);
	control_at(30, PAUSE);
	control_at(40, CONTINUE);
	control_at(50, WAKE);
	world_end("50 left 0\n");

	world_new();
	PATH_START(&actor, waiter, .up_to_ps = 0);
	control_at(30, PAUSE);
	control_at(40, WAKE_AFTER_7);
	control_at(50, CONTINUE);
	world_end("57 left 0\n");

	world_new();
	PATH_START(&actor, waiter, .up_to_ps = 0);
	control_at(30, WAKE_AFTER_7);
	control_at(32, PAUSE);
	control_at(50, CONTINUE);
	world_end("55 left 0\n");

	world_new();
	PATH_START(&actor, waiter, .up_to_ps = 0);
	control_at(30, WAKE);
	control_class(30, PAUSE, EVENT_TIMER);	/* goes before the ready path */
	control_at(50, CONTINUE);
	world_end("50 left 0\n");
}

/* Ready paths are a list: the first, the middle and the last one can be taken off it. */
static void test_pause_ready(void)
{
	for (int paused = 0; paused < 3; paused++) {
		struct path others[2];
		struct path *order[3];

		world_new();
		path_init(sim, &others[0], NULL);
		path_init(sim, &others[1], NULL);
		for (int i = 0, other = 0; i < 3; i++) {
			order[i] = i == paused ? &actor : &others[other++];
			PATH_START(order[i], waiter, .up_to_ps = 0);
		}
		sim_run(sim, 0);
		for (int i = 0; i < 3; i++)
			path_wake(order[i], 0);
		path_pause(&actor);
		control_at(50, CONTINUE);
		world_end("0 left 0\n"
			  "0 left 0\n"
			  "50 left 0\n");
	}
}

/* A step that takes the pCPU away from the path itself. */
#define PAUSE_SELF()									\
	do {										\
		path_pause(p);								\
		PATH_STOP(p)								\
	} while (0)

struct self_pauser {
	int unused;
};

static enum flow self_pauser_path(struct path *p, void *frame)
{
	(void)frame;
	PATH_BEGIN(p);
	SPEND(10);
	note("pauses itself");
	PAUSE_SELF();
	note("goes on");
	SPEND(5);
	note("ends");
	DONE(0);
	PATH_END(p);
}

static void test_pause_self(void)
{
	world_new();
	PATH_START(&actor, self_pauser, 0);
	control_at(50, CONTINUE);
	world_end("10 pauses itself\n"
		  "50 goes on\n"
		  "55 ends\n");
}

/* n! by recursion: every level has its own frame, and reads the value of the one below at once. */
struct factorial {
	int64_t n;
};

static enum flow factorial_path(struct path *p, void *frame)
{
	struct factorial *f = frame;

	PATH_BEGIN(p);
	if (f->n <= 1)
		DONE(1);
	SPEND(1);
	CALL(factorial, .n = f->n - 1);
	SPEND(0);
	DONE(f->n * p->ret);
	PATH_END(p);
}

struct caller {
	path_fn hook;
	int64_t n;
};

static enum flow caller_path(struct path *p, void *frame)
{
	struct caller *f = frame;

	PATH_BEGIN(p);
	CALL(factorial, .n = f->n);
	note_number("factorial", (uint64_t)p->ret);
	CALL_HOOK(factorial, f->hook, .n = 3);
	note_number("hook", (uint64_t)p->ret);
	DONE(0);
	PATH_END(p);
}

static void test_call(void)
{
	world_new();
	PATH_START(&actor, caller, .hook = factorial_path, .n = 6);
	world_end("5 factorial 720\n"
		  "7 hook 6\n");
	g_assert_cmpint(actor.state, ==, PATH_IDLE);
	g_assert_null(actor.frame);
}

static void start_once_more(struct path *path)
{
	note("finished");
	if (sim->now_ps < 20)
		PATH_START(path, waiter, .up_to_ps = 15);
}

/* `finished` is called when the outermost frame is done, and may start the path again. */
static void test_finished(void)
{
	world_new();
	path_init(sim, &actor, start_once_more);
	PATH_START(&actor, waiter, .up_to_ps = 15);
	world_end("15 left 0\n"
		  "15 finished\n"
		  "30 left 0\n"
		  "30 finished\n");
}

struct wakes_itself {
	int unused;
};

struct spends_paused {
	int unused;
};

struct ends_paused {
	int unused;
};

static enum flow wakes_itself_path(struct path *p, void *frame)
{
	(void)frame;
	PATH_BEGIN(p);
	path_wake(p, 0);
	DONE(0);
	PATH_END(p);
}

static enum flow spends_paused_path(struct path *p, void *frame)
{
	(void)frame;
	PATH_BEGIN(p);
	path_pause(p);
	SPEND(1);
	DONE(0);
	PATH_END(p);
}

static enum flow ends_paused_path(struct path *p, void *frame)
{
	(void)frame;
	PATH_BEGIN(p);
	path_pause(p);
	DONE(0);
	PATH_END(p);
}

static void break_rule(int rule)
{
	world_new();
	sim->in_place = false;
	if (rule == 0)
		PATH_START(&actor, factorial, .n = 30);
	else if (rule == 1)
		PATH_START(&actor, wakes_itself, 0);
	else if (rule == 2)
		PATH_START(&actor, spends_paused, 0);
	else if (rule == 8)
		PATH_START(&actor, ends_paused, 0);
	else if (rule != 6)
		PATH_START(&actor, spender, .ps = 10);
	if (rule == 3)
		control_at(5, WAKE);
	else if (rule == 4)
		control_at(5, CONTINUE);
	else if (rule == 5 || rule == 6)
		control_at(5, PAUSE);
	if (rule == 5)
		control_at(6, PAUSE);
	if (rule == 7)
		PATH_START(&actor, spender, .ps = 10);
	sim_run(sim, 100);
}

static void test_rules(void)
{
	static const char *const sentences[] = {
		"*assertion failed: *PATH_DEPTH_MAX*",
		"*assertion failed: path->state == PATH_SPENDING*",
		"*assertion failed: !path->paused*",
		"*assertion failed: path->wakeable*",
		"*assertion failed: path->paused*",
		"*assertion failed: !path->paused*",
		"*assertion failed: path->state != PATH_IDLE*",
		"*assertion failed: *->state == PATH_IDLE*",
		"*assertion failed: !path->paused*",
	};

	if (g_test_subprocess()) {
		break_rule(atoi(g_getenv("BROKEN_RULE")));
		return;
	}
	for (int rule = 0; rule < (int)G_N_ELEMENTS(sentences); rule++) {
		char digit[2] = { (char)('0' + rule), 0 };

		g_setenv("BROKEN_RULE", digit, TRUE);
		g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
		g_test_trap_assert_failed();
		g_test_trap_assert_stderr(sentences[rule]);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/path/spend", test_spend);
	g_test_add_func("/path/wait", test_wait);
	g_test_add_func("/path/wait-up-to", test_wait_up_to);
	g_test_add_func("/path/frames", test_frames);
	g_test_add_func("/path/pause", test_pause);
	g_test_add_func("/path/pause-ready", test_pause_ready);
	g_test_add_func("/path/pause-self", test_pause_self);
	g_test_add_func("/path/call", test_call);
	g_test_add_func("/path/finished", test_finished);
	g_test_add_func("/path/rules", test_rules);
	return g_test_run();
}
