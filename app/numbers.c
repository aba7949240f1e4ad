/* numbers - which metrics a summary has, and their values in one run. */
#include "app/summary.h"

/* What is being taken: the numbers so far, and the samples that they share. */
struct taking {
	GArray *numbers;
	GPtrArray *samples;
	const struct result *result;
};

/* --- samples ------------------------------------------------------------------------------- */

static void samples_free(gpointer data)
{
	struct samples *samples = data;

	for (uint32_t i = 0; i < samples->nr_batches; i++)
		g_free((struct tally *)samples->batches[i]);
	g_free(samples->batches);
	g_free(samples->all);
	g_free(samples);
}

static const struct batches *batches_of(const struct result *result, const struct hist *hist)
{
	for (uint32_t i = 0; i < result->nr_batches; i++)
		if (result->batches[i].of == hist)
			return &result->batches[i];
	return NULL;
}

static struct samples *samples_new(const struct hist *hist, const struct batches *batches)
{
	struct samples *samples = g_new0(struct samples, 1);

	samples->of = hist;
	samples->all = tally_of(hist);
	samples->nr_batches = batches ? batches->nr : 0;
	samples->batches = g_new0(const struct tally *, samples->nr_batches);
	for (uint32_t i = 0; i < samples->nr_batches; i++)
		samples->batches[i] = tally_of(&batches->hists[i]);
	return samples;
}

/* Those that the interval of a metric rests on; NULL: on none. Made once for each histogram. */
static struct samples *samples_for(struct taking *taking, const struct metric *metric)
{
	const struct hist *hist = result_hist(taking->result, metric);
	const struct batches *batches = hist ? batches_of(taking->result, hist) : NULL;
	uint32_t num, den;

	if (!hist || hist_count(hist) == 0)
		return NULL;
	if (!metric_percentile(metric, &num, &den) && !(metric->stat == STAT_MEAN && batches))
		return NULL;
	for (guint i = 0; i < taking->samples->len; i++) {
		struct samples *samples = g_ptr_array_index(taking->samples, i);

		if (samples->of == hist)
			return samples;
	}
	g_ptr_array_add(taking->samples, samples_new(hist, batches));
	return g_ptr_array_index(taking->samples, taking->samples->len - 1);
}

/* --- metrics ------------------------------------------------------------------------------- */

static void take(struct taking *taking, const struct metric *metric)
{
	struct number number = { .metric = *metric };

	number.exists = result_metric(taking->result, metric, &number.value);
	number.samples = samples_for(taking, metric);
	g_array_append_val(taking->numbers, number);
}

static void take_latencies(struct taking *taking)
{
	static const enum metric_stat stats[] = { STAT_MEAN, STAT_P50, STAT_P90, STAT_P99,
						  STAT_MAX };

	for (int kind = 0; kind < NR_METRIC_LATENCIES; kind++)
		for (gsize i = 0; i < G_N_ELEMENTS(stats); i++)
			take(taking,
			     &(struct metric){ .of = METRIC_LATENCY, .unit = UNIT_PS,
					       .index = kind, .stat = stats[i] });
}

static void take_stages(struct taking *taking)
{
	for (int stage = 0; stage < NR_STAGES; stage++)
		take(taking,
		     &(struct metric){ .of = METRIC_STAGE, .unit = UNIT_PS, .index = stage,
				       .stat = STAT_MEAN });
}

static void take_flows(struct taking *taking)
{
	static const enum metric_stat stats[] = { STAT_MEAN, STAT_P99 };

	for (uint32_t flow = 0; flow < taking->result->nr_flows; flow++)
		for (int kind = 0; kind < NR_METRIC_LATENCIES; kind++)
			for (gsize i = 0; i < G_N_ELEMENTS(stats); i++) {
				struct metric metric = { .of = METRIC_FLOW, .unit = UNIT_PS,
							 .index = kind, .stat = stats[i] };

				g_strlcpy(metric.name, taking->result->flows[flow].name,
					  sizeof(metric.name));
				take(taking, &metric);
			}
}

