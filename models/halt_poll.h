/*
 * halt_poll - how long a halted vCPU polls before it sleeps: the host's rule, and the guest's.
 *
 * Host: grow_halt_poll_ns(), shrink_halt_poll_ns() and the rule at the end of kvm_vcpu_halt()
 * (Linux v5.4-v6.18). Guest: adjust_poll_limit() of drivers/cpuidle/governors/haltpoll.c
 * (v5.4-v6.18). Pure.
 */
#ifndef MODELS_HALT_POLL_H
#define MODELS_HALT_POLL_H

#include <stdbool.h>
#include <stdint.h>

#include "models/cost.h"
#include "models/field.h"
#include "sim/ps.h"

enum halt_poll_policy {
	HALT_POLL_DYNAMIC,	/* since v4.3 */
	HALT_POLL_ALWAYS,	/* before: every halt polls for the whole maximum */
};

/* As a VM states it. */
struct halt_poll_params {
	int policy;			/* enum halt_poll_policy */
	ps_t max_ps;			/* 0: no polling */
	uint32_t grow;			/* factor; 0: does not grow */
	ps_t grow_start_ps;
	uint32_t shrink;		/* divisor; 0: to nothing */
};

extern const struct field_table halt_poll_table;

/*
 * What a VM that states nothing has: PS_NEVER for the maximum, UINT32_MAX for the divisor. A struct
 * begins as a copy of this before it is decoded (a key that is null leaves the value as it is), and
 * is completed by halt_poll_fill() after.
 */
extern const struct halt_poll_params halt_poll_unset;

/* Fills in what the VM left to the architecture and the kernel: maximum, divisor. */
void halt_poll_fill(struct halt_poll_params *params, enum arch arch, uint32_t kernel);

/* How long this halt polls, with the vCPU's present value, which is 0 when the VM starts. */
ps_t halt_poll_limit(const struct halt_poll_params *params, ps_t value_ps);

/* The vCPU's value after a halt of that length (polling and sleep), whether it polled or not. */
ps_t halt_poll_adapt(const struct halt_poll_params *params, uint32_t kernel, ps_t value_ps,
		     ps_t halt_ps);

/*
 * The guest's limit after it was halted for that time; starts at 0. Only HLT counts: a poll during
 * which work came changes nothing. A result below the first value becomes 0 (recent guests).
 */
ps_t guest_halt_poll_adapt(ps_t limit_ps, ps_t idle_ps);

#endif
