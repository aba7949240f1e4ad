/*
 * assert - what a broken invariant prints.
 */
#include "sim/assert.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/path.h"
#include "sim/sim.h"

/* The one mutable thing at file scope in sim/: read here only, written by sim_run(). */
_Thread_local const struct sim *sim_running;

_Noreturn void sim_assert_fail(const char *condition, const char *file, int line)
{
	const struct sim *sim = sim_running;

	fprintf(stderr, "irqsim: %s:%d: assertion failed: %s\n", file, line, condition);
	if (sim) {
		fprintf(stderr,
			"irqsim: at %" PRIu64 " ps in %s, seed %" PRIu64
			", replication %" PRIu32 "\n",
			sim->now_ps, sim->name, sim->seed, sim->replication);
		if (sim->running)
			fprintf(stderr, "irqsim: in %s_path(), step at line %u\n",
				sim->running->frame->name, sim->running->frame->line);
	}
	abort();
}