static void take_locks(struct taking *taking)
{
	static const struct metric forms[] = {
		{ .of = METRIC_LOCK_WAIT, .unit = UNIT_PS, .stat = STAT_MEAN },
		{ .of = METRIC_LOCK_WAIT, .unit = UNIT_PS, .stat = STAT_P99 },
		{ .of = METRIC_LOCK_HOLD, .unit = UNIT_PS, .stat = STAT_MEAN },
		{ .of = METRIC_LOCK, .unit = UNIT_PPM, .index = LOCK_METRIC_CONTENDED },
		{ .of = METRIC_LOCK, .unit = UNIT_PPM, .index = LOCK_METRIC_UTILIZATION },
		{ .of = METRIC_LOCK, .unit = UNIT_PER_S, .index = LOCK_METRIC_ACQUIRED_PER_S },
	};

	const struct result *result = taking->result;

	for (uint32_t lock = 0; lock < result->nr_locks; lock++)
		for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
			struct metric metric = forms[i];

			g_strlcpy(metric.name, result->locks[lock].name, sizeof(metric.name));
			take(taking, &metric);
		}
}

static void take_lines(struct taking *taking)
{
	static const enum metric_stat stats[] = { STAT_MEAN, STAT_P50, STAT_P99 };

	for (uint32_t line = 0; line < taking->result->nr_lines; line++)
		for (gsize i = 0; i < G_N_ELEMENTS(stats); i++) {
			struct metric metric = { .of = METRIC_LINE_PASS, .unit = UNIT_PS,
						 .stat = stats[i] };

			g_strlcpy(metric.name, taking->result->lines[line].name,
				  sizeof(metric.name));
			take(taking, &metric);
		}
}

static void take_vms(struct taking *taking)
{
	static const enum metric_unit units[NR_METRIC_VMS] = {
		[VM_METRIC_STEAL] = UNIT_PPM, [VM_METRIC_PIECES_PER_S] = UNIT_PER_S,
	};

	for (uint32_t vm = 0; vm < taking->result->nr_vms; vm++)
		for (int i = 0; i < NR_METRIC_VMS; i++) {
			struct metric metric = { .of = METRIC_VM, .unit = units[i], .index = i };

			g_strlcpy(metric.name, taking->result->vms[vm].name, sizeof(metric.name));
			take(taking, &metric);
		}
}

static void take_scalars(struct taking *taking)
{
	for (int scalar = 0; scalar < NR_METRIC_SCALARS; scalar++) {
		struct metric metric;

		if (metric_parse(metric_scalar_words[scalar], &metric))
			take(taking, &metric);
	}
}

static bool is_taken(const GArray *numbers, const struct metric *metric)
{
	for (guint i = 0; i < numbers->len; i++)
		if (metric_equal(&g_array_index(numbers, struct number, i).metric, metric))
			return true;
	return false;
}

static void take_new(struct taking *taking, const struct metric *metric)
{
	if (!is_taken(taking->numbers, metric))
		take(taking, metric);
}

/* What the scenario is about, and what it expects something of, or limits. */
static void take_wanted(struct taking *taking, const struct scenario *scenario)
{
	struct metric main_metric;

	if (metric_parse(scenario->metric, &main_metric))	/* an interval is there anyway */
		take_new(taking, &main_metric);
	for (uint32_t i = 0; i < scenario->nr_expects; i++)
		take_new(taking, &scenario->expects[i].metric);
	for (uint32_t i = 0; i < scenario->nr_limits; i++)
		take_new(taking, &scenario->limits[i].metric);
}

struct numbers *numbers_take(const struct result *result, const struct scenario *scenario)
{
	struct numbers *ret = g_new0(struct numbers, 1);
	struct taking taking = {
		.numbers = g_array_new(FALSE, TRUE, sizeof(struct number)),
		.samples = g_ptr_array_new_with_free_func(samples_free),
		.result = result,
	};

	take_latencies(&taking);
	take_stages(&taking);
	if (result->nr_flows > 1)
		take_flows(&taking);
	take_locks(&taking);
	take_lines(&taking);
	take_vms(&taking);
	take_scalars(&taking);
	take_wanted(&taking, scenario);
	ret->nr_numbers = taking.numbers->len;
	ret->numbers = (struct number *)(void *)g_array_free(taking.numbers, FALSE);
	ret->samples = taking.samples;
	return ret;
}

void numbers_free(struct numbers *numbers)
{
	if (!numbers)
		return;
	if (numbers->samples)
		g_ptr_array_unref(numbers->samples);
	g_free(numbers->numbers);
	g_free(numbers);
}
