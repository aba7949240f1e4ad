/*
 * A mutex: who spins, who sleeps, who gets it next.
 *
 * Threads are scripts on pCPUs of their own unless a test says otherwise. An atomic takes 5, a
 * wake-up of another pCPU's thread 105, a line travels 40 where a test sets that; everything else
 * takes no time. Equal sharing by EEVDF with a slice of 3 ms, a tick every 4 ms.
 */
#include <stdlib.h>
#include <string.h>

#include "models/mutex.h"
#include "tests/support/script.h"

static enum flow take_path(struct path *p, void *frame)
{
	struct script_call *f = frame;

	PATH_BEGIN(p);
	CALL(mutex_lock, .mutex = f->argument);
	DONE(0);
	PATH_END(p);
}

static enum flow leave_path(struct path *p, void *frame)
{
	struct script_call *f = frame;

	PATH_BEGIN(p);
	CALL(mutex_unlock, .mutex = f->argument);
	DONE(0);
	PATH_END(p);
}

#define GET RUN(take_path, mutex)
#define PUT RUN(leave_path, mutex)

static struct mutex *mutex_start(struct rig *rig)
{
	struct mutex *mutex = ARENA_NEW(rig->arena, struct mutex);

	rig_cost(rig, C_ATOMIC_RMW, 5);
	rig_cost(rig, C_WAKE_UP, 100);
	rig->config.fair = (struct fair_params){
		.eevdf = true, .slice_ps = 3 * PS_PER_MS, .tick_ps = 4 * PS_PER_MS,
	};
	rig_build(rig);
	mutex_init(mutex, mutex_class_find(rig->host, "mutex"));
	for (int point = POINT_LOCK_WAIT; point <= POINT_LOCK_RELEASED; point++)
		rig_show(rig, (enum point)point);
	return mutex;
}

/* What happens to the mutex and who executes: without the spinlocks underneath. */
static char *without_spinlocks(const char *log)
{
	char **lines = g_strsplit(log, "\n", -1);
	GString *kept = g_string_new(NULL);

	for (char **line = lines; *line; line++)
		if (**line && !strstr(*line, "_lock "))
			g_string_append_printf(kept, "%s\n", *line);
	g_strfreev(lines);
	return g_string_free(kept, FALSE);
}

static void mutex_expect(struct rig *rig, const char *expected)
{
	char *log = without_spinlocks(rig_take_log(rig));

	g_assert_cmpstr(log, ==, expected);
	g_free(log);
}

static void mutex_end(struct rig *rig)
{
	rig_check(rig);
	rig_free(rig);
}

/* Nobody else: one atomic to take it, one to leave it. */
static void test_free(void)
{
	struct rig *rig = rig_new(1);
	struct mutex *mutex = mutex_start(rig);
	const struct step work[] = { DO(10), GET, DO(100), PUT, END };

	script_start(rig, 0, 0, work);
	rig_run(rig, 1000);
	mutex_expect(rig, "15 p0 has mutex 0\n"
			  "120 p0 leaves mutex 0\n");
	mutex_end(rig);
}

/*
 * p1 finds it owned: its fast path fetches the line for nothing (40 + 5), the queue is empty (5),
 * it spins from 60 on. p0's release takes the line from it (40 + 5); p1 sees it (40), takes it
 * (40 + 5) and leaves the queue (5).
 */
static void test_spin(void)
{
	struct rig *rig = rig_new(2);
	struct mutex *mutex;

	rig_cost(rig, C_CACHELINE_TRANSFER_GROUP, 40);
	mutex = mutex_start(rig);

	const struct step work[] = { GET, DO(100), PUT, SAY("goes on"), END };

	script_start(rig, 0, 0, work);
	script_start(rig, 10, 1, work);
	rig_run(rig, 1000);
	mutex_expect(rig, "5 p0 has mutex 0\n"
			  "10 p1>p0 waits for mutex 0\n"
			  "150 p0 leaves mutex 0\n"
			  "150 goes on\n"
			  "235 p1 has mutex 0\n"
			  "345 p1 leaves mutex 0\n"
			  "345 goes on\n");
	rig_check(rig);
	g_assert_cmpuint(mutex->lock.stats->wait_ps, ==, (5 + 225) * PS_PER_NS);
	rig_free(rig);
}

