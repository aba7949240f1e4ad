/* check - the command: scenarios are run again and compared with their baselines. */
#include <errno.h>
#include <gio/gio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "app/document.h"
#include "app/execution.h"
#include "app/expect.h"
#include "app/judge.h"
#include "app/json_writer.h"
#include "app/replace_file.h"
#include "app/table.h"

static const char baseline_dir[] = "results/baseline";

/* One execution of the command. */
struct check {
	const struct check_options *options;
	GPtrArray *plans;		/* struct plan, in the order of the entries */
	GPtrArray *entries;		/* struct gate_entry */
	GString *mistakes;		/* lines: of all inputs */
};

/* --- inputs -------------------------------------------------------------------------------- */

static void add_mistakes(struct check *check, const char *lines)
{
	g_string_append_printf(check->mistakes, "%s%s", check->mistakes->len ? "\n" : "", lines);
}

/* Takes them. */
static void take_mistakes(struct check *check, struct mistakes *mistakes)
{
	if (mistakes_count(mistakes)) {
		GError *error = NULL;

		mistakes_to_error(mistakes, &error);
		add_mistakes(check, error->message);
		g_error_free(error);
	}
	mistakes_free(mistakes);
}

/* A baseline that is not there is no mistake: its scenario is not comparable. */
static void refuse_without_baseline(struct gate_entry *entry)
{
	char *shown = g_utf8_make_valid(entry->against, -1);

	entry->problem = g_strdup_printf("no baseline %s; irqsim check --update makes it", shown);
	entry->status = EXIT_INCOMPARABLE;
	g_free(shown);
}

static void load_baseline(struct check *check, struct gate_entry *entry)
{
	struct mistakes *mistakes = mistakes_new();

	if (g_file_test(entry->against, G_FILE_TEST_EXISTS))
		entry->old = stored_load(entry->against, mistakes);
	else if (!check->options->update)
		refuse_without_baseline(entry);
	take_mistakes(check, mistakes);
}

static void refuse_namesakes(struct check *check, const struct gate_entry *entry)
{
	for (guint i = 0; i < check->entries->len; i++) {
		const struct gate_entry *other = g_ptr_array_index(check->entries, i);
		char *text;

		if (strcmp(other->name, entry->name) != 0)
			continue;
		text = g_strdup_printf("%s: error: has the name \"%s\" of %s, and so its baseline",
				       entry->file, entry->name, other->file);
		add_mistakes(check, text);
		g_free(text);
		return;
	}
}

static void load_scenario(struct check *check, const char *path)
{
	const char *folder = check->options->baseline ? check->options->baseline : baseline_dir;
	GError *error = NULL;
	struct plan *plan = plan_load(path, &check->options->plan, &error);
	struct gate_entry *entry;
	char *file;

	if (!plan) {
		add_mistakes(check, error->message);
		g_error_free(error);
		return;
	}
	entry = g_new0(struct gate_entry, 1);
	file = g_strconcat(plan->name, ".json", NULL);
	entry->file = g_utf8_make_valid(path, -1);
	entry->name = g_strdup(plan->name);
	entry->against = g_build_filename(folder, file, NULL);
	g_free(file);
	refuse_namesakes(check, entry);
	load_baseline(check, entry);
	g_ptr_array_add(check->plans, plan);
	g_ptr_array_add(check->entries, entry);
}

/* A baseline is of the file as it is, and nothing fails against what is replaced. */
static void refuse_with_update(struct check *check)
{
	const struct check_options *options = check->options;
	const struct plan_options *plan = &options->plan;
	const struct { const char *name; bool given; } others[] = {
		{ "--set", plan->sets && plan->sets[0] }, { "--only", plan->only != NULL },
		{ "--seed", plan->seed != NULL }, { "--replications", plan->replications != NULL },
	};

	for (gsize i = 0; options->update && i < G_N_ELEMENTS(others); i++) {
		char *text;

		if (!others[i].given)
			continue;
		text = g_strdup_printf("irqsim: error: --update does not go with %s: a baseline is "
				       "of the scenario as its file has it", others[i].name);
		add_mistakes(check, text);
		g_free(text);
	}
}

static void check_fails(struct check *check)
{
	struct mistakes *mistakes = mistakes_new();
	GPtrArray *results = g_ptr_array_new();

	for (guint i = 0; i < check->entries->len; i++) {
		struct gate_entry *entry = g_ptr_array_index(check->entries, i);

		if (entry->old)
			g_ptr_array_add(results, entry->old);
	}
	judge_check_options(&check->options->judge, mistakes);
	judge_check_metrics(&check->options->judge, results, mistakes);
	g_ptr_array_unref(results);
	take_mistakes(check, mistakes);
}

/* Everything that can be wrong is found before anything runs. */
static bool load(struct check *check)
{
	refuse_with_update(check);
	for (gsize i = 0; check->options->scenarios[i]; i++)
		load_scenario(check, check->options->scenarios[i]);
	check_fails(check);
	return check->mistakes->len == 0;
}

/* --- a scenario ---------------------------------------------------------------------------- */

static bool take_text(void *user, const char *text, GError **error G_GNUC_UNUSED)
{
	results_put_run(user, text);
	return true;
}

