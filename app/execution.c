#include "app/execution.h"

#include "app/progress.h"
#include "app/runner.h"

struct books {
	const struct execution *execution;
	struct progress progress;
	struct report *report;
};

static void on_ended(void *user, uint32_t nr_ended, struct run_id id, enum run_end end)
{
	struct books *books = user;

	progress_run(&books->progress, nr_ended, id, end);
}

static bool on_output(void *user, struct run_output *output, GError **error)
{
	struct books *books = user;
	const struct execution *execution = books->execution;
	uint32_t index = output->id.case_index * execution->plan->nr_replications +
			 output->id.replication;
	bool taken = true;

	summary_take(books->report->summary, output->numbers);
	books->report->nr_unsettled += output->warmup == WARMUP_UNSETTLED;
	books->report->ends[index] = output->end;
	books->report->fingerprints[index] = output->fingerprint;
	if (execution->take_text)
		taken = execution->take_text(execution->user, output->text, error);
	g_free(output->text);
	return taken;
}

static bool run_all(struct books *books, GError **error)
{
	const struct execution *execution = books->execution;
	const struct runner runner = {
		.plan = execution->plan,
		.nr_workers = execution->nr_workers,
		.with_texts = execution->take_text != NULL,
		.form = execution->form,
		.ended = on_ended,
		.take = on_output,
		.user = books,
	};
	bool done;

	progress_init(&books->progress, execution->plan, execution->progress, execution->quiet);
	done = runner_run(&runner, error);
	progress_end(&books->progress);
	return done;
}

struct report *execution_run(const struct execution *execution, GError **error)
{
	const struct plan *plan = execution->plan;
	uint32_t nr_runs = plan_nr_runs(plan);
	struct books books = { .execution = execution };
	struct report *report = g_new0(struct report, 1);

	report->plan = plan;
	report->ends = g_new0(enum run_end, nr_runs);
	report->fingerprints = g_new0(uint64_t, nr_runs);
	report->summary = summary_new(plan);
	books.report = report;
	if (!run_all(&books, error)) {
		report_free(report);
		report = NULL;
	}
	return report;
}
