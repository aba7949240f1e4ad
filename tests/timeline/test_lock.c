/*
 * A spinlock, queued or test-and-set: who gets it next, and when, on a line that has to travel.
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
	rig_check(rig);
	g_assert_cmpuint(lock->stats->wait_ps, ==, 0);
	g_assert_cmpuint(lock->stats->hold_ps, ==, 100 * PS_PER_NS);
	g_assert_cmpuint(lock->stats->nr_contended, ==, 0);
	rig_free(rig);
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
	rig_check(rig);
	/* 90 + 180 + 270: of 540 in the queue, 400 held. */
	g_assert_cmpuint(lock->stats->wait_ps, ==, 540 * PS_PER_NS);
	g_assert_cmpuint(lock->stats->hold_ps, ==, 400 * PS_PER_NS);
	g_assert_cmpuint(lock->stats->nr_acquisitions, ==, 4);
	g_assert_cmpuint(lock->stats->nr_contended, ==, 3);
	rig_free(rig);
}

/*
 * Groups of two. The line: p1's atomic 10-50, p2's 50-110, p1's next read 110-170, p0's store,
 * which takes it from both, 170-230, p1's claim 230-270. p2 reads it again 270-330; p1's store
 * 370-430, p2's claim 430-490. Then p2 takes it again, alone: the line is there. Then p0: it comes
 * back, 60.
 */
static void test_hand_over(void)
{
	struct rig *rig = lock_rig(4);
	struct lock *lock;

	rig_topology(rig, (struct topology){ 1, 2, 2, 1, LLC_SOCKET });
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
		   "270 p1 has lock 0\n"
		   "370 p1 leaves lock 0\n"
		   "490 p2 has lock 0\n"
		   "590 p2 leaves lock 0\n"
		   "600 p2 has lock 0\n"
		   "700 p2 leaves lock 0\n"
		   "860 p0 has lock 0\n"
		   "960 p0 leaves lock 0\n");
	lock_end(rig);
}

/*
 * p1 owns the free lock from 200 on, while the line is under way until 240: p2 waits already, and
 * its atomic takes the line 240-280. p1's store 340-380, p2's claim 380-420.
 */
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
		   "420 p2 has lock 0\n"
		   "520 p2 leaves lock 0\n");
	g_assert_cmpuint(lock->stats->nr_contended, ==, 1);
	lock_end(rig);
}

/* Four pCPUs of a group, whose lines travel 40. */
static struct lock *queue_start(struct rig *rig, enum lock_kind kind)
{
	struct lock *lock = ARENA_NEW(rig->arena, struct lock);

	rig_cost(rig, C_CACHELINE_TRANSFER_GROUP, 40);
	rig_build(rig);
	lock_init(lock, lock_class_find(rig->host, "lock", kind, false));
	rig_show(rig, POINT_LOCK_ACQUIRED);
	rig_show(rig, POINT_LOCK_RELEASED);
	return lock;
}

/* The waiter has the word since 50: the store takes it away 100-140, the claim is 140-180. */
static void test_pending(void)
{
	struct rig *rig = rig_new(4);
	struct lock *lock = queue_start(rig, LOCK_RAW);
	const struct step work[] = { TAKE(lock), DO(100), LEAVE(lock), END };

	script_start(rig, 0, 0, work);
	script_start(rig, 10, 1, work);
	rig_run(rig, 1000);
	rig_expect(rig, "0 p0 has lock 0\n"
		   "100 p0 leaves lock 0\n"
		   "180 p1 has lock 0\n"
		   "280 p1 leaves lock 0\n");
	lock_end(rig);
}

/* The atomic is under way until 50: the store of 20 comes behind it, 50-90, then the claim. */
static void test_release_behind_atomic(void)
{
	struct rig *rig = rig_new(4);
	struct lock *lock = queue_start(rig, LOCK_RAW);
	const struct step work[] = { TAKE(lock), DO(20), LEAVE(lock), END };

	script_start(rig, 0, 0, work);
	script_start(rig, 10, 1, work);
	rig_run(rig, 1000);
	rig_expect(rig, "0 p0 has lock 0\n"
		   "20 p0 leaves lock 0\n"
		   "130 p1 has lock 0\n"
		   "150 p1 leaves lock 0\n");
	lock_end(rig);
}

/*
 * p1 has the pending bit, p2 is the first with an MCS node, p3 the second. p2 claims at 1260, and
 * tells p3, which knows at 1340. p2 holds that long; then what is logged until 1600.
 */
static void expect_second_node(uint64_t hold_ns, const char *log)
{
	struct rig *rig = rig_new(4);
	struct lock *lock = queue_start(rig, LOCK_RAW);
	const struct step first[] = { TAKE(lock), DO(1000), LEAVE(lock), END };
	const struct step second[] = { TAKE(lock), DO(hold_ns), LEAVE(lock), END };
	const struct step others[] = { TAKE(lock), DO(100), LEAVE(lock), END };

	script_start(rig, 0, 0, first);
	script_start(rig, 10, 1, others);
	script_start(rig, 100, 2, second);
	script_start(rig, 200, 3, others);
	rig_run(rig, 1200);
	rig_expect(rig, "0 p0 has lock 0\n"
		   "1000 p0 leaves lock 0\n"
		   "1080 p1 has lock 0\n"
		   "1180 p1 leaves lock 0\n");
	rig_run(rig, 1600);
	rig_expect(rig, log);
	rig_run(rig, 2000);
	lock_end(rig);
}

