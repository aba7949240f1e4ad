/*
 * lock_poll - where the turns of a poller are.
 */
#include "models/lock_poll.h"

#include "models/host.h"
#include "models/sched.h"

void lock_poll_begin(struct lock_poll *poll, struct lock *lock, struct context *context)
{
	sim_assert(!lock->owner);
	sim_assert(!lock->poll);
	poll->lock = lock;
	poll->context = context;
	poll->start_ps = context->path.sim->now_ps;
	poll->holding = false;
	lock->poll = poll;
}

/* Time since the last gap began. */
static ps_t lock_poll_phase(const struct lock_poll *poll)
{
	return (poll->context->path.sim->now_ps - poll->start_ps) %
	       (poll->gap_ps + poll->hold_ps);
}

/* Under a hardirq, or switched out, it is in no hold: that has irqs off. */
void lock_meet_poll(struct lock *lock)
{
	struct lock_poll *poll = lock->poll;
	struct context *context = poll->context;
	ps_t phase_ps = lock_poll_phase(poll);

	lock->poll = NULL;
	poll->holding = phase_ps >= poll->gap_ps && !context->path.paused;
	if (phase_ps < poll->gap_ps)
		poll->rest_ps = poll->gap_ps - phase_ps;
	else
		poll->rest_ps = poll->gap_ps + poll->hold_ps - phase_ps;
	if (poll->holding) {
		context->pcpu->irqs_off = true;
		lock_take_at_once(lock, context);
	}
	if (thread_of(&context->path)->polls)
		path_wake(&context->path, 0);
	thread_of(&context->path)->polls = false;
}

/* Nobody has met it: the turn at hand is brought to its end, the end of a gap. */
void lock_poll_end(struct lock_poll *poll)
{
	ps_t turn_ps = poll->gap_ps + poll->hold_ps;
	ps_t passed_ps = poll->context->path.sim->now_ps - poll->start_ps;

	if (poll->lock->poll != poll)
		return;
	poll->lock->poll = NULL;
	if (passed_ps < poll->gap_ps)
		poll->rest_ps = poll->gap_ps - passed_ps;
	else
		poll->rest_ps = (turn_ps - (passed_ps - poll->gap_ps) % turn_ps) % turn_ps;
}
