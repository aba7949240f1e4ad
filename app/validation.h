/*
 * validation - published numbers of many scenarios beside what the simulator says.
 *
 * Made by validation_new(), filled by validation_run(), freed by validation_free(). Owns plans and
 * reports; rows borrow from the plans. Prints nothing and writes no file.
 */
#ifndef APP_VALIDATION_H
#define APP_VALIDATION_H

#include <glib.h>
#include <jansson.h>

#include "app/commands.h"
#include "app/published.h"
#include "app/report.h"

enum verdict {
	VERDICT_WITHIN,		/* the error is within the limit of the role */
	VERDICT_MISSED,
	VERDICT_EXPLAINED,	/* missed, and a reason is written */
	VERDICT_RECALLED,	/* not judged */
};

extern const char *const verdict_words[];	/* NULL-terminated */

/* The largest error of each role that is within. */
enum { CALIBRATION_LIMIT_PPM = 50000, PREDICTION_LIMIT_PPM = 200000 };

/* One fitted number may stand for no fewer numeric rows (calibration and prediction). */
enum { ROWS_PER_FIT = 3 };

struct validation_row {
	const struct plan *plan;
	const struct published *published;
	struct estimate simulated;	/* n = 0: the case has no such value */
	int64_t error_ppm;
	enum verdict verdict;
};

/* A cost that was fitted, of a platform, or a constant of scenarios that was. */
struct validation_fit {
	char *place;		/* the platform; of a constant the first scenario that has it */
	char *name;
	json_t *value;		/* as it is written */
	bool is_cost;
};

/* What the rows of one role say together. */
struct validation_sum {
	guint nr_rows, nr_within, nr_explained, nr_missed;
	guint nr_errors;		/* rows that have a simulated value */
	uint64_t mean_ppm;		/* of the absolute errors, rounded half up */
	const struct validation_row *worst;	/* largest absolute error, the first of several */
};

struct validation {
	GPtrArray *plans;		/* struct plan, in the order of their files */
	GPtrArray *reports;		/* struct report of each, after validation_run() */
	GArray *rows;			/* struct validation_row, plan by plan */
	GArray *fits;			/* struct validation_fit: costs, then constants */
	bool whole;			/* all scenarios are in it: the fits can be counted */
};

/* The scenario of that name, or all. NULL and *error: every mistake of one scenario, or of two. */
struct validation *validation_new(const char *name, GError **error);
void validation_free(struct validation *validation);

/* Runs everything and judges the rows. False and *error as execution_run(). */
bool validation_run(struct validation *validation, const struct validate_options *options,
		    GError **error);

struct validation_sum validation_sum(const struct validation *validation, int role);

/* Rows that count: calibration and prediction. */
guint validation_nr_rows(const struct validation *validation);

static inline const struct validation_row *validation_row(const struct validation *validation,
							  guint index)
{
	return &g_array_index(validation->rows, struct validation_row, index);
}

static inline const char *validation_alternative(const struct validation_row *row)
{
	return row->plan->alternatives[row->plan->cases[row->published->case_index]
				       .alternative_index];
}

static inline const json_t *validation_point(const struct validation_row *row)
{
	return row->plan->points[row->plan->cases[row->published->case_index].point_index];
}

#endif
