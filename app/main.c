/*
 * irqsim - which way of delivering interrupts to virtual machines is faster, and why.
 *
 * Finds the command, and is the one place that prints errors.
 */
#include <stdio.h>
#include <string.h>

#include "app/commands.h"
#include "app/mistakes.h"
#include "app/nearest.h"
#include "app/options.h"

static int run_command(const struct options *options, GError **error)
{
	switch (options->command) {
	case COMMAND_RUN:
		return command_run(&options->run, error);
	case COMMAND_CHECK:
		return command_check(&options->check, error);
	case COMMAND_COMPARE:
		return command_compare(&options->compare, error);
	case COMMAND_VALIDATE:
		return command_validate(&options->validate, error);
	case COMMAND_CALIBRATE:
		return command_calibrate(&options->calibrate, error);
	case COMMAND_LINT:
		return command_lint(&options->lint, error);
	case COMMAND_LIST:
		return command_list(&options->list, error);
	default:
		return command_schema(error);
	}
}

/* The command of that name, or NR_COMMANDS and an error. */
static enum command find_command(const char *name, GError **error)
{
	GPtrArray *names;
	char *hint;

	if (*name == '-') {
		g_set_error(error, IRQSIM_ERROR, IRQSIM_ERROR_INPUT,
			    "irqsim: error: unknown option \"%s\": before a command there are "
			    "--help and --version only", name);
		return NR_COMMANDS;
	}
	names = g_ptr_array_new();
	for (int i = 0; i < NR_COMMANDS; i++) {
		if (!command_rows[i].name)
			continue;
		if (strcmp(command_rows[i].name, name) == 0) {
			g_ptr_array_unref(names);
			return (enum command)i;
		}
		g_ptr_array_add(names, (char *)command_rows[i].name);
	}
	hint = nearest_hint(name, names);
	g_set_error(error, IRQSIM_ERROR, IRQSIM_ERROR_INPUT,
		    "irqsim: error: unknown command \"%s\"%s", name, hint);
	g_free(hint);
	g_ptr_array_unref(names);
	return NR_COMMANDS;
}

static int print_usage(FILE *stream, int status)
{
	char *usage = options_usage();

	fputs(usage, stream);
	g_free(usage);
	return status;
}

static int main_with_command(int argc, char **argv, GError **error)
{
	enum command command = find_command(argv[1], error);
	struct options *options;
	int status = EXIT_DONE;

	if (command == NR_COMMANDS)
		return EXIT_INVALID;
	options = options_parse(command, argc - 1, argv + 1, error);
	if (!options)
		return EXIT_INVALID;
	if (options->help)
		fputs(options->help, stdout);
	else
		status = run_command(options, error);
	options_free(options);
	return status;
}

int main(int argc, char **argv)
{
	GError *error = NULL;
	int status;

	if (argc < 2)
		return print_usage(stderr, EXIT_INVALID);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		status = print_usage(stdout, EXIT_DONE);
	else if (strcmp(argv[1], "--version") == 0)
		status = printf("irqsim %s\n", IRQSIM_VERSION) > 0 ? EXIT_DONE : EXIT_UNFINISHED;
	else
		status = main_with_command(argc, argv, &error);

	if (error)
		fprintf(stderr, "%s\n", error->message);
	g_clear_error(&error);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "irqsim: error: standard output cannot be written\n");
		return EXIT_UNFINISHED;
	}
	return status;
}
