/*
 * RCU and SRCU: whom a grace period waits for, and when its callers go on.
 *
 * Threads are scripts on pCPUs of their own. An SRCU section costs 10, half at each end; the
 * machinery of a grace period takes 1000, the hardirq that ends it 30; everything else no time.
 */
#include "models/rcu.h"
#include "tests/support/script.h"

struct reader {
	struct rcu_domain *domain;
	uint32_t phase;
};

static enum flow enter_path(struct path *p, void *frame)
{
	struct script_call *f = frame;
	struct reader *reader = f->argument;

	PATH_BEGIN(p);
	if (reader->domain->kind == SRCU)
		SRCU_READ_LOCK(reader->domain, reader->phase);
	else
		reader->phase = rcu_read_lock(reader->domain);
	DONE(0);
	PATH_END(p);
}

static enum flow leave_path(struct path *p, void *frame)
{
	struct script_call *f = frame;
	struct reader *reader = f->argument;

	PATH_BEGIN(p);
	if (reader->domain->kind == SRCU)
		SRCU_READ_UNLOCK(reader->domain, reader->phase);
	else
		rcu_read_unlock(reader->domain, reader->phase);
	DONE(0);
	PATH_END(p);
}

static enum flow synchronize_path(struct path *p, void *frame)
{
	struct script_call *f = frame;

	PATH_BEGIN(p);
	CALL(rcu_synchronize, .domain = f->argument);
	DONE(0);
	PATH_END(p);
}

#define ENTER(reader) RUN(enter_path, &(reader))
#define EXIT_READER(reader) RUN(leave_path, &(reader))
#define SYNCHRONIZE RUN(synchronize_path, domain)

static struct rcu_domain *rcu_rig(struct rig *rig, enum rcu_kind kind)
{
	struct rcu_domain *domain = ARENA_NEW(rig->arena, struct rcu_domain);

	rig_cost(rig, C_SRCU_READ, 10);
	rig_cost(rig, C_RCU_GRACE, 1000);
	rig_cost(rig, C_HOST_IRQ, 30);
	rig_build(rig);
	rcu_domain_init(domain, rig->host, kind);
	return domain;
}

static void rcu_end(struct rig *rig)
{
	rig_check(rig);
	rig_free(rig);
}

/* Nobody reads: the machinery alone, and the hardirq that wakes the caller. */
static void test_alone(void)
{
	struct rig *rig = rig_new(1);
	struct rcu_domain *domain = rcu_rig(rig, RCU);
	const struct step writes[] = { DO(100), SYNCHRONIZE, SAY("synchronized"), END };

	script_start(rig, 0, 0, writes);
	rig_run(rig, 10000);
	rig_expect(rig, "1130 synchronized\n");
	g_assert_cmpuint(domain->nr_grace_periods, ==, 1);
	rcu_end(rig);
}

/*
 * The reader of 50 is waited for until 350, the one of 150 is not, though it reads until 5150. It
 * costs a reader nothing.
 */
static void test_rcu(void)
{
	struct rig *rig = rig_new(3);
	struct rcu_domain *domain = rcu_rig(rig, RCU);
	struct reader before = { .domain = domain }, after = { .domain = domain };
	const struct step reads_before[] = {
		ENTER(before), DO(300), EXIT_READER(before), SAY("first has read"), END,
	};
	const struct step reads_after[] = {
		ENTER(after), DO(5000), EXIT_READER(after), SAY("second has read"), END,
	};
	const struct step writes[] = { SYNCHRONIZE, SAY("synchronized"), END };

	script_start(rig, 50, 0, reads_before);
	script_start(rig, 100, 1, writes);
	script_start(rig, 150, 2, reads_after);
	rig_run(rig, 10000);
	rig_expect(rig, "350 first has read\n"
			"1380 synchronized\n"
			"5150 second has read\n");
	rcu_end(rig);
}

