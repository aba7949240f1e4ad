/*
 * mistakes - what is wrong with an input: collected, so that all of it can be told at once.
 *
 * One list per input, filled while reading, checking and expanding it. Never prints; main.c does.
 */
#ifndef APP_MISTAKES_H
#define APP_MISTAKES_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define IRQSIM_ERROR irqsim_error_quark()
GQuark irqsim_error_quark(void);

enum irqsim_error {
	IRQSIM_ERROR_INPUT,	/* an input or the command line is invalid */
};

/* Where a value or a key stands. Both count from 1, columns in characters; line 0: nowhere. */
struct place {
	uint32_t line, column;
};

/* What a message begins and ends with. */
struct location {
	const char *file;
	struct place place;
	const char *pointer;	/* NULL or "": the whole document */
};

struct mistakes;

struct mistakes *mistakes_new(void);
void mistakes_free(struct mistakes *mistakes);

/*
 * Adds one; copies all strings. The same text at the same place is kept once, whatever stands
 * behind its `context` (NULL: nothing): what the value was set in, shown in parentheses.
 */
void mistakes_add(struct mistakes *mistakes, const struct location *location, const char *text,
		  const char *context);

/* Forgets the context of what was added nr_times or more: it is wrong in every context. */
void mistakes_drop_context(struct mistakes *mistakes, guint nr_times);

/* How many there are, and whether there are so many that looking for more helps nobody. */
guint mistakes_count(const struct mistakes *mistakes);
bool mistakes_full(const struct mistakes *mistakes);

/*
 * One line each, FILE:LINE:COL: LABEL: TEXT [/pointer], files in order of their first mistake,
 * lines ascending; label is "error" or "warning". Control characters are shown as \xNN.
 */
char **mistakes_lines(const struct mistakes *mistakes, const char *label);

/* Appends a text that comes from outside, so that it cannot drive the terminal: as in a line. */
void mistakes_append_printable(GString *line, const char *text);

/* All lines as one GError of IRQSIM_ERROR_INPUT; there is at least one. */
void mistakes_to_error(const struct mistakes *mistakes, GError **error);

#endif
