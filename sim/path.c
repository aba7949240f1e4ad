/*
 * path - frames, pausing and waking of stackless processes.
 */
#include "sim/path.h"

#include <stddef.h>

#include "sim/arena.h"

static void path_end_fired(struct event *event)
{
	path_resume((struct path *)(void *)((char *)event - offsetof(struct path, end)));
}

void path_init(struct sim *sim, struct path *path, void (*finished)(struct path *path))
{
	*path = (struct path){ .sim = sim, .finished = finished };
}

/* One that another path, or this one, has left, or a new one. */
static struct path_frame *path_new_frame(struct sim *sim, size_t size)
{
	struct path_frame *frame = sim->free_frames[size];

	if (!frame)
		return arena_alloc(sim->arena, size * PATH_FRAME_ALIGN);
	sim->free_frames[size] = frame->caller;
	return frame;
}

void *path_push(struct path *path, path_fn fn, const char *name, size_t bytes)
{
	size_t size = (sizeof(struct path_frame) + bytes + PATH_FRAME_ALIGN - 1) / PATH_FRAME_ALIGN;
	struct path_frame *frame;

	sim_assert(size < PATH_FRAME_SIZES);
	sim_assert(path->depth < PATH_DEPTH_MAX);
	if (!path->end.fire)
		event_init(path->sim, &path->end, EVENT_END, path_end_fired);
	frame = path_new_frame(path->sim, size);
	*frame = (struct path_frame){
		.fn = fn, .name = name, .caller = path->frame, .size = (uint16_t)size,
	};
	path->frame = frame;
	path->depth++;
	return frame + 1;
}

enum flow path_done(struct path *path, int64_t value)
{
	struct path_frame *frame = path->frame;
	struct path_frame **free = &path->sim->free_frames[frame->size];

	path->ret = value;
	path->frame = frame->caller;
	path->depth--;
	frame->caller = *free;
	*free = frame;
	if (path->frame)
		return FLOW_NEXT;
	sim_assert(!path->paused);
	return FLOW_END;
}

/* The rest of path_resume(), when the first frame has not suspended the path. */
void path_go_on(struct path *path, enum flow flow)
{
	while (flow == FLOW_NEXT)
		flow = path->frame->fn(path, path->frame + 1);
	if (flow == FLOW_STOP)
		return;
	path->sim->running = NULL;
	path->state = PATH_IDLE;
	if (path->finished)
		path->finished(path);
}

static void path_unready(struct path *path)
{
	struct sim *sim = path->sim;

	if (path == sim->ready_first)
		sim->ready_first = path->next;
	else
		path->previous->next = path->next;
	if (path == sim->ready_last)
		sim->ready_last = path->previous;
	else
		path->next->previous = path->previous;
}

ps_t path_scale(ps_t value, uint32_t multiplier, uint32_t divisor)
{
	ps_t whole = value / divisor * multiplier;
	ps_t part = (value % divisor * multiplier + divisor / 2) / divisor;

	sim_assert(value / divisor <= (PS_NEVER - part) / multiplier);
	return whole + part;
}

/* The work that is left of the step that is being spent. */
static ps_t path_work_left(const struct path *path)
{
	ps_t time_ps = path->end_ps - path->sim->now_ps;

	if (path->stretch_ppm)
		return path_scale(time_ps, PATH_PPM, path->stretch_ppm);
	return time_ps;
}

void path_arm(struct path *path, ps_t ps)
{
	sim_assert(!path->paused);
	path->state = PATH_SPENDING;
	path->end_ps = path->sim->now_ps + ps;
	event_at(path->sim, &path->end, path->end_ps);
}

void path_wait_up_to(struct path *path, ps_t work_ps)
{
	path->wakeable = true;
	path->left_ps = 0;
	path_arm(path, path_stretched(path, work_ps));
}

void path_wait_until(struct path *path, ps_t time_ps)
{
	ps_t now_ps = path->sim->now_ps;

	path->wakeable = true;
	path->by_clock = true;
	path_arm(path, time_ps > now_ps ? time_ps - now_ps : 0);
}

/* The WAIT_UP_TO or WAIT_UNTIL of a path ends now, with some of its time unused. */
static void path_cut(struct path *path)
{
	sim_assert(path->state == PATH_SPENDING);
	sim_assert(path->wakeable);
	if (path->paused) {
		path->state = PATH_READY;	/* path_continue() puts it on the list */
		return;
	}
	path->left_ps = path_work_left(path);
	event_cancel(path->sim, &path->end);
	path_make_ready(path);
}

void path_wake_slowly(struct path *path, ps_t after)
{
	if (path->state != PATH_WAITING) {
		sim_assert(after == 0);
		path_cut(path);
	} else if (path->paused) {
		path->state = after ? PATH_SPENDING : PATH_READY;
		path->left_ps = after;
	} else if (after) {
		path_arm(path, path_stretched(path, after));
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
		path->left_ps = path_work_left(path);
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
	if (path->state == PATH_READY) {
		path_make_ready(path);
	} else if (path->state == PATH_SPENDING) {
		if (path->by_clock)
			path_wait_until(path, path->end_ps);
		else
			path_arm(path, path_stretched(path, path->left_ps));
		path->left_ps = 0;
	}
}

void path_rescale(struct path *path, uint32_t stretch_ppm)
{
	ps_t left_ps;

	sim_assert(stretch_ppm == 0 || stretch_ppm >= PATH_PPM);
	if (path->state != PATH_SPENDING || path->paused || path->by_clock) {
		path->stretch_ppm = stretch_ppm;
		return;
	}
	left_ps = path_work_left(path);
	path->stretch_ppm = stretch_ppm;
	event_cancel(path->sim, &path->end);
	path_arm(path, path_stretched(path, left_ps));
}
