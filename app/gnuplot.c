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

/* One gnuplot that runs. */
struct drawing {
	GMainLoop *loop;
	GCancellable *cancel;
	char *messages;
	GError *error;
};

static gboolean on_late(gpointer user)
{
	struct drawing *drawing = user;

	g_cancellable_cancel(drawing->cancel);
	return G_SOURCE_REMOVE;
}

static void on_end(GObject *gnuplot, GAsyncResult *result, gpointer user)
{
	struct drawing *drawing = user;

	g_subprocess_communicate_utf8_finish(G_SUBPROCESS(gnuplot), result, NULL,
					     &drawing->messages, &drawing->error);
	g_main_loop_quit(drawing->loop);
}

/* Until its end, or until it is late: drawing->error then. */
static void wait_for(GSubprocess *gnuplot, struct drawing *drawing)
{
	GMainContext *context = g_main_context_new();
	GSource *late = g_timeout_source_new_seconds(GNUPLOT_SECONDS);

	g_main_context_push_thread_default(context);
	drawing->loop = g_main_loop_new(context, FALSE);
	drawing->cancel = g_cancellable_new();
	g_source_set_callback(late, on_late, drawing, NULL);
	g_source_attach(late, context);
	g_subprocess_communicate_utf8_async(gnuplot, NULL, drawing->cancel, on_end, drawing);
	g_main_loop_run(drawing->loop);
	if (drawing->error) {
		g_subprocess_force_exit(gnuplot);
		g_subprocess_wait(gnuplot, NULL, NULL);
	}
	g_source_destroy(late);
	g_source_unref(late);
	g_object_unref(drawing->cancel);
	g_main_loop_unref(drawing->loop);
	g_main_context_pop_thread_default(context);
	g_main_context_unref(context);
}

/* NULL, or what went wrong. */
static char *draw(GSubprocess *gnuplot)
{
	struct drawing drawing = { .messages = NULL };
	char *warning = NULL;

	wait_for(gnuplot, &drawing);
	if (g_error_matches(drawing.error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
		warning = g_strdup_printf("no figure: gnuplot has not ended in %d seconds",
					  GNUPLOT_SECONDS);
	} else if (drawing.error) {
		warning = g_strdup_printf("no figure: %s", drawing.error->message);
	} else if (!g_subprocess_get_successful(gnuplot)) {
		char *text = complaint(drawing.messages ? drawing.messages : "");

		warning = g_strdup_printf("no figure: gnuplot says: %s", text);
		g_free(text);
	}
	g_clear_error(&drawing.error);
	g_free(drawing.messages);
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
		warning = draw(gnuplot);
		g_object_unref(gnuplot);
	} else {
		warning = g_strdup_printf("no figure: gnuplot cannot be run: %s", error->message);
		g_error_free(error);
	}
	g_object_unref(launcher);
	return warning;
}
