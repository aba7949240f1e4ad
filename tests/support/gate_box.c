#include "tests/support/gate_box.h"

#include <string.h>

#include "app/execution.h"
#include "app/json_writer.h"
#include "app/recorder.h"
#include "app/world.h"
#include "sim/arena.h"

enum { ARENA_BYTES = 1 << 20 };

static struct plan *load(const struct gate_side *side, uint64_t seed)
{
	char *path = g_strdup_printf("%s/scenarios/%s.json", g_getenv("SRCDIR"), side->scenario);
	char *text = g_strdup_printf("%" G_GUINT64_FORMAT, seed);
	const struct plan_options options = {
		.sets = side->sets, .only = side->only, .seed = text,
	};
	GError *error = NULL;
	struct plan *plan = plan_load(path, &options, &error);

	g_assert_no_error(error);
	g_free(text);
	g_free(path);
	return plan;
}

static bool take_text(void *user, const char *text, GError **error G_GNUC_UNUSED)
{
	results_put_run(user, text);
	return true;
}

/* As the program does it. */
static void run_plan(const struct plan *plan, uint32_t nr_workers, struct json_writer *writer)
{
	const struct execution execution = {
		.plan = plan, .nr_workers = nr_workers, .progress = PROGRESS_NONE, .quiet = true,
		.take_text = take_text, .form = RESULTS_BASELINE, .user = writer,
	};
	struct report *report = execution_run(&execution, NULL);

	results_end(writer, plan, report->summary, RESULTS_BASELINE);
	report_free(report);
}

static struct numbers *run_by_queue(const struct plan *plan, struct run_id id,
				    struct json_writer *writer)
{
	const struct scenario *scenario = plan->cases[id.case_index].scenario;
	const struct run_spec spec = { scenario, "test", plan->seed, id.replication };
	struct arena *arena = arena_new(ARENA_BYTES);
	struct host *host = world_build(arena, &spec);
	struct recorder *recorder = recorder_attach(host, scenario);
	struct numbers *numbers;
	struct result result;
	char *text;

	host->sim->in_place = false;
	recorder_finish(recorder, world_run(host, scenario->stop_time_ps), &result);
	text = results_format_run(plan, id, &result, RESULTS_BASELINE);
	results_put_run(writer, text);
	numbers = numbers_take(&result, scenario);
	g_free(text);
	arena_free(arena);
	return numbers;
}

/* The other way: one after the other, every step through the queue. */
static void run_plan_by_queue(const struct plan *plan, struct json_writer *writer)
{
	struct summary *summary = summary_new(plan);

	for (uint32_t i = 0; i < plan_nr_runs(plan); i++)
		summary_take(summary,
			     run_by_queue(plan, (struct run_id){ i / plan->nr_replications,
								 i % plan->nr_replications },
					  writer));
	results_end(writer, plan, summary, RESULTS_BASELINE);
	summary_free(summary);
}

struct stored *gate_run(const struct gate_side *side, uint64_t seed)
{
	struct plan *plan = load(side, seed);
	struct mistakes *mistakes = mistakes_new();
	GString *text = g_string_new(NULL);
	struct json_writer writer;
	struct stored *stored;

	json_writer_init(&writer, text);
	results_begin(&writer, plan);
	if (side->queue_only)
		run_plan_by_queue(plan, &writer);
	else
		run_plan(plan, side->nr_workers, &writer);
	stored = stored_parse(side->scenario, text->str, text->len, mistakes);
	g_assert_nonnull(stored);
	g_string_free(text, TRUE);
	mistakes_free(mistakes);
	plan_free(plan);
	return stored;
}

/* --- many seeds ---------------------------------------------------------------------------- */

static GArray *limits_of(const struct gate_experiment *experiment)
{
	GArray *limits = limits_new();
	struct limit limit = { g_strdup(experiment->metric), experiment->limit_ppm };

	if (experiment->limit_ppm)
		g_array_append_val(limits, limit);
	else
		g_free(limit.metric);
	return limits;
}

static struct comparison *compare(const struct gate_experiment *experiment, struct stored *old,
				  struct stored *new)
{
	GArray *limits = limits_of(experiment);
	char *why;
	struct comparison *comparison = comparison_new(old, new, &(struct comparison_rules){
		.limits = limits, .two_sided = experiment->two_sided,
	}, &why);

	g_assert_cmpstr(why, ==, NULL);
	g_array_unref(limits);
	return comparison;
}

/* Other random numbers on the new side: what is compared then is noise, as if it were a change. */
static struct stored *run_new(const struct gate_experiment *experiment, uint32_t index)
{
	uint64_t first = experiment->new_seeds ? experiment->new_seeds : experiment->first_seed;

	return gate_run(&experiment->new, first + index);
}

static struct stored *run_old(const struct gate_experiment *experiment, uint32_t index,
			      const struct stored *new)
{
	struct stored *old = gate_run(&experiment->old, experiment->first_seed + index);

	for (guint i = 0; experiment->new_seeds && i < old->nr_cases; i++)
		old->cases[i].seed = new->cases[i].seed;
	return old;
}

static const struct comparison_row *find_row(const struct comparison *comparison, const char *name)
{
	for (guint i = 0; i < comparison->cases[0].nr_rows; i++)
		if (strcmp(comparison->cases[0].rows[i].name, name) == 0)
			return &comparison->cases[0].rows[i];
	g_error("no metric %s", name);
}

struct gate_count gate_count(const struct gate_experiment *experiment)
{
	struct gate_count count = { .nr_fails = 0 };

	for (uint32_t i = 0; i < experiment->nr_seeds; i++) {
		struct stored *new = run_new(experiment, i);
		struct stored *old = run_old(experiment, i, new);
		struct comparison *comparison = compare(experiment, old, new);
		const struct comparison_row *row = find_row(comparison, experiment->metric);

		count.nr[row->verdict]++;
		count.nr_fails += row->fails;
		count.old_sum += row->old.value;
		count.new_sum += row->new.value;
		comparison_free(comparison);
		stored_free(old);
		stored_free(new);
	}
	return count;
}

uint32_t gate_count_alarms(const struct gate_experiment *experiment)
{
	uint32_t nr = 0;

	for (uint32_t i = 0; i < experiment->nr_seeds; i++) {
		struct stored *new = run_new(experiment, i);
		struct stored *old = run_old(experiment, i, new);
		struct comparison *comparison = compare(experiment, old, new);

		nr += !comparison->unchanged || comparison->status != EXIT_DONE;
		comparison_free(comparison);
		stored_free(old);
		stored_free(new);
	}
	return nr;
}

struct gate_verdicts gate_count_verdicts(const struct gate_experiment *experiment)
{
	struct gate_verdicts verdicts = { .nr_all = 0 };

	for (uint32_t i = 0; i < experiment->nr_seeds; i++) {
		struct stored *new = run_new(experiment, i);
		struct stored *old = run_old(experiment, i, new);
		struct comparison *comparison = compare(experiment, old, new);

		for (guint m = 0; m < comparison->cases[0].nr_rows; m++) {
			const struct comparison_row *row = &comparison->cases[0].rows[m];

			verdicts.nr[row->verdict] += row->differs;
			verdicts.nr_all += row->differs;
		}
		comparison_free(comparison);
		stored_free(old);
		stored_free(new);
	}
	return verdicts;
}
