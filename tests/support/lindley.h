/*
 * lindley - customers of one server, first come first served, without an engine: the waiting time
 * of the next one is what is left of the work before it.
 *
 * A value of its owner, who sets the distributions; draws as the engine's queues do: a service when
 * it begins, a gap at each arrival. tests/oracle/test_lindley.c holds it against them.
 */
#ifndef TESTS_SUPPORT_LINDLEY_H
#define TESTS_SUPPORT_LINDLEY_H

#include "sim/dist.h"
#include "sim/rng.h"

struct lindley {
	struct dist service, gap;
	struct stream services, gaps;
	ps_t wait_ps;			/* of the next customer */
};

static inline void lindley_init(struct lindley *queue, uint64_t seed, uint32_t replication)
{
	stream_init(&queue->services, seed, replication, "services");
	stream_init(&queue->gaps, seed, replication, "arrivals");
	queue->wait_ps = 0;
}

/* One customer; its waiting time, and with its service its sojourn. */
static inline ps_t lindley_next(struct lindley *queue, ps_t *ret_sojourn_ps)
{
	ps_t wait_ps = queue->wait_ps;
	ps_t gap_ps = dist_draw(&queue->gap, &queue->gaps);

	*ret_sojourn_ps = wait_ps + dist_draw(&queue->service, &queue->services);
	queue->wait_ps = *ret_sojourn_ps > gap_ps ? *ret_sojourn_ps - gap_ps : 0;
	return wait_ps;
}

#endif
