/*
 * kick - make a vCPU look at its requests, with the least that is needed.
 *
 * Follows: kvm_make_request(), kvm_vcpu_kick(), kvm_vcpu_wake_up()  (Linux v5.17-v6.18)
 * Leaves out: the wait queue's lock of kernels before the rcuwait, a target whose pCPU is offline.
 */
#include "models/pcpu.h"
#include "models/points.h"
#include "models/vcpu.h"
#include "sim/sim.h"

static enum kick_outcome kick_trace(struct path *p, struct vcpu *vcpu, enum kick_outcome outcome)
{
	sim_trace(p->sim, POINT_KICK, context_of(p)->pcpu->id, vcpu->id, outcome);
	return outcome;
}

enum flow vcpu_kick_path(struct path *p, void *frame)
{
	struct vcpu_kick *f = frame;
	struct vcpu *vcpu = f->vcpu;

	PATH_BEGIN(p);
	SPEND(LINE_WRITE(p, &vcpu->line) + COST(p, C_ATOMIC_RMW));	/* k1 */
	vcpu->requests |= VCPU_REQ_IRQ_PENDING;
	SPEND(COST(p, C_WAKE_CHECK));				/* k2 */
	if (vcpu->waiting) {
		CALL(sched_wake, .thread = &vcpu->thread);
		if (p->ret)
			DONE(kick_trace(p, vcpu, KICK_WAKE));
	}
	if (vcpu == context_of(p)->pcpu->loaded) {		/* k3 */
		if (vcpu->mode == IN_GUEST_MODE)
			vcpu->mode = EXITING_GUEST_MODE;
		DONE(kick_trace(p, vcpu, KICK_SELF));
	}
	SPEND(LINE_WRITE(p, &vcpu->line) + COST(p, C_ATOMIC_RMW));	/* k4 */
	if (vcpu->mode == OUTSIDE_GUEST_MODE)
		DONE(kick_trace(p, vcpu, KICK_OUTSIDE));
	if (vcpu->mode == EXITING_GUEST_MODE)
		DONE(kick_trace(p, vcpu, KICK_EXITING));
	vcpu->mode = EXITING_GUEST_MODE;
	f->pcpu = vcpu->pcpu;					/* vcpu->cpu, read once */
	SPEND(COST(p, C_IPI_SEND));				/* k5 */
	pcpu_send_ipi(context_of(p), f->pcpu, PCPU_IRQ_RESCHEDULE);
	DONE(kick_trace(p, vcpu, KICK_IPI));
	PATH_END(p);
}
