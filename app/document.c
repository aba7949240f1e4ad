#include "app/document.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app/document_scan.h"

static bool is_before(struct place a, struct place b)
{
	return a.line < b.line || (a.line == b.line && a.column < b.column);
}

/* The pointer of the last value that begins at or before a place: two never begin at the same. */
static const char *pointer_at(const struct document *document, struct place place)
{
	struct place last = { 0, 0 };
	const char *found = "";
	GHashTableIter iter;
	gpointer key, value;

	g_hash_table_iter_init(&iter, document->values);
	while (g_hash_table_iter_next(&iter, &key, &value)) {
		const struct place *begin = value;

		if (!is_before(place, *begin) && is_before(last, *begin)) {
			last = *begin;
			found = key;
		}
	}
	return found;
}

static void add_syntax_error(struct mistakes *mistakes, const struct document *document,
			     const json_error_t *error)
{
	struct place place = {
		.line = (uint32_t)MAX(error->line, 1), .column = (uint32_t)MAX(error->column, 1),
	};
	/* jansson names a flag of its own here */
	bool nul = strstr(error->text, "JSON_ALLOW_NUL") != NULL;
	char *text = nul ? g_strdup("a string with \\u0000, which irqsim does not take")
			 : g_strdup_printf("not JSON: %s", error->text);
	const char *pointer = document->values ? pointer_at(document, place) : NULL;

	mistakes_add(mistakes, &(struct location){ document->file, place, pointer }, text, NULL);
	g_free(text);
}

static void parse_text(struct document *document, const char *text, size_t length,
		       struct mistakes *mistakes)
{
	json_error_t error;

	if (!document_scan(document, text, length, NULL, mistakes))
		return;
	document->root = json_loadb(text, length, 0, &error);
	if (!document->root)
		add_syntax_error(mistakes, document, &error);
}

/* NULL, or why the bytes are no JSON text, and where. */
static const char *check_bytes(const char *text, size_t length, size_t bytes_max,
			       struct place *ret)
{
	const char *bad = memchr(text, '\0', length);

	*ret = (struct place){ 1, 1 };
	if (length > bytes_max)
		return bytes_max > DOCUMENT_BYTES_MAX ? "is too large for a result" :
							"is larger than 4 MiB";
	if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		return "begins with a byte order mark, which JSON does not have";
	if (bad) {
		*ret = document_place_of(text, bad);
		return "not JSON: a NUL byte";
	}
	if (!g_utf8_validate(text, (gssize)length, &bad)) {
		*ret = document_place_of(text, bad);
		return "not JSON: not UTF-8";
	}
	if (strspn(text, " \t\r\n") == length)
		return "not JSON: the file is empty";
	return NULL;
}

struct document *document_wrap(const char *file, json_t *root)
{
	struct document *document = g_new0(struct document, 1);

	document->file = g_strdup(file);
	document->root = root;
	return document;
}

/* text[length] is NUL. */
static struct document *parse_terminated(const char *file, const char *text, size_t length,
					 struct mistakes *mistakes)
{
	struct place place;
	const char *why = check_bytes(text, length, DOCUMENT_BYTES_MAX, &place);
	struct document *document;

	if (why) {
		mistakes_add(mistakes, &(struct location){ file, place, NULL }, why, NULL);
		return NULL;
	}
	document = document_wrap(file, NULL);
	parse_text(document, text, length, mistakes);
	if (document->root)
		return document;
	document_free(document);
	return NULL;
}

struct document *document_parse(const char *file, const char *text, size_t length,
				struct mistakes *mistakes)
{
	char *copy = g_malloc(length + 1);
	struct document *document;

	memcpy(copy, text, length);
	copy[length] = '\0';
	document = parse_terminated(file, copy, length, mistakes);
	g_free(copy);
	return document;
}

static void add_io_error(struct mistakes *mistakes, const char *path, int error)
{
	char *text = g_strdup_printf("cannot be read: %s", g_strerror(error));

	mistakes_add(mistakes, &(struct location){ path, { 0, 0 }, NULL }, text, NULL);
	g_free(text);
}

