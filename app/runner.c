#include "app/runner.h"

#include <gio/gio.h>
#include <setjmp.h>

#include "app/label.h"
#include "app/pilot.h"
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

/* One run at work. */
struct job {
	const struct runner *runner;
	struct run_spec spec;
	struct scenario scenario;	/* of the case, with the warm-up that was found */
	enum warmup warmup;
	struct run_output *output;
};

static void run_pilot(struct arena *arena, struct job *job)
{
	uint64_t interrupts;

	job->warmup = pilot_run(arena, &job->spec, &interrupts);
	job->scenario.warmup_interrupts = MAX(job->scenario.warmup_interrupts, interrupts);
}

static void run_world(struct arena *arena, struct job *job)
{
	const struct runner *runner = job->runner;
	struct run_output *output = job->output;
	struct host *host = world_build(arena, &job->spec);
	struct recorder *recorder = recorder_attach(host, &job->scenario);
	struct result result;

	if (runner->plan->nr_replications == 1)
		recorder_keep_batches(recorder);
	recorder_finish(recorder, world_run(host, job->scenario.stop_time_ps), &result);
	result.warmup = job->warmup;
	output->end = result.end;
	output->warmup = result.warmup;
	output->fingerprint = result.fingerprint;
	if (runner->with_texts)
		output->text = results_format_run(runner->plan, output->id, &result, runner->form);
	output->numbers = numbers_take(&result, &job->scenario);
}

static void out_of_memory(void *arg)
{
	jmp_buf *jump = arg;

	longjmp(*jump, 1);
}

/* Does it in an arena of its own. False: no memory. Nothing that was made there outlives it. */
static bool do_in_arena(void (*what)(struct arena *arena, struct job *job), struct job *job)
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
	what(arena, job);
	arena_free(arena);
	return true;
}

static bool run_one(const struct runner *runner, const char *label, struct run_output *output)
{
	const struct plan *plan = runner->plan;
	struct job job = {
		.runner = runner,
		.scenario = *plan->cases[output->id.case_index].scenario,
		.output = output,
	};

	job.spec = (struct run_spec){
		.scenario = &job.scenario,
		.label = label,
		.seed = plan->seed,
		.replication = output->id.replication,
	};
	if (job.scenario.warmup_detect && !do_in_arena(run_pilot, &job))
		return false;
	return do_in_arena(run_world, &job);
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

		done = run_one(batch->runner, label, &slot->output);
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
