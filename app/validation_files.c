#include "app/validation_files.h"

#include <string.h>

#include "app/mistakes.h"
#include "app/nearest.h"
#include "app/platform_dirs.h"

/* The folder that is used; NULL: there is none with a scenario in it. */
static char *find_folder(void)
{
	char **dirs = data_dirs_new("validation",
				    (const char *const[]){ "scenarios/validation", NULL });
	char *found = NULL;

	for (size_t i = 0; dirs[i] && !found; i++) {
		GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);

		platform_dirs_list(dirs[i], paths);
		if (paths->len > 0)
			found = g_strdup(dirs[i]);
		g_ptr_array_unref(paths);
	}
	g_strfreev(dirs);
	return found;
}

/* Leaves the path of that name alone, or complains. */
static bool keep_one(GPtrArray *paths, const char *name, GError **error)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	char *hint;

	for (guint i = paths->len; i > 0; i--) {
		char *own = platform_dirs_name(paths->pdata[i - 1]);

		if (strcmp(own, name) != 0)
			g_ptr_array_remove_index(paths, i - 1);
		g_ptr_array_insert(names, 0, own);
	}
	if (paths->len == 0) {
		hint = nearest_hint(name, names);
		g_set_error(error, IRQSIM_ERROR, IRQSIM_ERROR_INPUT,
			    "irqsim: error: unknown validation scenario \"%s\"%s", name, hint);
		g_free(hint);
	}
	g_ptr_array_unref(names);
	return paths->len > 0;
}

GPtrArray *validation_files(const char *name, GError **error)
{
	GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
	char *folder = find_folder();
	bool found = folder != NULL;

	if (found)
		platform_dirs_list(folder, paths);
	else
		g_set_error(error, IRQSIM_ERROR, IRQSIM_ERROR_INPUT,
			    "irqsim: error: no validation scenarios: neither "
			    "scenarios/validation/*.json here nor installed ones");
	g_free(folder);
	if (found && (!name || keep_one(paths, name, error)))
		return paths;
	g_ptr_array_unref(paths);
	return NULL;
}

bool validation_check_name(const char *path, const char *name, GError **error)
{
	char *expected = g_strconcat(name, ".json", NULL), *file = g_path_get_basename(path);
	bool good = strcmp(file, expected) == 0;

	if (!good)
		g_set_error(error, IRQSIM_ERROR, IRQSIM_ERROR_INPUT,
			    "%s: error: the validation scenario \"%s\" is to be in a file %s "
			    "[/name]", path, name, expected);
	g_free(expected);
	g_free(file);
	return good;
}

GPtrArray *validation_platform_files(void)
{
	GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
	char *folder = find_folder();
	char *above = folder ? g_path_get_dirname(folder) : NULL;
	char *platforms = above ? g_build_filename(above, "platforms", NULL) : NULL;

	if (platforms)
		platform_dirs_list(platforms, paths);
	g_free(platforms);
	g_free(above);
	g_free(folder);
	return paths;
}
