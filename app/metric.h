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

enum metric_of {
	METRIC_LATENCY,		/* KIND.STAT */
	METRIC_STAGE,		/* stage.STAGE.STAT */
	METRIC_FLOW,		/* flow.NAME.KIND.STAT */
	METRIC_LOCK_WAIT,	/* lock.NAME.wait.STAT */
	METRIC_LOCK_HOLD,	/* lock.NAME.hold.STAT */
	METRIC_LOCK_CONTENDED,	/* lock.NAME.contended */
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

enum metric_scalar {
	SCALAR_EXITS_PER_INTERRUPT,
	SCALAR_IPIS_PER_INTERRUPT,
	SCALAR_COALESCED_RATIO,
	SCALAR_RAISED_PER_S,
	SCALAR_HANDLED_PER_S,
	SCALAR_CONTEXT_SWITCHES_PER_S,
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
	int index;		/* enum metric_latency, stage or metric_scalar, by of */
	enum metric_stat stat;	/* of durations */
	char name[65];		/* METRIC_FLOW, METRIC_LOCK_*: NAME */
};

/* One row per form of a name, for `irqsim list metrics`. */
struct metric_form {
	const char *form;
	const char *unit;
	const char *meaning;
};

extern const char *const metric_latency_words[];	/* NULL-terminated, enum metric_latency */
extern const char *const metric_stage_words[];		/* NULL-terminated, in order of life */
extern const char *const metric_scalar_words[];		/* NULL-terminated, enum metric_scalar */
extern const char *const metric_stat_words[];		/* NULL-terminated, enum metric_stat */
extern const char *const metric_unit_words[];		/* "ps", "ppm", "per_s" */
extern const struct metric_form metric_forms[];
extern const size_t nr_metric_forms;

/* True, and *ret filled, when text is the name of a metric. A lock or flow need not exist. */
bool metric_parse(const char *text, struct metric *ret);

/* The metric's name as metric_parse() takes it; the caller frees it. */
char *metric_name(const struct metric *metric);

/* Names to suggest for a typo: every name without a free part. The caller frees the array. */
GPtrArray *metric_known_names(void);

#endif
