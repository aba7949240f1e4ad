#include "app/options.h"

#include <string.h>

#include "app/list.h"
#include "app/mistakes.h"
#include "app/nearest.h"

enum { WORKERS_MAX = 1024 };

const char *const command_names[] = { "run", "lint", "list", "schema", NULL };

const char *const command_summaries[] = {
	"run every alternative of a scenario, print the comparison, write the results",
	"check a scenario without running it",
	"show what there is: routes, platforms, workloads, metrics, costs",
	"print the JSON Schema of scenarios",
};

static const char *const command_arguments[] = {
	"SCENARIO", "SCENARIO", "routes|platforms|workloads|metrics|costs", "",
};

static const char *const command_examples[] = {
	"Example:\n  irqsim run scenarios/sgi-last-of-64.json --set /vms/0/vcpus=8\n",
	"Example:\n  irqsim lint scenarios/sgi-last-of-64.json\n",
	"Example:\n  irqsim list routes --format=json\n",
	"Example:\n  irqsim schema > irqsim.schema.json\n",
};

/* Texts as GOption hands them out. */
struct option_texts {
	char **sets, **rest;
	char *only, *seed, *replications, *output, *format, *workers, *figures, *progress;
	gboolean help, list, quiet, verbose;
};

static GArray *entries_new(void)
{
	return g_array_new(TRUE, TRUE, sizeof(GOptionEntry));
}

static void add(GArray *entries, GOptionEntry entry)
{
	g_array_append_val(entries, entry);
}

static void add_plan_entries(GArray *entries, struct option_texts *texts)
{
	add(entries, (GOptionEntry){ "set", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &texts->sets,
		"set a value of the effective scenario (repeatable)", "/POINTER=VALUE" });
	add(entries, (GOptionEntry){ "only", 0, 0, G_OPTION_ARG_FILENAME, &texts->only,
		"this alternative alone", "ALTERNATIVE" });
	add(entries, (GOptionEntry){ "seed", 0, 0, G_OPTION_ARG_FILENAME, &texts->seed,
		"seed of all random numbers", "N" });
	add(entries, (GOptionEntry){ "replications", 0, 0, G_OPTION_ARG_FILENAME,
		&texts->replications, "runs of each case", "N" });
	add(entries, (GOptionEntry){ "quiet", 'q', 0, G_OPTION_ARG_NONE, &texts->quiet,
		"no messages but errors", NULL });
}

static void add_run_entries(GArray *entries, struct option_texts *texts)
{
	add_plan_entries(entries, texts);
	add(entries, (GOptionEntry){ "output", 'o', 0, G_OPTION_ARG_FILENAME, &texts->output,
		"the run directory (results/NAME)", "DIR" });
	add(entries, (GOptionEntry){ "format", 0, 0, G_OPTION_ARG_FILENAME, &texts->format,
		"of the answer: text, json, csv or markdown", "FORMAT" });
	add(entries, (GOptionEntry){ "jobs", 'j', 0, G_OPTION_ARG_FILENAME, &texts->workers,
		"worker threads (one per CPU)", "N" });
	add(entries, (GOptionEntry){ "list", 0, 0, G_OPTION_ARG_NONE, &texts->list,
		"print the plan, run nothing", NULL });
	add(entries, (GOptionEntry){ "figures", 0, 0, G_OPTION_ARG_FILENAME, &texts->figures,
		"auto or none", "WHICH" });
	add(entries, (GOptionEntry){ "progress", 0, 0, G_OPTION_ARG_FILENAME, &texts->progress,
		"auto, plain, json or none", "HOW" });
	add(entries, (GOptionEntry){ "verbose", 'v', 0, G_OPTION_ARG_NONE, &texts->verbose,
		"more messages", NULL });
}

static GArray *command_entries(enum command command, struct option_texts *texts)
{
	GArray *entries = entries_new();

	switch (command) {
	case COMMAND_RUN:
		add_run_entries(entries, texts);
		break;
	case COMMAND_LINT:
		add_plan_entries(entries, texts);
		break;
	case COMMAND_LIST:
		add(entries, (GOptionEntry){ "format", 0, 0, G_OPTION_ARG_FILENAME, &texts->format,
			"of the answer: text or json", "FORMAT" });
		break;
	default:
		break;
	}
	add(entries, (GOptionEntry){ "help", 'h', 0, G_OPTION_ARG_NONE, &texts->help,
		"this text", NULL });
	add(entries, (GOptionEntry){ G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY,
		&texts->rest, NULL, NULL });
	return entries;
}

