/*
 * test_event - the pending-event set against a sorted list that is searched from the front.
 */
#include "sim/event.h"

#include <glib.h>

#include "sim/arena.h"
#include "sim/path.h"
#include "sim/sim.h"

/* An event that knows its place in the naive list. */
struct item {
	struct event event;
	enum event_class class;
	ps_t time_ps;
	uint64_t sequence;	/* of arming */
	bool pending;
};

struct set {
	struct arena *arena;
	struct sim *sim;
	struct item *items[1000];
	uint32_t nr_items;
	uint64_t sequence;
	GString *log;
};

static struct set *set_of_log;	/* for fire functions, which get the event only */

static void fire_nothing(struct event *event)
{
	(void)event;
}

static void fire_log(struct event *event)
{
	const struct item *item = (struct item *)event;

	g_string_append_printf(set_of_log->log, "%u:%" G_GUINT64_FORMAT " ", item->class,
			       item->sequence);
}

static struct set *set_new(void)
{
	struct set *set = g_new0(struct set, 1);

	set->arena = arena_new(4096);
	set->sim = sim_new(set->arena, "test", 1, 0);
	set->log = g_string_new(NULL);
	set_of_log = set;
	return set;
}

static void set_free(struct set *set)
{
	g_string_free(set->log, TRUE);
	arena_free(set->arena);
	g_free(set);
}

static struct item *set_add(struct set *set, enum event_class class, void (*fire)(struct event *))
{
	struct item *item = ARENA_NEW(set->arena, struct item);

	g_assert_cmpuint(set->nr_items, <, G_N_ELEMENTS(set->items));
	item->class = class;
	event_init(set->sim, &item->event, class, fire);
	set->items[set->nr_items++] = item;
	return item;
}

static void set_arm(struct set *set, struct item *item, ps_t time_ps)
{
	item->time_ps = time_ps;
	item->sequence = set->sequence++;
	item->pending = true;
	event_at(set->sim, &item->event, time_ps);
}

static void set_cancel(struct set *set, struct item *item)
{
	item->pending = false;
	event_cancel(set->sim, &item->event);
}

static bool item_before(const struct item *a, const struct item *b)
{
	if (a->time_ps != b->time_ps)
		return a->time_ps < b->time_ps;
	if (a->class != b->class)
		return a->class < b->class;
	return a->sequence < b->sequence;
}

static struct item *set_first(const struct set *set)
{
	struct item *first = NULL;

	for (uint32_t i = 0; i < set->nr_items; i++) {
		struct item *item = set->items[i];

		g_assert_true(event_is_pending(set->sim, &item->event) == item->pending);
		if (item->pending && (!first || item_before(item, first)))
			first = item;
	}
	return first;
}

static void set_pop(struct set *set)
{
	struct item *first = set_first(set);

	if (!first) {
		g_assert_cmpuint(event_queue_next(&set->sim->queue)->time_ps, ==, PS_NEVER);
		return;
	}
	g_assert_cmpuint(event_queue_next(&set->sim->queue)->time_ps, ==, first->time_ps);
	g_assert_true(event_queue_pop(&set->sim->queue) == &first->event);
	first->pending = false;
	set->sim->now_ps = first->time_ps;
}

/*
 * 10^5 random operations: arm, cancel, re-arm, pop, and now and then a new event, so that the set
 * grows in every state. Few distinct times, so that order among equals counts; sizes go up and
 * down: `bias` of 8 operations arm.
 */
