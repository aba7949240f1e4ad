/*
 * batches - the samples of one run in their order, as 16 to 32 batches of equally many: what the
 * interval of a single run rests on.
 *
 * A batch has 8 samples at first; whenever there are 32 of them, neighbours are merged, and the
 * next ones hold twice as many. What is after the last full batch is in none. In the arena of the
 * run, made by the recorder. Never decides how many batches are independent: estimate.h does.
 */
#ifndef APP_BATCHES_H
#define APP_BATCHES_H

#include <stdint.h>

#include "sim/hist.h"

struct arena;

enum { BATCHES_MAX = 32, BATCHES_FIRST_SIZE = 8 };

struct batches {
	const struct hist *of;		/* where the same samples are all together */
	struct arena *arena;
	struct hist *hists;		/* BATCHES_MAX; NULL before the first sample */
	uint32_t nr;			/* full ones; the next one is being filled */
	uint64_t size;			/* samples of a full one */
};

void batches_init(struct batches *batches, const struct hist *of, struct arena *arena);
void batches_add(struct batches *batches, uint64_t value);

#endif
