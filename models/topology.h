/*
 * topology - where a physical CPU sits, and how far two of them are from each other.
 *
 * A host is sockets x groups x cores x threads, numbered in that order: pCPU 0 and 1 are the
 * threads of one core when threads is 2. A group is what shares more than the socket does: a core
 * complex, a mesh quadrant. Pure arithmetic; the nanoseconds of a distance are costs (cost.h).
 */
#ifndef MODELS_TOPOLOGY_H
#define MODELS_TOPOLOGY_H

#include <stdint.h>

#include "models/field.h"

/* From near to far; the order is used to compare. */
enum distance {
	DISTANCE_SELF,
	DISTANCE_CORE,		/* another thread of the core */
	DISTANCE_GROUP,		/* another core of the group */
	DISTANCE_SOCKET,	/* another group of the socket */
	DISTANCE_REMOTE,	/* another socket */
	NR_DISTANCES
};

/* Reach of the last-level cache, as the scheduler's domains have it. */
enum topology_llc { LLC_CORE, LLC_GROUP, LLC_SOCKET };

struct topology {
	uint32_t nr_sockets;	/* 1.. */
	uint32_t nr_groups;	/* per socket */
	uint32_t nr_cores;	/* per group */
	uint32_t nr_threads;	/* per core */
	int llc;		/* enum topology_llc: who shares a cache (cpus_share_cache()) */
};

extern const struct field_table topology_table;

/* pCPUs that the machine has. */
uint64_t topology_nr_pcpus(const struct topology *topology);

/* Distance between two pCPU ids below topology_nr_pcpus(). */
enum distance topology_distance(const struct topology *topology, uint32_t a, uint32_t b);

#endif
