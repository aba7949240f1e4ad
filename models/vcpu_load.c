/*
 * vcpu_load - a vCPU's state onto a pCPU and off it, when its thread is switched in and out.
 *
 * Follows: kvm_sched_in(), kvm_arch_vcpu_load(), kvm_sched_out(), kvm_arch_vcpu_put()
 *          (Linux v5.17-v6.18)
 * Leaves out: what depends on the interrupt controller's state (it is in the costs as a constant),
 *             the refill of what was flushed; on x86 the IPI that takes a vCPU's VMCS off the pCPU
 *             that it leaves.
 */
#include "models/host.h"
#include "models/pcpu.h"
#include "models/points.h"
#include "models/vcpu.h"
#include "models/vm.h"
#include "sim/sim.h"

static struct vcpu *vcpu_of_thread(struct thread *thread)
{
	return thread->context.vcpu;
}

/*
 * Has another vCPU, or none at all, run here since this one did? arm64 asks among those of the VM
 * (one VMID), x86 among all (vmx_vcpu_load_vmcs(): branch predictors).
 */
static bool another_ran(const struct vcpu *vcpu, const struct pcpu *pcpu)
{
	const struct vcpu *last = vcpu->host->config.arch == ARCH_ARM64 ?
					  vcpu->vm->last_ran[pcpu->id] :
					  pcpu->last_loaded;

	return last != vcpu;
}

static void vcpu_set_loaded(struct vcpu *vcpu, struct pcpu *pcpu)
{
	vcpu->traps_wfe = vcpu->host->config.arch == ARCH_ARM64 && !sched_alone(pcpu);
	vcpu_reset_spin_window(vcpu);
	vcpu->pcpu = pcpu;
	vcpu->vm->last_ran[pcpu->id] = vcpu;
	pcpu->loaded = vcpu;
	pcpu->last_loaded = vcpu;
}

static enum flow vcpu_load_path(struct path *p, void *frame)
{
	struct thread_switch *f = frame;
	struct vcpu *vcpu = vcpu_of_thread(f->thread);
	struct pcpu *pcpu = context_of(p)->pcpu;

	PATH_BEGIN(p);
	SPEND(COST(p, C_VCPU_LOAD));
	if (another_ran(vcpu, pcpu))
		SPEND(COST(p, C_VCPU_LOAD_OTHER));
	SPEND(LINE_WRITE(p, &vcpu->line));
	vcpu_set_loaded(vcpu, pcpu);
	sim_trace(p->sim, POINT_LOAD, vcpu->id, pcpu->id, 0);
	DONE(0);
	PATH_END(p);
}

static enum flow vcpu_put_path(struct path *p, void *frame)
{
	struct thread_switch *f = frame;
	struct vcpu *vcpu = vcpu_of_thread(f->thread);
	struct pcpu *pcpu = context_of(p)->pcpu;

	PATH_BEGIN(p);
	SPEND(COST(p, C_VCPU_PUT));
	pcpu->loaded = NULL;
	sim_trace(p->sim, POINT_PUT, vcpu->id, pcpu->id, f->thread->se.on_rq);
	DONE(0);
	PATH_END(p);
}

void vcpu_start_loaded(struct vcpu *vcpu)
{
	vcpu_set_loaded(vcpu, vcpu->thread.pcpu);
}

const struct thread_ops vcpu_thread_ops = {
	.sched_in  = vcpu_load_path,
	.sched_out = vcpu_put_path,
};
