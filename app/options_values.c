/* options_values - what the texts of options mean: words, numbers, arguments. */
#include <string.h>

#include "app/list.h"
#include "app/mistakes.h"
#include "app/nearest.h"
#include "app/options_parts.h"

enum { WORKERS_MAX = 1024 };

void options_fail(GError **error, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error(error, IRQSIM_ERROR, IRQSIM_ERROR_INPUT, "irqsim: error: %s", text);
	g_free(text);
}

/* --- words, numbers, arguments ------------------------------------------------------------- */

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
	options_fail(error, "%s: unknown word \"%s\"%s", option, text, hint);
	g_free(hint);
	g_ptr_array_unref(names);
	return -1;
}

/* The words of --format that a command takes, of all that there are; the first is its default. */
static bool parse_format(const struct option_texts *texts, const enum output_format *formats,
			 enum output_format *ret, GError **error)
{
	static const char *const names[] = { "text", "json", "csv", "markdown", "junit", "github" };
	const char *words[G_N_ELEMENTS(names) + 1];
	int nr = 0, found;

	do
		words[nr] = names[formats[nr]];
	while (formats[++nr] != FORMAT_TEXT);
	words[nr] = NULL;
	found = parse_word("--format", texts->format, words, error);
	if (found >= 0)
		*ret = formats[found];
	return found >= 0;
}

/* Each begins with the default and ends with FORMAT_TEXT, which ends the list. */
static const enum output_format run_formats[] = {
	FORMAT_TEXT, FORMAT_JSON, FORMAT_CSV, FORMAT_MARKDOWN, FORMAT_TEXT
};
static const enum output_format judge_formats[] = {
	FORMAT_TEXT, FORMAT_JSON, FORMAT_MARKDOWN, FORMAT_JUNIT, FORMAT_GITHUB, FORMAT_TEXT
};
static const enum output_format validate_formats[] = {
	FORMAT_TEXT, FORMAT_JSON, FORMAT_MARKDOWN, FORMAT_TEXT
};
static const enum output_format plain_formats[] = { FORMAT_TEXT, FORMAT_JSON, FORMAT_TEXT };

static bool parse_workers(const struct option_texts *texts, uint32_t *ret, GError **error)
{
	guint64 number;

	if (!texts->workers)
		return true;
	if (!g_ascii_string_to_unsigned(texts->workers, 10, 1, WORKERS_MAX, &number, NULL)) {
		options_fail(error, "-j: \"%s\" is no number of workers: 1 to %d", texts->workers,
			     WORKERS_MAX);
		return false;
	}
	*ret = (uint32_t)number;
	return true;
}

static bool parse_figures(const struct option_texts *texts, bool *ret, GError **error)
{
	static const char *const words[] = { "auto", "none", NULL };
	int found = parse_word("--figures", texts->figures, words, error);

	*ret = found == 0;
	return found >= 0;
}

static bool parse_progress(const struct option_texts *texts, enum progress_mode *ret,
			   GError **error)
{
	static const char *const words[] = { "auto", "plain", "json", "none", NULL };
	int found = parse_word("--progress", texts->progress, words, error);

	if (found >= 0)
		*ret = (enum progress_mode)found;
	return found >= 0;
}

static bool check_arguments(const struct option_texts *texts, enum command command, GError **error)
{
	const struct command_row *row = &command_rows[command];
	guint nr = texts->rest ? g_strv_length(texts->rest) : 0;

	if (nr >= row->min_arguments && nr <= row->max_arguments)
		return true;
	if (row->max_arguments == 0)
		options_fail(error, "%s: unexpected argument \"%s\"", row->name, texts->rest[0]);
	else
		options_fail(error, "%s: expected %s%s, found %u arguments", row->name,
			     row->max_arguments > 1 ? "" :
			     nr == 0		    ? "the argument " :
						      "one ",
			     row->arguments, nr);
	return false;
}

/* Of a command that has one argument, or may have none. */
static const char *argument(const struct option_texts *texts)
{
	return texts->rest ? texts->rest[0] : NULL;
}

static struct plan_options plan_options(const struct option_texts *texts)
{
	return (struct plan_options){
		.sets = (const char *const *)texts->sets, .only = texts->only,
		.seed = texts->seed, .replications = texts->replications,
	};
}

