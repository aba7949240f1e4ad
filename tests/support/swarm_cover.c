/*
 * swarm_cover - counting.
 */
#include "tests/support/swarm_cover.h"

#include <string.h>

#include "models/lock.h"
#include "models/mutex.h"
#include "models/pcpu.h"
#include "models/points.h"
#include "models/sched.h"
#include "models/vcpu.h"
#include "models/vm.h"
#include "sim/arena.h"
#include "sim/sim.h"
#include "tests/support/swarm_check.h"

const char *const swarm_cover_words[NR_COVERS] = {
#define COVER_WORDS(name, words) [COVER_##name] = (words),
	SWARM_COVERS(COVER_WORDS)
#undef COVER_WORDS
};

static const struct path *running(const struct swarm_cover *cover)
{
	return cover->host->sim->running;
}

static bool runs(const struct path *path, const char *frame)
{
	return path && path->frame && strcmp(path->frame->name, frame) == 0;
}

static bool is_inside(const struct path *path, const char *name)
{
	for (const struct path_frame *frame = path->frame; frame; frame = frame->caller)
		if (strcmp(frame->name, name) == 0)
			return true;
	return false;
}

static struct thread *thread_by_id(const struct swarm_cover *cover, uint64_t id)
{
	struct thread *thread = cover->host->threads;

	while (thread->id != id)
		thread = thread->next;
	return thread;
}

/* --- interrupts ------------------------------------------------------------------------------ */

/* Without a table mpidr-hash scans: one vCPU, or more differing bits than a page has room for. */
static bool has_table(const struct vm *vm)
{
	uint32_t any = 0, all = UINT32_MAX;

	for (uint32_t i = 0; i < vm->nr_vcpus; i++) {
		any |= vm->vcpus[i]->mpidr;
		all &= vm->vcpus[i]->mpidr;
	}
	return vm->nr_vcpus > 1 &&
	       8 + (UINT64_C(2) << __builtin_popcount(any ^ all)) <= vm->config->page_bytes;
}

static void cover_dispatch(struct swarm_cover *cover, const struct vcpu *vcpu)
{
	if (strcmp(vcpu->vm->routes[ROUTE_IPI].ops->name, "mpidr-hash") != 0)
		return;
	cover->counts[has_table(vcpu->vm) ? COVER_TABLE : COVER_SCAN]++;
}

static bool is_preempted(const struct vcpu *vcpu)
{
	return vcpu->thread.se.on_rq && !vcpu->thread.on_cpu;
}

static bool is_polling(const struct vcpu *vcpu)
{
	const struct path *path = &vcpu->thread.context.path;

	return is_inside(path, "vcpu_poll") || is_inside(path, "vcpu_poll_x86");
}

static void cover_kick(struct swarm_cover *cover, const struct trace_record *record)
{
	const struct vcpu *kicker = ((const struct context *)(const void *)running(cover))->vcpu;
	const struct vcpu *target = cover->host->vcpus[record->whom];

	if (kicker)
		cover->kicked[kicker->id] = true;
	cover->counts[COVER_KICK_OUTSIDE + record->which]++;
	cover->counts[COVER_KICK_POLLING] += is_polling(target);
	cover->counts[COVER_KICK_PREEMPTED] += is_preempted(target);
	cover->counts[COVER_WAKE_QUEUED] += record->which == KICK_WAKE &&
					    !cover->woken[target->id];
}

static void cover_interrupt(struct swarm_cover *cover, const struct trace_record *record)
{
	struct vcpu **vcpus = cover->host->vcpus;
	uint64_t *counts = cover->counts;

	switch (record->point) {
	case POINT_RAISED:
		counts[COVER_TIMER] += !running(cover);
		break;
	case POINT_ROUTED:
		cover->kicked[record->who] = false;
		break;
	case POINT_NOTIFIED:
		counts[COVER_NO_KICK] += runs(running(cover), "vgic_inject") &&
					 !cover->kicked[record->who];
		break;
	case POINT_KICK:
		cover_kick(cover, record);
		break;
	case POINT_COALESCED:
		counts[runs(running(cover), "vgic_sync") ? COVER_FOLD : COVER_LATCH]++;
		break;
	case POINT_DISPATCH:
		cover_dispatch(cover, vcpus[record->who]);
		break;
	case POINT_HANDLED:
		counts[COVER_GUEST_POLL] += vcpus[record->whom]->guest.polling;
		break;
	case POINT_ACKED:
		counts[COVER_ACKED]++;
		break;
	}
}

/* --- threads -------------------------------------------------------------------------------- */

/* As ttwu_queue_cond() decides it. */
static enum swarm_cover_id wake_kind(const struct thread *thread, const struct pcpu *waker,
				     const struct pcpu *target)
{
	if (thread->on_cpu)
		return COVER_WAKE_ON_CPU;
	if (!pcpu_share_cache(waker, target))
		return COVER_WAKE_FAR;
	if (waker == target)
		return COVER_WAKE_HERE;
	if (host_has(waker->host, KERNEL_WAKELIST_IDLE) && target->rq->fair.nr_running == 0)
		return COVER_WAKE_IDLE;
	return COVER_WAKE_BUSY;
}

