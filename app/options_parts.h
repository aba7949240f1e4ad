/*
 * options_parts - what the two halves of the option parser share: options.c knows which options a
 * command has, options_values.c what their texts mean. Included by these only.
 */
#ifndef APP_OPTIONS_PARTS_H
#define APP_OPTIONS_PARTS_H

#include "app/options.h"

/* Texts as GOption hands them out. */
struct option_texts {
	char **sets, **fails, **rest;
	char *only, *seed, *replications, *output, *format, *workers, *figures, *progress;
	char *baseline;
	gboolean help, list, quiet, verbose, two_sided, strict, update;
};

/* "irqsim: error: ..." of the command line. */
void options_fail(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* From the texts to what the command is asked to do; false and *error after a mistake. */
bool options_set(struct options *options, GError **error);

#endif
