#include "app/document.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct scanner {
	const char *text, *end, *at;
	struct place place;	/* of *at */
	struct document *document;
	struct mistakes *mistakes;
	GString *pointer;
	guint depth;
	bool too_deep;
};

static void scan_advance(struct scanner *scanner, const char *to)
{
	for (; scanner->at < to; scanner->at++) {
		if (*scanner->at == '\n') {
			scanner->place.line++;
			scanner->place.column = 1;
		} else if (((guchar)scanner->at[0] & 0xc0) != 0x80) {
			scanner->place.column++;
		}
	}
}

static void scan_space(struct scanner *scanner)
{
	while (scanner->at < scanner->end && strchr(" \t\r\n", *scanner->at) && *scanner->at)
		scan_advance(scanner, scanner->at + 1);
}

static bool scan_char(struct scanner *scanner, char c)
{
	scan_space(scanner);
	if (scanner->at >= scanner->end || *scanner->at != c)
		return false;
	scan_advance(scanner, scanner->at + 1);
	return true;
}

/* The end of the string that begins at `at`, behind its quote; NULL when it does not end. */
static const char *string_end(const char *at, const char *end)
{
	for (at++; at < end; at++) {
		if (*at == '"')
			return at + 1;
		if (*at == '\\')
			at++;
		else if (*at == '\n')
			return NULL;
	}
	return NULL;
}

static char *decode_key(const char *begin, const char *end)
{
	char *key = g_strndup(begin + 1, (gsize)(end - begin) - 2);
	json_t *decoded;

	if (!strchr(key, '\\'))
		return key;
	decoded = json_loadb(begin, (size_t)(end - begin), JSON_DECODE_ANY, NULL);
	if (decoded) {
		g_free(key);
		key = g_strdup(json_string_value(decoded));
		json_decref(decoded);
	}
	return key;
}

static void remember(GHashTable *table, const char *pointer, struct place place)
{
	g_hash_table_replace(table, g_strdup(pointer), g_memdup2(&place, sizeof(place)));
}

static bool scan_value(struct scanner *scanner);

static void add_at(const struct scanner *scanner, struct place place, const char *pointer,
		   const char *text)
{
	mistakes_add(scanner->mistakes,
		     &(struct location){ scanner->document->file, place, pointer }, text, NULL);
}

static void add_duplicate(struct scanner *scanner, const char *key, struct place place,
			  const struct place *first)
{
	char *text = g_strdup_printf("duplicate key \"%s\", first at line %u", key, first->line);

	add_at(scanner, place, scanner->pointer->str, text);
	g_free(text);
}

static gboolean key_is_within(gpointer key, gpointer value G_GNUC_UNUSED, gpointer pointer)
{
	return pointer_is_within(key, pointer);
}

static void scan_key(struct scanner *scanner, const char *key, struct place place)
{
	struct document *document = scanner->document;
	const char *pointer = scanner->pointer->str;
	const struct place *first = g_hash_table_lookup(document->keys, pointer);

	if (first && !key_is_comment(key) && !mistakes_full(scanner->mistakes)) {
		add_duplicate(scanner, key, place, first);
		/* what the second one holds is not a duplicate of what the first one holds */
		g_hash_table_foreach_remove(document->keys, key_is_within, scanner->pointer->str);
	}
	remember(document->keys, pointer, place);
}

static bool scan_member(struct scanner *scanner)
{
	struct place place;
	const char *end;
	bool done;
	char *key;

	scan_space(scanner);
	place = scanner->place;
	if (scanner->at >= scanner->end || *scanner->at != '"')
		return false;
	end = string_end(scanner->at, scanner->end);
	if (!end)
		return false;
	key = decode_key(scanner->at, end);
	scan_advance(scanner, end);

	pointer_push(scanner->pointer, key);
	scan_key(scanner, key, place);
	done = scan_char(scanner, ':') && scan_value(scanner);
	pointer_pop(scanner->pointer);
	g_free(key);
	return done;
}

static bool scan_object(struct scanner *scanner)
{
	if (scan_char(scanner, '}'))
		return true;
	do {
		if (!scan_member(scanner))
			return false;
	} while (scan_char(scanner, ','));
	return scan_char(scanner, '}');
}

static bool scan_array(struct scanner *scanner)
{
	size_t index = 0;
	bool done;

	if (scan_char(scanner, ']'))
		return true;
	do {
		pointer_push_index(scanner->pointer, index++);
		done = scan_value(scanner);
		pointer_pop(scanner->pointer);
		if (!done)
			return false;
	} while (scan_char(scanner, ','));
	return scan_char(scanner, ']');
}

