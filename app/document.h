/*
 * document - a JSON text as a tree, and where in the text each of its values stands.
 *
 * jansson makes the tree; a scanner of our own makes the index from JSON Pointer to line and column
 * and finds what jansson cannot place: duplicate keys, nesting that is too deep. Knows nothing of
 * scenarios. A document is read-only once made and owned by whoever asked for it.
 */
#ifndef APP_DOCUMENT_H
#define APP_DOCUMENT_H

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

#include "app/mistakes.h"

enum {
	DOCUMENT_BYTES_MAX = 4 * 1024 * 1024,
	DOCUMENT_DEPTH_MAX = 64,
};

struct document {
	char *text;		/* of a large one, to look for places in; else NULL */
	size_t length;
	char *file;		/* as it is named in messages */
	json_t *root;
	char *source;		/* the argument that root was parsed from; NULL: a file */
	GHashTable *values;	/* pointer -> struct place of the value; NULL: everything at 1:1 */
	GHashTable *keys;	/* pointer -> struct place of its key */
};

/*
 * Reads a file. Adds what is wrong to mistakes; NULL when there is no tree at all. Duplicate keys
 * are mistakes of a document that is returned, so that its other mistakes can be found too.
 */
struct document *document_load(const char *path, struct mistakes *mistakes);

/* The same of a text in memory, shown as `file`. */
struct document *document_parse(const char *file, const char *text, size_t length,
				struct mistakes *mistakes);

/*
 * The same of a text of up to bytes_max that a program wrote: no index, places are looked for in
 * the text when they are asked for. Nested as deep as jansson goes. Of duplicate keys the first
 * pair alone is found, and is the end of it.
 */
struct document *document_load_large(const char *path, size_t bytes_max,
				     struct mistakes *mistakes);
struct document *document_parse_large(const char *file, const char *text, size_t length,
				      struct mistakes *mistakes);

/* A document without text, such as an argument of the command line. Takes the reference to root. */
struct document *document_wrap(const char *file, json_t *root);

void document_free(struct document *document);

/* True, and *ret filled, when the text has a value (or its key) at exactly this pointer. */
bool document_find_value(const struct document *document, const char *pointer, struct place *ret);
bool document_find_key(const struct document *document, const char *pointer, struct place *ret);

/* The place of the value, or of the nearest value around it that the text has. */
struct place document_find_nearest(const struct document *document, const char *pointer);

/* Appends "/key" to a pointer, escaped by RFC 6901; and cuts the last part off again. */
void pointer_push(GString *pointer, const char *key);
void pointer_push_index(GString *pointer, size_t index);
void pointer_pop(GString *pointer);

/*
 * The unescaped parts of a pointer, NULL-terminated, freed with g_strfreev(); NULL when it is no
 * pointer (it is not empty and does not begin with "/", or has a "~" without 0 or 1 behind it).
 */
char **pointer_split(const char *pointer);

/* The value that a pointer names; NULL: none. Borrowed from the tree. */
json_t *pointer_get(json_t *tree, const char *pointer);

/* Is pointer the same value as prefix, or inside it? */
bool pointer_is_within(const char *pointer, const char *prefix);

/* A key that is a comment. */
static inline bool key_is_comment(const char *key)
{
	return key[0] == '/' && key[1] == '/';
}

#endif
