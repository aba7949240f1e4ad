#include "app/summary.h"

/* Two alternatives may have other locks. */
static const struct number *find_number(const struct numbers *numbers, guint hint,
					const struct metric *metric)
{
	if (hint < numbers->nr_numbers && metric_equal(&numbers->numbers[hint].metric, metric))
		return &numbers->numbers[hint];
	for (guint i = 0; i < numbers->nr_numbers; i++)
		if (metric_equal(&numbers->numbers[i].metric, metric))
			return &numbers->numbers[i];
	return NULL;
}

static int64_t *values_of(const struct plan *plan, struct numbers *const *runs, guint index)
{
	const struct metric *metric = &runs[0]->numbers[index].metric;
	int64_t *values = g_new(int64_t, plan->nr_replications);

	for (uint32_t r = 0; r < plan->nr_replications; r++) {
		const struct number *number = find_number(runs[r], index, metric);

		values[r] = number && number->exists ? (int64_t)number->value : NO_VALUE;
	}
	return values;
}

/* Of the values that exist, less those of `minus`, where they exist too, when that is not NULL. */
static struct estimate estimate_values(const int64_t *values, const int64_t *minus, uint32_t nr)
{
	int64_t *existing = g_new(int64_t, nr);
	struct estimate estimate;
	uint32_t n = 0;

	for (uint32_t r = 0; r < nr; r++)
		if (values[r] != NO_VALUE && (!minus || minus[r] != NO_VALUE))
			existing[n++] = values[r] - (minus ? minus[r] : 0);
	estimate = estimate_from(existing, n);
	g_free(existing);
	return estimate;
}

/* --- durations ----------------------------------------------------------------------------- */

/* The samples of a metric in each replication that has any; the caller frees the array alone. */
static GPtrArray *samples_of(const struct plan *plan, struct numbers *const *runs, guint index)
{
	const struct metric *metric = &runs[0]->numbers[index].metric;
	GPtrArray *samples = g_ptr_array_new();

	for (uint32_t r = 0; r < plan->nr_replications; r++) {
		const struct number *number = find_number(runs[r], index, metric);

		if (number && number->samples && number->samples->all->count)
			g_ptr_array_add(samples, number->samples);
	}
	return samples;
}

/* One that the caller frees. */
static struct tally *merge_all(const GPtrArray *samples)
{
	struct tally *all = NULL;

	for (guint i = 0; i < samples->len; i++) {
		const struct samples *next = g_ptr_array_index(samples, i);
		static const struct tally nothing = { .min = UINT64_MAX };
		struct tally *sum = tally_merge(all ? all : &nothing, next->all);

		g_free(all);
		all = sum;
	}
	return all;
}

static struct estimate percentile_of(const GPtrArray *samples, bool one_run, uint32_t num,
				     uint32_t den)
{
	const struct tally **tallies = g_new(const struct tally *, samples->len);
	struct tally *all;
	struct sections sections = { .tallies = tallies, .nr = samples->len };
	struct estimate estimate;

	for (guint i = 0; i < samples->len; i++)
		tallies[i] = ((struct samples *)g_ptr_array_index(samples, i))->all;
	if (one_run) {
		const struct samples *run = g_ptr_array_index(samples, 0);

		sections = (struct sections){ run->batches, run->nr_batches, true };
	}
	all = merge_all(samples);
	estimate = estimate_percentile(all, &sections, num, den);
	if (estimate.n)
		estimate.n = samples->len;
	g_free(all);
	g_free(tallies);
	return estimate;
}

/* What the rule for its kind makes of a metric. */
static struct estimate estimate_metric(const struct plan *plan, struct numbers *const *runs,
				       guint index, const int64_t *values)
{
	const struct metric *metric = &runs[0]->numbers[index].metric;
	struct estimate estimate = estimate_values(values, NULL, plan->nr_replications);
	GPtrArray *samples = samples_of(plan, runs, index);
	bool one_run = plan->nr_replications == 1;
	uint32_t num, den;

	if (samples->len && metric_percentile(metric, &num, &den)) {
		estimate = percentile_of(samples, one_run, num, den);
	} else if (samples->len && one_run) {
		const struct samples *run = g_ptr_array_index(samples, 0);

		estimate = estimate_from_batches(run->all, run->batches, run->nr_batches);
	}
	g_ptr_array_unref(samples);
	return estimate;
}

