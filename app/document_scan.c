#include "app/document_scan.h"

#include <string.h>

struct scanner {
	const char *text, *end, *at;
	struct place place;	/* of *at */
	struct document *document;
	struct mistakes *mistakes;	/* NULL: nobody wants to know */
	GString *pointer;
	guint depth;
	bool too_deep;
	const char *wanted;	/* what does not stand around this pointer is passed over */
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

static void remember(const struct scanner *scanner, GHashTable *table, struct place place)
{
	const char *pointer = scanner->pointer->str;

	if (scanner->wanted && !pointer_is_within(scanner->wanted, pointer))
		return;
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

	if (first && !key_is_comment(key) && scanner->mistakes &&
	    !mistakes_full(scanner->mistakes)) {
		add_duplicate(scanner, key, place, first);
		/* what the second one holds is not a duplicate of what the first one holds */
		g_hash_table_foreach_remove(document->keys, key_is_within, scanner->pointer->str);
	}
	remember(scanner, document->keys, place);
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

	if (scanner->depth == DOCUMENT_DEPTH_MAX && !scanner->mistakes)
		return false;
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
	remember(scanner, scanner->document->values, place);

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

bool document_scan(struct document *document, const char *text, size_t length, const char *wanted,
		   struct mistakes *mistakes)
{
	struct scanner scanner = {
		.text = text, .end = text + length, .at = text, .place = { 1, 1 },
		.document = document, .mistakes = mistakes, .pointer = g_string_new(NULL),
		.wanted = wanted,
	};

	document->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	document->keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	scan_value(&scanner);
	g_string_free(scanner.pointer, TRUE);
	return !scanner.too_deep;
}

struct place document_place_of(const char *text, const char *at)
{
	struct scanner scanner = { .text = text, .at = text, .place = { 1, 1 } };

	scan_advance(&scanner, at);
	return scanner.place;
}
