/*
 * scenario - what a scenario file says, decoded and checked: the only input of a run.
 *
 * One struct scenario is one (sweep point, alternative): everything is set in it. Read-only once
 * made; it owns every string, list and struct that it points to (struct plan owns the scenarios).
 * Never opens a file: documents come from document.h, tables from models/.
 */
#ifndef APP_SCENARIO_H
#define APP_SCENARIO_H

#include <jansson.h>
#include <stdint.h>

#include "app/decode.h"
#include "app/metric.h"
#include "models/cost.h"
#include "models/idle.h"
#include "models/sched_fair.h"
#include "models/topology.h"
#include "models/vm.h"
#include "models/workload/workload.h"
#include "sim/ps.h"

/* How much longer a step takes while the core's other thread is busy, as a platform states it. */
struct smt_slowdown {
	uint32_t factor_ppm;		/* 1600000: 1.6 times as long; 0: null, none */
	int kind;			/* enum cost_kind */
	const char *source;
	uint32_t uncertainty_ppm;	/* 0: not stated */
};

struct platform {
	const char *name;
	int arch;			/* enum arch */
	uint64_t clock_hz;		/* 0: none, "cy" durations are errors */
	struct topology topology;
	struct idle_config idle;	/* enabled: every state; the scenario chooses among them */
	struct smt_slowdown smt_slowdown;
	struct cost_entry costs[NR_COSTS];
};

struct expect {
	const char *alternative;	/* NULL: every alternative */
	const char *name;		/* of the metric, as it is written */
	struct metric metric;
	uint64_t min, max;		/* inclusive, in its unit; 0 and UINT64_MAX: not given */
};

/* How much a metric may get worse against the baseline. */
struct scenario_limit {
	struct metric metric;
	uint32_t ppm;			/* of the baseline's value */
};

struct scenario {
	uint32_t format;		/* of the file: 1 */
	const char *name;
	const char *question;		/* NULL: not given */
	const char *source;		/* NULL: not given */
	struct platform platform;
	uint32_t nr_pcpus;		/* of the host; at most what the platform's topology has */
	uint32_t kernel;		/* KERNEL(major, minor) */
	uint32_t idle_enabled;		/* bit per idle state of the platform */
	ps_t tick_ps;			/* 0: as if not stated */
	uint32_t probes;		/* bit per enum probe: kernel functions that are traced */
	struct fair_params sched;	/* 0: the kernel's default; see scenario_sched() */
	uint32_t nr_vms;
	const struct vm_config *vms;
	uint32_t nr_workloads;
	const struct workload_config *workloads;
	uint32_t nr_replications;
	uint64_t seed;
	bool warmup_detect;		/* interrupts and time are the least */
	uint64_t warmup_interrupts;
	ps_t warmup_ps;
	uint64_t stop_interrupts;	/* UINT64_MAX: no such limit */
	ps_t stop_window_ps;		/* 0: no such limit */
	ps_t stop_time_ps;
	const char *metric;		/* a word of metric_latency_words, or a metric */
	uint32_t nr_expects;
	const struct expect *expects;
	uint32_t nr_limits;
	const struct scenario_limit *limits;
};

/* The name of the one alternative of a scenario that states none. */
#define SCENARIO_BASELINE "baseline"

extern const struct field_table scenario_table;
extern const struct field_table routes_table, route_table_head, workload_head;	/* for the schema */
extern const struct field_table expect_table;

/* The rows that a workload of this type has before those of its type. */
const struct field_table *workload_head_of(const struct workload_ops *ops);

/*
 * Brings a tree into its effective form and decodes it; adds every mistake to the decoder. The
 * result lives in the decoder's arena, and is good for a run only when there was no mistake.
 */
const struct scenario *scenario_decode(struct decoder *decoder, json_t *tree);

/*
 * Where the pCPUs of a VM begin: behind the vCPUs of the VMs before that do not float; of one that
 * floats, which only begins there, behind all before.
 */
uint32_t scenario_first_pcpu(const struct scenario *scenario, uint32_t vm_index);

/* Workloads that raise interrupts: those of guests. */
uint32_t scenario_nr_flows(const struct scenario *scenario);

/* What the host's scheduler goes by: what the scenario states, else the defaults of its kernel. */
struct fair_params scenario_sched(const struct scenario *scenario);

/* The pCPU that a vCPU is pinned to; the VM does not float. */
uint32_t scenario_pcpu(const struct scenario *scenario, uint32_t vm_index, uint32_t vcpu_index);

#endif
