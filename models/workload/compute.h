/*
 * compute - threads of the host that compute, and sleep in between: a neighbour that compiles.
 *
 * With a duty cycle of work / (work + sleep) per thread, as long as it has its pCPU for itself.
 */
#ifndef MODELS_WORKLOAD_COMPUTE_H
#define MODELS_WORKLOAD_COMPUTE_H

#include <stdint.h>

#include "models/field.h"
#include "models/workload/workload.h"
#include "sim/ps.h"

struct compute_params {
	uint32_t nr_threads;
	struct id_list pin;		/* pCPUs, or a word of threads_pin */
	ps_t work_ps;
	int work_draw;			/* enum threads_draw */
	ps_t sleep_ps;			/* 0: never sleeps */
	int sleep_draw;			/* enum threads_draw */
	uint64_t count;			/* pieces of work per thread, then it ends; 0: no end */
};

extern const struct workload_ops workload_compute;

#endif
