/*
 * limits - how much a metric may get worse: of the scenario ("limits"), or of the command line.
 *
 * A limit is a share of the old value. Once there is one, only metrics with limits decide.
 */
#ifndef APP_LIMITS_H
#define APP_LIMITS_H

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "app/mistakes.h"

struct limit {
	char *metric;
	uint32_t ppm;		/* of the old value */
};

/* An array of struct limit, each metric once; g_array_unref() it. */
GArray *limits_new(void);

/*
 * Adds those of --fail METRIC:LIMIT (NULL-terminated; NULL: none), of which the last one of a
 * metric counts. What is wrong goes to mistakes.
 */
void limits_add_options(GArray *limits, const char *const *fails, struct mistakes *mistakes);

/* Adds the "limits" of an effective scenario, but for metrics that have one already. */
void limits_add_scenario(GArray *limits, const json_t *effective);

/* NULL: the metric has none. */
const struct limit *limits_find(const GArray *limits, const char *metric);

#endif
