/*
 * vcpu_spin - a guest that spins gives its pCPU to a vCPU that may hold what it spins for.
 *
 * Follows: kvm_vcpu_on_spin(), kvm_vcpu_yield_to(), kvm_vcpu_eligible_for_directed_yield(),
 *          grow_ple_window(), shrink_ple_window() of vmx.c  (Linux v5.17-v6.18)
 * Leaves out: the choice of vCPUs in kernel mode, the PV kick and the PV yield hypercall, an
 *             eligibility that alternates per look (CONFIG_HAVE_KVM_CPU_RELAX_INTERCEPT), the
 *             restart of a PAUSE loop's count by an exit or an interrupt in its middle.
 */
#include "models/host.h"
#include "models/pcpu.h"
#include "models/points.h"
#include "models/vcpu.h"
#include "models/vm.h"
#include "sim/sim.h"

/* Module parameters of kvm_intel: ple_window, ple_window_grow; ple_window_shrink is 0: at once. */
enum { SPIN_WINDOW = 4096, SPIN_WINDOW_GROW = 2 };

ps_t vcpu_pause_limit(const struct vcpu *vcpu)
{
	uint64_t clock_khz = vcpu->host->config.clock_hz / 1000;

	if (!vcpu_is_x86(vcpu) || clock_khz == 0)
		return PS_NEVER;
	return vcpu->spin_window * PS_PER_MS / clock_khz;
}

/* kvm_arch_vcpu_load() of arm64: WFE traps at once, or not at all. */
ps_t vcpu_spin_limit(const struct vcpu *vcpu)
{
	return vcpu->traps_wfe ? 0 : vcpu_pause_limit(vcpu);
}

void vcpu_grow_spin_window(struct vcpu *vcpu)
{
	if (vcpu->spin_window <= UINT32_MAX / SPIN_WINDOW_GROW)
		vcpu->spin_window *= SPIN_WINDOW_GROW;
	else
		vcpu->spin_window = UINT32_MAX;
}

void vcpu_reset_spin_window(struct vcpu *vcpu)
{
	vcpu->spin_window = SPIN_WINDOW;
}

enum { YIELD_TRIES = 3 };	/* "both run queues have one task" before it gives up */

/* vcpu->ready, and not blocked without work: it was preempted, or woken and does not run yet. */
static bool vcpu_waits_for_pcpu(const struct vcpu *vcpu)
{
	const struct thread *thread = &vcpu->thread;

	return thread->state == THREAD_RUNNABLE && !thread->on_cpu;
}

/* The next one after the last that was boosted, round and round; counts what it looked at. */
static struct vcpu *vcpu_find_boosted(struct vcpu_on_spin *f)
{
	const struct vm *vm = f->vcpu->vm;

	f->nr_steps = 0;
	while (f->index < vm->nr_vcpus) {
		uint32_t index = (vm->last_boosted + 1 + f->index++) % vm->nr_vcpus;
		struct vcpu *vcpu = vm->vcpus[index];

		f->nr_steps++;
		if (vcpu != f->vcpu && vcpu_waits_for_pcpu(vcpu))
			return vcpu;
	}
	return NULL;
}

enum flow vcpu_on_spin_path(struct path *p, void *frame)
{
	struct vcpu_on_spin *f = frame;
	struct vm *vm = f->vcpu->vm;

	PATH_BEGIN(p);
	while (f->tries < YIELD_TRIES) {
		f->target = vcpu_find_boosted(f);
		SPEND(COST_N(p, C_ON_SPIN_STEP, f->nr_steps));
		if (!f->target)
			DONE(0);
		CALL(sched_yield_to, .thread = &f->target->thread);
		if (p->ret > 0) {
			vm->last_boosted = f->target->index;
			DONE(1);
		}
		f->tries += p->ret < 0;
	}
	DONE(0);
	PATH_END(p);
}