/* --- cases --------------------------------------------------------------------------------- */

/* A value that cannot be negative has no interval that is. */
static struct estimate not_negative(struct estimate estimate)
{
	estimate.low = MAX(estimate.low, 0);
	return estimate;
}

/* The values of the metric in the first alternative; NULL: it has none. */
static const int64_t *first_values(const struct summary_row *first, guint hint,
				   const struct metric *metric)
{
	if (hint < first->nr_metrics && metric_equal(&first->metrics[hint].metric, metric))
		return first->metrics[hint].values;
	for (guint i = 0; i < first->nr_metrics; i++)
		if (metric_equal(&first->metrics[i].metric, metric))
			return first->metrics[i].values;
	return NULL;
}

/* Paired by replication. */
static struct estimate difference_of(const struct summary_metric *metric, const int64_t *minus,
				     uint32_t nr)
{
	struct estimate difference = estimate_values(metric->values, minus, nr);
	uint32_t num, den;
	int64_t largest = 0;

	if (!metric_percentile(&metric->metric, &num, &den))
		return difference;
	for (uint32_t r = 0; r < nr; r++)
		largest = MAX(largest, MAX(metric->values[r], minus[r]));
	return estimate_of_buckets(difference, (uint64_t)largest);
}

static void summarise(const struct plan *plan, struct numbers *const *runs,
		      const struct summary_row *first, struct summary_row *ret)
{
	ret->nr_metrics = runs[0]->nr_numbers;
	ret->metrics = g_new0(struct summary_metric, ret->nr_metrics);
	for (guint i = 0; i < ret->nr_metrics; i++) {
		struct summary_metric *metric = &ret->metrics[i];
		const int64_t *minus;

		metric->metric = runs[0]->numbers[i].metric;
		metric->name = metric_name(&metric->metric);
		metric->values = values_of(plan, runs, i);
		metric->value = not_negative(estimate_metric(plan, runs, i, metric->values));
		minus = ret == first ? NULL : first_values(first, i, &metric->metric);
		if (minus)
			metric->vs_first = difference_of(metric, minus, plan->nr_replications);
	}
}

struct summary *summary_new(const struct plan *plan)
{
	struct summary *summary = g_new0(struct summary, 1);

	summary->plan = plan;
	summary->nr_rows = plan->nr_cases;
	summary->rows = g_new0(struct summary_row, plan->nr_cases);
	summary->pending = g_new0(struct numbers *, plan->nr_replications);
	return summary;
}

static void drop_pending(struct summary *summary)
{
	for (uint32_t i = 0; i < summary->nr_pending; i++)
		numbers_free(summary->pending[i]);
	summary->nr_pending = 0;
}

void summary_take(struct summary *summary, struct numbers *numbers)
{
	const struct plan *plan = summary->plan;
	uint32_t index = summary->nr_complete;

	summary->pending[summary->nr_pending++] = numbers;
	if (summary->nr_pending < plan->nr_replications)
		return;
	summarise(plan, summary->pending, &summary->rows[index - index % plan->nr_alternatives],
		  &summary->rows[index]);
	summary->nr_complete++;
	drop_pending(summary);
}

void summary_free(struct summary *summary)
{
	if (!summary)
		return;
	for (uint32_t i = 0; i < summary->nr_rows; i++) {
		for (guint m = 0; m < summary->rows[i].nr_metrics; m++) {
			g_free(summary->rows[i].metrics[m].name);
			g_free(summary->rows[i].metrics[m].values);
		}
		g_free(summary->rows[i].metrics);
	}
	drop_pending(summary);
	g_free(summary->pending);
	g_free(summary->rows);
	g_free(summary);
}

const struct summary_metric *summary_find(const struct summary *summary, uint32_t case_index,
					  const char *name)
{
	const struct summary_row *row = &summary->rows[case_index];

	for (guint i = 0; i < row->nr_metrics; i++)
		if (g_str_equal(row->metrics[i].name, name))
			return &row->metrics[i];
	return NULL;
}
