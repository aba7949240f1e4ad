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
#include "app/mser.h"
#include "app/result.h"
#include "app/scenario.h"
#include "app/series.h"
#include "app/stages.h"
#include "models/host.h"
#include "sim/trace.h"

/* More vCPUs than this have no matrix of pairs. */
enum { RECORDER_PAIRS_MAX = 64 };

/*
 * The work of one context that injects: a vCPU's thread with its request, from the guest's write to
 * the end of its dispatch, or a handler of the host, from the raise until it has notified.
 */
struct injector {
	struct stage_clock clock;
	uint32_t kick;			/* enum kick_outcome of the target at hand */
	enum stage behind_lock;		/* the stage to go back to after a lock */
	bool active;
};

/* The last request of a vCPU. */
struct request_record {
	struct injector work;
	ps_t dispatch_ps;		/* the injection function was entered */
	uint64_t first_id, nr_interrupts;
	uint32_t flow;
	bool measured;
};

/* The last request of a vCPU for one flow, for its acknowledgement. */
struct sent_record {
	ps_t start_ps;			/* of its ack: the write, or the benchmark's clock before */
	uint64_t first_id, nr_interrupts;
	uint32_t flow;
	bool measured;
	struct sent_record *next;	/* of the vCPU */
};

/* What a vCPU does, by its records. */
struct vcpu_record {
	struct request_record *request;	/* NULL: has never made one */
	struct sent_record *sent;
	uint32_t vm_index;
	bool in_guest;
	bool preempted;			/* put and runnable, not loaded since */
	bool halted;			/* in kvm_vcpu_halt() */
	bool polling;			/* and polls there */
	bool blocked;			/* and sleeps there, or is about to, until it is loaded */
	bool woken;			/* and was woken from there */
};

struct pcpu_record {
	struct injector *handlers[2];	/* of hardirq and softirq; NULL: has never injected */
	uint32_t idle_state;		/* UINT32_MAX: in none */
	ps_t idle_since_ps;
};

struct flow_record {
	struct result_interrupts interrupts;
	struct hist latency[NR_METRIC_LATENCIES];	/* empty when there is but one flow */
	struct hist by_state[NR_TARGET_STATES];
	struct hist pass;		/* of a workload that passes a line */
	ps_t passed_ps;			/* the last pass in the window; PS_NEVER: none yet */
};

struct recorder {
	struct trace_sink sink;		/* first */
	struct host *host;
	const struct scenario *scenario;
	bool measuring, opened;
	ps_t window_start_ps, window_end_ps;
	struct inflight inflight;
	struct vcpu_record *vcpus;	/* by vCPU id */
	struct pcpu_record *pcpus;	/* by pCPU id */
	uint32_t nr_threads;		/* that may be a vCPU's */
	uint32_t *vcpu_of_thread;	/* by thread id; UINT32_MAX: no vCPU's */
	uint32_t nr_flows;
	struct flow_record *flows;
	struct hist latency[NR_METRIC_LATENCIES];
	struct hist stages[NR_STAGES];
	struct result_pair *pairs;	/* NULL: too many vCPUs */
	struct series series;
	uint64_t nr_raised, nr_handled, nr_coalesced;	/* in the window */
	uint64_t nr_exits[NR_EXIT_REASONS], nr_aborted_entries;
	uint64_t nr_wakeups, nr_switches;
	uint64_t nr_idles[IDLE_STATES_MAX];		/* entries per state */
	ps_t idle_ps[IDLE_STATES_MAX];
	uint64_t *nr_pieces;		/* per VM */
	/* [kind], then [stage], then [flow][kind] when there are several; NULL: not wanted. */
	struct batches *batches;
	struct mser *pilot;		/* of the main interval; NULL: not wanted */
	enum metric_latency pilot_kind;
};

/* Makes a recorder of a world that has not run yet, and attaches it. */
struct recorder *recorder_attach(struct host *host, const struct scenario *scenario);

/* Before the run: also keeps the samples of latencies, stages and flows as batches. */
void recorder_keep_batches(struct recorder *recorder);

/* Before the run: also gives the samples of this interval to the pilot. */
void recorder_pilot(struct recorder *recorder, struct mser *pilot, enum metric_latency kind);

/* What the run has measured, after world_run(). Everything in it is in the arena of the run. */
void recorder_finish(struct recorder *recorder, enum run_end end, struct result *ret);

#endif