static void cover_wake(struct swarm_cover *cover, const struct trace_record *record)
{
	const struct host *host = cover->host;
	const struct thread *thread = thread_by_id(cover, record->which);
	const struct pcpu *waker = &host->pcpus[record->who], *target = &host->pcpus[record->whom];
	const struct context *context = (const struct context *)(const void *)running(cover);

	cover->counts[wake_kind(thread, waker, target)]++;
	cover->counts[COVER_WAKE_POLLING] += sched_is_polling(target);
	cover->counts[COVER_WAKE_HARDIRQ] += context->kind == CONTEXT_HARDIRQ;
	if (thread->context.vcpu)
		cover->woken[thread->context.vcpu->id] = true;
}

/* The thread before is still on its pCPU. */
static void cover_switch_from(struct swarm_cover *cover, const struct thread *thread)
{
	const struct path *path = &thread->context.path;
	uint64_t *counts = cover->counts;

	if (!thread->se.on_rq) {
		counts[COVER_MUTEX_SLEEP] += runs(path, "mutex_sleep");
		return;
	}
	if (runs(path, "sched_yield_to")) {
		counts[COVER_YIELDED]++;
		return;
	}
	counts[COVER_PREEMPTED]++;
	counts[COVER_PREEMPTED_GUEST] += runs(path, "vcpu_run_arm64") ||
					 runs(path, "vcpu_run_x86");
}

static void cover_switch(struct swarm_cover *cover, const struct trace_record *record)
{
	cover->counts[COVER_SWITCH]++;
	cover->counts[COVER_STRETCHED] += cover->host->pcpus[record->who].stretch_ppm > 0;
	if (record->whom)
		cover_switch_from(cover, thread_by_id(cover, record->whom - 1));
}

static void cover_lock(struct swarm_cover *cover, const struct trace_record *record)
{
	const struct path *path = running(cover);
	const struct mutex_unlock *unlock;

	if (record->point == POINT_LOCK_ACQUIRED) {
		cover->counts[COVER_MUTEX_SPUN] += runs(path, "mutex_trylock") &&
						   is_inside(path, "mutex_spin");
	} else if (runs(path, "mutex_unlock")) {
		unlock = (const void *)(path->frame + 1);
		cover->counts[COVER_MUTEX_HANDOFF] += unlock->mutex->pickup;
	}
}

static enum swarm_cover_id migration_kind(const struct path *path)
{
	if (is_inside(path, "sched_pull"))
		return COVER_PULLED;
	return is_inside(path, "sched_balance") ? COVER_PUSHED : COVER_WAKE_MIGRATES;
}

static void cover_thread(struct swarm_cover *cover, const struct trace_record *record)
{
	uint64_t *counts = cover->counts;

	switch (record->point) {
	case POINT_WAKE:
		cover_wake(cover, record);
		break;
	case POINT_SWITCH:
		cover_switch(cover, record);
		break;
	case POINT_MIGRATE:
		counts[migration_kind(running(cover))]++;
		break;
	case POINT_LOCK_WAIT:
		counts[COVER_LOCK_WAIT]++;
		break;
	case POINT_LOCK_ACQUIRED:
	case POINT_LOCK_RELEASED:
		cover_lock(cover, record);
		break;
	case POINT_HARDIRQ:
		counts[COVER_MAINTENANCE] += record->whom == PCPU_IRQ_MAINTENANCE;
		counts[COVER_TICK] += record->whom == PCPU_IRQ_TICK;
		counts[COVER_DEVICE] += record->whom == PCPU_IRQ_DEVICE;
		break;
	case POINT_IDLE:
		counts[record->whom ? COVER_IDLE_DEEP : COVER_IDLE_SHALLOW]++;
		counts[COVER_IDLE_POLLING] +=
			cover->host->config.idle.states[record->whom].polling;
		break;
	case POINT_WINDOW:
		counts[COVER_WINDOW_LATE] += record->which == 1 && record->time_ps > 0;
		break;
	}
}

/* --- guests' times -------------------------------------------------------------------------- */

static void cover_exit(struct swarm_cover *cover, uint32_t pcpu)
{
	ps_t now_ps = cover->host->sim->now_ps;

	if (cover->entered_ps[pcpu] != PS_NEVER)
		cover->guest_ps[pcpu] += now_ps - cover->entered_ps[pcpu];
	cover->entered_ps[pcpu] = PS_NEVER;
}

static void cover_window(struct swarm_cover *cover)
{
	for (uint32_t i = 0; i < cover->host->nr_pcpus; i++) {
		cover->guest_ps[i] = 0;
		if (cover->entered_ps[i] != PS_NEVER)
			cover->entered_ps[i] = cover->host->sim->now_ps;
	}
}

static void cover_times(struct swarm_cover *cover, const struct trace_record *record)
{
	if (record->point == POINT_ENTRY)
		cover->entered_ps[cover->host->vcpus[record->who]->pcpu->id] = record->time_ps;
	else if (record->point == POINT_EXIT)
		cover_exit(cover, cover->host->vcpus[record->who]->pcpu->id);
	else if (record->point == POINT_WINDOW && record->which)
		cover_window(cover);
}

