/*
 * judge - from two results to an entry of the gate: what check and compare do alike.
 */
#ifndef APP_JUDGE_H
#define APP_JUDGE_H

#include "app/commands.h"
#include "app/gate.h"
#include "app/mistakes.h"

/* Bad --fail options, each alone, go to mistakes. */
void judge_check_options(const struct judge_options *options, struct mistakes *mistakes);

/*
 * Metrics of --fail that none of these results (struct stored) has: mistakes, with the nearest name
 * that one of them has.
 */
void judge_check_metrics(const struct judge_options *options, const GPtrArray *results,
			 struct mistakes *mistakes);

/*
 * Is every metric of the scenario's limits one that either side has? Else sets problem and status
 * of the entry, whose old side may be missing.
 */
bool judge_check_limits(struct gate_entry *entry);

/*
 * Compares entry->old with entry->new, by the limits of the new one's scenario and of the options;
 * fills problem or comparison, and the status. partial: new has fewer cases on purpose.
 */
void judge_entry(struct gate_entry *entry, const struct judge_options *options, bool partial);

/* The answer on stdout. */
void judge_print(const GPtrArray *entries, enum output_format format);

/* The problems of the entries, as the error that goes with their status. */
void judge_set_error(const GPtrArray *entries, GError **error);

#endif