/* Spinners queue: p1, p3, p2, in the order of coming. Only the head looks at the mutex. */
static void test_spinners_queue(void)
{
	struct rig *rig = rig_new(4);
	struct mutex *mutex = mutex_start(rig);
	const struct step work[] = { GET, DO(100), PUT, END };

	script_start(rig, 0, 0, work);
	script_start(rig, 10, 1, work);
	script_start(rig, 20, 2, work);
	script_start(rig, 15, 3, work);
	rig_run(rig, 1000);
	mutex_expect(rig, "5 p0 has mutex 0\n"
			  "10 p1>p0 waits for mutex 0\n"
			  "15 p3>p0 waits for mutex 0\n"
			  "20 p2>p0 waits for mutex 0\n"
			  "110 p0 leaves mutex 0\n"
			  "115 p1 has mutex 0\n"
			  "230 p1 leaves mutex 0\n"
			  "235 p3 has mutex 0\n"
			  "350 p3 leaves mutex 0\n"
			  "355 p2 has mutex 0\n"
			  "465 p2 leaves mutex 0\n");
	mutex_end(rig);
}

/*
 * The owner sleeps at 55: p1 stops spinning, leaves the queue (5), tells the owner that somebody
 * sleeps (5), and sleeps. The owner is woken at 1000. Its release fails once (5), succeeds (5), and
 * wakes p1 (105), which takes it (5) and takes the flag back (5).
 */
static void test_owner_sleeps(void)
{
	struct rig *rig = rig_new(3);
	struct mutex *mutex = mutex_start(rig);
	struct thread *owner;
	const struct step sleeps[] = { GET, DO(50), SLEEP, PUT, SAY("goes on"), END };
	const struct step work[] = { GET, DO(100), PUT, END };
	const struct step wakes[] = { WAKE(&owner), END };

	owner = script_start(rig, 0, 0, sleeps);
	script_start(rig, 10, 1, work);
	script_start(rig, 1000, 2, wakes);
	rig_show(rig, POINT_SWITCH);
	rig_run(rig, 2000);
	mutex_expect(rig, "5 p0 has mutex 0\n"
			  "10 p1>p0 waits for mutex 0\n"
			  "55 p0 switches t0>idle\n"
			  "65 p1 switches t1>idle\n"
			  "1105 woke it\n"
			  "1105 p2 switches t2>idle\n"
			  "1105 p0 switches idle>t0\n"
			  "1115 p0 leaves mutex 0\n"
			  "1220 goes on\n"
			  "1220 p0 switches t0>idle\n"
			  "1220 p1 switches idle>t1\n"
			  "1225 p1 has mutex 0\n"
			  "1335 p1 leaves mutex 0\n"
			  "1335 p1 switches t1>idle\n");
	mutex_end(rig);
}

/*
 * The owner is preempted by the tick at 4 ms: p1 has spun until then, and sleeps. The owner runs
 * again when the other thread is done; p1 gets the mutex by waking up.
 */
static void test_owner_preempted(void)
{
	struct rig *rig = rig_new(2);
	struct mutex *mutex = mutex_start(rig);
	const struct step holds[] = { GET, DO(4500000), PUT, END };
	const struct step computes[] = { DO(1000000), END };
	const struct step work[] = { GET, DO(100), PUT, END };

	script_start(rig, 0, 0, holds);
	script_start(rig, 5, 0, computes);
	script_start(rig, 10, 1, work);
	rig_show(rig, POINT_SWITCH);
	rig_run(rig, 10000000);
	mutex_expect(rig, "5 p0 has mutex 0\n"
			  "10 p1>p0 waits for mutex 0\n"
			  "4000000 p0 switches t0>t1\n"
			  "4000010 p1 switches t2>idle\n"
			  "5000000 p0 switches t1>t0\n"
			  "5500015 p0 leaves mutex 0\n"
			  "5500120 p0 switches t0>idle\n"
			  "5500120 p1 switches idle>t2\n"
			  "5500125 p1 has mutex 0\n"
			  "5500235 p1 leaves mutex 0\n"
			  "5500235 p1 switches t2>idle\n");
	mutex_end(rig);
}

