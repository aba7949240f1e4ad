/*
 * mser - where the beginning of a run ends to be unlike the rest: MSER-5 (White, Cobb and Spratt,
 * "A comparison of five steady-state truncation heuristics for simulation", WSC 2000), in integers.
 *
 * Samples in their order, as means of groups of 5; in long runs neighbouring groups are merged, so
 * that their number stays bounded. Owned by the pilot run that fills it, in its arena. Never runs
 * anything.
 */
#ifndef APP_MSER_H
#define APP_MSER_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/u128.h"

enum { MSER_FIRST_SIZE = 5, MSER_GROUPS_MAX = 8192 };

struct mser {
	uint32_t nr_groups;	/* full ones; the next one is being filled */
	uint64_t size;		/* samples of a full one */
	uint64_t nr_in_open;
	uint64_t sums[MSER_GROUPS_MAX + 1];
	uint64_t ends[MSER_GROUPS_MAX + 1];	/* the position of each group's last sample */
};

void mser_init(struct mser *mser);

/* A sample, and how far the run has come by then: positions never fall. */
void mser_add(struct mser *mser, uint64_t value, uint64_t position);

/*
 * Of all truncations d that leave at least half of the n groups, the one with the smallest
 * sum of squared deviations of the rest / (n - d)^2; the first of equals. *ret_position is where
 * the rest begins, 0 if at the beginning. False: the smallest lies at the last of them, or there
 * are fewer than 10 groups: the run is too short, or never settles.
 */
bool mser_truncate(const struct mser *mser, uint64_t *ret_position);

#endif
