/*
 * osq - queueing, passing on, and leaving from the middle.
 */
#include "models/osq.h"

#include "models/host.h"
#include "models/pcpu.h"
#include "sim/arena.h"

void osq_init(struct host *host)
{
	if (host->osq_lines)
		return;
	host->osq_lines = ARENA_NEW_N(host->arena, struct line, host->nr_pcpus);
	for (uint32_t i = 0; i < host->nr_pcpus; i++)
		line_init(&host->osq_lines[i], host);
}

static struct line *node_line(const struct osq_node *node)
{
	const struct context *context = &node->thread->context;

	return &context->host->osq_lines[context->pcpu->id];
}

/* Behind the last one, whose node's line this store takes from it; a store is not waited for. */
static void osq_append(struct osq *osq, struct osq_node *node)
{
	struct osq_node *previous = osq->last;

	node->previous = previous;
	node->next = NULL;
	osq->last = node;
	if (!previous) {
		osq->first = node;
		return;
	}
	previous->next = node;
	line_write(&node->thread->context, node_line(previous));
	if (previous->previous)		/* it spins there, and so takes it back */
		line_read(&previous->thread->context, node_line(previous));
}

static void osq_remove(struct osq *osq, struct osq_node *node)
{
	if (node->previous)
		node->previous->next = node->next;
	else
		osq->first = node->next;
	if (node->next)
		node->next->previous = node->previous;
	else
		osq->last = node->previous;
}

/* The head goes; the next one sees it when the store has reached it and it has read it back. */
static void osq_pass(struct osq *osq, struct osq_node *node)
{
	struct osq_node *next = node->next;
	ps_t seen_ps;

	osq_remove(osq, node);
	if (!next)
		return;
	seen_ps = line_write(&node->thread->context, node_line(next));
	seen_ps += line_read(&next->thread->context, node_line(next));
	thread_stop_spin(next->thread, seen_ps);
}

enum flow osq_lock_path(struct path *p, void *frame)
{
	struct osq_lock *f = frame;

	PATH_BEGIN(p);
	SPEND(LINE_WRITE(p, node_line(f->node)));
	SPEND(LINE_WRITE(p, f->tail) + COST(p, C_ATOMIC_RMW));
	osq_append(f->osq, f->node);
	while (f->node->previous && !context_of(p)->pcpu->need_resched)
		SPIN();
	if (!f->node->previous)
		DONE(1);
	SPEND(LINE_WRITE(p, node_line(f->node->previous)) + COST(p, C_ATOMIC_RMW));
	if (!f->node->previous)
		DONE(1);		/* it was passed on meanwhile */
	osq_remove(f->osq, f->node);
	SPEND(LINE_WRITE(p, node_line(f->node)) + COST(p, C_ATOMIC_RMW));
	DONE(0);
	PATH_END(p);
}

enum flow osq_unlock_path(struct path *p, void *frame)
{
	struct osq_unlock *f = frame;

	PATH_BEGIN(p);
	sim_assert(f->osq->first == f->node);
	SPEND(LINE_WRITE(p, f->tail) + COST(p, C_ATOMIC_RMW));
	if (f->osq->last != f->node)
		SPEND(LINE_WRITE(p, node_line(f->node)) + COST(p, C_ATOMIC_RMW));
	osq_pass(f->osq, f->node);
	DONE(0);
	PATH_END(p);
}
