/* run - the command: plan, runs, result, table, figure, run directory. */
#include <errno.h>
#include <gio/gio.h>
#include <signal.h>
#include <stdio.h>

#include "app/commands.h"
#include "app/csv.h"
#include "app/execution.h"
#include "app/expect.h"
#include "app/figure.h"
#include "app/host_info.h"
#include "app/json_writer.h"
#include "app/label.h"
#include "app/report.h"
#include "app/results.h"
#include "app/run_dir.h"
#include "app/table.h"

static const char result_name[] = "result.json";

/* One execution of the command. */
struct run {
	const struct run_options *options;
	struct plan *plan;
	struct run_dir *dir;
	char *path;			/* of the run directory */
	gint64 start_us;
	FILE *file;			/* result.json while it grows */
	GString *text;			/* what is not in it yet */
	struct json_writer writer;
	struct report *report;
};

static void say(const struct run *run, const char *kind, const char *text)
{
	if (!run->options->quiet)
		fprintf(stderr, "irqsim: %s: %s\n", kind, text);
}

/* --- runs ---------------------------------------------------------------------------------- */

static bool flush_text(struct run *run, GError **error)
{
	size_t written = fwrite(run->text->str, 1, run->text->len, run->file);
	bool done = written == run->text->len;

	if (!done)
		g_set_error(error, G_IO_ERROR, (gint)g_io_error_from_errno(errno),
			    "cannot write %s: %s", result_name, g_strerror(errno));
	g_string_truncate(run->text, 0);
	return done;
}

static bool take_text(void *user, const char *text, GError **error)
{
	struct run *run = user;

	results_put_run(&run->writer, text);
	return flush_text(run, error);
}

static bool run_all(struct run *run, GError **error)
{
	const struct execution execution = {
		.plan = run->plan,
		.nr_workers = run->options->nr_workers,
		.progress = run->options->progress,
		.quiet = run->options->quiet,
		.take_text = take_text,
		.user = run,
	};

	run->report = execution_run(&execution, error);
	return run->report != NULL;
}

/* result.json, from its head to its summary. */
static bool write_result(struct run *run, GError **error)
{
	bool done;

	run->file = run_dir_create(run->dir, result_name, error);
	if (!run->file)
		return false;
	results_begin(&run->writer, run->plan);
	done = flush_text(run, error) && run_all(run, error);
	if (done) {
		results_end(&run->writer, run->plan, run->report->summary, RESULTS_WHOLE);
		done = flush_text(run, error);
	}
	if (!run_dir_close(run->file, result_name, done ? error : NULL))
		done = false;
	return done;
}

/* --- the other files ----------------------------------------------------------------------- */

static bool write_string(struct run *run, const char *name, GString *text, GError **error)
{
	bool done = run_dir_write(run->dir, name, text->str, text->len, error);

	g_string_free(text, TRUE);
	return done;
}

static bool write_files(struct run *run, GError **error)
{
	gint64 elapsed_us = g_get_monotonic_time() - run->start_us;
	uint32_t nr_workers = run->options->nr_workers;

	if (nr_workers == 0)
		nr_workers = g_get_num_processors();
	return write_string(run, "summary.csv", csv_format(run->plan, run->report->summary),
			    error) &&
	       write_string(run, "host.json", host_info_format(nr_workers, elapsed_us), error) &&
	       figure_write(run->report, run->dir, error);
}

/* --- stdout -------------------------------------------------------------------------------- */

static void print_string(GString *text)
{
	fwrite(text->str, 1, text->len, stdout);
	g_string_free(text, TRUE);
}

static bool print_result(const struct run *run, GError **error)
{
	char *path = g_build_filename(run->dir->partial, result_name, NULL);
	char *text;
	gsize length;
	bool read = g_file_get_contents(path, &text, &length, error);

	g_free(path);
	if (!read)
		return false;
	fwrite(text, 1, length, stdout);
	g_free(text);
	return true;
}

static void print_table(const struct run *run)
{

	print_string(table_format(run->report, run->options->format));
	if (run->options->format == FORMAT_TEXT)
		printf("Result: %s/%s\n", run->path, result_name);
}

