/*
 * validation_files - where the validation scenarios are: those with published numbers.
 *
 * Names of files and folders alone. The folder is scenarios/validation of the current directory,
 * else of the installed data, else beside the program: the first one that has any, as a whole.
 */
#ifndef APP_VALIDATION_FILES_H
#define APP_VALIDATION_FILES_H

#include <glib.h>
#include <stdbool.h>

/*
 * Paths of the scenarios, sorted by name; with a name that one alone. NULL and *error when there
 * is none. g_ptr_array_unref() the result.
 */
GPtrArray *validation_files(const char *name, GError **error);

/* The scenario NAME is in NAME.json: so no two have one name, and their rows count once. */
bool validation_check_name(const char *path, const char *name, GError **error);

/* Paths of the platforms that are shipped beside them, sorted; may be empty. Likewise. */
GPtrArray *validation_platform_files(void);

#endif
