#include "app/decode.h"

#include <string.h>

#include "app/decode_scalar.h"
#include "app/duration.h"
#include "app/nearest.h"

static void add(struct decoder *decoder, struct location location, const char *text)
{
	mistakes_add(decoder->mistakes, &location, text, decoder->context);
	location_clear(&location);
}

void decode_error(struct decoder *decoder, const char *format, ...)
{
	va_list args;
	char *text;

	decoder->nr_mistakes++;
	if (!decoder->mistakes)
		return;
	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	add(decoder, origins_locate_value(decoder->origins, decoder->pointer->str), text);
	g_free(text);
}

void decode_error_in(struct decoder *decoder, const char *key, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	pointer_push(decoder->pointer, key);
	decode_error(decoder, "%s", text);
	pointer_pop(decoder->pointer);
	g_free(text);
}

void decode_error_key(struct decoder *decoder, const char *key, const char *format, ...)
{
	va_list args;
	char *text;

	decoder->nr_mistakes++;
	if (!decoder->mistakes)
		return;
	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	pointer_push(decoder->pointer, key);
	add(decoder, origins_locate_key(decoder->origins, decoder->pointer->str), text);
	pointer_pop(decoder->pointer);
	g_free(text);
}

void decode_error_among(struct decoder *decoder, const char *const *pointers, const char *format,
			...)
{
	const char *chosen = pointers[0];
	va_list args;
	char *text, *saved;

	for (size_t i = 1; pointers[i]; i++)
		if (origins_last_setting(decoder->origins, pointers[i]) >
		    origins_last_setting(decoder->origins, chosen))
			chosen = pointers[i];
	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	saved = g_strdup(decoder->pointer->str);
	g_string_assign(decoder->pointer, chosen);
	decode_error(decoder, "%s", text);
	g_string_assign(decoder->pointer, saved);
	g_free(saved);
	g_free(text);
}

void decode_warning(struct decoder *decoder, const char *format, ...)
{
	struct location location;
	va_list args;
	char *text;

	if (!decoder->warnings)
		return;
	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	location = origins_locate_value(decoder->origins, decoder->pointer->str);
	mistakes_add(decoder->warnings, &location, text, NULL);
	location_clear(&location);
	g_free(text);
}

void decode_missing(struct decoder *decoder, const char *key, const char *help)
{
	struct location location;
	GString *pointer;
	char *text;

	decoder->nr_mistakes++;
	if (!decoder->mistakes)
		return;
	location = origins_locate_value(decoder->origins, decoder->pointer->str);
	pointer = g_string_new(location.pointer);
	location_clear(&location);
	pointer_push(pointer, key);
	location.pointer = g_string_free(pointer, FALSE);
	text = g_strdup_printf("missing key \"%s\": %s", key, help);
	add(decoder, location, text);
	g_free(text);
}

void decode_unknown(struct decoder *decoder, const char *what, const char *name, GPtrArray *names)
{
	char *hint = nearest_hint(name, names);

	decode_error(decoder, "unknown %s \"%s\"%s", what, name, hint);
	g_free(hint);
	g_ptr_array_unref(names);
}

const char *json_kind(const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "an array";
	case JSON_STRING:
		return "a string";
	case JSON_INTEGER:
		return "an integer";
	case JSON_REAL:
		return "a number that is not an integer";
	case JSON_NULL:
		return "null";
	default:
		return "a boolean";
	}
}

void json_strip_comments(json_t *value)
{
	const char *key;
	json_t *member;
	size_t index;
	void *next;

	json_object_foreach_safe(value, next, key, member) {
		if (key_is_comment(key))
			json_object_del(value, key);
		else
			json_strip_comments(member);
	}
	json_array_foreach(value, index, member)
		json_strip_comments(member);
}

const char *decode_strdup(struct decoder *decoder, const char *text)
{
	size_t bytes = strlen(text) + 1;

	return memcpy(arena_alloc(decoder->arena, bytes), text, bytes);
}

