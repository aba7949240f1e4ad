#ifndef _GNU_SOURCE
#define _GNU_SOURCE	/* renameat2: Linux swaps two directories in one step */
#endif
#include "app/run_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/commands.h"
#include "app/run_dir_ours.h"

/* --- what may be replaced -------------------------------------------------------------------- */

static bool fail(GError **error, const char *what, const char *path)
{
	int code = errno;

	g_set_error(error, G_IO_ERROR, (gint)g_io_error_from_errno(code), "cannot %s %s: %s", what,
		    path, g_strerror(code));
	return false;
}

static bool check_replaceable(const char *path, bool partial, GError **error)
{
	GStatBuf info;
	char *objection;

	if (g_lstat(path, &info) != 0)
		return errno == ENOENT || fail(error, "look at", path);
	if (!S_ISDIR(info.st_mode)) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY,
			    "%s: is not a directory", path);
		return false;
	}
	objection = run_dir_find_objection(path, partial);
	if (!objection)
		return true;
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS,
		    "%s: is not a run directory, %s; not replaced", path, objection);
	g_free(objection);
	return false;
}

static bool is_within(const char *path, const char *folder)
{
	gsize length = strlen(folder);

	return strncmp(path, folder, length) == 0 &&
	       (path[length] == '/' || path[length] == '\0' || folder[length - 1] == '/');
}

/* Who replaces the directory that he stands in, or one above, pulls it away under himself. */
static bool check_not_above(const char *target, GError **error)
{
	char *here = realpath(".", NULL);
	bool above = here && is_within(here, target);

	free(here);
	if (above)
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME,
			    "%s: is the current directory or one above it; not replaced", target);
	return !above;
}

static bool check_named(const char *path, GError **error)
{
	if (!*path)
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME,
			    "the name of the run directory is empty");
	return *path;
}

static bool check_both(const char *target, const char *partial, GError **error)
{
	return check_not_above(target, error) && check_not_above(partial, error) &&
	       check_replaceable(target, false, error) && check_replaceable(partial, true, error);
}

/* --- beginning ----------------------------------------------------------------------------- */

/* Absolute, with the links of what exists resolved, so that a rename hits the directory itself. */
static char *resolve(const char *path)
{
	char *absolute = g_canonicalize_filename(path, NULL);
	char *real = realpath(absolute, NULL);
	char *ret;

	if (!real) {
		char *parent = g_path_get_dirname(absolute), *name = g_path_get_basename(absolute);
		char *real_parent = realpath(parent, NULL);

		ret = g_build_filename(real_parent ? real_parent : parent, name, NULL);
		free(real_parent);
		g_free(parent);
		g_free(name);
	} else {
		ret = g_strdup(real);
		free(real);
	}
	g_free(absolute);
	return ret;
}

bool run_dir_check(const char *path, GError **error)
{
	char *target, *partial;
	bool fine;

	if (!check_named(path, error))
		return false;
	target = resolve(path);
	partial = g_strconcat(target, ".partial", NULL);
	fine = check_both(target, partial, error);
	g_free(target);
	g_free(partial);
	return fine;
}

int run_dir_status(const GError *error)
{
	bool wrong = g_error_matches(error, G_IO_ERROR, G_IO_ERROR_EXISTS) ||
		     g_error_matches(error, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY) ||
		     g_error_matches(error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME);

	return wrong ? EXIT_INVALID : EXIT_UNFINISHED;
}

/* Makes or takes over the partial directory, and locks it. */
static bool lock_partial(struct run_dir *dir, GError **error)
{
	GStatBuf locked, named;

	if (g_mkdir(dir->partial, 0777) != 0 && errno != EEXIST)
		return fail(error, "make", dir->partial);
	dir->lock_fd = open(dir->partial, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (dir->lock_fd < 0)
		return fail(error, "open", dir->partial);
	if (flock(dir->lock_fd, LOCK_EX | LOCK_NB) == 0 && fstat(dir->lock_fd, &locked) == 0 &&
	    g_lstat(dir->partial, &named) == 0 && locked.st_ino == named.st_ino)
		return true;
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY, "%s: another irqsim is writing it",
		    dir->path);
	close(dir->lock_fd);
	dir->lock_fd = -1;
	return false;
}

/* A run that was killed between the two steps of swap_in_two_steps() has left the old one there. */
static void restore_aside(struct run_dir *dir)
{
	if (!g_file_test(dir->target, G_FILE_TEST_EXISTS) &&
	    check_replaceable(dir->aside, false, NULL))
		g_rename(dir->aside, dir->target);
}

struct run_dir *run_dir_begin(const char *path, GError **error)
{
	struct run_dir *dir;
	char *parent;