static void show_warnings(const struct check *check, const struct plan *plan,
			  const struct report *report)
{
	char **warnings = table_warnings(report);

	for (guint i = 0; !check->options->quiet && plan->warnings[i]; i++)
		fprintf(stderr, "%s\n", plan->warnings[i]);
	for (guint i = 0; !check->options->quiet && warnings[i]; i++)
		fprintf(stderr, "irqsim: warning: %s: %s\n", plan->name, warnings[i]);
	g_strfreev(warnings);
}

/* Runs the plan; its result as the text of a baseline, or NULL and *error. */
static GString *run_plan(const struct check *check, const struct plan *plan,
			 struct gate_entry *entry, GError **error)
{
	GString *text = g_string_new(NULL);
	struct json_writer writer;
	const struct execution execution = {
		.plan = plan,
		.nr_workers = check->options->nr_workers,
		.progress = check->options->progress,
		.quiet = check->options->quiet,
		.take_text = take_text,
		.form = RESULTS_BASELINE,
		.user = &writer,
	};
	struct report *report;

	json_writer_init(&writer, text);
	results_begin(&writer, plan);
	report = execution_run(&execution, error);
	if (!report) {
		g_string_free(text, TRUE);
		return NULL;
	}
	results_end(&writer, plan, report->summary, RESULTS_BASELINE);
	entry->expectations = expect_check(report);
	show_warnings(check, plan, report);
	report_free(report);
	return text;
}

/* Whole or not at all. */
static bool write_baseline(struct gate_entry *entry, const GString *text, GError **error)
{
	char *folder = g_path_get_dirname(entry->against);
	bool made = g_mkdir_with_parents(folder, 0777) == 0;

	if (!made)
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot make %s: %s", folder,
			    g_strerror(errno));
	g_free(folder);
	return made && replace_file(entry->against, text->str, text->len, error);
}

/* What is in the file already stays as it is. */
static bool update(struct gate_entry *entry, const GString *text, GError **error)
{
	const struct document *before = entry->old ? entry->old->document : NULL;

	if (before && before->length == text->len &&
	    memcmp(before->text, text->str, text->len) == 0) {
		entry->update = GATE_KEPT;
		return true;
	}
	entry->update = before ? GATE_REWRITTEN : GATE_NEW;
	return write_baseline(entry, text, error);
}

/* What the new baseline differs in fails nothing, whatever it is; an expectation does. */
static void judge_update(struct gate_entry *entry, const struct judge_options *options)
{
	if (entry->old)
		judge_entry(entry, options, false);
	g_clear_pointer(&entry->problem, g_free);	/* another seed: nothing to compare with */
	entry->status = entry->expectations->len ? EXIT_NO : EXIT_DONE;
}

/* A text that this program has just written is a good one. */
static struct stored *parse_own(const GString *text)
{
	struct mistakes *mistakes = mistakes_new();
	struct stored *stored = stored_parse("", text->str, text->len, mistakes);

	g_assert(stored);
	mistakes_free(mistakes);
	return stored;
}

static bool run_entry(const struct check *check, guint index, GError **error)
{
	const struct plan_options *changes = &check->options->plan;
	bool partial = changes->only || (changes->sets && changes->sets[0]);
	struct gate_entry *entry = g_ptr_array_index(check->entries, index);
	GString *text;
	bool done = true;

	if (entry->problem)
		return true;
	text = run_plan(check, g_ptr_array_index(check->plans, index), entry, error);
	if (!text)
		return false;
	entry->new = parse_own(text);
	if (!check->options->update) {
		judge_entry(entry, &check->options->judge, partial);
	} else if (judge_check_limits(entry)) {
		done = update(entry, text, error);
		judge_update(entry, &check->options->judge);
	}
	g_string_free(text, TRUE);
	return done;
}

/* --- the command --------------------------------------------------------------------------- */

static int run_all(const struct check *check, GError **error)
{
	enum exit_status status;

	guint nr_done = 0;

	while (nr_done < check->entries->len && run_entry(check, nr_done, error))
		nr_done++;
	if (nr_done < check->entries->len) {
		g_prefix_error(error, "irqsim: error: ");
		g_ptr_array_set_size(check->entries, (int)nr_done);
		judge_print(check->entries, check->options->format);
		return EXIT_UNFINISHED;
	}
	judge_print(check->entries, check->options->format);
	status = gate_status(check->entries);
	if (status > EXIT_NO)
		judge_set_error(check->entries, error);
	return (int)status;
}

static void free_plan(void *plan)
{
	plan_free(plan);
}

static void free_entry(void *entry)
{
	gate_entry_free(entry);
}

int command_check(const struct check_options *options, GError **error)
{
	struct check check = {
		.options = options,
		.plans = g_ptr_array_new_with_free_func(free_plan),
		.entries = g_ptr_array_new_with_free_func(free_entry),
		.mistakes = g_string_new(NULL),
	};
	int status = EXIT_INVALID;

	/* A full file system and a reader that has gone are errors to report, not signals. */
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	if (load(&check))
		status = run_all(&check, error);
	else
		g_set_error_literal(error, IRQSIM_ERROR, IRQSIM_ERROR_INPUT, check.mistakes->str);
	g_string_free(check.mistakes, TRUE);
	g_ptr_array_unref(check.entries);
	g_ptr_array_unref(check.plans);
	return status;
}
