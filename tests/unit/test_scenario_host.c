/*
 * test_scenario_host - what a scenario says of its host: idle states, scheduler, shared pCPUs, how
 * guests idle, when a run ends.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <jansson.h>
#include <string.h>

#include "app/plan.h"
#include "models/guest.h"
#include "models/kernel.h"
#include "models/probe.h"

static char *path;

static json_t *cost_new(void)
{
	return json_pack("{s:s, s:s, s:s}", "cost", "10ns", "kind", "measured", "source", "s");
}

/* Two idle states; the second one watches its flag. */
static json_t *idle_new(void)
{
	return json_pack("{s:[{s:s, s:s, s:s, s:s}, {s:s, s:s, s:s, s:b, s:s}]}", "states",
			 "name", "C1", "exit_latency", "2us", "target_residency", "3us", "source",
			 "s1", "name", "C6", "exit_latency", "266000cy", "target_residency",
			 "600us", "polling", 1, "source", "s2");
}

static json_t *platform_new(void)
{
	json_t *costs = json_object();

	for (int id = 0; id < NR_COSTS; id++)
		if (cost_rows[id].archs & ON_ARM64)
			json_object_set_new(costs, cost_rows[id].key, cost_new());
	return json_pack("{s:s, s:s, s:s, s:{s:i, s:i}, s:o, s:{s:s, s:s, s:s, s:s}, s:o}", "name",
			 "p", "arch", "arm64", "clock", "2GHz", "topology", "cores", 8, "threads",
			 2, "idle", idle_new(), "smt_slowdown", "factor", "162.5%", "kind",
			 "measured", "source", "s3", "uncertainty", "10%", "costs", costs);
}

/* A VM of 4 vCPUs that says no more than its name; sets as --set has them. */
static struct plan *load(const char *const *sets)
{
	json_t *tree = json_pack("{s:i, s:s, s:o, s:{s:i, s:s}, s:[{s:s, s:i, s:{s:s}}],"
				 "s:[{s:s, s:s, s:s}]}",
				 "irqsim", 1, "name", "t", "platform", platform_new(), "host",
				 "pcpus", 8, "kernel", "6.5", "vms", "name", "v", "vcpus", 4,
				 "routes", "ipi", "linear-walk", "workloads", "name", "i", "type",
				 "ipi", "vm", "v");
	GError *error = NULL;
	struct plan *plan;

	g_assert_cmpint(json_dump_file(tree, path, 0), ==, 0);
	json_decref(tree);
	plan = plan_load(path, &(struct plan_options){ .sets = sets }, &error);
	g_assert_no_error(error);
	g_assert_nonnull(plan);
	return plan;
}

#define LOAD(...) load((const char *const[]){ __VA_ARGS__, NULL })

static void test_defaults(void)
{
	struct plan *plan = load(NULL);
	const struct scenario *s = plan->cases[0].scenario;
	const struct vm_config *vm = &s->vms[0];
	struct fair_params sched = scenario_sched(s), kernel = fair_params_default(s->kernel, 8);

	g_assert_cmpuint(s->idle_enabled, ==, 3);
	g_assert_cmpuint(s->tick_ps, ==, 4 * PS_PER_MS);
	g_assert_cmpuint(sched.tick_ps, ==, 4 * PS_PER_MS);
	g_assert_cmpuint(sched.latency_ps, ==, kernel.latency_ps);
	g_assert_cmpuint(sched.slice_ps, ==, kernel.slice_ps);
	g_assert_cmpuint(s->warmup_ps, ==, 0);
	g_assert_cmpuint(s->stop_window_ps, ==, 0);
	g_assert_cmpint(vm->idle, ==, GUEST_IDLE_HALT);
	g_assert_cmpuint(vm->halt_poll.max_ps, ==, 500 * PS_PER_US);
	g_assert_cmpuint(vm->halt_poll.shrink, ==, 0);
	g_assert_null(plan->warnings[0]);
	plan_free(plan);
}

static void test_platform(void)
{
	struct plan *plan = load(NULL);
	const struct platform *platform = &plan->cases[0].scenario->platform;
	const struct idle_state *states = platform->idle.states;

	g_assert_cmpuint(platform->idle.nr_states, ==, 2);
	g_assert_cmpstr(states[0].name, ==, "C1");
	g_assert_cmpuint(states[0].exit_latency_ps, ==, 2 * PS_PER_US);
	g_assert_cmpuint(states[0].target_residency_ps, ==, 3 * PS_PER_US);
	g_assert_false(states[0].polling);
	g_assert_cmpstr(states[0].source, ==, "s1");
	g_assert_cmpuint(states[1].exit_latency_ps, ==, 133 * PS_PER_US);
	g_assert_true(states[1].polling);
	g_assert_cmpuint(platform->smt_slowdown.factor_ppm, ==, 1625000);
	g_assert_cmpint(platform->smt_slowdown.kind, ==, COST_MEASURED);
	g_assert_cmpuint(platform->smt_slowdown.uncertainty_ppm, ==, 100000);
	plan_free(plan);
}

