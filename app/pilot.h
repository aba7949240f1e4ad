/*
 * pilot - a run that only tells the real one how long its warm-up is.
 *
 * The same case and replication, so the same random numbers and the same interrupts; measured from
 * time 0. Lives in an arena of its own. Never part of a result.
 */
#ifndef APP_PILOT_H
#define APP_PILOT_H

#include "app/result.h"
#include "app/world.h"

struct arena;

/*
 * Runs it. *ret_interrupts: finished ones after which the main interval, deliver where that is a
 * metric of another kind, looks like the rest of the run (mser.h); at most half of the run.
 */
enum warmup pilot_run(struct arena *arena, const struct run_spec *spec, uint64_t *ret_interrupts);

#endif