/*
 * p1, p2 and p3 spin. At 4 ms p2 has somebody else to run: it leaves the middle of the queue
 * (5 + 5) and gives way; when it is back it sleeps. p0's release goes to p1, who spins. p2 is awake
 * then, and has p1's release hand it over; p3, at the head of the queue since p1 left it, is last.
 */
static void test_spinner_gives_way(void)
{
	struct rig *rig = rig_new(4);
	struct mutex *mutex = mutex_start(rig);
	const struct step holds[] = { GET, DO(6000000), PUT, END };
	const struct step computes[] = { DO(1000000), END };
	const struct step work[] = { GET, DO(100), PUT, END };

	script_start(rig, 0, 0, holds);
	script_start(rig, 10, 1, work);
	script_start(rig, 20, 2, work);
	script_start(rig, 30, 3, work);
	script_start(rig, 40, 2, computes);
	rig_show(rig, POINT_SWITCH);
	rig_run(rig, 10000000);
	mutex_expect(rig, "5 p0 has mutex 0\n"
			  "10 p1>p0 waits for mutex 0\n"
			  "20 p2>p0 waits for mutex 0\n"
			  "30 p3>p0 waits for mutex 0\n"
			  "4000010 p2 switches t2>t4\n"
			  "5000010 p2 switches t4>t2\n"
			  "5000015 p2 switches t2>idle\n"
			  "6000015 p0 leaves mutex 0\n"
			  "6000020 p1 has mutex 0\n"
			  "6000120 p0 switches t0>idle\n"
			  "6000120 p2 switches idle>t2\n"
			  "6000140 p1 leaves mutex 0\n"
			  "6000140 p1 switches t1>idle\n"
			  "6000145 p2 has mutex 0\n"
			  "6000255 p2 leaves mutex 0\n"
			  "6000255 p2 switches t2>idle\n"
			  "6000260 p3 has mutex 0\n"
			  "6000370 p3 leaves mutex 0\n"
			  "6000370 p3 switches t3>idle\n");
	mutex_end(rig);
}

/*
 * p1 sleeps; p0 releases at 1115 and wakes it. p2 is there first: the flag that somebody sleeps
 * fails its fast path (5), but then it takes the free mutex (5). p1 is awake at 1220, asks for a
 * hand-off (5) and spins beside the queue, whose head is p3 from 1310 on. p2's release (5) takes
 * the slow path (5) and gives the mutex to p1, which picks it up (5). p3 gets it from there.
 */
static void test_handoff(void)
{
	struct rig *rig = rig_new(5);
	struct mutex *mutex = mutex_start(rig);
	struct thread *owner;
	const struct step sleeps[] = { GET, DO(50), SLEEP, PUT, END };
	const struct step work[] = { GET, DO(300), PUT, END };
	const struct step wakes[] = { WAKE(&owner), END };

	owner = script_start(rig, 0, 0, sleeps);
	script_start(rig, 10, 1, work);
	script_start(rig, 1000, 4, wakes);
	script_start(rig, 1111, 2, work);
	script_start(rig, 1300, 3, work);
	rig_run(rig, 5000);
	mutex_expect(rig, "5 p0 has mutex 0\n"
			  "10 p1>p0 waits for mutex 0\n"
			  "1105 woke it\n"
			  "1111 p2>p0 waits for mutex 0\n"
			  "1115 p0 leaves mutex 0\n"
			  "1121 p2 has mutex 0\n"
			  "1300 p3>p2 waits for mutex 0\n"
			  "1431 p2 leaves mutex 0\n"
			  "1436 p1 has mutex 0\n"
			  "1746 p1 leaves mutex 0\n"
			  "1751 p3 has mutex 0\n"
			  "2061 p3 leaves mutex 0\n");
	mutex_end(rig);
}

