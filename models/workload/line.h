/*
 * line - two threads of the host that pass one cache line to and fro.
 *
 * What benchmarks of core-to-core latency do: each thread waits until the other one has written,
 * and writes. A pass is from one write to the next: one way, half of a round trip.
 */
#ifndef MODELS_WORKLOAD_LINE_H
#define MODELS_WORKLOAD_LINE_H

#include <stdint.h>

#include "models/field.h"
#include "models/workload/workload.h"

struct line_params {
	struct id_list pin;		/* two pCPUs */
	uint64_t count;			/* writes per thread, then it ends; 0: no end */
};

extern const struct workload_ops workload_line;

#endif
