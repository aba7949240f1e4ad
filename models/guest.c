/*
 * guest - the guest's code and its interrupt handler.
 *
 * Follows: a guest's gic_handle_irq(): IAR, handler, EOI; acknowledgements as the queue of
 *          smp_call_function() (one interrupt serves all that were posted), or as the flag of
 *          kvm-unit-tests' micro-bench, which its handler sets before it reads IAR (ack_first).
 * Leaves out: guest critical sections with interrupts masked, nested interrupts.
 */
#include "models/guest.h"

#include <stdio.h>

#include "models/host.h"
#include "models/irq.h"
#include "models/pcpu.h"
#include "models/points.h"
#include "models/vcpu.h"
#include "models/vm.h"
#include "sim/sim.h"

static void guest_handler_finished(struct path *path);

void guest_init(struct vcpu *vcpu)
{
	struct guest *guest = &vcpu->guest;
	char name[40];

	snprintf(name, sizeof(name), "vcpu%u/guest", (unsigned int)vcpu->id);
	context_init(&guest->code, vcpu->host, CONTEXT_GUEST, name);
	snprintf(name, sizeof(name), "vcpu%u/handler", (unsigned int)vcpu->id);
	context_init(&guest->handler, vcpu->host, CONTEXT_GUEST_IRQ, name);
	guest->code.vcpu = vcpu;
	guest->code.pcpu = vcpu->pcpu;
	guest->handler.vcpu = vcpu;
	guest->handler.pcpu = vcpu->pcpu;
	guest->handler.path.finished = guest_handler_finished;
	guest->halts = true;
	PATH_START(&guest->code.path, guest_code, .vcpu = vcpu);
	path_pause(&guest->code.path);	/* until the first entry */
}

void guest_post(struct vcpu *vcpu, struct guest_source *source)
{
	struct guest *guest = &vcpu->guest;

	source->next = NULL;
	if (guest->last_due)
		guest->last_due->next = source;
	else
		guest->first_due = source;
	guest->last_due = source;
	if (guest->idle) {
		guest->idle = false;
		path_wake(&guest->code.path, 0);
	}
}

static struct guest_source *guest_take_due(struct guest *guest)
{
	struct guest_source *source = guest->first_due;

	guest->first_due = source->next;
	if (!guest->first_due)
		guest->last_due = NULL;
	return source;
}

static void guest_finish_piece(struct vcpu *vcpu)
{
	vcpu->guest.nr_pieces++;
	sim_trace(vcpu->host->sim, POINT_WORK, vcpu->id, 0, vcpu->guest.nr_pieces);
}

enum flow guest_await_path(struct path *p, void *frame)
{
	struct guest_await *f = frame;
	struct guest *guest = &f->vcpu->guest;

	PATH_BEGIN(p);
	while (!f->ack->done) {
		guest->awaited = f->ack;
		f->limit_ps = vcpu_spin_limit(f->vcpu);
		pcpu_relax(context_of(p), true);
		if (f->limit_ps == PS_NEVER)
			WAIT();
		else
			WAIT_UP_TO(f->limit_ps);
		pcpu_relax(context_of(p), false);
		if (f->limit_ps == PS_NEVER)
			continue;
		guest->awaited = NULL;
		if (!f->ack->done)
			EXIT(EXIT_PAUSE);
	}
	DONE(0);
	PATH_END(p);
}

/* Frame: do_idle() until something is due, or something else ended the halt. */
struct guest_halt {
	struct vcpu *vcpu;
	ps_t since_ps;
};

/* How long the guest watches need_resched before it halts; 0: not at all. */
static ps_t guest_poll_ps(const struct vcpu *vcpu)
{
	const struct guest *guest = &vcpu->guest;

	return vcpu->vm->config->idle == GUEST_IDLE_HALTPOLL ? guest->poll_limit_ps : 0;
}

/*
 * Frame: need_resched is watched until something is due, or until that time. The host may take the
 * loop for a spin (PAUSE loops of x86): the guest exits, and watches on.
 */
struct guest_watch {
	struct vcpu *vcpu;
	ps_t until_ps;			/* PS_NEVER: no end */
	ps_t exit_ps;			/* when the host takes notice; PS_NEVER: not before that */
};

