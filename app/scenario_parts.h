/*
 * scenario_parts - the pieces of scenario_decode(), each in its own file.
 *
 * Called by scenario.c only. All report to the decoder; the decoder's pointer is the scenario's.
 */
#ifndef APP_SCENARIO_PARTS_H
#define APP_SCENARIO_PARTS_H

#include "app/scenario.h"

/* Entries of an array of min to max of them; 0 after a mistake. At the decoder's pointer. */
size_t decode_array(struct decoder *decoder, const json_t *value, size_t min, size_t max);

/* The rows of "host", and what they cannot say. good: the platform has no mistake. */
extern const struct field_table host_table;
void scenario_decode_host(struct decoder *decoder, const json_t *value, bool good,
			  struct scenario *ret);

/* Arrays of the scenario into its struct; value may be NULL. Platform and host are decoded. */
void scenario_decode_vms(struct decoder *decoder, json_t *value, struct scenario *ret);
void scenario_decode_workloads(struct decoder *decoder, json_t *value, struct scenario *ret);
void scenario_decode_expects(struct decoder *decoder, json_t *tree, struct scenario *ret);

/* "limits"; value may be NULL. */
void scenario_decode_limits(struct decoder *decoder, const json_t *value, struct scenario *ret);

/* "metric" names an interval or a metric. */
void scenario_check_metric(struct decoder *decoder, const struct scenario *scenario);

/* Metrics of the scenario name workloads, VMs and pCPUs that it has. Everything is decoded. */
void scenario_check_metrics(struct decoder *decoder, const struct scenario *scenario);

/* What several values must agree on. Everything is decoded, without a mistake. */
void scenario_check(struct decoder *decoder, const struct scenario *scenario);

#endif
