/*
 * vcpu_x86 - the run loop of an x86 vCPU's thread.
 *
 * Follows: vcpu_enter_guest(), kvm_vcpu_exit_request() in arch/x86/kvm/x86.c, and the exit handlers
 *          kvm_emulate_wrmsr(), kvm_emulate_halt(), handle_pause(), handle_interrupt_window()
 *          (Linux v5.17-v6.8)
 * Leaves out: the fast path of the ICR's write (handle_fastpath_set_x2apic_icr_irqoff(): an IPI
 *             that is sent with irqs off, before the exit handler), MMU and timer requests,
 *             signals, the return to user space.
 */
#include "models/host.h"
#include "models/pcpu.h"
#include "models/points.h"
#include "models/probe.h"
#include "models/vcpu.h"
#include "models/vm.h"
#include "sim/sim.h"

/* Frame of the exit handlers: irqs on, the reason is in the vCPU. */
struct vcpu_handle_exit_x86 {
	struct vcpu *vcpu;
};

static enum flow vcpu_handle_exit_x86_path(struct path *p, void *frame)
{
	struct vcpu_handle_exit_x86 *f = frame;
	struct vcpu *vcpu = f->vcpu;
	const struct route_ops *route = vcpu->vm->routes[ROUTE_IPI].ops;

	PATH_BEGIN(p);
	if (vcpu->exit_reason == EXIT_ICR) {
		SPEND(COST(p, C_ICR_DECODE));
		sim_trace(p->sim, POINT_DISPATCH, vcpu->id, 0, 0);
		SPEND(PROBE(p, PROBE_DELIVERY_TO_APIC));
		CALL_HOOK(route_exit, route->exit, .vcpu = vcpu, .request = &vcpu->request);
		request_end(vcpu);
		sim_trace(p->sim, POINT_DISPATCH_END, vcpu->id, 0, 0);
	} else if (vcpu->exit_reason == EXIT_HALT) {
		SPEND(COST(p, C_HALT_EXIT));
		CALL(lapic_pending, .vcpu = vcpu);	/* vcpu_block() */
		if (!p->ret)
			CALL(vcpu_halt, .vcpu = vcpu);
	} else if (vcpu->exit_reason == EXIT_PAUSE) {
		SPEND(COST(p, C_PAUSE_EXIT));
		vcpu_grow_spin_window(vcpu);
		CALL(vcpu_on_spin, .vcpu = vcpu);
	} else if (vcpu->exit_reason == EXIT_EOI) {
		SPEND(LINE_WRITE(p, &vcpu->lapic.line) + COST(p, C_APIC_EOI));
		lapic_end(vcpu);
	} else if (vcpu->exit_reason == EXIT_IRQ_WINDOW) {
		SPEND(COST(p, C_IRQ_WINDOW));
		vcpu->lapic.window = false;
		vcpu->requests |= VCPU_REQ_IRQ_PENDING;
	}
	DONE(0);
	PATH_END(p);
}

enum flow vcpu_run_x86_path(struct path *p, void *frame)
{
	struct vcpu_run_x86 *f = frame;
	struct vcpu *vcpu = f->vcpu;
	const struct route_ops *route = vcpu->vm->routes[ROUTE_IPI].ops;

	PATH_BEGIN(p);
	if (route && route->init)
		CALL_HOOK(route_init, route->init, .vcpu = vcpu);
	for (;;) {
		SPEND(LINE_READ(p, &vcpu->line));
		if (vcpu->requests) {
			SPEND(LINE_WRITE(p, &vcpu->line) + COST(p, C_REQUEST_CHECK));
			vcpu->requests = 0;
			CALL(lapic_inject, .vcpu = vcpu);
		}
		vcpu->thread.context.acquirer = ACQUIRER_VCPU_SWITCH;
		IRQ_OFF(p);
		SPEND(LINE_WRITE(p, &vcpu->line));
		vcpu->mode = IN_GUEST_MODE;
		if (vcpu_exit_request(vcpu)) {			/* k6 */
			vcpu->mode = OUTSIDE_GUEST_MODE;
			sim_trace(p->sim, POINT_ENTRY_ABORTED, vcpu->id, 0, 0);
			IRQ_ON(p);
			lapic_cancel_injection(vcpu);
			continue;
		}
		SPEND(COST(p, C_VM_ENTRY));
		RUN_GUEST(vcpu);
		SPEND(COST(p, C_VM_EXIT));
		SPEND(LINE_WRITE(p, &vcpu->line));
		vcpu->mode = OUTSIDE_GUEST_MODE;
		vcpu->thread.context.acquirer = ACQUIRER_VCPU_EXIT;
		IRQ_ON(p);
		lapic_sync_from_guest(vcpu);
		CALL(vcpu_handle_exit_x86, .vcpu = vcpu);
	}
	PATH_END(p);
}
