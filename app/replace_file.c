#ifndef _XOPEN_SOURCE
#define _XOPEN_SOURCE 700	/* realpath */
#endif
#include "app/replace_file.h"

#include <glib/gstdio.h>
#include <stdlib.h>

/* The file behind a symbolic link: the link stays. */
static char *target_of(const char *path)
{
	char *real = realpath(path, NULL);
	char *target = g_strdup(real ? real : path);

	free(real);
	return target;
}

/* Of the file that is there, else of a new one. */
static int mode_of(const char *path)
{
	GStatBuf status;

	return g_stat(path, &status) == 0 ? (int)(status.st_mode & 0777) : 0666;
}

bool replace_file(const char *path, const char *text, gsize length, GError **error)
{
	char *target = target_of(path);
	bool done = g_file_set_contents_full(target, text, (gssize)length,
					     G_FILE_SET_CONTENTS_CONSISTENT |
					     G_FILE_SET_CONTENTS_DURABLE, mode_of(target), error);

	g_free(target);
	return done;
}
