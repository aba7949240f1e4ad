#include "app/platform.h"

#include <string.h>

#include "app/nearest.h"
#include "app/platform_dirs.h"

struct platform_store {
	char **dirs;			/* searched in this order */
	struct mistakes *mistakes;
	GHashTable *documents;		/* name -> struct document; NULL value: there is none */
};

static void document_free_any(void *document)
{
	document_free(document);
}

struct platform_store *platform_store_new(const char *scenario_path, const char *first,
					  struct mistakes *mistakes)
{
	struct platform_store *store = g_new0(struct platform_store, 1);
	char *dir = g_path_get_dirname(scenario_path);
	/* messages name files as short as the user did */
	char *beside = strcmp(dir, ".") == 0 ? g_strdup("platforms")
					     : g_build_filename(dir, "platforms", NULL);
	char *above = g_build_filename(dir, "..", "platforms", NULL);

	store->dirs = platform_dirs_new((const char *const[]){ first ? first : beside, beside,
							       above, NULL });
	store->mistakes = mistakes;
	store->documents = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
						 document_free_any);
	g_free(beside);
	g_free(above);
	g_free(dir);
	return store;
}

void platform_store_free(struct platform_store *store)
{
	if (!store)
		return;
	g_strfreev(store->dirs);
	g_hash_table_unref(store->documents);
	g_free(store);
}

json_t *platform_store_contents(const struct platform_store *store)
{
	json_t *contents = json_object();
	GHashTableIter iter;
	gpointer name, document;

	/* in any order: whoever writes the object sorts its keys */
	g_hash_table_iter_init(&iter, store->documents);
	while (g_hash_table_iter_next(&iter, &name, &document)) {
		json_t *copy;

		if (!document)
			continue;
		copy = json_deep_copy(((struct document *)document)->root);
		json_strip_comments(copy);
		json_object_set_new(contents, name, copy);
	}
	return contents;
}

/* The names of all platforms that the store could find, for a hint. */
static GPtrArray *known_names(const struct platform_store *store)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

	for (size_t i = 0; store->dirs[i]; i++) {
		GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);

		platform_dirs_list(store->dirs[i], paths);
		for (guint p = 0; p < paths->len; p++) {
			char *name = platform_dirs_name(paths->pdata[p]);

			if (g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
				g_free(name);
			else
				g_ptr_array_add(names, name);
		}
		g_ptr_array_unref(paths);
	}
	return names;
}

/* NULL when there is no such file, or when it is no JSON (which is then a mistake of the store). */
static const struct document *find_document(struct platform_store *store, const char *name,
					    bool *ret_exists)
{
	struct document *document = NULL;

	*ret_exists = true;
	if (g_hash_table_contains(store->documents, name))
		return g_hash_table_lookup(store->documents, name);
	for (size_t i = 0; store->dirs[i]; i++) {
		char *file = g_strconcat(store->dirs[i], G_DIR_SEPARATOR_S, name, ".json", NULL);
		bool exists = g_file_test(file, G_FILE_TEST_EXISTS);

		if (exists) {
			document = document_load(file, store->mistakes);
			g_hash_table_insert(store->documents, g_strdup(name), document);
		}
		g_free(file);
		if (exists)
			return document;
	}
	*ret_exists = false;
	return NULL;
}

static void report_unknown(struct decoder *decoder, const char *name)
{
	GPtrArray *names = known_names(decoder->platforms);
	char *hint = nearest_hint(name, names);
	char *dirs = g_strjoinv(", ", decoder->platforms->dirs);

	decode_error(decoder, "unknown platform \"%s\"%s; searched: %s", name, hint, dirs);
	g_free(dirs);
	g_free(hint);
	g_ptr_array_unref(names);
}

/*
 * over on base, key by key; what lies two levels down, a cost entry, is replaced whole, and so is
 * everything that has a source: it is that of its numbers.
 */
static void merge(json_t *base, json_t *over, int depth)
{
	const char *key;
	json_t *member;

	json_object_foreach(over, key, member) {
		json_t *below = json_object_get(base, key);

		if (depth == 0 && json_is_object(below) && json_is_object(member) &&
		    !json_object_get(below, "source"))
			merge(below, member, depth + 1);
		else
			json_object_set(base, key, member);
	}
}

static json_t *resolve_name(struct decoder *decoder, const char *name, GPtrArray *chain);

/*
 * Takes the object; returns it, or what it extends with the object merged in, NULL after a mistake.
 * Where the object was written is the top layer of the platform now, and again on return.
 */
static json_t *resolve_extends(struct decoder *decoder, json_t *object, GPtrArray *chain)
{
	json_t *extends = json_object_get(object, "extends"), *base = NULL;
	struct origin own;
	char *at;

	if (!extends)
		return object;
	own = *origins_top(decoder->origins, "/platform", &at);
	own.pointer = "/platform";
	own.at = at;
	own.replaces = false;

	/* the same pointer at every level: it is the layer on top that differs */
	g_string_assign(decoder->pointer, "/platform/extends");
	if (json_is_string(extends))
		base = resolve_name(decoder, json_string_value(extends), chain);
	else
		decode_error(decoder, "expected the name of a platform, found %s",
			     json_kind(extends));
	g_string_assign(decoder->pointer, "/platform");

	json_object_del(object, "extends");
	if (base) {
		origins_push(decoder->origins, &own);
		merge(base, object, 0);
	}
	json_decref(object);
	g_free(at);
	return base;
}

/* The platform of that name, resolved: a new reference. NULL after a mistake. */
static json_t *resolve_name(struct decoder *decoder, const char *name, GPtrArray *chain)
{
	bool exists, is_name = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") ==
			       strlen(name);
	const struct document *document;
	json_t *object;

	if (g_ptr_array_find_with_equal_func(chain, name, g_str_equal, NULL)) {
		decode_error(decoder, "platform \"%s\" extends itself", name);
		return NULL;
	}
	document = is_name && *name ? find_document(decoder->platforms, name, &exists) : NULL;
	if (!document) {
		if (!is_name || !*name || !exists)
			report_unknown(decoder, name);
		decoder->nr_mistakes++;
		return NULL;
	}
	origins_push(decoder->origins, &(struct origin){
		.pointer = "/platform", .document = document, .at = "", .replaces = true,
		.is_file = true,
	});
	object = json_deep_copy(document->root);
	json_strip_comments(object);
	if (!json_is_object(object))
		return object;
	g_ptr_array_add(chain, (char *)name);
	return resolve_extends(decoder, object, chain);
}

bool platform_resolve(struct decoder *decoder, json_t *scenario)
{
	json_t *value = json_object_get(scenario, "platform"), *resolved;
	GPtrArray *chain = g_ptr_array_new();

	pointer_push(decoder->pointer, "platform");
	if (json_is_string(value))
		resolved = resolve_name(decoder, json_string_value(value), chain);
	else if (json_is_object(value))
		resolved = resolve_extends(decoder, json_incref(value), chain);
	else
		resolved = json_incref(value);
	pointer_pop(decoder->pointer);
	if (resolved)
		json_object_set_new(scenario, "platform", resolved);
	g_ptr_array_unref(chain);
	return resolved != NULL;
}
