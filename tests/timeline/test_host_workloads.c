/*
 * Workloads of the host's threads: `line`, and `lock` and `compute`, which begin at a time that is
 * drawn. The tests draw it too, from the stream of the same name.
 */
#include <string.h>

#include "models/workload/compute.h"
#include "models/workload/line.h"
#include "models/workload/lock.h"
#include "models/workload/threads.h"
#include "sim/dist.h"
#include "sim/rng.h"
#include "tests/support/rig.h"
#include "tests/support/script.h"

static struct workload_config workload_of(const struct workload_ops *ops, const void *params)
{
	return (struct workload_config){ .name = "w", .ops = ops, .params = params };
}

/* When thread `index` begins: within one cycle of work and pause. */
static ps_t start_of(uint32_t index, ps_t cycle_ps)
{
	struct dist cycle = dist_uniform(0, cycle_ps);
	char *name = g_strdup_printf("w/thread%u/work", index);
	struct stream draws;

	stream_init(&draws, 1, 0, name);
	g_free(name);
	return dist_draw(&cycle, &draws);
}

/* What shows of locks, with times from the start of thread 0 on. */
static void show_locks(struct rig *rig, ps_t start_ps)
{
	rig_show(rig, POINT_LOCK_ACQUIRED);
	rig_show(rig, POINT_LOCK_RELEASED);
	rig->origin_ps = start_ps;
}

static void host_end(struct rig *rig)
{
	rig_check(rig);
	rig_free(rig);
}

/* One thread: 40 under the lock, 100 beside it; its lines are its own. */
static void test_lock_alone(void)
{
	struct rig *rig = rig_new(1);
	struct lock_params params = {
		.nr_threads = 1, .nr_instances = 1, .nr_lines = 3,
		.gap_ps = 100 * PS_PER_NS, .work_ps = 40 * PS_PER_NS,
	};
	struct workload_config config = workload_of(&workload_lock, &params);

	rig_cost(rig, C_CACHELINE_TRANSFER_GROUP, 1000);
	rig_build(rig);
	config.ops->build(rig->host, NULL, &config);
	show_locks(rig, start_of(0, 140 * PS_PER_NS));
	rig_run(rig, 299);
	rig_expect(rig, "0 p0 has w 0\n"
		   "40 p0 leaves w 0\n"
		   "140 p0 has w 0\n"
		   "180 p0 leaves w 0\n"
		   "280 p0 has w 0\n");
	host_end(rig);
}

/* Two threads that do not meet: each finds the lock's line and the two lines under it elsewhere. */
static void test_lock_lines(void)
{
	struct rig *rig = rig_new(2);
	struct lock_params params = {
		.nr_threads = 2, .nr_instances = 1, .nr_lines = 2, .count = 2,
		.gap_ps = 10000 * PS_PER_NS, .work_ps = 1000 * PS_PER_NS,
	};
	struct workload_config config = workload_of(&workload_lock, &params);
	ps_t start_ps = start_of(0, 11000 * PS_PER_NS);

	g_assert_cmpuint(start_of(1, 11000 * PS_PER_NS) - start_ps, ==, 4787329);
	rig_cost(rig, C_CACHELINE_TRANSFER_GROUP, 40);
	rig_build(rig);
	config.ops->build(rig->host, NULL, &config);
	show_locks(rig, start_ps);
	rig_run(rig, 30000);
	rig_expect(rig, "0 p0 has w 0\n"
		   "1000 p0 leaves w 0\n"		/* out of memory: nothing to pull */
		   "4827.329 p1 has w 0\n"		/* 40 for the lock */
		   "5907.329 p1 leaves w 0\n"		/* 1000 and 2 x 40 */
		   "11040 p0 has w 0\n"			/* 10000 later, and 40 */
		   "12120 p0 leaves w 0\n"
		   "15947.329 p1 has w 0\n"
		   "17027.329 p1 leaves w 0\n");
	g_assert_cmpuint(event_queue_next(&rig->sim->queue)->time_ps, ==, PS_NEVER);
	host_end(rig);
}

/* As many locks as threads: nothing is shared, and nothing is ever pulled. */
static void test_lock_instances(void)
{
	struct rig *rig = rig_new(2);
	struct lock_params params = {
		.nr_threads = 2, .nr_instances = 2, .nr_lines = 1, .count = 3, .work_ps = 50000,
	};
	struct workload_config config = workload_of(&workload_lock, &params);
	ps_t start_ps = start_of(0, 50000);

	rig_cost(rig, C_CACHELINE_TRANSFER_GROUP, 40);
	rig_build(rig);
	config.ops->build(rig->host, NULL, &config);
	rig_show(rig, POINT_LOCK_RELEASED);
	rig->origin_ps = start_ps;
	rig_run(rig, 1000);
	g_assert_cmpuint(start_of(1, 50000) - start_ps, ==, 21761);
	rig_expect(rig, "50 p0 leaves w 0\n"
		   "71.761 p1 leaves w 1\n"
		   "100 p0 leaves w 0\n"
		   "121.761 p1 leaves w 1\n"
		   "150 p0 leaves w 0\n"
		   "171.761 p1 leaves w 1\n");
	host_end(rig);
}

