/*
 * gate - what `irqsim check` and `irqsim compare` say: per scenario a verdict, then what differs.
 *
 * In five forms, from the same comparison. Only formats: who made the entries owns them.
 */
#ifndef APP_GATE_H
#define APP_GATE_H

#include <glib.h>

#include "app/commands.h"
#include "app/comparison.h"

/* What --update did to a baseline. */
enum gate_update { GATE_NO_UPDATE, GATE_KEPT, GATE_REWRITTEN, GATE_NEW };

/* One scenario, or one pair of files. Owns everything but what a comparison borrows. */
struct gate_entry {
	char *file;			/* of the scenario, or of the new result; UTF-8 */
	char *against;			/* the baseline, or the old result */
	char *name;			/* of the scenario */
	enum exit_status status;
	char *problem;			/* why there is no comparison; NULL */
	GPtrArray *expectations;	/* sentences: those that failed; NULL: none were asked */
	struct stored *old, *new;
	struct comparison *comparison;	/* NULL: a problem, or a new baseline */
	enum gate_update update;
};

void gate_entry_free(struct gate_entry *entry);

/* The largest status of all. */
enum exit_status gate_status(const GPtrArray *entries);

/* An array of struct gate_entry in one of the forms. The caller frees the string. */
GString *gate_format(const GPtrArray *entries, enum output_format format);

#endif
