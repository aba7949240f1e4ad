/*
 * result - what one run has measured, in memory.
 *
 * Filled by recorder_finish(); lives in the arena of the run and dies with it, so whoever wants to
 * keep a number takes it out before (results.h as text, summary.h as metrics). Never computes a
 * statistic over several runs.
 */
#ifndef APP_RESULT_H
#define APP_RESULT_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "app/batches.h"
#include "app/metric.h"
#include "app/stages.h"
#include "app/world.h"
#include "models/context.h"
#include "models/irq.h"
#include "models/vcpu.h"
#include "sim/hist.h"
#include "sim/ps.h"

/* From time 0. */
struct result_interrupts {
	uint64_t nr_requests, nr_raised, nr_handled, nr_coalesced, nr_dropped[NR_IRQ_DROPS];
	uint64_t nr_pending;		/* raised, none of the other fates at the end */
};

/* Histograms are never NULL; one without samples is a value that does not exist. */
struct result_flow {
	const char *name;		/* of the workload */
	struct result_interrupts interrupts;
	const struct hist *latency[NR_METRIC_LATENCIES];
	const struct hist *by_state[NR_TARGET_STATES];	/* deliver */
};

struct result_lock {
	const char *name, *kind;
	uint32_t nr_instances;
	uint64_t nr_acquisitions, nr_contended;
	uint64_t utilization_ppm, mean_queue_ppm;
	const struct hist *wait, *hold;
	const struct result_lock *hottest;	/* most utilised instance; NULL: never taken */
	ps_t waited_ps[NR_ACQUIRERS][NR_ACQUIRERS];	/* of a class: waiter, holder */
};

struct result_line {
	const char *name;		/* of the workload */
	const struct hist *pass;
};

struct result_pair {
	uint64_t count, sum_ps;
};

/* One part of the measured time; deliver of the interrupts raised in it. */
struct result_slot {
	ps_t start_ps;
	const struct hist *deliver;
};

struct result_pcpu {
	uint32_t guest_ppm, host_ppm, idle_ppm;		/* together a million */
};

struct result_vm {
	const char *name;
	uint64_t steal_ppm;
	uint64_t nr_pieces;
};

/* All pCPUs together. */
struct result_idle_state {
	const char *name;
	uint64_t nr_entries;
	uint64_t ppm;			/* of their time */
};

/* What a pilot says of the warm-up. WARMUP_UNSETTLED: half of a run is not enough. */
enum warmup { WARMUP_STATED, WARMUP_SETTLED, WARMUP_UNSETTLED };

struct result {
	uint64_t fingerprint;
	enum run_end end;
	uint64_t nr_events, nr_ties;
	ps_t simulated_ps;
	ps_t measured_ps;		/* 0: the window never opened; what it covers is empty */
	uint64_t warmup_interrupts;	/* finished ones that the window waited for */
	bool opened;
	ps_t opened_ps;			/* the window; of one that opened */
	enum warmup warmup;
	struct result_interrupts interrupts;

	/* Of interrupts raised, and requests made, in the measured window. */
	const struct hist *latency[NR_METRIC_LATENCIES];
	const struct hist *stages[NR_STAGES];
	uint32_t nr_flows;
	const struct result_flow *flows;
	uint32_t nr_pairs_vcpus;	/* pairs is [from * nr_pairs_vcpus + to]; 0: too many */
	const struct result_pair *pairs;
	uint32_t nr_slots;
	const struct result_slot *slots;

	/* What happened in the measured window. */
	uint64_t nr_raised, nr_handled, nr_coalesced;
	uint64_t nr_exits[NR_EXIT_REASONS];
	uint64_t nr_aborted_entries, nr_ipis_sent, nr_wakeups, nr_switches;
	uint32_t nr_idle_states;	/* 0: the platform names none */
	const struct result_idle_state *idle_states;
	uint32_t nr_locks;		/* classes */
	const struct result_lock *locks;
	uint32_t nr_lines;		/* that workloads pass to and fro */
	const struct result_line *lines;
	uint32_t nr_pcpus;
	const struct result_pcpu *pcpus;
	uint32_t nr_vms;
	const struct result_vm *vms;

	/* Of latencies, stages and flows when the run is the only one of its case; else 0. */
	uint32_t nr_batches;
	const struct batches *batches;
};

/* The samples of a duration; NULL: it does not exist in this run, or is none. */
const struct hist *result_hist(const struct result *result, const struct metric *metric);

/* The percentile of a statistic; false: fewer than 10 samples beyond it. */
bool result_stat(const struct hist *hist, enum metric_stat stat, uint64_t *ret);

/* The value of a metric in its unit; false: it does not exist in this run. */
bool result_metric(const struct result *result, const struct metric *metric, uint64_t *ret);

#endif
