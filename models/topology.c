/*
 * topology - arithmetic on pCPU ids, and the rows of struct topology.
 */
#include "models/topology.h"

enum { LEVEL_MAX = 1024 }; /* the product of all levels is limited by the reader of a platform */

static const char *const llc_words[] = {
	[LLC_CORE] = "core", [LLC_GROUP] = "group", [LLC_SOCKET] = "socket", NULL,
};

static const struct field topology_fields[] = {
	{ "sockets", FIELD_U32, offsetof(struct topology, nr_sockets), 1, LEVEL_MAX, "1", NULL,
	  "sockets of the host", NULL },
	{ "groups", FIELD_U32, offsetof(struct topology, nr_groups), 1, LEVEL_MAX, "1", NULL,
	  "groups per socket: what shares more than the socket does (core complex, mesh quadrant)",
	  NULL },
	{ "cores", FIELD_U32, offsetof(struct topology, nr_cores), 1, LEVEL_MAX, NULL, NULL,
	  "cores per group", NULL },
	{ "threads", FIELD_U32, offsetof(struct topology, nr_threads), 1, 8, "1", NULL,
	  "hardware threads per core", NULL },
	{ "llc", FIELD_WORD, offsetof(struct topology, llc), 0, 0, "\"socket\"", llc_words,
	  "what shares a last-level cache, as the scheduler sees it: core, group or socket", NULL },
};

FIELD_TABLE(topology_table, "topology", struct topology,
	    "sockets x groups x cores x threads; pCPUs are numbered in that order",
	    topology_fields);

uint64_t topology_nr_pcpus(const struct topology *topology)
{
	return (uint64_t)topology->nr_sockets * topology->nr_groups * topology->nr_cores *
	       topology->nr_threads;
}

enum distance topology_distance(const struct topology *topology, uint32_t a, uint32_t b)
{
	if (a == b)
		return DISTANCE_SELF;
	a /= topology->nr_threads;
	b /= topology->nr_threads;
	if (a == b)
		return DISTANCE_CORE;
	a /= topology->nr_cores;
	b /= topology->nr_cores;
	if (a == b)
		return DISTANCE_GROUP;
	if (a / topology->nr_groups == b / topology->nr_groups)
		return DISTANCE_SOCKET;
	return DISTANCE_REMOTE;
}
