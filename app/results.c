#include "app/results.h"

#include "models/probe.h"

/* --- S ------------------------------------------------------------------------------------- */

static void put_stat(struct json_writer *writer, const char *key, const struct hist *hist,
		     enum metric_stat stat)
{
	uint64_t value;

	if (result_stat(hist, stat, &value))
		json_put_u64(writer, key, value);
	else
		json_put_null(writer, key);
}

static void put_histogram(struct json_writer *writer, const struct hist *hist)
{
	struct hist_bucket bucket = { 0 };

	json_begin_array(writer, "histogram", JSON_LINE);
	while (hist_next_bucket(hist, &bucket)) {
		json_begin_array(writer, NULL, JSON_LINE);
		json_put_u64(writer, NULL, bucket.low);
		json_put_u64(writer, NULL, bucket.count);
		json_end(writer);
	}
	json_end(writer);
}

enum histogram { WITHOUT_HISTOGRAM, WITH_HISTOGRAM };

static void put_samples(struct json_writer *writer, const char *key, const struct hist *hist,
			enum histogram histogram)
{
	if (hist_count(hist) == 0) {
		json_put_null(writer, key);
		return;
	}
	json_begin_object(writer, key, JSON_LINE);
	json_put_u64(writer, "count", hist_count(hist));
	put_stat(writer, "mean_ps", hist, STAT_MEAN);
	json_put_u64(writer, "stddev_ps", hist_stddev(hist));
	put_stat(writer, "min_ps", hist, STAT_MIN);
	put_stat(writer, "p50_ps", hist, STAT_P50);
	put_stat(writer, "p90_ps", hist, STAT_P90);
	put_stat(writer, "p99_ps", hist, STAT_P99);
	put_stat(writer, "p999_ps", hist, STAT_P999);
	put_stat(writer, "max_ps", hist, STAT_MAX);
	if (histogram == WITH_HISTOGRAM)
		put_histogram(writer, hist);
	else
		json_put_null(writer, "histogram");
	json_end(writer);
}

/* --- parts of a run ------------------------------------------------------------------------ */

static void put_interrupts(struct json_writer *writer, const struct result_interrupts *counts)
{
	json_begin_object(writer, "interrupts", JSON_LINE);
	json_put_u64(writer, "raised", counts->nr_raised);
	json_put_u64(writer, "handled", counts->nr_handled);
	json_put_u64(writer, "coalesced", counts->nr_coalesced);
	json_begin_object(writer, "dropped", JSON_LINE);
	for (int reason = 0; reason < NR_IRQ_DROPS; reason++)
		json_put_u64(writer, irq_drop_words[reason], counts->nr_dropped[reason]);
	json_end(writer);
	json_put_u64(writer, "pending", counts->nr_pending);
	json_put_u64(writer, "requests", counts->nr_requests);
	json_end(writer);
}

static void put_latency(struct json_writer *writer, const struct hist *const *latency)
{
	json_begin_object(writer, "latency", JSON_LINES);
	for (int kind = 0; kind < NR_METRIC_LATENCIES; kind++)
		put_samples(writer, metric_latency_words[kind], latency[kind], WITH_HISTOGRAM);
	json_end(writer);
}

static void put_stages(struct json_writer *writer, const struct result *result)
{
	json_begin_object(writer, "stages", JSON_LINES);
	for (int stage = 0; stage < NR_STAGES; stage++)
		put_samples(writer, metric_stage_words[stage], result->stages[stage],
			    WITHOUT_HISTOGRAM);
	json_end(writer);
}

static void put_flows(struct json_writer *writer, const struct result *result)
{
	json_begin_array(writer, "flows", JSON_LINES);
	for (uint32_t i = 0; i < result->nr_flows; i++) {
		const struct result_flow *flow = &result->flows[i];

		json_begin_object(writer, NULL, JSON_LINES);
		json_put_string(writer, "name", flow->name);
		put_interrupts(writer, &flow->interrupts);
		put_latency(writer, flow->latency);
		json_begin_object(writer, "by_state", JSON_LINES);
		for (int state = 0; state < NR_TARGET_STATES; state++)
			put_samples(writer, metric_state_words[state], flow->by_state[state],
				    WITH_HISTOGRAM);
		json_end(writer);
		json_end(writer);
	}
	json_end(writer);
}

static void put_pairs(struct json_writer *writer, const struct result *result)
{
	uint32_t nr_vcpus = result->nr_pairs_vcpus;

	if (nr_vcpus == 0) {
		json_put_null(writer, "pairs");
		return;
	}
	json_begin_array(writer, "pairs", JSON_LINE);
	for (uint32_t i = 0; i < nr_vcpus * nr_vcpus; i++) {
		const struct result_pair *pair = &result->pairs[i];

		if (pair->count == 0)
			continue;
		json_begin_array(writer, NULL, JSON_LINE);
		json_put_u64(writer, NULL, i / nr_vcpus);
		json_put_u64(writer, NULL, i % nr_vcpus);
		json_put_u64(writer, NULL, pair->count);
		json_put_u64(writer, NULL,
			     u128_to_u64(u128_div_round(u128_from(pair->sum_ps), pair->count)));
		json_end(writer);
	}
	json_end(writer);
}

