#include "app/setting.h"

#include <string.h>

#include "app/nearest.h"

void setting_clear(struct setting *setting)
{
	g_free(setting->pointer);
	json_decref(setting->value);
	g_free(setting->at);
	g_free(setting->by);
}

/* At the pointer as the user wrote it, not at the value behind it. */
static void report(struct decoder *decoder, const struct setting *setting, const char *text)
{
	struct place place;

	decoder->nr_mistakes++;
	if (!decoder->mistakes)
		return;
	if (!document_find_key(setting->document, setting->at, &place))
		place = document_find_nearest(setting->document, setting->at);
	mistakes_add(decoder->mistakes,
		     &(struct location){ setting->document->file, place, setting->pointer }, text,
		     decoder->context);
}

/* The index that an array member has in a pointer; false when it is none. */
static bool parse_index(const char *part, size_t size, size_t *ret)
{
	size_t length = strspn(part, "0123456789");

	if (length == 0 || length > 9 || part[length] || (part[0] == '0' && length > 1))
		return false;
	*ret = (size_t)g_ascii_strtoull(part, NULL, 10);
	return *ret < size;
}

static json_t *member(json_t *value, const char *part)
{
	size_t index;

	if (json_is_object(value))
		return json_object_get(value, part);
	if (json_is_array(value) && parse_index(part, json_array_size(value), &index))
		return json_array_get(value, index);
	return NULL;
}

/* Why `part` is nothing in value, which stands at `where`. The caller frees it. */
static char *describe_missing(json_t *value, const char *part, const char *where)
{
	GPtrArray *names;
	const char *key;
	json_t *other;
	char *hint, *text;

	if (!*where)
		where = "the scenario";
	if (json_is_array(value))
		return g_strdup_printf("the pointer names nothing: %s has %" G_GSIZE_FORMAT
				       " entries, \"%s\" is none of them", where,
				       json_array_size(value), part);
	if (!json_is_object(value))
		return g_strdup_printf("the pointer names nothing: %s is %s", where,
				       json_kind(value));
	names = g_ptr_array_new();
	json_object_foreach(value, key, other)
		g_ptr_array_add(names, (char *)key);
	hint = nearest_hint(part, names);
	text = g_strdup_printf("the pointer names nothing: %s has no \"%s\"%s", where, part, hint);
	g_free(hint);
	g_ptr_array_unref(names);
	return text;
}

/* The value that holds the last part; NULL after a mistake. */
static json_t *find_parent(struct decoder *decoder, json_t *tree, const struct setting *setting,
			   char **parts)
{
	GString *where = g_string_new(NULL);
	json_t *value = tree, *next;
	char *text;

	for (size_t i = 0; parts[i]; i++) {
		next = member(value, parts[i]);
		if (!next) {
			text = describe_missing(value, parts[i], where->str);
			report(decoder, setting, text);
			g_free(text);
			value = NULL;
			break;
		}
		if (!parts[i + 1])
			break;
		value = next;
		pointer_push(where, parts[i]);
	}
	g_string_free(where, TRUE);
	return value;
}

static void replace(json_t *parent, const char *part, json_t *value)
{
	size_t index = 0;

	if (json_is_object(parent))
		json_object_set_new(parent, part, json_deep_copy(value));
	else if (parse_index(part, json_array_size(parent), &index))
		json_array_set_new(parent, index, json_deep_copy(value));
}

/* The entry of the cost that the pointer sets to a bare value; NULL when it sets something else. */
static json_t *cost_entry(const json_t *parent, const struct setting *setting, char **parts)
{
	json_t *entry;

	if (g_strv_length(parts) != 3 || strcmp(parts[0], "platform") != 0 ||
	    strcmp(parts[1], "costs") != 0 || !json_is_string(setting->value))
		return NULL;
	entry = json_object_get(parent, parts[2]);
	return json_is_object(entry) ? entry : NULL;
}

/* Does a value of that name have a source beside it? Of a platform only. */
static bool has_source(const json_t *parent, char **parts)
{
	static const char *const keys[] = {
		"cost", "factor", "exit_latency", "target_residency", NULL,
	};
	const char *last = parts[g_strv_length(parts) - 1];

	return strcmp(parts[0], "platform") == 0 && json_object_get(parent, "source") &&
	       g_strv_contains(keys, last);
}

/* What is set is not what the source says: the setting is its source. */
static void set_source(json_t *entry, const struct setting *setting)
{
	char *source = g_strconcat("set by ", setting->by, NULL);

	if (json_object_get(entry, "kind"))
		json_object_set_new(entry, "kind", json_string("estimated"));
	json_object_set_new(entry, "source", json_string(source));
	json_object_del(entry, "fit");	/* bounds are those of the file's value */
	g_free(source);
}

bool setting_apply(struct decoder *decoder, json_t *tree, const struct setting *setting)
{
	char **parts = pointer_split(setting->pointer);
	json_t *parent = NULL, *entry;

	if (!parts || !parts[0])
		report(decoder, setting, "not a JSON Pointer such as \"/vms/0/vcpus\"");
	else
		parent = find_parent(decoder, tree, setting, parts);
	if (!parent) {
		g_strfreev(parts);
		return false;
	}
	entry = cost_entry(parent, setting, parts);
	if (entry)
		replace(entry, "cost", setting->value);
	else
		replace(parent, parts[g_strv_length(parts) - 1], setting->value);
	if (entry || has_source(parent, parts))
		set_source(entry ? entry : parent, setting);
	g_strfreev(parts);
	origins_push(decoder->origins, &(struct origin){
		.pointer = setting->pointer, .document = setting->document, .at = setting->at,
		.replaces = true,
	});
	return true;
}

bool setting_parse(const char *file, const char *text, struct mistakes *mistakes,
		   struct setting *ret, struct document **ret_document)
{
	const char *equals = strchr(text, '=');
	json_t *value = NULL;
	const char *why = NULL;

	if (!equals) {
		why = "expected POINTER=VALUE, such as /vms/0/vcpus=8";
	} else if (!g_utf8_validate(text, -1, NULL)) {
		why = "not UTF-8";
	} else {
		value = json_loads(equals + 1, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);
		if (!value)
			value = json_string(equals + 1);
	}
	if (!value) {
		mistakes_add(mistakes, &(struct location){ file, { 1, 1 }, NULL }, why, NULL);
		return false;
	}
	json_strip_comments(value);
	*ret_document = document_wrap(file, json_incref(value));
	(*ret_document)->source = g_strdup(equals + 1);
	*ret = (struct setting){
		.pointer = g_strndup(text, (gsize)(equals - text)), .value = value,
		.document = *ret_document, .at = g_strdup(""),
		.by = g_strconcat(file, " ", text, NULL),
	};
	return true;
}