/* The same with SRCU: a section is 5 longer at each end. */
static void test_srcu(void)
{
	struct rig *rig = rig_new(3);
	struct rcu_domain *domain = rcu_rig(rig, SRCU);
	struct reader before = { .domain = domain }, after = { .domain = domain };
	const struct step reads_before[] = {
		ENTER(before), DO(300), EXIT_READER(before), SAY("first has read"), END,
	};
	const struct step reads_after[] = {
		ENTER(after), DO(5000), EXIT_READER(after), SAY("second has read"), END,
	};
	const struct step writes[] = { SYNCHRONIZE, SAY("synchronized"), END };

	script_start(rig, 50, 0, reads_before);
	script_start(rig, 100, 1, writes);
	script_start(rig, 150, 2, reads_after);
	rig_run(rig, 10000);
	rig_expect(rig, "360 first has read\n"
			"1390 synchronized\n"
			"5160 second has read\n");
	rcu_end(rig);
}

/*
 * Why there are two scans. The late reader looks at the phase at 50, is interrupted until 2085, and
 * counts itself at 2085 in a phase that a grace period has ended meanwhile, which did not have to
 * wait for it. The second writer comes at 3000: flipping alone would make it wait for the other
 * phase only. Its first scan waits until the reader leaves at 5090.
 */
static enum flow long_handler_path(struct path *p, void *frame)
{
	(void)frame;
	PATH_BEGIN(p);
	SPEND(2000 * PS_PER_NS);
	DONE(0);
	PATH_END(p);
}

static void test_two_phases(void)
{
	struct rig *rig = rig_new(3);
	struct rcu_domain *domain = rcu_rig(rig, SRCU);
	struct reader late = { .domain = domain };
	struct device_irq device = { .handler = long_handler_path };
	const struct step reads[] = {
		ENTER(late), SAY("reads"), DO(3000), EXIT_READER(late), SAY("has read"), END,
	};
	const struct step writes[] = { SYNCHRONIZE, SAY("synchronized"), END };

	script_start(rig, 50, 0, reads);
	script_raise_device(rig, 52, 0, &device);
	script_start(rig, 100, 1, writes);
	script_start(rig, 3000, 2, writes);
	rig_run(rig, 10000);
	rig_expect(rig, "1130 synchronized\n"
			"2085 reads\n"
			"5090 has read\n"
			"6120 synchronized\n");
	g_assert_cmpuint(domain->nr_grace_periods, ==, 2);
	rcu_end(rig);
}

/*
 * The grace period of 100 waits for the reader until 1010. Both writers who come meanwhile share
 * the next one: it begins at 2040 with the hardirq that ends the first, and ends 1000 later. Its
 * hardirq wakes the second on its own pCPU, and the third by IPI.
 */
static void test_shared(void)
{
	struct rig *rig = rig_new(4);
	struct rcu_domain *domain = rcu_rig(rig, SRCU);
	struct reader reader = { .domain = domain };
	const struct step reads[] = { ENTER(reader), DO(1000), EXIT_READER(reader), END };
	const struct step first[] = { SYNCHRONIZE, SAY("first"), END };
	const struct step second[] = { SYNCHRONIZE, SAY("second"), END };
	const struct step third[] = { SYNCHRONIZE, SAY("third"), END };

	script_start(rig, 0, 0, reads);
	script_start(rig, 100, 1, first);
	script_start(rig, 200, 2, second);
	script_start(rig, 1500, 3, third);
	rig_run(rig, 10000);
	rig_expect(rig, "2040 first\n"
			"3070 second\n"
			"3100 third\n");
	g_assert_cmpuint(domain->nr_grace_periods, ==, 2);
	rcu_end(rig);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/timeline/rcu/alone", test_alone);
	g_test_add_func("/timeline/rcu/rcu", test_rcu);
	g_test_add_func("/timeline/rcu/srcu", test_srcu);
	g_test_add_func("/timeline/rcu/two-phases", test_two_phases);
	g_test_add_func("/timeline/rcu/shared", test_shared);
	return g_test_run();
}
