/*
 * options - argv into what a command is asked to do. One table of options per sub-command.
 *
 * Numbers and words are checked here; names of the scenario (--only, --set) by plan.c. Never prints
 * and never ends the process.
 */
#ifndef APP_OPTIONS_H
#define APP_OPTIONS_H

#include <glib.h>

#include "app/commands.h"

/* In the order of --help. */
enum command {
	COMMAND_RUN,
	COMMAND_CHECK,
	COMMAND_COMPARE,
	COMMAND_VALIDATE,
	COMMAND_CALIBRATE,
	COMMAND_LINT,
	COMMAND_LIST,
	COMMAND_SCHEMA,
	NR_COMMANDS
};

/* What there is to say of a command. Without a name the program does not have it. */
struct command_row {
	const char *name, *summary;
	const char *arguments;		/* for its usage */
	unsigned int min_arguments, max_arguments;
	const char *example;
};

extern const struct command_row command_rows[NR_COMMANDS];

struct options {
	enum command command;
	char *help;		/* the text of --help, if that was asked for; else NULL */
	struct run_options run;
	struct check_options check;
	struct compare_options compare;
	struct validate_options validate;
	struct calibrate_options calibrate;
	struct lint_options lint;
	struct list_options list;
	struct option_texts *texts;	/* what the others point into */
};

/*
 * Parses the arguments behind the command's name. NULL and *error (IRQSIM_ERROR_INPUT) after a
 * mistake. The caller frees the result.
 */
struct options *options_parse(enum command command, int argc, char **argv, GError **error);
void options_free(struct options *options);

/* The text of `irqsim --help`. The caller frees it. */
char *options_usage(void);

#endif