static const struct field *find_row(const struct field_table *const *tables, size_t nr_tables,
				    const char *key)
{
	for (size_t t = 0; t < nr_tables; t++)
		for (size_t i = 0; i < tables[t]->nr_fields; i++)
			if (strcmp(tables[t]->fields[i].key, key) == 0)
				return &tables[t]->fields[i];
	return NULL;
}

static void report_unknown_key(struct decoder *decoder, const char *key,
			       const struct field_table *const *tables, size_t nr_tables)
{
	GPtrArray *names = g_ptr_array_new();
	char *hint;

	for (size_t t = 0; t < nr_tables; t++)
		for (size_t i = 0; i < tables[t]->nr_fields; i++)
			g_ptr_array_add(names, (char *)tables[t]->fields[i].key);
	hint = nearest_hint(key, names);
	decode_error_key(decoder, key, "unknown key \"%s\" of %s%s", key,
			 tables[nr_tables - 1]->name, hint);
	g_free(hint);
	g_ptr_array_unref(names);
}

/* The member as it is in the effective form: the user's, the default, or NULL for none. */
static json_t *effective_member(struct decoder *decoder, const json_t *object,
				const struct field *field)
{
	json_t *member = json_object_get(object, field->key);

	if (member)
		return json_incref(member);
	if (!field->fallback) {
		decode_missing(decoder, field->key, field->help);
		return NULL;
	}
	if (strcmp(field->fallback, FIELD_ABSENT) == 0)
		return NULL;
	member = json_loads(field->fallback, JSON_DECODE_ANY, NULL);
	g_assert(member);	/* tables hold JSON: tests/unit/test_decode.c reads each */
	return member;
}

bool decode_shape(struct decoder *decoder, json_t *value, const struct field_table *const *tables,
		  size_t nr_tables)
{
	json_t *ordered, *member;
	const char *key;

	if (!json_is_object(value)) {
		decode_error(decoder, "expected an object (%s), found %s",
			     tables[nr_tables - 1]->name, json_kind(value));
		return false;
	}
	json_object_foreach(value, key, member)
		if (!key_is_comment(key) && !find_row(tables, nr_tables, key))
			report_unknown_key(decoder, key, tables, nr_tables);

	ordered = json_object();
	for (size_t t = 0; t < nr_tables; t++) {
		for (size_t i = 0; i < tables[t]->nr_fields; i++) {
			const struct field *field = &tables[t]->fields[i];

			member = effective_member(decoder, value, field);
			if (member)
				json_object_set_new(ordered, field->key, member);
		}
	}
	json_object_clear(value);
	json_object_update(value, ordered);
	json_decref(ordered);
	return true;
}

bool decode_duration(struct decoder *decoder, const json_t *value, ps_t *ret)
{
	const char *text = json_string_value(value);
	char *mistake;

	if (!text) {
		decode_error(decoder,
			     "a duration is a string with a unit, such as \"250ns\"; found %s",
			     json_kind(value));
		return false;
	}
	mistake = duration_parse(text, decoder->clock_hz, ret);
	if (!mistake)
		return true;
	decode_error(decoder, "%s", mistake);
	g_free(mistake);
	return false;
}

void decode_values(struct decoder *decoder, const json_t *object, const struct field_table *table,
		   void *ret)
{
	for (size_t i = 0; i < table->nr_fields; i++) {
		const struct field *field = &table->fields[i];
		json_t *value = json_object_get(object, field->key);
		void *member = (char *)ret + field->offset;

		if (!value || field->type == FIELD_JSON)
			continue;
		if (json_is_null(value) && field->fallback && strcmp(field->fallback, "null") == 0)
			continue;
		pointer_push(decoder->pointer, field->key);
		if (field->type == FIELD_OBJECT)
			decode_object(decoder, value, field->nested, member);
		else
			decode_scalar(decoder, value, field, member);
		pointer_pop(decoder->pointer);
	}
}

bool decode_object(struct decoder *decoder, json_t *value, const struct field_table *table,
		   void *ret)
{
	if (!decode_shape(decoder, value, &table, 1))
		return false;
	decode_values(decoder, value, table, ret);
	return true;
}