static void put_series(struct json_writer *writer, const struct result *result)
{
	json_begin_array(writer, "series", JSON_LINE);
	for (uint32_t i = 0; i < result->nr_slots; i++) {
		const struct result_slot *slot = &result->slots[i];

		json_begin_array(writer, NULL, JSON_LINE);
		json_put_u64(writer, NULL, slot->start_ps);
		json_put_u64(writer, NULL, hist_count(slot->deliver));
		put_stat(writer, NULL, slot->deliver, STAT_MEAN);
		put_stat(writer, NULL, slot->deliver, STAT_P99);
		put_stat(writer, NULL, slot->deliver, STAT_MAX);
		json_end(writer);
	}
	json_end(writer);
}

/* What a class and its hottest instance have alike. */
static void put_lock_numbers(struct json_writer *writer, const struct result_lock *lock,
			     enum histogram histogram)
{
	json_put_u64(writer, "acquisitions", lock->nr_acquisitions);
	json_put_u64(writer, "contended", lock->nr_contended);
	json_put_u64(writer, "utilization_ppm", lock->utilization_ppm);
	json_put_u64(writer, "mean_queue_ppm", lock->mean_queue_ppm);
	put_samples(writer, "wait", lock->wait, histogram);
	put_samples(writer, "hold", lock->hold, WITHOUT_HISTOGRAM);
}

/* Only who has waited: most pairs never meet. */
static void put_waited_for(struct json_writer *writer, const struct result_lock *lock)
{
	json_begin_array(writer, "waited_for", JSON_LINE);
	for (int waiter = 0; waiter < NR_ACQUIRERS; waiter++)
		for (int holder = 0; holder < NR_ACQUIRERS; holder++) {
			if (lock->waited_ps[waiter][holder] == 0)
				continue;
			json_begin_array(writer, NULL, JSON_LINE);
			json_put_string(writer, NULL, acquirer_words[waiter]);
			json_put_string(writer, NULL, acquirer_words[holder]);
			json_put_u64(writer, NULL, lock->waited_ps[waiter][holder]);
			json_end(writer);
		}
	json_end(writer);
}

static void put_locks(struct json_writer *writer, const struct result *result)
{
	json_begin_array(writer, "locks", JSON_LINES);
	for (uint32_t i = 0; i < result->nr_locks; i++) {
		const struct result_lock *lock = &result->locks[i];

		json_begin_object(writer, NULL, JSON_LINES);
		json_put_string(writer, "name", lock->name);
		json_put_string(writer, "kind", lock->kind);
		json_put_u64(writer, "instances", lock->nr_instances);
		put_lock_numbers(writer, lock, WITH_HISTOGRAM);
		if (lock->hottest) {
			json_begin_object(writer, "hottest", JSON_LINES);
			put_lock_numbers(writer, lock->hottest, WITHOUT_HISTOGRAM);
			json_end(writer);
		} else {
			json_put_null(writer, "hottest");
		}
		put_waited_for(writer, lock);
		json_end(writer);
	}
	json_end(writer);
}

static void put_lines(struct json_writer *writer, const struct result *result)
{
	json_begin_array(writer, "lines", JSON_LINES);
	for (uint32_t i = 0; i < result->nr_lines; i++) {
		json_begin_object(writer, NULL, JSON_LINES);
		json_put_string(writer, "name", result->lines[i].name);
		put_samples(writer, "pass", result->lines[i].pass, WITHOUT_HISTOGRAM);
		json_end(writer);
	}
	json_end(writer);
}

static void put_counts(struct json_writer *writer, const struct result *result)
{
	json_begin_object(writer, "exits", JSON_LINE);
	for (int reason = 0; reason < NR_EXIT_REASONS; reason++)
		json_put_u64(writer, exit_reason_words[reason], result->nr_exits[reason]);
	json_end(writer);
	json_put_u64(writer, "aborted_entries", result->nr_aborted_entries);
	json_put_u64(writer, "ipis_sent", result->nr_ipis_sent);
	json_put_u64(writer, "wakeups", result->nr_wakeups);
	json_put_u64(writer, "context_switches", result->nr_switches);
}

