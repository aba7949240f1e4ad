/*
 * variation - the alternatives and the sweep of a scenario, as lists of settings.
 *
 * Decoded once per scenario file; owned by the plan that loads.
 */
#ifndef APP_VARIATION_H
#define APP_VARIATION_H

#include "app/setting.h"

enum { RUNS_MAX = 100000 };

/* One alternative, or the values of one key of the sweep. */
struct variation {
	char *name;		/* of the alternative, or the pointer that is swept */
	GArray *settings;	/* struct setting, in the order of the file */
};

/* Arrays of struct variation; free each with g_array_unref(). Mistakes go to the decoder. */
GArray *variation_decode_alternatives(struct decoder *decoder, json_t *tree);
GArray *variation_decode_sweep(struct decoder *decoder, json_t *tree);

/* The product of the lengths of all sweep lists, at most RUNS_MAX + 1. */
uint64_t variation_nr_points(const GArray *sweep);

/* The setting that sweep key `key_index` has at a point; the first key is outermost. */
const struct setting *variation_at_point(const GArray *sweep, guint key_index, uint64_t point);

extern const struct field_table alternative_table;

#endif
