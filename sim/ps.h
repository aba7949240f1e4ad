/*
 * ps - simulated time, an unsigned number of picoseconds since the start of the run.
 *
 * 2^64 ps are 213 days. The only place with powers of ten: every other file says PS_PER_NS.
 */
#ifndef SIM_PS_H
#define SIM_PS_H

#include <stdint.h>

typedef uint64_t ps_t;

#define PS_PER_NS UINT64_C(1000)
#define PS_PER_US UINT64_C(1000000)
#define PS_PER_MS UINT64_C(1000000000)
#define PS_PER_S  UINT64_C(1000000000000)

/* Later than every instant of a run. */
#define PS_NEVER UINT64_MAX

#endif
