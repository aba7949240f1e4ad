/*
 * recorder - the trace points of a run, turned into latencies, stages and counts.
 *
 * A trace sink in the arena of the run: made after the world and before it runs. Looks at the
 * world, never changes it (the fingerprint is the same with and without it). Samples are of
 * interrupts raised, and requests written, while the measured window is open. Asserts for every
 * interrupt that is handled that its stages add up to the time from raised to handled.
 */
#ifndef APP_RECORDER_H
#define APP_RECORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "app/inflight.h"
#include "app/result.h"
#include "app/scenario.h"
#include "app/series.h"
#include "app/stages.h"
#include "models/host.h"
#include "sim/trace.h"

/* More vCPUs than this have no matrix of pairs. */
enum { RECORDER_PAIRS_MAX = 64 };

/* The last request of a vCPU. Active from the guest's write to the end of its dispatch. */
struct request_record {
	struct stage_clock clock;
	ps_t dispatch_ps;		/* the injection function was entered */
	uint64_t first_id, nr_interrupts;
	uint32_t flow;
	uint32_t kick;			/* enum kick_outcome of the target at hand */
	enum stage behind_lock;		/* the stage to go back to after a lock */
	bool active;
	bool measured;
};

struct vcpu_record {
	struct request_record request;
	bool in_guest;
	uint32_t vm_index;
};

struct flow_record {
	struct result_interrupts interrupts;
	struct hist latency[NR_METRIC_LATENCIES];	/* empty when there is but one flow */
	struct hist by_state[NR_TARGET_STATES];
};

struct recorder {
	struct trace_sink sink;		/* first */
	struct host *host;
	const struct scenario *scenario;
	bool measuring, opened;
	ps_t window_start_ps, window_end_ps;
	struct inflight inflight;
	struct vcpu_record *vcpus;	/* by vCPU id */
	uint32_t *vcpu_of_pcpu;		/* UINT32_MAX: none */
	uint32_t nr_flows;
	struct flow_record *flows;
	struct hist latency[NR_METRIC_LATENCIES];
	struct hist stages[NR_STAGES];
	struct result_pair *pairs;	/* NULL: too many vCPUs */
	struct series series;
	uint64_t nr_raised, nr_handled, nr_coalesced;	/* in the window */
	uint64_t nr_exits[NR_EXIT_REASONS], nr_aborted_entries;
	uint64_t *nr_pieces;		/* per VM */
};

/* Makes a recorder of a world that has not run yet, and attaches it. */
struct recorder *recorder_attach(struct host *host, const struct scenario *scenario);

/* What the run has measured, after world_run(). Everything in it is in the arena of the run. */
void recorder_finish(struct recorder *recorder, enum run_end end, struct result *ret);

#endif