static void guest_plan_watch(struct guest_watch *f)
{
	ps_t now_ps = f->vcpu->host->sim->now_ps;
	ps_t limit_ps = vcpu_pause_limit(f->vcpu);

	f->exit_ps = limit_ps < f->until_ps - now_ps ? now_ps + limit_ps : PS_NEVER;
}

static enum flow guest_watch_path(struct path *p, void *frame)
{
	struct guest_watch *f = frame;
	struct guest *guest = &f->vcpu->guest;

	PATH_BEGIN(p);
	guest->polling = true;
	while (!guest->first_due && p->sim->now_ps < f->until_ps) {
		guest->idle = true;
		guest_plan_watch(f);
		pcpu_relax(context_of(p), true);
		if (f->exit_ps != PS_NEVER)
			WAIT_UNTIL(f->exit_ps);
		else if (f->until_ps != PS_NEVER)
			WAIT_UNTIL(f->until_ps);
		else
			WAIT();
		pcpu_relax(context_of(p), false);
		guest->idle = false;
		if (!guest->first_due && f->exit_ps != PS_NEVER)
			EXIT(EXIT_PAUSE);
	}
	guest->polling = false;
	DONE(0);
	PATH_END(p);
}

/* haltpoll_reflect(): the time in HLT counts, that of the poll before does not. */
static void guest_adapt_poll(const struct guest_halt *f)
{
	struct guest *guest = &f->vcpu->guest;

	guest->poll_limit_ps = guest_halt_poll_adapt(guest->poll_limit_ps,
						     f->vcpu->host->sim->now_ps - f->since_ps);
}

static enum flow guest_halt_path(struct path *p, void *frame)
{
	struct guest_halt *f = frame;
	struct guest *guest = &f->vcpu->guest;

	PATH_BEGIN(p);
	SPEND(COST(p, C_GUEST_IDLE));
	if (f->vcpu->vm->config->idle == GUEST_IDLE_POLL) {
		CALL(guest_watch, .vcpu = f->vcpu, .until_ps = PS_NEVER);
		DONE(0);
	}
	if (guest_poll_ps(f->vcpu))
		CALL(guest_watch, .vcpu = f->vcpu,
		     .until_ps = p->sim->now_ps + guest_poll_ps(f->vcpu));
	if (guest->first_due)
		DONE(0);
	f->since_ps = p->sim->now_ps;
	EXIT(EXIT_HALT);
	guest_adapt_poll(f);
	DONE(0);
	PATH_END(p);
}

enum flow guest_code_path(struct path *p, void *frame)
{
	struct guest_code *f = frame;
	struct guest *guest = &f->vcpu->guest;

	PATH_BEGIN(p);
	for (;;) {
		while (guest->first_due) {
			f->source = guest_take_due(guest);
			CALL_HOOK(guest_run, f->source->run, .owner = f->source->owner);
		}
		if (guest->halts && !guest->work_ps) {
			CALL(guest_halt, .vcpu = f->vcpu);
			continue;
		}
		guest->idle = true;
		if (!guest->work_ps) {
			pcpu_relax(context_of(p), true);
			WAIT();
			pcpu_relax(context_of(p), false);
			continue;
		}
		WAIT_UP_TO(f->left_ps ? f->left_ps : guest->work_ps);
		guest->idle = false;
		f->left_ps = p->left_ps;
		if (f->left_ps == 0)
			guest_finish_piece(f->vcpu);
	}
	PATH_END(p);
}

void guest_post_ack(struct guest_ack *ack, struct irq *irq)
{
	struct guest *guest = &irq->to->guest;

	sim_assert(!ack->irq);
	irq_get(irq);
	ack->irq = irq;
	ack->done = false;
	ack->next = NULL;
	if (guest->last_ack)
		guest->last_ack->next = ack;
	else
		guest->first_ack = ack;
	guest->last_ack = ack;
}

/*
 * Everything that is posted to this vCPU with this INTID now, off the queue, oldest first: as
 * llist_del_all() in flush_smp_call_function_queue(). What is posted later is for a later handler.
 */
