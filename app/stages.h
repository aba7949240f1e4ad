/*
 * stages - the parts that an interrupt's delivery is made of, and the clocks that measure them.
 *
 * A request's clock runs from the guest's write until the host's injection function returns. An
 * interrupt goes with it until it is queued, and by its own clock until it is handled. A clock is
 * in exactly one stage at any instant, so the stages add up to the whole. Pure bookkeeping on
 * times that the recorder gives; never looks at a model.
 */
#ifndef APP_STAGES_H
#define APP_STAGES_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/ps.h"

/*
 * In the order of metric_stage_words:
 *   source_wait  0 of an IPI: nothing stands between the instruction and its effect
 *   exit         the write to the entry of the host's injection function
 *   lookup       from there to the target, as long as no other target is being served
 *   lock_wait    any part of these that the sender's pCPU waits for a lock that it found held
 *   inject       target found to queued, and the time in which the same request serves others;
 *                of an interrupt that a handler of the host raises, all of it
 *   notify       queued until the target has left its guest, is woken, sees it while it polls, or
 *                needs no kick
 *   wake         woken until the target has left its halt; preempted until it is loaded
 *   entry        from there to the target's entry with the interrupt in a list register
 *   guest        from there to the first instruction of the handler
 */
enum stage {
	STAGE_SOURCE_WAIT,
	STAGE_EXIT,
	STAGE_LOOKUP,
	STAGE_LOCK_WAIT,
	STAGE_INJECT,
	STAGE_NOTIFY,
	STAGE_WAKE,
	STAGE_ENTRY,
	STAGE_GUEST,
	NR_STAGES
};

/* The target's state when an interrupt is queued; words in metric_state_words. */
enum target_state {
	TARGET_IN_GUEST,
	TARGET_IN_HOST,
	TARGET_POLLING,
	TARGET_BLOCKED,
	TARGET_PREEMPTED,
	NR_TARGET_STATES
};

struct stage_clock {
	ps_t start_ps;
	ps_t since_ps;			/* of the present stage */
	enum stage stage;
	ps_t spent_ps[NR_STAGES];	/* up to since_ps */
};

static inline void stage_clock_start(struct stage_clock *clock, enum stage stage, ps_t now_ps)
{
	*clock = (struct stage_clock){ .start_ps = now_ps, .since_ps = now_ps, .stage = stage };
}

static inline void stage_clock_switch(struct stage_clock *clock, enum stage stage, ps_t now_ps)
{
	clock->spent_ps[clock->stage] += now_ps - clock->since_ps;
	clock->since_ps = now_ps;
	clock->stage = stage;
}

/* Everything that the clock has counted: since_ps - start_ps, unless it has lost something. */
static inline ps_t stage_clock_total(const struct stage_clock *clock)
{
	ps_t total_ps = 0;

	for (int stage = 0; stage < NR_STAGES; stage++)
		total_ps += clock->spent_ps[stage];
	return total_ps;
}

#endif
