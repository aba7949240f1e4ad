/*
 * vcpu - the instant of entry and exit.
 */
#include "models/vcpu.h"

#include "models/host.h"
#include "models/pcpu.h"
#include "models/points.h"
#include "sim/sim.h"

const char *const exit_reason_words[NR_EXIT_REASONS] = {
	[EXIT_IRQ] = "irq",
	[EXIT_SGI] = "sgi",
	[EXIT_HALT] = "halt",
	[EXIT_PAUSE] = "pause",
	[EXIT_ICR] = "icr-write",
	[EXIT_EOI] = "eoi",
	[EXIT_IRQ_WINDOW] = "irq-window",
};

enum exit_reason vcpu_ipi_exit(const struct vcpu *vcpu)
{
	return vcpu_is_x86(vcpu) ? EXIT_ICR : EXIT_SGI;
}

bool vcpu_exit_request(const struct vcpu *vcpu)
{
	return vcpu->requests || vcpu->pcpu->need_resched;
}

/* What the guest executes first: the handler it was in, a new interrupt, or its code. */
static void vcpu_push_guest(struct vcpu *vcpu)
{
	struct pcpu *pcpu = vcpu->pcpu;
	struct guest *guest = &vcpu->guest;

	pcpu_push(pcpu, &guest->code);
	if (guest->handler.path.state != PATH_IDLE) {
		pcpu_push(pcpu, &guest->handler);
		path_continue(&guest->handler.path);
	} else if (!guest_take_interrupt(vcpu)) {
		path_continue(&guest->code.path);
	}
}

bool vcpu_enter_guest(struct vcpu *vcpu)
{
	struct pcpu *pcpu = vcpu->pcpu;

	sim_assert(pcpu->irqs_off);
	sim_assert(pcpu->top == &vcpu->thread.context);
	sim_trace(vcpu->host->sim, POINT_ENTRY, vcpu->id, 0, 0);
	if (pcpu->latched) {
		vcpu->exit_reason = EXIT_IRQ;
		sim_trace(vcpu->host->sim, POINT_EXIT, vcpu->id, 0, EXIT_IRQ);
		return false;
	}
	pcpu->guest = vcpu;
	vcpu_push_guest(vcpu);
	return true;
}

void vcpu_leave_guest(struct vcpu *vcpu, enum exit_reason reason)
{
	struct pcpu *pcpu = vcpu->pcpu;

	sim_assert(pcpu->guest == vcpu);
	sim_trace(vcpu->host->sim, POINT_EXIT, vcpu->id, 0, reason);
	vcpu->exit_reason = reason;
	pcpu->guest = NULL;
	path_pause(&pcpu->top->path);
	while (pcpu->top->below != &vcpu->thread.context) {
		pcpu_account(pcpu);
		pcpu->top = pcpu->top->below;
	}
	pcpu_pop(pcpu);
}

void vcpu_doorbell(struct vcpu *vcpu)
{
	guest_take_interrupt(vcpu);
}
