/*
 * apic-map - the vCPU of an APIC id, by the VM's map of ids.
 *
 * Follows:      kvm_irq_delivery_to_apic_fast(), kvm_apic_map_get_dest_lapic()  (Linux v3.7 on;
 *               read in v5.4, v5.17, v6.8)
 * Leaves out:   the map's rebuild when an APIC changes its id or mode, the RCU read section (an
 *               instant), logical destinations, shorthands and broadcast ids, lowest priority.
 */
#include "models/lapic.h"
#include "models/route/route.h"
#include "models/vcpu.h"
#include "models/vm.h"

/* phys_map[id]: nobody above the highest id. Pure. */
static struct vcpu *apic_map_lookup(const struct vm *vm, uint32_t apic_id)
{
	return apic_id < vm->nr_vcpus ? vm->vcpus[apic_id] : NULL;
}

static enum flow apic_map_exit_path(struct path *p, void *frame)
{
	struct route_exit *f = frame;

	PATH_BEGIN(p);
	SPEND(COST(p, C_APIC_MAP));
	f->target = apic_map_lookup(f->vcpu->vm, f->request->apic_id);
	if (f->target)
		CALL(lapic_accept, .vcpu = f->target, .irq = request_routed(f->vcpu, f->target));
	DONE(0);
	PATH_END(p);
}

const struct route_ops route_apic_map = {
	.name    = "apic-map",
	.summary = "trapped ICR write, target by the VM's map of APIC ids",
	.arch    = ARCH_X86,
	.class   = ROUTE_IPI,
	.since   = KERNEL(3, 7),
	.exit    = apic_map_exit_path,
};