static void fail(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void fail(GError **error, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error(error, IRQSIM_ERROR, IRQSIM_ERROR_INPUT, "irqsim: error: %s", text);
	g_free(text);
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
	fail(error, "%s%s", own->message, hint ? hint : "");
	g_free(hint);
	g_ptr_array_unref(names);
	g_error_free(own);
}

/* The index of text in words, 0 without text, -1 after a mistake. */
static int parse_word(const char *option, const char *text, const char *const *words,
		      GError **error)
{
	GPtrArray *names;
	char *hint;
	int i;

	for (i = 0; text && words[i]; i++)
		if (strcmp(words[i], text) == 0)
			return i;
	if (!text)
		return 0;
	names = g_ptr_array_new();
	for (i = 0; words[i]; i++)
		g_ptr_array_add(names, (char *)words[i]);
	hint = nearest_hint(text, names);
	fail(error, "%s: unknown word \"%s\"%s", option, text, hint);
	g_free(hint);
	g_ptr_array_unref(names);
	return -1;
}

static bool parse_workers(const char *text, uint32_t *ret, GError **error)
{
	guint64 number;

	if (!text)
		return true;
	if (!g_ascii_string_to_unsigned(text, 10, 1, WORKERS_MAX, &number, NULL)) {
		fail(error, "-j: \"%s\" is no number of workers: 1 to %d", text, WORKERS_MAX);
		return false;
	}
	*ret = (uint32_t)number;
	return true;
}

/* The one argument of a command. */
static const char *one_argument(const struct option_texts *texts, enum command command,
				GError **error)
{
	guint nr = texts->rest ? g_strv_length(texts->rest) : 0;

	if (nr == 1)
		return texts->rest[0];
	fail(error, "%s: expected %s %s, found %u arguments", command_names[command],
	     nr == 0 ? "the argument" : "one", command_arguments[command], nr);
	return NULL;
}

static struct plan_options plan_options(const struct option_texts *texts)
{
	return (struct plan_options){
		.sets = (const char *const *)texts->sets, .only = texts->only,
		.seed = texts->seed, .replications = texts->replications,
	};
}

static bool set_run(const struct option_texts *texts, struct run_options *ret, GError **error)
{
	static const char *const formats[] = { "text", "json", "csv", "markdown", NULL };
	static const char *const figures[] = { "auto", "none", NULL };
	static const char *const progress[] = { "auto", "plain", "json", "none", NULL };
	int format, figure, mode;

	*ret = (struct run_options){
		.scenario = one_argument(texts, COMMAND_RUN, error), .plan = plan_options(texts),
		.output = texts->output, .list = texts->list, .quiet = texts->quiet,
		.verbose = texts->verbose,
	};
	if (!ret->scenario || !parse_workers(texts->workers, &ret->nr_workers, error))
		return false;
	format = parse_word("--format", texts->format, formats, error);
	figure = format < 0 ? -1 : parse_word("--figures", texts->figures, figures, error);
	mode = figure < 0 ? -1 : parse_word("--progress", texts->progress, progress, error);
	if (mode < 0)
		return false;
	ret->format = (enum output_format)format;
	ret->figures = figure == 0;
	ret->progress = (enum progress_mode)mode;
	return true;
}

static bool set_lint(const struct option_texts *texts, struct lint_options *ret, GError **error)
{
	*ret = (struct lint_options){
		.scenario = one_argument(texts, COMMAND_LINT, error), .plan = plan_options(texts),
		.quiet = texts->quiet,
	};
	return ret->scenario != NULL;
}

static bool set_list(const struct option_texts *texts, struct list_options *ret, GError **error)
{
	static const char *const formats[] = { "text", "json", NULL };
	const char *what = one_argument(texts, COMMAND_LIST, error);
	int format;

	if (!what || parse_word("list", what, list_words, error) < 0)
		return false;
	format = parse_word("--format", texts->format, formats, error);
	if (format < 0)
		return false;
	*ret = (struct list_options){ .what = what, .format = (enum output_format)format };
	return true;
}

static bool set_schema(const struct option_texts *texts, GError **error)
{
	if (!texts->rest)
		return true;
	fail(error, "schema: unexpected argument \"%s\"", texts->rest[0]);
	return false;
}

static bool set_command(struct options *options, GError **error)
{
	switch (options->command) {
	case COMMAND_RUN:
		return set_run(options->texts, &options->run, error);
	case COMMAND_LINT:
		return set_lint(options->texts, &options->lint, error);
	case COMMAND_LIST:
		return set_list(options->texts, &options->list, error);
	default:
		return set_schema(options->texts, error);
	}
}

static char *command_help(enum command command, const GArray *entries)
{
	GString *help = g_string_new(NULL);

	g_string_append_printf(help, "Usage: irqsim %s [OPTION...] %s\n\n%s\n\nOptions:\n",
			       command_names[command], command_arguments[command],
			       command_summaries[command]);
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
	g_string_append_printf(help, "\n%s", command_examples[command]);
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
		done = set_command(options, error);
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
	g_strfreev(texts->rest);
	g_free(texts->only);
	g_free(texts->seed);
	g_free(texts->replications);
	g_free(texts->output);
	g_free(texts->format);
	g_free(texts->workers);
	g_free(texts->figures);
	g_free(texts->progress);
	g_free(texts);
	g_free(options->help);
	g_free(options);
}

char *options_usage(void)
{
	GString *usage = g_string_new("Usage: irqsim COMMAND [OPTION...] [ARGUMENT]\n\n"
				      "Commands:\n");

	for (int i = 0; i < NR_COMMANDS; i++)
		g_string_append_printf(usage, "  %-8s %s\n", command_names[i],
				       command_summaries[i]);
	g_string_append(usage, "\nirqsim COMMAND --help says more; irqsim --version its version.\n"
			       "\nExample:\n  irqsim run scenarios/sgi-last-of-64.json\n");
	return g_string_free(usage, FALSE);
}
