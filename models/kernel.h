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
