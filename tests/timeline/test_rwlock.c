/*
 * A read-write lock: who shares it, who waits for whom, and the line's part in it.
 *
 * Each user is a thread on a pCPU of its own that reads or writes for 100. A line travels 40 where
 * a test says so.
 */
#include "models/rwlock.h"
#include "tests/support/script.h"

struct user {
	struct context thread;		/* first */
	struct rwlock *rwlock;
	struct pcpu *pcpu;
	bool writes;
};

struct user_run {
	struct user *user;
};

static enum flow user_run_path(struct path *p, void *frame)
{
	struct user_run *f = frame;
	struct rwlock *rwlock = f->user->rwlock;

	PATH_BEGIN(p);
	if (f->user->writes)
		WRITE_LOCK(rwlock);
	else
		READ_LOCK(rwlock);
	SPEND(100 * PS_PER_NS);
	if (f->user->writes)
		WRITE_UNLOCK(rwlock);
	else
		READ_UNLOCK(rwlock);
	DONE(0);
	PATH_END(p);
}

static void user_finished(struct path *path)
{
	pcpu_pop(context_of(path)->pcpu);
}

static void user_begin(void *argument)
{
	struct user *user = argument;

	pcpu_push(user->pcpu, &user->thread);
	PATH_START(&user->thread.path, user_run, .user = user);
}

static struct rwlock *rwlock_start(struct rig *rig, uint64_t transfer_ns)
{
	struct rwlock *rwlock = ARENA_NEW(rig->arena, struct rwlock);

	rig_cost(rig, C_CACHELINE_TRANSFER_GROUP, transfer_ns);
	rig_build(rig);
	rwlock_init(rwlock, lock_class_find(rig->host, "table", LOCK_RWLOCK, false));
	for (int point = POINT_LOCK_WAIT; point <= POINT_LOCK_RELEASED; point++)
		rig_show(rig, (enum point)point);
	return rwlock;
}

static void use(struct rig *rig, struct rwlock *rwlock, uint64_t at_ns, uint32_t pcpu, char kind)
{
	struct user *user = ARENA_NEW(rig->arena, struct user);

	user->rwlock = rwlock;
	user->pcpu = &rig->host->pcpus[pcpu];
	user->writes = kind == 'w';
	context_init(&user->thread, rig->host, CONTEXT_THREAD, "user");
	user->thread.path.finished = user_finished;
	script_at(rig, at_ns, user_begin, user);
}

/* Two readers share it; a writer waits for both, and a reader behind it for the writer. */
static void test_order(void)
{
	struct rig *rig = rig_new(4);
	struct rwlock *rwlock = rwlock_start(rig, 0);
	const struct lock_stats *stats;

	use(rig, rwlock, 0, 0, 'r');
	use(rig, rwlock, 50, 1, 'r');
	use(rig, rwlock, 60, 2, 'w');
	use(rig, rwlock, 70, 3, 'r');
	rig_run(rig, 1000);
	rig_expect(rig, "0 p0 has table 0\n"
		   "50 p1 has table 0\n"
		   "60 p2>p1 waits for table 0\n"
		   "70 p3>p1 waits for table 0\n"
		   "100 p0 leaves table 0\n"
		   "150 p1 leaves table 0\n"
		   "150 p2 has table 0\n"
		   "250 p2 leaves table 0\n"
		   "250 p3 has table 0\n"
		   "350 p3 leaves table 0\n");
	rig_check(rig);
	stats = rwlock->lock.stats;
	g_assert_cmpuint(stats->busy_ps, ==, 350 * PS_PER_NS);
	g_assert_cmpuint(stats->shared_ps, ==, 50 * PS_PER_NS);
	g_assert_cmpuint(stats->wait_ps, ==, (90 + 180) * PS_PER_NS);
	rig_free(rig);
}

/* Behind a writer the readers at the front enter together; the writer between them does not. */
static void test_readers_enter_together(void)
{
	struct rig *rig = rig_new(5);
	struct rwlock *rwlock = rwlock_start(rig, 0);

	use(rig, rwlock, 0, 0, 'w');
	use(rig, rwlock, 10, 1, 'r');
	use(rig, rwlock, 20, 2, 'r');
	use(rig, rwlock, 30, 3, 'w');
	use(rig, rwlock, 40, 4, 'r');
	rig_run(rig, 150);
	rig_expect(rig, "0 p0 has table 0\n"
		   "10 p1>p0 waits for table 0\n"
		   "20 p2>p0 waits for table 0\n"
		   "30 p3>p0 waits for table 0\n"
		   "40 p4>p0 waits for table 0\n"
		   "100 p0 leaves table 0\n"
		   "100 p1 has table 0\n"
		   "100 p2 has table 0\n");
	rig_run(rig, 1000);
	rig_expect(rig, "200 p1 leaves table 0\n"
		   "200 p2 leaves table 0\n"
		   "200 p3 has table 0\n"
		   "300 p3 leaves table 0\n"
		   "300 p4 has table 0\n"
		   "400 p4 leaves table 0\n");
	rig_check(rig);
	rig_free(rig);
}

/*
 * Readers share the lock, not its line: an atomic each to enter, and one to leave. p1's 10-50; p0
 * wants to leave at 100, 100-140, p1 at 150, 150-190.
 */
static void test_readers_pass_the_line(void)
{
	struct rig *rig = rig_new(2);
	struct rwlock *rwlock = rwlock_start(rig, 40);

	use(rig, rwlock, 0, 0, 'r');
	use(rig, rwlock, 10, 1, 'r');
	rig_run(rig, 1000);
	rig_expect(rig, "0 p0 has table 0\n"
		   "50 p1 has table 0\n"
		   "140 p0 leaves table 0\n"
		   "190 p1 leaves table 0\n");
	rig_check(rig);
	rig_free(rig);
}

/*
 * The readers' atomics 10-50 and 60-100, the first one's read again 100-140. The writer's store
 * 140-180; then one after the other fetches the line, 180-220 and 220-260.
 */
static void test_writer_hands_over(void)
{
	struct rig *rig = rig_new(3);
	struct rwlock *rwlock = rwlock_start(rig, 40);

	use(rig, rwlock, 0, 0, 'w');
	use(rig, rwlock, 10, 1, 'r');
	use(rig, rwlock, 60, 2, 'r');
	rig_run(rig, 300);
	rig_expect(rig, "0 p0 has table 0\n"
		   "10 p1>p0 waits for table 0\n"
		   "60 p2>p0 waits for table 0\n"
		   "100 p0 leaves table 0\n"
		   "220 p1 has table 0\n"
		   "260 p2 has table 0\n");
	rig_run(rig, 1000);
	rig_check(rig);
	rig_free(rig);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/timeline/rwlock/order", test_order);
	g_test_add_func("/timeline/rwlock/readers-enter-together", test_readers_enter_together);
	g_test_add_func("/timeline/rwlock/readers-pass-the-line", test_readers_pass_the_line);
	g_test_add_func("/timeline/rwlock/writer-hands-over", test_writer_hands_over);
	return g_test_run();
}
