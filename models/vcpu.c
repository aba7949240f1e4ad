/*
 * vcpu - the run loop of a vCPU's thread, and the instant of entry and exit.
 *
 * Follows: kvm_arch_vcpu_ioctl_run(), check_vcpu_requests(), kvm_vcpu_exit_request(), handle_exit()
 *          in arch/arm64/kvm/arm.c  (Linux v5.17-v6.18)
 * Leaves out: timers, PMU, signals, the return to user space, the vCPU's load and put (the thread
 *             is alone on its pCPU and never leaves it).
 */
#include "models/vcpu.h"

#include "models/host.h"
#include "models/pcpu.h"
#include "models/points.h"
#include "models/vm.h"
#include "sim/sim.h"

const char *const exit_reason_words[NR_EXIT_REASONS] = {
	[EXIT_IRQ] = "irq",
	[EXIT_SGI] = "sgi",
};

/* Frame of handle_exit(): irqs on, the reason is in the vCPU. */
struct vcpu_handle_exit {
	struct vcpu *vcpu;
};

/* access_gic_sgi() and what it calls. */
static enum flow vcpu_handle_exit_path(struct path *p, void *frame)
{
	struct vcpu_handle_exit *f = frame;
	struct vcpu *vcpu = f->vcpu;
	const struct route_ops *route = vcpu->vm->routes[ROUTE_IPI].ops;

	PATH_BEGIN(p);
	if (vcpu->exit_reason == EXIT_SGI) {
		SPEND(COST(p, C_SYSREG_DECODE));
		sim_trace(p->sim, POINT_DISPATCH, vcpu->id, 0, 0);
		SPEND(COST(p, C_SGI_DECODE));
		CALL_HOOK(route_exit, route->exit, .vcpu = vcpu, .request = &vcpu->request);
		request_end(vcpu);
		sim_trace(p->sim, POINT_DISPATCH_END, vcpu->id, 0, 0);
	}
	DONE(0);
	PATH_END(p);
}

enum flow vcpu_run_path(struct path *p, void *frame)
{
	struct vcpu_run *f = frame;
	struct vcpu *vcpu = f->vcpu;
	const struct route_ops *route = vcpu->vm->routes[ROUTE_IPI].ops;

	PATH_BEGIN(p);
	if (route->init)
		CALL_HOOK(route_init, route->init, .vcpu = vcpu);
	for (;;) {
		SPEND(LINE_READ(p, &vcpu->line));
		if (vcpu->requests) {
			SPEND(LINE_WRITE(p, &vcpu->line) + COST(p, C_REQUEST_CHECK));
			vcpu->requests = 0;
		}
		IRQ_OFF(p);
		CALL(vgic_flush, .vcpu = vcpu);
		SPEND(LINE_WRITE(p, &vcpu->line));
		vcpu->mode = IN_GUEST_MODE;
		if (vcpu->requests) {				/* k6 */
			vcpu->mode = OUTSIDE_GUEST_MODE;
			sim_trace(p->sim, POINT_ENTRY_ABORTED, vcpu->id, 0, 0);
			CALL(vgic_sync, .vcpu = vcpu);
			IRQ_ON(p);
			continue;
		}
		SPEND(COST(p, C_VM_ENTRY));
		RUN_GUEST(vcpu);
		SPEND(COST(p, C_VM_EXIT));
		SPEND(LINE_WRITE(p, &vcpu->line));
		vcpu->mode = OUTSIDE_GUEST_MODE;
		CALL(vgic_sync, .vcpu = vcpu);
		IRQ_ON(p);
		CALL(vcpu_handle_exit, .vcpu = vcpu);
	}
	PATH_END(p);
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
	sim_assert(pcpu->top == &vcpu->thread);
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
	while (pcpu->top->below != &vcpu->thread) {
		pcpu_account(pcpu);
		pcpu->top = pcpu->top->below;
	}
	pcpu_pop(pcpu);
}

void vcpu_doorbell(struct vcpu *vcpu)
{
	guest_take_interrupt(vcpu);
}
