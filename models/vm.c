/*
 * vm - making a VM and its vCPUs.
 */
#include "models/vm.h"

#include <stdio.h>

#include "models/host.h"
#include "models/pcpu.h"
#include "models/vcpu.h"
#include "sim/arena.h"

/* reset_mpidr(): KVM's default affinity, 4 bits in Aff0 for the SGI's target list. */
static uint32_t default_mpidr(uint32_t index)
{
	return (index & 0xf) | (index >> 4 & 0xff) << 8 | (index >> 12 & 0xff) << 16;
}

static struct vcpu *vcpu_new(struct vm *vm, uint32_t index, struct pcpu *pcpu)
{
	struct host *host = vm->host;
	const struct vm_config *config = vm->config;
	struct vcpu *vcpu = ARENA_NEW(host->arena, struct vcpu);
	char name[32];

	vcpu->host = host;
	vcpu->vm = vm;
	vcpu->id = host->nr_vcpus++;
	vcpu->index = index;
	vcpu->mpidr = config->mpidr.word >= 0 ? default_mpidr(index) :
						(uint32_t)config->mpidr.ids[index];
	vcpu->pcpu = pcpu;
	host->vcpus[vcpu->id] = vcpu;
	snprintf(name, sizeof(name), "vcpu%u/thread", (unsigned int)vcpu->id);
	context_init(&vcpu->thread, host, CONTEXT_THREAD, name);
	vcpu->thread.vcpu = vcpu;
	line_init(&vcpu->line, host);
	vgic_init(&vcpu->vgic, &vm->lock_classes, config->nr_list_registers);
	guest_init(vcpu);
	return vcpu;
}

/* Lock classes are the host's: the first VM makes them. */
static void vm_find_lock_classes(struct vm *vm)
{
	struct host *host = vm->host;

	if (host->nr_vms > 1) {
		vm->lock_classes = host->vms[0]->lock_classes;
		return;
	}
	vm->lock_classes.irq_lock = lock_class_new(host, "irq_lock", true);
	vm->lock_classes.ap_list_lock = lock_class_new(host, "ap_list_lock", true);
}

static void vm_make_routes(struct vm *vm)
{
	for (int class = 0; class < NR_ROUTE_CLASSES; class++) {
		const struct route_ops *ops = vm->config->routes[class].ops;

		if (!ops)
			continue;
		vm->routes[class].ops = ops;
		vm->routes[class].params = vm->config->routes[class].params;
		if (ops->state_size)
			vm->routes[class].state = arena_alloc(vm->host->arena, ops->state_size);
	}
}

struct vm *vm_new(struct host *host, const struct vm_config *config, uint32_t first_pcpu)
{
	struct vm *vm = ARENA_NEW(host->arena, struct vm);

	vm->host = host;
	vm->config = config;
	vm->nr_vcpus = config->nr_vcpus;
	vm->vcpus = ARENA_NEW_N(host->arena, struct vcpu *, config->nr_vcpus);
	host->vms[host->nr_vms++] = vm;
	vm_find_lock_classes(vm);
	vm_make_routes(vm);
	for (uint32_t i = 0; i < config->nr_vcpus; i++) {
		uint32_t pcpu_id = config->pin.word == PIN_ONE_TO_ONE ?
					   first_pcpu + i :
					   (uint32_t)config->pin.ids[i];

		sim_assert(pcpu_id < host->nr_pcpus);
		vm->vcpus[i] = vcpu_new(vm, i, &host->pcpus[pcpu_id]);
	}
	return vm;
}

void vm_start(struct vm *vm)
{
	for (uint32_t i = 0; i < vm->nr_vcpus; i++) {
		struct vcpu *vcpu = vm->vcpus[i];

		sim_assert(!vcpu->pcpu->top);
		pcpu_push(vcpu->pcpu, &vcpu->thread);
		PATH_START(&vcpu->thread.path, vcpu_run, .vcpu = vcpu);
	}
}
