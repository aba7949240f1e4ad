/* validate - the command: all validation scenarios, or one, beside what has been published. */
#include <gio/gio.h>
#include <signal.h>
#include <stdio.h>

#include "app/commands.h"
#include "app/mistakes.h"
#include "app/run_dir.h"
#include "app/validation.h"
#include "app/validation_show.h"

static void print_string(GString *text)
{
	fwrite(text->str, 1, text->len, stdout);
	g_string_free(text, TRUE);
}

static void print_answer(const struct validation *validation, enum output_format format)
{
	if (format == FORMAT_JSON)
		print_string(validation_format_json(validation));
	else if (format == FORMAT_MARKDOWN)
		print_string(validation_format_markdown(validation));
	else
		print_string(validation_format_text(validation));
	fflush(stdout);
}

static void print_warnings(const struct validation *validation)
{
	GPtrArray *warnings = validation_warnings(validation);

	for (guint i = 0; i < warnings->len; i++) {
		GString *line = g_string_new("irqsim: warning: ");

		mistakes_append_printable(line, warnings->pdata[i]);
		fprintf(stderr, "%s\n", line->str);
		g_string_free(line, TRUE);
	}
	g_ptr_array_unref(warnings);
}

static bool write_string(struct run_dir *dir, const char *name, GString *text, GError **error)
{
	bool done = run_dir_write(dir, name, text->str, text->len, error);

	g_string_free(text, TRUE);
	return done;
}

static bool write_files(const struct validation *validation, struct run_dir *dir, GError **error)
{
	return write_string(dir, "validation.json", validation_format_json(validation), error) &&
	       write_string(dir, "validation.md", validation_format_markdown(validation), error) &&
	       validation_write_figure(validation, dir, error);
}

static bool write_dir(const struct validation *validation, const struct validate_options *options,
		      const char *path, GError **error)
{
	struct run_dir *dir = run_dir_begin(path, error);
	bool done = dir && write_files(validation, dir, error);
	char *warning = done && options->figures ? validation_draw_figure(dir) : NULL;

	if (warning && !options->quiet)
		fprintf(stderr, "irqsim: warning: %s\n", warning);
	g_free(warning);
	done = done && run_dir_commit(dir, error);
	run_dir_end(dir);
	return done;
}

static int answer(const struct validation *validation)
{
	for (guint i = 0; i < validation->rows->len; i++)
		if (validation_row(validation, i)->verdict == VERDICT_MISSED)
			return EXIT_NO;
	return EXIT_DONE;
}

static int validate(struct validation *validation, const struct validate_options *options,
		    const char *path, GError **error)
{
	if (!validation_run(validation, options, error))
		return EXIT_UNFINISHED;
	if (!options->quiet)
		print_warnings(validation);
	print_answer(validation, options->format);
	if (!write_dir(validation, options, path, error))
		return EXIT_UNFINISHED;
	if (options->format == FORMAT_TEXT)
		printf("Result: %s/validation.json\n", path);
	return answer(validation);
}

int command_validate(const struct validate_options *options, GError **error)
{
	const char *path = options->output ? options->output : "results/validation";
	struct validation *validation;
	int status;

	/* A full file system and a reader that has gone are errors to report, not signals. */
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	validation = validation_new(options->name, error);
	if (!validation)
		return EXIT_INVALID;
	if (run_dir_check(path, error))
		status = validate(validation, options, path, error);
	else
		status = run_dir_status(*error);
	if (status >= EXIT_INVALID)
		g_prefix_error(error, "irqsim: error: ");
	validation_free(validation);
	return status;
}
