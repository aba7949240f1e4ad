/*
 * replace_file - a file that a command rewrites: it is there whole, old or new, at every moment.
 *
 * Keeps what the file is: a symbolic link stays one, and the mode is that of before. Never makes
 * folders.
 */
#ifndef APP_REPLACE_FILE_H
#define APP_REPLACE_FILE_H

#include <glib.h>
#include <stdbool.h>

bool replace_file(const char *path, const char *text, gsize length, GError **error);

#endif
