/*
 * results - result.json: head, runs, summary, in this order, as text.
 *
 * The format is docs/formats.md. Text only: who calls decides where it goes. Never measures, never
 * computes a statistic.
 */
#ifndef APP_RESULTS_H
#define APP_RESULTS_H

#include <glib.h>

#include "app/json_writer.h"
#include "app/plan.h"
#include "app/result.h"
#include "app/summary.h"

/* A baseline keeps of a result what later ones are compared with (formats.md). */
enum results_form { RESULTS_WHOLE, RESULTS_BASELINE };

/* Which run a result is of. */
struct run_id {
	uint32_t case_index;
	uint32_t replication;
};

/* The document up to its first run. The writer stays inside "runs". */
void results_begin(struct json_writer *writer, const struct plan *plan);

/* One run as a text of its own, for results_put_run(). Any thread. */
char *results_format_run(const struct plan *plan, struct run_id id, const struct result *result,
			 enum results_form form);

/* Such a text, in the order of the plan. */
void results_put_run(struct json_writer *writer, const char *run);

/* The summary and the end of the document. */
void results_end(struct json_writer *writer, const struct plan *plan,
		 const struct summary *summary, enum results_form form);

/* What --list prints with --format=json: the runs of a plan without what they measure. */
void results_put_plan(struct json_writer *writer, const struct plan *plan);

#endif
