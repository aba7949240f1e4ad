/*
 * kernel - host kernel version to features: the version gates of the modelled paths, in one table.
 *
 * A version is major * 256 + minor. A route newer than the host's kernel is allowed (that is how
 * an idea is tried); the program says so.
 */
#ifndef MODELS_KERNEL_H
#define MODELS_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

#define KERNEL(major, minor) ((uint32_t)(major) * 256 + (uint32_t)(minor))

enum kernel_feature {
	KERNEL_VCPU_XARRAY,	/* vCPUs in an xarray, not in an array */
	KERNEL_MPIDR_SCAN,	/* a lookup that misses the table scans all vCPUs */
	KERNEL_WAKELIST_ON_CPU,	/* a thread that still switches out is woken through a wake list */
	KERNEL_WAKELIST_IDLE,	/* and one whose pCPU will be idle, within a cache domain too */
	KERNEL_BUSY_FACTOR,	/* a busy pCPU balances twice as often as before */
	KERNEL_EEVDF,		/* the fair class follows EEVDF, not CFS */
	KERNEL_PICK_BUDDY,	/* EEVDF: yield_to() favours its target */
	KERNEL_SHORT_SLICE,	/* EEVDF: a base slice of 0.70 ms, not 0.75 */
	KERNEL_HALT_POLL_FLOOR,	/* a value that shrinks below the first one becomes 0 */
	KERNEL_HALT_POLL_CAP,	/* the maximum caps the value at the next halt, not when it grows */
	KERNEL_HALT_POLL_SHRINK,	/* the value is halved, before it became 0 at once */
	NR_KERNEL_FEATURES
};

struct kernel_gate {
	uint32_t since;		/* KERNEL(major, minor): first release that has it */
	const char *what;	/* function and change, for the documentation */
};

extern const struct kernel_gate kernel_gates[NR_KERNEL_FEATURES];

static inline bool kernel_has(uint32_t version, enum kernel_feature feature)
{
	return version >= kernel_gates[feature].since;
}

#endif