/* --- vCPUs ---------------------------------------------------------------------------------- */

/* The end of a poll, in vcpu_halt_path(). */
static enum swarm_cover_id poll_end(const struct swarm_cover *cover)
{
	const struct vcpu_halt *halt = (const void *)(running(cover)->frame + 1);

	if (halt->found)
		return COVER_POLL_FOUND;
	return cover->host->sim->now_ps < halt->deadline_ps ? COVER_POLL_CUT :
							      COVER_POLL_TIMED_OUT;
}

static void cover_block(struct swarm_cover *cover, const struct trace_record *record)
{
	if (record->which == 0) {
		cover->counts[cover->put[record->who] ? COVER_BLOCK_SLEPT : COVER_BLOCK_AWAKE]++;
		return;
	}
	cover->woken[record->who] = false;
	cover->put[record->who] = false;
}

static void cover_vcpu(struct swarm_cover *cover, const struct trace_record *record)
{
	struct host *host = cover->host;
	uint64_t *counts = cover->counts;

	switch (record->point) {
	case POINT_ENTRY_ABORTED:
		counts[COVER_ABORTED]++;
		break;
	case POINT_EXIT:
		counts[COVER_PAUSE_EXIT] += record->which == EXIT_PAUSE;
		counts[COVER_EOI_EXIT] += record->which == EXIT_EOI;
		counts[COVER_IRQ_WINDOW] += record->which == EXIT_IRQ_WINDOW;
		break;
	case POINT_HALT:
		counts[COVER_HALT] += record->which;
		break;
	case POINT_POLL:
		if (record->which == 0)
			counts[poll_end(cover)]++;
		break;
	case POINT_BLOCK:
		cover_block(cover, record);
		break;
	case POINT_PUT:
		cover->put[record->who] = true;
		cover->put_from[record->who] = &host->pcpus[record->whom];
		break;
	case POINT_LOAD:
		counts[COVER_LOAD_ELSEWHERE] +=
			cover->put_from[record->who] &&
			cover->put_from[record->who] != &host->pcpus[record->whom];
		break;
	}
}

/* --- the sink ------------------------------------------------------------------------------- */

/* At changes of who executes; the larger the host the more rarely. */
static void check_now(struct swarm_cover *cover, uint16_t point)
{
	if (point != POINT_SWITCH && point != POINT_ENTRY && point != POINT_LOAD &&
	    point != POINT_PUT)
		return;
	if (cover->nr_unchecked++ < cover->host->nr_pcpus / 4)
		return;
	cover->nr_unchecked = 0;
	swarm_check_contexts(cover->host);
	for (const struct thread *t = cover->host->threads; t; t = t->next)
		cover->counts[COVER_WAKE_SPIN] += t->on_cpu && t->spinner;
}

static void cover_record(struct trace_sink *sink, const struct trace_record *record)
{
	struct swarm_cover *cover = (struct swarm_cover *)sink;

	cover_interrupt(cover, record);
	cover_thread(cover, record);
	cover_vcpu(cover, record);
	cover_times(cover, record);
	check_now(cover, record->point);
}

void swarm_cover_init(struct swarm_cover *cover, struct host *host, uint32_t nr_vcpus)
{
	*cover = (struct swarm_cover){
		.sink = { .record = cover_record },
		.host = host,
		.kicked = ARENA_NEW_N(host->arena, bool, nr_vcpus),
		.woken = ARENA_NEW_N(host->arena, bool, nr_vcpus),
		.put = ARENA_NEW_N(host->arena, bool, nr_vcpus),
		.put_from = ARENA_NEW_N(host->arena, const struct pcpu *, nr_vcpus),
		.guest_ps = ARENA_NEW_N(host->arena, ps_t, host->nr_pcpus),
		.entered_ps = ARENA_NEW_N(host->arena, ps_t, host->nr_pcpus),
	};
	for (uint32_t i = 0; i < host->nr_pcpus; i++)
		cover->entered_ps[i] = PS_NEVER;
	cover->counts[COVER_MANY_PCPUS] = host->nr_pcpus > 64;
}

void swarm_cover_finish(struct swarm_cover *cover)
{
	const struct host *host = cover->host;
	const struct lock_class *class = host->lock_classes;

	for (uint32_t i = 0; i < host->nr_pcpus; i++) {
		cover_exit(cover, i);
		swarm_require(host, host->pcpus[i].time_ps[PCPU_GUEST] == cover->guest_ps[i]);
	}
	cover->counts[COVER_TIES] = cover->host->sim->nr_ties;
	for (; class; class = class->next)
		for (const struct lock *lock = class->locks; lock; lock = lock->next) {
			uint64_t nr_contended = lock->stats ? lock->stats->nr_contended : 0;

			if (class->kind == LOCK_TEST_AND_SET)
				cover->counts[COVER_TAS_WAIT] += nr_contended;
			else if (class->kind == LOCK_MUTEX)
				cover->counts[COVER_MUTEX_WAIT] += nr_contended;
		}
}
