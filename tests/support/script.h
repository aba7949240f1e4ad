/*
 * script - host threads that do what a list of steps says, and things that happen at a time.
 *
 * For tests of pCPUs and locks: each script is a thread of a pCPU that begins at a time and ends
 * after its last step, with notes in the rig's log. Everything lives in the rig's arena.
 */
#ifndef TESTS_SUPPORT_SCRIPT_H
#define TESTS_SUPPORT_SCRIPT_H

#include <stdint.h>

#include "models/context.h"
#include "tests/support/rig.h"

enum step_kind { STEP_END, STEP_SPEND, STEP_SAY, STEP_OFF, STEP_ON, STEP_LOCK, STEP_UNLOCK };

struct step {
	enum step_kind kind;
	uint64_t ns;
	const char *text;
	struct lock *lock;
};

#define DO(ns_)	     { .kind = STEP_SPEND, .ns = (ns_) }
#define SAY(text_)   { .kind = STEP_SAY, .text = (text_) }
#define IRQS_OFF     { .kind = STEP_OFF }
#define IRQS_ON	     { .kind = STEP_ON }
#define TAKE(lock_)  { .kind = STEP_LOCK, .lock = (lock_) }
#define LEAVE(lock_) { .kind = STEP_UNLOCK, .lock = (lock_) }
#define END	     { .kind = STEP_END }

/* At this time an idle pCPU begins the steps, which end in END and outlive the run. */
struct context *script_start(struct rig *rig, uint64_t at_ns, uint32_t pcpu,
			     const struct step *steps);

/* At this time, in the class of things that arrive by wire. */
void script_at(struct rig *rig, uint64_t at_ns, void (*act)(void *argument), void *argument);
void script_raise(struct rig *rig, uint64_t at_ns, uint32_t pcpu, enum pcpu_irq irq);
void script_raise_device(struct rig *rig, uint64_t at_ns, uint32_t pcpu,
			 struct device_irq *device);

#endif
