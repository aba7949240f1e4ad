/*
 * line - hits, transfers one after the other, and the set of sharers.
 */
#include "models/line.h"

#include "models/host.h"
#include "models/pcpu.h"
#include "sim/arena.h"
#include "sim/sim.h"

_Static_assert(sizeof(struct line) <= 40, "there is one per lock, interrupt and vCPU");

static const enum cost_id transfer_cost[NR_DISTANCES] = {
	[DISTANCE_CORE] = C_CACHELINE_TRANSFER_CORE,
	[DISTANCE_GROUP] = C_CACHELINE_TRANSFER_GROUP,
	[DISTANCE_SOCKET] = C_CACHELINE_TRANSFER,
	[DISTANCE_REMOTE] = C_CACHELINE_TRANSFER_REMOTE,
};

void line_init(struct line *line, struct host *host)
{
	*line = (struct line){ .writer = LINE_COSTLESS };
	sim_assert(host->nr_pcpus <= UINT16_MAX);
	for (int distance = DISTANCE_CORE; distance < NR_DISTANCES; distance++)
		if (host->cost_ps[transfer_cost[distance]] != 0)
			line->writer = LINE_NOBODY;
}

/* --- sharers of a large host --------------------------------------------------------------- */

static bool line_has_many(const struct line *line, uint32_t id)
{
	if (line->nr_sharers > LINE_IDS)
		return line->many[id / 64] >> id % 64 & 1;
	for (uint32_t i = 0; i < line->nr_sharers; i++)
		if (line->sharers.ids[i] == id)
			return true;
	return false;
}

static void line_set_bit(struct line *line, uint32_t id)
{
	line->many[id / 64] |= UINT64_C(1) << id % 64;
}

/* The ids do not suffice any more. */
static void line_make_many(struct line *line, const struct host *host)
{
	uint32_t nr_words = (host->nr_pcpus + 63) / 64;

	if (!line->many)
		line->many = ARENA_NEW_N(host->arena, uint64_t, nr_words);
	for (uint32_t i = 0; i < nr_words; i++)
		line->many[i] = 0;
	for (uint32_t i = 0; i < LINE_IDS; i++)
		line_set_bit(line, line->sharers.ids[i]);
}

static void line_add_many(struct line *line, const struct host *host, uint32_t id)
{
	if (line->nr_sharers < LINE_IDS) {
		line->sharers.ids[line->nr_sharers++] = (uint16_t)id;
		return;
	}
	if (line->nr_sharers == LINE_IDS)
		line_make_many(line, host);
	line_set_bit(line, id);
	line->nr_sharers++;
}

/* --- sharers ------------------------------------------------------------------------------- */

static inline bool line_has(const struct line *line, const struct host *host, uint32_t id)
{
	if (host->nr_pcpus <= LINE_WORD_PCPUS)
		return line->sharers.few >> id & 1;
	return line_has_many(line, id);
}

static inline void line_add(struct line *line, const struct host *host, uint32_t id)
{
	if (host->nr_pcpus <= LINE_WORD_PCPUS)
		line->sharers.few |= UINT64_C(1) << id;
	else
		line_add_many(line, host, id);
}

static inline void line_take(struct line *line, const struct host *host, uint32_t id)
{
	if (host->nr_pcpus <= LINE_WORD_PCPUS) {
		line->sharers.few = UINT64_C(1) << id;
	} else {
		line->sharers.ids[0] = (uint16_t)id;
		line->nr_sharers = 1;
	}
	line->writer = id;
	line->farthest = DISTANCE_SELF;
}

/* --- accesses ------------------------------------------------------------------------------ */

static inline enum distance line_distance(const struct line *line, const struct context *context)
{
	return pcpu_distance(context->pcpu, &context->host->pcpus[line->writer]);
}

ps_t line_transfer_ps(struct context *context, const struct pcpu *from)
{
	enum distance distance = pcpu_distance(context->pcpu, from);

	return distance == DISTANCE_SELF ? 0 : context_cost(context, transfer_cost[distance]);
}

/* The transfer begins when it is asked for and the line is free. Returns when it ends. */
static inline ps_t line_transfer(struct context *context, struct line *line,
				 enum distance distance, ps_t from_ps)
{
	if (distance == DISTANCE_SELF)
		return from_ps;
	if (line->free_ps < from_ps)
		line->free_ps = from_ps;
	line->free_ps += context_cost(context, transfer_cost[distance]);
	return line->free_ps;
}

static ps_t line_fetch(struct context *context, struct line *line, ps_t from_ps)
{
	enum distance distance;

	line_add(line, context->host, context->pcpu->id);
	if (line->writer == LINE_NOBODY)
		return from_ps;
	distance = line_distance(line, context);
	if (distance > line->farthest)
		line->farthest = (uint8_t)distance;
	return line_transfer(context, line, distance, from_ps);
}

/* Spinners that have no copy have asked for one when they lost the last, or began to spin. */
static void line_fetch_for_spinners(struct line *line, const struct host *host)
{
	struct path *p = line->spinners;

	for (unsigned int i = 0; p && i < line->nr_spinners; p = p->next) {
		struct context *spinner = context_of(p);

		if (spinner->spin_ps <= host->sim->now_ps &&
		    !line_has(line, host, spinner->pcpu->id))
			line_fetch(spinner, line, spinner->spin_ps);
		i += line->nr_spinners != LINE_ALL_SPIN;
	}
}

ps_t line_read_shared(struct context *context, struct line *line)
{
	const struct host *host = context->host;
	ps_t now_ps = host->sim->now_ps;

	if (line->nr_spinners)
		line_fetch_for_spinners(line, host);
	if (line_has(line, host, context->pcpu->id))
		return 0;
	return line_fetch(context, line, now_ps) - now_ps;
}

/* The new writer invalidates every sharer; the farthest answer is what it waits for. */
ps_t line_write_shared(struct context *context, struct line *line, ps_t from_ps)
{
	const struct host *host = context->host;
	ps_t now_ps = host->sim->now_ps;
	enum distance distance;

	if (line->nr_spinners)
		line_fetch_for_spinners(line, host);
	distance = (enum distance)line->farthest;
	if (line->writer != LINE_NOBODY) {
		enum distance from_writer = line_distance(line, context);

		if (from_writer > distance)
			distance = from_writer;
	}
	line_take(line, host, context->pcpu->id);
	if (from_ps < now_ps)
		from_ps = now_ps;
	return line_transfer(context, line, distance, from_ps) - now_ps;
}
