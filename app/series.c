#include "app/series.h"

/* About a microsecond: below the time between two interrupts of one sender. */
static const ps_t WIDTH_AT_START_PS = UINT64_C(1) << 20;

void series_init(struct series *series, struct arena *arena)
{
	series->start_ps = 0;
	series->width_ps = WIDTH_AT_START_PS;
	series->nr_slots = 0;
	for (uint32_t i = 0; i < SERIES_SLOTS_MAX; i++)
		hist_init(&series->slots[i], arena);
}

/* Slot i becomes the sum of 2 i and 2 i + 1. */
static void series_widen(struct series *series)
{
	uint32_t nr_slots = (series->nr_slots + 1) / 2;

	for (uint32_t i = 0; i < series->nr_slots; i++) {
		if (i == 0 || hist_count(&series->slots[i]) == 0)
			continue;
		hist_merge(&series->slots[i / 2], &series->slots[i]);
		hist_reset(&series->slots[i]);
	}
	series->nr_slots = nr_slots;
	series->width_ps *= 2;
}

void series_add(struct series *series, ps_t at_ps, uint64_t value)
{
	uint64_t slot = (at_ps - series->start_ps) / series->width_ps;

	while (slot >= SERIES_SLOTS_MAX) {
		series_widen(series);
		slot = (at_ps - series->start_ps) / series->width_ps;
	}
	if (slot >= series->nr_slots)
		series->nr_slots = (uint32_t)slot + 1;
	hist_add(&series->slots[slot], value);
}
