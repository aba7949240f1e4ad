#include "app/judge.h"

#include <stdio.h>
#include <string.h>

#include "app/nearest.h"

void judge_check_options(const struct judge_options *options, struct mistakes *mistakes)
{
	GArray *limits = limits_new();

	limits_add_options(limits, options->fails, mistakes);
	g_array_unref(limits);
}

static bool has_metric(const GPtrArray *results, const char *name)
{
	for (guint i = 0; i < results->len; i++) {
		const struct stored *stored = g_ptr_array_index(results, i);

		for (guint c = 0; c < stored->nr_cases; c++)
			if (stored_find_metric(&stored->cases[c], name))
				return true;
	}
	return false;
}

/* With the nearest name that one of them has. */
static char *describe_unknown(const GPtrArray *results, const char *name)
{
	GPtrArray *names = g_ptr_array_new();
	char *hint, *text;

	for (guint i = 0; i < results->len; i++) {
		const struct stored *stored = g_ptr_array_index(results, i);

		for (guint c = 0; c < stored->nr_cases; c++)
			for (guint m = 0; m < stored->cases[c].nr_metrics; m++)
				g_ptr_array_add(names, (char *)stored->cases[c].metrics[m].name);
	}
	hint = nearest_hint(name, names);
	text = g_strdup_printf("a limit of \"%s\", which no result has%s", name, hint);
	g_free(hint);
	g_ptr_array_unref(names);
	return text;
}

void judge_check_metrics(const struct judge_options *options, const GPtrArray *results,
			 struct mistakes *mistakes)
{
	struct mistakes *told = mistakes_new();
	GArray *limits = limits_new();

	limits_add_options(limits, options->fails, told);
	for (guint i = 0; results->len && i < limits->len; i++) {
		const char *name = g_array_index(limits, struct limit, i).metric;

		char *text;

		if (has_metric(results, name))
			continue;
		text = describe_unknown(results, name);
		mistakes_add(mistakes, &(struct location){ "--fail", { 1, 1 }, NULL }, text, NULL);
		g_free(text);
	}
	g_array_unref(limits);
	mistakes_free(told);
}

bool judge_check_limits(struct gate_entry *entry)
{
	GPtrArray *results = g_ptr_array_new();
	GArray *limits = limits_new();

	g_ptr_array_add(results, entry->new);
	if (entry->old)
		g_ptr_array_add(results, entry->old);
	limits_add_scenario(limits, entry->new->effective);
	for (guint i = 0; i < limits->len && !entry->problem; i++) {
		const char *name = g_array_index(limits, struct limit, i).metric;

		if (has_metric(results, name))
			continue;
		entry->problem = describe_unknown(results, name);
		entry->status = EXIT_INVALID;
	}
	g_array_unref(limits);
	g_ptr_array_unref(results);
	return !entry->problem;
}

static void judge_by(struct gate_entry *entry, const struct comparison_rules *rules)
{
	entry->comparison = comparison_new(entry->old, entry->new, rules, &entry->problem);
	entry->status = entry->comparison ? entry->comparison->status : EXIT_INCOMPARABLE;
	if (entry->status == EXIT_DONE && entry->expectations && entry->expectations->len)
		entry->status = EXIT_NO;
}

void judge_entry(struct gate_entry *entry, const struct judge_options *options, bool partial)
{
	struct mistakes *none;
	GArray *limits;

	if (!judge_check_limits(entry))
		return;
	none = mistakes_new();
	limits = limits_new();
	limits_add_options(limits, options->fails, none);
	limits_add_scenario(limits, entry->new->effective);
	judge_by(entry, &(struct comparison_rules){
		.limits = limits, .two_sided = options->two_sided, .strict = options->strict,
		.partial = partial,
	});
	g_array_unref(limits);
	mistakes_free(none);
}

void judge_print(const GPtrArray *entries, enum output_format format)
{
	GString *text = gate_format(entries, format);

	fwrite(text->str, 1, text->len, stdout);
	fflush(stdout);
	g_string_free(text, TRUE);
}

void judge_set_error(const GPtrArray *entries, GError **error)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < entries->len; i++) {
		const struct gate_entry *entry = g_ptr_array_index(entries, i);

		if (!entry->problem)
			continue;
		g_string_append_printf(text, "%sirqsim: error: ", text->len ? "\n" : "");
		mistakes_append_printable(text, entry->file);
		g_string_append(text, ": ");
		mistakes_append_printable(text, entry->problem);
	}
	g_set_error_literal(error, IRQSIM_ERROR, IRQSIM_ERROR_INPUT, text->str);
	g_string_free(text, TRUE);
}
