/*
 * lock - the queue of a spinlock, and how it is handed over on its line.
 */
#include "models/lock.h"

#include <stdio.h>
#include <string.h>

#include "models/host.h"
#include "models/points.h"
#include "sim/arena.h"
#include "sim/dist.h"
#include "sim/rng.h"

_Static_assert(sizeof(struct lock) <= 128, "there is one per interrupt of every vCPU");

const char *const lock_kind_words[NR_LOCK_KINDS] = {
	[LOCK_RAW] = "raw",
	[LOCK_TEST_AND_SET] = "test-and-set",
	[LOCK_RWLOCK] = "rwlock",
	[LOCK_MUTEX] = "mutex",
};

const char *const lock_own_names[NR_LOCKS_OWN] = {
	[LOCK_OWN_RQ] = "rq_lock",
	[LOCK_OWN_PI] = "pi_lock",
	[LOCK_OWN_IRQ] = "irq_lock",
	[LOCK_OWN_AP_LIST] = "ap_list_lock",
	[LOCK_OWN_MUTEX_WAIT] = "mutex_wait_lock",
};

bool lock_name_is_own(const char *name)
{
	for (int i = 0; i < NR_LOCKS_OWN; i++)
		if (strcmp(lock_own_names[i], name) == 0)
			return true;
	return false;
}

/* --- classes ------------------------------------------------------------------------------- */

void lock_add_wait(const struct context *context, ps_t now_ps, struct lock_progress *progress)
{
	ps_t wait_ps = now_ps - context->lock_start_ps;

	progress->wait_ps += wait_ps;
	if (context->lock_contended)
		return;
	progress->free_wait_ps += wait_ps;
	progress->nr_free_waits++;
}

void lock_add_progress(const struct lock *lock, struct lock_progress *progress)
{
	ps_t now_ps = lock->class->host->sim->now_ps;

	progress->nr_holds += lock->held;
	if (lock->held)
		progress->hold_ps += now_ps - lock->held_since_ps;
	else if (lock->owner)
		lock_add_wait(lock->owner, now_ps, progress);
	for (struct path *p = lock->first_waiter; p; p = p->next)
		lock_add_wait(context_of(p), now_ps, progress);
}

static struct lock_class *lock_class_make(struct host *host, const char *name,
					  enum lock_kind kind, bool irqs_off)
{
	struct lock_class *class = ARENA_NEW(host->arena, struct lock_class);

	class->name = name;
	class->kind = kind;
	class->irqs_off = irqs_off;
	class->add_progress = lock_add_progress;
	class->host = host;
	class->next = host->lock_classes;
	host->lock_classes = class;
	return class;
}

struct lock_class *lock_class_new(struct host *host, const char *name, bool irqs_off)
{
	return lock_class_make(host, name, LOCK_RAW, irqs_off);
}

struct lock_class *lock_class_find(struct host *host, const char *name, enum lock_kind kind,
				   bool irqs_off)
{
	struct lock_class *class = host->lock_classes;

	while (class && strcmp(class->name, name) != 0)
		class = class->next;
	if (!class)
		return lock_class_make(host, name, kind, irqs_off);
	sim_assert(class->kind == kind);
	sim_assert(class->irqs_off == irqs_off);
	return class;
}

void lock_enlist(struct lock *lock, struct lock_class *class)
{
	struct host *host = class->host;

	*lock = (struct lock){ .class = class, .id = host->nr_locks++, .next = class->locks };
	class->locks = lock;
	class->nr_locks++;
	line_init(&lock->line, host);
}

static struct stream *lock_new_lottery(const struct lock_class *class, uint32_t index)
{
	struct stream *lottery = ARENA_NEW(class->host->arena, struct stream);
	const struct sim *sim = class->host->sim;
	char name[96];

	snprintf(name, sizeof(name), "lock/%s/%u", class->name, (unsigned int)index);
	stream_init(lottery, sim->seed, sim->replication, name);
	return lottery;
}