/* The whole file or, of one that is too large, the first byte too many. NULL: errno. */
static GString *read_file(const char *path, size_t bytes_max)
{
	GString *text = g_string_new(NULL);
	FILE *stream = fopen(path, "rb");
	char buffer[65536];
	size_t length;
	int error = errno;

	while (stream && text->len <= bytes_max) {
		length = fread(buffer, 1, sizeof(buffer), stream);
		if (length == 0)
			break;
		g_string_append_len(text, buffer, (gssize)length);
	}
	if (stream && !ferror(stream)) {
		fclose(stream);
		return text;
	}
	if (stream) {
		error = errno;
		fclose(stream);
	}
	g_string_free(text, TRUE);
	errno = error;
	return NULL;
}

struct document *document_load(const char *path, struct mistakes *mistakes)
{
	GString *text = read_file(path, DOCUMENT_BYTES_MAX);
	struct document *document;

	if (!text) {
		add_io_error(mistakes, path, errno);
		return NULL;
	}
	document = parse_terminated(path, text->str, text->len, mistakes);
	g_string_free(text, TRUE);
	return document;
}

/* Takes the text. */
static struct document *take_large(const char *file, GString *text, size_t bytes_max,
				   struct mistakes *mistakes)
{
	struct document *document = document_wrap(file, NULL);
	struct place place;
	const char *why = check_bytes(text->str, text->len, bytes_max, &place);
	json_error_t error;

	document->length = text->len;
	document->text = g_string_free(text, FALSE);
	if (!why) {
		document->root = json_loadb(document->text, document->length,
					    JSON_REJECT_DUPLICATES, &error);
		if (document->root)
			return document;
	}
	if (why)
		mistakes_add(mistakes, &(struct location){ file, place, NULL }, why, NULL);
	else
		add_syntax_error(mistakes, document, &error);
	document_free(document);
	return NULL;
}

struct document *document_parse_large(const char *file, const char *text, size_t length,
				      struct mistakes *mistakes)
{
	return take_large(file, g_string_new_len(text, (gssize)length), length, mistakes);
}

struct document *document_load_large(const char *path, size_t bytes_max,
				     struct mistakes *mistakes)
{
	GString *text = read_file(path, bytes_max);

	if (text)
		return take_large(path, text, bytes_max, mistakes);
	add_io_error(mistakes, path, errno);
	return NULL;
}

void document_free(struct document *document)
{
	if (!document)
		return;
	g_clear_pointer(&document->values, g_hash_table_unref);
	g_clear_pointer(&document->keys, g_hash_table_unref);
	json_decref(document->root);
	g_free(document->file);
	g_free(document->text);
	g_free(document->source);
	g_free(document);
}

static bool find(GHashTable *table, const char *pointer, struct place *ret)
{
	const struct place *place = table ? g_hash_table_lookup(table, pointer) : NULL;

	if (!place)
		return false;
	*ret = *place;
	return true;
}

bool document_find_value(const struct document *document, const char *pointer, struct place *ret)
{
	return find(document->values, pointer, ret);
}

bool document_find_key(const struct document *document, const char *pointer, struct place *ret)
{
	return find(document->keys, pointer, ret);
}

/* The values of a large document that stand around the pointer; the document is made for them. */
static struct document *index_around(const struct document *large, const char *pointer)
{
	struct document *document = document_wrap(large->file, NULL);

	document_scan(document, large->text, large->length, pointer, NULL);
	return document;
}

static struct place find_in_text(const struct document *large, const char *pointer)
{
	struct document *document = index_around(large, pointer);
	struct place place = document_find_nearest(document, pointer);

	document_free(document);
	return place;
}

struct place document_find_nearest(const struct document *document, const char *pointer)
{
	struct place place = { 1, 1 };
	GString *at;

	if (document->text)
		return find_in_text(document, pointer);
	at = g_string_new(pointer);
	while (!find(document->values, at->str, &place) && at->len > 0)
		pointer_pop(at);
	g_string_free(at, TRUE);
	return place;
}
