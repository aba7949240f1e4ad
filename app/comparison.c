#include "app/comparison.h"

#include <string.h>

const char *const change_words[] = {
	[CHANGE_SAME] = "same",
	[CHANGE_BETTER] = "better",
	[CHANGE_WORSE] = "worse",
	[CHANGE_INCONCLUSIVE] = "inconclusive",
	[CHANGE_NOT_COMPARABLE] = "not comparable",
};

const char *const behaviour_words[] = {
	[BEHAVIOUR_SAME] = "same",
	[BEHAVIOUR_CHANGED] = "changed",
	[BEHAVIOUR_UNKNOWN] = "unknown",
};

/* --- one metric ---------------------------------------------------------------------------- */

static bool has_value(const struct stored_metric *metric, uint32_t nr_pairs)
{
	for (uint32_t r = 0; metric && r < nr_pairs; r++)
		if (metric->values[r] != NO_VALUE)
			return true;
	return false;
}

static struct estimate estimate_of(const struct stored_metric *metric, uint32_t nr_pairs)
{
	int64_t *values = g_new(int64_t, nr_pairs);
	struct estimate estimate;
	uint32_t n = 0;

	for (uint32_t r = 0; metric && r < nr_pairs; r++)
		if (metric->values[r] != NO_VALUE)
			values[n++] = metric->values[r];
	estimate = estimate_from(values, n);
	g_free(values);
	return estimate;
}

/* The values that both sides have, of replications that both sides have. */
static void estimate_pairs(struct comparison_row *row, const struct stored_metric *old,
			   const struct stored_metric *new, uint32_t nr_pairs)
{
	int64_t *values = g_new(int64_t, 3 * (gsize)nr_pairs), largest = 0;
	uint32_t n = 0, num, den;

	for (uint32_t r = 0; r < nr_pairs; r++) {
		bool one = (old->values[r] == NO_VALUE) != (new->values[r] == NO_VALUE);

		row->differs = row->differs || one || old->values[r] != new->values[r];
		if (old->values[r] == NO_VALUE || new->values[r] == NO_VALUE)
			continue;
		values[n] = old->values[r];
		values[nr_pairs + n] = new->values[r];
		values[2 * (gsize)nr_pairs + n] = new->values[r] - old->values[r];
		largest = MAX(largest, MAX(old->values[r], new->values[r]));
		n++;
	}
	if (n) {
		row->old = estimate_from(values, n);
		row->new = estimate_from(values + nr_pairs, n);
		row->change = estimate_from(values + 2 * (gsize)nr_pairs, n);
		if (metric_percentile(&row->metric, &num, &den))
			row->change = estimate_of_buckets(row->change, (uint64_t)largest);
	}
	g_free(values);
}

/* Of replications that both sides have. old or new may be NULL. False: neither has a value. */
static bool compare_metric(struct comparison_row *row, const struct stored_metric *old,
			   const struct stored_metric *new, uint32_t nr_pairs)
{
	const struct stored_metric *any = new ? new : old;

	*row = (struct comparison_row){
		.name = any->name, .metric = any->metric, .better = any->better,
		.in_old = has_value(old, nr_pairs), .in_new = has_value(new, nr_pairs),
	};
	row->old = estimate_of(old, nr_pairs);
	row->new = estimate_of(new, nr_pairs);
	if (row->in_old && row->in_new && old->metric.unit == new->metric.unit)
		estimate_pairs(row, old, new, nr_pairs);
	else
		row->differs = true;
	return row->in_old || row->in_new;
}

static void judge(struct comparison_row *row, const struct comparison_rules *rules)
{
	const struct limit *limit = limits_find(rules->limits, row->name);

	row->limited = limit != NULL;
	row->limit_ppm = limit ? limit->ppm : 0;
	/* what the old side did not measure yet is no change */
	row->decides = rules->limits->len ? row->limited : row->in_old;
	comparison_judge(row, rules->two_sided);
}

/* --- causes -------------------------------------------------------------------------------- */

static int64_t change_of(void *user, const char *name)
{
	const struct comparison_case *comparison_case = user;

	for (guint i = 0; i < comparison_case->nr_rows; i++)
		if (strcmp(comparison_case->rows[i].name, name) == 0)
			return comparison_case->rows[i].change.value;
	return 0;
}

/*
 * The interval whose stages are known: of a flow those of all interrupts stand for its own. Only
 * some interrupts are acknowledged: what changes that can be seen only where there is one flow.
 */
