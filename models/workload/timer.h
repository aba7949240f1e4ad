/*
 * timer - the periodic tick of guests: each vCPU's virtual timer interrupts it.
 *
 * The timer is the vCPU's: it fires where the vCPU is, as a hardirq of the host, which injects the
 * virtual timer's private interrupt. The guest's handler sets it anew, for the next multiple of the
 * period, so that a vCPU that does not run misses ticks instead of collecting them. A VM without
 * this workload has a guest without ticks (nohz).
 */
#ifndef MODELS_WORKLOAD_TIMER_H
#define MODELS_WORKLOAD_TIMER_H

#include <stdint.h>

#include "models/field.h"
#include "models/workload/workload.h"
#include "sim/ps.h"

enum timer_vcpus { TIMER_ALL };

struct timer_params {
	struct id_list vcpus;		/* indices, or TIMER_ALL */
	ps_t period_ps;
	uint64_t count;			/* ticks per vCPU, then it stops; 0: no end */
	ps_t handler_ps;		/* guest's handler between acknowledge and EOI */
};

extern const struct workload_ops workload_timer;

#endif
