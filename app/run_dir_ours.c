#include "app/run_dir_ours.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const char result_name[] = "result.json", figures[] = "figures";

/* The scenario's name, the last of what is looked at, stands in the first lines. */
enum { HEAD_BYTES = 1024 };

/* The first bytes of the result as a string; NULL: there is none. */
static char *read_head(const char *path)
{
	char *file = g_build_filename(path, result_name, NULL), *head = NULL;
	GStatBuf info;
	FILE *stream = NULL;

	if (g_lstat(file, &info) == 0 && S_ISREG(info.st_mode))
		stream = g_fopen(file, "rbe");
	if (stream) {
		head = g_malloc0(HEAD_BYTES + 1);
		if (fread(head, 1, HEAD_BYTES, stream) == 0)
			*head = '\0';
		fclose(stream);
	}
	g_free(file);
	return head;
}

static bool is_result(const char *head)
{
	const char *at = head + strspn(head, " \r\n\t");

	if (*at++ != '{')
		return false;
	at += strspn(at, " \r\n\t");
	return g_str_has_prefix(at, "\"format\": \"irqsim-result/");
}

/* What the figures of that result are called; NULL: nothing. The caller frees it. */
static char *figure_name(const char *head)
{
	const char *at = head && is_result(head) ? strstr(head, "\"scenario\": {") : NULL;

	at = at ? strstr(at, "\"name\": \"") : NULL;
	if (!at)
		return NULL;
	at += strlen("\"name\": \"");
	return g_strndup(at, strcspn(at, "\""));
}

static bool is_figure(const char *name, const char *figure)
{
	static const char *const suffixes[] = { ".svg", ".gp", ".dat" };

	if (!figure || !g_str_has_prefix(name, figure))
		return false;
	for (gsize i = 0; i < G_N_ELEMENTS(suffixes); i++)
		if (strcmp(name + strlen(figure), suffixes[i]) == 0)
			return true;
	return false;
}

static bool is_ours(const char *folder, const char *name, const char *figure)
{
	static const char *const names[] = { result_name, "summary.csv", "host.json" };

	if (folder)
		return is_figure(name, figure);
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/*
 * The first thing in a directory that irqsim has not written, relative to it; NULL: none. Counts
 * the entries.
 */
static char *find_foreign(const char *path, const char *folder, const char *figure, guint *nr)
{
	char *here = g_build_filename(path, folder, NULL), *foreign = NULL;
	GDir *dir = g_dir_open(here, 0, NULL);
	const char *name;

	while (dir && !foreign && (name = g_dir_read_name(dir)) != NULL) {
		char *full = g_build_filename(here, name, NULL);
		bool is_dir = g_file_test(full, G_FILE_TEST_IS_DIR) &&
			      !g_file_test(full, G_FILE_TEST_IS_SYMLINK);

		(*nr)++;
		if (is_dir && !folder && strcmp(name, figures) == 0)
			foreign = find_foreign(path, figures, figure, nr);
		else if (is_dir || !is_ours(folder, name, figure))
			foreign = g_build_filename(folder ? folder : "", name, NULL);
		g_free(full);
	}
	if (dir)
		g_dir_close(dir);
	g_free(here);
	return foreign;
}

char *run_dir_find_objection(const char *path, bool partial)
{
	char *head = read_head(path), *figure = figure_name(head), *objection = NULL;
	guint nr = 0;
	char *foreign = find_foreign(path, NULL, figure, &nr);
	bool begun = partial && head && !*head && nr == 1;

	if (nr > 0 && !begun && !(head && is_result(head)))
		objection = g_strdup_printf("it holds %s and no result.json of irqsim",
					    foreign ? foreign : "files");
	else if (foreign)
		objection = g_strdup_printf("it holds %s", foreign);
	g_free(head);
	g_free(figure);
	g_free(foreign);
	return objection;
}

static void remove_ours(const char *path, const char *folder, const char *figure)
{
	char *here = g_build_filename(path, folder, NULL);
	GDir *dir = g_dir_open(here, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir)) != NULL) {
		char *full = g_build_filename(here, name, NULL);

		if (is_ours(folder, name, figure) && (folder || strcmp(name, result_name) != 0))
			g_unlink(full);
		g_free(full);
	}
	if (dir)
		g_dir_close(dir);
	if (folder)
		g_rmdir(here);
	g_free(here);
}

void run_dir_clear(const char *path)
{
	char *head = read_head(path), *figure = figure_name(head);
	char *result = g_build_filename(path, result_name, NULL);

	remove_ours(path, figures, figure);
	remove_ours(path, NULL, figure);
	g_unlink(result);	/* last: until then the directory can be told to be ours */
	g_free(result);
	g_free(figure);
	g_free(head);
}
