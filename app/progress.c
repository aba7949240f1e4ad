#include "app/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/json_writer.h"
#include "app/label.h"

/* At most so often does a terminal see a new line. */
enum { SHOW_EVERY_US = 100 * 1000 };

void progress_init(struct progress *progress, const struct plan *plan, enum progress_mode mode,
		   bool quiet)
{
	const char *terminal = g_getenv("TERM");
	bool can_rewind = isatty(STDERR_FILENO) && terminal && strcmp(terminal, "dumb") != 0;

	*progress = (struct progress){ .plan = plan, .mode = mode };
	if (mode == PROGRESS_AUTO) {
		progress->over = can_rewind && !quiet;
		progress->mode = PROGRESS_NONE;
	}
}

static char *describe(const struct progress *progress, struct run_id id)
{
	const struct plan *plan = progress->plan;
	const struct plan_case *plan_case = &plan->cases[id.case_index];
	char *point = label_point(plan->points[plan_case->point_index]);
	char *text = g_strdup_printf("%s%s%s, replication %u",
				     plan->alternatives[plan_case->alternative_index],
				     *point ? " " : "", point, (unsigned int)id.replication);

	g_free(point);
	return text;
}

static void show_json(const struct progress *progress, uint32_t nr_ended, struct run_id id,
		      enum run_end end)
{
	const struct plan_case *plan_case = &progress->plan->cases[id.case_index];
	GString *line = g_string_new(NULL);
	struct json_writer writer;

	json_writer_init(&writer, line);
	json_begin_object(&writer, NULL, JSON_LINE);
	json_put_u64(&writer, "ended", nr_ended);
	json_put_u64(&writer, "runs", plan_nr_runs(progress->plan));
	json_put_tree(&writer, "point", progress->plan->points[plan_case->point_index]);
	json_put_string(&writer, "alternative",
			progress->plan->alternatives[plan_case->alternative_index]);
	json_put_u64(&writer, "replication", id.replication);
	json_put_string(&writer, "end", run_end_words[end]);
	json_end(&writer);
	fprintf(stderr, "%s\n", line->str);
	g_string_free(line, TRUE);
}

static void show_over(struct progress *progress, uint32_t nr_ended, struct run_id id)
{
	gint64 now_us = g_get_monotonic_time();
	char *text, *line;

	if (now_us - progress->shown_us < SHOW_EVERY_US)
		return;
	progress->shown_us = now_us;
	text = describe(progress, id);
	line = label_cut(text, 60);
	fprintf(stderr, "\r\033[K%u of %u runs: %s", (unsigned int)nr_ended,
		(unsigned int)plan_nr_runs(progress->plan), line);
	g_free(line);
	g_free(text);
}

void progress_run(struct progress *progress, uint32_t nr_ended, struct run_id id,
		  enum run_end end)
{
	char *text;

	if (progress->over) {
		show_over(progress, nr_ended, id);
	} else if (progress->mode == PROGRESS_JSON) {
		show_json(progress, nr_ended, id, end);
	} else if (progress->mode == PROGRESS_PLAIN) {
		text = describe(progress, id);
		fprintf(stderr, "run %u of %u: %s: %s\n", (unsigned int)nr_ended,
			(unsigned int)plan_nr_runs(progress->plan), text, run_end_words[end]);
		g_free(text);
	}
}

void progress_end(struct progress *progress)
{
	if (progress->over && progress->shown_us)
		fprintf(stderr, "\r\033[K");
}
