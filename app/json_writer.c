#include "app/json_writer.h"

#include <string.h>

void json_writer_init(struct json_writer *writer, GString *out)
{
	writer->out = out;
	writer->depth = 0;
}

static void append_u64(GString *out, uint64_t value)
{
	char digits[20];
	gsize first = sizeof(digits);

	do {
		digits[--first] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	g_string_append_len(out, &digits[first], (gssize)(sizeof(digits) - first));
}

/* A path need not be UTF-8, JSON has to be. */
static void append_string(GString *out, const char *text)
{
	char *valid = g_utf8_validate(text, -1, NULL) ? NULL : g_utf8_make_valid(text, -1);

	g_string_append_c(out, '"');
	for (const char *c = valid ? valid : text; *c; c++) {
		if (*c == '"' || *c == '\\')
			g_string_append_c(out, '\\');
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			g_string_append_printf(out, "\\u%04x", (unsigned int)(unsigned char)*c);
		else
			g_string_append_c(out, *c);
	}
	g_string_append_c(out, '"');
	g_free(valid);
}

static void new_line(struct json_writer *writer)
{
	g_string_append_c(writer->out, '\n');
	for (uint32_t i = 0; i < writer->depth; i++)
		g_string_append_c(writer->out, ' ');
}

/* Everything that stands before a value. */
static void begin_member(struct json_writer *writer, const char *key)
{
	GString *out = writer->out;

	if (writer->depth) {
		bool empty = writer->open[writer->depth - 1].empty;

		writer->open[writer->depth - 1].empty = false;
		if (!empty)
			g_string_append_c(out, ',');
		if (writer->open[writer->depth - 1].lines)
			new_line(writer);
		else if (!empty)
			g_string_append_c(out, ' ');
	}
	if (key) {
		append_string(out, key);
		g_string_append(out, ": ");
	}
}

static void begin(struct json_writer *writer, const char *key, const char *braces,
		  enum json_layout layout)
{
	begin_member(writer, key);
	g_assert(writer->depth < JSON_WRITER_DEPTH_MAX);
	g_string_append_c(writer->out, braces[0]);
	writer->open[writer->depth].close = braces[1];
	writer->open[writer->depth].lines = layout == JSON_LINES;
	writer->open[writer->depth].empty = true;
	writer->depth++;
}

void json_begin_object(struct json_writer *writer, const char *key, enum json_layout layout)
{
	begin(writer, key, "{}", layout);
}

void json_begin_array(struct json_writer *writer, const char *key, enum json_layout layout)
{
	begin(writer, key, "[]", layout);
}

void json_end(struct json_writer *writer)
{
	bool break_line;

	g_assert(writer->depth > 0);
	writer->depth--;
	break_line = writer->open[writer->depth].lines && !writer->open[writer->depth].empty;
	if (break_line)
		new_line(writer);
	g_string_append_c(writer->out, writer->open[writer->depth].close);
}

void json_put_u64(struct json_writer *writer, const char *key, uint64_t value)
{
	begin_member(writer, key);
	append_u64(writer->out, value);
}

void json_put_i64(struct json_writer *writer, const char *key, int64_t value)
{
	begin_member(writer, key);
	if (value < 0)
		g_string_append_c(writer->out, '-');
	append_u64(writer->out, value < 0 ? -(uint64_t)value : (uint64_t)value);
}

void json_put_null(struct json_writer *writer, const char *key)
{
	begin_member(writer, key);
	g_string_append(writer->out, "null");
}

void json_put_string(struct json_writer *writer, const char *key, const char *value)
{
	begin_member(writer, key);
	if (value)
		append_string(writer->out, value);
	else
		g_string_append(writer->out, "null");
}

void json_put_text(struct json_writer *writer, const char *key, const char *text)
{
	begin_member(writer, key);
	g_string_append(writer->out, text);
}

static void put_object(struct json_writer *writer, const char *key, const json_t *value)
{
	enum json_layout layout = JSON_LINE;
	json_t *object = (json_t *)value;	/* jansson's iterators take no const */
	json_t *member;
	const char *name;

	json_object_foreach(object, name, member)
		if (json_is_object(member) || json_is_array(member))
			layout = JSON_LINES;
	json_begin_object(writer, key, layout);
	json_object_foreach(object, name, member)
		json_put_tree(writer, name, member);
	json_end(writer);
}

static void put_array(struct json_writer *writer, const char *key, const json_t *value)
{
	enum json_layout layout = JSON_LINE;
	json_t *member;
	size_t i;

	json_array_foreach(value, i, member)
		if (json_is_object(member))
			layout = JSON_LINES;
	json_begin_array(writer, key, layout);
	json_array_foreach(value, i, member)
		json_put_tree(writer, NULL, member);
	json_end(writer);
}

void json_put_tree(struct json_writer *writer, const char *key, const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		put_object(writer, key, value);
		return;
	case JSON_ARRAY:
		put_array(writer, key, value);
		return;
	case JSON_STRING:
		json_put_string(writer, key, json_string_value(value));
		return;
	case JSON_INTEGER:
		json_put_i64(writer, key, json_integer_value(value));
		return;
	case JSON_TRUE:
	case JSON_FALSE:
		begin_member(writer, key);
		g_string_append(writer->out, json_is_true(value) ? "true" : "false");
		return;
	case JSON_REAL:
	case JSON_NULL:
		break;
	}
	g_assert(!json_is_real(value));
	json_put_null(writer, key);
}
