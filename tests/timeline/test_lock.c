/*
 * A raw spinlock: first come first served, handed over, on a line that has to travel.
 *
 * Threads are scripts on pCPUs of their own. A line travels 40 within the group, 60 to the other
 * group of the socket; where a test wants no transfers, it sets neither.
 */
#include "tests/support/script.h"

static struct rig *lock_rig(uint32_t nr_pcpus)
{
	struct rig *rig = rig_new(nr_pcpus);

	rig_cost(rig, C_HOST_IRQ, 30);
	return rig;
}

/* Lock 0, with or without a hardirq that takes it too. */
static struct lock *lock_start(struct rig *rig, bool irqs_off)
{
	struct lock *lock = ARENA_NEW(rig->arena, struct lock);

	rig_build(rig);
	lock_init(lock, lock_class_new(rig->host, "lock", irqs_off));
	for (int point = POINT_LOCK_WAIT; point <= POINT_LOCK_RELEASED; point++)
		rig_show(rig, (enum point)point);
	return lock;
}

static void lock_end(struct rig *rig)
{
	rig_check(rig);
	rig_free(rig);
}

/* Nobody waits: the step lasts nothing, the hold 100; busy is held time, queue is empty. */
static void test_free(void)
{
	struct rig *rig = lock_rig(1);
	struct lock *lock = lock_start(rig, false);
	const struct step work[] = { DO(5), TAKE(lock), DO(100), LEAVE(lock), END };

	script_start(rig, 0, 0, work);
	rig_run(rig, 1000);
	rig_expect(rig, "5 p0 has lock 0\n"
		   "105 p0 leaves lock 0\n");
	g_assert_cmpuint(lock->stats->wait_ps, ==, 0);
	g_assert_cmpuint(lock->stats->hold_ps, ==, 100 * PS_PER_NS);
	g_assert_cmpuint(lock->stats->nr_contended, ==, 0);
	lock_end(rig);
}

/* p1, p2 and p3 come at 10, 30 and 20, and are served in the order of coming: p1, p3, p2. */
static void test_fifo(void)
{
	struct rig *rig = lock_rig(4);
	struct lock *lock = lock_start(rig, false);
	const struct step work[] = { TAKE(lock), DO(100), LEAVE(lock), END };

	script_start(rig, 0, 0, work);
	script_start(rig, 10, 1, work);
	script_start(rig, 30, 2, work);
	script_start(rig, 20, 3, work);
	rig_run(rig, 1000);
	rig_expect(rig, "0 p0 has lock 0\n"
		   "10 p1>p0 waits for lock 0\n"
		   "20 p3>p0 waits for lock 0\n"
		   "30 p2>p0 waits for lock 0\n"
		   "100 p0 leaves lock 0\n"
		   "100 p1 has lock 0\n"
		   "200 p1 leaves lock 0\n"
		   "200 p3 has lock 0\n"
		   "300 p3 leaves lock 0\n"
		   "300 p2 has lock 0\n"
		   "400 p2 leaves lock 0\n");
	/* 90 + 180 + 270: of 540 in the queue, 400 held. */
	g_assert_cmpuint(lock->stats->wait_ps, ==, 540 * PS_PER_NS);
	g_assert_cmpuint(lock->stats->hold_ps, ==, 400 * PS_PER_NS);
	g_assert_cmpuint(lock->stats->nr_acquisitions, ==, 4);
	g_assert_cmpuint(lock->stats->nr_contended, ==, 3);
	lock_end(rig);
}

/*
 * Groups of two. p0 leaves the lock to p1, its neighbour: 40. p1 to p2, of the other group: 60.
 * Then p2 takes it again, alone: the line is there. Then p0, alone: the line comes back, 60.
 */
static void test_hand_over(void)
{
	struct rig *rig = lock_rig(4);
	struct lock *lock;

	rig_topology(rig, (struct topology){ 1, 2, 2, 1 });
	rig_cost(rig, C_CACHELINE_TRANSFER_GROUP, 40);
	rig_cost(rig, C_CACHELINE_TRANSFER, 60);
	lock = lock_start(rig, false);

	const struct step work[] = { TAKE(lock), DO(100), LEAVE(lock), END };

	script_start(rig, 0, 0, work);
	script_start(rig, 10, 1, work);
	script_start(rig, 20, 2, work);
	script_start(rig, 600, 2, work);
	script_start(rig, 800, 0, work);
	rig_run(rig, 2000);
	rig_expect(rig, "0 p0 has lock 0\n"
		   "10 p1>p0 waits for lock 0\n"
		   "20 p2>p0 waits for lock 0\n"
		   "100 p0 leaves lock 0\n"
		   "140 p1 has lock 0\n"
		   "240 p1 leaves lock 0\n"
		   "300 p2 has lock 0\n"
		   "400 p2 leaves lock 0\n"
		   "600 p2 has lock 0\n"
		   "700 p2 leaves lock 0\n"
		   "860 p0 has lock 0\n"
		   "960 p0 leaves lock 0\n");
	lock_end(rig);
}

/* p1 owns the free lock from 200 on, while the line is under way until 240: p2 waits already. */
static void test_owned_while_line_travels(void)
{
	struct rig *rig = lock_rig(3);
	struct lock *lock;

	rig_cost(rig, C_CACHELINE_TRANSFER_GROUP, 40);
	lock = lock_start(rig, false);

	const struct step work[] = { TAKE(lock), DO(100), LEAVE(lock), END };

	script_start(rig, 0, 0, work);
	script_start(rig, 200, 1, work);
	script_start(rig, 210, 2, work);
	rig_run(rig, 1000);
	rig_expect(rig, "0 p0 has lock 0\n"
		   "100 p0 leaves lock 0\n"
		   "210 p2>p1 waits for lock 0\n"
		   "240 p1 has lock 0\n"
		   "340 p1 leaves lock 0\n"
		   "380 p2 has lock 0\n"
		   "480 p2 leaves lock 0\n");
	g_assert_cmpuint(lock->stats->nr_contended, ==, 1);
	lock_end(rig);
}

