/*
 * plan - alternatives x sweep x replications: the ordered list of runs of one scenario file.
 *
 * Runs are ordered by point, then alternative, then replication. Owns everything below it; made
 * by plan_load(), read-only after, freed by plan_free().
 */
#ifndef APP_PLAN_H
#define APP_PLAN_H

#include <glib.h>
#include <jansson.h>

#include "app/published.h"
#include "app/scenario.h"

struct arena;

/* What the command line changes. */
struct plan_options {
	const char *const *sets;	/* --set POINTER=VALUE, NULL-terminated; NULL: none */
	const char *only;		/* --only ALTERNATIVE; NULL: all */
	const char *seed;		/* --seed, as text; NULL: the scenario's */
	const char *replications;	/* --replications, as text; NULL: the scenario's */
	const char *platforms;		/* folder searched for platforms first; NULL: none */
};

/* One sweep point of one alternative: what its replications share. */
struct plan_case {
	uint32_t point_index, alternative_index;
	const struct scenario *scenario;
};

struct plan {
	const char *name;		/* of the scenario */
	char *sha256;			/* of what the user wrote, 64 hex digits (formats.md) */
	/* Platform and defaults filled in, --set applied; no alternative, no sweep point. */
	json_t *effective;
	uint32_t nr_points;
	json_t **points;		/* per point {pointer: value}; {} without sweep */
	uint32_t nr_alternatives;
	char **alternatives;		/* names; SCENARIO_BASELINE alone when none is stated */
	uint32_t nr_cases;
	struct plan_case *cases;	/* [point * nr_alternatives + alternative] */
	uint32_t nr_replications;
	uint64_t seed;
	uint32_t nr_published;
	struct published *published;	/* in the order of the file; their cases are found */
	char **warnings;		/* lines to show, NULL-terminated; may be empty */
	struct arena *arena;		/* of the scenarios */
};

/*
 * Reads, checks and expands a scenario file. On failure returns NULL and sets *error, whose
 * message holds every mistake of the input, one line each: FILE:LINE:COL: error: TEXT [/pointer].
 */
struct plan *plan_load(const char *path, const struct plan_options *options, GError **error);
void plan_free(struct plan *plan);

/* Runs of a plan: nr_cases * nr_replications. */
uint32_t plan_nr_runs(const struct plan *plan);

#endif