/* p3 reads the word 1340-1380, and spins: p2's store 1460-1500, p3's claim 1500-1540. */
static void test_head_told_in_time(void)
{
	expect_second_node(200, "1260 p2 has lock 0\n"
			   "1460 p2 leaves lock 0\n"
			   "1540 p3 has lock 0\n");
}

/* p2 leaves at 1290, nobody else has the word: p3 finds the lock free when it knows, 1340-1380. */
static void test_head_told_too_late(void)
{
	expect_second_node(30, "1260 p2 has lock 0\n"
			   "1290 p2 leaves lock 0\n"
			   "1380 p3 has lock 0\n"
			   "1480 p3 leaves lock 0\n");
}

/*
 * Three spin when p0 leaves: its store 1000-1040, two of them read the word 1040-1120, the winner
 * claims it 1120-1160; two fail 1160-1240, and one of them reads again 1240-1280. The second
 * store, of 1170, waits for that: 1280-1320, a read, a claim until 1400, a failure until 1440. The
 * third store 1440-1480, a claim until 1520. Who wins is drawn.
 */
static void test_test_and_set(void)
{
	struct rig *rig = rig_new(4);
	struct lock *lock = queue_start(rig, LOCK_TEST_AND_SET);
	const struct step first[] = { TAKE(lock), DO(1000), LEAVE(lock), END };
	const struct step others[] = { TAKE(lock), DO(10), LEAVE(lock), END };

	script_start(rig, 0, 0, first);
	script_start(rig, 10, 1, others);
	script_start(rig, 100, 2, others);
	script_start(rig, 200, 3, others);
	rig_run(rig, 2000);
	rig_expect(rig, "0 p0 has lock 0\n"
		   "1000 p0 leaves lock 0\n"
		   "1160 p2 has lock 0\n"
		   "1170 p2 leaves lock 0\n"
		   "1400 p1 has lock 0\n"
		   "1410 p1 leaves lock 0\n"
		   "1520 p3 has lock 0\n"
		   "1530 p3 leaves lock 0\n");
	lock_end(rig);
}

/* Waits by class: a worker 90 for a thread, an irq 80 for the thread and 100 for the worker. */
static void test_waited_for(void)
{
	struct rig *rig = lock_rig(3);
	struct lock *lock = lock_start(rig, false);
	const struct lock_class *class = lock->class;
	const struct step work[] = { TAKE(lock), DO(100), LEAVE(lock), END };

	script_start(rig, 0, 0, work);
	script_start(rig, 10, 1, work)->context.acquirer = ACQUIRER_WORKER;
	script_start(rig, 20, 2, work)->context.acquirer = ACQUIRER_IRQ;
	rig_run(rig, 1000);
	rig_check(rig);
	for (enum acquirer waiter = 0; waiter < NR_ACQUIRERS; waiter++)
		for (enum acquirer holder = 0; holder < NR_ACQUIRERS; holder++) {
			bool worker = waiter == ACQUIRER_WORKER && holder == ACQUIRER_THREAD;
			bool irq = waiter == ACQUIRER_IRQ && holder == ACQUIRER_THREAD;
			bool behind = waiter == ACQUIRER_IRQ && holder == ACQUIRER_WORKER;
			uint64_t ns = worker ? 90 : irq ? 80 : behind ? 100 : 0;

			g_assert_cmpuint(lock_waited_ps(class, waiter, holder), ==,
					 ns * PS_PER_NS);
		}
	rig_free(rig);
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
		   "10 p0 has inner 0\n"
		   "30 p0 leaves inner 0\n"
		   "60 p0 leaves lock 0\n"
		   "60 p1 has lock 0\n"
		   "70 p1 has inner 0\n"
		   "90 p1 leaves inner 0\n"
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
	g_test_add_func("/timeline/lock/pending", test_pending);
	g_test_add_func("/timeline/lock/release-behind-atomic", test_release_behind_atomic);
	g_test_add_func("/timeline/lock/head-told-in-time", test_head_told_in_time);
	g_test_add_func("/timeline/lock/head-told-too-late", test_head_told_too_late);
	g_test_add_func("/timeline/lock/test-and-set", test_test_and_set);
	g_test_add_func("/timeline/lock/waited-for", test_waited_for);
	g_test_add_func("/timeline/lock/hardirq-over-holder", test_hardirq_over_holder);
	g_test_add_func("/timeline/lock/hardirq-over-waiter", test_hardirq_over_waiter);
	g_test_add_func("/timeline/lock/irqs-off", test_irqs_off);
	g_test_add_func("/timeline/lock/nested", test_nested);
	g_test_add_func("/timeline/lock/rules", test_rules);
	return g_test_run();
}