static void put_idle_states(struct json_writer *writer, const struct result *result)
{
	if (result->nr_idle_states == 0) {
		json_put_null(writer, "idle_states");
		return;
	}
	json_begin_array(writer, "idle_states", JSON_LINES);
	for (uint32_t i = 0; i < result->nr_idle_states; i++) {
		json_begin_object(writer, NULL, JSON_LINE);
		json_put_string(writer, "state", result->idle_states[i].name);
		json_put_u64(writer, "entries", result->idle_states[i].nr_entries);
		json_put_u64(writer, "ppm", result->idle_states[i].ppm);
		json_end(writer);
	}
	json_end(writer);
}

static void put_pcpus(struct json_writer *writer, const struct result *result)
{
	json_begin_array(writer, "pcpus", JSON_LINES);
	for (uint32_t i = 0; i < result->nr_pcpus; i++) {
		json_begin_object(writer, NULL, JSON_LINE);
		json_put_u64(writer, "id", i);
		json_put_u64(writer, "guest_ppm", result->pcpus[i].guest_ppm);
		json_put_u64(writer, "host_ppm", result->pcpus[i].host_ppm);
		json_put_u64(writer, "idle_ppm", result->pcpus[i].idle_ppm);
		json_end(writer);
	}
	json_end(writer);
}

static void put_vms(struct json_writer *writer, const struct result *result)
{
	json_begin_array(writer, "vms", JSON_LINES);
	for (uint32_t i = 0; i < result->nr_vms; i++) {
		json_begin_object(writer, NULL, JSON_LINE);
		json_put_string(writer, "name", result->vms[i].name);
		json_put_u64(writer, "steal_ppm", result->vms[i].steal_ppm);
		json_put_u64(writer, "pieces", result->vms[i].nr_pieces);
		json_end(writer);
	}
	json_end(writer);
}

/* --- a run --------------------------------------------------------------------------------- */

static void put_identity(struct json_writer *writer, const struct plan *plan, struct run_id id)
{
	const struct plan_case *plan_case = &plan->cases[id.case_index];
	char seed[24];

	json_put_tree(writer, "point", plan->points[plan_case->point_index]);
	json_put_string(writer, "alternative", plan->alternatives[plan_case->alternative_index]);
	json_put_u64(writer, "replication", id.replication);
	g_snprintf(seed, sizeof(seed), "%" G_GUINT64_FORMAT, plan->seed);
	json_put_string(writer, "seed", seed);
}

static void put_outcome(struct json_writer *writer, const struct result *result)
{
	char fingerprint[24];

	g_snprintf(fingerprint, sizeof(fingerprint), "f1:%016" G_GINT64_MODIFIER "x",
		   result->fingerprint);
	json_put_string(writer, "fingerprint", fingerprint);
	json_put_string(writer, "end", run_end_words[result->end]);
	json_put_u64(writer, "events", result->nr_events);
	json_put_u64(writer, "ties", result->nr_ties);
	json_put_u64(writer, "simulated_ps", result->simulated_ps);
	json_put_u64(writer, "measured_ps", result->measured_ps);
	json_put_u64(writer, "warmup_interrupts", result->warmup_interrupts);
	if (result->opened)
		json_put_u64(writer, "warmup_ps", result->opened_ps);
	else
		json_put_null(writer, "warmup_ps");
	if (result->warmup == WARMUP_STATED)
		json_put_null(writer, "warmup_settled");
	else
		json_put_text(writer, "warmup_settled",
			      result->warmup == WARMUP_SETTLED ? "true" : "false");
	put_interrupts(writer, &result->interrupts);
}

/* Runs stand two levels deep in the document. */
enum { RUN_DEPTH = 2 };

/* The kernel function that `inject` times, per architecture. */
static const enum probe injections[] = {
	[ARCH_ARM64] = PROBE_DISPATCH_SGI,
	[ARCH_X86] = PROBE_DELIVERY_TO_APIC,
};

/* What only a whole result has. */
static void put_measurements(struct json_writer *writer, enum arch arch,
			     const struct result *result)
{
	put_latency(writer, result->latency);
	json_begin_object(writer, "probes", JSON_LINES);
	put_samples(writer, probe_rows[injections[arch]].name, result->latency[LATENCY_INJECT],
		    WITHOUT_HISTOGRAM);
	json_end(writer);
	put_stages(writer, result);
	put_flows(writer, result);
	put_pairs(writer, result);
	put_series(writer, result);
	json_put_null(writer, "exemplars");
	put_locks(writer, result);
	put_lines(writer, result);
	put_counts(writer, result);
	put_idle_states(writer, result);
	put_pcpus(writer, result);
	put_vms(writer, result);
}

char *results_format_run(const struct plan *plan, struct run_id id, const struct result *result,
			 enum results_form form)
{
	int arch = plan->cases[id.case_index].scenario->platform.arch;
	struct json_writer writer;
	GString *out = g_string_sized_new(32 * 1024);