static struct judge_options judge_options(const struct option_texts *texts)
{
	return (struct judge_options){
		.fails = (const char *const *)texts->fails,
		.two_sided = texts->two_sided, .strict = texts->strict,
	};
}

/* Of an empty variable of a shell, most likely: it names no file, and nothing is to be run. */
static bool refuse_empty(const char *option, const char *path, GError **error)
{
	if (!path || *path)
		return true;
	options_fail(error, "%s: the name is empty", option);
	return false;
}

/* --- commands ------------------------------------------------------------------------------ */

static bool set_run(const struct option_texts *texts, struct run_options *ret, GError **error)
{
	*ret = (struct run_options){
		.scenario = argument(texts), .plan = plan_options(texts),
		.output = texts->output, .list = texts->list, .quiet = texts->quiet,
		.verbose = texts->verbose,
	};
	return parse_workers(texts, &ret->nr_workers, error) &&
	       parse_format(texts, run_formats, &ret->format, error) &&
	       parse_figures(texts, &ret->figures, error) &&
	       parse_progress(texts, &ret->progress, error);
}

static bool set_check(const struct option_texts *texts, struct check_options *ret, GError **error)
{
	*ret = (struct check_options){
		.scenarios = (const char *const *)texts->rest, .plan = plan_options(texts),
		.baseline = texts->baseline, .judge = judge_options(texts),
		.update = texts->update, .quiet = texts->quiet,
	};
	return refuse_empty("--baseline", texts->baseline, error) &&
	       parse_workers(texts, &ret->nr_workers, error) &&
	       parse_format(texts, judge_formats, &ret->format, error) &&
	       parse_progress(texts, &ret->progress, error);
}

static bool set_compare(const struct option_texts *texts, struct compare_options *ret,
			GError **error)
{
	*ret = (struct compare_options){
		.old = texts->rest[0], .new = texts->rest[1], .judge = judge_options(texts),
	};
	return parse_format(texts, judge_formats, &ret->format, error);
}

static bool set_validate(const struct option_texts *texts, struct validate_options *ret,
			 GError **error)
{
	*ret = (struct validate_options){
		.name = argument(texts), .output = texts->output, .quiet = texts->quiet,
	};
	return parse_workers(texts, &ret->nr_workers, error) &&
	       parse_format(texts, validate_formats, &ret->format, error) &&
	       parse_figures(texts, &ret->figures, error) &&
	       parse_progress(texts, &ret->progress, error);
}

static bool set_calibrate(const struct option_texts *texts, struct calibrate_options *ret,
			  GError **error)
{
	*ret = (struct calibrate_options){
		.platform = argument(texts), .output = texts->output, .quiet = texts->quiet,
	};
	return refuse_empty("-o", texts->output, error) &&
	       parse_workers(texts, &ret->nr_workers, error) &&
	       parse_format(texts, plain_formats, &ret->format, error);
}

static bool set_lint(const struct option_texts *texts, struct lint_options *ret)
{
	*ret = (struct lint_options){
		.scenario = argument(texts), .plan = plan_options(texts), .quiet = texts->quiet,
	};
	return true;
}

static bool set_list(const struct option_texts *texts, struct list_options *ret, GError **error)
{
	*ret = (struct list_options){ .what = argument(texts) };
	return parse_word("list", ret->what, list_words, error) >= 0 &&
	       parse_format(texts, plain_formats, &ret->format, error);
}

bool options_set(struct options *options, GError **error)
{
	const struct option_texts *texts = options->texts;

	if (!check_arguments(texts, options->command, error))
		return false;
	switch (options->command) {
	case COMMAND_RUN:
		return set_run(texts, &options->run, error);
	case COMMAND_CHECK:
		return set_check(texts, &options->check, error);
	case COMMAND_COMPARE:
		return set_compare(texts, &options->compare, error);
	case COMMAND_VALIDATE:
		return set_validate(texts, &options->validate, error);
	case COMMAND_CALIBRATE:
		return set_calibrate(texts, &options->calibrate, error);
	case COMMAND_LINT:
		return set_lint(texts, &options->lint);
	case COMMAND_LIST:
		return set_list(texts, &options->list, error);
	default:
		return true;
	}
}
