/*
 * path - a flow of control in simulated time: a stackless process with a list of frames.
 *
 * A path is a struct in its owner and a function per frame, NAME_path(p, frame), written between
 * PATH_BEGIN and PATH_END. Frames come from the arena and are used again. What survives a step is a
 * field of the frame (struct NAME), loop counters too; above PATH_BEGIN stands only what derives
 * from fields that never change. One step a line, no switch around a step. A path knows no pCPU;
 * who executes it pauses and continues it, and may make it slower: SPEND and WAIT_UP_TO are of
 * work, which then takes longer by a factor.
 *
 * Steps:
 *   SPEND(ps)           needs that much time of whoever executes it; SPEND(0) is nothing
 *   WAIT()              until path_wake(); always `while (!condition) WAIT();`
 *   WAIT_UP_TO(ps)      until path_wake(), at most that long; p->left_ps is what was not used
 *   WAIT_UNTIL(time)    until path_wake(), at most until the clock says so
 *   CALL(name, ...)     runs name_path() on a copy of struct name { ... }; p->ret is its value
 *   DONE(value)         ends this frame
 */
#ifndef SIM_PATH_H
#define SIM_PATH_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/sim.h"

struct path;

enum flow {
	FLOW_STOP,	/* suspended: back to the event loop */
	FLOW_NEXT,	/* another frame is on top now: go on there */
	FLOW_END,	/* the outermost frame is done */
};

typedef enum flow (*path_fn)(struct path *p, void *frame);

enum path_state {
	PATH_IDLE,
	PATH_RUNNING,
	PATH_SPENDING,
	PATH_WAITING,
	PATH_READY,
};

enum { PATH_DEPTH_MAX = 16, PATH_FRAME_ALIGN = 16, PATH_PPM = 1000000 };

/* Head of a frame; the struct NAME follows it. */
struct path_frame {
	path_fn fn;
	const char *name;
	struct path_frame *caller;	/* NULL: outermost; of a free frame the next free one */
	uint16_t line;			/* of the step to go on after; 0: not begun */
	uint16_t size;			/* with this head, in PATH_FRAME_ALIGN */
};

struct path {
	struct sim *sim;
	struct path_frame *frame;	/* the innermost; NULL when idle */
	int64_t ret;			/* of the last DONE: read it at once */
	ps_t end_ps;			/* of the step that is being spent */
	ps_t left_ps;			/* work: of the step that was paused, or of WAIT_UP_TO */
	struct path *next, *previous;	/* on the ready list, or on one wait queue (next) */
	void (*finished)(struct path *path);	/* after the outermost DONE; may be NULL */
	struct event end;
	uint32_t stretch_ppm;		/* time that its work takes; 0: as much as it is */
	uint8_t state;			/* enum path_state */
	uint8_t depth;			/* nr of frames */
	bool paused;			/* by its owner only */
	bool wakeable;			/* spending in a WAIT_UP_TO or WAIT_UNTIL */
	bool by_clock;			/* spending in a WAIT_UNTIL */
};

void path_init(struct sim *sim, struct path *path, void (*finished)(struct path *path));

/* Ends the WAIT of a path after `after` ps of its own time. The one waker has dequeued it. */
static inline void path_wake(struct path *path, ps_t after);

/* Stops the time of a path that is not idle; a running path pauses itself only, at a step. */
void path_pause(struct path *path);

/* Goes on where path_pause() stopped, with what was left; a wake meanwhile was remembered. */
void path_continue(struct path *path);

/*
 * From now on work of ps takes ps * stretch_ppm / PATH_PPM, to the nearest: at least as long as
 * before (0: just as long). At any time; what is left of a step in the middle counts too.
 */
void path_rescale(struct path *path, uint32_t stretch_ppm);

/* Starts an idle path: PATH_START(&context->path, name, .field = value, ...). */
#define PATH_START(idle_path, callee, ...)						\
	do {										\
		struct path *started_ = (idle_path);					\
											\
		sim_assert(started_->state == PATH_IDLE);				\
		*(struct callee *)path_push(started_, callee##_path, #callee,		\
					    sizeof(struct callee)) =			\
			(struct callee){ __VA_ARGS__ };					\
		path_make_ready(started_);						\
	} while (0)

