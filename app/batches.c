#include "app/batches.h"

#include "sim/arena.h"

void batches_init(struct batches *batches, const struct hist *of, struct arena *arena)
{
	*batches = (struct batches){ .of = of, .arena = arena, .size = BATCHES_FIRST_SIZE };
}

/* Batch i becomes the sum of 2 i and 2 i + 1. */
static void merge_neighbours(struct batches *batches)
{
	for (uint32_t i = 1; i < BATCHES_MAX; i++) {
		hist_merge(&batches->hists[i / 2], &batches->hists[i]);
		hist_reset(&batches->hists[i]);
	}
	batches->nr = BATCHES_MAX / 2;
	batches->size *= 2;
}

void batches_add(struct batches *batches, uint64_t value)
{
	struct hist *open;

	if (!batches->hists) {
		batches->hists = ARENA_NEW_N(batches->arena, struct hist, BATCHES_MAX);
		for (uint32_t i = 0; i < BATCHES_MAX; i++)
			hist_init(&batches->hists[i], batches->arena);
	}
	open = &batches->hists[batches->nr];
	hist_add(open, value);
	if (hist_count(open) == batches->size && ++batches->nr == BATCHES_MAX)
		merge_neighbours(batches);
}
