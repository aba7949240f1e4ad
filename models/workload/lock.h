/*
 * lock - threads of the host that take one lock, or one of several, again and again.
 *
 * The class of the locks has the name of the workload. What a critical section takes beyond its own
 * work is the writing of the lines that the lock protects: they come from the pCPU that held the
 * lock before.
 */
#ifndef MODELS_WORKLOAD_LOCK_H
#define MODELS_WORKLOAD_LOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "models/field.h"
#include "models/workload/workload.h"
#include "sim/ps.h"

enum lock_workload_kind {
	LOCK_WORKLOAD_RAW,
	LOCK_WORKLOAD_TEST_AND_SET,
	LOCK_WORKLOAD_MUTEX,
};

struct lock_params {
	uint32_t nr_threads;
	struct id_list pin;		/* pCPUs, or a word of threads_pin */
	int kind;			/* enum lock_workload_kind */
	uint32_t nr_instances;		/* thread i takes lock i % nr_instances */
	bool irqs_off;
	ps_t gap_ps;			/* from UNLOCK to the next LOCK */
	int gap_draw;			/* enum threads_draw */
	ps_t work_ps;			/* under the lock, without the lines */
	int work_draw;			/* enum threads_draw */
	uint32_t nr_lines;		/* of data that the lock protects: all are written */
	uint64_t count;			/* acquisitions per thread, then it ends; 0: no end */
};

extern const struct workload_ops workload_lock;

#endif
