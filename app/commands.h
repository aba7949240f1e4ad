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
	EXIT_NO = 1,		/* the answer is no: an expectation failed, a metric got worse */
	EXIT_INVALID = 2,	/* the command line or an input; nothing run, nothing written */
	EXIT_UNFINISHED = 3,	/* I/O or memory */
	EXIT_INCOMPARABLE = 4,
};

enum output_format {
	FORMAT_TEXT,
	FORMAT_JSON,
	FORMAT_CSV,
	FORMAT_MARKDOWN,
	FORMAT_JUNIT,		/* check and compare only */
	FORMAT_GITHUB,		/* likewise */
};
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

/* How two results are judged. */
struct judge_options {
	const char *const *fails;	/* --fail METRIC:LIMIT, NULL-terminated; NULL: none */
	bool two_sided;			/* a change for the better fails too */
	bool strict;			/* so does what cannot be decided */
};

struct check_options {
	const char *const *scenarios;	/* paths, NULL-terminated, at least one */
	struct plan_options plan;
	const char *baseline;		/* --baseline: their folder; NULL: results/baseline */
	struct judge_options judge;
	bool update;			/* write baselines instead of comparing with them */
	enum output_format format;	/* not FORMAT_CSV */
	uint32_t nr_workers;		/* -j; 0: one per CPU */
	enum progress_mode progress;
	bool quiet;
};

struct compare_options {
	const char *old, *new;		/* paths of result files */
	struct judge_options judge;
	enum output_format format;	/* not FORMAT_CSV */
};

struct validate_options {
	const char *name;		/* of a validation scenario; NULL: all */
	const char *output;		/* -o: the directory; NULL: results/validation */
	enum output_format format;	/* text, json, markdown */
	uint32_t nr_workers;		/* -j; 0: one per CPU */
	bool figures;			/* false: --figures=none */
	enum progress_mode progress;
	bool quiet;
};

struct calibrate_options {
	const char *platform;		/* name, or path of its file */
	const char *output;		/* -o: the file to write; NULL: the one that was read */
	enum output_format format;	/* text, json */
	uint32_t nr_workers;		/* -j; 0: one per CPU */
	bool quiet;
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
int command_check(const struct check_options *options, GError **error);
int command_compare(const struct compare_options *options, GError **error);
int command_validate(const struct validate_options *options, GError **error);
int command_calibrate(const struct calibrate_options *options, GError **error);
int command_lint(const struct lint_options *options, GError **error);
int command_list(const struct list_options *options, GError **error);
int command_schema(GError **error);

#endif
