/*
 * commands - the sub-commands of irqsim, one function each, and what their options say.
 *
 * main.c fills the structs from argv and calls one function. A command writes its answer to stdout
 * and its progress to stderr; it returns the exit status of formats.md and prints no error: main.c
 * prints *error, which a command sets when it returns EXIT_INVALID, EXIT_UNFINISHED or
 * EXIT_INCOMPARABLE.
 */
#ifndef APP_COMMANDS_H
#define APP_COMMANDS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "app/plan.h"

enum exit_status {
	EXIT_DONE = 0,
	EXIT_NO = 1,		/* the answer is no: an expectation failed */
	EXIT_INVALID = 2,	/* the command line or an input; nothing run, nothing written */
	EXIT_UNFINISHED = 3,	/* I/O or memory */
	EXIT_INCOMPARABLE = 4,
};

enum output_format { FORMAT_TEXT, FORMAT_JSON, FORMAT_CSV, FORMAT_MARKDOWN };
enum progress_mode { PROGRESS_AUTO, PROGRESS_PLAIN, PROGRESS_JSON, PROGRESS_NONE };

struct run_options {
	const char *scenario;		/* path of the file */
	struct plan_options plan;
	const char *output;		/* -o: the run directory; NULL: results/NAME */
	enum output_format format;	/* of stdout */
	uint32_t nr_workers;		/* -j; 0: one per CPU of this machine */
	bool list;			/* print the plan, run nothing */
	bool figures;			/* false: --figures=none */
	enum progress_mode progress;
	bool quiet;			/* -q: no messages but errors */
	bool verbose;			/* -v */
};

struct lint_options {
	const char *scenario;
	struct plan_options plan;
	bool quiet;
};

struct list_options {
	const char *what;		/* routes, platforms, workloads, metrics, costs */
	enum output_format format;	/* FORMAT_TEXT or FORMAT_JSON */
};

int command_run(const struct run_options *options, GError **error);
int command_lint(const struct lint_options *options, GError **error);
int command_list(const struct list_options *options, GError **error);
int command_schema(GError **error);

#endif