/* The answer. What the table says in words goes to stderr where stdout is for programs. */
static bool print_answer(const struct run *run, GError **error)
{
	bool is_table = run->options->format == FORMAT_TEXT ||
			run->options->format == FORMAT_MARKDOWN;
	char **warnings = table_warnings(run->report);
	bool done = true;

	for (guint i = 0; !is_table && warnings[i]; i++)
		say(run, "warning", warnings[i]);
	g_strfreev(warnings);
	if (is_table)
		print_table(run);
	else if (run->options->format == FORMAT_CSV)
		print_string(csv_format(run->plan, run->report->summary));
	else
		done = print_result(run, error);
	fflush(stdout);
	return done;
}

static int print_plan(const struct plan *plan, enum output_format format)
{
	GString *text = g_string_new(NULL);
	struct json_writer writer;

	json_writer_init(&writer, text);
	if (format == FORMAT_JSON)
		results_put_plan(&writer, plan);
	for (uint32_t i = 0; format != FORMAT_JSON && i < plan->nr_cases; i++) {
		const struct plan_case *plan_case = &plan->cases[i];
		char *point = label_point(plan->points[plan_case->point_index]);

		for (uint32_t r = 0; r < plan->nr_replications; r++)
			g_string_append_printf(text, "%s%s%s, replication %u\n",
					       plan->alternatives[plan_case->alternative_index],
					       *point ? " " : "", point, (unsigned int)r);
		g_free(point);
	}
	print_string(text);
	return EXIT_DONE;
}

/* --- the command --------------------------------------------------------------------------- */

/* Below the table, and only when there is a figure. */
static void draw_figure(const struct run *run)
{
	char *warning = figure_draw(run->report, run->dir);

	if (warning)
		say(run, "warning", warning);
	else if (run->options->format == FORMAT_TEXT)
		printf("Figure: %s/figures/%s.svg\n", run->path, run->plan->name);
	g_free(warning);
}

static int check_expectations(const struct run *run)
{
	GPtrArray *failures = expect_check(run->report);
	int status = failures->len ? EXIT_NO : EXIT_DONE;

	for (guint i = 0; i < failures->len; i++)
		fprintf(stderr, "irqsim: expectation failed: %s\n",
			(const char *)g_ptr_array_index(failures, i));
	g_ptr_array_unref(failures);
	return status;
}

/* From the first run to the directory in its place; the table does not wait for the figure. */
static int run_in_dir(struct run *run, GError **error)
{
	if (!write_result(run, error) || !write_files(run, error))
		return EXIT_UNFINISHED;
	if (!print_answer(run, error))
		return EXIT_UNFINISHED;
	if (run->options->figures)
		draw_figure(run);
	if (!run_dir_commit(run->dir, error))
		return EXIT_UNFINISHED;
	if (run->options->verbose)
		fprintf(stderr, "irqsim: %u runs in %u ms, written to %s\n",
			(unsigned int)plan_nr_runs(run->plan),
			(unsigned int)((g_get_monotonic_time() - run->start_us) / 1000),
			run->path);
	return check_expectations(run);
}

static int run_plan(struct run *run, GError **error)
{
	int status;

	if (!run_dir_check(run->path, error))
		return run_dir_status(*error);
	run->dir = run_dir_begin(run->path, error);
	if (!run->dir)
		return EXIT_UNFINISHED;
	run->text = g_string_new(NULL);
	json_writer_init(&run->writer, run->text);
	status = run_in_dir(run, error);
	run_dir_end(run->dir);
	report_free(run->report);
	g_string_free(run->text, TRUE);
	return status;
}

int command_run(const struct run_options *options, GError **error)
{
	struct run run = { .options = options, .start_us = g_get_monotonic_time() };
	int status;

	/* A full file system and a reader that has gone are errors to report, not signals. */
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	run.plan = plan_load(options->scenario, &options->plan, error);
	if (!run.plan)
		return EXIT_INVALID;
	for (guint i = 0; !options->quiet && run.plan->warnings[i]; i++)
		fprintf(stderr, "%s\n", run.plan->warnings[i]);
	run.path = options->output ? g_strdup(options->output) :
				     g_build_filename("results", run.plan->name, NULL);
	if (options->list) {
		status = print_plan(run.plan, options->format);
	} else {
		status = run_plan(&run, error);
		if (error && *error)
			g_prefix_error(error, "irqsim: error: ");
	}
	g_free(run.path);
	plan_free(run.plan);
	return status;
}
