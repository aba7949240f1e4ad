/*
 * guest_x86 - the interrupt handler of an x86 guest.
 *
 * Follows: Linux' system vectors, sysvec_call_function_single(), sysvec_reschedule_ipi(): EOI
 *          first, then the work, all with interrupts off; kvm_guest_apic_eoi_write().
 * Leaves out: handlers that write EOI last (legacy vectors, kvm-unit-tests).
 */
#include "models/guest.h"

#include "models/irq.h"
#include "models/pcpu.h"
#include "models/vcpu.h"
#include "sim/sim.h"

/* The handler, from the event to the return from it. */
struct guest_handler_x86 {
	struct vcpu *vcpu;
	struct irq *irq;		/* gone after its EOI: then the two below */
	uint32_t vector;
	ps_t handler_ps;
};

static enum flow guest_handler_x86_path(struct path *p, void *frame)
{
	struct guest_handler_x86 *f = frame;
	struct vcpu *vcpu = f->vcpu;

	PATH_BEGIN(p);
	f->vector = f->irq->intid;
	f->handler_ps = f->irq->handler_ps;
	SPEND(COST(p, C_GUEST_IRQ_ENTRY));
	irq_handled(vcpu->host, f->irq);
	if (vcpu->guest.ack_first)
		CALL(guest_acknowledge, .vcpu = vcpu, .intid = f->vector);
	SPEND(COST(p, C_PV_EOI));
	if (!lapic_end_in_memory(vcpu))
		EXIT(EXIT_EOI);
	CALL(guest_acknowledge, .vcpu = vcpu, .intid = f->vector);
	SPEND(f->handler_ps);
	SPEND(COST(p, C_GUEST_IRQ_EXIT));
	DONE(0);
	PATH_END(p);
}

bool guest_x86_take_interrupt(struct vcpu *vcpu)
{
	struct context *handler = &vcpu->guest.handler;
	struct irq *irq = lapic_take_event(&vcpu->lapic);

	if (!irq)
		return false;
	pcpu_push(vcpu->pcpu, handler);
	PATH_START(&handler->path, guest_handler_x86, .vcpu = vcpu, .irq = irq);
	return true;
}

/* IRET: interrupts are on again, and an open window is an exit before the next instruction. */
void guest_x86_handler_finished(struct vcpu *vcpu)
{
	pcpu_pop(vcpu->pcpu);
	if (vcpu->lapic.window)
		vcpu_leave_guest(vcpu, EXIT_IRQ_WINDOW);
}
