/*
 * context - costs that are distributions draw from a stream of their own.
 */
#include "models/context.h"

#include <stdio.h>

#include "models/host.h"
#include "sim/arena.h"
#include "sim/rng.h"

const char *const acquirer_words[NR_ACQUIRERS] = {
	[ACQUIRER_VCPU_EXIT] = "vcpu-exit",
	[ACQUIRER_VCPU_SWITCH] = "vcpu-switch",
	[ACQUIRER_VCPU_HALT] = "vcpu-halt",
	[ACQUIRER_WORKER] = "worker",
	[ACQUIRER_THREAD] = "thread",
	[ACQUIRER_SCHED] = "sched",
	[ACQUIRER_IRQ] = "irq",
};

void context_init(struct context *context, struct host *host, enum context_kind kind,
		  const char *name)
{
	char stream_name[96];

	path_init(host->sim, &context->path, NULL);
	context->kind = kind;
	context->acquirer = kind == CONTEXT_THREAD ? ACQUIRER_THREAD :
			    kind == CONTEXT_SWITCH ? ACQUIRER_SCHED :
						     ACQUIRER_IRQ;
	context->nr_locks = 0;
	context->pcpu = NULL;
	context->vcpu = NULL;
	context->below = NULL;
	context->lock_contended = false;
	context->relaxes = false;
	context->host = host;
	context->draws = NULL;
	if (host->nr_random_costs == 0)
		return;
	context->draws = ARENA_NEW_N(host->arena, struct stream, host->nr_random_costs);
	for (int id = 0; id < NR_COSTS; id++) {
		if (host->cost_ps[id] != PS_NEVER)
			continue;
		snprintf(stream_name, sizeof(stream_name), "%s/%s", name, cost_rows[id].key);
		stream_init(&context->draws[host->random_index[id]], host->sim->seed,
			    host->sim->replication, stream_name);
	}
}

ps_t context_cost(struct context *context, enum cost_id id)
{
	const struct host *host = context->host;
	ps_t cost_ps = host->cost_ps[id];

	if (cost_ps != PS_NEVER)
		return cost_ps;
	return dist_draw(&host->config.costs[id].dist, &context->draws[host->random_index[id]]);
}

ps_t context_cost_n(struct context *context, enum cost_id id, uint32_t n)
{
	ps_t sum_ps = 0;

	if (context->host->cost_ps[id] != PS_NEVER)
		return n * context->host->cost_ps[id];
	for (uint32_t i = 0; i < n; i++)
		sum_ps += context_cost(context, id);
	return sum_ps;
}
