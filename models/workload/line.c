/*
 * line - the two threads, and whose turn it is.
 *
 * Follows: core-to-core-latency's compare-and-exchange loop: the one who waits tries without a
 *          pause, so its request for the line is there when the other one's write is done, and the
 *          line comes with the right to write it: one transfer per pass. The instruction itself is
 *          in the transfer's cost, as in the published numbers.
 * Leaves out: attempts in vain, which take the line away from the writer and delay it.
 */
#include "models/workload/line.h"

#include <stddef.h>

#include "models/host.h"
#include "models/line.h"
#include "models/pcpu.h"
#include "models/points.h"
#include "models/workload/threads.h"
#include "sim/arena.h"

enum { NR_PASSERS = 2 };

struct passed;

/* One of the threads. */
struct passer {
	struct thread thread;		/* first */
	struct passed *passed;
	struct passer *other;
	uint64_t nr_left;		/* writes; UINT64_MAX: no end */
};

/* The word on the line, and the threads. Lives in the run's arena. */
struct passed {
	struct line line;
	struct passer *turn;		/* who writes next */
	bool awaited;			/* by the other one, in a WAIT */
	uint32_t workload_index;
	struct passer passers[NR_PASSERS];
};

/* The write is done; the other one sees it. */
static void passer_pass(struct passer *passer)
{
	struct passed *passed = passer->passed;
	struct sim *sim = passer->thread.context.path.sim;

	sim_trace(sim, POINT_PASS, passer->thread.pcpu->id, passer->other->thread.pcpu->id,
		  passed->workload_index);
	passed->turn = passer->other;
	if (!passed->awaited)
		return;
	passed->awaited = false;
	path_wake(&passer->other->thread.context.path, 0);
}

struct passer_run {
	struct passer *passer;
};

static enum flow passer_run_path(struct path *p, void *frame)
{
	struct passer_run *f = frame;
	struct passer *passer = f->passer;
	struct passed *passed = passer->passed;

	PATH_BEGIN(p);
	for (; passer->nr_left; passer->nr_left--) {
		while (passed->turn != passer) {
			passed->awaited = true;
			pcpu_relax(context_of(p), true);
			WAIT();
			pcpu_relax(context_of(p), false);
		}
		SPEND(LINE_WRITE(p, &passed->line));
		passer_pass(passer);
	}
	THREAD_END();
	PATH_END(p);
}

static void line_build(struct host *host, struct vm *vm, const struct workload_config *config)
{
	const struct line_params *params = config->params;
	struct passed *passed = ARENA_NEW(host->arena, struct passed);

	(void)vm;
	line_init(&passed->line, host);
	passed->turn = &passed->passers[0];
	passed->workload_index = config->index;
	for (uint32_t i = 0; i < NR_PASSERS; i++) {
		struct passer *passer = &passed->passers[i];
		struct pcpu *home = threads_init(&passer->thread, host, config, &params->pin, i);

		passer->passed = passed;
		passer->other = &passed->passers[1 - i];
		passer->nr_left = params->count ? params->count : UINT64_MAX;
		THREAD_PATH(&passer->thread, passer_run, .passer = passer);
		thread_start(&passer->thread, home);
	}
}

static const char *line_check(const void *params, const struct vm_config *vm, const char **ret_key)
{
	const struct id_list *pin = &((const struct line_params *)params)->pin;

	(void)vm;
	*ret_key = "pin";
	if (pin->nr_ids != NR_PASSERS)
		return "a line is passed between two pCPUs";
	if (pin->ids[0] == pin->ids[1])
		return "it is the same pCPU: nothing is passed";
	return NULL;
}

static const struct field line_fields[] = {
	{ "pin", FIELD_IDS, offsetof(struct line_params, pin), 0, UINT32_MAX, "[0, 1]", NULL,
	  "the pCPUs of the two threads", NULL },
	{ "count", FIELD_U64, offsetof(struct line_params, count), 0, UINT64_C(1000000000), "0",
	  NULL, "writes per thread, after which it ends; 0: no end", NULL },
};

static FIELD_TABLE(line_table, "workload line", struct line_params,
		   "two threads of the host that pass a cache line to and fro", line_fields);

const struct workload_ops workload_line = {
	.name    = "line",
	.summary = "two threads of the host that pass a cache line to and fro",
	.archs   = ON_ALL,
	.scope   = WORKLOAD_HOST,
	.class   = NR_ROUTE_CLASSES,
	.params  = &line_table,
	.check   = line_check,
	.build   = line_build,
};
