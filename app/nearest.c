#include "app/nearest.h"

#include <string.h>

enum {
	LENGTH_MAX = 64,	/* longer words are nobody's typo */
	LISTED_MAX = 12,	/* names that fit in a message */
};

static size_t min3(size_t a, size_t b, size_t c)
{
	return MIN(MIN(a, b), c);
}

/* Optimal string alignment distance; both words are at most LENGTH_MAX long. */
static size_t edit_distance(const char *a, const char *b)
{
	size_t rows[3][LENGTH_MAX + 1];
	size_t *before = rows[0], *last = rows[1], *row = rows[2], *spare;
	size_t length = strlen(b);

	for (size_t j = 0; j <= length; j++)
		last[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		row[0] = i;
		for (size_t j = 1; j <= length; j++) {
			row[j] = min3(last[j] + 1, row[j - 1] + 1,
				      last[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = MIN(row[j], before[j - 2] + 1);
		}
		spare = before;
		before = last;
		last = row;
		row = spare;
	}
	return last[length];
}

const char *nearest_name(const char *word, const GPtrArray *names)
{
	const char *found = NULL;
	size_t best = MAX(strlen(word) / 3, 1) + 1;

	if (strlen(word) > LENGTH_MAX)
		return NULL;
	for (guint i = 0; i < names->len; i++) {
		const char *name = names->pdata[i];
		size_t distance;

		if (strlen(name) > LENGTH_MAX)
			continue;
		distance = edit_distance(word, name);
		if (distance < best) {
			best = distance;
			found = name;
		}
	}
	return found;
}

char *nearest_hint(const char *word, const GPtrArray *names)
{
	const char *name = nearest_name(word, names);
	GString *hint;

	if (name)
		return g_strdup_printf("; did you mean \"%s\"?", name);
	hint = g_string_new(NULL);
	if (names->len > 0 && names->len <= LISTED_MAX) {
		g_string_append(hint, "; known: ");
		for (guint i = 0; i < names->len; i++)
			g_string_append_printf(hint, "%s%s", i > 0 ? ", " : "",
					       (const char *)names->pdata[i]);
	}
	return g_string_free(hint, FALSE);
}