/* What is set is no longer what its source says. */
static void test_set_platform(void)
{
	struct plan *plan = LOAD("/platform/idle/states/0/exit_latency=1us",
				 "/platform/smt_slowdown/factor=150%");
	const struct platform *platform = &plan->cases[0].scenario->platform;

	g_assert_cmpuint(platform->idle.states[0].exit_latency_ps, ==, PS_PER_US);
	g_assert_cmpstr(platform->idle.states[0].source, ==,
			"set by --set /platform/idle/states/0/exit_latency=1us");
	g_assert_cmpstr(platform->idle.states[1].source, ==, "s2");
	g_assert_cmpuint(platform->smt_slowdown.factor_ppm, ==, 1500000);
	g_assert_cmpint(platform->smt_slowdown.kind, ==, COST_ESTIMATED);
	plan_free(plan);
	plan = LOAD("/platform/smt_slowdown=null");
	g_assert_cmpuint(plan->cases[0].scenario->platform.smt_slowdown.factor_ppm, ==, 0);
	plan_free(plan);
}

static void test_host(void)
{
	struct plan *plan = LOAD("/host/idle_states=[\"C6\"]", "/host/tick=1ms",
				 "/host/sched/min_granularity=2ms",
				 "/host/probes=[\"vgic_v3_dispatch_sgi\"]");
	const struct scenario *s = plan->cases[0].scenario;
	struct fair_params sched = scenario_sched(s), kernel = fair_params_default(s->kernel, 8);

	g_assert_cmpuint(s->idle_enabled, ==, 2);
	g_assert_cmpuint(s->probes, ==, 1U << PROBE_DISPATCH_SGI);
	g_assert_cmpuint(sched.tick_ps, ==, PS_PER_MS);
	g_assert_cmpuint(sched.min_granularity_ps, ==, 2 * PS_PER_MS);
	g_assert_cmpuint(sched.latency_ps, ==, kernel.latency_ps);
	g_assert_cmpuint(sched.wakeup_granularity_ps, ==, kernel.wakeup_granularity_ps);
	g_assert_null(plan->warnings[0]);
	plan_free(plan);
}

static void test_vm(void)
{
	struct plan *plan = LOAD("/vms/0/idle=haltpoll", "/vms/0/halt_poll/max=0ns",
				 "/host/kernel=\"6.11\"", "/vms/0/pin=[7, 0, 7, 0]");
	const struct scenario *s = plan->cases[0].scenario;
	const struct vm_config *vm = &s->vms[0];

	g_assert_cmpint(vm->idle, ==, GUEST_IDLE_HALTPOLL);
	g_assert_cmpuint(vm->halt_poll.max_ps, ==, 0);
	g_assert_cmpuint(vm->halt_poll.shrink, ==, 2);
	g_assert_cmpuint(scenario_pcpu(s, 0, 2), ==, 7);
	g_assert_nonnull(strstr(plan->warnings[0], "has haltpoll"));
	g_assert_null(plan->warnings[1]);
	plan_free(plan);
}

/* 12 vCPUs on 8 pCPUs; those that float take none from the VM that is pinned one-to-one. */
static void test_float(void)
{
	struct plan *plan = LOAD(
		"/vms=[{\"name\": \"v\", \"vcpus\": 4, \"pin\": \"float\", "
		"\"routes\": {\"ipi\": \"linear-walk\"}}, {\"name\": \"w\", \"vcpus\": 8}]");
	const struct scenario *s = plan->cases[0].scenario;

	g_assert_cmpint(s->vms[0].pin.word, ==, PIN_FLOAT);
	g_assert_cmpuint(scenario_first_pcpu(s, 1), ==, 0);
	g_assert_cmpuint(scenario_pcpu(s, 1, 7), ==, 7);
	plan_free(plan);
}

static void test_end(void)
{
	struct plan *plan = LOAD("/warmup/time=2ms", "/stop/interrupts=null",
				 "/stop/window=9.998s");
	const struct scenario *s = plan->cases[0].scenario;

	g_assert_cmpuint(s->warmup_ps, ==, 2 * PS_PER_MS);
	g_assert_cmpuint(s->stop_interrupts, ==, UINT64_MAX);
	g_assert_cmpuint(s->stop_window_ps, ==, 9998 * PS_PER_MS);
	plan_free(plan);
}

/* A parameter that the other scheduler has is no mistake: kernels are compared. */
static void test_other_scheduler(void)
{
	struct plan *plan = LOAD("/host/sched/slice=2ms");

	g_assert_nonnull(strstr(plan->warnings[0], "Linux 6.5, whose scheduler has no \"slice\""));
	g_assert_null(plan->warnings[1]);
	plan_free(plan);
	plan = LOAD("/host/sched/latency=20ms", "/host/kernel=\"6.6\"");
	g_assert_nonnull(strstr(plan->warnings[0], "whose scheduler has \"slice\" alone"));
	g_assert_null(plan->warnings[1]);
	plan_free(plan);
}

int main(int argc, char **argv)
{
	char *dir;
	int status;

	g_test_init(&argc, &argv, NULL);
	dir = g_dir_make_tmp("test-host-XXXXXX", NULL);
	g_assert_nonnull(dir);
	path = g_build_filename(dir, "t.json", NULL);
	g_test_add_func("/scenario-host/defaults", test_defaults);
	g_test_add_func("/scenario-host/platform", test_platform);
	g_test_add_func("/scenario-host/set-platform", test_set_platform);
	g_test_add_func("/scenario-host/host", test_host);
	g_test_add_func("/scenario-host/vm", test_vm);
	g_test_add_func("/scenario-host/float", test_float);
	g_test_add_func("/scenario-host/end", test_end);
	g_test_add_func("/scenario-host/other-scheduler", test_other_scheduler);
	status = g_test_run();
	g_remove(path);
	g_rmdir(dir);
	g_free(path);
	g_free(dir);
	return status;
}
