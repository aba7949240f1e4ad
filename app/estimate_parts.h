/*
 * estimate_parts - what the files of estimate.h share.
 *
 * Called by estimate*.c only.
 */
#ifndef APP_ESTIMATE_PARTS_H
#define APP_ESTIMATE_PARTS_H

#include <stdint.h>

enum { ESTIMATE_T_UNIT = 1000000 };

/* The half-width that `some` samples give, as it is for `all` of them: times sqrt(some / all). */
uint64_t estimate_for_all(uint64_t half_width, uint64_t some, uint64_t all);

/* The 97.5 % quantile of Student's t in ESTIMATE_T_UNIT; freedom is at least 1. */
uint32_t estimate_t_quantile(uint32_t freedom);

#endif
