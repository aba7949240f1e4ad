/*
 * Every case of every shipped scenario, run with in-place advance on and off, and without a
 * recorder: the same text of its part of result.json, the same fingerprint.
 */
#include <glib.h>
#include <string.h>

#include "app/plan.h"
#include "app/recorder.h"
#include "app/results.h"
#include "app/world.h"
#include "sim/arena.h"

struct outcome {
	char *text;
	uint64_t fingerprint;
};

static struct outcome run_case(const struct plan *plan, uint32_t case_index, bool in_place,
			       bool recorded)
{
	const struct scenario *scenario = plan->cases[case_index].scenario;
	const struct run_spec spec = { scenario, "test", plan->seed, 0 };
	struct arena *arena = arena_new(1 << 20);
	struct host *host = world_build(arena, &spec);
	struct recorder *recorder = recorded ? recorder_attach(host, scenario) : NULL;
	struct outcome outcome = { .text = NULL };
	struct result result;
	enum run_end end;

	host->sim->in_place = in_place;
	end = world_run(host, scenario->stop_time_ps);
	outcome.fingerprint = host->sim->fingerprint;
	if (recorder) {
		recorder_finish(recorder, end, &result);
		outcome.text = results_format_run(plan, (struct run_id){ case_index, 0 }, &result,
						  RESULTS_WHOLE);
	}
	arena_free(arena);
	return outcome;
}

static void test_scenario(const void *path)
{
	static const char *const sets[] = { "/stop/interrupts=300", NULL };
	const struct plan_options options = { .sets = sets, .replications = "1" };
	GError *error = NULL;
	struct plan *plan = plan_load(path, &options, &error);

	g_assert_no_error(error);
	for (uint32_t i = 0; i < plan->nr_cases; i++) {
		struct outcome on = run_case(plan, i, true, true);
		struct outcome off = run_case(plan, i, false, true);
		struct outcome bare = run_case(plan, i, true, false);

		g_assert_cmpstr(on.text, ==, off.text);
		g_assert_cmphex(on.fingerprint, ==, off.fingerprint);
		g_assert_cmphex(on.fingerprint, ==, bare.fingerprint);
		g_free(on.text);
		g_free(off.text);
	}
	plan_free(plan);
}

static void add_scenario(const char *folder, const char *name)
{
	char *test = g_strdup_printf("/in-place/%s", name);

	g_test_add_data_func_full(test, g_build_filename(folder, name, NULL), test_scenario,
				  g_free);
	g_free(test);
}

int main(int argc, char **argv)
{
	char *folder = g_build_filename(g_getenv("SRCDIR"), "scenarios", NULL);
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;
	int status;

	g_test_init(&argc, &argv, NULL);
	g_assert_nonnull(dir);
	while ((name = g_dir_read_name(dir)) != NULL)
		if (g_str_has_suffix(name, ".json"))
			add_scenario(folder, name);
	status = g_test_run();
	g_dir_close(dir);
	g_free(folder);
	return status;
}
