/*
 * test_topology - distances between pCPUs, by arithmetic and by the places that pCPUs remember.
 */
#include "models/topology.h"

#include <glib.h>

#include "tests/support/rig.h"

/* 2 sockets of 3 groups of 2 cores of 2 threads: 24 pCPUs. */
static const struct topology machine = { 2, 3, 2, 2, LLC_SOCKET };

static void test_distances(void)
{
	static const struct {
		uint32_t a, b;
		enum distance distance;
	} cases[] = {
		{ 0, 0, DISTANCE_SELF },    { 0, 1, DISTANCE_CORE },
		{ 0, 2, DISTANCE_GROUP },   { 1, 3, DISTANCE_GROUP },
		{ 0, 4, DISTANCE_SOCKET },  { 3, 4, DISTANCE_SOCKET },
		{ 0, 11, DISTANCE_SOCKET }, { 11, 12, DISTANCE_REMOTE },
		{ 0, 23, DISTANCE_REMOTE }, { 22, 23, DISTANCE_CORE },
	};

	g_assert_cmpuint(topology_nr_pcpus(&machine), ==, 24);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_assert_cmpint(topology_distance(&machine, cases[i].a, cases[i].b), ==,
				cases[i].distance);
		g_assert_cmpint(topology_distance(&machine, cases[i].b, cases[i].a), ==,
				cases[i].distance);
	}
}

/* How many pCPUs see how many others at which distance: 1 self, 1 thread, 2, 8, 12. */
static void test_counts(void)
{
	static const uint32_t expected[NR_DISTANCES] = { 1, 1, 2, 8, 12 };

	for (uint32_t a = 0; a < 24; a++) {
		uint32_t counts[NR_DISTANCES] = { 0 };

		for (uint32_t b = 0; b < 24; b++)
			counts[topology_distance(&machine, a, b)]++;
		for (int distance = 0; distance < NR_DISTANCES; distance++)
			g_assert_cmpuint(counts[distance], ==, expected[distance]);
	}
}

/* pcpu_distance() is the same, from precomputed places. */
static void test_pcpus(void)
{
	struct rig *rig = rig_new(24);
	struct host *host;

	rig_topology(rig, machine);
	host = rig_build(rig);
	for (uint32_t a = 0; a < 24; a++)
		for (uint32_t b = 0; b < 24; b++)
			g_assert_cmpint(pcpu_distance(&host->pcpus[a], &host->pcpus[b]), ==,
					topology_distance(&machine, a, b));
	rig_free(rig);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/topology/distances", test_distances);
	g_test_add_func("/topology/counts", test_counts);
	g_test_add_func("/topology/pcpus", test_pcpus);
	return g_test_run();
}
