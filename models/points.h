/*
 * points - the trace points: what a record's number means, and its three integers.
 *
 * Numbers are part of the fingerprint f1 (docs/determinism.md): never reused, never renumbered.
 * vCPUs are counted over all VMs (vcpu->id), pCPUs, threads, locks over the host, interrupts over
 * the run, from 0. Comments give who, whom, which; a dash is 0.
 */
#ifndef MODELS_POINTS_H
#define MODELS_POINTS_H

enum point {
	/* Life of an interrupt. */
	POINT_REQUEST = 1,	/* sending vCPU, interrupts raised, id of the first */
	POINT_RAISED = 2,	/* sending vCPU, target vCPU, interrupt */
	POINT_DISPATCH = 3,	/* sending vCPU, -, -: the host's injection function is entered */
	POINT_ROUTED = 4,	/* sending vCPU, target vCPU, interrupt: the target is found */
	POINT_QUEUED = 5,	/* sending vCPU, target vCPU, interrupt: pending, locks dropped */
	POINT_COALESCED = 6,	/* -, target vCPU, interrupt: merged with one that was pending */
	POINT_DROPPED = 7,	/* sending vCPU, enum irq_drop, interrupt */
	POINT_NOTIFIED = 8,	/* sending vCPU, target vCPU, interrupt: the kick is done */
	POINT_DISPATCH_END = 9,	/* sending vCPU, -, -: the injection function returns */
	POINT_INJECTED = 10,	/* -, target vCPU, interrupt: in a list register */
	POINT_HANDLED = 11,	/* -, target vCPU, interrupt: first instruction of the handler */
	POINT_EOI = 12,		/* -, target vCPU, interrupt */
	POINT_ACKED = 13,	/* sending vCPU, target vCPU, interrupt: the sender has seen it */

	/* vCPUs. */
	POINT_ENTRY = 14,	/* vCPU, -, -: the guest executes */
	POINT_ENTRY_ABORTED = 15,	/* vCPU, -, -: a request came between flush and entry */
	POINT_EXIT = 16,	/* vCPU, -, enum exit_reason: the guest has stopped executing */
	POINT_KICK = 17,	/* kicking pCPU, target vCPU, enum kick_outcome */
	POINT_WORK = 18,	/* vCPU, -, pieces of work that its guest has finished so far */

	/* pCPUs. */
	POINT_IPI = 19,		/* target pCPU, enum pcpu_irq, -: it has arrived */
	POINT_HARDIRQ = 20,	/* pCPU, enum pcpu_irq, -: its handler begins */
	POINT_HARDIRQ_END = 21,	/* pCPU, -, - */

	/* Locks. */
	POINT_LOCK_WAIT = 22,	/* pCPU, holder's pCPU, lock: found held */
	POINT_LOCK_ACQUIRED = 23,	/* pCPU, 1 if it was found held, lock */
	POINT_LOCK_RELEASED = 24,	/* pCPU, -, lock */

	/* Measurement. */
	POINT_WINDOW = 25,	/* -, -, 1: the measured window opens; 0: it closes */

	/* Threads and idle pCPUs. */
	POINT_WAKE = 26,	/* waking pCPU, chosen pCPU, thread: it was asleep */
	POINT_SWITCH = 27,	/* pCPU, thread before + 1, thread after + 1; 0: none, idle */
	POINT_MIGRATE = 28,	/* pCPU before, pCPU after, thread */
	POINT_IDLE = 29,	/* pCPU, idle state, -: entered */
	POINT_IDLE_END = 30,	/* pCPU, idle state, -: its exit latency begins */

	/* vCPUs that do not run. */
	POINT_HALT = 31,	/* vCPU, -, 1: kvm_vcpu_halt() is entered; 0: it returns */
	POINT_POLL = 32,	/* vCPU, -, 1: halt polling begins; 0: it ends */
	POINT_BLOCK = 33,	/* vCPU, -, 1: its waiter is published; 0: taken back */
	POINT_PUT = 34,		/* vCPU, pCPU, 1: put because it was preempted; 0: put to sleep */
	POINT_LOAD = 35,	/* vCPU, pCPU, -: loaded, its thread executes again */

	/* A cache line that two threads pass to and fro. */
	POINT_PASS = 36,	/* writing pCPU, the other one's pCPU, workload: it has written */

	NR_POINTS
};

#endif
