/*
 * line - a cache line that pCPUs share: who wrote it last, who has read it since, who reads it in a
 * loop.
 *
 * A read or a write costs nothing where the line is already held in the right state, and a transfer
 * by distance where it is not. Transfers of one line are served one after the other, so an access
 * also waits for those that began before it. Embedded in what lives on it (a lock, the words of a
 * vCPU). Holds no data; the cost is spent by the caller: SPEND(LINE_WRITE(p, &vcpu->line)).
 * Source: measured core-to-core latencies, see the platform file.
 * Leaves out: evictions, reads that several pCPUs are served at a time.
 */
#ifndef MODELS_LINE_H
#define MODELS_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "models/context.h"
#include "models/topology.h"
#include "sim/ps.h"

struct host;
struct pcpu;

enum { LINE_IDS = 4, LINE_WORD_PCPUS = 64, LINE_ALL_SPIN = UINT8_MAX };

/* In place of the writer: in memory only, a first access is free; no transfer costs anything. */
#define LINE_NOBODY   UINT32_MAX
#define LINE_COSTLESS (UINT32_MAX - 1)

struct line {
	ps_t free_ps;			/* when the last transfer ends */
	union {				/* sharers, the writer included */
		uint64_t few;		/* a bit per pCPU: hosts of up to LINE_WORD_PCPUS */
		uint16_t ids[LINE_IDS];	/* larger hosts, up to LINE_IDS of them */
	} sharers;
	uint64_t *many;			/* larger hosts, more of them: a bit per pCPU; kept */
	struct path *spinners;		/* a list by path->next; see line_spin() */
	uint32_t writer;		/* pCPU that wrote it last, or as above */
	uint16_t nr_sharers;		/* larger hosts */
	uint8_t farthest;		/* of the sharers from the writer: enum distance */
	uint8_t nr_spinners;
};

void line_init(struct line *line, struct host *host);

/* The host's transfers all take no time: then nothing is kept of the line. */
static inline bool line_is_costless(const struct line *line)
{
	return line->writer == LINE_COSTLESS;
}

/* The access is asked for now; returns what it takes from now on. */
ps_t line_read_shared(struct context *context, struct line *line);
ps_t line_write_shared(struct context *context, struct line *line, ps_t from_ps);

static inline ps_t line_read(struct context *context, struct line *line)
{
	return line_is_costless(line) ? 0 : line_read_shared(context, line);
}

static inline ps_t line_write(struct context *context, struct line *line)
{
	return line_is_costless(line) ? 0 : line_write_shared(context, line, 0);
}

/* A write that is not begun before from_ps. */
static inline ps_t line_write_from(struct context *context, struct line *line, ps_t from_ps)
{
	ps_t now_ps = context->path.sim->now_ps;

	if (!line_is_costless(line))
		return line_write_shared(context, line, from_ps);
	return from_ps > now_ps ? from_ps - now_ps : 0;
}

/*
 * The first nr of a list of contexts' paths read the line in a loop, each from its spin_ps on
 * (LINE_ALL_SPIN: the whole list): when a write has taken a spinner's copy away, it fetches another
 * at once. That costs no events; it is made up for at the next access, which may have to wait for
 * it and, if it writes, has to take the copy away.
 */
static inline void line_spin(struct line *line, struct path *first, unsigned int nr)
{
	line->spinners = first;
	line->nr_spinners = (uint8_t)nr;
}

/* A transfer from there, for a line that nobody else wants and whose state is not kept. */
ps_t line_transfer_ps(struct context *context, const struct pcpu *from);

#define LINE_READ(p, line) line_read(context_of(p), (line))
#define LINE_WRITE(p, line) line_write(context_of(p), (line))

#endif