/*
 * As above, but p2 sleeps while it has the mutex: p1, which has asked for it, sleeps again. The
 * release at 2120 gives it to the sleeping p1: p3 comes before p1 is awake, and cannot take it.
 */
static void test_handoff_asleep(void)
{
	struct rig *rig = rig_new(5);
	struct mutex *mutex = mutex_start(rig);
	struct thread *owner, *winner;
	const struct step sleeps[] = { GET, DO(50), SLEEP, PUT, END };
	const struct step work[] = { GET, DO(300), PUT, END };
	const struct step wakes[] = { WAKE(&owner), DO(900), WAKE(&winner), END };

	owner = script_start(rig, 0, 0, sleeps);
	script_start(rig, 10, 1, work);
	script_start(rig, 1000, 4, wakes);
	winner = script_start(rig, 1111, 2, sleeps);
	script_start(rig, 2120, 3, work);
	rig_show(rig, POINT_SWITCH);
	rig_run(rig, 5000);
	mutex_expect(rig, "5 p0 has mutex 0\n"
			  "10 p1>p0 waits for mutex 0\n"
			  "55 p0 switches t0>idle\n"
			  "65 p1 switches t1>idle\n"
			  "1105 woke it\n"
			  "1105 p0 switches idle>t0\n"
			  "1111 p2>p0 waits for mutex 0\n"
			  "1115 p0 leaves mutex 0\n"
			  "1121 p2 has mutex 0\n"
			  "1171 p2 switches t3>idle\n"
			  "1220 p0 switches t0>idle\n"
			  "1220 p1 switches idle>t1\n"
			  "1225 p1 switches t1>idle\n"
			  "2110 woke it\n"
			  "2110 p4 switches t2>idle\n"
			  "2110 p2 switches idle>t3\n"
			  "2120 p2 leaves mutex 0\n"
			  "2120 p3>p1 waits for mutex 0\n"
			  "2125 p3 switches t4>idle\n"
			  "2225 p2 switches t3>idle\n"
			  "2225 p1 switches idle>t1\n"
			  "2230 p1 has mutex 0\n"
			  "2540 p1 leaves mutex 0\n"
			  "2645 p1 switches t1>idle\n"
			  "2645 p3 switches idle>t4\n"
			  "2650 p3 has mutex 0\n"
			  "2960 p3 leaves mutex 0\n"
			  "2960 p3 switches t4>idle\n");
	mutex_end(rig);
}

/* It may sleep: not with irqs off, not under a spinlock; and it is not recursive. */
static void test_rules(void)
{
	static const char *const sentences[] = {
		"*assertion failed: !context->pcpu->irqs_off*",
		"*assertion failed: context->nr_locks == 0*",
		"*assertion failed: mutex->owner != thread_of(p)*",
	};

	if (g_test_subprocess()) {
		int rule = atoi(g_getenv("BROKEN_RULE"));
		struct rig *rig = rig_new(1);
		struct mutex *mutex = mutex_start(rig);
		const struct step irqs_off[] = { IRQS_OFF, GET, END };
		const struct step locked[] = { TAKE(&mutex->wait_lock), GET, END };
		const struct step twice[] = { GET, GET, END };

		script_start(rig, 0, 0, rule == 0 ? irqs_off : rule == 1 ? locked : twice);
		rig_run(rig, 1000);
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
	g_test_add_func("/timeline/mutex/free", test_free);
	g_test_add_func("/timeline/mutex/spin", test_spin);
	g_test_add_func("/timeline/mutex/spinners-queue", test_spinners_queue);
	g_test_add_func("/timeline/mutex/owner-sleeps", test_owner_sleeps);
	g_test_add_func("/timeline/mutex/owner-preempted", test_owner_preempted);
	g_test_add_func("/timeline/mutex/spinner-gives-way", test_spinner_gives_way);
	g_test_add_func("/timeline/mutex/handoff", test_handoff);
	g_test_add_func("/timeline/mutex/handoff-asleep", test_handoff_asleep);
	g_test_add_func("/timeline/mutex/rules", test_rules);
	return g_test_run();
}
