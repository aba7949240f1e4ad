/*
 * script - the path of a script, and events with an argument.
 */
#include "tests/support/script.h"

struct script {
	struct context thread;		/* first */
	struct rig *rig;
	struct pcpu *pcpu;
	const struct step *steps;
};

/* Frame of the thread. */
struct script_run {
	struct script *script;
	const struct step *step;	/* at hand */
};

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
		else
			UNLOCK(f->step->lock);
	}
	DONE(0);
	PATH_END(p);
}

static void script_finished(struct path *path)
{
	pcpu_pop(context_of(path)->pcpu);
}

static void script_begin(void *argument)
{
	struct script *script = argument;

	pcpu_push(script->pcpu, &script->thread);
	PATH_START(&script->thread.path, script_run, .script = script);
}

struct context *script_start(struct rig *rig, uint64_t at_ns, uint32_t pcpu,
			     const struct step *steps)
{
	struct script *script = ARENA_NEW(rig->arena, struct script);

	script->rig = rig;
	script->pcpu = &rig->host->pcpus[pcpu];
	script->steps = steps;
	context_init(&script->thread, rig->host, CONTEXT_THREAD, "script");
	script->thread.path.finished = script_finished;
	script_at(rig, at_ns, script_begin, script);
	return &script->thread;
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
