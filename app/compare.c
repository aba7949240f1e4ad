/* compare - the command: two result files side by side. */
#include <signal.h>

#include "app/document.h"
#include "app/judge.h"

static bool load(struct gate_entry *entry, const struct compare_options *options,
		 struct mistakes *mistakes)
{
	GPtrArray *results = g_ptr_array_new();

	judge_check_options(&options->judge, mistakes);
	entry->old = stored_load(options->old, mistakes);
	entry->new = stored_load(options->new, mistakes);
	if (entry->old && entry->new) {
		g_ptr_array_add(results, entry->old);
		g_ptr_array_add(results, entry->new);
		judge_check_metrics(&options->judge, results, mistakes);
	}
	g_ptr_array_unref(results);
	return mistakes_count(mistakes) == 0;
}

static int compare(const GPtrArray *entries, struct gate_entry *entry,
		   const struct compare_options *options, GError **error)
{
	entry->name = g_strdup(entry->new->name);
	judge_entry(entry, &options->judge, false);
	judge_print(entries, options->format);
	if (entry->status > EXIT_NO)
		judge_set_error(entries, error);
	return (int)entry->status;
}

int command_compare(const struct compare_options *options, GError **error)
{
	struct gate_entry *entry = g_new0(struct gate_entry, 1);
	struct mistakes *mistakes = mistakes_new();
	GPtrArray *entries = g_ptr_array_new();
	int status = EXIT_INVALID;

	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	entry->file = g_utf8_make_valid(options->new, -1);
	entry->against = g_strdup(options->old);
	g_ptr_array_add(entries, entry);
	if (load(entry, options, mistakes))
		status = compare(entries, entry, options, error);
	else
		mistakes_to_error(mistakes, error);
	g_ptr_array_unref(entries);
	gate_entry_free(entry);
	mistakes_free(mistakes);
	return status;
}