static void test_random(void)
{
	GRand *rand = g_rand_new_with_seed(7);
	struct set *set = set_new();

	for (uint32_t i = 0; i < 4; i++)
		set_add(set, (enum event_class)(i % 5), fire_nothing);
	for (uint32_t op = 0; op < 100000; op++) {
		int32_t bias = op / 5000 % 2 ? 2 : 5;
		struct item *item = set->items[g_rand_int_range(rand, 0, (gint32)set->nr_items)];
		ps_t time_ps = set->sim->now_ps + (ps_t)g_rand_int_range(rand, 0, 20);

		if (op % 500 == 499)
			item = set_add(set, (enum event_class)g_rand_int_range(rand, 0, 5),
				       fire_nothing);
		if (g_rand_int_range(rand, 0, 8) >= bias) {
			set_pop(set);
		} else if (!item->pending) {
			set_arm(set, item, time_ps);
		} else {
			set_cancel(set, item);
			if (op % 3)
				set_arm(set, item, time_ps);
		}
		g_assert_cmpuint(event_queue_next(&set->sim->queue)->time_ps, ==,
				 set_first(set) ? set_first(set)->time_ps : PS_NEVER);
	}
	g_assert_cmpuint(set->nr_items, >, 200);
	while (set_first(set))
		set_pop(set);
	set_pop(set);
	g_rand_free(rand);
	set_free(set);
}

/*
 * The popped root is a hole until the next arming. With n others pending, then: nothing, grow,
 * cancel one of them, pop again, arm - and everything still comes in order.
 */
static void test_hole(void)
{
	for (uint32_t nr = 0; nr < 12; nr++)
		for (uint32_t cancelled = 0; cancelled <= nr; cancelled++)
			for (uint32_t grow = 0; grow < 2; grow++) {
				struct set *set = set_new();

				for (uint32_t i = 0; i <= nr; i++)
					set_arm(set, set_add(set, EVENT_END, fire_nothing),
						10 + (i * 7) % 5);
				set_pop(set);
				for (uint32_t i = 0; grow && i < 70; i++)
					set_add(set, EVENT_END, fire_nothing);
				if (cancelled < nr)
					set_cancel(set, set->items[1 + cancelled]);
				else
					set_pop(set);
				set_arm(set, set->items[0], 12);
				while (set_first(set))
					set_pop(set);
				set_pop(set);
				set_free(set);
			}
}

/* A set of many weighs what it needs, not also what it has grown out of. */
static void test_memory(void)
{
	struct set *set = set_new();
	struct event *events = ARENA_NEW_N(set->arena, struct event, 1 << 14);

	for (uint32_t i = 0; i < 1 << 14; i++) {
		event_init(set->sim, &events[i], EVENT_END, fire_nothing);
		event_at(set->sim, &events[i], i);
	}
	g_assert_cmpuint(arena_bytes(set->arena), <, (1 << 14) * 44 + 4096);
	set_free(set);
}

/* An idle event may be cancelled, also while there is a hole, and stays idle. */
static void test_cancel_idle(void)
{
	struct set *set = set_new();
	struct item *a = set_add(set, EVENT_END, fire_nothing);
	struct item *b = set_add(set, EVENT_END, fire_nothing);

	set_cancel(set, a);
	set_arm(set, a, 5);
	set_arm(set, b, 6);
	set_pop(set);
	set_cancel(set, a);
	g_assert_true(event_is_pending(set->sim, &b->event));
	set_pop(set);
	set_cancel(set, b);
	set_pop(set);
	set_free(set);
}

/* At one time: by class, within a class in order of arming, and re-arming goes to the end. */
static void test_classes_and_fifo(void)
{
	struct set *set = set_new();

	for (int class = EVENT_MEASURE; class >= EVENT_END; class--)
		for (int i = 0; i < 2; i++)
			set_arm(set, set_add(set, (enum event_class)class, fire_log), 100);
	set_cancel(set, set->items[8]);		/* the first END */
	set_arm(set, set->items[8], 100);
	sim_run(set->sim, 100);
	g_assert_cmpstr(set->log->str, ==, "0:9 0:10 1:6 1:7 2:4 2:5 3:2 3:3 4:0 4:1 ");
	g_assert_cmpuint(set->sim->nr_events, ==, 10);
	set_free(set);
}

