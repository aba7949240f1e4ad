/*
 * published - numbers that others have published, and what of a scenario corresponds to each.
 *
 * One row says what was measured, by whom, and which metric of which case should come out like it.
 * Decoded with the scenario, owned by its plan. Holds no simulated value: validate and calibrate
 * run the plan and compare. The commands that answer the scenario's own question ignore the rows.
 */
#ifndef APP_PUBLISHED_H
#define APP_PUBLISHED_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "app/decode.h"
#include "app/metric.h"

struct plan;

enum published_role {
	ROLE_CALIBRATION,	/* a cost or a constant was chosen by it */
	ROLE_PREDICTION,	/* nothing was */
	ROLE_RECALLED,		/* the publication was not at hand: told, and counts for nothing */
	NR_PUBLISHED_ROLES
};

extern const char *const published_role_words[];	/* NULL-terminated */

/* A constant of the scenario, not of its platform, that was chosen by a row. */
struct published_fit {
	const char *name;	/* the same in every scenario that has this constant */
	const char *pointer;	/* where it stands in the effective scenario */
};

/* Row of a plan that --only or --set has left without its case. */
#define PUBLISHED_NOWHERE UINT32_MAX

struct published {
	const char *id;		/* of the publication: several rows may share it */
	const char *what;	/* which of its numbers, unique with the id */
	const char *alternative;	/* NULL: the only one */
	json_t *point;		/* {pointer: value}, what the sweep must have; may say less */
	const char *metric_name;
	struct metric metric;
	uint64_t low, high;	/* the published value, in the unit of the metric; never 0 */
	uint32_t spread_ppm;	/* as published; 0: not stated */
	int role;		/* enum published_role */
	const char *source;
	const char *reason;	/* why a miss is understood; NULL: nothing is said */
	uint32_t nr_fits;
	const struct published_fit *fits;
	uint32_t case_index;	/* of the plan, or PUBLISHED_NOWHERE */
};

/* What the cases of a plan are made of: arrays of struct variation. */
struct published_cases {
	GArray *alternatives, *sweep;
};

extern const struct field_table published_table;

/*
 * Decodes "published" of a scenario into the decoder's arena; *ret_nr rows. cases: each row must
 * name exactly one of them; NULL: not checked. The rows borrow `point` from the tree.
 */
struct published *published_decode(struct decoder *decoder, json_t *tree,
				   const struct published_cases *cases, uint32_t *ret_nr);

/* Finds the case of each row of a plan that has its cases. */
void published_resolve(struct plan *plan);

/*
 * How far a simulated value is from the published one, as a share of the nearer end of its range,
 * positive above; 0 within. Rounded half away from 0.
 */
int64_t published_error_ppm(const struct published *published, uint64_t simulated);

#endif
