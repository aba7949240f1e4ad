/*
 * event - the pending-event set: a 4-ary implicit heap.
 *
 * The root is at index 3 and the children of i at 4i - 8 .. 4i - 5, so that four brothers share a
 * cache line. Entries behind the last are infinite: a search among brothers needs no bound.
 * While the root is a hole, its key is not pending, and next is the least of its children.
 */
#include "sim/event.h"

#include <string.h>

#include "sim/arena.h"
#include "sim/sim.h"
#include "sim/u128.h"

static const struct event_key EVENT_INFINITE = { PS_NEVER, UINT64_MAX };

enum { SLOT_MASK = (1 << EVENT_SLOT_BITS) - 1, FIRST_SLOTS = 64 };

/* As one number of 128 bits: half the instructions, and no branch to mispredict. */
static inline bool key_before(const struct event_key *a, const struct event_key *b)
{
	struct u128 a_number = { .hi = a->time_ps, .lo = a->order };
	struct u128 b_number = { .hi = b->time_ps, .lo = b->order };

	return u128_less(a_number, b_number);
}

static inline uint32_t parent_of(uint32_t index)
{
	return (index + 8) >> 2;
}

static inline uint32_t first_child_of(uint32_t index)
{
	return 4 * index - 8;
}

static inline uint32_t order_slot(uint64_t order)
{
	return (uint32_t)order & SLOT_MASK;
}

static inline void place(struct event_queue *queue, uint32_t index, const struct event_key *key)
{
	queue->heap[index] = *key;
	queue->position[order_slot(key->order)] = index;
}

/* No branch depends on the keys. */
static inline struct event_key *least_of_four(struct event_key *first)
{
	struct event_key *left = &first[key_before(&first[1], &first[0])];
	struct event_key *right = &first[2] + key_before(&first[3], &first[2]);

	return key_before(right, left) ? right : left;
}

/* Puts key where it fits, at index or above. */
static void sift_up(struct event_queue *queue, uint32_t index, struct event_key key)
{
	while (index > EVENT_ROOT) {
		uint32_t parent = parent_of(index);

		if (!key_before(&key, &queue->heap[parent]))
			break;
		place(queue, index, &queue->heap[parent]);
		index = parent;
	}
	place(queue, index, &key);
}

/* Puts key where it fits, at index, which has children, or below. */
static __attribute__((noinline)) void sift_down_far(struct event_queue *queue, uint32_t index,
						    struct event_key key)
{
	uint32_t first = first_child_of(index);

	do {
		struct event_key *child = least_of_four(&queue->heap[first]);

		if (key_before(&key, child))
			break;
		place(queue, index, child);
		index = (uint32_t)(child - queue->heap);
		first = first_child_of(index);
	} while (first <= queue->last);
	place(queue, index, &key);
}

/* Puts key where it fits, at index or below. A small heap ends right here. */
static inline void sift_down(struct event_queue *queue, uint32_t index, struct event_key key)
{
	if (first_child_of(index) <= queue->last)
		sift_down_far(queue, index, key);
	else
		place(queue, index, &key);
}

static inline bool queue_has_hole(const struct event_queue *queue)
{
	return queue->next != &queue->heap[EVENT_ROOT];
}

static inline void queue_put_in_hole(struct event_queue *queue, struct event_key key)
{
	struct event_key *next = queue->next;

	queue->next = &queue->heap[EVENT_ROOT];
	if (key_before(&key, next)) {
		place(queue, EVENT_ROOT, &key);
	} else {
		place(queue, EVENT_ROOT, next);
		sift_down(queue, (uint32_t)(next - queue->heap), key);
	}
}

