/*
 * test_world - how a run ends, and what a backlog waits at its source.
 */
#include <glib.h>

#include "app/recorder.h"
#include "app/world.h"
#include "models/host.h"
#include "models/vm.h"
#include "models/workload/ipi.h"
#include "sim/arena.h"
#include "sim/sim.h"

static const uint64_t ids[] = { 0, 1 };

/* Two vCPUs, all costs 0; vCPU 0 sends to vCPU 1, in a round trip and without end. */
struct small_world {
	struct arena *arena;
	struct scenario scenario;
	struct vm_config vm;
	struct workload_config workload;
	struct ipi_params ipi;
	struct host *host;
	enum run_end end;
};

static void open_world(struct small_world *world)
{
	*world = (struct small_world){ .arena = arena_new(1 << 16) };
	world->vm = (struct vm_config){
		.name = "vm0", .nr_vcpus = 2, .page_bytes = 4096, .nr_list_registers = 4,
	};
	world->vm.routes[ROUTE_IPI].ops = route_by_name("linear-walk");
	world->ipi.from = (struct id_list){ .word = -1, .nr_ids = 1, .ids = &ids[0] };
	world->ipi.to = (struct id_list){ .word = -1, .nr_ids = 1, .ids = &ids[1] };
	world->workload = (struct workload_config){
		.name = "ipi", .ops = &workload_ipi, .params = &world->ipi,
	};
	world->scenario = (struct scenario){
		.platform = { .topology = { 1, 1, 2, 1, LLC_SOCKET } },
		.nr_pcpus = 2, .kernel = KERNEL(6, 5), .nr_vms = 1, .vms = &world->vm,
		.nr_workloads = 1, .workloads = &world->workload,
		.stop_interrupts = UINT64_MAX, .stop_time_ps = PS_PER_MS,
	};
	for (int id = 0; id < NR_COSTS; id++)
		world->scenario.platform.costs[id].dist = dist_constant(0);
}

static void cost(struct small_world *world, enum cost_id id, uint64_t ns)
{
	world->scenario.platform.costs[id].dist = dist_constant(ns * PS_PER_NS);
}

static void build_world(struct small_world *world)
{
	const struct run_spec spec = { .scenario = &world->scenario, .label = "test", .seed = 1 };

	world->host = world_build(world->arena, &spec);
}

static void expect_end(struct small_world *world, enum run_end expected)
{
	if (!world->host)
		build_world(world);
	world->end = world_run(world->host, world->scenario.stop_time_ps);
	g_assert_cmpstr(run_end_words[world->end], ==, run_end_words[expected]);
}

static void close_world(struct small_world *world)
{
	arena_free(world->arena);
}

/* A round trip that takes no time would go on for ever at one instant. */
static void test_stall(void)
{
	struct small_world world;

	for (int to = 0; to < 2; to++) {
		open_world(&world);
		world.ipi.to.ids = &ids[to];
		build_world(&world);
		world.host->sim->resumes_to_check = 1;	/* look now, and then once more */
		expect_end(&world, RUN_STARVED);
		g_assert_true(world.host->sim->stalled);
		g_assert_cmpuint(world.host->sim->now_ps, ==, 0);
		g_assert_cmpuint(world.host->life.nr_handled, >, 1000);
		close_world(&world);
	}
}

/* The shortest time there is makes it a run that is only slow. */
static void test_no_stall(void)
{
	struct small_world world;

	open_world(&world);
	world.scenario.platform.costs[C_GIC_EOI].dist = dist_constant(1);
	world.scenario.stop_time_ps = 1000;
	build_world(&world);
	world.host->sim->resumes_to_check = 100;
	expect_end(&world, RUN_STARVED);
	g_assert_false(world.host->sim->stalled);
	g_assert_cmpuint(world.host->sim->checked_ps, !=, PS_NEVER);
	close_world(&world);
}

