/*
 * execution - all runs of a plan over worker threads, and what they say together.
 *
 * What every command that simulates has in common: run writes the texts of its runs into a result
 * file, others need the numbers alone. Shows the progress on stderr; never writes a file.
 */
#ifndef APP_EXECUTION_H
#define APP_EXECUTION_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "app/commands.h"
#include "app/report.h"
#include "app/results.h"

struct execution {
	const struct plan *plan;
	uint32_t nr_workers;		/* 0: one per CPU */
	enum progress_mode progress;
	bool quiet;
	/*
	 * Each run as results_put_run() takes it, in the order of the plan. False, and *error:
	 * nothing more is run. NULL: no texts are made.
	 */
	bool (*take_text)(void *user, const char *text, GError **error);
	enum results_form form;		/* of the texts */
	void *user;
};

/*
 * Runs the plan, which must outlive the report. NULL and *error when take_text() failed or the
 * memory of a run cannot be had. report_free() the result.
 */
struct report *execution_run(const struct execution *execution, GError **error);

#endif
