/*
 * ping-pong - two vCPUs whose tasks wake each other, in turn: a request and its response.
 *
 * A task on vCPU a wakes the one on b by a reschedule IPI and blocks; the handler on b makes b's
 * task runnable, which works and wakes a's. Whoever waits has nothing to do: its vCPU idles as its
 * VM says. The round trip is `ack`: from a's write until its task runs again.
 */
#ifndef MODELS_WORKLOAD_PING_PONG_H
#define MODELS_WORKLOAD_PING_PONG_H

#include <stdint.h>

#include "models/field.h"
#include "models/workload/workload.h"
#include "sim/ps.h"

struct ping_pong_params {
	uint32_t a, b;			/* vCPU indices */
	uint32_t intid;			/* arm64: of the IPI */
	uint32_t vector;		/* x86 */
	ps_t work_ps;			/* of b's task, before it answers */
	ps_t gap_ps;			/* a computes that long from the answer to its next send */
	uint64_t count;			/* round trips, then it stops; 0: no end */
	ps_t handler_ps;		/* both handlers between acknowledge and EOI */
};

extern const struct workload_ops workload_ping_pong;

#endif
