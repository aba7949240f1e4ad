/* comparison_tree - what two effective scenarios have not alike. */
#include "app/comparison.h"
#include "app/document.h"
#include "app/label.h"

struct walk {
	GPtrArray *lines;
	GString *pointer;
};

static void compare_values(struct walk *walk, const json_t *old, const json_t *new);

/* NULL: there is none. What is long is cut: the pointer says where the rest is. */
static char *show(const json_t *value)
{
	char *text = value ? label_value(value) : g_strdup("nothing");
	char *cut = label_cut(text, 60);

	g_free(text);
	return cut;
}

static void add(struct walk *walk, const json_t *old, const json_t *new)
{
	char *before = show(old), *after = show(new);

	g_ptr_array_add(walk->lines, g_strdup_printf("%s: %s -> %s", walk->pointer->str, before,
						     after));
	g_free(before);
	g_free(after);
}

static void compare_objects(struct walk *walk, json_t *old, json_t *new)
{
	const char *key;
	json_t *value;

	json_object_foreach(old, key, value) {
		pointer_push(walk->pointer, key);
		compare_values(walk, value, json_object_get(new, key));
		pointer_pop(walk->pointer);
	}
	json_object_foreach(new, key, value) {
		if (json_object_get(old, key))
			continue;
		pointer_push(walk->pointer, key);
		compare_values(walk, NULL, value);
		pointer_pop(walk->pointer);
	}
}

static void compare_arrays(struct walk *walk, const json_t *old, const json_t *new)
{
	size_t nr = MAX(json_array_size(old), json_array_size(new));

	for (size_t i = 0; i < nr; i++) {
		pointer_push_index(walk->pointer, i);
		compare_values(walk, json_array_get(old, i), json_array_get(new, i));
		pointer_pop(walk->pointer);
	}
}

static void compare_values(struct walk *walk, const json_t *old, const json_t *new)
{
	if (old && new && json_equal(old, new))
		return;
	if (json_is_object(old) && json_is_object(new))
		compare_objects(walk, (json_t *)old, (json_t *)new);
	else if (json_is_array(old) && json_is_array(new))
		compare_arrays(walk, old, new);
	else
		add(walk, old, new);
}

GPtrArray *comparison_tree_differences(const json_t *old, const json_t *new)
{
	struct walk walk = {
		.lines = g_ptr_array_new_with_free_func(g_free), .pointer = g_string_new(NULL),
	};

	compare_values(&walk, old, new);
	g_string_free(walk.pointer, TRUE);
	return walk.lines;
}
