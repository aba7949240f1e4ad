/*
 * comparison - two results of one scenario: what became better, what worse, and why.
 *
 * Case by case (a point and an alternative) and metric by metric, paired by replication: equal
 * replications of equal seeds draw the same random numbers. All in integers. Only judges: what
 * reads files is stored.h, what shows it gate.h.
 */
#ifndef APP_COMPARISON_H
#define APP_COMPARISON_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "app/cause.h"
#include "app/commands.h"
#include "app/limits.h"
#include "app/stored.h"
#include "app/summary.h"

enum change_verdict {
	CHANGE_SAME,
	CHANGE_BETTER,
	CHANGE_WORSE,
	CHANGE_INCONCLUSIVE,
	CHANGE_NOT_COMPARABLE,		/* one side has no value */
	NR_CHANGES
};

extern const char *const change_words[];	/* "same", ... */

/* What the fingerprints of both sides say. */
enum behaviour { BEHAVIOUR_SAME, BEHAVIOUR_CHANGED, BEHAVIOUR_UNKNOWN, NR_BEHAVIOURS };

extern const char *const behaviour_words[];	/* "same", "changed", "unknown" */

/* One metric of one case. */
struct comparison_row {
	const char *name;
	struct metric metric;
	enum metric_better better;
	bool in_old, in_new;		/* there is a value in some replication */
	struct estimate old, new;	/* over the pairs; without any, over what there is */
	struct estimate change;		/* new - old; n: pairs */
	bool differs;			/* a value does, or is on one side only */
	bool limited;			/* limit_ppm of the old value is allowed */
	uint32_t limit_ppm;
	enum change_verdict verdict;
	bool decides;			/* it enters the exit status */
	bool fails;			/* and is a reason to fail */
	struct cause cause;		/* of better and worse, in the same direction */
};

struct comparison_case {
	const json_t *point;
	const char *alternative;
	bool in_old, in_new;
	enum behaviour behaviour;
	uint32_t nr_pairs;
	uint32_t nr_worse_ends;		/* replications that came to an end, and do not any more */
	enum run_end worse_end;		/* how one of them ends now */
	bool measured_differently;	/* the same behaviour, another value */
	guint nr_rows;
	struct comparison_row *rows;	/* metrics of old, then those of new alone */
};

/* Borrows from both sides, which outlive it. Freed by comparison_free(). */
struct comparison {
	const struct stored *old, *new;
	guint nr_cases;
	struct comparison_case *cases;	/* cases of old, then those of new alone */
	GPtrArray *differences;		/* lines: what differs in the effective scenario */
	guint nr_rows[NR_CHANGES];	/* of all cases */
	guint nr_differing;		/* rows, without those that old did not have */
	guint nr_new;			/* the others */
	guint nr_behaviours[NR_BEHAVIOURS];	/* cases that both sides have */
	guint nr_failing;		/* rows and cases that are a reason to fail */
	guint nr_undecided;		/* that would be with --strict */
	bool unchanged;			/* the same cases, behaviour and values */
	bool has_limits;
	bool undeciding;		/* there are limits, none of a metric that can be judged */
	bool strict;			/* what is not decided is a reason to fail */
	enum exit_status status;	/* EXIT_DONE or EXIT_NO */
};

struct comparison_rules {
	const GArray *limits;		/* struct limit */
	bool two_sided, strict;
	bool partial;			/* new has fewer cases on purpose */
};

/* NULL: they are not comparable, *ret_why says why and is the caller's. */
struct comparison *comparison_new(const struct stored *old, const struct stored *new,
				  const struct comparison_rules *rules, char **ret_why);
void comparison_free(struct comparison *comparison);

/* "POINTER: OLD -> NEW" for each value that two trees have not alike; g_ptr_array_unref() it. */
GPtrArray *comparison_tree_differences(const json_t *old, const json_t *new);

/* The verdict of one metric, and whether it is a reason to fail; for tests. */
void comparison_judge(struct comparison_row *row, bool two_sided);

#endif
