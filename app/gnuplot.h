/*
 * gnuplot - texts that gnuplot cannot take for commands, and running it.
 *
 * Knows nothing of what is drawn. A failure is a sentence, never the end of a run.
 */
#ifndef APP_GNUPLOT_H
#define APP_GNUPLOT_H

enum { GNUPLOT_SECONDS = 30 };

/*
 * The text as an expression of gnuplot: plain pieces in single quotes, every other byte by its
 * octal number in double quotes. So nothing of it is ever a command, a quote or a format. The
 * caller frees it.
 */
char *gnuplot_string(const char *text);

/* The same for the label of a tic, which gnuplot takes as a format: a percent sign is doubled. */
char *gnuplot_tic(const char *text);

/*
 * Runs a script in a folder, to its end or for GNUPLOT_SECONDS. NULL, or what went wrong, which the
 * caller frees.
 */
char *gnuplot_run(const char *folder, const char *script);

#endif
