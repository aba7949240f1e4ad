/*
 * platform_dirs - where platforms and other shipped scenarios are looked for, and what is there.
 *
 * Names of files and folders alone: what is in a file is platform.h's. No path that is found here
 * ever reaches a result.
 */
#ifndef APP_PLATFORM_DIRS_H
#define APP_PLATFORM_DIRS_H

#include <glib.h>

/*
 * The folders in which platforms are searched, in this order and each once: those of `first` (taken
 * as they are; NULL-terminated), the installed data, and what lies beside the program itself, be it
 * installed elsewhere or in a build folder. A NULL-terminated list of strings: g_strfreev().
 */
char **platform_dirs_new(const char *const *first);

/* The same for another folder of scenarios/: "validation". */
char **data_dirs_new(const char *folder, const char *const *first);

/* Paths of the *.json in a folder, sorted by name, added to paths. None when there is no folder. */
void platform_dirs_list(const char *dir, GPtrArray *paths);

/* The name of what is in such a path, "a" of "x/a.json"; the caller frees it. */
char *platform_dirs_name(const char *path);

#endif
