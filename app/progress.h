/*
 * progress - how far a plan is, on stderr.
 *
 * Never on stdout, never with colour. auto: one line that is written over, when stderr is a
 * terminal, else nothing. plain: one line per run. json: one JSON object per line and run.
 */
#ifndef APP_PROGRESS_H
#define APP_PROGRESS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "app/commands.h"
#include "app/results.h"
#include "app/world.h"

struct progress {
	const struct plan *plan;
	enum progress_mode mode;	/* auto is decided */
	bool over;			/* one line, written over */
	gint64 shown_us;		/* when it was last written */
};

void progress_init(struct progress *progress, const struct plan *plan, enum progress_mode mode,
		   bool quiet);

/* A run has ended; so many have by now. */
void progress_run(struct progress *progress, uint32_t nr_ended, struct run_id id,
		  enum run_end end);

/* Wipes the line that is written over. */
void progress_end(struct progress *progress);

#endif
