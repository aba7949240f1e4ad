#include "app/runner.h"

#include <gio/gio.h>
#include <setjmp.h>

#include "app/label.h"
#include "app/recorder.h"
#include "app/world.h"
#include "sim/arena.h"

/* Enough for a small world; larger ones add chunks. */
enum { ARENA_FIRST_BYTES = 1 << 20 };

/* The runs of one runner_run(). Workers and the caller meet under the lock. */
struct batch {
	const struct runner *runner;
	GMutex lock;
	GCond ended;
	bool cancelled;			/* what has not begun does not begin */
	uint32_t nr_runs;
	struct slot {
		struct run_output output;
		enum { SLOT_WAITING, SLOT_ENDED, SLOT_FAILED } state;
	} *slots;
	GQueue news;			/* slot numbers + 1 that have ended, for the progress */
};

/* --- in a worker --------------------------------------------------------------------------- */

static char *run_label(const struct plan *plan, const struct plan_case *plan_case)
{
	char *point = label_point(plan->points[plan_case->point_index]);
	char *label = g_strjoin(" ", plan->name, plan->alternatives[plan_case->alternative_index],
				point, NULL);

	g_free(point);
	return label;
}

static void run_world(struct arena *arena, const struct plan *plan, const char *label,
		      struct run_output *output)
{
	const struct scenario *scenario = plan->cases[output->id.case_index].scenario;
	const struct run_spec spec = {
		.scenario = scenario,
		.label = label,
		.seed = plan->seed,
		.replication = output->id.replication,
	};
	struct host *host = world_build(arena, &spec);
	struct recorder *recorder = recorder_attach(host, scenario);
	struct result result;

	recorder_finish(recorder, world_run(host, scenario->stop_time_ps), &result);
	output->end = result.end;
	output->fingerprint = result.fingerprint;
	output->text = results_format_run(plan, output->id, &result);
	output->numbers = numbers_take(&result, scenario);
}

static void out_of_memory(void *arg)
{
	jmp_buf *jump = arg;

	longjmp(*jump, 1);
}

/* False: no memory. Nothing that was made in the arena outlives it. */
static bool run_one(const struct plan *plan, const char *label, struct run_output *output)
{
	struct arena *arena = arena_new(ARENA_FIRST_BYTES);
	jmp_buf jump;

	if (!arena)
		return false;
	if (setjmp(jump) != 0) {
		arena_free(arena);
		return false;
	}
	arena->oom = out_of_memory;
	arena->oom_arg = &jump;
	run_world(arena, plan, label, output);
	arena_free(arena);
	return true;
}

static void work(gpointer task, gpointer user)
{
	struct batch *batch = user;
	uint32_t index = GPOINTER_TO_UINT(task) - 1;
	struct slot *slot = &batch->slots[index];
	const struct plan *plan = batch->runner->plan;
	bool cancelled, done = false;

	g_mutex_lock(&batch->lock);
	cancelled = batch->cancelled;
	g_mutex_unlock(&batch->lock);
	if (!cancelled) {
		char *label = run_label(plan, &plan->cases[slot->output.id.case_index]);

		done = run_one(plan, label, &slot->output);
		g_free(label);
	}
	g_mutex_lock(&batch->lock);
	slot->state = done ? SLOT_ENDED : SLOT_FAILED;
	g_queue_push_tail(&batch->news, task);
	g_cond_signal(&batch->ended);
	g_mutex_unlock(&batch->lock);
}

/* --- in the caller ------------------------------------------------------------------------- */

static void batch_init(struct batch *batch, const struct runner *runner)
{
	const struct plan *plan = runner->plan;

	*batch = (struct batch){ .runner = runner, .nr_runs = plan_nr_runs(plan) };
	g_mutex_init(&batch->lock);
	g_cond_init(&batch->ended);
	g_queue_init(&batch->news);
	batch->slots = g_new0(struct slot, batch->nr_runs);
	for (uint32_t i = 0; i < batch->nr_runs; i++) {
		batch->slots[i].output.id.case_index = i / plan->nr_replications;
		batch->slots[i].output.id.replication = i % plan->nr_replications;
	}
}

static void batch_clear(struct batch *batch)
{
	for (uint32_t i = 0; i < batch->nr_runs; i++) {
		g_free(batch->slots[i].output.text);
		numbers_free(batch->slots[i].output.numbers);
	}
	g_free(batch->slots);
	g_queue_clear(&batch->news);
	g_mutex_clear(&batch->lock);
	g_cond_clear(&batch->ended);
}

/* The next run that has ended, whichever it is. */
static struct slot *wait_for_news(struct batch *batch)
{
	gpointer task;

	g_mutex_lock(&batch->lock);
	while ((task = g_queue_pop_head(&batch->news)) == NULL)
		g_cond_wait(&batch->ended, &batch->lock);
	g_mutex_unlock(&batch->lock);
	return &batch->slots[GPOINTER_TO_UINT(task) - 1];
}

static void cancel(struct batch *batch)
{
	g_mutex_lock(&batch->lock);
	batch->cancelled = true;
	g_mutex_unlock(&batch->lock);
}

/* Gives out what is complete from *next on. */
static bool give_out(struct batch *batch, const bool *seen, uint32_t *next, GError **error)
{
	const struct runner *runner = batch->runner;

	while (*next < batch->nr_runs && seen[*next]) {
		struct run_output *output = &batch->slots[(*next)++].output;
		bool taken = runner->take(runner->user, output, error);

		output->text = NULL;
		output->numbers = NULL;
		if (!taken)
			return false;
	}
	return true;
}

static bool collect(struct batch *batch, bool *seen, GError **error)
{
	const struct runner *runner = batch->runner;
	uint32_t next = 0;

	for (uint32_t nr_ended = 1; nr_ended <= batch->nr_runs; nr_ended++) {
		struct slot *slot = wait_for_news(batch);

		if (slot->state == SLOT_FAILED) {
			g_set_error(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
				    "not enough memory for a run");
			return false;
		}
		seen[slot - batch->slots] = true;
		runner->ended(runner->user, nr_ended, slot->output.id, slot->output.end);
		if (!give_out(batch, seen, &next, error))
			return false;
	}
	return true;
}

bool runner_run(const struct runner *runner, GError **error)
{
	guint nr_workers = runner->nr_workers ? runner->nr_workers : g_get_num_processors();
	struct batch batch;
	GThreadPool *pool;
	bool *seen;
	bool done;

	batch_init(&batch, runner);
	seen = g_new0(bool, batch.nr_runs);
	pool = g_thread_pool_new(work, &batch, (gint)MIN(nr_workers, batch.nr_runs), TRUE, error);
	if (!pool) {
		batch_clear(&batch);
		g_free(seen);
		return false;
	}
	for (uint32_t i = 0; i < batch.nr_runs; i++)
		g_thread_pool_push(pool, GUINT_TO_POINTER(i + 1), NULL);
	done = collect(&batch, seen, error);
	if (!done)
		cancel(&batch);
	g_thread_pool_free(pool, FALSE, TRUE);
	batch_clear(&batch);
	g_free(seen);
	return done;
}
