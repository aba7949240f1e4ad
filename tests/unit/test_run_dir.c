/* test_run_dir - the directory appears whole, and nothing that is not ours is touched. */
#include <gio/gio.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "app/run_dir.h"

struct place {
	char *root, *target;
};

static void setup(struct place *place, gconstpointer data)
{
	(void)data;
	place->root = g_dir_make_tmp("irqsim-XXXXXX", NULL);
	place->target = g_build_filename(place->root, "a", "run", NULL);
}

/* What a directory is known by, and the name of its figures. */
#define RESULT(text) \
	"{\n  \"format\": \"irqsim-result/1\",\n  \"scenario\": {\n    \"name\": \"a\" } }\n" text

static void remove_tree(const char *path)
{
	GDir *dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir)) != NULL) {
		char *full = g_build_filename(path, name, NULL);

		if (g_file_test(full, G_FILE_TEST_IS_DIR) &&
		    !g_file_test(full, G_FILE_TEST_IS_SYMLINK))
			remove_tree(full);
		else
			g_unlink(full);
		g_free(full);
	}
	if (dir)
		g_dir_close(dir);
	g_rmdir(path);
}

static void teardown(struct place *place, gconstpointer data)
{
	(void)data;
	remove_tree(place->root);
	g_free(place->root);
	g_free(place->target);
}

static void write_run(const struct place *place, const char *text)
{
	GError *error = NULL;
	struct run_dir *dir = run_dir_begin(place->target, &error);

	g_assert_no_error(error);
	run_dir_write(dir, "result.json", text, strlen(text), &error);
	g_assert_no_error(error);
	run_dir_write(dir, "figures/a.svg", text, strlen(text), &error);
	g_assert_no_error(error);
	run_dir_commit(dir, &error);
	g_assert_no_error(error);
	run_dir_end(dir);
}

static void assert_content(const struct place *place, const char *name, const char *expected)
{
	char *path = g_build_filename(place->target, name, NULL), *text = NULL;

	g_file_get_contents(path, &text, NULL, NULL);
	g_assert_cmpstr(text, ==, expected);
	g_free(text);
	g_free(path);
}

static void assert_nothing_beside(const struct place *place)
{
	static const char *const suffixes[] = { ".partial", ".previous" };

	for (gsize i = 0; i < G_N_ELEMENTS(suffixes); i++) {
		char *path = g_strconcat(place->target, suffixes[i], NULL);

		g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
		g_free(path);
	}
}

static void test_replace(struct place *place, gconstpointer data)
{
	(void)data;
	write_run(place, RESULT("one"));
	assert_content(place, "result.json", RESULT("one"));
	assert_nothing_beside(place);
	write_run(place, RESULT("two"));
	assert_content(place, "figures/a.svg", RESULT("two"));
	assert_nothing_beside(place);
}

#define VALIDATION(text) "{\n \"format\": \"irqsim-validation/1\",\n" text

static GError *begin_and_end(const struct place *place)
{
	GError *error = NULL;

	run_dir_end(run_dir_begin(place->target, &error));
	return error;
}

/* The other kind of directory: known by its own file, with its own names beside it. */
static void test_validation(struct place *place, gconstpointer data)
{
	static const char *const names[] = {
		"validation.json", "validation.md", "figures/published.svg",
		"figures/published.gp", "figures/published.dat",
	};
	GError *error = NULL;
	char *path;

	(void)data;
	for (int i = 0; i < 2; i++) {
		struct run_dir *dir = run_dir_begin(place->target, &error);

		g_assert_no_error(error);
		for (gsize n = 0; n < G_N_ELEMENTS(names); n++)
			g_assert_true(run_dir_write(dir, names[n], VALIDATION("x"),
						    strlen(VALIDATION("x")), NULL));
		g_assert_true(run_dir_commit(dir, NULL));
		run_dir_end(dir);
		assert_content(place, "figures/published.gp", VALIDATION("x"));
		assert_nothing_beside(place);
	}
	path = g_build_filename(place->target, "figures", "a.svg", NULL);
	g_assert_true(g_file_set_contents(path, "x", 1, NULL));
	error = begin_and_end(place);
	g_assert_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS);
	g_clear_error(&error);
	g_unlink(path);
	g_free(path);
	path = g_build_filename(place->target, "validation.json", NULL);
	g_assert_true(g_file_set_contents(path, "{ \"format\": \"other/1\" }", -1, NULL));
	error = begin_and_end(place);
	g_assert_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS);
	g_clear_error(&error);
	g_free(path);
}

