#include "app/label.h"

#include <glib.h>
#include <string.h>

#include "app/document.h"
#include "sim/u128.h"

char *label_value(const json_t *value)
{
	char *text, *ret;

	if (json_is_string(value))
		return g_strdup(json_string_value(value));
	text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	ret = g_strdup(text);
	free(text);
	return ret;
}

static bool is_index(const char *text)
{
	return *text && strspn(text, "0123456789") == strlen(text);
}

char *label_pointer(const char *pointer)
{
	char **parts = pointer_split(pointer);
	char *ret = NULL;

	for (guint i = parts ? g_strv_length(parts) : 0; i > 0 && !ret; i--)
		if (!is_index(parts[i - 1]))
			ret = g_strdup(parts[i - 1]);
	g_strfreev(parts);
	return ret ? ret : g_strdup(pointer);
}

char *label_point(const json_t *point)
{
	GString *text = g_string_new(NULL);
	json_t *object = (json_t *)point;	/* jansson's iterators take no const */
	const char *pointer;
	json_t *value;

	json_object_foreach(object, pointer, value) {
		char *name = label_pointer(pointer), *shown = label_value(value);

		g_string_append_printf(text, "%s%s=%s", text->len ? " " : "", name, shown);
		g_free(name);
		g_free(shown);
	}
	return g_string_free(text, FALSE);
}

char *label_decimal(int64_t value, uint64_t unit, unsigned int decimals)
{
	uint64_t scale = 1, scaled;
	uint64_t size = value < 0 ? -(uint64_t)value : (uint64_t)value;
	const char *sign;

	for (unsigned int i = 0; i < decimals; i++)
		scale *= 10;
	scaled = u128_div_round(u128_mul_u64(size, scale), unit).lo;
	sign = value < 0 && scaled ? "-" : "";
	if (decimals == 0)
		return g_strdup_printf("%s%" G_GUINT64_FORMAT, sign, scaled);
	return g_strdup_printf("%s%" G_GUINT64_FORMAT ".%0*" G_GUINT64_FORMAT, sign,
			       scaled / scale, (int)decimals, scaled % scale);
}

unsigned int label_width(const char *text)
{
	return (unsigned int)g_utf8_strlen(text, -1);
}

char *label_cut(const char *text, unsigned int width)
{
	GString *clean = g_string_new(NULL);
	unsigned int length = label_width(text), shown = 0;

	for (const char *c = text; *c; c = g_utf8_next_char(c), shown++) {
		gunichar character = g_utf8_get_char(c);

		if (length > width && shown + 3 == width) {
			g_string_append(clean, "...");
			break;
		}
		if (length > width && shown + 3 > width)
			break;
		g_string_append_unichar(clean, g_unichar_isprint(character) ? character : '?');
	}
	return g_string_free(clean, FALSE);
}

char *label_wrap(const char *text, unsigned int width)
{
	char *clean = label_cut(text, label_width(text));
	char **words = g_strsplit(clean, " ", -1);
	GString *lines = g_string_new(NULL);
	unsigned int used = 0;

	for (guint i = 0; words[i]; i++) {
		unsigned int length = label_width(words[i]);

		if (i > 0 && used + 1 + length > width) {
			g_string_append_c(lines, '\n');
			used = 0;
		} else if (i > 0) {
			g_string_append_c(lines, ' ');
			used++;
		}
		g_string_append(lines, words[i]);
		used += length;
	}
	g_strfreev(words);
	g_free(clean);
	return g_string_free(lines, FALSE);
}