static const char *interval_of(const struct comparison_row *row, bool one_flow)
{
	enum metric_latency kind = (enum metric_latency)row->metric.index;

	if (row->metric.of != METRIC_LATENCY && row->metric.of != METRIC_FLOW)
		return NULL;
	if (row->metric.unit != UNIT_PS || (kind == LATENCY_ACK && !one_flow))
		return NULL;
	if (kind != LATENCY_DELIVER && kind != LATENCY_COMPLETE && kind != LATENCY_ACK)
		return NULL;
	return metric_latency_words[kind];
}

static void find_causes(struct comparison_case *comparison_case)
{
	bool one_flow = true;

	for (guint i = 0; i < comparison_case->nr_rows; i++)
		if (comparison_case->rows[i].metric.of == METRIC_FLOW)
			one_flow = false;
	for (guint i = 0; i < comparison_case->nr_rows; i++) {
		struct comparison_row *row = &comparison_case->rows[i];
		const char *interval = interval_of(row, one_flow);
		bool changed = row->verdict == CHANGE_WORSE || row->verdict == CHANGE_BETTER;

		if (changed && interval)
			row->cause = cause_find(interval, row->change.value < 0 ? -1 : 1, change_of,
						comparison_case);
	}
}

/* --- one case ------------------------------------------------------------------------------ */

/* The n of "fn:". */
static bool same_kind(const char *a, const char *b)
{
	size_t length = strcspn(a, ":");

	return length == strcspn(b, ":") && strncmp(a, b, length) == 0;
}

static bool ends_badly(enum run_end end)
{
	return end == RUN_DEADLOCK || end == RUN_STARVED;
}

static void compare_runs(struct comparison_case *ret, const struct stored_case *old,
			 const struct stored_case *new)
{
	ret->behaviour = BEHAVIOUR_SAME;
	for (uint32_t r = 0; r < ret->nr_pairs; r++) {
		const struct stored_run *before = &old->runs[r], *after = &new->runs[r];

		if (!same_kind(before->fingerprint, after->fingerprint))
			ret->behaviour = BEHAVIOUR_UNKNOWN;
		else if (strcmp(before->fingerprint, after->fingerprint) != 0 &&
			 ret->behaviour == BEHAVIOUR_SAME)
			ret->behaviour = BEHAVIOUR_CHANGED;
		if (ends_badly(after->end) && !ends_badly(before->end)) {
			ret->nr_worse_ends++;
			ret->worse_end = after->end;
		}
	}
}

static void compare_metrics(struct comparison_case *ret, const struct stored_case *old,
			    const struct stored_case *new)
{
	ret->rows = g_new0(struct comparison_row, (gsize)old->nr_metrics + new->nr_metrics);
	for (guint i = 0; i < old->nr_metrics; i++) {
		const struct stored_metric *metric = &old->metrics[i];

		if (compare_metric(&ret->rows[ret->nr_rows], metric,
				   stored_find_metric(new, metric->name), ret->nr_pairs))
			ret->nr_rows++;
	}
	for (guint i = 0; i < new->nr_metrics; i++) {
		const struct stored_metric *metric = &new->metrics[i];

		if (!stored_find_metric(old, metric->name) &&
		    compare_metric(&ret->rows[ret->nr_rows], NULL, metric, ret->nr_pairs))
			ret->nr_rows++;
	}
}

/* A value that is there for the first time is no difference in what was measured before. */
static void compare_case(struct comparison_case *ret, const struct stored_case *old,
			 const struct stored_case *new, const struct comparison_rules *rules)
{
	*ret = (struct comparison_case){
		.point = new->point, .alternative = new->alternative, .in_old = true,
		.in_new = true, .nr_pairs = MIN(old->nr_replications, new->nr_replications),
	};
	compare_runs(ret, old, new);
	compare_metrics(ret, old, new);
	for (guint i = 0; i < ret->nr_rows; i++) {
		struct comparison_row *row = &ret->rows[i];

		judge(row, rules);
		if (ret->behaviour == BEHAVIOUR_SAME && row->differs && row->in_old)
			ret->measured_differently = true;
	}
	find_causes(ret);
}

/* --- all cases ----------------------------------------------------------------------------- */

static void count_case(struct comparison *comparison, const struct comparison_case *counted)
{
	for (guint i = 0; i < counted->nr_rows; i++) {
		const struct comparison_row *row = &counted->rows[i];

		comparison->nr_rows[row->verdict]++;
		comparison->nr_differing += row->differs && row->in_old;
		comparison->nr_new += !row->in_old;
		comparison->nr_failing += row->fails;
		comparison->nr_undecided += row->decides &&
					    (row->verdict == CHANGE_INCONCLUSIVE ||
					     row->verdict == CHANGE_NOT_COMPARABLE);
	}
	comparison->nr_behaviours[counted->behaviour]++;
	comparison->nr_failing += counted->measured_differently;
	comparison->nr_failing += counted->nr_worse_ends > 0;
}