/* With interrupts off a hardirq has to wait for the end of the critical section. */
static void test_lock_irqs_off(void)
{
	for (int irqs_off = 0; irqs_off < 2; irqs_off++) {
		struct rig *rig = rig_new(1);
		struct lock_params params = {
			.nr_threads = 1, .nr_instances = 1, .irqs_off = irqs_off, .count = 1,
			.work_ps = 100 * PS_PER_NS,
		};
		struct workload_config config = workload_of(&workload_lock, &params);
		ps_t start_ps = start_of(0, 100 * PS_PER_NS);

		rig_cost(rig, C_HOST_IRQ, 7);
		rig_build(rig);
		config.ops->build(rig->host, NULL, &config);
		show_locks(rig, start_ps);
		rig_show(rig, POINT_HARDIRQ);
		script_raise(rig, 30, 0, PCPU_IRQ_RESCHEDULE);
		rig_run(rig, 1000);
		rig_expect(rig, irqs_off ? "0 p0 has w 0\n"
					   "100 p0 leaves w 0\n"
					   "100 p0 hardirq reschedule\n" :
					   "0 p0 has w 0\n"
					   "30 p0 hardirq reschedule\n"
					   "107 p0 leaves w 0\n");
		host_end(rig);
	}
}

/* Every kind, contended, by threads that share a pCPU too: each takes it as often as it should. */
static void test_lock_kinds(void)
{
	static const char *const words[] = { "raw", "test-and-set", "mutex" };

	for (int kind = 0; kind < 3; kind++) {
		struct rig *rig = rig_new(2);
		struct lock_params params = {
			.nr_threads = 3, .nr_instances = 1, .nr_lines = 1, .kind = kind,
			.count = 50, .gap_ps = 100 * PS_PER_NS, .work_ps = 90 * PS_PER_NS,
		};
		struct workload_config config = workload_of(&workload_lock, &params);
		const struct lock_class *class;

		rig_cost(rig, C_CACHELINE_TRANSFER_GROUP, 40);
		rig_cost(rig, C_CONTEXT_SWITCH, 20);
		rig_build(rig);
		config.ops->build(rig->host, NULL, &config);
		rig_run(rig, 1000000);
		g_assert_cmpuint(event_queue_next(&rig->sim->queue)->time_ps, ==, PS_NEVER);
		rig_check(rig);
		class = rig->host->lock_classes;
		while (strcmp(class->name, "w") != 0)
			class = class->next;
		g_assert_cmpstr(lock_kind_words[class->kind], ==, words[kind]);
		g_assert_cmpuint(class->locks->stats->nr_acquisitions, ==, 150);
		g_assert_cmpuint(class->locks->stats->nr_contended, >, 0);
		rig_free(rig);
	}
}

/*
 * Work of 1000, sleep of 500. From its timer's expiry a thread needs 10 for the hardirq, 5 for the
 * timer, 20 for the switch; then it works, and its next timer runs from the end of the work.
 */
static void test_compute_sleeps(void)
{
	struct rig *rig = rig_new(1);
	struct compute_params params = {
		.nr_threads = 1, .count = 2,
		.sleep_ps = 500 * PS_PER_NS, .work_ps = 1000 * PS_PER_NS,
	};
	struct workload_config config = workload_of(&workload_compute, &params);

	rig_cost(rig, C_HOST_IRQ, 10);
	rig_cost(rig, C_TIMER_IRQ, 5);
	rig_cost(rig, C_CONTEXT_SWITCH, 20);
	rig_build(rig);
	config.ops->build(rig->host, NULL, &config);
	rig_run(rig, 0);
	rig_show(rig, POINT_HARDIRQ);
	rig_show(rig, POINT_WAKE);
	rig_show(rig, POINT_SWITCH);
	rig->origin_ps = start_of(0, 1500 * PS_PER_NS);
	rig_run(rig, 50000);
	rig_expect(rig, "0 p0 hardirq device\n"
		   "15 p0>p0 wakes t0\n"
		   "15 p0 switches idle>t0\n"
		   "1035 p0 switches t0>idle\n"
		   "1535 p0 hardirq device\n"
		   "1550 p0>p0 wakes t0\n"
		   "1550 p0 switches idle>t0\n"
		   "2570 p0 switches t0>idle\n"
		   "3070 p0 hardirq device\n"
		   "3085 p0>p0 wakes t0\n"
		   "3085 p0 switches idle>t0\n"
		   "3105 p0 switches t0>idle\n");
	host_end(rig);
}

