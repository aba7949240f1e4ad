/*
 * fair_box - one run queue and its entities, without a machine around them.
 *
 * On 8 pCPUs the factor is 4: CFS has a latency of 24 ms, a least slice of 3 ms and a wake-up
 * granularity of 4 ms; EEVDF (6.6) has slices of 3 ms.
 */
#ifndef TESTS_SUPPORT_FAIR_BOX_H
#define TESTS_SUPPORT_FAIR_BOX_H

#include <glib.h>

#include "models/kernel.h"
#include "models/sched_fair.h"

enum { BOX_ENTITIES = 10 };

#define MS(n) ((ps_t)(n) * PS_PER_MS)

#define CFS KERNEL(5, 4)
#define EEVDF KERNEL(6, 6)

struct box {
	struct fair_params params;
	struct fair_rq rq;
	struct sched_entity se[BOX_ENTITIES];
};

static inline void box_init(struct box *box, uint32_t kernel)
{
	*box = (struct box){ .params = fair_params_default(kernel, 8) };
	fair_rq_init(&box->rq, &box->params);
}

/* One that was forked long ago joins the queue at that virtual time. */
static inline void box_add(struct box *box, int i, ps_t vruntime_ps)
{
	box->se[i].placed = true;
	fair_enqueue(&box->rq, &box->se[i], false, 0);
	box->se[i].vruntime_ps = vruntime_ps;
	box->se[i].deadline_ps = vruntime_ps + box->params.slice_ps;
}

static inline void box_assert_picks(struct box *box, int i, ps_t now_ps)
{
	g_assert_true(fair_pick_next(&box->rq, now_ps) == &box->se[i]);
}

/* Entity 1 sleeps from 0 to wake_ps while entity 0 computes. True: it preempts. */
static inline bool box_sleeper_preempts(struct box *box, uint32_t kernel, ps_t wake_ps)
{
	box_init(box, kernel);
	box_add(box, 0, 0);
	box_add(box, 1, 0);
	box_assert_picks(box, 0, 0);
	fair_dequeue(&box->rq, &box->se[1], true, 0);
	for (ps_t now_ps = MS(4); now_ps < wake_ps; now_ps += MS(4))
		g_assert_false(fair_tick(&box->rq, now_ps));
	fair_enqueue(&box->rq, &box->se[1], true, wake_ps);
	return fair_preempts(&box->rq, &box->se[1], wake_ps);
}

/* Entity 0 executes at 10 ms and yields; favoured 0: nobody. */
static inline void box_yield_to(struct box *box, uint32_t kernel, ps_t b_ps, ps_t c_ps,
				int favoured)
{
	box_init(box, kernel);
	box_add(box, 0, 0);
	box_assert_picks(box, 0, 0);
	fair_update_current(&box->rq, MS(10));
	box_add(box, 1, b_ps);
	box_add(box, 2, c_ps);
	if (favoured > 0)
		fair_favour(&box->rq, &box->se[favoured]);
	fair_yield(&box->rq, MS(10));
}

#endif
