/*
 * metric - the names of what a run measures: "deliver.p99", "lock.irq_lock.wait.mean".
 *
 * The grammar that scenarios (expect), result files, tables and figures share. Never holds a
 * measured value.
 */
#ifndef APP_METRIC_H
#define APP_METRIC_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum metric_of {
	METRIC_LATENCY,		/* KIND.STAT */
	METRIC_STAGE,		/* stage.STAGE.STAT */
	METRIC_FLOW,		/* flow.NAME.KIND.STAT */
	METRIC_FLOW_STATE,	/* flow.NAME.STATE.STAT */
	METRIC_LOCK_WAIT,	/* lock.NAME.wait.STAT */
	METRIC_LOCK_HOLD,	/* lock.NAME.hold.STAT */
	METRIC_LOCK,		/* lock.NAME.contended, ... */
	METRIC_LINE_PASS,	/* line.NAME.pass.STAT */
	METRIC_VM,		/* vm.NAME.steal, ... */
	METRIC_PCPU,		/* pcpu.ID.busy */
	METRIC_SCALAR,		/* exits_per_interrupt, ... */
};

/* The intervals of an interrupt's life that are measured, in the order of the result file. */
enum metric_latency {
	LATENCY_INJECT,
	LATENCY_DELIVER,
	LATENCY_COMPLETE,
	LATENCY_ACK,
	LATENCY_SOURCE_WAIT,
	NR_METRIC_LATENCIES
};

enum metric_lock {
	LOCK_METRIC_CONTENDED,
	LOCK_METRIC_UTILIZATION,
	LOCK_METRIC_ACQUIRED_PER_S,
	NR_METRIC_LOCKS
};

enum metric_vm {
	VM_METRIC_STEAL,
	VM_METRIC_PIECES_PER_S,
	NR_METRIC_VMS
};

enum metric_pcpu { PCPU_METRIC_BUSY, NR_METRIC_PCPUS };

enum metric_scalar {
	SCALAR_EXITS_PER_INTERRUPT,
	SCALAR_IPIS_PER_INTERRUPT,
	SCALAR_COALESCED_RATIO,
	SCALAR_RAISED_PER_S,
	SCALAR_HANDLED_PER_S,
	SCALAR_CONTEXT_SWITCHES_PER_S,
	SCALAR_WAKEUPS_PER_S,
	NR_METRIC_SCALARS
};

enum metric_stat {
	STAT_MEAN,
	STAT_P50,
	STAT_P90,
	STAT_P99,
	STAT_P999,
	STAT_MIN,
	STAT_MAX,
	NR_METRIC_STATS
};

enum metric_unit { UNIT_PS, UNIT_PPM, UNIT_PER_S };

struct metric {
	enum metric_of of;
	enum metric_unit unit;
	int index;		/* enum metric_latency, stage, target_state, metric_..., by of */
	enum metric_stat stat;	/* of durations */
	char name[65];		/* METRIC_FLOW*, _LOCK*, _LINE*, _VM: NAME; _PCPU: ID */
};

/* Which values of a metric are the better ones. */
enum metric_better { LESS_IS_BETTER, MORE_IS_BETTER };

/* One row per form of a name, for `irqsim list metrics`. */
struct metric_form {
	const char *form;
	const char *unit;
	enum metric_better better;
	const char *meaning;
};

extern const char *const metric_latency_words[];	/* NULL-terminated, enum metric_latency */
extern const char *const metric_stage_words[];		/* NULL-terminated, in order of life */
extern const char *const metric_state_words[];		/* NULL-terminated, enum target_state */
extern const char *const metric_lock_words[];		/* NULL-terminated, enum metric_lock */
extern const char *const metric_vm_words[];		/* NULL-terminated, enum metric_vm */
extern const char *const metric_pcpu_words[];		/* NULL-terminated, enum metric_pcpu */
extern const char *const metric_scalar_words[];		/* NULL-terminated, enum metric_scalar */
extern const char *const metric_stat_words[];		/* NULL-terminated, enum metric_stat */
extern const char *const metric_unit_words[];		/* "ps", "ppm", "per_s" */
extern const char *const metric_better_words[];		/* "less", "more" */
extern const struct metric_form metric_forms[];
extern const size_t nr_metric_forms;

/* True, and *ret filled, when text is the name of a metric. Its NAME need not exist. */
bool metric_parse(const char *text, struct metric *ret);

/* Is it a num/den quantile of a duration? */
bool metric_percentile(const struct metric *metric, uint32_t *ret_num, uint32_t *ret_den);

/* Is it of a duration, and has a STAT? */
bool metric_is_duration(const struct metric *metric);

/* The pCPU that a METRIC_PCPU is about. */
uint32_t metric_pcpu_id(const struct metric *metric);

/* What the metric means, without its STAT. */
const char *metric_meaning(const struct metric *metric);

enum metric_better metric_better(const struct metric *metric);

/* The metric's name as metric_parse() takes it; the caller frees it. */
char *metric_name(const struct metric *metric);

/* Names to suggest for a typo: every name without a free part. The caller frees the array. */
GPtrArray *metric_known_names(void);

#endif
