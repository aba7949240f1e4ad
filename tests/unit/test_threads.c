/*
 * Where the threads of a workload are: the orders of filling, on whole hosts and on parts of one.
 */
#include "models/hrtimer.h"
#include "models/workload/threads.h"
#include "tests/support/rig.h"

/* 2 sockets of 2 groups of 1 core of 2 threads: core c has the pCPUs 2c and 2c + 1. */
static struct rig *threads_rig(uint32_t nr_pcpus)
{
	struct rig *rig = rig_new(nr_pcpus);

	rig_topology(rig, (struct topology){ 2, 2, 1, 2, LLC_SOCKET });
	rig_build(rig);
	return rig;
}

static void expect_order(const struct rig *rig, const struct id_list *pin, const char *expected)
{
	GString *order = g_string_new(NULL);

	for (uint32_t i = 0; i < 10; i++)
		g_string_append_printf(order, " %u", threads_pcpu(rig->host, pin, i));
	g_assert_cmpstr(order->str, ==, expected);
	g_string_free(order, TRUE);
}

static void test_orders(void)
{
	const struct id_list fill = { .word = THREADS_FILL_SOCKETS };
	const struct id_list spread = { .word = THREADS_SPREAD };
	const struct id_list floating = { .word = THREADS_FLOAT };
	struct rig *rig = threads_rig(8);

	expect_order(rig, &fill, " 0 2 4 6 1 3 5 7 0 2");
	expect_order(rig, &spread, " 0 4 2 6 1 5 3 7 0 4");
	expect_order(rig, &floating, " 0 4 2 6 1 5 3 7 0 4");
	rig_free(rig);
}

/* A host that uses pCPU 0 to 4 only. */
static void test_orders_of_a_part(void)
{
	const struct id_list fill = { .word = THREADS_FILL_SOCKETS };
	const struct id_list spread = { .word = THREADS_SPREAD };
	struct rig *rig = threads_rig(5);

	expect_order(rig, &fill, " 0 2 4 1 3 0 2 4 1 3");
	expect_order(rig, &spread, " 0 4 2 1 3 0 4 2 1 3");
	rig_free(rig);
}

static void test_list(void)
{
	static const uint64_t ids[] = { 3, 1, 1 };
	const struct id_list list = { .word = -1, .nr_ids = 3, .ids = ids };
	struct rig *rig = threads_rig(8);

	expect_order(rig, &list, " 3 1 1 3 1 1 3 1 1 3");
	rig_free(rig);
}

/* A floating thread is not pinned; another one is, to its home. */
static void test_init(void)
{
	struct rig *rig = threads_rig(8);
	const struct workload_config config = { .name = "w" };
	const struct id_list spread = { .word = THREADS_SPREAD };
	const struct id_list floating = { .word = THREADS_FLOAT };
	struct thread *threads = ARENA_NEW_N(rig->arena, struct thread, 2);
	struct pcpu *home = threads_init(&threads[0], rig->host, &config, &spread, 1);

	g_assert_cmpuint(home->id, ==, 4);
	g_assert_true(threads[0].pinned == home);
	home = threads_init(&threads[1], rig->host, &config, &floating, 1);
	g_assert_cmpuint(home->id, ==, 4);
	g_assert_null(threads[1].pinned);
	rig_free(rig);
}

static enum flow note_path(struct path *p, void *frame)
{
	struct device_handler *f = frame;

	PATH_BEGIN(p);
	SPEND(COST(p, C_TIMER_IRQ));
	rig_note(f->device, "handler");
	DONE(0);
	PATH_END(p);
}

/* Timers fire where they were started, and each pCPU knows the next one of its own. */
static void test_hrtimers(void)
{
	struct rig *rig = rig_new(2);
	struct hrtimer *timers = ARENA_NEW_N(rig->arena, struct hrtimer, 3);
	struct pcpu *pcpus;

	rig_cost(rig, C_HOST_IRQ, 10);
	rig_cost(rig, C_TIMER_IRQ, 5);
	rig_build(rig);
	rig_show(rig, POINT_HARDIRQ);
	pcpus = rig->host->pcpus;
	for (int i = 0; i < 3; i++)
		hrtimer_init(&timers[i], rig->host, note_path, rig);
	g_assert_cmpuint(hrtimer_next_ps(&pcpus[0]), ==, PS_NEVER);
	hrtimer_start(&timers[0], &pcpus[0], 300 * PS_PER_NS);
	hrtimer_start(&timers[1], &pcpus[0], 100 * PS_PER_NS);
	hrtimer_start(&timers[2], &pcpus[1], 200 * PS_PER_NS);
	g_assert_cmpuint(hrtimer_next_ps(&pcpus[0]), ==, 100 * PS_PER_NS);
	rig_run(rig, 250);
	g_assert_cmpuint(hrtimer_next_ps(&pcpus[0]), ==, 300 * PS_PER_NS);
	g_assert_cmpuint(hrtimer_next_ps(&pcpus[1]), ==, PS_NEVER);
	hrtimer_start(&timers[1], &pcpus[1], 400 * PS_PER_NS);
	rig_run(rig, 1000);
	rig_expect(rig, "100 p0 hardirq device\n"
		   "115 handler\n"
		   "200 p1 hardirq device\n"
		   "215 handler\n"
		   "300 p0 hardirq device\n"
		   "315 handler\n"
		   "400 p1 hardirq device\n"
		   "415 handler\n");
	rig_check(rig);
	rig_free(rig);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/threads/orders", test_orders);
	g_test_add_func("/threads/orders-of-a-part", test_orders_of_a_part);
	g_test_add_func("/threads/list", test_list);
	g_test_add_func("/threads/init", test_init);
	g_test_add_func("/threads/hrtimers", test_hrtimers);
	return g_test_run();
}