void lock_init(struct lock *lock, struct lock_class *class)
{
	uint32_t index = class->nr_locks;

	sim_assert(class->kind == LOCK_RAW || class->kind == LOCK_TEST_AND_SET);
	lock_enlist(lock, class);
	if (class->kind == LOCK_TEST_AND_SET)
		lock->lottery = lock_new_lottery(class, index);
	lock->plain = !lock->lottery && line_is_costless(&lock->line) &&
		      !class->host->config.smt_slowdown_ppm;
}

/* --- waiting ------------------------------------------------------------------------------- */

void lock_append_waiter(struct lock *lock, struct context *context)
{
	struct path *p = &context->path;

	p->next = NULL;
	if (lock->last_waiter)
		lock->last_waiter->next = p;
	else
		lock->first_waiter = p;
	lock->last_waiter = p;
	p->state = PATH_WAITING;
}

/*
 * The cmpxchg that fails has brought the word here: setting the pending bit or exchanging the tail
 * is a hit. Who finds an MCS node before its own writes that node, and spins on its own.
 */
static void lock_join_queue(struct lock *lock, struct context *context)
{
	struct path *last = lock->last_waiter;
	const struct pcpu *node = NULL;

	if (!last && !lock->owner_queued)
		lock->pending = true;
	else if (!last)
		node = lock->owner->pcpu;
	else if (!lock->pending || last != lock->first_waiter)
		node = context_of(last)->pcpu;
	if (node)
		context->spin_ps += line_transfer_ps(context, node);	/* not before it is told */
	lock_append_waiter(lock, context);
	if (!node)
		line_spin(&lock->line, lock->first_waiter, 1 + (last != NULL));
}

static void lock_join_crowd(struct lock *lock, struct context *context)
{
	lock_append_waiter(lock, context);
	line_spin(&lock->line, lock->first_waiter, LINE_ALL_SPIN);
}

/*
 * Of a lock that is not plain: out of line, as all that only such a lock needs, which keeps the way
 * of the others short. True: the step goes on.
 */
static __attribute__((noinline)) bool lock_begin_spin(struct lock *lock, struct context *context)
{
	context->spin_ps = context->path.sim->now_ps + line_write(context, &lock->line);
	if (lock->lottery)
		lock_join_crowd(lock, context);
	else
		lock_join_queue(lock, context);
	if (context->host->config.smt_slowdown_ppm)
		pcpu_relax(context, true);
	return true;
}

/* It is free: the step lasts as long as its line takes to come. */
static __attribute__((noinline)) bool lock_take(struct path *p, struct lock *lock)
{
	struct context *context = context_of(p);
	ps_t word_ps;

	lock_wait_begin(lock, context, false);
	word_ps = line_write(context, &lock->line);
	lock->owner = context;
	return path_spend(p, word_ps);
}

bool lock_acquire(struct path *p, struct lock *lock)
{
	struct context *context = context_of(p);

	sim_assert(lock->owner != context);
	sim_assert(!lock->class->irqs_off || context->pcpu->irqs_off ||
		   context->kind == CONTEXT_HARDIRQ);
	if (!lock->owner && lock->poll)
		lock_meet_poll(lock);
	context->nr_locks++;
	if (!lock->owner)
		return lock_take(p, lock);
	lock_wait_begin(lock, context, true);
	sim_trace(p->sim, POINT_LOCK_WAIT, context->pcpu->id, lock->owner->pcpu->id, lock->id);
	if (!lock->plain)
		return lock_begin_spin(lock, context);
	lock_append_waiter(lock, context);
	return true;
}

/* It has claimed the lock: its successor's node is written, read, and the successor spins. */
static void lock_tell_next(struct lock *lock, const struct context *context)
{
	struct context *next;
	ps_t now_ps = context->path.sim->now_ps;

	lock->owner_queued = false;
	if (!lock->first_waiter)
		return;
	next = context_of(lock->first_waiter);
	if (next->spin_ps < now_ps)
		next->spin_ps = now_ps;
	next->spin_ps += line_transfer_ps(next, context->pcpu);
	next->spin_ps += line_transfer_ps(next, context->pcpu);
	line_spin(&lock->line, lock->first_waiter, 1);
}

/* The owner of a lock that is not plain has spun, or has found it free. */
static __attribute__((noinline)) void lock_end_spin(struct lock *lock, struct context *context)
{
	if (context->relaxes)
		pcpu_relax(context, false);
	if (lock->owner_queued)
		lock_tell_next(lock, context);
}

