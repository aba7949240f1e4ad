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
		guest->idle = true;
		if (!guest->work_ps) {
			WAIT();
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
	if (sender->awaited != ack)
		return;
	sender->awaited = NULL;
	path_wake(&sender->code.path, 0);
}

/* Frame: sets every flag that is posted to the vCPU with this INTID. */
struct guest_acknowledge {
	struct vcpu *vcpu;
	struct guest_ack *ack, *next;	/* a flag that is set is its sender's again */
	uint32_t intid;
};

static enum flow guest_acknowledge_path(struct path *p, void *frame)
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

	if (handler->path.state != PATH_IDLE || !vgic_highest_pending(&vcpu->vgic))
		return false;
	pcpu_push(vcpu->pcpu, handler);
	PATH_START(&handler->path, guest_handler, .vcpu = vcpu);
	return true;
}

/* Interrupts are open again: the next one comes before the code goes on. */
static void guest_handler_finished(struct path *path)
{
	struct vcpu *vcpu = context_of(path)->vcpu;

	if (vgic_highest_pending(&vcpu->vgic))
		PATH_START(path, guest_handler, .vcpu = vcpu);
	else
		pcpu_pop(vcpu->pcpu);
}
