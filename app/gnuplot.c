#include "app/gnuplot.h"

#include <gio/gio.h>
#include <string.h>

#include "app/label.h"

/* What means nothing to gnuplot inside single quotes; bytes of UTF-8 sequences are among it. */
static bool is_plain(char c)
{
	return g_ascii_isalnum(c) || (unsigned char)c >= 0x80 || (c && strchr(" ,.:;?!()+-/=_", c));
}

char *gnuplot_string(const char *text)
{
	GString *out = g_string_new("''");

	for (const char *c = text; *c;) {
		const char *end = c;

		while (is_plain(*end))
			end++;
		if (end > c) {
			g_string_append(out, ".'");
			g_string_append_len(out, c, end - c);
			g_string_append_c(out, '\'');
			c = end;
		} else {
			g_string_append_printf(out, ".\"\\%03o\"", (unsigned char)*c++);
		}
	}
	if (g_str_has_prefix(out->str, "''.'"))
		g_string_erase(out, 0, 3);
	return g_string_free(out, FALSE);
}

char *gnuplot_tic(const char *text)
{
	char **parts = g_strsplit(text, "%", -1);
	char *doubled = g_strjoinv("%%", parts);
	char *ret = gnuplot_string(doubled);

	g_strfreev(parts);
	g_free(doubled);
	return ret;
}

bool gnuplot_is_there(void)
{
	char *program = g_find_program_in_path("gnuplot");
	bool found = program != NULL;

	g_free(program);
	return found;
}

/* What gnuplot has complained about: its last line, behind a copy of the script's. */
static char *complaint(const char *messages)
{
	char **lines = g_strsplit(messages, "\n", -1);
	char *ret = NULL;

	for (guint i = g_strv_length(lines); i > 0 && !ret; i--) {
		char *line = g_strstrip(lines[i - 1]);

		if (*line)
			ret = label_cut(line, 200);
	}
	g_strfreev(lines);
	return ret ? ret : g_strdup("no message");
}

static char *wait_for(GSubprocess *gnuplot)
{
	GError *error = NULL;
	char *messages = NULL, *warning = NULL;

	if (!g_subprocess_communicate_utf8(gnuplot, NULL, NULL, NULL, &messages, &error)) {
		warning = g_strdup_printf("no figure: %s", error->message);
		g_error_free(error);
	} else if (!g_subprocess_get_successful(gnuplot)) {
		char *text = complaint(messages ? messages : "");

		warning = g_strdup_printf("no figure: gnuplot says: %s", text);
		g_free(text);
	}
	g_free(messages);
	return warning;
}

char *gnuplot_run(const char *folder, const char *script)
{
	GSubprocessLauncher *launcher =
		g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
					  G_SUBPROCESS_FLAGS_STDERR_PIPE);
	GError *error = NULL;
	GSubprocess *gnuplot;
	char *warning;

	g_subprocess_launcher_set_cwd(launcher, folder);
	gnuplot = g_subprocess_launcher_spawn(launcher, &error, "gnuplot", "-d", script, NULL);
	if (gnuplot) {
		warning = wait_for(gnuplot);
		g_object_unref(gnuplot);
	} else {
		warning = g_strdup_printf("no figure: gnuplot cannot be run: %s", error->message);
		g_error_free(error);
	}
	g_object_unref(launcher);
	return warning;
}