static struct guest_ack *guest_take_acks(struct guest *guest, uint32_t intid)
{
	struct guest_ack *taken = NULL, **taken_tail = &taken;
	struct guest_ack **link = &guest->first_ack;

	guest->last_ack = NULL;
	while (*link) {
		struct guest_ack *ack = *link;

		if (ack->irq->intid == intid) {
			*link = ack->next;
			*taken_tail = ack;
			taken_tail = &ack->next;
		} else {
			guest->last_ack = ack;
			link = &ack->next;
		}
	}
	*taken_tail = NULL;
	return taken;
}

static void guest_set_ack(struct guest_ack *ack)
{
	struct guest *sender = &ack->irq->from->guest;

	ack->done = true;
	if (ack->set)
		ack->set(ack);
	if (sender->awaited != ack)
		return;
	sender->awaited = NULL;
	path_wake(&sender->code.path, 0);
}

enum flow guest_acknowledge_path(struct path *p, void *frame)
{
	struct guest_acknowledge *f = frame;

	PATH_BEGIN(p);
	for (f->ack = guest_take_acks(&f->vcpu->guest, f->intid); f->ack; f->ack = f->next) {
		SPEND(LINE_WRITE(p, &f->ack->line));
		f->next = f->ack->next;
		guest_set_ack(f->ack);
	}
	DONE(0);
	PATH_END(p);
}

/* The guest writes EOIR; a maintenance interrupt may follow at once, and that is an exit. */
static void guest_end_interrupt(struct vcpu *vcpu, struct irq *irq)
{
	vgic_deactivate(&vcpu->vgic, irq);
	irq_eoi(vcpu->host, irq);
	if (vgic_underflows(&vcpu->vgic)) {
		vcpu->vgic.underflow = false;
		pcpu_raise(vcpu->pcpu, PCPU_IRQ_MAINTENANCE);
	}
}

/* Step of the handler: after a maintenance exit it goes on here at the next entry. */
#define END_INTERRUPT(vcpu, irq)							\
	do {										\
		guest_end_interrupt((vcpu), (irq));					\
		if (p->paused) {							\
			PATH_STOP(p)							\
		}									\
	} while (0)

enum flow guest_handler_path(struct path *p, void *frame)
{
	struct guest_handler *f = frame;
	struct vgic *vgic = &f->vcpu->vgic;
	struct guest *guest = &f->vcpu->guest;

	PATH_BEGIN(p);
	SPEND(COST(p, C_GUEST_IRQ_ENTRY));
	f->irq = vgic_highest_pending(vgic)->pending;
	f->intid = f->irq->intid;
	irq_handled(f->vcpu->host, f->irq);
	if (guest->ack_first)
		CALL(guest_acknowledge, .vcpu = f->vcpu, .intid = f->intid);
	SPEND(COST(p, C_GIC_IAR));
	vgic_acknowledge(vgic_lr_of(vgic, f->irq));
	CALL(guest_acknowledge, .vcpu = f->vcpu, .intid = f->intid);
	SPEND(f->irq->handler_ps);
	SPEND(COST(p, C_GIC_EOI));
	END_INTERRUPT(f->vcpu, f->irq);
	SPEND(COST(p, C_GUEST_IRQ_EXIT));
	DONE(0);
	PATH_END(p);
}

bool guest_take_interrupt(struct vcpu *vcpu)
{
	struct context *handler = &vcpu->guest.handler;

	if (!guest_irqs_on(&vcpu->guest))
		return false;
	if (vcpu_is_x86(vcpu))
		return guest_x86_take_interrupt(vcpu);
	if (!vgic_highest_pending(&vcpu->vgic))
		return false;
	pcpu_push(vcpu->pcpu, handler);
	PATH_START(&handler->path, guest_handler, .vcpu = vcpu);
	return true;
}

/* Interrupts are open again: the next one comes before the code goes on. */
static void guest_handler_finished(struct path *path)
{
	struct vcpu *vcpu = context_of(path)->vcpu;

	if (vcpu_is_x86(vcpu))
		guest_x86_handler_finished(vcpu);
	else if (vgic_highest_pending(&vcpu->vgic))
		PATH_START(path, guest_handler, .vcpu = vcpu);
	else
		pcpu_pop(vcpu->pcpu);
}
