#include "app/platform_dirs.h"

#include <stdbool.h>
#include <string.h>

/* Two ways to one folder are one. */
static void add_once(GPtrArray *dirs, char *dir)
{
	char *canonical = g_canonicalize_filename(dir, NULL);
	bool known = false;

	for (guint i = 0; i < dirs->len && !known; i++) {
		char *other = g_canonicalize_filename(dirs->pdata[i], NULL);

		known = strcmp(canonical, other) == 0;
		g_free(other);
	}
	if (known)
		g_free(dir);
	else
		g_ptr_array_add(dirs, dir);
	g_free(canonical);
}

static void add_dir(GPtrArray *dirs, const char *scenarios, const char *name, const char *from)
{
	char *dir = g_build_filename(scenarios, name, NULL);

	add_once(dirs, g_canonicalize_filename(dir, from));
	g_free(dir);
}

/* Of an installation that was moved, then of a build in SOURCE/build/NAME. */
static void add_beside_program(GPtrArray *dirs, const char *name)
{
	static const char *const beside[] = {
		"../share/irqsim/scenarios", "../../scenarios",
	};
	char *program = g_file_read_link("/proc/self/exe", NULL);
	char *folder = program ? g_path_get_dirname(program) : NULL;

	for (gsize i = 0; folder && i < G_N_ELEMENTS(beside); i++)
		add_dir(dirs, beside[i], name, folder);
	g_free(folder);
	g_free(program);
}

char **data_dirs_new(const char *folder, const char *const *first)
{
	GPtrArray *dirs = g_ptr_array_new();

	for (; *first; first++)
		add_once(dirs, g_strdup(*first));
	add_dir(dirs, IRQSIM_DATADIR "/scenarios", folder, "/");
	add_beside_program(dirs, folder);
	g_ptr_array_add(dirs, NULL);
	return (char **)g_ptr_array_free(dirs, FALSE);
}

char **platform_dirs_new(const char *const *first)
{
	return data_dirs_new("platforms", first);
}

static gint compare_paths(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void platform_dirs_list(const char *path, GPtrArray *paths)
{
	GDir *dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir)))
		if (g_str_has_suffix(name, ".json"))
			g_ptr_array_add(paths, g_build_filename(path, name, NULL));
	if (dir)
		g_dir_close(dir);
	g_ptr_array_sort(paths, compare_paths);
}

char *platform_dirs_name(const char *path)
{
	char *name = g_path_get_basename(path);

	name[strlen(name) - strlen(".json")] = '\0';
	return name;
}
