#include "app/inflight.h"

#include "sim/arena.h"
#include "sim/assert.h"

enum { PLACES_AT_START = 256 };

void inflight_init(struct inflight *inflight, struct arena *arena, uint32_t nr_vcpus)
{
	inflight->arena = arena;
	inflight->ring = ARENA_NEW_N(arena, struct interrupt, PLACES_AT_START);
	inflight->mask = PLACES_AT_START - 1;
	inflight->first = ARENA_NEW_N(arena, uint64_t, nr_vcpus);
	for (uint32_t i = 0; i < nr_vcpus; i++)
		inflight->first[i] = INFLIGHT_NONE;
}

/* Twice the places; who shared none before shares none now. */
static void inflight_grow(struct inflight *inflight)
{
	uint64_t nr_places = inflight->mask + 1;
	const struct interrupt *old = inflight->ring;

	inflight->ring = ARENA_NEW_N(inflight->arena, struct interrupt, 2 * nr_places);
	inflight->mask = 2 * nr_places - 1;
	for (uint64_t i = 0; i < nr_places; i++)
		if (old[i].state != INTERRUPT_GONE)
			inflight->ring[old[i].id & inflight->mask] = old[i];
}

struct interrupt *inflight_add(struct inflight *inflight, uint64_t id)
{
	struct interrupt *interrupt;

	while (inflight->ring[id & inflight->mask].state != INTERRUPT_GONE)
		inflight_grow(inflight);
	interrupt = &inflight->ring[id & inflight->mask];
	*interrupt = (struct interrupt){
		.id = id,
		.next = INFLIGHT_NONE,
		.previous = INFLIGHT_NONE,
		.state = INTERRUPT_RAISED,
	};
	return interrupt;
}

static struct interrupt *inflight_at(struct inflight *inflight, uint64_t id)
{
	return &inflight->ring[id & inflight->mask];
}

void inflight_queue(struct inflight *inflight, struct interrupt *interrupt)
{
	uint64_t *first = &inflight->first[interrupt->to];

	sim_assert(interrupt->state == INTERRUPT_RAISED);
	interrupt->state = INTERRUPT_QUEUED;
	interrupt->next = *first;
	if (*first != INFLIGHT_NONE)
		inflight_at(inflight, *first)->previous = interrupt->id;
	*first = interrupt->id;
}

void inflight_unqueue(struct inflight *inflight, struct interrupt *interrupt)
{
	sim_assert(interrupt->state == INTERRUPT_QUEUED);
	if (interrupt->next != INFLIGHT_NONE)
		inflight_at(inflight, interrupt->next)->previous = interrupt->previous;
	if (interrupt->previous != INFLIGHT_NONE)
		inflight_at(inflight, interrupt->previous)->next = interrupt->next;
	else
		inflight->first[interrupt->to] = interrupt->next;
	interrupt->state = INTERRUPT_HANDLED;
}

void inflight_remove(struct inflight *inflight, struct interrupt *interrupt)
{
	if (interrupt->state == INTERRUPT_QUEUED)
		inflight_unqueue(inflight, interrupt);
	interrupt->state = INTERRUPT_GONE;
}
