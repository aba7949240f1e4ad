/*
 * published_show - published and simulated values as people read them: "3832 ns", "+0.4 %".
 *
 * Pure; the caller frees every string.
 */
#ifndef APP_PUBLISHED_SHOW_H
#define APP_PUBLISHED_SHOW_H

#include "app/published.h"

/* The published value, or both ends of its range. */
char *published_show_value(const struct published *published);

/* A simulated one in the same unit, with so many decimals more. */
char *published_show_simulated(const struct published *published, uint64_t simulated,
			       unsigned int more_decimals);

/* Parts per million as a percentage; signed: a plus stands before what is above 0. */
char *published_show_ppm(int64_t ppm, bool is_signed);

#endif
