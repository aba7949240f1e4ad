/*
 * decode - JSON values into C structs, by the field tables of models/field.h.
 *
 * Also brings a tree into its effective form while it decodes: comments out, defaults in, keys in
 * the order of the tables. Reports every mistake that it meets and goes on. Knows no scenario: what
 * a table cannot say (FIELD_JSON) is decoded by the table's user.
 */
#ifndef APP_DECODE_H
#define APP_DECODE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "app/mistakes.h"
#include "app/origin.h"
#include "models/field.h"
#include "sim/arena.h"
#include "sim/ps.h"

struct platform_store;

/* One pass over a tree. Made on the stack by its user; pointer is owned by it. */
struct decoder {
	struct arena *arena;		/* of everything that is decoded */
	struct origins *origins;
	struct mistakes *mistakes;	/* NULL: a pass that only brings the tree into its form */
	struct mistakes *warnings;	/* NULL likewise */
	struct platform_store *platforms;
	const char *context;		/* shown with each mistake; NULL: nothing */
	uint64_t clock_hz;		/* of the platform, for "cy"; 0: none */
	GString *pointer;		/* of the value being decoded */
	uint32_t nr_mistakes;		/* counted even without a list */
};

/* Adds a mistake about the value at the decoder's pointer; format as printf. */
void decode_error(struct decoder *decoder, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The same about a member: its value, or its key. */
void decode_error_in(struct decoder *decoder, const char *key, const char *format, ...)
	G_GNUC_PRINTF(3, 4);
void decode_error_key(struct decoder *decoder, const char *key, const char *format, ...)
	G_GNUC_PRINTF(3, 4);

/*
 * Adds a mistake that several values make together: at the one that was set last, or at the first
 * one when none was set. pointers is NULL-terminated.
 */
void decode_error_among(struct decoder *decoder, const char *const *pointers, const char *format,
			...) G_GNUC_PRINTF(3, 4);

/* A warning about the value at the decoder's pointer. */
void decode_warning(struct decoder *decoder, const char *format, ...) G_GNUC_PRINTF(2, 3);

/*
 * "unknown WHAT "NAME"", with the nearest of names. Takes names. At the decoder's pointer.
 */
void decode_unknown(struct decoder *decoder, const char *what, const char *name, GPtrArray *names);

/* A member that is not there: at the object. help says what it is. */
void decode_missing(struct decoder *decoder, const char *key, const char *help);

/*
 * Brings value into the form that the tables (together) describe: no comments, every key there, in
 * the order of the tables. Reports unknown and missing keys. False when it is no object.
 */
bool decode_shape(struct decoder *decoder, json_t *value, const struct field_table *const *tables,
		  size_t nr_tables);

/* Decodes the rows of one table from an object that has its form. Missing keys are passed over. */
void decode_values(struct decoder *decoder, const json_t *object, const struct field_table *table,
		   void *ret);

/* Both, of an object that one table describes. False when it is no object. */
bool decode_object(struct decoder *decoder, json_t *value, const struct field_table *table,
		   void *ret);

/* A duration; anything but a string is a mistake too. Returns false when it reported one. */
bool decode_duration(struct decoder *decoder, const json_t *value, ps_t *ret);

/* A copy in the decoder's arena. */
const char *decode_strdup(struct decoder *decoder, const char *text);

/* "an object", "an integer", ...: what a message calls the value. */
const char *json_kind(const json_t *value);

/* Removes the members whose keys are comments, at every level. */
void json_strip_comments(json_t *value);

#endif
