/*
 * calibration - the free costs of a platform fitted to the published rows of its scenarios.
 *
 * What `irqsim calibrate` works on: the platform's file, the validation scenarios that name the
 * platform, their rows of role calibration, the costs with `fit`. Rows of other roles never enter.
 * Made by calibration_new(), freed by calibration_free(). Prints nothing and writes no file.
 */
#ifndef APP_CALIBRATION_H
#define APP_CALIBRATION_H

#include <glib.h>

#include "app/fit.h"
#include "app/plan.h"
#include "app/published.h"
#include "app/validation.h"

/*
 * Costs are multiples of this many picoseconds. What is published is a whole nanosecond, and the
 * smallest cost enters it some 64 times (a walk over 64 vCPUs): half of 1 ns / 64.
 */
enum { CALIBRATION_GRID_PS = 8 };

struct calibration_row {
	const struct published *published;
	const struct plan *plan;
	uint64_t before, after;		/* simulated, in the metric's unit; 0: there is no value */
};

struct calibration_cost {
	enum cost_id id;
	const struct cost_entry *entry;	/* as the platform's file has it */
};

struct calibration {
	char *name;			/* of the platform */
	char *path;			/* of its file */
	GString *text;			/* of the file */
	struct document *document;	/* the text, parsed */
	GPtrArray *plans;		/* struct plan: of the scenarios with such rows */
	GArray *rows;			/* struct calibration_row, plan by plan */
	GArray *costs;			/* struct calibration_cost, in the order of cost.h */
	/* After calibration_fit(); rows and bounds are in the order of the arrays above. */
	struct fit_problem problem;
	struct fit *fit;
	uint32_t nr_evaluations;	/* with the one for `before` */
};

/*
 * platform: a name, or the path of a file NAME.json. NULL and *error: an unknown platform, a broken
 * input, no free cost, no row to fit it to.
 */
struct calibration *calibration_new(const char *platform, GError **error);
void calibration_free(struct calibration *calibration);

/* Finds the costs; fills before and after. False and *error when memory ended it. */
bool calibration_fit(struct calibration *calibration, uint32_t nr_workers, GError **error);

/* Are all free costs determined by the rows? */
bool calibration_is_determined(const struct calibration *calibration);

/* The file's text with the fitted costs: cost, kind, source. g_string_free() the result. */
GString *calibration_text(const struct calibration *calibration);

/* The source of a fitted cost: the rows that see it. The caller frees it. */
char *calibration_source(const struct calibration *calibration, guint cost);

/* As validate judges the row. */
enum verdict calibration_verdict(const struct calibration_row *row);

/* For people, and for programs. g_string_free() the result. written: the file; NULL: none. */
GString *calibration_show_text(const struct calibration *calibration);
GString *calibration_show_json(const struct calibration *calibration, const char *written);

static inline struct calibration_row *calibration_row(const struct calibration *calibration,
						      guint index)
{
	return &g_array_index(calibration->rows, struct calibration_row, index);
}

static inline const struct calibration_cost *
calibration_cost(const struct calibration *calibration, guint index)
{
	return &g_array_index(calibration->costs, struct calibration_cost, index);
}

#endif
