/*
 * path - frames, pausing and waking of stackless processes.
 */
#include "sim/path.h"

#include <stddef.h>

static void path_end_fired(struct event *event)
{
	path_resume((struct path *)(void *)((char *)event - offsetof(struct path, end)));
}

void path_init(struct sim *sim, struct path *path, void (*finished)(struct path *path))
{
	*path = (struct path){ .sim = sim, .finished = finished };
	event_init(sim, &path->end, EVENT_END, path_end_fired);
}

void *path_push(struct path *path, path_fn fn, const char *name, size_t bytes)
{
	struct path_frame *caller = path->frame;
	char *head = caller ? (char *)caller + caller->bytes : (char *)path->stack;
	struct path_frame *frame = (struct path_frame *)(void *)head;

	bytes = (sizeof(*frame) + bytes + 15) / 16 * 16;
	sim_assert(head + bytes <= (char *)path->stack + PATH_STACK_BYTES);
	*frame = (struct path_frame){
		.fn = fn, .name = name, .bytes = (uint16_t)bytes,
		.below = caller ? caller->bytes : 0,
	};
	path->frame = frame;
	return frame + 1;
}

enum flow path_done(struct path *path, int64_t value)
{
	struct path_frame *frame = path->frame;

	path->ret = value;
	if (frame->below) {
		path->frame = (struct path_frame *)(void *)((char *)frame - frame->below);
		return FLOW_NEXT;
	}
	sim_assert(!path->paused);
	path->frame = NULL;
	return FLOW_END;
}

void path_resume(struct path *path)
{
	enum flow flow;

	path->state = PATH_RUNNING;
	path->sim->running = path;
	do
		flow = path->frame->fn(path, path->frame + 1);
	while (flow == FLOW_NEXT);
	path->sim->running = NULL;
	if (flow == FLOW_STOP)
		return;
	path->state = PATH_IDLE;
	if (path->finished)
		path->finished(path);
}

void path_make_ready(struct path *path)
{
	struct sim *sim = path->sim;

	path->state = PATH_READY;
	path->next = NULL;
	path->previous = sim->ready_last;
	if (sim->ready_last)
		sim->ready_last->next = path;
	else
		sim->ready_first = path;
	sim->ready_last = path;
}

static void path_unready(struct path *path)
{
	struct sim *sim = path->sim;

	if (path->previous)
		path->previous->next = path->next;
	else
		sim->ready_first = path->next;
	if (path->next)
		path->next->previous = path->previous;
	else
		sim->ready_last = path->previous;
}

void path_arm(struct path *path, ps_t ps, bool wakeable)
{
	sim_assert(!path->paused);
	path->state = PATH_SPENDING;
	path->wakeable = wakeable;
	path->left_ps = 0;
	path->end_ps = path->sim->now_ps + ps;
	event_at(path->sim, &path->end, path->end_ps);
}

/* The WAIT_UP_TO of a path ends now, with some of its time unused. */
static void path_cut(struct path *path)
{
	sim_assert(path->state == PATH_SPENDING);
	sim_assert(path->wakeable);
	path->wakeable = false;
	if (path->paused) {
		path->state = PATH_READY;	/* path_continue() puts it on the list */
		return;
	}
	path->left_ps = path->end_ps - path->sim->now_ps;
	event_cancel(path->sim, &path->end);
	path_make_ready(path);
}

void path_wake(struct path *path, ps_t after)
{
	if (path->state != PATH_WAITING) {
		sim_assert(after == 0);
		path_cut(path);
	} else if (path->paused) {
		path->state = after ? PATH_SPENDING : PATH_READY;
		path->wakeable = false;
		path->left_ps = after;
	} else if (after) {
		path_arm(path, after, false);
	} else {
		path_make_ready(path);
	}
}

void path_pause(struct path *path)
{
	sim_assert(!path->paused);
	sim_assert(path->state != PATH_IDLE);
	path->paused = true;
	if (path->state == PATH_SPENDING) {
		path->left_ps = path->end_ps - path->sim->now_ps;
		event_cancel(path->sim, &path->end);
	} else if (path->state == PATH_READY) {
		path_unready(path);
	} else if (path->state == PATH_RUNNING) {
		sim_assert(path->sim->running == path);
		path->state = PATH_READY;
	}
}

void path_continue(struct path *path)
{
	sim_assert(path->paused);
	path->paused = false;
	if (path->state == PATH_SPENDING)
		path_arm(path, path->left_ps, path->wakeable);
	else if (path->state == PATH_READY)
		path_make_ready(path);
}
