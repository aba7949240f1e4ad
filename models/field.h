/*
 * field - one row per configuration value: JSON key, type, place, range, default, help.
 *
 * Data only. The modules of models/ describe their configuration structs with these tables; app/
 * reads the tables to decode, check, default, document and to print the JSON Schema, so that each
 * value is described once. Nothing here reads JSON, and no model ever sees a table at run time.
 */
#ifndef MODELS_FIELD_H
#define MODELS_FIELD_H

#include <stddef.h>
#include <stdint.h>

/* What a row decodes into, and which JSON it accepts. */
enum field_type {
	FIELD_U32,	/* uint32_t: an integer in [min, max] */
	FIELD_U64,	/* uint64_t: an integer in [min, max] */
	FIELD_LIMIT,	/* uint64_t: the same, or null: no limit, UINT64_MAX */
	FIELD_BOOL,	/* bool: true or false */
	FIELD_DURATION,	/* ps_t: a string with a unit, "250ns"; [min, max] in picoseconds */
	FIELD_RATE,	/* uint64_t, events per second: an integer in [min, max] */
	FIELD_WORD,	/* int: index into words[] */
	FIELD_STRING,	/* const char *: a non-empty string, one of words[] if there are any */
	FIELD_NAME,	/* const char *: letters, digits, "-" and "_"; at most 64 characters */
	FIELD_FILE_NAME, /* const char *: the same in small letters, without "_" */
	FIELD_IDS,	/* struct id_list: a word of words[], an integer or an array of integers */
	FIELD_VERSION,	/* uint32_t: KERNEL() of a string such as "6.5" */
	FIELD_FREQUENCY, /* uint64_t: Hz of a string such as "2.5GHz" */
	FIELD_PERCENT,	/* uint32_t: parts per million of a string such as "20%" */
	FIELD_BYTES,	/* uint64_t: one of words[], a number with "KiB" */
	FIELD_OBJECT,	/* an object with the rows of `nested`, whose struct begins at offset */
	FIELD_JSON,	/* decoded by code of its own; the row gives key, default and help */
};

/* Either one of the row's words (word >= 0) or a list of numbers in [min, max] (word < 0). */
struct id_list {
	int word;
	uint32_t nr_ids;
	const uint64_t *ids;	/* owned by the scenario */
};

enum { FIELD_NAME_MAX = 64 };
struct field_table;

/* A fallback: the key may be missing, and then stays so. */
#define FIELD_ABSENT ""

struct field {
	const char *key;
	enum field_type type;
	size_t offset;		/* of the value in the struct that the table describes */
	uint64_t min, max;	/* inclusive; numbers, durations and ids only */
	/*
	 * The default as JSON text, FIELD_ABSENT, or NULL: the key is required. With the default
	 * "null" the key may be null: nothing is stated, and the value in C stays as it was, all
	 * zeroes unless its owner has put something there.
	 */
	const char *fallback;
	const char *const *words;	/* NULL-terminated; NULL: none */
	const char *help;	/* one line: meaning, and what follows from it */
	const struct field_table *nested;	/* FIELD_OBJECT */
};

/* A struct's rows. name is a noun for messages and the schema: "route mpidr-hash". */
struct field_table {
	const char *name;
	const char *help;
	size_t size;		/* of the struct */
	const struct field *fields;
	size_t nr_fields;
};

#define FIELD_TABLE(symbol, label, type_, about, rows)		\
	const struct field_table symbol = {			\
		.name = (label), .help = (about),		\
		.size = sizeof(type_), .fields = (rows),	\
		.nr_fields = sizeof(rows) / sizeof((rows)[0]),	\
	}

#endif
