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

	rig_topology(rig, (struct topology){ 2, 2, nr_pcpus / 8, 2, LLC_SOCKET });
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
		rig->sim->now_ps += ps;		/* the line is free again */
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

/* What the line should cost, without any economy: who has it, and who wrote it. */
struct naive {
	bool has[96];
	int writer;
	enum distance farthest;
};

static enum distance naive_access(struct naive *naive, struct rig *rig, char kind, uint32_t id)
{
	const struct pcpu *pcpus = rig->host->pcpus;
	enum distance far = naive->writer < 0 ? DISTANCE_SELF :
						pcpu_distance(&pcpus[id], &pcpus[naive->writer]);
	enum distance ret = far;

	if (kind == 'r') {
		ret = naive->has[id] ? DISTANCE_SELF : far;
		naive->farthest = MAX(naive->farthest, ret);
		naive->has[id] = true;
		return ret;
	}
	ret = MAX(naive->farthest, far);
	*naive = (struct naive){ .writer = (int)id };
	naive->has[id] = true;
	return ret;
}

/* 96 pCPUs at random, few and many of them reading between two writes: ids, bits, ids again. */
static void test_random(void)
{
	static const ps_t costs[NR_DISTANCES] = { 0, CORE, GROUP, SOCKET, REMOTE };
	struct rig *rig = line_rig(96);
	struct naive naive = { .writer = -1 };
	struct stream dice;
	struct line line;

	line_init(&line, rig->host);
	stream_init(&dice, 1, 0, "dice");
	for (int i = 0; i < 20000; i++) {
		uint64_t draw = stream_u64(&dice);
		uint32_t id = (uint32_t)(draw >> 32) % 96;
		struct context *context = &rig->host->pcpus[id].hardirq;
		char kind = draw % (uint64_t)(2 + i % 40) == 0 ? 'w' : 'r';
		enum distance expected = naive_access(&naive, rig, kind, id);
		ps_t ps = kind == 'r' ? line_read(context, &line) : line_write(context, &line);

		g_assert_cmpuint(ps, ==, costs[expected] * PS_PER_NS);
		rig->sim->now_ps += ps;
	}
	g_assert_nonnull(line.many);
	rig_free(rig);
}

static void expect_write(struct rig *rig, struct line *line, uint32_t pcpu, uint64_t ns)
{
	g_assert_cmpuint(line_write(&rig->host->pcpus[pcpu].hardirq, line), ==, ns * PS_PER_NS);
}

/* Atomics of one instant are served in turn; who has the line already waits for nobody. */
static void test_in_turn(void)
{
	struct rig *rig = line_rig(16);
	struct line line;

	line_init(&line, rig->host);
	expect_write(rig, &line, 0, 0);
	expect_write(rig, &line, 2, GROUP);
	expect_write(rig, &line, 3, GROUP + CORE);
	expect_write(rig, &line, 8, GROUP + CORE + REMOTE);
	expect_write(rig, &line, 8, 0);
	rig->sim->now_ps = 50 * PS_PER_NS;
	expect_write(rig, &line, 9, GROUP + CORE + REMOTE - 50 + CORE);
	rig->sim->now_ps = 1000 * PS_PER_NS;
	expect_write(rig, &line, 8, CORE);
	rig_free(rig);
}

/*
 * pCPU 2 reads in a loop from 100 on: each write of pCPU 0 has to take the line from it, and the
 * second one of an instant comes behind its next read. Before, and when it has stopped: hits.
 */
static void test_spinner(void)
{
	struct rig *rig = line_rig(16);
	struct context *spinner = &rig->host->pcpus[2].hardirq;
	struct line line;

	line_init(&line, rig->host);
	expect_write(rig, &line, 0, 0);
	spinner->spin_ps = 100 * PS_PER_NS;
	line_spin(&line, &spinner->path, 1);
	rig->sim->now_ps = 99 * PS_PER_NS;
	expect_write(rig, &line, 0, 0);
	rig->sim->now_ps = 110 * PS_PER_NS;	/* under way to the spinner until 120 */
	expect_write(rig, &line, 0, 10 + GROUP);
	rig->sim->now_ps = 500 * PS_PER_NS;
	expect_write(rig, &line, 0, GROUP);
	expect_write(rig, &line, 0, 3 * GROUP);
	line_spin(&line, NULL, 0);
	rig->sim->now_ps = 900 * PS_PER_NS;
	expect_write(rig, &line, 0, 0);
	rig_free(rig);
}

/* A host whose transfers take no time: nothing is kept, and everything is free. */
static void test_costless(void)
{
	struct rig *rig = rig_new(4);
	struct line line;

	rig_build(rig);
	line_init(&line, rig->host);
	expect_write(rig, &line, 0, 0);
	expect_write(rig, &line, 1, 0);
	g_assert_true(line_is_costless(&line));
	g_assert_cmpuint(line_write_from(&rig->host->pcpus[2].hardirq, &line, 7), ==, 7);
	rig_free(rig);
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
	g_test_add_func("/line/random", test_random);
	g_test_add_func("/line/in-turn", test_in_turn);
	g_test_add_func("/line/spinner", test_spinner);
	g_test_add_func("/line/costless", test_costless);
	return g_test_run();
}