/* What the macros below need; not for use elsewhere. */
void *path_push(struct path *path, path_fn fn, const char *name, size_t bytes);
enum flow path_done(struct path *path, int64_t value);
void path_wake_slowly(struct path *path, ps_t after);
void path_go_on(struct path *path, enum flow flow);
void path_arm(struct path *path, ps_t ps);
void path_wait_up_to(struct path *path, ps_t work_ps);
void path_wait_until(struct path *path, ps_t time_ps);

/* While the list is empty, ready_last says nothing; previous of the first never does. */
static inline void path_make_ready(struct path *path)
{
	struct sim *sim = path->sim;

	path->state = PATH_READY;
	path->next = NULL;
	path->previous = sim->ready_last;
	if (sim->ready_first)
		sim->ready_last->next = path;
	else
		sim->ready_first = path;
	sim->ready_last = path;
}

/* Until it suspends itself or ends. The event loop sets running to NULL behind it. */
static inline void path_resume(struct path *path)
{
	struct path_frame *frame = path->frame;
	enum flow flow;

	path->state = PATH_RUNNING;
	path->sim->running = path;
	flow = frame->fn(path, frame + 1);
	if (flow != FLOW_STOP)
		path_go_on(path, flow);
}

static inline void path_wake(struct path *path, ps_t after)
{
	if (path->state == PATH_WAITING && !path->paused && after == 0)
		path_make_ready(path);
	else
		path_wake_slowly(path, after);
}

/* value * multiplier / divisor to the nearest; that must fit, the product need not. */
__attribute__((noinline, cold)) ps_t path_scale(ps_t value, uint32_t multiplier, uint32_t divisor);

/* The time that the path needs for this work. */
static inline ps_t path_stretched(const struct path *path, ps_t work_ps)
{
	if (path->stretch_ppm)
		return path_scale(work_ps, path->stretch_ppm, PATH_PPM);
	return work_ps;
}

/* True: suspended until the end. False: the time has passed already, nothing else could happen. */
static inline bool path_spend(struct path *path, ps_t ps)
{
	struct sim *sim = path->sim;

	if (ps == 0)
		return false;
	ps = path_stretched(path, ps);
	if (!sim->ready_first) {
		ps_t end_ps = sim->now_ps + ps;

		if (end_ps < event_queue_next(&sim->queue)->time_ps &&
		    end_ps <= sim->in_place_limit_ps) {
			sim_assert(end_ps > sim->now_ps);
			sim->now_ps = end_ps;
			sim->executed = &path->end;
			sim->executed_ps = end_ps;
			sim->nr_events++;
			return false;
		}
	}
	path_arm(path, ps);
	return true;
}

/* After a WAIT_UP_TO or WAIT_UNTIL: the next SPEND is neither. */
static inline void path_waited(struct path *path)
{
	path->wakeable = false;
	path->by_clock = false;
}

#define PATH_BEGIN(p)									\
	switch ((p)->frame->line) {							\
	default:									\
		sim_assert((p)->frame->line == 0)

#define PATH_END(p)									\
	}										\
	sim_assert((p)->frame == NULL);							\
	return FLOW_STOP

/* Suspend here; the path goes on behind this line. For the definition of steps only. */
#define PATH_STOP(p)									\
		(p)->frame->line = __LINE__;						\
		return FLOW_STOP;							\
	case __LINE__:;

#define SPEND(ps)									\
	do {										\
		if (path_spend(p, (ps))) {						\
			PATH_STOP(p)							\
		}									\
	} while (0)

#define WAIT()										\
	do {										\
		p->state = PATH_WAITING;						\
		PATH_STOP(p)								\
	} while (0)

#define WAIT_UP_TO(ps)									\
	do {										\
		path_wait_up_to(p, (ps));						\
		PATH_STOP(p)								\
		path_waited(p);								\
	} while (0)

/* Time goes on while the path is paused; past the end, it stops here for no time. */
#define WAIT_UNTIL(time_ps)								\
	do {										\
		path_wait_until(p, (time_ps));						\
		PATH_STOP(p)								\
		path_waited(p);								\
	} while (0)

/* CALL of a function that is known when it is reached: a hook, whose frame is struct type. */
#define CALL_HOOK(type, hook, ...)							\
	do {										\
		p->frame->line = __LINE__;						\
		*(struct type *)path_push(p, (hook), #type, sizeof(struct type)) =	\
			(struct type){ __VA_ARGS__ };					\
		return FLOW_NEXT;							\
	case __LINE__:;									\
	} while (0)

#define CALL(callee, ...) CALL_HOOK(callee, callee##_path, __VA_ARGS__)

#define DONE(value) return path_done(p, (value))

#endif
