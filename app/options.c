#include "app/options.h"

#include <string.h>

#include "app/mistakes.h"
#include "app/nearest.h"
#include "app/options_parts.h"

const struct command_row command_rows[NR_COMMANDS] = {
	[COMMAND_RUN] = {
		"run",
		"run every alternative of a scenario, print the comparison, write the results",
		"SCENARIO", 1, 1,
		"Example:\n  irqsim run scenarios/sgi-last-of-64.json --set /vms/0/vcpus=8\n",
	},
	[COMMAND_CHECK] = {
		"check", "run scenarios again and compare them with their baselines: the gate",
		"SCENARIO...", 1, G_MAXUINT,
		"Example:\n  irqsim check scenarios/*.json --fail=deliver.p99:3%\n",
	},
	[COMMAND_COMPARE] = {
		"compare", "two result files of one scenario side by side, differences first",
		"OLD NEW", 2, 2,
		"Example:\n  irqsim compare before/result.json after/result.json\n",
	},
	[COMMAND_VALIDATE] = {
		"validate", "run what has been published, show it beside the published numbers",
		"[NAME]", 0, 1,
		"Example:\n  irqsim validate --format=markdown\n",
	},
	[COMMAND_CALIBRATE] = {
		"calibrate", "fit the free costs of a platform to what has been published",
		"PLATFORM", 1, 1,
		"Example:\n  irqsim calibrate ampere-altra -o altra.json\n",
	},
	[COMMAND_LINT] = {
		"lint", "check a scenario without running it", "SCENARIO", 1, 1,
		"Example:\n  irqsim lint scenarios/sgi-last-of-64.json\n",
	},
	[COMMAND_LIST] = {
		"list", "show what there is: routes, platforms, workloads, metrics, costs",
		"routes|platforms|workloads|metrics|costs", 1, 1,
		"Example:\n  irqsim list routes --format=json\n",
	},
	[COMMAND_SCHEMA] = {
		"schema", "print the JSON Schema of scenarios", "", 0, 0,
		"Example:\n  irqsim schema > irqsim.schema.json\n",
	},
};

static GArray *entries_new(void)
{
	return g_array_new(TRUE, TRUE, sizeof(GOptionEntry));
}

static void add(GArray *entries, GOptionEntry entry)
{
	g_array_append_val(entries, entry);
}

static void add_text(GArray *entries, const char *name, char **text, const char *meaning,
		     const char *argument)
{
	add(entries, (GOptionEntry){ name, 0, 0, G_OPTION_ARG_FILENAME, text, meaning, argument });
}

static void add_flag(GArray *entries, const char *name, gboolean *flag, const char *meaning)
{
	add(entries, (GOptionEntry){ name, 0, 0, G_OPTION_ARG_NONE, flag, meaning, NULL });
}

static void add_quiet(GArray *entries, struct option_texts *texts)
{
	add(entries, (GOptionEntry){ "quiet", 'q', 0, G_OPTION_ARG_NONE, &texts->quiet,
		"no messages but errors", NULL });
}

static void add_jobs(GArray *entries, struct option_texts *texts)
{
	add(entries, (GOptionEntry){ "jobs", 'j', 0, G_OPTION_ARG_FILENAME, &texts->workers,
		"worker threads (one per CPU)", "N" });
}

static void add_output(GArray *entries, struct option_texts *texts, const char *meaning,
		       const char *argument)
{
	add(entries, (GOptionEntry){ "output", 'o', 0, G_OPTION_ARG_FILENAME, &texts->output,
		meaning, argument });
}

static void add_figures(GArray *entries, struct option_texts *texts)
{
	add_text(entries, "figures", &texts->figures, "auto or none", "WHICH");
}

static void add_progress(GArray *entries, struct option_texts *texts)
{
	add_text(entries, "progress", &texts->progress, "auto, plain, json or none", "HOW");
}

static void add_plan_entries(GArray *entries, struct option_texts *texts)
{
	add(entries, (GOptionEntry){ "set", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &texts->sets,
		"set a value of the effective scenario (repeatable)", "/POINTER=VALUE" });
	add_text(entries, "only", &texts->only, "this alternative alone", "ALTERNATIVE");
	add_text(entries, "seed", &texts->seed, "seed of all random numbers", "N");
	add_text(entries, "replications", &texts->replications, "runs of each case", "N");
}