/* Guests that compute do so for ever; the sources are dry after 3, and nothing is under way. */
static void test_drained(void)
{
	for (int process = IPI_ROUND_TRIP; process <= IPI_CONSTANT; process++) {
		struct small_world world;

		open_world(&world);
		cost(&world, C_VM_EXIT, 100);
		world.ipi.process = process;
		world.ipi.rate_per_s = 1000000;
		world.ipi.count = 3;
		world.ipi.receiver = IPI_COMPUTE;
		world.ipi.work_ps = 1000 * PS_PER_NS;
		expect_end(&world, RUN_DRAINED);
		g_assert_cmpuint(world.host->life.nr_finished, ==, 3);
		close_world(&world);

		open_world(&world);
		cost(&world, C_VM_EXIT, 100);
		world.ipi.process = process;
		world.ipi.rate_per_s = 1000000;
		world.ipi.receiver = IPI_COMPUTE;
		world.ipi.work_ps = 1000 * PS_PER_NS;
		expect_end(&world, RUN_STARVED);	/* time is up, and there is more to come */
		close_world(&world);
	}
}

/* Time is up while the last interrupt is under way: that is not the end of everything. */
static void test_not_drained_yet(void)
{
	struct small_world world;

	open_world(&world);
	cost(&world, C_VM_EXIT, 100);
	world.ipi.count = 1;
	world.scenario.stop_time_ps = 50 * PS_PER_NS;
	expect_end(&world, RUN_STARVED);
	close_world(&world);

	/* Nor is it when nothing is under way, but the second of two arrivals is still to come. */
	open_world(&world);
	cost(&world, C_VM_EXIT, 100);
	world.ipi.process = IPI_CONSTANT;
	world.ipi.rate_per_s = 1000000;
	world.ipi.count = 2;
	world.scenario.stop_time_ps = 500 * PS_PER_NS;
	expect_end(&world, RUN_STARVED);
	g_assert_cmpuint(world.host->life.nr_finished, ==, 1);
	g_assert_cmpuint(world.host->nr_sources, ==, 1);
	close_world(&world);
}

static void test_stop(void)
{
	struct small_world world;

	open_world(&world);
	cost(&world, C_VM_EXIT, 100);
	world.scenario.stop_interrupts = 5;
	expect_end(&world, RUN_STOP);
	close_world(&world);
}

/*
 * Arrivals at 0, 100, 200, 300, the first guest entry at 200; a send keeps the sender for 320. They
 * are written at 200, 520, 840, 1160, and have waited 200, 420, 640, 860.
 */
static void test_source_wait(void)
{
	struct small_world world;
	struct recorder *recorder;
	struct result result;
	const struct hist *wait;

	open_world(&world);
	cost(&world, C_VM_EXIT, 100);
	cost(&world, C_VM_ENTRY, 200);
	cost(&world, C_SGI_DECODE, 20);
	world.ipi.process = IPI_CONSTANT;
	world.ipi.rate_per_s = 10000000;
	world.ipi.count = 4;
	build_world(&world);
	recorder = recorder_attach(world.host, &world.scenario);
	world.end = world_run(world.host, world.scenario.stop_time_ps);
	recorder_finish(recorder, world.end, &result);
	wait = result.latency[LATENCY_SOURCE_WAIT];
	g_assert_cmpuint(hist_count(wait), ==, 4);
	g_assert_cmpuint(hist_sum(wait).lo, ==, 2120 * PS_PER_NS);
	close_world(&world);
}

/* Who waits for an acknowledgement has no arrivals, and no such samples. */
static void test_no_source_wait(void)
{
	struct small_world world;
	struct recorder *recorder;
	struct result result;

	open_world(&world);
	cost(&world, C_VM_EXIT, 100);
	world.ipi.count = 4;
	build_world(&world);
	recorder = recorder_attach(world.host, &world.scenario);
	world.end = world_run(world.host, world.scenario.stop_time_ps);
	recorder_finish(recorder, world.end, &result);
	g_assert_cmpuint(hist_count(result.latency[LATENCY_SOURCE_WAIT]), ==, 0);
	g_assert_cmpuint(hist_count(result.latency[LATENCY_ACK]), ==, 4);
	close_world(&world);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/world/stall", test_stall);
	g_test_add_func("/world/no-stall", test_no_stall);
	g_test_add_func("/world/drained", test_drained);
	g_test_add_func("/world/not-drained-yet", test_not_drained_yet);
	g_test_add_func("/world/stop", test_stop);
	g_test_add_func("/world/source-wait", test_source_wait);
	g_test_add_func("/world/no-source-wait", test_no_source_wait);
	return g_test_run();
}
