/*
 * broadcast - a step of the walk per vCPU, an injection per other vCPU.
 */
#include "models/route/broadcast.h"

#include "models/mpidr.h"

enum flow route_broadcast_path(struct path *p, void *frame)
{
	struct route_broadcast *f = frame;
	const struct vm *vm = f->vcpu->vm;

	PATH_BEGIN(p);
	for (f->index = 0; f->index < vm->nr_vcpus; f->index++) {
		SPEND(COST(p, vcpu_step_cost(vm->host)));
		f->target = vm->vcpus[f->index];
		if (f->target == f->vcpu)
			continue;
		CALL(vgic_inject, .vcpu = f->target, .irq = request_routed(f->vcpu, f->target));
	}
	DONE(0);
	PATH_END(p);
}