/* A run that ends before its commit leaves everything as it was. */
static void test_give_up(struct place *place, gconstpointer data)
{
	const char *half = RESULT("half");
	struct run_dir *dir;

	(void)data;
	write_run(place, RESULT("one"));
	dir = run_dir_begin(place->target, NULL);
	g_assert_true(run_dir_write(dir, "result.json", half, strlen(half), NULL));
	assert_content(place, "result.json", RESULT("one"));
	run_dir_end(dir);
	assert_content(place, "result.json", RESULT("one"));
	assert_nothing_beside(place);
}

/* What a killed run has left is cleared; what is not ours stops us. */
static void test_leftovers(struct place *place, gconstpointer data)
{
	char *partial = g_strconcat(place->target, ".partial", NULL);
	char *old = g_build_filename(partial, "result.json", NULL);

	(void)data;
	g_assert_cmpint(g_mkdir_with_parents(partial, 0777), ==, 0);
	g_assert_true(g_file_set_contents(old, RESULT("killed"), -1, NULL));
	write_run(place, RESULT("one"));
	assert_content(place, "result.json", RESULT("one"));
	assert_nothing_beside(place);
	g_free(old);
	g_free(partial);
}

static void assert_refused(const char *target, int code)
{
	GError *error = NULL;

	g_assert_false(run_dir_check(target, &error));
	g_assert_error(error, G_IO_ERROR, code);
	g_clear_error(&error);
	g_assert_null(run_dir_begin(target, &error));
	g_assert_error(error, G_IO_ERROR, code);
	g_clear_error(&error);
}

static void test_foreign(struct place *place, gconstpointer data)
{
	static const char *const names[] = { "thesis.tex", "figures/photo.jpg", "result.json/x" };

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		char *path = g_build_filename(place->target, names[i], NULL);
		char *folder = g_path_get_dirname(path);

		g_assert_cmpint(g_mkdir_with_parents(folder, 0777), ==, 0);
		g_assert_true(g_file_set_contents(path, "mine", -1, NULL));
		assert_refused(place->target, G_IO_ERROR_EXISTS);
		assert_content(place, names[i], "mine");
		remove_tree(place->target);
		g_free(folder);
		g_free(path);
	}
	g_assert_true(g_file_set_contents(place->target, "a file", -1, NULL));
	assert_refused(place->target, G_IO_ERROR_NOT_DIRECTORY);
}

static void test_busy(struct place *place, gconstpointer data)
{
	const char *text = RESULT("first");
	struct run_dir *first = run_dir_begin(place->target, NULL);
	GError *error = NULL;

	(void)data;
	g_assert_nonnull(first);
	g_assert_true(run_dir_write(first, "result.json", text, strlen(text), NULL));
	g_assert_null(run_dir_begin(place->target, &error));
	g_assert_error(error, G_IO_ERROR, G_IO_ERROR_BUSY);
	g_clear_error(&error);
	g_assert_true(run_dir_commit(first, NULL));
	run_dir_end(first);
	assert_content(place, "result.json", RESULT("first"));
}

/* A link to a run directory stays a link, and the directory is replaced. */
static void test_link(struct place *place, gconstpointer data)
{
	char *link = g_build_filename(place->root, "latest", NULL);
	struct place through = { place->root, link };
	GFile *file = g_file_new_for_path(link);

	(void)data;
	write_run(place, RESULT("one"));
	g_assert_true(g_file_make_symbolic_link(file, place->target, NULL, NULL));
	write_run(&through, RESULT("two"));
	assert_content(place, "result.json", RESULT("two"));
	g_assert_true(g_file_test(link, G_FILE_TEST_IS_SYMLINK));
	g_object_unref(file);
	g_free(link);
}

/* Between the two steps of a swap the old directory is aside: the next run brings it back. */
static void test_aside(struct place *place, gconstpointer data)
{
	char *aside = g_strconcat(place->target, ".previous", NULL);
	struct run_dir *dir;

	(void)data;
	write_run(place, RESULT("one"));
	g_assert_cmpint(g_rename(place->target, aside), ==, 0);
	dir = run_dir_begin(place->target, NULL);
	assert_content(place, "result.json", RESULT("one"));
	run_dir_end(dir);
	assert_nothing_beside(place);
	g_free(aside);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*run)(struct place *place, gconstpointer data);
	} tests[] = {
		{ "/run-dir/replace", test_replace }, { "/run-dir/give-up", test_give_up },
		{ "/run-dir/leftovers", test_leftovers }, { "/run-dir/foreign", test_foreign },
		{ "/run-dir/busy", test_busy }, { "/run-dir/link", test_link },
		{ "/run-dir/aside", test_aside }, { "/run-dir/validation", test_validation },
	};

	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, struct place, NULL, setup, tests[i].run, teardown);
	return g_test_run();
}
