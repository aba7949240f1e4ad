#include "app/origin.h"

#include <string.h>

typedef bool (*find_fn)(const struct document *document, const char *pointer, struct place *ret);

static void origin_clear(void *data)
{
	struct origin *origin = data;

	g_free((char *)origin->pointer);
	g_free((char *)origin->at);
}

struct origins *origins_new(void)
{
	struct origins *origins = g_new0(struct origins, 1);

	origins->list = g_array_new(FALSE, FALSE, sizeof(struct origin));
	g_array_set_clear_func(origins->list, origin_clear);
	return origins;
}

void origins_free(struct origins *origins)
{
	if (!origins)
		return;
	g_array_unref(origins->list);
	g_free(origins);
}

void origins_push(struct origins *origins, const struct origin *origin)
{
	struct origin copy = *origin;

	copy.pointer = g_strdup(origin->pointer);
	copy.at = g_strdup(origin->at);
	g_array_append_val(origins->list, copy);
}

guint origins_mark(const struct origins *origins)
{
	return origins->list->len;
}

void origins_reset(struct origins *origins, guint mark)
{
	g_array_set_size(origins->list, mark);
}

static char *translate(const struct origin *origin, const char *pointer)
{
	return g_strconcat(origin->at, pointer + strlen(origin->pointer), NULL);
}

static struct location locate_in(const struct origin *origin, const char *pointer, char *at,
				 struct place place)
{
	struct location location = { .file = origin->document->file, .place = place };

	location.pointer = origin->is_file ? g_strdup(at) : g_strdup(pointer);
	g_free(at);
	return location;
}

void location_clear(struct location *location)
{
	g_free((char *)location->pointer);
}

static struct location locate(const struct origins *origins, const char *pointer, find_fn find)
{
	const struct origin *origin, *top;
	struct place place;
	char *at;

	for (guint i = origins->list->len; i > 0; i--) {
		origin = &g_array_index(origins->list, struct origin, i - 1);
		if (!pointer_is_within(pointer, origin->pointer))
			continue;
		at = translate(origin, pointer);
		if (find(origin->document, at, &place))
			return locate_in(origin, pointer, at, place);
		g_free(at);
		if (origin->replaces)
			break;
	}
	top = origins_top(origins, pointer, &at);
	return locate_in(top, pointer, at, document_find_nearest(top->document, at));
}

struct location origins_locate_value(const struct origins *origins, const char *pointer)
{
	return locate(origins, pointer, document_find_value);
}

struct location origins_locate_key(const struct origins *origins, const char *pointer)
{
	return locate(origins, pointer, document_find_key);
}

static const struct origin *origin_at(const struct origins *origins, guint index)
{
	return &g_array_index(origins->list, struct origin, index);
}

/* The first layer, the scenario's own document, holds everything: it ends both walks. */

guint origins_last_setting(const struct origins *origins, const char *pointer)
{
	guint i = origins->list->len - 1;

	while (origin_at(origins, i)->is_file ||
	       !pointer_is_within(pointer, origin_at(origins, i)->pointer))
		i--;
	return i;
}

const struct origin *origins_top(const struct origins *origins, const char *pointer, char **ret_at)
{
	guint i = origins->list->len - 1;

	while (!pointer_is_within(pointer, origin_at(origins, i)->pointer))
		i--;
	*ret_at = translate(origin_at(origins, i), pointer);
	return origin_at(origins, i);
}
