/*
 * vcpu_halt - a vCPU with nothing to do: poll for a while, then sleep until it is kicked.
 *
 * Follows: kvm_vcpu_halt(), kvm_vcpu_block(), kvm_vcpu_check_block(), kvm_vcpu_can_poll()
 *          (Linux v5.17-v6.18; the same steps in kvm_vcpu_block() before)
 * Leaves out: the statistics, signals, pending timers (they arrive as interrupts).
 */
#include "models/halt_poll.h"
#include "models/host.h"
#include "models/lock_poll.h"
#include "models/pcpu.h"
#include "models/points.h"
#include "models/vcpu.h"
#include "models/vm.h"
#include "sim/sim.h"

/*
 * !kvm_arch_no_poll(): an x86 guest that polls before it halts has told the host not to
 * (MSR_KVM_POLL_CONTROL, arch_haltpoll_enable()).
 */
static bool vcpu_may_poll(const struct vcpu *vcpu)
{
	return vcpu->host->config.arch != ARCH_X86 || vcpu->vm->config->idle != GUEST_IDLE_HALTPOLL;
}

/* kvm_vcpu_can_poll(): only while nobody else wants the pCPU, and not beyond the deadline. */
static bool vcpu_can_poll(const struct vcpu_halt *f)
{
	const struct pcpu *pcpu = f->vcpu->thread.pcpu;

	return sched_alone(pcpu) && !pcpu->need_resched &&
	       f->vcpu->host->sim->now_ps < f->deadline_ps;
}

/* Frame: kvm_arch_vcpu_runnable(). p->ret: there is something to do. */
struct vcpu_runnable {
	struct vcpu *vcpu;
};

static enum flow vcpu_runnable_path(struct path *p, void *frame)
{
	struct vcpu_runnable *f = frame;

	PATH_BEGIN(p);
	if (vcpu_is_x86(f->vcpu))
		CALL(lapic_pending, .vcpu = f->vcpu);
	else
		CALL(vgic_pending, .vcpu = f->vcpu);
	DONE(p->ret);
	PATH_END(p);
}

/* Frame: turns of the polling loop. p->ret: there is something to do. */
struct vcpu_poll {
	struct vcpu_halt *halt;
	struct lock_poll turns;
};

/* The part of a turn beyond the test. Never nothing: else time would stand still. */
static ps_t vcpu_turn_ps(ps_t cost_ps)
{
	return cost_ps > PS_PER_NS ? cost_ps : PS_PER_NS;
}

/* Turns that are all alike, on a list with nothing on it, cost no events. */
static bool vcpu_turns_are_alike(struct vcpu_poll *f)
{
	const struct vcpu *vcpu = f->halt->vcpu;
	const struct vgic *vgic = &vcpu->vgic;
	const ps_t *cost_ps = vcpu->host->cost_ps;

	f->turns.gap_ps = vcpu_turn_ps(cost_ps[C_HALT_POLL_TURN]);
	f->turns.hold_ps = cost_ps[C_VGIC_PENDING];
	return f->turns.gap_ps != PS_NEVER &&
	       f->turns.hold_ps != PS_NEVER && !vgic->first && !vgic->ap_list_lock.owner &&
	       vcpu_can_poll(f->halt);
}

/* Begins them: they end by themselves at the deadline, or are met or disturbed before. */
static void vcpu_begin_turns(struct vcpu_poll *f)
{
	struct vcpu *vcpu = f->halt->vcpu;

	lock_poll_begin(&f->turns, &vcpu->vgic.ap_list_lock, &vcpu->thread.context);
	vcpu->thread.polls = true;
}

static void vcpu_end_turns(struct vcpu_poll *f)
{
	f->halt->vcpu->thread.polls = false;
	lock_poll_end(&f->turns);
}

static enum flow vcpu_poll_path(struct path *p, void *frame)
{
	struct vcpu_poll *f = frame;

	PATH_BEGIN(p);
	do {
		CALL(vgic_pending, .vcpu = f->halt->vcpu);
		if (p->ret)
			DONE(1);
		if (!vcpu_turns_are_alike(f)) {
			SPEND(vcpu_turn_ps(COST(p, C_HALT_POLL_TURN)));
			continue;
		}
		vcpu_begin_turns(f);
		WAIT_UNTIL(f->halt->deadline_ps);
		vcpu_end_turns(f);
		SPEND(f->turns.rest_ps);
		if (f->turns.holding) {
			UNLOCK(f->turns.lock);
			IRQ_ON(p);
			SPEND(vcpu_turn_ps(COST(p, C_HALT_POLL_TURN)));
		}
	} while (vcpu_can_poll(f->halt));
	DONE(0);
	PATH_END(p);
}

