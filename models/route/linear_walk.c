/*
 * linear-walk - one walk over all vCPUs that compares each MPIDR with the request.
 *
 * Follows:      vgic_v3_dispatch_sgi(), match_mpidr(), kvm_for_each_vcpu()  (Linux up to v6.6; read
 *               in v5.4: array, v5.17 and v6.5: xarray)
 * Leaves out:   whether a vCPU's registers are loaded, which match_mpidr() tests up to v6.6 (a
 *               second line, written at load and put: nothing is loaded or put yet).
 */
#include "models/mpidr.h"
#include "models/route/route.h"

/* The walk goes on while a bit is wanted, so a bit that names no vCPU walks to the end. */
static bool linear_walk_goes_on(const struct route_exit *f)
{
	return f->index < f->vcpu->vm->nr_vcpus && (f->wanted || f->request->broadcast);
}

/* Does this step of the walk inject? */
static bool linear_walk_hits(const struct route_exit *f, uint32_t index)
{
	const struct vcpu *vcpu = f->vcpu->vm->vcpus[index];

	if (f->request->broadcast)
		return vcpu != f->vcpu;
	return mpidr_match(f->request, f->wanted, vcpu->mpidr) >= 0;
}

/* Steps from here to the next vCPU that is hit, it included, or to the end. */
static uint32_t linear_walk_steps(const struct route_exit *f)
{
	uint32_t nr_vcpus = f->vcpu->vm->nr_vcpus;
	uint32_t index = f->index;

	while (index < nr_vcpus && !linear_walk_hits(f, index))
		index++;
	return index < nr_vcpus ? index - f->index + 1 : nr_vcpus - f->index;
}

static enum flow linear_walk_exit_path(struct path *p, void *frame)
{
	struct route_exit *f = frame;
	struct vcpu *const *vcpus = f->vcpu->vm->vcpus;

	PATH_BEGIN(p);
	f->wanted = f->request->target_list;
	while (linear_walk_goes_on(f)) {
		f->nr_steps = linear_walk_steps(f);
		SPEND(COST_N(p, vcpu_step_cost(f->vcpu->host), f->nr_steps));
		f->index += f->nr_steps;
		f->target = vcpus[f->index - 1];
		if (!linear_walk_hits(f, f->index - 1))
			break;					/* walked to the end in vain */
		f->wanted &= ~(1u << (f->target->mpidr & 0xf));
		CALL(vgic_inject, .vcpu = f->target, .irq = request_routed(f->vcpu, f->target));
	}
	DONE(0);
	PATH_END(p);
}

const struct route_ops route_linear_walk = {
	.name    = "linear-walk",
	.summary = "SGI dispatch that walks all vCPUs (array or xarray step by kernel)",
	.arch    = ARCH_ARM64,
	.class   = ROUTE_IPI,
	.since   = KERNEL(4, 7),
	.exit    = linear_walk_exit_path,
};
