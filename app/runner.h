/*
 * runner - the runs of a plan, over worker threads, given out in the order of the plan.
 *
 * One run is one task, one thread, one arena; runs share the plan, which nobody changes. So what
 * comes out is the same for every number of workers.
 */
#ifndef APP_RUNNER_H
#define APP_RUNNER_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "app/plan.h"
#include "app/results.h"
#include "app/summary.h"

/* What is kept of a run. */
struct run_output {
	struct run_id id;
	char *text;			/* for results_put_run(); NULL: not wanted */
	struct numbers *numbers;
	enum run_end end;
	enum warmup warmup;
	uint64_t fingerprint;
};

struct runner {
	const struct plan *plan;
	uint32_t nr_workers;		/* 0: one per CPU */
	bool with_texts;		/* else the text of an output is NULL */
	enum results_form form;		/* of the texts */
	/* A run has ended, in any order; for the progress. In the thread that called. */
	void (*ended)(void *user, uint32_t nr_ended, struct run_id id, enum run_end end);
	/*
	 * A run in the order of the plan; takes text and numbers. False, and *error: nothing more
	 * is started. In the thread that called.
	 */
	bool (*take)(void *user, struct run_output *output, GError **error);
	void *user;
};

/* Runs them all. False and *error when take() failed, or the memory of a run cannot be had. */
bool runner_run(const struct runner *runner, GError **error);

#endif