/* Irqs are on: a hardirq on the holder's pCPU lengthens its hold, and so the other's wait. */
static void test_hardirq_over_holder(void)
{
	struct rig *rig = lock_rig(2);
	struct lock *lock = lock_start(rig, false);
	const struct step work[] = { TAKE(lock), DO(100), LEAVE(lock), END };

	script_start(rig, 0, 0, work);
	script_start(rig, 10, 1, work);
	script_raise(rig, 50, 0, PCPU_IRQ_RESCHEDULE);
	rig_show(rig, POINT_HARDIRQ_END);
	rig_run(rig, 1000);
	rig_expect(rig, "0 p0 has lock 0\n"
		   "10 p1>p0 waits for lock 0\n"
		   "80 p0 hardirq-end\n"
		   "130 p0 leaves lock 0\n"
		   "130 p1 has lock 0\n"
		   "230 p1 leaves lock 0\n");
	lock_end(rig);
}

/* The lock is handed to a waiter under a hardirq: it owns it from then on, and has it 10 later. */
static void test_hardirq_over_waiter(void)
{
	struct rig *rig = lock_rig(2);
	struct lock *lock = lock_start(rig, false);
	const struct step work[] = { TAKE(lock), DO(100), LEAVE(lock), END };

	script_start(rig, 0, 0, work);
	script_start(rig, 10, 1, work);
	script_raise(rig, 80, 1, PCPU_IRQ_RESCHEDULE);
	rig_show(rig, POINT_HARDIRQ_END);
	rig_run(rig, 1000);
	rig_expect(rig, "0 p0 has lock 0\n"
		   "10 p1>p0 waits for lock 0\n"
		   "100 p0 leaves lock 0\n"
		   "110 p1 hardirq-end\n"
		   "110 p1 has lock 0\n"
		   "210 p1 leaves lock 0\n");
	lock_end(rig);
}

/* With irqs off the hardirq waits for the whole critical section. */
static void test_irqs_off(void)
{
	struct rig *rig = lock_rig(1);
	struct lock *lock = lock_start(rig, true);
	const struct step work[] = {
		IRQS_OFF, TAKE(lock), DO(100), LEAVE(lock), DO(5), IRQS_ON, DO(10), END,
	};

	script_start(rig, 0, 0, work);
	script_raise(rig, 50, 0, PCPU_IRQ_RESCHEDULE);
	rig_show(rig, POINT_HARDIRQ);
	rig_run(rig, 1000);
	rig_expect(rig, "0 p0 has lock 0\n"
		   "100 p0 leaves lock 0\n"
		   "105 p0 hardirq reschedule\n");
	lock_end(rig);
}

/* Two locks in one order: p1 waits for the outer one only, and finds the inner one free. */
static void test_nested(void)
{
	struct rig *rig = lock_rig(2);
	struct lock *outer = lock_start(rig, false);
	struct lock *inner = ARENA_NEW(rig->arena, struct lock);
	const struct step work[] = {
		TAKE(outer), DO(10), TAKE(inner), DO(20), LEAVE(inner), DO(30), LEAVE(outer), END,
	};

	lock_init(inner, lock_class_new(rig->host, "inner", false));
	script_start(rig, 0, 0, work);
	script_start(rig, 5, 1, work);
	rig_run(rig, 1000);
	rig_expect(rig, "0 p0 has lock 0\n"
		   "5 p1>p0 waits for lock 0\n"
		   "10 p0 has inner 1\n"
		   "30 p0 leaves inner 1\n"
		   "60 p0 leaves lock 0\n"
		   "60 p1 has lock 0\n"
		   "70 p1 has inner 1\n"
		   "90 p1 leaves inner 1\n"
		   "120 p1 leaves lock 0\n");
	lock_end(rig);
}

/* Runs these steps, which break a rule, and dies of it. */
static void break_rule(const struct step *steps, struct rig *rig)
{
	script_start(rig, 0, 0, steps);
	rig_run(rig, 1000);
}

static void test_rules(void)
{
	static const char *const sentences[] = {
		"*assertion failed: !lock->class->irqs_off*",
		"*assertion failed: lock->owner != context*",
		"*assertion failed: lock->owner == context*",
	};

	if (g_test_subprocess()) {
		int rule = atoi(g_getenv("BROKEN_RULE"));
		struct rig *rig = lock_rig(1);
		struct lock *lock = lock_start(rig, rule == 0);
		const struct step irqs_on[] = { TAKE(lock), END };
		const struct step twice[] = { TAKE(lock), TAKE(lock), END };
		const struct step not_mine[] = { LEAVE(lock), END };

		break_rule(rule == 0 ? irqs_on : rule == 1 ? twice : not_mine, rig);
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
	g_test_add_func("/timeline/lock/free", test_free);
	g_test_add_func("/timeline/lock/fifo", test_fifo);
	g_test_add_func("/timeline/lock/hand-over", test_hand_over);
	g_test_add_func("/timeline/lock/owned-while-line-travels", test_owned_while_line_travels);
	g_test_add_func("/timeline/lock/hardirq-over-holder", test_hardirq_over_holder);
	g_test_add_func("/timeline/lock/hardirq-over-waiter", test_hardirq_over_waiter);
	g_test_add_func("/timeline/lock/irqs-off", test_irqs_off);
	g_test_add_func("/timeline/lock/nested", test_nested);
	g_test_add_func("/timeline/lock/rules", test_rules);
	return g_test_run();
}