/* Room for max_slots events: the arrays move, all three in one piece. */
static void queue_reserve(struct event_queue *queue, uint32_t max_slots)
{
	uint32_t nr_keys = max_slots + EVENT_ROOT + 8;	/* whole families behind the last */
	uint32_t nr_used = queue->heap ? queue->last + 1 : 0;
	struct event_queue old = *queue;

	sim_assert(max_slots <= SLOT_MASK + 1);
	queue->heap = arena_alloc_apart(queue->arena, nr_keys * sizeof(*queue->heap) + max_slots *
					(sizeof(*queue->events) + sizeof(*queue->position)));
	queue->events = (struct event **)(void *)(queue->heap + nr_keys);
	queue->position = (uint32_t *)(void *)(queue->events + max_slots);
	queue->max_slots = max_slots;
	for (uint32_t i = nr_used; i < nr_keys; i++)
		queue->heap[i] = EVENT_INFINITE;
	queue->next = queue->heap + EVENT_ROOT;
	if (!old.heap)
		return;
	queue->next = queue->heap + (old.next - old.heap);
	memcpy(queue->heap, old.heap, nr_used * sizeof(*queue->heap));
	memcpy(queue->events, old.events, queue->nr_slots * sizeof(*queue->events));
	memcpy(queue->position, old.position, queue->nr_slots * sizeof(*queue->position));
	arena_give_back(queue->arena, old.heap);
}

void event_queue_init(struct event_queue *queue, struct arena *arena)
{
	*queue = (struct event_queue){ .last = EVENT_ROOT - 1, .arena = arena };
	queue_reserve(queue, FIRST_SLOTS);
}

void event_init(struct sim *sim, struct event *event, enum event_class class,
		void (*fire)(struct event *event))
{
	struct event_queue *queue = &sim->queue;

	if (queue->nr_slots == queue->max_slots)
		queue_reserve(queue, 2 * queue->max_slots);
	*event = (struct event){ fire, (uint64_t)class << EVENT_CLASS_SHIFT | queue->nr_slots };
	queue->events[queue->nr_slots++] = event;
}

void event_at(struct sim *sim, struct event *event, ps_t time_ps)
{
	struct event_queue *queue = &sim->queue;
	struct event_key key = { time_ps, event->order | queue->sequence };

	sim_assert(time_ps >= sim->now_ps);
	sim_assert(time_ps < PS_NEVER);
	sim_assert(queue->position[order_slot(event->order)] == 0);
	sim_assert(event_order_class(queue->sequence) == 0);
	queue->sequence += UINT64_C(1) << EVENT_SLOT_BITS;
	if (!queue_has_hole(queue))
		sift_up(queue, ++queue->last, key);
	else
		queue_put_in_hole(queue, key);
}

/* The root is a hole from here on; its old key stays, still less than all others. */
static void queue_find_next(struct event_queue *queue)
{
	queue->next = least_of_four(&queue->heap[first_child_of(EVENT_ROOT)]);
}

/* Takes the last key away. */
static inline struct event_key queue_shorten(struct event_queue *queue)
{
	struct event_key last = queue->heap[queue->last];

	queue->heap[queue->last--] = EVENT_INFINITE;
	return last;
}

/* Closes the gap at index, a child of the root's hole: nothing is less than what was there. */
static void queue_fill_gap(struct event_queue *queue, uint32_t index)
{
	struct event_key moved = queue_shorten(queue);

	if (index <= queue->last)
		sift_down(queue, index, moved);
}

/* Closes the gap at index, which is not the root. */
static inline void queue_close_gap(struct event_queue *queue, uint32_t index)
{
	struct event_key moved = queue_shorten(queue);

	if (index > queue->last)
		return;
	if (key_before(&moved, &queue->heap[parent_of(index)]))
		sift_up(queue, index, moved);
	else
		sift_down(queue, index, moved);
}

void event_cancel(struct sim *sim, struct event *event)
{
	struct event_queue *queue = &sim->queue;

	uint32_t index = queue->position[order_slot(event->order)];

	if (index == 0)
		return;
	queue->position[order_slot(event->order)] = 0;
	if (index != EVENT_ROOT)
		queue_close_gap(queue, index);
	if (index == EVENT_ROOT || queue_has_hole(queue))
		queue_find_next(queue);
}

bool event_is_pending(const struct sim *sim, const struct event *event)
{
	return sim->queue.position[order_slot(event->order)] != 0;
}

struct event *event_queue_pop(struct event_queue *queue)
{
	uint32_t slot = order_slot(queue->next->order);

	sim_assert(queue->next->time_ps < PS_NEVER);
	queue->position[slot] = 0;
	if (queue_has_hole(queue))
		queue_fill_gap(queue, (uint32_t)(queue->next - queue->heap));
	queue_find_next(queue);
	return queue->events[slot];
}
