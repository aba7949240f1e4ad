/*
 * line - hits and transfers.
 */
#include "models/line.h"

#include "models/host.h"
#include "models/pcpu.h"
#include "sim/arena.h"

static const enum cost_id transfer_cost[NR_DISTANCES] = {
	[DISTANCE_CORE] = C_CACHELINE_TRANSFER_CORE,
	[DISTANCE_GROUP] = C_CACHELINE_TRANSFER_GROUP,
	[DISTANCE_SOCKET] = C_CACHELINE_TRANSFER,
	[DISTANCE_REMOTE] = C_CACHELINE_TRANSFER_REMOTE,
};

enum { BITS = 64 };

static uint64_t *sharer_words(struct line *line, const struct host *host)
{
	return host->nr_pcpus <= BITS ? &line->sharers.few : line->sharers.many;
}

void line_init(struct line *line, struct host *host)
{
	*line = (struct line){ .writer = NULL };
	if (host->nr_pcpus > BITS)
		line->sharers.many = ARENA_NEW_N(host->arena, uint64_t,
						 (host->nr_pcpus + BITS - 1) / BITS);
}

static ps_t line_transfer(struct context *context, enum distance distance)
{
	if (distance == DISTANCE_SELF)
		return 0;
	return context_cost(context, transfer_cost[distance]);
}

ps_t line_read(struct context *context, struct line *line)
{
	const struct pcpu *pcpu = context->pcpu;
	uint64_t *word = &sharer_words(line, context->host)[pcpu->id / BITS];
	uint64_t bit = UINT64_C(1) << pcpu->id % BITS;
	enum distance distance;

	if (*word & bit)
		return 0;
	*word |= bit;
	if (!line->writer)
		return 0;
	distance = pcpu_distance(pcpu, line->writer);
	if (distance > line->farthest)
		line->farthest = distance;
	return line_transfer(context, distance);
}

/* The new writer invalidates every sharer; the farthest answer is what it waits for. */
ps_t line_write(struct context *context, struct line *line)
{
	const struct host *host = context->host;
	const struct pcpu *pcpu = context->pcpu;
	uint64_t bit = UINT64_C(1) << pcpu->id % BITS;
	enum distance distance = line->farthest;

	if (line->writer && line->writer != pcpu) {
		enum distance from_writer = pcpu_distance(pcpu, line->writer);

		if (from_writer > distance)
			distance = from_writer;
	}
	if (host->nr_pcpus <= BITS) {
		line->sharers.few = bit;
	} else {
		for (uint32_t i = 0; i < (host->nr_pcpus + BITS - 1) / BITS; i++)
			line->sharers.many[i] = 0;
		line->sharers.many[pcpu->id / BITS] = bit;
	}
	line->writer = pcpu;
	line->farthest = DISTANCE_SELF;
	return line_transfer(context, distance);
}
