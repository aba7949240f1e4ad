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
#include "models/topology.h"
#include "models/vm.h"
#include "models/workload/workload.h"
#include "sim/ps.h"

struct platform {
	const char *name;
	int arch;			/* enum arch */
	uint64_t clock_hz;		/* 0: none, "cy" durations are errors */
	struct topology topology;
	struct cost_entry costs[NR_COSTS];
};

struct expect {
	const char *alternative;	/* NULL: every alternative */
	const char *name;		/* of the metric, as it is written */
	struct metric metric;
	uint64_t min, max;		/* inclusive, in its unit; 0 and UINT64_MAX: not given */
};

struct scenario {
	uint32_t format;		/* of the file: 1 */
	const char *name;
	const char *question;		/* NULL: not given */
	const char *source;		/* NULL: not given */
	struct platform platform;
	uint32_t nr_pcpus;		/* of the host; at most what the platform's topology has */
	uint32_t kernel;		/* KERNEL(major, minor) */
	uint32_t nr_vms;
	const struct vm_config *vms;
	uint32_t nr_workloads;
	const struct workload_config *workloads;
	uint32_t nr_replications;
	uint64_t seed;
	uint64_t warmup_interrupts;
	uint64_t stop_interrupts;
	ps_t stop_time_ps;
	const char *metric;		/* a word of metric_latency_words */
	uint32_t nr_expects;
	const struct expect *expects;
};

/* The name of the one alternative of a scenario that states none. */
#define SCENARIO_BASELINE "baseline"

extern const struct field_table scenario_table;
extern const struct field_table routes_table, route_table_head, workload_head;	/* for the schema */
extern const struct field_table expect_table;

/*
 * Brings a tree into its effective form and decodes it; adds every mistake to the decoder. The
 * result lives in the decoder's arena, and is good for a run only when there was no mistake.
 */
const struct scenario *scenario_decode(struct decoder *decoder, json_t *tree);

/* The pCPU that a vCPU is pinned to. One-to-one goes on behind the vCPUs of the VMs before. */
uint32_t scenario_pcpu(const struct scenario *scenario, uint32_t vm_index, uint32_t vcpu_index);

#endif