static void add_one_sided(struct comparison *comparison, const struct stored_case *row, bool is_old)
{
	comparison->cases[comparison->nr_cases++] = (struct comparison_case){
		.point = row->point, .alternative = row->alternative, .in_old = is_old,
		.in_new = !is_old,
	};
}

/* Cases that can be compared: of the same seed. */
static void compare_cases(struct comparison *comparison, const struct comparison_rules *rules)
{
	const struct stored *old = comparison->old, *new = comparison->new;

	comparison->cases = g_new0(struct comparison_case, (gsize)old->nr_cases + new->nr_cases);
	for (guint i = 0; i < old->nr_cases; i++) {
		const struct stored_case *before = &old->cases[i];
		const struct stored_case *after = stored_find_case(new, before->key);
		struct comparison_case *ret = &comparison->cases[comparison->nr_cases];

		if (after && strcmp(before->seed, after->seed) == 0) {
			compare_case(ret, before, after, rules);
			count_case(comparison, ret);
			comparison->nr_cases++;
		} else if (!rules->partial) {
			add_one_sided(comparison, before, true);
			comparison->nr_undecided++;
		}
	}
	for (guint i = 0; i < new->nr_cases; i++) {
		const struct stored_case *before = stored_find_case(old, new->cases[i].key);

		if (!before || strcmp(before->seed, new->cases[i].seed) != 0)
			add_one_sided(comparison, &new->cases[i], false);
	}
}

static bool has_deciding(const struct comparison *comparison)
{
	for (guint c = 0; c < comparison->nr_cases; c++)
		for (guint i = 0; i < comparison->cases[c].nr_rows; i++)
			if (comparison->cases[c].rows[i].decides)
				return true;
	return false;
}

static void conclude(struct comparison *comparison, const struct comparison_rules *rules)
{
	guint nr_both = 0;

	for (int i = 0; i < NR_BEHAVIOURS; i++)
		nr_both += comparison->nr_behaviours[i];
	comparison->unchanged = comparison->nr_behaviours[BEHAVIOUR_SAME] == comparison->nr_cases &&
				comparison->nr_differing == 0 && comparison->nr_failing == 0 &&
				nr_both > 0;
	comparison->has_limits = rules->limits->len > 0;
	comparison->undeciding = comparison->has_limits && !comparison->unchanged &&
				 !has_deciding(comparison);
	comparison->nr_undecided += comparison->undeciding;
	comparison->strict = rules->strict;
	comparison->status = comparison->nr_failing ||
			     (rules->strict && comparison->nr_undecided) ? EXIT_NO : EXIT_DONE;
}

/* NULL: something can be compared. */
static char *why_not(const struct stored *old, const struct stored *new)
{
	const char *seeds[2] = { NULL, NULL };

	if (strcmp(old->name, new->name) != 0)
		return g_strdup_printf("they are of two scenarios, \"%s\" and \"%s\"", old->name,
				       new->name);
	for (guint i = 0; i < old->nr_cases; i++) {
		const struct stored_case *after = stored_find_case(new, old->cases[i].key);

		if (after && strcmp(old->cases[i].seed, after->seed) == 0)
			return NULL;
		if (after) {
			seeds[0] = old->cases[i].seed;
			seeds[1] = after->seed;
		}
	}
	if (seeds[0])
		return g_strdup_printf("they are of two seeds, %s and %s", seeds[0], seeds[1]);
	return g_strdup("they have no point and alternative in common");
}

struct comparison *comparison_new(const struct stored *old, const struct stored *new,
				  const struct comparison_rules *rules, char **ret_why)
{
	struct comparison *comparison;

	*ret_why = why_not(old, new);
	if (*ret_why)
		return NULL;
	comparison = g_new0(struct comparison, 1);
	comparison->old = old;
	comparison->new = new;
	comparison->differences = comparison_tree_differences(old->effective, new->effective);
	compare_cases(comparison, rules);
	conclude(comparison, rules);
	return comparison;
}

void comparison_free(struct comparison *comparison)
{
	if (!comparison)
		return;
	for (guint i = 0; i < comparison->nr_cases; i++)
		g_free(comparison->cases[i].rows);
	g_free(comparison->cases);
	g_ptr_array_unref(comparison->differences);
	g_free(comparison);
}
