/*
 * cause - the stage that a change of an interval comes from.
 *
 * For the table of `irqsim run` (an alternative against the first one) and for comparisons (new
 * against old): both know by how much the mean of a metric has changed. Pure.
 */
#ifndef APP_CAUSE_H
#define APP_CAUSE_H

#include <stdint.h>

struct cause {
	const char *name;	/* a stage, or "after deliver"; NULL: from nowhere */
	int64_t change;		/* of its mean, in ps */
};

/* By how much a metric has changed; 0: not at all, or it has no value. */
typedef int64_t (*cause_change)(void *user, const char *metric);

/*
 * The stage that changed most; for intervals that go on after deliver (`interval` is "ack" or
 * "complete") also what comes then. sign < 0 or > 0: only what became shorter, or longer; 0: any.
 */
struct cause cause_find(const char *interval, int sign, cause_change change, void *user);

#endif
