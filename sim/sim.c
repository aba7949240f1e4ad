/*
 * sim - the event loop.
 */
#include "sim/sim.h"

#include "sim/arena.h"
#include "sim/path.h"

struct sim *sim_new(struct arena *arena, const char *name, uint64_t seed, uint32_t replication)
{
	struct sim *sim = ARENA_NEW(arena, struct sim);

	sim->arena = arena;
	sim->name = name;
	sim->seed = seed;
	sim->replication = replication;
	sim->in_place = true;
	sim->resumes_to_check = SIM_STALL_RESUMES;
	sim->checked_ps = PS_NEVER;
	sim->fingerprint = TRACE_FINGERPRINT_START;
	sim->executed_ps = PS_NEVER;
	event_queue_init(&sim->queue, arena);
	return sim;
}

void sim_record(struct sim *sim, uint16_t point, uint32_t who, uint32_t whom, uint64_t which)
{
	const struct trace_record record = { sim->now_ps, point, who, whom, which };

	sim->sink->record(sim->sink, &record);
}

/* Two owners at one time in one class: their order is defined, but is nobody's intention. */
static void sim_count_tie(struct sim *sim, const struct event *event)
{
	if (sim->executed_ps == sim->now_ps && sim->executed != event &&
	    event_order_class(sim->executed->order) == event_order_class(event->order))
		sim->nr_ties++;
	sim->executed = event;
	sim->executed_ps = sim->now_ps;
}

static void sim_fire(struct sim *sim)
{
	struct event *event = event_queue_pop(&sim->queue);

	sim->nr_events++;
	sim_count_tie(sim, event);
	event->fire(event);
}

/* Every loop in no time passes through the ready list, so it is enough to look there. */
static __attribute__((noinline, cold)) void sim_check_progress(struct sim *sim)
{
	sim->resumes_to_check = SIM_STALL_RESUMES;
	if (sim->checked_ps == sim->now_ps) {
		sim->stalled = true;
		sim_stop(sim);
	}
	sim->checked_ps = sim->now_ps;
}

static void sim_resume_ready(struct sim *sim)
{
	struct path *path = sim->ready_first;

	sim->ready_first = path->next;
	sim->nr_events++;
	if (--sim->resumes_to_check == 0)
		sim_check_progress(sim);
	path_resume(path);
}

/* At one instant the ready paths go before the class MEASURE only. */
static bool sim_goes_first(const struct sim *sim, const struct event_key *key)
{
	return key->time_ps == sim->now_ps && event_order_class(key->order) < EVENT_MEASURE;
}

void sim_run(struct sim *sim, ps_t until_ps)
{
	sim_running = sim;
	sim->in_place_limit_ps = sim->in_place && !sim->stopping ? until_ps : 0;
	while (!sim->stopping) {
		const struct event_key *next = event_queue_next(&sim->queue);

		if (sim->ready_first && !sim_goes_first(sim, next)) {
			sim_resume_ready(sim);
		} else {
			if (next->time_ps > until_ps || next->time_ps == PS_NEVER)
				break;
			sim->now_ps = next->time_ps;
			sim_fire(sim);
		}
		sim->running = NULL;
	}
	sim_running = NULL;
}
