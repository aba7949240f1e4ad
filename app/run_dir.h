/*
 * run_dir - the directory of a command's output, which appears whole or not at all.
 *
 * Written as PATH.partial, synced, then put in the place of what was there. A run that is killed
 * leaves PATH as it was, and a PATH.partial that the next run clears away. Holds a lock on the
 * partial directory, so that two runs into one PATH do not mix. Removes only what irqsim wrote
 * (run_dir_ours.h): any other directory is left alone, and is an error.
 */
#ifndef APP_RUN_DIR_H
#define APP_RUN_DIR_H

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

struct run_dir {
	char *path;		/* where it will be, as the user knows it */
	char *target;		/* the same, absolute, symbolic links resolved */
	char *partial;		/* target.partial */
	char *aside;		/* target.previous: where the old one is for a moment, if at all */
	int lock_fd;
};

/*
 * Can PATH be written: is it free, empty, or a run's directory, and not one that the process
 * stands in? To be asked before anything runs; writes nothing. What the user can mend is
 * G_IO_ERROR_EXISTS, G_IO_ERROR_NOT_DIRECTORY or G_IO_ERROR_INVALID_FILENAME.
 */
bool run_dir_check(const char *path, GError **error);

/* The exit status after run_dir_check(): is it the wrong directory, or is the disk to blame? */
int run_dir_status(const GError *error);

/* Makes the partial directory, empty. NULL and *error on failure. */
struct run_dir *run_dir_begin(const char *path, GError **error);

/* A new file of the partial directory, its name such as "figures/a.dat"; folders are made. */
FILE *run_dir_create(struct run_dir *dir, const char *name, GError **error);

/* Writes everything out, closes the file in any case. */
bool run_dir_close(FILE *file, const char *name, GError **error);

/* A whole file at once. */
bool run_dir_write(struct run_dir *dir, const char *name, const char *text, gsize length,
		   GError **error);

/* Puts the directory in its place. The old one is gone after. */
bool run_dir_commit(struct run_dir *dir, GError **error);

/* Removes the partial directory, unless it was committed. Frees. NULL is fine. */
void run_dir_end(struct run_dir *dir);

#endif
