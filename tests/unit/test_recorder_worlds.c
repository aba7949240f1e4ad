/* test_recorder_worlds - whole worlds in which vCPUs sleep, poll and share pCPUs. */
#include <glib.h>

#include "app/plan.h"
#include "app/recorder.h"
#include "app/world.h"
#include "models/pcpu.h"
#include "models/vcpu.h"
#include "models/vm.h"
#include "sim/arena.h"
#include "sim/sim.h"

/* What the first case of sgi-load.json becomes: vCPU 0 sends to seven others at random. */
struct world_row {
	const char *name;
	uint32_t nr_pcpus;
	ps_t work_ps;			/* 0: they halt */
	ps_t halt_poll_max_ps;
	enum target_state state;	/* that some targets are in */
	bool waits;			/* for a wake-up or a pCPU: stage wake, steal */
};

enum { NR_VCPUS = 8 };

static const struct world_row rows[] = {
	{ "alone", 8, 10 * PS_PER_US, 0, TARGET_IN_GUEST, false },
	{ "blocked", 8, 0, 0, TARGET_BLOCKED, true },
	{ "polling", 8, 0, 200 * PS_PER_US, TARGET_POLLING, true },
	{ "shared", 3, 0, 0, TARGET_BLOCKED, true },
	{ "overcommit", 3, 10 * PS_PER_US, 0, TARGET_PREEMPTED, true },
};

static struct scenario change_scenario(const struct scenario *old, const struct world_row *row,
				       struct vm_config *vm)
{
	struct scenario scenario = *old;

	*vm = old->vms[0];
	vm->nr_vcpus = NR_VCPUS;
	vm->idle = GUEST_IDLE_HALT;
	vm->halt_poll = (struct halt_poll_params){
		.policy = HALT_POLL_DYNAMIC, .max_ps = row->halt_poll_max_ps, .grow = 2,
		.grow_start_ps = 10 * PS_PER_US,
	};
	if (row->nr_pcpus < NR_VCPUS)
		vm->pin.word = PIN_FLOAT;
	scenario.nr_pcpus = row->nr_pcpus;
	scenario.vms = vm;
	scenario.stop_interrupts = 2000;
	return scenario;
}

/* The sender does not halt: nothing but an interrupt could wake it. */
static void set_guests(struct host *host, const struct world_row *row)
{
	for (uint32_t i = 0; i < host->nr_vcpus; i++) {
		struct guest *guest = &host->vcpus[i]->guest;

		guest->work_ps = row->work_ps;
		guest->halts = row->work_ps == 0 && i > 0;
	}
}

static uint64_t get_metric(const struct result *result, const char *text)
{
	struct metric metric;
	uint64_t value;

	g_assert_true(metric_parse(text, &metric));
	g_assert_true(result_metric(result, &metric, &value));
	return value;
}

/* What has no other place than the result file is a metric, too. */
static void check_metrics(const struct result *result, const struct world_row *row)
{
	const struct result_flow *flow = &result->flows[0];
	char *text = g_strdup_printf("flow.%s.%s.mean", flow->name, metric_state_words[row->state]);
	struct metric metric;
	uint64_t value;

	g_assert_cmpuint(get_metric(result, text), ==, hist_mean(flow->by_state[row->state]));
	value = get_metric(result, "pcpu.1.busy");
	g_assert_cmpuint(value, >, 0);
	g_assert_cmpuint(value + result->pcpus[1].idle_ppm, ==, 1000000);
	g_assert_true(metric_parse("flow.nobody.in_guest.mean", &metric));
	g_assert_false(result_metric(result, &metric, &value));
	g_assert_true(metric_parse("pcpu.8.busy", &metric));
	g_assert_false(result_metric(result, &metric, &value));
	g_free(text);
}

/* What the recorder has measured fits together. */
static void check_result(const struct result *result, const struct world_row *row)
{
	const struct result_flow *flow = &result->flows[0];
	uint64_t nr_of_states = 0;

	for (int state = 0; state < NR_TARGET_STATES; state++)
		nr_of_states += hist_count(flow->by_state[state]);
	g_assert_cmpuint(nr_of_states, ==, hist_count(result->latency[LATENCY_DELIVER]));
	g_assert_cmpuint(hist_count(flow->by_state[row->state]), >, 10);
	g_assert_true((hist_sum(result->stages[STAGE_WAKE]).lo > 0) == row->waits);
	g_assert_true((result->nr_wakeups > 0) == (row->work_ps == 0));
	g_assert_true((result->vms[0].steal_ppm > 0) == row->waits);
	g_assert_true((result->nr_switches > 0) == row->waits);
	check_metrics(result, row);
}

/* Runs it with or without a recorder; the fingerprint. */
static uint64_t run_world(const struct scenario *old, const struct world_row *row, bool record)
{
	struct arena *arena = arena_new(1 << 16);
	struct vm_config vm;
	const struct scenario scenario = change_scenario(old, row, &vm);
	const struct run_spec spec = { .scenario = &scenario, .label = row->name, .seed = 1 };
	struct host *host = world_build(arena, &spec);
	struct recorder *recorder = record ? recorder_attach(host, &scenario) : NULL;
	struct result result;
	uint64_t fingerprint;
	enum run_end end;

	set_guests(host, row);
	end = world_run(host, 10 * PS_PER_S);
	fingerprint = host->sim->fingerprint;
	g_assert_cmpint(end, ==, RUN_STOP);
	if (record) {
		recorder_finish(recorder, end, &result);
		check_result(&result, row);
	}
	arena_free(arena);
	return fingerprint;
}

static void test_world(gconstpointer data)
{
	const struct world_row *row = data;
	static const char *const sets[] = { "/workloads/0/from=0", "/workloads/0/rate_per_s=20000",
					    NULL };
	const struct plan_options options = { .sets = sets };
	char *path = g_strdup_printf("%s/scenarios/sgi-load.json", g_getenv("SRCDIR"));
	GError *error = NULL;
	struct plan *plan = plan_load(path, &options, &error);
	const struct scenario *scenario;

	g_assert_no_error(error);
	scenario = plan->cases[0].scenario;
	g_assert_cmpuint(run_world(scenario, row, true), ==, run_world(scenario, row, false));
	plan_free(plan);
	g_free(path);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *path = g_strconcat("/recorder/worlds/", rows[i].name, NULL);

		g_test_add_data_func(path, &rows[i], test_world);
		g_free(path);
	}
	return g_test_run();
}