	if (!check_named(path, error))
		return NULL;
	dir = g_new0(struct run_dir, 1);
	dir->path = g_strdup(path);
	dir->lock_fd = -1;
	dir->target = resolve(path);
	parent = g_path_get_dirname(dir->target);
	if (g_mkdir_with_parents(parent, 0777) != 0) {
		fail(error, "make", parent);
		g_free(parent);
		run_dir_end(dir);
		return NULL;
	}
	g_free(parent);
	g_free(dir->target);
	dir->target = resolve(path);	/* again, now that the folders above exist */
	dir->partial = g_strconcat(dir->target, ".partial", NULL);
	dir->aside = g_strconcat(dir->target, ".previous", NULL);
	restore_aside(dir);
	if (!check_both(dir->target, dir->partial, error) || !lock_partial(dir, error)) {
		run_dir_end(dir);
		return NULL;
	}
	run_dir_clear(dir->partial);
	return dir;
}

/* --- files --------------------------------------------------------------------------------- */

FILE *run_dir_create(struct run_dir *dir, const char *name, GError **error)
{
	char *path = g_build_filename(dir->partial, name, NULL);
	char *folder = g_path_get_dirname(path);
	FILE *file = NULL;

	if (g_mkdir_with_parents(folder, 0777) == 0)
		file = g_fopen(path, "wbe");
	if (!file)
		fail(error, "write", path);
	g_free(folder);
	g_free(path);
	return file;
}

bool run_dir_close(FILE *file, const char *name, GError **error)
{
	bool written = !ferror(file) && fflush(file) == 0 && fsync(fileno(file)) == 0;

	if (!written)
		fail(error, "write", name);
	if (fclose(file) != 0 && written)
		return fail(error, "write", name);
	return written;
}

bool run_dir_write(struct run_dir *dir, const char *name, const char *text, gsize length,
		   GError **error)
{
	FILE *file = run_dir_create(dir, name, error);

	if (!file)
		return false;
	fwrite(text, 1, length, file);
	return run_dir_close(file, name, error);
}

/* --- the end ------------------------------------------------------------------------------- */

static bool sync_dir(const char *path, GError **error)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool synced = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL);

	if (!synced)
		fail(error, "sync", path);
	if (fd >= 0)
		close(fd);
	return synced;
}

/* Where one step is not to be had, the old directory steps aside for a moment. */
static bool swap_in_two_steps(struct run_dir *dir, GError **error)
{
	bool swapped = g_rename(dir->target, dir->aside) == 0;

	if (!swapped) {
		fail(error, "rename", dir->target);
	} else if (g_rename(dir->partial, dir->target) != 0) {
		swapped = fail(error, "rename", dir->partial);
		g_rename(dir->aside, dir->target);
	} else if (g_rename(dir->aside, dir->partial) != 0) {
		swapped = fail(error, "rename", dir->aside);
	}
	return swapped;
}

/* The new directory to its place; what was there is the partial one then. */
static bool put_in_place(struct run_dir *dir, GError **error)
{
	if (renameat2(AT_FDCWD, dir->partial, AT_FDCWD, dir->target, RENAME_NOREPLACE) == 0)
		return true;
	if (errno == EINVAL || errno == ENOSYS) {
		if (!g_file_test(dir->target, G_FILE_TEST_EXISTS))
			return g_rename(dir->partial, dir->target) == 0 ||
			       fail(error, "rename", dir->partial);
		return swap_in_two_steps(dir, error);
	}
	if (errno != EEXIST)
		return fail(error, "rename", dir->partial);
	if (!check_replaceable(dir->target, false, error))
		return false;
	if (renameat2(AT_FDCWD, dir->partial, AT_FDCWD, dir->target, RENAME_EXCHANGE) == 0)
		return true;
	if (errno == EINVAL || errno == ENOSYS)
		return swap_in_two_steps(dir, error);
	return fail(error, "rename", dir->partial);
}

bool run_dir_commit(struct run_dir *dir, GError **error)
{
	char *parent = g_path_get_dirname(dir->target);
	bool done = sync_dir(dir->partial, error) && put_in_place(dir, error) &&
		    sync_dir(parent, error);

	g_free(parent);
	return done;
}

void run_dir_end(struct run_dir *dir)
{
	if (!dir)
		return;
	if (dir->lock_fd >= 0) {
		char *objection = run_dir_find_objection(dir->partial, true);

		if (!objection) {
			run_dir_clear(dir->partial);
			g_rmdir(dir->partial);
		}
		g_free(objection);
		close(dir->lock_fd);
	}
	g_free(dir->path);
	g_free(dir->target);
	g_free(dir->partial);
	g_free(dir->aside);
	g_free(dir);
}
