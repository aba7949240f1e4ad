/*
 * run_dir_ours - which directories irqsim has written, and emptying just those.
 *
 * A directory is known by the format key that its result.json or validation.json begins with, never
 * by names alone: others have a summary.csv too. Writes nothing, decides nothing about errors.
 */
#ifndef APP_RUN_DIR_OURS_H
#define APP_RUN_DIR_OURS_H

#include <stdbool.h>

/*
 * Why a directory is not to be replaced, such as "it holds thesis.tex": the caller frees it. NULL:
 * it is empty, or a run directory with nothing else in it, or not there. A partial one may also
 * hold just a result.json without a byte, which is how each begins.
 */
char *run_dir_find_objection(const char *path, bool partial);

/* Empties a directory that nothing speaks against; what irqsim has not written stays. */
void run_dir_clear(const char *path);

#endif
