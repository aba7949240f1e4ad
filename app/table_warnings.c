/* What the table of table.h cannot show: rows without a value, runs without an end. */
#include <string.h>

#include "app/table.h"

static bool has_value(const struct report *report, uint32_t case_index, const char *metric)
{
	const struct summary_metric *found = summary_find(report->summary, case_index, metric);

	return found && found->value.n;
}

/* Why a case has no value of the main metric. */
static const char *why_no_value(const struct report *report, uint32_t case_index)
{
	const char *interval = report_scenario(report)->metric;

	if (!report_is_interval(report))
		return "nothing of that name was measured, or too little for a percentile";
	if (!has_value(report, case_index, "deliver.mean"))
		return "no interrupt was measured";
	if (strcmp(interval, "ack") == 0)
		return "nobody waits for an acknowledgement";
	if (strcmp(interval, "source_wait") == 0)
		return "only an open loop has it";
	return "no interrupt came so far";
}

/* A line for each reason that a row without a value has. */
static void warn_of_no_value(GPtrArray *lines, const struct report *report)
{
	uint32_t nr_cases = report->plan->nr_cases;
	GHashTable *told = g_hash_table_new(g_str_hash, g_str_equal);

	for (uint32_t i = 0; i < nr_cases; i++) {
		unsigned int nr = 0;
		const char *why;

		if (report_main(report, i))
			continue;
		why = why_no_value(report, i);
		if (!g_hash_table_add(told, (char *)why))
			continue;
		for (uint32_t j = i; j < nr_cases; j++)
			nr += !report_main(report, j) &&
			      strcmp(why_no_value(report, j), why) == 0;
		g_ptr_array_add(lines, g_strdup_printf("%u of %u rows without a value of %s: %s",
						       nr, (unsigned int)nr_cases,
						       report_scenario(report)->metric, why));
	}
	g_hash_table_unref(told);
}

/* One line, with the number for each way to end when there are several. */
static void warn_of_ends(GPtrArray *lines, const struct report *report)
{
	static const struct {
		enum run_end end;
		const char *word;
	} ways[] = {
		{ RUN_DEADLOCK, "deadlock" },
		{ RUN_DRAINED, "drained" },
		{ RUN_STARVED, "starved" },
	};
	uint32_t nr_runs = plan_nr_runs(report->plan), nr[G_N_ELEMENTS(ways)] = { 0 }, sum = 0;
	GString *words = g_string_new(NULL);

	for (uint32_t i = 0; i < nr_runs; i++)
		for (gsize way = 0; way < G_N_ELEMENTS(ways); way++)
			nr[way] += report->ends[i] == ways[way].end;
	for (gsize way = 0; way < G_N_ELEMENTS(ways); way++)
		sum += nr[way];
	for (gsize way = 0; way < G_N_ELEMENTS(ways); way++) {
		if (nr[way] == 0)
			continue;
		g_string_append(words, words->len ? ", " : "");
		if (nr[way] != sum)
			g_string_append_printf(words, "%u ", (unsigned int)nr[way]);
		g_string_append(words, ways[way].word);
	}
	if (sum)
		g_ptr_array_add(lines,
				g_strdup_printf("%u of %u runs did not reach their stop (%s)",
						(unsigned int)sum, (unsigned int)nr_runs,
						words->str));
	g_string_free(words, TRUE);
}

static void warn_of_warmup(GPtrArray *lines, const struct report *report)
{
	if (report->nr_unsettled)
		g_ptr_array_add(lines,
				g_strdup_printf("%u of %u runs are too short for their warm-up, or "
						"not stationary: no end of it was found in their "
						"first half",
						(unsigned int)report->nr_unsettled,
						(unsigned int)plan_nr_runs(report->plan)));
}

char **table_warnings(const struct report *report)
{
	GPtrArray *lines = g_ptr_array_new();

	warn_of_no_value(lines, report);
	warn_of_ends(lines, report);
	warn_of_warmup(lines, report);
	g_ptr_array_add(lines, NULL);
	return (char **)g_ptr_array_free(lines, FALSE);
}
