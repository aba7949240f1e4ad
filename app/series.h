/*
 * series - how a latency develops over the measured time: at most 200 slots of equal width.
 *
 * Nobody knows beforehand how long a run is, so the width doubles, and neighbours are merged, each
 * time that the last slot is full. In the arena of the run.
 */
#ifndef APP_SERIES_H
#define APP_SERIES_H

#include <stdint.h>

#include "sim/hist.h"
#include "sim/ps.h"

enum { SERIES_SLOTS_MAX = 200 };

struct series {
	ps_t start_ps;			/* of slot 0 */
	ps_t width_ps;			/* a power of two */
	uint32_t nr_slots;		/* up to the last one with a sample */
	struct hist slots[SERIES_SLOTS_MAX];
};

void series_init(struct series *series, struct arena *arena);

/* A sample of something that happened at `at_ps`, not before start_ps. */
void series_add(struct series *series, ps_t at_ps, uint64_t value);

#endif