/* Without a sleep it has its pCPU from the first instant to the last. */
static void test_compute_only(void)
{
	struct rig *rig = rig_new(1);
	struct compute_params params = { .nr_threads = 1, .work_ps = 1000 * PS_PER_NS };
	struct workload_config config = workload_of(&workload_compute, &params);

	rig_build(rig);
	config.ops->build(rig->host, NULL, &config);
	rig_show(rig, POINT_SWITCH);
	rig_run(rig, 100000);
	rig_expect(rig, "");
	host_close_window(rig->host);
	g_assert_cmpuint(rig->host->pcpus[0].time_ps[PCPU_HOST], ==, 100000 * PS_PER_NS);
	rig_free(rig);
}

/* The pCPUs that pass it: core 0, its sibling, another core, another group, another socket. */
static void test_line_distances(void)
{
	static const struct {
		uint64_t pcpu;
		const char *expected;
	} cases[] = {
		{ 1, "0 p0>p1 passes 7\n8 p1>p0 passes 7\n16 p0>p1 passes 7\n24 p1>p0 passes 7\n" },
		{ 2, "0 p0>p2 passes 7\n20 p2>p0 passes 7\n40 p0>p2 passes 7\n"
		     "60 p2>p0 passes 7\n" },
		{ 4, "0 p0>p4 passes 7\n50 p4>p0 passes 7\n100 p0>p4 passes 7\n"
		     "150 p4>p0 passes 7\n" },
		{ 8, "0 p0>p8 passes 7\n130 p8>p0 passes 7\n260 p0>p8 passes 7\n"
		     "390 p8>p0 passes 7\n" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct rig *rig = rig_new(16);
		const uint64_t pcpus[] = { 0, cases[i].pcpu };
		struct line_params params = { .pin = { -1, 2, pcpus }, .count = 2 };
		struct workload_config config = workload_of(&workload_line, &params);

		config.index = 7;
		rig_topology(rig, (struct topology){ 2, 2, 2, 2, LLC_SOCKET });
		rig->config.smt_slowdown_ppm = 1600000;	/* whoever waits slows nobody */
		rig_cost(rig, C_CACHELINE_TRANSFER_CORE, 8);
		rig_cost(rig, C_CACHELINE_TRANSFER_GROUP, 20);
		rig_cost(rig, C_CACHELINE_TRANSFER, 50);
		rig_cost(rig, C_CACHELINE_TRANSFER_REMOTE, 130);
		rig_build(rig);
		config.ops->build(rig->host, NULL, &config);
		rig_show(rig, POINT_PASS);
		rig_run(rig, 10000);
		rig_expect(rig, cases[i].expected);
		g_assert_cmpuint(event_queue_next(&rig->sim->queue)->time_ps, ==, PS_NEVER);
		host_end(rig);
	}
}

/* A hardirq of 100 hits the one whose turn it is: its pass comes that much later. */
static void test_line_interrupted(void)
{
	struct rig *rig = rig_new(2);
	const uint64_t pcpus[] = { 1, 0 };
	struct line_params params = { .pin = { -1, 2, pcpus }, .count = 2 };
	struct workload_config config = workload_of(&workload_line, &params);

	rig_cost(rig, C_CACHELINE_TRANSFER_GROUP, 40);
	rig_cost(rig, C_HOST_IRQ, 100);
	rig_build(rig);
	config.ops->build(rig->host, NULL, &config);
	rig_show(rig, POINT_PASS);
	script_raise(rig, 10, 0, PCPU_IRQ_RESCHEDULE);
	script_raise(rig, 150, 0, PCPU_IRQ_RESCHEDULE);
	rig_run(rig, 10000);
	rig_expect(rig, "0 p1>p0 passes 0\n"
		   "140 p0>p1 passes 0\n"
		   "180 p1>p0 passes 0\n"	/* p0 waits, in the handler */
		   "290 p0>p1 passes 0\n");	/* its transfer begins when that ends, at 250 */
	host_end(rig);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/host-workloads/lock-alone", test_lock_alone);
	g_test_add_func("/host-workloads/lock-lines", test_lock_lines);
	g_test_add_func("/host-workloads/lock-instances", test_lock_instances);
	g_test_add_func("/host-workloads/lock-irqs-off", test_lock_irqs_off);
	g_test_add_func("/host-workloads/lock-kinds", test_lock_kinds);
	g_test_add_func("/host-workloads/compute-sleeps", test_compute_sleeps);
	g_test_add_func("/host-workloads/compute-only", test_compute_only);
	g_test_add_func("/host-workloads/line-distances", test_line_distances);
	g_test_add_func("/host-workloads/line-interrupted", test_line_interrupted);
	return g_test_run();
}
