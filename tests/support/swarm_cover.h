/*
 * swarm_cover - what worlds did: a trace sink that counts it, and checks the world meanwhile.
 *
 * Over all seeds none of the counters may stay 0.
 */
#ifndef TESTS_SUPPORT_SWARM_COVER_H
#define TESTS_SUPPORT_SWARM_COVER_H

#include <stdbool.h>
#include <stdint.h>

#include "models/host.h"
#include "sim/trace.h"

/* X(name, words) */
#define SWARM_COVERS(X)									\
	X(KICK_OUTSIDE, "kicks: outside") /* these five in the order of enum kick_outcome */	\
	X(KICK_SELF, "kicks: self")							\
	X(KICK_EXITING, "kicks: exiting")						\
	X(KICK_IPI, "kicks: ipi")							\
	X(KICK_WAKE, "kicks: wake-up")							\
	X(KICK_POLLING, "kicks of a poller")						\
	X(KICK_PREEMPTED, "kicks of a preempted vCPU")					\
	X(NO_KICK, "kicks: none needed") /* somebody else's was enough */		\
	X(ABORTED, "aborted entries")							\
	X(LATCH, "merges at the latch")							\
	X(FOLD, "merges at the fold")							\
	X(MAINTENANCE, "maintenance interrupts")					\
	X(LOCK_WAIT, "lock waits")							\
	X(SCAN, "dispatches with scans")						\
	X(TABLE, "dispatches by table")							\
	X(ACKED, "acknowledgements")							\
	X(TIMER, "guest timers expired")						\
	X(WAKE_QUEUED, "wakes: has not left its queue")					\
	X(WAKE_ON_CPU, "wakes: switching out, by its wake list")			\
	X(WAKE_SPIN, "wakes: switching out, the waker spins")				\
	X(WAKE_FAR, "wakes: far, by wake list")						\
	X(WAKE_IDLE, "wakes: near and idle, by wake list")				\
	X(WAKE_BUSY, "wakes: near, by the remote run queue")				\
	X(WAKE_HERE, "wakes: on the waker's pCPU")					\
	X(WAKE_POLLING, "wakes: of an idle loop that polls")				\
	X(WAKE_HARDIRQ, "wakes from a hardirq")						\
	X(WAKE_MIGRATES, "wakes on another pCPU")					\
	X(SWITCH, "switches")								\
	X(PREEMPTED, "threads preempted")						\
	X(PREEMPTED_GUEST, "vCPUs preempted in the guest")				\
	X(PULLED, "threads pulled")							\
	X(PUSHED, "threads moved by a busy pCPU")					\
	X(YIELDED, "directed yields")							\
	X(PAUSE_EXIT, "exits by a spin")						\
	X(EOI_EXIT, "exits by an EOI")							\
	X(IRQ_WINDOW, "interrupt windows")						\
	X(HALT, "halts")								\
	X(POLL_FOUND, "polls that found work")						\
	X(POLL_TIMED_OUT, "polls that timed out")					\
	X(POLL_CUT, "polls that were cut")						\
	X(BLOCK_SLEPT, "blocks that slept")						\
	X(BLOCK_AWAKE, "blocks without sleep")						\
	X(LOAD_ELSEWHERE, "vCPUs loaded elsewhere")					\
	X(GUEST_POLL, "interrupts to a guest that polls")				\
	X(TICK, "ticks")								\
	X(DEVICE, "timer hardirqs")							\
	X(MUTEX_SPUN, "mutexes taken by spinning")					\
	X(MUTEX_SLEEP, "sleeps for a mutex")						\
	X(MUTEX_HANDOFF, "mutexes handed off")						\
	X(TAS_WAIT, "waits for a test-and-set lock")					\
	X(MUTEX_WAIT, "waits for a mutex")						\
	X(STRETCHED, "switches on a slowed hardware thread")				\
	X(IDLE_SHALLOW, "first idle states")						\
	X(IDLE_DEEP, "deeper idle states")						\
	X(IDLE_POLLING, "polling idle states")						\
	X(TIES, "ties")									\
	X(WINDOW_LATE, "windows opened late")						\
	X(STOPPED, "runs stopped by their window")					\
	X(MANY_PCPUS, "hosts of more than 64 pcpus")

enum swarm_cover_id {
#define COVER_ID(name, words) COVER_##name,
	SWARM_COVERS(COVER_ID)
#undef COVER_ID
	NR_COVERS
};

extern const char *const swarm_cover_words[NR_COVERS];

struct swarm_cover {
	struct trace_sink sink;		/* first */
	struct host *host;
	uint64_t counts[NR_COVERS];
	uint32_t nr_unchecked;		/* records since the last check of all contexts */
	bool *kicked;			/* by vCPU that sends: since it found its last target */
	bool *woken;			/* by vCPU: since it published its last wait */
	bool *put;			/* likewise: it was put */
	const struct pcpu **put_from;	/* by vCPU: where it was put last */
	ps_t *guest_ps;			/* by pCPU: from entries to exits, in the window */
	ps_t *entered_ps;		/* by pCPU: the last entry; PS_NEVER: the guest has left */
};

/* Before the host's vCPUs are made, of which there will be so many. */
void swarm_cover_init(struct swarm_cover *cover, struct host *host, uint32_t nr_vcpus);

/* When the window is closed: what is counted elsewhere, and a check of the time in guests. */
void swarm_cover_finish(struct swarm_cover *cover);

#endif
