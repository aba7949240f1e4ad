/*
 * figure - the main metric against the swept value, drawn by gnuplot from a data file.
 *
 * Writes figures/NAME.dat and figures/NAME.gp, which runs by itself; gnuplot makes NAME.svg of it.
 * Texts of the scenario reach gnuplot as strings of which nothing can be a command. A figure that
 * cannot be drawn is a warning, never the end of a run.
 */
#ifndef APP_FIGURE_H
#define APP_FIGURE_H

#include <glib.h>
#include <stdbool.h>

#include "app/report.h"
#include "app/run_dir.h"

/* The data and the script. */
bool figure_write(const struct report *report, struct run_dir *dir, GError **error);

/* Appends a script of plot/ to another one. */
bool figure_put_script(GString *out, const char *name, GError **error);

/* Runs figures/NAME.gp, which makes figures/NAME.svg. As figure_draw(). */
char *figure_draw_name(const char *name, const struct run_dir *dir);

/* Runs gnuplot. NULL, or the warning to show, which the caller frees. */
char *figure_draw(const struct report *report, const struct run_dir *dir);

#endif