static bool scan_nested(struct scanner *scanner, struct place place)
{
	bool done, object = *scanner->at == '{';

	if (scanner->depth == DOCUMENT_DEPTH_MAX) {
		char *text = g_strdup_printf("nested more than %d levels deep", DOCUMENT_DEPTH_MAX);

		add_at(scanner, place, scanner->pointer->str, text);
		g_free(text);
		scanner->too_deep = true;
		return false;
	}
	scanner->depth++;
	scan_advance(scanner, scanner->at + 1);
	done = object ? scan_object(scanner) : scan_array(scanner);
	scanner->depth--;
	return done;
}

/* False when the text is not JSON from here on; jansson says what is wrong. */
static bool scan_value(struct scanner *scanner)
{
	const char *end;
	struct place place;

	scan_space(scanner);
	if (scanner->at >= scanner->end)
		return false;
	place = scanner->place;
	remember(scanner->document->values, scanner->pointer->str, place);

	if (*scanner->at == '{' || *scanner->at == '[')
		return scan_nested(scanner, place);
	if (*scanner->at == '"')
		end = string_end(scanner->at, scanner->end);
	else
		for (end = scanner->at; end < scanner->end && !strchr(" \t\r\n,]}:[{\"", *end);)
			end++;
	if (!end || end == scanner->at)
		return false;
	scan_advance(scanner, end);
	return true;
}

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

static void add_syntax_error(const struct scanner *scanner, const json_error_t *error)
{
	struct place place = {
		.line = (uint32_t)MAX(error->line, 1), .column = (uint32_t)MAX(error->column, 1),
	};
	/* jansson names a flag of its own here */
	bool nul = strstr(error->text, "JSON_ALLOW_NUL") != NULL;
	char *text = nul ? g_strdup("a string with \\u0000, which irqsim does not take")
			 : g_strdup_printf("not JSON: %s", error->text);

	add_at(scanner, place, pointer_at(scanner->document, place), text);
	g_free(text);
}

static void scan_text(struct scanner *scanner)
{
	json_error_t error;

	scan_value(scanner);
	if (scanner->too_deep)
		return;
	scanner->document->root = json_loadb(scanner->text,
					     (size_t)(scanner->end - scanner->text), 0, &error);
	if (!scanner->document->root)
		add_syntax_error(scanner, &error);
}

/* Of the byte at `at`. */
static struct place place_of(const char *text, const char *at)
{
	struct scanner scanner = { .text = text, .at = text, .place = { 1, 1 } };

	scan_advance(&scanner, at);
	return scanner.place;
}

/* NULL, or why the bytes are no JSON text, and where. */
static const char *check_bytes(const char *text, size_t length, struct place *ret)
{
	const char *bad = memchr(text, '\0', length);

	*ret = (struct place){ 1, 1 };
	if (length > DOCUMENT_BYTES_MAX)
		return "is larger than 4 MiB";
	if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		return "begins with a byte order mark, which JSON does not have";
	if (bad) {
		*ret = place_of(text, bad);
		return "not JSON: a NUL byte";
	}
	if (!g_utf8_validate(text, (gssize)length, &bad)) {
		*ret = place_of(text, bad);
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
	const char *why = check_bytes(text, length, &place);
	struct document *document;
	struct scanner scanner;

	if (why) {
		mistakes_add(mistakes, &(struct location){ file, place, NULL }, why, NULL);
		return NULL;
	}
	document = document_wrap(file, NULL);
	document->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	document->keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	scanner = (struct scanner){
		.text = text, .end = text + length, .at = text, .place = { 1, 1 },
		.document = document, .mistakes = mistakes, .pointer = g_string_new(NULL),
	};
	scan_text(&scanner);
	g_string_free(scanner.pointer, TRUE);
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
static GString *read_file(const char *path)
{
	GString *text = g_string_new(NULL);
	FILE *stream = fopen(path, "rb");
	char buffer[65536];
	size_t length;
	int error = errno;

	while (stream && text->len <= DOCUMENT_BYTES_MAX) {
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
	GString *text = read_file(path);
	struct document *document;

	if (!text) {
		add_io_error(mistakes, path, errno);
		return NULL;
	}
	document = parse_terminated(path, text->str, text->len, mistakes);
	g_string_free(text, TRUE);
	return document;
}

void document_free(struct document *document)
{
	if (!document)
		return;
	g_clear_pointer(&document->values, g_hash_table_unref);
	g_clear_pointer(&document->keys, g_hash_table_unref);
	json_decref(document->root);
	g_free(document->file);
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

struct place document_find_nearest(const struct document *document, const char *pointer)
{
	struct place place = { 1, 1 };
	GString *at = g_string_new(pointer);

	while (!find(document->values, at->str, &place) && at->len > 0)
		pointer_pop(at);
	g_string_free(at, TRUE);
	return place;
}
