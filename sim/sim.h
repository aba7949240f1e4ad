/*
 * sim - one run: its clock, pending events, ready paths, fingerprint, sink.
 *
 * Knows nothing of pCPUs, interrupts, files. One run is one thread; nothing is shared between
 * runs. Owned by whoever made it with sim_new(); everything of the run lives in its arena.
 */
#ifndef SIM_SIM_H
#define SIM_SIM_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/assert.h"
#include "sim/event.h"
#include "sim/ps.h"
#include "sim/trace.h"

struct arena;
struct path;
struct path_frame;

/* Frames of up to 31 * 16 bytes. */
enum { PATH_FRAME_SIZES = 32 };

struct sim {
	ps_t now_ps;
	ps_t in_place_limit_ps;		/* so far SPEND may advance the clock without the queue */
	bool stopping;
	bool in_place;			/* false: it never may */
	struct path *ready_first, *ready_last;
	struct path *running;
	struct path_frame *free_frames[PATH_FRAME_SIZES];	/* by size */
	struct event_queue queue;
	const struct event *executed;	/* the last one, to count ties */
	ps_t executed_ps;
	uint64_t nr_events;		/* events fired and paths resumed */
	uint32_t resumes_to_check;	/* until the clock must have advanced */
	ps_t checked_ps;
	bool stalled;			/* the clock stood still: the model loops in no time */
	uint64_t nr_ties;		/* equal time and class, different owners */
	uint64_t fingerprint;
	struct trace_sink *sink;	/* NULL: nobody watches */
	struct arena *arena;
	const char *name;		/* scenario and alternative, for a failing assertion */
	uint64_t seed;
	uint32_t replication;
};

/* Steps of paths at one instant that no sensible model needs. */
enum { SIM_STALL_RESUMES = 1 << 22 };

/* Makes a run at time 0 with in-place advance on. name must outlive it. arena is the run's. */
struct sim *sim_new(struct arena *arena, const char *name, uint64_t seed, uint32_t replication);

/*
 * Runs until nothing is pending, sim_stop() was called, or the next thing lies after until_ps.
 * The clock is then at the last thing that happened. A model that does SIM_STALL_RESUMES things at
 * one instant is stopped, too: sim->stalled.
 */
void sim_run(struct sim *sim, ps_t until_ps);

/* Ends sim_run() once the running event or path is at its next step. */
static inline void sim_stop(struct sim *sim)
{
	sim->stopping = true;
	sim->in_place_limit_ps = 0;
}

/* For sim_trace() only: tells the sink. */
void sim_record(struct sim *sim, uint16_t point, uint32_t who, uint32_t whom, uint64_t which)
	__attribute__((noinline));

/* States a fact. point is the models' number; see models/points.h for the three integers. */
static inline void sim_trace(struct sim *sim, uint16_t point, uint32_t who, uint32_t whom,
			     uint64_t which)
{
	uint64_t fingerprint = sim->fingerprint;

	fingerprint = trace_mix(fingerprint, sim->now_ps);
	fingerprint = trace_mix(fingerprint, point);
	fingerprint = trace_mix(fingerprint, who | (uint64_t)whom << 32);
	sim->fingerprint = trace_mix(fingerprint, which);
	if (sim->sink)
		sim_record(sim, point, who, whom, which);
}

/* The run of this thread, for a failing assertion only. */
extern _Thread_local const struct sim *sim_running;

#endif
