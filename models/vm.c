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

/* pcpu: where its thread is pinned, or where it begins. */
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
	vcpu->apic_id = index;
	vcpu->pcpu = pcpu;
	host->vcpus[vcpu->id] = vcpu;
	snprintf(name, sizeof(name), "vcpu%u/thread", (unsigned int)vcpu->id);
	thread_init(&vcpu->thread, host, name, config->pin.word == PIN_FLOAT ? NULL : pcpu,
		    &vcpu_thread_ops);
	vcpu->thread.context.vcpu = vcpu;
	line_init(&vcpu->line, host);
	if (vcpu_is_x86(vcpu))
		lapic_init(&vcpu->lapic, host);
	else
		vgic_init(&vcpu->vgic, &vm->lock_classes, config->nr_list_registers);
	guest_init(vcpu);
	return vcpu;
}

/* Those of the VGIC. Lock classes are the host's: the first VM makes them. */
static void vm_find_lock_classes(struct vm *vm)
{
	struct host *host = vm->host;

	if (host->config.arch == ARCH_X86)
		return;
	if (host->nr_vms > 1) {
		vm->lock_classes = host->vms[0]->lock_classes;
		return;
	}
	vm->lock_classes.irq_lock = lock_class_new(host, lock_own_names[LOCK_OWN_IRQ], true);
	vm->lock_classes.ap_list_lock =
		lock_class_new(host, lock_own_names[LOCK_OWN_AP_LIST], true);
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
	vm->last_ran = ARENA_NEW_N(host->arena, const struct vcpu *, host->nr_pcpus);
	host->vms[host->nr_vms++] = vm;
	vm_find_lock_classes(vm);
	vm_make_routes(vm);
	for (uint32_t i = 0; i < config->nr_vcpus; i++) {
		uint32_t pcpu_id = config->pin.word == PIN_FLOAT ?
					   (first_pcpu + i) % host->nr_pcpus :
				   config->pin.word == PIN_ONE_TO_ONE ?
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

		if (vcpu_is_x86(vcpu))
			THREAD_PATH(&vcpu->thread, vcpu_run_x86, .vcpu = vcpu);
		else
			THREAD_PATH(&vcpu->thread, vcpu_run_arm64, .vcpu = vcpu);
		thread_start(&vcpu->thread, vcpu->pcpu);
		if (vcpu->thread.on_cpu)
			vcpu_start_loaded(vcpu);
	}
}
