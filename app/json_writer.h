/*
 * json_writer - JSON text, member by member, into a string that grows.
 *
 * Fast, and the same bytes everywhere: integers and strings only, keys in the order in which they
 * are written. Commas and line breaks come by themselves. Never checks that a key is new. Inside an
 * object every member has a key, inside an array key is NULL.
 */
#ifndef APP_JSON_WRITER_H
#define APP_JSON_WRITER_H

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum { JSON_WRITER_DEPTH_MAX = 96 };

/* How the members of an object or array stand: one a line, or all in one line. */
enum json_layout { JSON_LINES, JSON_LINE };

struct json_writer {
	GString *out;		/* owned by the caller, who may empty it between two members */
	uint32_t depth;
	struct {
		char close;
		bool lines, empty;
	} open[JSON_WRITER_DEPTH_MAX];
};

void json_writer_init(struct json_writer *writer, GString *out);

void json_begin_object(struct json_writer *writer, const char *key, enum json_layout layout);
void json_begin_array(struct json_writer *writer, const char *key, enum json_layout layout);
void json_end(struct json_writer *writer);

void json_put_u64(struct json_writer *writer, const char *key, uint64_t value);
void json_put_i64(struct json_writer *writer, const char *key, int64_t value);
void json_put_null(struct json_writer *writer, const char *key);

/* UTF-8. NULL is null. */
void json_put_string(struct json_writer *writer, const char *key, const char *value);

/* Text that is JSON already. */
void json_put_text(struct json_writer *writer, const char *key, const char *text);

/* A whole tree, without reals; what holds no object or array stands in one line. */
void json_put_tree(struct json_writer *writer, const char *key, const json_t *value);

#endif
