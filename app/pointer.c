#include <string.h>

#include "app/document.h"

void pointer_push(GString *pointer, const char *key)
{
	g_string_append_c(pointer, '/');
	for (; *key; key++) {
		if (*key == '~')
			g_string_append(pointer, "~0");
		else if (*key == '/')
			g_string_append(pointer, "~1");
		else
			g_string_append_c(pointer, *key);
	}
}

void pointer_push_index(GString *pointer, size_t index)
{
	g_string_append_printf(pointer, "/%" G_GSIZE_FORMAT, index);
}

void pointer_pop(GString *pointer)
{
	const char *slash = strrchr(pointer->str, '/');

	g_string_truncate(pointer, slash ? (gsize)(slash - pointer->str) : 0);
}

static bool unescape(char *part)
{
	char *to = part;

	for (const char *from = part; *from; from++, to++) {
		*to = *from;
		if (*from != '~')
			continue;
		from++;
		if (*from != '0' && *from != '1')
			return false;
		*to = *from == '0' ? '~' : '/';
	}
	*to = '\0';
	return true;
}

char **pointer_split(const char *pointer)
{
	char **parts;

	if (*pointer == '\0')
		return g_new0(char *, 1);
	if (*pointer != '/')
		return NULL;
	parts = g_strsplit(pointer + 1, "/", -1);
	/* g_strsplit() of "" has no part; the pointer "/" has one, the empty key */
	if (!parts[0]) {
		g_free(parts);
		parts = g_new0(char *, 2);
		parts[0] = g_strdup("");
	}
	for (size_t i = 0; parts[i]; i++) {
		if (!unescape(parts[i])) {
			g_strfreev(parts);
			return NULL;
		}
	}
	return parts;
}

static json_t *get_member(json_t *value, const char *part)
{
	guint64 index;

	if (!json_is_array(value))
		return json_object_get(value, part);
	if (!g_ascii_string_to_unsigned(part, 10, 0, UINT32_MAX, &index, NULL))
		return NULL;
	return json_array_get(value, index);
}

json_t *pointer_get(json_t *tree, const char *pointer)
{
	char **parts = pointer_split(pointer);

	if (!parts)
		return NULL;
	for (size_t i = 0; parts[i] && tree; i++)
		tree = get_member(tree, parts[i]);
	g_strfreev(parts);
	return tree;
}

bool pointer_is_within(const char *pointer, const char *prefix)
{
	size_t length = strlen(prefix);

	return strncmp(pointer, prefix, length) == 0 &&
	       (pointer[length] == '\0' || pointer[length] == '/');
}