/*
 * Frame: the same on x86, where a turn takes no lock: turns cost no events, and one in which
 * something came goes to its end.
 */
struct vcpu_poll_x86 {
	struct vcpu_halt *halt;
	ps_t start_ps, turn_ps;		/* of the first turn, of each */
};

static ps_t vcpu_rest_of_turn(const struct vcpu_poll_x86 *f)
{
	ps_t since_ps = f->halt->vcpu->host->sim->now_ps - f->start_ps;

	return f->turn_ps ? (f->turn_ps - since_ps % f->turn_ps) % f->turn_ps : 0;
}

static enum flow vcpu_poll_x86_path(struct path *p, void *frame)
{
	struct vcpu_poll_x86 *f = frame;
	struct vcpu *vcpu = f->halt->vcpu;

	PATH_BEGIN(p);
	CALL(lapic_pending, .vcpu = vcpu);
	if (p->ret)
		DONE(1);
	f->start_ps = p->sim->now_ps;
	f->turn_ps = COST(p, C_HALT_POLL_TURN) + COST(p, C_APIC_PENDING);
	while (vcpu_can_poll(f->halt)) {
		vcpu->thread.polls = true;
		WAIT_UNTIL(f->halt->deadline_ps);
		vcpu->thread.polls = false;
		SPEND(vcpu_rest_of_turn(f));
		if (!vcpu_can_poll(f->halt))
			break;		/* the loop's end comes before its next test */
		SPEND(LINE_READ(p, &vcpu->lapic.line));
		if (lapic_highest(&vcpu->lapic))
			DONE(1);
	}
	DONE(0);
	PATH_END(p);
}

/* Frame of kvm_vcpu_block(): sleeps until there is something to do. */
struct vcpu_block {
	struct vcpu *vcpu;
};

static enum flow vcpu_block_path(struct path *p, void *frame)
{
	struct vcpu_block *f = frame;
	struct vcpu *vcpu = f->vcpu;

	PATH_BEGIN(p);
	SPEND(COST(p, C_VCPU_BLOCK));
	vcpu->waiting = true;
	sim_trace(p->sim, POINT_BLOCK, vcpu->id, 0, 1);
	for (;;) {
		thread_prepare_sleep(&vcpu->thread);
		CALL(vcpu_runnable, .vcpu = vcpu);
		if (p->ret)
			break;
		SCHEDULE();
	}
	thread_cancel_sleep(&vcpu->thread);
	vcpu->waiting = false;
	sim_trace(p->sim, POINT_BLOCK, vcpu->id, 0, 0);
	DONE(0);
	PATH_END(p);
}

/* The end of kvm_vcpu_halt(): what the next halt does, from how long this one took. */
static void vcpu_adapt(const struct vcpu_halt *f)
{
	struct vcpu *vcpu = f->vcpu;
	const struct host *host = vcpu->host;

	vcpu->halt_poll_ps = halt_poll_adapt(&vcpu->vm->config->halt_poll, host->config.kernel,
					     vcpu->halt_poll_ps, host->sim->now_ps - f->start_ps);
}

enum flow vcpu_halt_path(struct path *p, void *frame)
{
	struct vcpu_halt *f = frame;
	struct vcpu *vcpu = f->vcpu;

	PATH_BEGIN(p);
	vcpu->thread.context.acquirer = ACQUIRER_VCPU_HALT;
	sim_trace(p->sim, POINT_HALT, vcpu->id, 0, 1);
	f->start_ps = p->sim->now_ps;
	f->deadline_ps = f->start_ps;
	if (vcpu_may_poll(vcpu))
		f->deadline_ps += halt_poll_limit(&vcpu->vm->config->halt_poll,
						  vcpu->halt_poll_ps);
	if (f->deadline_ps > f->start_ps) {
		sim_trace(p->sim, POINT_POLL, vcpu->id, 0, 1);
		if (vcpu_is_x86(vcpu))
			CALL(vcpu_poll_x86, .halt = f);
		else
			CALL(vcpu_poll, .halt = f);
		f->found = p->ret == 1;
		sim_trace(p->sim, POINT_POLL, vcpu->id, 0, 0);
	}
	if (!f->found)
		CALL(vcpu_block, .vcpu = vcpu);
	if (vcpu_may_poll(vcpu))
		vcpu_adapt(f);
	sim_trace(p->sim, POINT_HALT, vcpu->id, 0, 0);
	DONE(0);
	PATH_END(p);
}
