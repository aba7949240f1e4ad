/*
 * line - a cache line that pCPUs share: who wrote it last, who has read it since.
 *
 * A read or a write costs nothing where the line is already held in the right state, and a transfer
 * by distance where it is not. Embedded in what lives on it (a lock, the words of a vCPU). Holds no
 * data and orders nothing; the cost is spent by the caller: SPEND(LINE_WRITE(p, &vcpu->line)).
 * Source: measured core-to-core latencies, see the platform file.
 */
#ifndef MODELS_LINE_H
#define MODELS_LINE_H

#include <stdint.h>

#include "models/context.h"
#include "models/topology.h"
#include "sim/ps.h"

struct host;
struct pcpu;

struct line {
	const struct pcpu *writer;	/* NULL: in memory only, a first access is free */
	enum distance farthest;		/* of the sharers, seen from the writer */
	union {
		uint64_t few;		/* sharers by pCPU, the writer included: up to 64 pCPUs */
		uint64_t *many;
	} sharers;
};

void line_init(struct line *line, struct host *host);

/* The access happens now; returns what it takes. */
ps_t line_read(struct context *context, struct line *line);
ps_t line_write(struct context *context, struct line *line);

#define LINE_READ(p, line) line_read(context_of(p), (line))
#define LINE_WRITE(p, line) line_write(context_of(p), (line))

#endif