void lock_acquired(struct path *p, struct lock *lock)
{
	struct context *context = context_of(p);

	sim_assert(lock->owner == context);
	if (!lock->plain)
		lock_end_spin(lock, context);
	lock->held = true;
	lock->held_since_ps = p->sim->now_ps;

	/* The counters last: they need nothing of what the calls before have to save. */
	sim_trace(p->sim, POINT_LOCK_ACQUIRED, context->pcpu->id, context->lock_contended,
		  lock->id);
	lock_hold_begin(lock, context, 0);
	lock_wait_end(lock, context);
}

/* A free lock whose line is here, in no time. */
void lock_take_at_once(struct lock *lock, struct context *context)
{
	sim_assert(!lock->owner);
	context->nr_locks++;
	lock_wait_begin(lock, context, false);
	lock->owner = context;
	lock_acquired(&context->path, lock);
}

/* --- handing over -------------------------------------------------------------------------- */

static void lock_pass(struct lock *lock, struct context *context, ps_t after_ps)
{
	lock->owner = context;
	lock_owner_changes(lock, context);
	path_wake(&context->path, after_ps);
}

static inline struct context *lock_take_first(struct lock *lock)
{
	struct path *first = lock->first_waiter;

	lock->first_waiter = first->next;
	if (!first->next)
		lock->last_waiter = NULL;
	return context_of(first);
}

/* The next one need not spin on the word yet: then it first fetches it when it is told. */
static void lock_pass_on(struct lock *lock, struct context *from)
{
	struct context *next;
	bool head_spins = lock->pending;

	line_write(from, &lock->line);
	next = lock_take_first(lock);
	lock->pending = false;
	lock->owner_queued = !head_spins;
	line_spin(&lock->line, NULL, 0);
	lock_pass(lock, next, line_write_from(next, &lock->line, next->spin_ps));
	if (head_spins)
		line_spin(&lock->line, lock->first_waiter, 1);
}

static struct context *lock_draw_winner(struct lock *lock)
{
	const struct dist places = dist_uniform(0, lock->nr_waiters - 1);
	struct path **link = &lock->first_waiter, *before = NULL, *winner;

	for (ps_t place = dist_draw(&places, lock->lottery); place; place--) {
		before = *link;
		link = &before->next;
	}
	winner = *link;
	*link = winner->next;
	if (lock->last_waiter == winner)
		lock->last_waiter = before;
	return context_of(winner);
}

/* All read the word, and see that it is free; then all try, the winner first. */
static void lock_pass_to_winner(struct lock *lock, struct context *from)
{
	struct line *line = &lock->line;
	struct context *winner;

	line_write(from, line);
	winner = lock_draw_winner(lock);
	line_spin(line, NULL, 0);
	for (struct path *p = lock->first_waiter; p; p = p->next)
		line_read(context_of(p), line);
	lock_pass(lock, winner, line_write_from(winner, line, winner->spin_ps));
	for (struct path *p = lock->first_waiter; p; p = p->next)
		line_write(context_of(p), line);
	line_spin(line, lock->first_waiter, LINE_ALL_SPIN);
}

/* To one that spins, on a line or slowing a sibling. */
static __attribute__((noinline)) void lock_pass_spinning(struct lock *lock, struct context *from)
{
	if (lock->lottery)
		lock_pass_to_winner(lock, from);
	else
		lock_pass_on(lock, from);
}

bool lock_release(struct path *p, struct lock *lock)
{
	struct context *context = context_of(p);

	sim_assert(lock->owner == context);
	sim_assert(lock->held);
	lock_hold_end(lock, context, lock->held_since_ps, 0);
	lock->held = false;
	lock->owner = NULL;
	context->nr_locks--;
	sim_trace(p->sim, POINT_LOCK_RELEASED, context->pcpu->id, 0, lock->id);
	if (lock->first_waiter && lock->plain)
		lock_pass(lock, lock_take_first(lock), 0);
	else if (lock->first_waiter)
		lock_pass_spinning(lock, context);
	return lock_preempt(p);
}