static void add_judge_entries(GArray *entries, struct option_texts *texts)
{
	add(entries, (GOptionEntry){ "fail", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &texts->fails,
		"what may get worse by so much, such as deliver.p99:3% (repeatable)",
		"METRIC:LIMIT" });
	add_flag(entries, "two-sided", &texts->two_sided, "a change for the better fails too");
	add_flag(entries, "strict", &texts->strict, "what cannot be decided fails too");
}

static void add_run_entries(GArray *entries, struct option_texts *texts)
{
	add_plan_entries(entries, texts);
	add_output(entries, texts, "the run directory (results/NAME)", "DIR");
	add_text(entries, "format", &texts->format, "of the answer: text, json, csv or markdown",
		 "FORMAT");
	add_jobs(entries, texts);
	add_flag(entries, "list", &texts->list, "print the plan, run nothing");
	add_figures(entries, texts);
	add_progress(entries, texts);
	add_quiet(entries, texts);
	add(entries, (GOptionEntry){ "verbose", 'v', 0, G_OPTION_ARG_NONE, &texts->verbose,
		"more messages", NULL });
}

static void add_check_entries(GArray *entries, struct option_texts *texts)
{
	add_text(entries, "baseline", &texts->baseline,
		 "where the baselines are (results/baseline)", "DIR");
	add_judge_entries(entries, texts);
	add_flag(entries, "update", &texts->update, "write the baselines anew");
	add_plan_entries(entries, texts);
	add_text(entries, "format", &texts->format,
		 "of the answer: text, json, markdown, junit or github", "FORMAT");
	add_jobs(entries, texts);
	add_progress(entries, texts);
	add_quiet(entries, texts);
}

static void add_validate_entries(GArray *entries, struct option_texts *texts)
{
	add_output(entries, texts, "the directory to write (results/validation)", "DIR");
	add_text(entries, "format", &texts->format, "of the answer: text, json or markdown",
		 "FORMAT");
	add_jobs(entries, texts);
	add_figures(entries, texts);
	add_progress(entries, texts);
	add_quiet(entries, texts);
}

static void add_calibrate_entries(GArray *entries, struct option_texts *texts)
{
	add_output(entries, texts, "the file to write (the one that was read)", "FILE");
	add_text(entries, "format", &texts->format, "of the answer: text or json", "FORMAT");
	add_jobs(entries, texts);
	add_quiet(entries, texts);
}

static void add_command_entries(GArray *entries, enum command command, struct option_texts *texts)
{
	switch (command) {
	case COMMAND_RUN:
		add_run_entries(entries, texts);
		break;
	case COMMAND_CHECK:
		add_check_entries(entries, texts);
		break;
	case COMMAND_COMPARE:
		add_judge_entries(entries, texts);
		add_text(entries, "format", &texts->format,
			 "of the answer: text, json, markdown, junit or github", "FORMAT");
		break;
	case COMMAND_VALIDATE:
		add_validate_entries(entries, texts);
		break;
	case COMMAND_CALIBRATE:
		add_calibrate_entries(entries, texts);
		break;
	case COMMAND_LINT:
		add_plan_entries(entries, texts);
		add_quiet(entries, texts);
		break;
	case COMMAND_LIST:
		add_text(entries, "format", &texts->format, "of the answer: text or json",
			 "FORMAT");
		break;
	default:
		break;
	}
}

static GArray *command_entries(enum command command, struct option_texts *texts)
{
	GArray *entries = entries_new();

	add_command_entries(entries, command, texts);
	add(entries, (GOptionEntry){ "help", 'h', 0, G_OPTION_ARG_NONE, &texts->help,
		"this text", NULL });
	add(entries, (GOptionEntry){ G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY,
		&texts->rest, NULL, NULL });
	return entries;
}

/* Takes GOption's own error. */
static void fail_option(GError **error, GError *own, const GArray *entries)
{
	const char *dashes = strstr(own->message, "--");
	GPtrArray *names = g_ptr_array_new();
	char *hint = NULL;

	for (guint i = 0; i < entries->len; i++)
		if (*g_array_index(entries, GOptionEntry, i).long_name)
			g_ptr_array_add(names,
					(char *)g_array_index(entries, GOptionEntry, i).long_name);
	if (g_error_matches(own, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION) && dashes) {
		const char *name = nearest_name(dashes + 2, names);

		hint = name ? g_strdup_printf("; did you mean \"--%s\"?", name) : NULL;
	}
	options_fail(error, "%s%s", own->message, hint ? hint : "");
	g_free(hint);
	g_ptr_array_unref(names);
	g_error_free(own);
}

