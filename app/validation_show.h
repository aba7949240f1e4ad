/*
 * validation_show - a finished validation for people, for programs, and as a figure.
 *
 * Formats only; never judges.
 */
#ifndef APP_VALIDATION_SHOW_H
#define APP_VALIDATION_SHOW_H

#include "app/run_dir.h"
#include "app/validation.h"

/* A table per scenario, the sums, the fitted numbers. The caller frees the string. */
GString *validation_format_text(const struct validation *validation);
GString *validation_format_markdown(const struct validation *validation);

/* validation.json, "irqsim-validation/1" of formats.md. */
GString *validation_format_json(const struct validation *validation);

/* What somebody should look at, one sentence each; the caller frees the array. */
GPtrArray *validation_warnings(const struct validation *validation);

/* figures/published.dat and .gp; then gnuplot, whose failure is a warning that the caller frees. */
bool validation_write_figure(const struct validation *validation, struct run_dir *dir,
			     GError **error);
char *validation_draw_figure(const struct run_dir *dir);

#endif
