/*
 * test_line - who pays for a line, and how much; on hosts whose sharers fit in a word, and not.
 */
#include "models/line.h"

#include <glib.h>

#include "tests/support/rig.h"

enum { CORE = 10, GROUP = 20, SOCKET = 30, REMOTE = 40 };

/* An access of one pCPU and its price in ns. */
struct access {
	char kind;	/* 'r' or 'w' */
	uint32_t pcpu;
	uint32_t ns;
};

/* 2 sockets of 2 groups; cores of 2 threads, as many as it takes. */
static struct rig *line_rig(uint32_t nr_pcpus)
{
	struct rig *rig = rig_new(nr_pcpus);

	rig_topology(rig, (struct topology){ 2, 2, nr_pcpus / 8, 2 });
	rig_cost(rig, C_CACHELINE_TRANSFER_CORE, CORE);
	rig_cost(rig, C_CACHELINE_TRANSFER_GROUP, GROUP);
	rig_cost(rig, C_CACHELINE_TRANSFER, SOCKET);
	rig_cost(rig, C_CACHELINE_TRANSFER_REMOTE, REMOTE);
	rig_build(rig);
	return rig;
}

static void expect_accesses(uint32_t nr_pcpus, const struct access *accesses)
{
	struct rig *rig = line_rig(nr_pcpus);
	struct line line;

	line_init(&line, rig->host);
	for (const struct access *access = accesses; access->kind; access++) {
		struct context *context = &rig->host->pcpus[access->pcpu].hardirq;
		ps_t ps = access->kind == 'r' ? line_read(context, &line) :
						line_write(context, &line);

		g_test_message("access %d", (int)(access - accesses));
		g_assert_cmpuint(ps, ==, access->ns * PS_PER_NS);
	}
	rig_free(rig);
}

/* 16 pCPUs: 0 and 1 share a core, 0..3 a group, 0..7 a socket. */
static void test_distances(void)
{
	static const struct access accesses[] = {
		{ 'w', 0, 0 },				/* from memory */
		{ 'w', 0, 0 },     { 'r', 0, 0 },	/* held */
		{ 'r', 1, CORE },  { 'r', 1, 0 },	/* fetched once */
		{ 'w', 1, CORE },  { 'w', 2, GROUP },  { 'w', 4, SOCKET }, { 'w', 8, REMOTE },
		{ 'w', 9, CORE },  { 'r', 12, SOCKET }, { 'w', 9, SOCKET }, { 'w', 9, 0 },
		{ 0, 0, 0 },
	};

	expect_accesses(16, accesses);
}

/* Readers each pay once; the next write pays for the farthest of them, then it is nobody else's. */
static void test_sharers(void)
{
	static const struct access accesses[] = {
		{ 'w', 0, 0 },     { 'r', 1, CORE }, { 'r', 4, SOCKET }, { 'r', 8, REMOTE },
		{ 'r', 2, GROUP }, { 'r', 1, 0 },    { 'r', 4, 0 },	 { 'r', 8, 0 },
		{ 'w', 0, REMOTE }, { 'w', 0, 0 },   { 'r', 1, CORE },	 { 'w', 0, CORE },
		{ 'r', 8, REMOTE }, { 'w', 9, REMOTE }, { 'r', 0, REMOTE }, { 0, 0, 0 },
	};

	expect_accesses(16, accesses);
}

/* A line that was only read is in memory: everybody reads it for nothing, a first write is free. */
static void test_only_read(void)
{
	static const struct access accesses[] = {
		{ 'r', 0, 0 }, { 'r', 8, 0 }, { 'w', 8, 0 }, { 'r', 0, REMOTE }, { 0, 0, 0 },
	};

	expect_accesses(16, accesses);
}

/* 128 pCPUs: sharers in two words, on both sides of the border. */
static void test_many_pcpus(void)
{
	static const struct access accesses[] = {
		{ 'w', 63, 0 },	   { 'r', 64, REMOTE }, { 'r', 127, REMOTE }, { 'r', 62, CORE },
		{ 'r', 64, 0 },	   { 'r', 127, 0 },	{ 'r', 63, 0 },	      { 'r', 0, SOCKET },
		{ 'w', 127, REMOTE }, { 'r', 64, SOCKET }, { 'r', 63, REMOTE }, { 'r', 62, REMOTE },
		{ 'r', 126, CORE }, { 'w', 126, REMOTE }, { 'r', 127, CORE },	{ 0, 0, 0 },
	};

	expect_accesses(128, accesses);
}

/* 80 pCPUs, two words of which the second is not full: a write clears both, by whoever. */
static void test_words_cleared(void)
{
	static const struct access accesses[] = {
		{ 'w', 0, 0 },	   { 'r', 79, REMOTE }, { 'r', 64, REMOTE }, { 'r', 1, CORE },
		{ 'w', 0, REMOTE }, { 'r', 79, REMOTE }, { 'r', 64, REMOTE }, { 'r', 1, CORE },
		{ 'w', 79, REMOTE }, { 'r', 0, REMOTE }, { 'r', 64, GROUP }, { 'r', 1, REMOTE },
		{ 0, 0, 0 },
	};

	expect_accesses(80, accesses);
}

/* 64 pCPUs, the most that one word holds. */
static void test_border(void)
{
	static const struct access accesses[] = {
		{ 'w', 0, 0 }, { 'r', 63, REMOTE }, { 'r', 63, 0 }, { 'w', 63, REMOTE },
		{ 'w', 0, REMOTE }, { 'r', 63, REMOTE }, { 0, 0, 0 },
	};

	expect_accesses(64, accesses);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/line/distances", test_distances);
	g_test_add_func("/line/sharers", test_sharers);
	g_test_add_func("/line/only-read", test_only_read);
	g_test_add_func("/line/many-pcpus", test_many_pcpus);
	g_test_add_func("/line/words-cleared", test_words_cleared);
	g_test_add_func("/line/border", test_border);
	return g_test_run();
}
