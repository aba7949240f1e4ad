/*
 * script - the path of a script, and events with an argument.
 */
#include "tests/support/script.h"

struct script {
	struct thread thread;		/* first */
	struct rig *rig;
	struct pcpu *pcpu;
	const struct step *steps;
	bool condition;			/* what STEP_SLEEP sleeps for */
};

/* Frame of the thread. */
struct script_run {
	struct script *script;
	const struct step *step;	/* at hand */
};

/*
 * The kernel's loop: a wake-up between the last test and the switch is not lost. The test reads the
 * condition and takes test_ps after that.
 */
struct script_sleep {
	struct thread *thread;
	bool *condition;
	ps_t test_ps;
	bool found;
};

static enum flow script_sleep_path(struct path *p, void *frame)
{
	struct script_sleep *f = frame;

	PATH_BEGIN(p);
	for (;;) {
		thread_prepare_sleep(f->thread);
		f->found = *f->condition;
		SPEND(f->test_ps);
		if (f->found)
			break;
		SCHEDULE();
	}
	thread_cancel_sleep(f->thread);
	*f->condition = false;
	DONE(0);
	PATH_END(p);
}

/* Sets the condition of a thread that sleeps for it, and wakes it. */
struct script_wake {
	struct rig *rig;
	struct script *target;
};

static enum flow script_wake_path(struct path *p, void *frame)
{
	struct script_wake *f = frame;

	PATH_BEGIN(p);
	f->target->condition = true;
	CALL(sched_wake, .thread = &f->target->thread);
	rig_note(f->rig, p->ret ? "woke it" : "did not sleep");
	DONE(0);
	PATH_END(p);
}

static enum flow script_run_path(struct path *p, void *frame)
{
	struct script_run *f = frame;

	PATH_BEGIN(p);
	for (f->step = f->script->steps; f->step->kind != STEP_END; f->step++) {
		if (f->step->kind == STEP_SPEND)
			SPEND(f->step->ns * PS_PER_NS);
		else if (f->step->kind == STEP_SAY)
			rig_note(f->script->rig, f->step->text);
		else if (f->step->kind == STEP_OFF)
			IRQ_OFF(p);
		else if (f->step->kind == STEP_ON)
			IRQ_ON(p);
		else if (f->step->kind == STEP_LOCK)
			LOCK(f->step->lock);
		else if (f->step->kind == STEP_UNLOCK)
			UNLOCK(f->step->lock);
		else if (f->step->kind == STEP_SLEEP)
			CALL(script_sleep, .thread = &f->script->thread,
			     .condition = &f->script->condition,
			     .test_ps = f->step->ns * PS_PER_NS);
		else if (f->step->kind == STEP_RUN)
			CALL_HOOK(script_call, f->step->run, .argument = f->step->argument);
		else if (f->step->kind == STEP_WAKE)
			CALL(script_wake, .rig = f->script->rig,
			     .target = (struct script *)(void *)*f->step->target);
	}
	THREAD_END();
	PATH_END(p);
}

static void script_begin(void *argument)
{
	struct script *script = argument;

	THREAD_PATH(&script->thread, script_run, .script = script);
	thread_start(&script->thread, script->pcpu);
}

static struct thread *script_new(struct rig *rig, uint64_t at_ns, uint32_t pcpu,
				 const struct step *steps, bool floats)
{
	struct script *script = ARENA_NEW(rig->arena, struct script);

	script->rig = rig;
	script->pcpu = &rig->host->pcpus[pcpu];
	script->steps = steps;
	thread_init(&script->thread, rig->host, "script", floats ? NULL : script->pcpu, NULL);
	script_at(rig, at_ns, script_begin, script);
	return &script->thread;
}

struct thread *script_start(struct rig *rig, uint64_t at_ns, uint32_t pcpu,
			     const struct step *steps)
{
	return script_new(rig, at_ns, pcpu, steps, false);
}

struct thread *script_float(struct rig *rig, uint64_t at_ns, uint32_t pcpu,
			    const struct step *steps)
{
	return script_new(rig, at_ns, pcpu, steps, true);
}

/* A device that wakes a script's thread in its handler. */
struct script_waker {
	struct device_irq device;	/* first */
	struct rig *rig;
	struct script *target;
};

static enum flow script_waker_path(struct path *p, void *frame)
{
	struct device_handler *f = frame;
	struct script_waker *waker = f->device;

	PATH_BEGIN(p);
	CALL(script_wake, .rig = waker->rig, .target = waker->target);
	DONE(0);
	PATH_END(p);
}

void script_wake_by_irq(struct rig *rig, uint64_t at_ns, uint32_t pcpu, struct thread *thread)
{
	struct script_waker *waker = ARENA_NEW(rig->arena, struct script_waker);

	waker->device.handler = script_waker_path;
	waker->device.device = waker;
	waker->rig = rig;
	waker->target = (struct script *)(void *)thread;
	script_raise_device(rig, at_ns, pcpu, &waker->device);
}

struct script_event {
	struct event event;		/* first */
	void (*act)(void *argument);
	void *argument;
};

static void script_event_fired(struct event *event)
{
	struct script_event *at = (struct script_event *)event;

	at->act(at->argument);
}

void script_at(struct rig *rig, uint64_t at_ns, void (*act)(void *argument), void *argument)
{
	struct script_event *at = ARENA_NEW(rig->arena, struct script_event);

	at->act = act;
	at->argument = argument;
	event_init(rig->sim, &at->event, EVENT_WIRE, script_event_fired);
	event_at(rig->sim, &at->event, rig->origin_ps + at_ns * PS_PER_NS);
}

struct script_irq {
	struct pcpu *pcpu;
	enum pcpu_irq irq;
	struct device_irq *device;
};

static void script_irq_arrives(void *argument)
{
	const struct script_irq *irq = argument;

	if (irq->device)
		pcpu_raise_device(irq->pcpu, irq->device);
	else
		pcpu_raise(irq->pcpu, irq->irq);
}

static void script_irq_at(struct rig *rig, uint64_t at_ns, struct script_irq irq)
{
	struct script_irq *copy = ARENA_NEW(rig->arena, struct script_irq);

	*copy = irq;
	script_at(rig, at_ns, script_irq_arrives, copy);
}

void script_raise(struct rig *rig, uint64_t at_ns, uint32_t pcpu, enum pcpu_irq irq)
{
	script_irq_at(rig, at_ns,
		      (struct script_irq){ .pcpu = &rig->host->pcpus[pcpu], .irq = irq });
}

void script_raise_device(struct rig *rig, uint64_t at_ns, uint32_t pcpu, struct device_irq *device)
{
	script_irq_at(rig, at_ns,
		      (struct script_irq){ .pcpu = &rig->host->pcpus[pcpu], .device = device });
}
