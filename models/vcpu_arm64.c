/*
 * vcpu_arm64 - the run loop of an arm64 vCPU's thread.
 *
 * Follows: kvm_arch_vcpu_ioctl_run(), check_vcpu_requests(), kvm_vcpu_exit_request(), handle_exit()
 *          in arch/arm64/kvm/arm.c  (Linux v5.17-v6.18)
 * Leaves out: timers, PMU, signals, the return to user space.
 */
#include "models/host.h"
#include "models/pcpu.h"
#include "models/points.h"
#include "models/probe.h"
#include "models/vcpu.h"
#include "models/vm.h"
#include "sim/sim.h"

/* Frame of handle_exit(): irqs on, the reason is in the vCPU. */
struct vcpu_handle_exit_arm64 {
	struct vcpu *vcpu;
};

/* access_gic_sgi(), kvm_handle_wfx() and what they call. */
static enum flow vcpu_handle_exit_arm64_path(struct path *p, void *frame)
{
	struct vcpu_handle_exit_arm64 *f = frame;
	struct vcpu *vcpu = f->vcpu;
	const struct route_ops *route = vcpu->vm->routes[ROUTE_IPI].ops;

	PATH_BEGIN(p);
	if (vcpu->exit_reason == EXIT_SGI) {
		SPEND(COST(p, C_SYSREG_DECODE));
		sim_trace(p->sim, POINT_DISPATCH, vcpu->id, 0, 0);
		SPEND(PROBE(p, PROBE_DISPATCH_SGI) + COST(p, C_SGI_DECODE));
		CALL_HOOK(route_exit, route->exit, .vcpu = vcpu, .request = &vcpu->request);
		request_end(vcpu);
		sim_trace(p->sim, POINT_DISPATCH_END, vcpu->id, 0, 0);
	} else if (vcpu->exit_reason == EXIT_HALT) {
		SPEND(COST(p, C_HALT_EXIT));
		CALL(vcpu_halt, .vcpu = vcpu);
	} else if (vcpu->exit_reason == EXIT_PAUSE) {
		SPEND(COST(p, C_PAUSE_EXIT));
		CALL(vcpu_on_spin, .vcpu = vcpu);
	}
	DONE(0);
	PATH_END(p);
}

enum flow vcpu_run_arm64_path(struct path *p, void *frame)
{
	struct vcpu_run_arm64 *f = frame;
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
		}
		vcpu->thread.context.acquirer = ACQUIRER_VCPU_SWITCH;
		IRQ_OFF(p);
		CALL(vgic_flush, .vcpu = vcpu);
		SPEND(LINE_WRITE(p, &vcpu->line));
		vcpu->mode = IN_GUEST_MODE;
		if (vcpu_exit_request(vcpu)) {			/* k6 */
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
		vcpu->thread.context.acquirer = ACQUIRER_VCPU_EXIT;
		IRQ_ON(p);
		CALL(vcpu_handle_exit_arm64, .vcpu = vcpu);
	}
	PATH_END(p);
}
