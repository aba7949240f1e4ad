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

/* Of an installation that was moved, then of a build in SOURCE/build/NAME. */
static void add_beside_program(GPtrArray *dirs)
{
	static const char *const beside[] = {
		"../share/irqsim/scenarios/platforms", "../../scenarios/platforms",
	};
	char *program = g_file_read_link("/proc/self/exe", NULL);
	char *folder = program ? g_path_get_dirname(program) : NULL;

	for (gsize i = 0; folder && i < G_N_ELEMENTS(beside); i++)
		add_once(dirs, g_canonicalize_filename(beside[i], folder));
	g_free(folder);
	g_free(program);
}

char **platform_dirs_new(const char *const *first)
{
	GPtrArray *dirs = g_ptr_array_new();

	for (; *first; first++)
		add_once(dirs, g_strdup(*first));
	add_once(dirs, g_strdup(IRQSIM_DATADIR "/scenarios/platforms"));
	add_beside_program(dirs);
	g_ptr_array_add(dirs, NULL);
	return (char **)g_ptr_array_free(dirs, FALSE);
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
