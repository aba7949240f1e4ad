#include "app/mistakes.h"

#include <string.h>

enum { MISTAKES_MAX = 200 };

struct mistake {
	guint file_index;	/* in order of the first mistake of a file */
	guint index;		/* in order of adding */
	guint nr_times;		/* added */
	struct place place;
	char *pointer;
	char *text;
	char *context;
};

struct mistakes {
	GPtrArray *files;	/* char * */
	GPtrArray *list;	/* struct mistake * */
	GHashTable *seen;	/* "file\nline\ncolumn\npointer\ntext" -> struct mistake */
};

GQuark irqsim_error_quark(void)
{
	return g_quark_from_static_string("irqsim-error");
}

static void mistake_free(void *data)
{
	struct mistake *mistake = data;

	g_free(mistake->pointer);
	g_free(mistake->text);
	g_free(mistake->context);
	g_free(mistake);
}

struct mistakes *mistakes_new(void)
{
	struct mistakes *mistakes = g_new0(struct mistakes, 1);

	mistakes->files = g_ptr_array_new_with_free_func(g_free);
	mistakes->list = g_ptr_array_new_with_free_func(mistake_free);
	mistakes->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return mistakes;
}

void mistakes_free(struct mistakes *mistakes)
{
	if (!mistakes)
		return;
	g_ptr_array_unref(mistakes->files);
	g_ptr_array_unref(mistakes->list);
	g_hash_table_unref(mistakes->seen);
	g_free(mistakes);
}

static guint file_index(struct mistakes *mistakes, const char *file)
{
	guint index;

	if (g_ptr_array_find_with_equal_func(mistakes->files, file, g_str_equal, &index))
		return index;
	g_ptr_array_add(mistakes->files, g_strdup(file));
	return mistakes->files->len - 1;
}

void mistakes_add(struct mistakes *mistakes, const struct location *location, const char *text,
		  const char *context)
{
	const char *pointer = location->pointer ? location->pointer : "";
	char *key = g_strdup_printf("%s\n%u\n%u\n%s\n%s", location->file, location->place.line,
				    location->place.column, pointer, text);
	struct mistake *mistake;

	mistake = g_hash_table_lookup(mistakes->seen, key);
	if (mistake)
		mistake->nr_times++;
	if (mistake || mistakes_full(mistakes)) {
		g_free(key);
		return;
	}
	mistake = g_new0(struct mistake, 1);
	mistake->nr_times = 1;
	mistake->file_index = file_index(mistakes, location->file);
	mistake->index = mistakes->list->len;
	mistake->place = location->place;
	mistake->pointer = g_strdup(pointer);
	mistake->text = g_strdup(text);
	mistake->context = g_strdup(context);
	g_ptr_array_add(mistakes->list, mistake);
	g_hash_table_insert(mistakes->seen, key, mistake);
}

void mistakes_drop_context(struct mistakes *mistakes, guint nr_times)
{
	for (guint i = 0; i < mistakes->list->len; i++) {
		struct mistake *mistake = mistakes->list->pdata[i];

		if (mistake->nr_times >= nr_times)
			g_clear_pointer(&mistake->context, g_free);
	}
}

guint mistakes_count(const struct mistakes *mistakes)
{
	return mistakes->list->len;
}

bool mistakes_full(const struct mistakes *mistakes)
{
	return mistakes->list->len >= MISTAKES_MAX;
}

static gint compare_u32(guint a, guint b)
{
	return (a > b) - (a < b);
}

static gint mistake_compare(gconstpointer a, gconstpointer b)
{
	const struct mistake *left = *(const struct mistake *const *)a;
	const struct mistake *right = *(const struct mistake *const *)b;
	gint order = compare_u32(left->file_index, right->file_index);

	if (order == 0)
		order = compare_u32(left->place.line, right->place.line);
	if (order == 0)
		order = compare_u32(left->place.column, right->place.column);
	return order != 0 ? order : compare_u32(left->index, right->index);
}

void mistakes_append_printable(GString *line, const char *text)
{
	while (*text) {
		gunichar c = g_utf8_get_char_validated(text, -1);

		if (c == (gunichar)-1 || c == (gunichar)-2) {
			g_string_append_printf(line, "\\x%02x", (guint)(guchar)*text);
			text++;
			continue;
		}
		if (g_unichar_iscntrl(c))
			g_string_append_printf(line, "\\x%02x", c);
		else
			g_string_append_unichar(line, c);
		text = g_utf8_next_char(text);
	}
}

static char *mistake_line(const struct mistakes *mistakes, const struct mistake *mistake,
			  const char *label)
{
	GString *line = g_string_new(NULL);

	mistakes_append_printable(line, mistakes->files->pdata[mistake->file_index]);
	if (mistake->place.line > 0)
		g_string_append_printf(line, ":%u:%u", mistake->place.line,
				       mistake->place.column);
	g_string_append_printf(line, ": %s: ", label);
	mistakes_append_printable(line, mistake->text);
	if (mistake->context) {
		g_string_append(line, " (");
		mistakes_append_printable(line, mistake->context);
		g_string_append_c(line, ')');
	}
	if (*mistake->pointer) {
		g_string_append(line, " [");
		mistakes_append_printable(line, mistake->pointer);
		g_string_append_c(line, ']');
	}
	return g_string_free(line, FALSE);
}

char **mistakes_lines(const struct mistakes *mistakes, const char *label)
{
	GPtrArray *sorted = g_ptr_array_new();
	GPtrArray *lines = g_ptr_array_new();

	for (guint i = 0; i < mistakes->list->len; i++)
		g_ptr_array_add(sorted, mistakes->list->pdata[i]);
	g_ptr_array_sort(sorted, mistake_compare);
	for (guint i = 0; i < sorted->len; i++)
		g_ptr_array_add(lines, mistake_line(mistakes, sorted->pdata[i], label));
	if (mistakes_full(mistakes))
		g_ptr_array_add(lines,
				g_strdup_printf("irqsim: %s: further ones are not shown", label));
	g_ptr_array_add(lines, NULL);
	g_ptr_array_unref(sorted);
	return (char **)g_ptr_array_free(lines, FALSE);
}

void mistakes_to_error(const struct mistakes *mistakes, GError **error)
{
	char **lines = mistakes_lines(mistakes, "error");
	char *text = g_strjoinv("\n", lines);

	g_set_error_literal(error, IRQSIM_ERROR, IRQSIM_ERROR_INPUT, text);
	g_free(text);
	g_strfreev(lines);
}
