#include "app/summary.h"

/* The runs of one case, in order of replication. */
static struct numbers *const *runs_of(const struct plan *plan, struct numbers *const *runs,
				      uint32_t case_index)
{
	return &runs[(gsize)case_index * plan->nr_replications];
}

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

/* The values of a metric in the replications, less those of `minus` when that is not NULL. */
static struct estimate estimate_metric(const struct plan *plan, struct numbers *const *runs,
				       struct numbers *const *minus, guint index)
{
	const struct metric *metric = &runs[0]->numbers[index].metric;
	int64_t *values = g_new(int64_t, plan->nr_replications);
	struct estimate estimate;
	uint32_t n = 0;

	for (uint32_t r = 0; r < plan->nr_replications; r++) {
		const struct number *number = find_number(runs[r], index, metric);
		const struct number *other = minus ? find_number(minus[r], index, metric) : NULL;

		if (!number || !number->exists || (minus && (!other || !other->exists)))
			continue;
		values[n++] = (int64_t)number->value - (int64_t)(other ? other->value : 0);
	}
	estimate = estimate_from(values, n);
	g_free(values);
	return estimate;
}

/* A value that cannot be negative has no interval that is. */
static struct estimate not_negative(struct estimate estimate)
{
	estimate.low = MAX(estimate.low, 0);
	return estimate;
}

static void summarise(const struct plan *plan, struct numbers *const *all, uint32_t case_index,
		      struct summary_row *ret)
{
	struct numbers *const *runs = runs_of(plan, all, case_index);
	uint32_t first = case_index - case_index % plan->nr_alternatives;

	ret->nr_metrics = runs[0]->nr_numbers;
	ret->metrics = g_new0(struct summary_metric, ret->nr_metrics);
	for (guint i = 0; i < ret->nr_metrics; i++) {
		struct summary_metric *metric = &ret->metrics[i];

		metric->metric = runs[0]->numbers[i].metric;
		metric->name = metric_name(&metric->metric);
		metric->value = not_negative(estimate_metric(plan, runs, NULL, i));
		if (case_index != first)
			metric->vs_first =
				estimate_metric(plan, runs, runs_of(plan, all, first), i);
	}
}

struct summary *summary_new(const struct plan *plan, struct numbers *const *runs)
{
	struct summary *summary = g_new0(struct summary, 1);

	summary->nr_rows = plan->nr_cases;
	summary->rows = g_new0(struct summary_row, plan->nr_cases);
	for (uint32_t i = 0; i < plan->nr_cases; i++)
		summarise(plan, runs, i, &summary->rows[i]);
	return summary;
}

void summary_free(struct summary *summary)
{
	if (!summary)
		return;
	for (uint32_t i = 0; i < summary->nr_rows; i++) {
		for (guint m = 0; m < summary->rows[i].nr_metrics; m++)
			g_free(summary->rows[i].metrics[m].name);
		g_free(summary->rows[i].metrics);
	}
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