	json_writer_init(&writer, out);
	for (int i = 0; i < RUN_DEPTH; i++)
		json_begin_array(&writer, NULL, JSON_LINE);
	g_string_truncate(out, 0);
	json_begin_object(&writer, NULL, form == RESULTS_WHOLE ? JSON_LINES : JSON_LINE);
	put_identity(&writer, plan, id);
	put_outcome(&writer, result);
	if (form == RESULTS_WHOLE)
		put_measurements(&writer, (enum arch)arch, result);
	json_end(&writer);
	return g_string_free(out, FALSE);
}

void results_put_run(struct json_writer *writer, const char *run)
{
	json_put_text(writer, NULL, run);
}

/* --- the document -------------------------------------------------------------------------- */

void results_begin(struct json_writer *writer, const struct plan *plan)
{
	json_begin_object(writer, NULL, JSON_LINES);
	json_put_string(writer, "format", "irqsim-result/1");
	json_put_string(writer, "irqsim_version", IRQSIM_VERSION);
	json_put_null(writer, "shard");
	json_begin_object(writer, "scenario", JSON_LINES);
	json_put_string(writer, "name", plan->name);
	json_put_string(writer, "sha256", plan->sha256);
	json_put_tree(writer, "effective", plan->effective);
	json_end(writer);
	json_begin_array(writer, "runs", JSON_LINES);
}

static void put_estimate(struct json_writer *writer, const char *key,
			 const struct estimate *estimate)
{
	if (estimate->n)
		json_put_i64(writer, key, estimate->value);
	else
		json_put_null(writer, key);
	if (estimate->nr_sections >= 2) {
		json_put_i64(writer, "ci95_low", estimate->low);
		json_put_i64(writer, "ci95_high", estimate->high);
	} else {
		json_put_null(writer, "ci95_low");
		json_put_null(writer, "ci95_high");
	}
}

static void put_values(struct json_writer *writer, const int64_t *values, uint32_t nr_values)
{
	json_begin_array(writer, "values", JSON_LINE);
	for (uint32_t r = 0; r < nr_values; r++)
		if (values[r] == NO_VALUE)
			json_put_null(writer, NULL);
		else
			json_put_i64(writer, NULL, values[r]);
	json_end(writer);
}

static void put_vs_first(struct json_writer *writer, const struct estimate *difference)
{
	if (difference->n) {
		json_begin_object(writer, "vs_first", JSON_LINE);
		put_estimate(writer, "difference", difference);
		json_end(writer);
	} else {
		json_put_null(writer, "vs_first");
	}
}

/* A baseline leaves out what follows from the values. */
static void put_metric(struct json_writer *writer, const struct summary_metric *metric,
		       uint32_t nr_values, enum results_form form)
{
	json_begin_object(writer, metric->name, JSON_LINE);
	json_put_string(writer, "unit", metric_unit_words[metric->metric.unit]);
	if (form == RESULTS_WHOLE) {
		put_estimate(writer, "value", &metric->value);
		json_put_u64(writer, "n", metric->value.n);
		if (metric->value.nr_sections >= 2)
			json_put_u64(writer, "sections", metric->value.nr_sections);
		else
			json_put_null(writer, "sections");
	}
	put_values(writer, metric->values, nr_values);
	if (form == RESULTS_WHOLE)
		put_vs_first(writer, &metric->vs_first);
	json_end(writer);
}

void results_end(struct json_writer *writer, const struct plan *plan,
		 const struct summary *summary, enum results_form form)
{
	json_end(writer);
	json_begin_array(writer, "summary", JSON_LINES);
	for (uint32_t i = 0; i < summary->nr_rows; i++) {
		const struct plan_case *plan_case = &plan->cases[i];

		json_begin_object(writer, NULL, JSON_LINES);
		json_put_tree(writer, "point", plan->points[plan_case->point_index]);
		json_put_string(writer, "alternative",
				plan->alternatives[plan_case->alternative_index]);
		json_begin_object(writer, "metrics", JSON_LINES);
		for (guint m = 0; m < summary->rows[i].nr_metrics; m++)
			if (form == RESULTS_WHOLE || summary->rows[i].metrics[m].value.n)
				put_metric(writer, &summary->rows[i].metrics[m],
					   plan->nr_replications, form);
		json_end(writer);
		json_end(writer);
	}
	json_end(writer);
	json_end(writer);
	g_string_append_c(writer->out, '\n');
}

void results_put_plan(struct json_writer *writer, const struct plan *plan)
{
	json_begin_array(writer, NULL, JSON_LINES);
	for (uint32_t i = 0; i < plan->nr_cases; i++)
		for (uint32_t r = 0; r < plan->nr_replications; r++) {
			json_begin_object(writer, NULL, JSON_LINE);
			put_identity(writer, plan, (struct run_id){ i, r });
			json_end(writer);
		}
	json_end(writer);
	g_string_append_c(writer->out, '\n');
}
