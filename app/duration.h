/*
 * duration - text to picoseconds and back: "250ns", "1.5us", "1500cy".
 *
 * Exact integer arithmetic, independent of the locale. A duration in a unit of time must be a whole
 * number of picoseconds; one in clock cycles ("cy") is rounded to the nearest, a half up.
 */
#ifndef APP_DURATION_H
#define APP_DURATION_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/ps.h"

/* The pattern of a duration, for the JSON Schema. */
#define DURATION_PATTERN "^[0-9]+(\\.[0-9]+)?(ps|ns|us|ms|s|cy)$"

/* The pattern of a percentage, likewise. */
#define PERCENT_PATTERN "^[0-9]+(\\.[0-9]+)?%$"

/*
 * Parses a duration. clock_hz converts cycles; 0: "cy" is a mistake. Returns NULL and sets *ret
 * (below PS_NEVER), or returns what is wrong, a sentence that the caller frees; *ret is untouched.
 */
char *duration_parse(const char *text, uint64_t clock_hz, ps_t *ret);

/* The duration in the largest unit that shows it without loss: "1.5us". The caller frees it. */
char *duration_format(ps_t duration_ps);

/* "2.5GHz" to Hz, in the way of duration_parse(). At least 1 Hz, at most 1000 GHz. */
char *frequency_parse(const char *text, uint64_t *ret);

/* "20%" or "2.5%" to parts per million, in the way of duration_parse(). At most 1000 %. */
char *percent_parse(const char *text, uint32_t *ret);

/* A plain decimal such as "0.25" to parts per million, in the way of duration_parse(). */
char *ratio_parse(const char *text, uint64_t *ret);

#endif
