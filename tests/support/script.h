/*
 * script - host threads that do what a list of steps says, and things that happen at a time.
 *
 * For tests of pCPUs and locks: each script is a thread of a pCPU that begins at a time and ends
 * after its last step, with notes in the rig's log. Everything lives in the rig's arena.
 */
#ifndef TESTS_SUPPORT_SCRIPT_H
#define TESTS_SUPPORT_SCRIPT_H

#include <stdint.h>

#include "models/sched.h"
#include "tests/support/rig.h"

enum step_kind {
	STEP_END, STEP_SPEND, STEP_SAY, STEP_OFF, STEP_ON, STEP_LOCK, STEP_UNLOCK, STEP_SLEEP,
	STEP_WAKE, STEP_RUN,
};

struct step {
	enum step_kind kind;
	uint64_t ns;
	const char *text;
	struct lock *lock;
	struct thread *const *target;
	path_fn run;
	void *argument;
};

/* Frame of a path that a step runs. */
struct script_call {
	void *argument;
};

#define DO(ns_)	     { .kind = STEP_SPEND, .ns = (ns_) }
#define SAY(text_)   { .kind = STEP_SAY, .text = (text_) }
#define IRQS_OFF     { .kind = STEP_OFF }
#define IRQS_ON	     { .kind = STEP_ON }
#define TAKE(lock_)  { .kind = STEP_LOCK, .lock = (lock_) }
#define LEAVE(lock_) { .kind = STEP_UNLOCK, .lock = (lock_) }
#define SLEEP	     { .kind = STEP_SLEEP }
#define SLEEP_TEST(ns_) { .kind = STEP_SLEEP, .ns = (ns_) }	/* the last test takes that long */
#define WAKE(thread) { .kind = STEP_WAKE, .target = (thread) }
#define RUN(path, with) { .kind = STEP_RUN, .run = (path), .argument = (with) }
#define END	     { .kind = STEP_END }

/*
 * From this time on the thread is runnable on its pCPU, at once if that is idle; the steps end in
 * END and outlive the run. SLEEP until WAKE(&thread) of another script, with the condition that
 * goes with it.
 */
struct thread *script_start(struct rig *rig, uint64_t at_ns, uint32_t pcpu,
			     const struct step *steps);

/* The same with a thread that is not pinned, and begins there. */
struct thread *script_float(struct rig *rig, uint64_t at_ns, uint32_t pcpu,
			    const struct step *steps);

/* A device interrupts that pCPU, and its handler wakes the thread. */
void script_wake_by_irq(struct rig *rig, uint64_t at_ns, uint32_t pcpu, struct thread *thread);

/* At this time, in the class of things that arrive by wire. */
void script_at(struct rig *rig, uint64_t at_ns, void (*act)(void *argument), void *argument);
void script_raise(struct rig *rig, uint64_t at_ns, uint32_t pcpu, enum pcpu_irq irq);
void script_raise_device(struct rig *rig, uint64_t at_ns, uint32_t pcpu,
			 struct device_irq *device);

#endif
