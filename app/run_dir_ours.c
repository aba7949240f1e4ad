#include "app/run_dir_ours.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const char figures[] = "figures";

/* The scenario's name, the last of what is looked at, stands in the first lines. */
enum { HEAD_BYTES = 1024 };

/* What irqsim writes: the file that a directory is known by, and what may lie beside it. */
static const struct kind {
	const char *head_name, *format;
	const char *const *names;	/* NULL-terminated */
	const char *figure;		/* its figures are called so; NULL: as the scenario */
} kinds[] = {
	{ "result.json", "irqsim-result/",
	  (const char *const[]){ "summary.csv", "host.json", NULL }, NULL },
	{ "validation.json", "irqsim-validation/",
	  (const char *const[]){ "validation.md", NULL }, "published" },
};

/* A directory, as far as it is known. */
struct contents {
	const struct kind *kind;
	char *head;			/* first bytes of the file that it is known by; or NULL */
	char *figure;			/* what its figures are called; NULL: nothing */
};

/* The first bytes of a file as a string; NULL: there is none. */
static char *read_head(const char *path, const char *name)
{
	char *file = g_build_filename(path, name, NULL), *head = NULL;
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

static bool is_known(const struct contents *contents)
{
	const char *at = contents->head;

	if (!at)
		return false;
	at += strspn(at, " \r\n\t");
	if (*at++ != '{')
		return false;
	at += strspn(at, " \r\n\t");
	if (!g_str_has_prefix(at, "\"format\": \""))
		return false;
	return g_str_has_prefix(at + strlen("\"format\": \""), contents->kind->format);
}

/* What the figures are called; NULL: nothing. The caller frees it. */
static char *figure_name(const struct contents *contents)
{
	const char *at = is_known(contents) ? contents->head : NULL;

	if (at && contents->kind->figure)
		return g_strdup(contents->kind->figure);
	at = at ? strstr(at, "\"scenario\": {") : NULL;
	at = at ? strstr(at, "\"name\": \"") : NULL;
	if (!at)
		return NULL;
	at += strlen("\"name\": \"");
	return g_strndup(at, strcspn(at, "\""));
}

static struct contents contents_of(const char *path)
{
	struct contents contents = { NULL, NULL, NULL };

	for (gsize i = 0; i < G_N_ELEMENTS(kinds) && !contents.head; i++) {
		contents.kind = &kinds[i];
		contents.head = read_head(path, kinds[i].head_name);
	}
	contents.figure = figure_name(&contents);
	return contents;
}

static void contents_clear(struct contents *contents)
{
	g_free(contents->head);
	g_free(contents->figure);
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

static bool is_ours(const struct contents *contents, const char *folder, const char *name)
{
	if (folder)
		return is_figure(name, contents->figure);
	return strcmp(name, contents->kind->head_name) == 0 ||
	       g_strv_contains(contents->kind->names, name);
}

/*
 * The first thing in a directory that irqsim has not written, relative to it; NULL: none. Counts
 * the entries.
 */
static char *find_foreign(const char *path, const struct contents *contents, const char *folder,
			  guint *nr)
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
			foreign = find_foreign(path, contents, figures, nr);
		else if (is_dir || !is_ours(contents, folder, name))
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
	struct contents contents = contents_of(path);
	guint nr = 0;
	char *foreign = find_foreign(path, &contents, NULL, &nr), *objection = NULL;
	bool begun = partial && contents.head && !*contents.head && nr == 1;

	if (nr > 0 && !begun && !is_known(&contents))
		objection = g_strdup_printf("it holds %s and no result.json of irqsim",
					    foreign ? foreign : "files");
	else if (foreign)
		objection = g_strdup_printf("it holds %s", foreign);
	contents_clear(&contents);
	g_free(foreign);
	return objection;
}

static void remove_ours(const char *path, const struct contents *contents, const char *folder)
{
	char *here = g_build_filename(path, folder, NULL);
	GDir *dir = g_dir_open(here, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir)) != NULL) {
		char *full = g_build_filename(here, name, NULL);
		bool last = !folder && strcmp(name, contents->kind->head_name) == 0;

		if (!last && is_ours(contents, folder, name))
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
	struct contents contents = contents_of(path);
	char *head = g_build_filename(path, contents.kind->head_name, NULL);

	remove_ours(path, &contents, figures);
	remove_ours(path, &contents, NULL);
	g_unlink(head);		/* last: until then the directory can be told to be ours */
	g_free(head);
	contents_clear(&contents);
}
