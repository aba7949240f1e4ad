/*
 * assert - the loud stop: an invariant of ours is broken, and the run cannot be believed.
 *
 * On in every build. Prints the condition, the simulated time, scenario, seed, replication and the
 * step that was running, then aborts. Never for a user's mistake and never for an outcome of the
 * model (deadlock, starvation).
 */
#ifndef SIM_ASSERT_H
#define SIM_ASSERT_H

/* One condition, without side effects. */
#define sim_assert(condition)								\
	((condition) ? (void)0 : sim_assert_fail(#condition, __FILE__, __LINE__))

_Noreturn void sim_assert_fail(const char *condition, const char *file, int line);

#endif
