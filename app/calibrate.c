/* calibrate - the command: free costs of a platform fitted to what has been published. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "app/calibration.h"
#include "app/commands.h"
#include "app/replace_file.h"

/* Whole or not at all. A file that has this text already is left alone. */
static bool write_file(const char *path, const GString *text, GError **error)
{
	char *old = NULL;
	gsize length = 0;
	bool same = g_file_get_contents(path, &old, &length, NULL) && length == text->len &&
		    memcmp(old, text->str, length) == 0;

	g_free(old);
	return same || replace_file(path, text->str, text->len, error);
}

static void print_string(GString *text)
{
	fwrite(text->str, 1, text->len, stdout);
	g_string_free(text, TRUE);
}

static void print_answer(const struct calibration *calibration, enum output_format format,
			 const char *written)
{
	if (format == FORMAT_JSON) {
		print_string(calibration_show_json(calibration, written));
		return;
	}
	print_string(calibration_show_text(calibration));
	if (written)
		printf("Platform: %s\n", written);
	else
		printf("Nothing is written: the rows do not determine every free cost.\n");
}

static void print_warnings(const struct calibration *calibration)
{
	for (guint i = 0; i < calibration->plans->len; i++) {
		const struct plan *plan = calibration->plans->pdata[i];

		for (char **warning = plan->warnings; *warning; warning++)
			fprintf(stderr, "%s\n", *warning);
	}
}

static int answer(const struct calibration *calibration)
{
	if (!calibration_is_determined(calibration))
		return EXIT_NO;
	for (guint i = 0; i < calibration->rows->len; i++)
		if (calibration_verdict(calibration_row(calibration, i)) == VERDICT_MISSED)
			return EXIT_NO;
	return EXIT_DONE;
}

static int calibrate(struct calibration *calibration, const struct calibrate_options *options,
		     GError **error)
{
	const char *path = options->output ? options->output : calibration->path;
	bool determined, written = true;

	if (!calibration_fit(calibration, options->nr_workers, error))
		return EXIT_UNFINISHED;
	determined = calibration_is_determined(calibration);
	if (determined) {
		GString *text = calibration_text(calibration);

		written = write_file(path, text, error);
		g_string_free(text, TRUE);
	}
	if (!written)
		return EXIT_UNFINISHED;
	print_answer(calibration, options->format, determined ? path : NULL);
	return answer(calibration);
}

int command_calibrate(const struct calibrate_options *options, GError **error)
{
	struct calibration *calibration;
	int status;

	/* A full file system and a reader that has gone are errors to report, not signals. */
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	calibration = calibration_new(options->platform, error);
	if (!calibration)
		return EXIT_INVALID;
	if (!options->quiet)
		print_warnings(calibration);
	status = calibrate(calibration, options, error);
	if (status == EXIT_UNFINISHED)
		g_prefix_error(error, "irqsim: error: ");
	calibration_free(calibration);
	return status;
}