static char *command_help(enum command command, const GArray *entries)
{
	GString *help = g_string_new(NULL);

	g_string_append_printf(help, "Usage: irqsim %s [OPTION...] %s\n\n%s\n\nOptions:\n",
			       command_rows[command].name, command_rows[command].arguments,
			       command_rows[command].summary);
	for (guint i = 0; i < entries->len; i++) {
		const GOptionEntry *entry = &g_array_index(entries, GOptionEntry, i);
		char *name;

		if (!*entry->long_name)
			continue;
		name = g_strdup_printf("--%s%s%s", entry->long_name,
				       entry->arg_description ? "=" : "",
				       entry->arg_description ? entry->arg_description : "");
		if (entry->short_name)
			g_string_append_printf(help, "  -%c, %-22s", entry->short_name, name);
		else
			g_string_append_printf(help, "      %-22s", name);
		g_string_append_printf(help, "  %s\n", entry->description);
		g_free(name);
	}
	g_string_append_printf(help, "\n%s", command_rows[command].example);
	return g_string_free(help, FALSE);
}

/* GOption does not know "-j2": every "-jN" becomes "-j" "N". The strings stay the caller's. */
static char **split_jobs(int *argc, char **argv)
{
	GPtrArray *split = g_ptr_array_new();

	for (int i = 0; i < *argc; i++) {
		bool joined = g_str_has_prefix(argv[i], "-j") && g_ascii_isdigit(argv[i][2]);

		if (joined)
			g_ptr_array_add(split, (char *)(uintptr_t)"-j");
		g_ptr_array_add(split, joined ? argv[i] + 2 : argv[i]);
	}
	*argc = (int)split->len;
	g_ptr_array_add(split, NULL);
	return (char **)g_ptr_array_free(split, FALSE);
}

struct options *options_parse(enum command command, int argc, char **argv, GError **error)
{
	struct options *options = g_new0(struct options, 1);
	GOptionContext *context = g_option_context_new(NULL);
	GError *own = NULL;
	GArray *entries;
	char **words;
	bool done;

	options->command = command;
	options->texts = g_new0(struct option_texts, 1);
	entries = command_entries(command, options->texts);
	g_option_context_set_help_enabled(context, FALSE);
	g_option_context_add_main_entries(context, (GOptionEntry *)(void *)entries->data, NULL);
	argv = words = split_jobs(&argc, argv);
	done = g_option_context_parse(context, &argc, &argv, &own);
	g_free(words);
	if (!done)
		fail_option(error, own, entries);
	else if (options->texts->help)
		options->help = command_help(command, entries);
	else
		done = options_set(options, error);
	g_option_context_free(context);
	g_array_unref(entries);
	if (done)
		return options;
	options_free(options);
	return NULL;
}

void options_free(struct options *options)
{
	struct option_texts *texts = options->texts;

	g_strfreev(texts->sets);
	g_strfreev(texts->fails);
	g_strfreev(texts->rest);
	g_free(texts->only);
	g_free(texts->seed);
	g_free(texts->replications);
	g_free(texts->output);
	g_free(texts->format);
	g_free(texts->workers);
	g_free(texts->figures);
	g_free(texts->progress);
	g_free(texts->baseline);
	g_free(texts);
	g_free(options->help);
	g_free(options);
}

char *options_usage(void)
{
	GString *usage = g_string_new("Usage: irqsim COMMAND [OPTION...] [ARGUMENT]\n\n"
				      "Commands:\n");

	for (int i = 0; i < NR_COMMANDS; i++)
		if (command_rows[i].name)
			g_string_append_printf(usage, "  %-9s %s\n", command_rows[i].name,
					       command_rows[i].summary);
	g_string_append(usage, "\nirqsim COMMAND --help says more; irqsim --version its version.\n"
			       "\nExample:\n  irqsim run scenarios/sgi-last-of-64.json\n");
	return g_string_free(usage, FALSE);
}
