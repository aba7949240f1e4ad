/*
 * idle - idle states of the platform, and the governor that chooses one.
 *
 * A pCPU without a thread enters one of the platform's idle states; leaving it takes the state's
 * exit latency before anything executes. The governor follows menu_select(): the deepest enabled
 * state whose target residency is at most the predicted idle time, which is the least of the time
 * to the pCPU's next timer and the typical interval of the last eight idle times.
 * A state that polls and takes nothing to leave (POLL of x86) burns its pCPU: the next one is
 * preferred, unless the timer comes before its residency or the prediction before its latency.
 * Follows: drivers/cpuidle/governors/menu.c, get_typical_interval() (Linux v5.4-v6.8)
 * Leaves out: the correction factors, latency limits (PM QoS), the scheduler's tick, the entry's
 *             own time.
 */
#ifndef MODELS_IDLE_H
#define MODELS_IDLE_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/ps.h"

enum { IDLE_STATES_MAX = 10, IDLE_INTERVALS = 8 };

struct idle_state {
	const char *name;		/* "C1" */
	ps_t exit_latency_ps;
	ps_t target_residency_ps;
	bool polling;			/* watches need_resched: a wake-up needs no IPI (x86) */
	const char *source;
};

/* Of the host: the platform's states, shallow to deep. No states: leaving idle takes nothing. */
struct idle_config {
	uint32_t nr_states;
	struct idle_state states[IDLE_STATES_MAX];
	uint32_t enabled;		/* bit per state; 0 with states: the first one only */
};

/* Of one pCPU. All zeroes is right at time 0. */
struct idle_governor {
	uint32_t nr_intervals;		/* seen so far, of the last IDLE_INTERVALS; the others do
					   not count (to the kernel they are 0 after boot) */
	uint32_t next;			/* place of the next one */
	uint32_t intervals_us[IDLE_INTERVALS];
};

/* Index of the state to enter, 0 without states; next_timer_ps from now, PS_NEVER: none. Pure. */
uint32_t idle_select(const struct idle_governor *governor, const struct idle_config *config,
		     ps_t next_timer_ps);

/* An idle time has ended; it lasted from the entry to what ended it, without the exit latency. */
void idle_reflect(struct idle_governor *governor, ps_t idle_ps);

/* get_typical_interval(): UINT32_MAX when the last intervals have nothing in common. Pure. */
uint32_t idle_typical_us(const struct idle_governor *governor);

#endif
