/*
 * world - a scenario made into the models of one run.
 *
 * Cannot fail: the scenario is valid. Everything made lives in the arena and dies with it.
 */
#ifndef APP_WORLD_H
#define APP_WORLD_H

#include <stdint.h>

#include "app/scenario.h"
#include "models/host.h"
#include "sim/sim.h"

/* How a run ended. */
enum run_end { RUN_STOP, RUN_DRAINED, RUN_DEADLOCK, RUN_STARVED };
extern const char *const run_end_words[];

struct run_spec {
	const struct scenario *scenario;	/* of the point and alternative */
	const char *label;			/* for a failing assertion: scenario, alternative */
	uint64_t seed;
	uint32_t replication;
};

struct arena;

/* A world at time 0, about to run; its sim is host->sim. Attach a sink before running. */
struct host *world_build(struct arena *arena, const struct run_spec *spec);

/* Runs to its end, closes the measured window and checks the invariants of every run. */
enum run_end world_run(struct host *host, ps_t stop_time_ps);

#endif