/* Ties: equal time and class, different owners. Each pair of neighbours is one. */
static void test_ties(void)
{
	static const struct {
		ps_t times[4];
		enum event_class classes[4];
		uint64_t nr_ties;
	} cases[] = {
		{ { 1, 2, 3, 4 }, { 0, 0, 0, 0 }, 0 },
		{ { 1, 1, 3, 4 }, { 0, 0, 0, 0 }, 1 },
		{ { 1, 1, 3, 4 }, { 0, 1, 0, 0 }, 0 },
		{ { 1, 1, 1, 1 }, { 0, 0, 0, 0 }, 3 },
		{ { 1, 1, 1, 1 }, { 1, 3, 1, 3 }, 2 },
		{ { 0, 1, 1, 0 }, { 2, 2, 2, 2 }, 2 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct set *set = set_new();

		for (int k = 0; k < 4; k++)
			set_arm(set, set_add(set, cases[i].classes[k], fire_nothing),
				cases[i].times[k]);
		sim_run(set->sim, 100);
		g_assert_cmpuint(set->sim->nr_ties, ==, cases[i].nr_ties);
		set_free(set);
	}
}

static void fire_again(struct event *event)
{
	struct item *item = (struct item *)event;

	if (item->sequence++ < 3)
		event_at(set_of_log->sim, event, set_of_log->sim->now_ps);
}

/* One owner that re-arms itself at the same instant ties with nobody. */
static void test_no_tie_with_itself(void)
{
	struct set *set = set_new();

	set_arm(set, set_add(set, EVENT_TIMER, fire_again), 5);
	sim_run(set->sim, 100);
	g_assert_cmpuint(set->sim->nr_events, ==, 4);
	g_assert_cmpuint(set->sim->nr_ties, ==, 0);
	set_free(set);
}

/* The limit is inclusive; what lies behind it stays pending, and the clock where it was. */
static void test_limit(void)
{
	struct set *set = set_new();

	set_arm(set, set_add(set, EVENT_END, fire_log), 10);
	set_arm(set, set_add(set, EVENT_END, fire_log), 11);
	sim_run(set->sim, 9);
	g_assert_cmpuint(set->sim->now_ps, ==, 0);
	sim_run(set->sim, 10);
	g_assert_cmpuint(set->sim->now_ps, ==, 10);
	g_assert_cmpstr(set->log->str, ==, "0:0 ");
	sim_run(set->sim, PS_NEVER);
	g_assert_cmpuint(set->sim->now_ps, ==, 11);
	g_assert_cmpstr(set->log->str, ==, "0:0 0:1 ");
	set_free(set);
}

/* What must not be done is an assertion. */
static void test_rules(void)
{
	static const char *const sentences[] = {
		"*assertion failed: time_ps >= sim->now_ps*",
		"*assertion failed: queue->position* == 0*",
		"*assertion failed: time_ps < PS_NEVER*",
	};

	if (g_test_subprocess()) {
		int rule = atoi(g_getenv("BROKEN_RULE"));
		struct set *set = set_new();
		struct item *item = set_add(set, EVENT_END, fire_nothing);

		set->sim->now_ps = 5;
		set_arm(set, item, rule == 0 ? 4 : rule == 1 ? 6 : PS_NEVER);
		set_arm(set, item, 7);
		return;
	}
	for (int rule = 0; rule < 3; rule++) {
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
	g_test_add_func("/event/random", test_random);
	g_test_add_func("/event/hole", test_hole);
	g_test_add_func("/event/memory", test_memory);
	g_test_add_func("/event/cancel-idle", test_cancel_idle);
	g_test_add_func("/event/classes-and-fifo", test_classes_and_fifo);
	g_test_add_func("/event/ties", test_ties);
	g_test_add_func("/event/no-tie-with-itself", test_no_tie_with_itself);
	g_test_add_func("/event/limit", test_limit);
	g_test_add_func("/event/rules", test_rules);
	return g_test_run();
}
