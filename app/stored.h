/*
 * stored - a result file or a baseline, read back: what a comparison knows of either side.
 *
 * Of the cases only what is compared: their runs' fingerprints and ends, and the values of their
 * metrics. Trusts nothing in the file. Read-only once made; freed by whoever asked for it.
 */
#ifndef APP_STORED_H
#define APP_STORED_H

#include <glib.h>
#include <jansson.h>
#include <stdint.h>

#include "app/metric.h"
#include "app/mistakes.h"
#include "app/world.h"

enum { STORED_BYTES_MAX = 256 * 1024 * 1024 };

struct stored_metric {
	const char *name;
	struct metric metric;	/* of a name that this version does not know the unit alone */
	enum metric_better better;
	int64_t *values;	/* by replication, NO_VALUE where a run has none */
};

struct stored_run {
	const char *fingerprint;	/* "f1:..." */
	enum run_end end;
};

/* Strings and trees are those of the document. */
struct stored_case {
	char *key;		/* the same for the same point and alternative, in every file */
	const json_t *point;
	const char *alternative, *seed;
	uint32_t nr_replications;
	struct stored_run *runs;	/* by replication */
	guint nr_metrics;
	struct stored_metric *metrics;
	GHashTable *by_name;	/* name -> struct stored_metric */
};

struct stored {
	struct document *document;
	const char *name, *version, *sha256;
	json_t *effective;
	guint nr_cases;
	struct stored_case *cases;
	GHashTable *by_key;	/* key -> struct stored_case */
};

/* NULL: what is wrong is in mistakes. */
struct stored *stored_load(const char *path, struct mistakes *mistakes);

/* The same of a text in memory, shown as `file`. */
struct stored *stored_parse(const char *file, const char *text, size_t length,
			    struct mistakes *mistakes);

void stored_free(struct stored *stored);

/* NULL: there is none. */
const struct stored_case *stored_find_case(const struct stored *stored, const char *key);
const struct stored_metric *stored_find_metric(const struct stored_case *stored_case,
					       const char *name);

#endif
