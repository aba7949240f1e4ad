/*
 * trace - what happened, as records: time, point, and three integers.
 *
 * A model states facts with sim_trace(); a sink, when there is one, sees each record in order. Each
 * record enters the run's fingerprint. The numbers of the points belong to the models; this layer
 * gives them no meaning. A sink never changes the world.
 */
#ifndef SIM_TRACE_H
#define SIM_TRACE_H

#include <stdint.h>

#include "sim/ps.h"

struct trace_record {
	ps_t time_ps;
	uint16_t point;
	uint32_t who, whom;
	uint64_t which;
};

struct trace_sink {
	void (*record)(struct trace_sink *sink, const struct trace_record *record);
};

/*
 * Fingerprint of the records so far, continued by one word. Multiply and fold: portable, four per
 * record. The words of a record are time, point, who + whom * 2^32, which.
 */
static inline uint64_t trace_mix(uint64_t fingerprint, uint64_t word)
{
	uint64_t mixed = (fingerprint ^ word) * UINT64_C(0x9e3779b97f4a7c15);

	return mixed ^ mixed >> 29;
}

#define TRACE_FINGERPRINT_START UINT64_C(0x243f6a8885a308d3)

#endif
