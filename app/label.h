/*
 * label - sweep points, values and durations as people read them.
 *
 * For tables, figures and messages, never for result.json. Pure; the caller frees every string.
 */
#ifndef APP_LABEL_H
#define APP_LABEL_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* A JSON value: a string without its quotes, else compact JSON. */
char *label_value(const json_t *value);

/* What a pointer varies: its last part that is no index; "/vms/0/vcpus" is "vcpus". */
char *label_pointer(const char *pointer);

/* "vcpus=64 rate_per_s=1000"; "" without a sweep. */
char *label_point(const json_t *point);

/* A number with this many decimals, the last one rounded half away from 0: (1234567, 1000, 1). */
char *label_decimal(int64_t value, uint64_t unit, unsigned int decimals);

/* Characters (not bytes) that the text takes in a terminal, one column each. */
unsigned int label_width(const char *text);

/* The text without control characters, cut to this many characters with "..." at its end. */
char *label_cut(const char *text, unsigned int width);

/* The text without control characters, in lines of at most this many characters, cut at blanks. */
char *label_wrap(const char *text, unsigned int width);

#endif
