/*
 * swarm_vms - picking VMs: how many vCPUs, where they run, what they do when they are idle.
 */
#include <string.h>

#include "models/guest.h"
#include "models/halt_poll.h"
#include "tests/support/swarm.h"

/* Affinities that are all different; some have Aff0 above 15 or so many bits that no table fits. */
static void pick_mpidrs(struct swarm *swarm, struct vm_config *vm, uint64_t *mpidrs)
{
	uint64_t aff0 = swarm_chance(swarm, 80) ? 0 : 16;
	uint32_t shift = swarm_chance(swarm, 50) ? 8 : 17;
	bool hostile = swarm_chance(swarm, 30);

	swarm_roll_distinct(swarm, mpidrs, vm->nr_vcpus, 512);
	for (uint32_t i = 0; i < vm->nr_vcpus; i++) {
		uint64_t above = hostile ? UINT64_C(1) << (8 + i) : mpidrs[i] / 16 << shift;

		mpidrs[i] = above | mpidrs[i] % 16 | aff0;
	}
	vm->mpidr = (struct id_list){ .word = -1, .nr_ids = vm->nr_vcpus, .ids = mpidrs };
}

static void pick_halt_poll(struct swarm *swarm, struct vm_config *vm)
{
	struct halt_poll_params *params = &vm->halt_poll;

	*params = halt_poll_unset;
	if (swarm_chance(swarm, 20))
		params->policy = HALT_POLL_ALWAYS;
	if (swarm_chance(swarm, 80))
		params->max_ps = swarm_pause(swarm, 100 * PS_PER_US);
	params->grow = swarm_chance(swarm, 70) ? 2 : swarm_roll(swarm, 4);
	if (swarm_chance(swarm, 50))
		params->grow_start_ps = swarm_pause(swarm, 30 * PS_PER_US);
	if (swarm_chance(swarm, 50))
		params->shrink = swarm_roll(swarm, 4);
	halt_poll_fill(params, swarm->config.arch, swarm->config.kernel);
}

/* nr_max: with a pCPU for each. */
static void pick_vm(struct swarm *swarm, uint32_t nr_max)
{
	static const char *const routes[] = { "linear-walk", "mpidr-hash" };
	bool x86 = swarm->config.arch == ARCH_X86;
	uint32_t index = swarm->nr_vms++;
	struct vm_config *vm = &swarm->vms[index];
	uint32_t max_vcpus = swarm_chance(swarm, 20) ? SWARM_VCPUS : 5;

	*vm = (struct vm_config){
		.name = "vm",
		.nr_vcpus = 1 + swarm_roll(swarm, nr_max < max_vcpus ? nr_max : max_vcpus),
		.page_bytes = UINT64_C(4096) << 2 * swarm_roll(swarm, 3),
		.nr_list_registers = 2 + swarm_roll(swarm, 4),
		.idle = (int)swarm_roll(swarm, GUEST_IDLE_HALTPOLL + 1),
	};
	vm->routes[ROUTE_IPI].ops = route_by_name(x86 ? "apic-map" : routes[swarm_roll(swarm, 2)]);
	if (!x86 && swarm_chance(swarm, 50))
		pick_mpidrs(swarm, vm, swarm->mpidrs[index]);
	pick_halt_poll(swarm, vm);
	swarm->guests[index] = (struct swarm_guest){
		.receiver = (int)(swarm_chance(swarm, 50) ? IPI_IDLE : swarm_roll(swarm, 3)),
		.ack = (int)swarm_roll(swarm, 2),
		.work_ps = (500 + swarm_roll(swarm, 10000)) * PS_PER_NS,
	};
	swarm->nr_vcpus += vm->nr_vcpus;
}

static void set_pins(struct swarm *swarm, uint32_t index)
{
	swarm->vms[index].pin = (struct id_list){
		.word = -1, .nr_ids = swarm->vms[index].nr_vcpus, .ids = swarm->pins[index],
	};
}

/* Every vCPU has a pCPU of its own, anywhere. */
static void pick_own_pcpus(struct swarm *swarm)
{
	uint64_t pcpus[SWARM_VMS * SWARM_VCPUS];
	uint32_t next = 0;

	swarm_roll_distinct(swarm, pcpus, swarm->nr_vcpus, swarm->config.nr_pcpus);
	for (uint32_t i = 0; i < swarm->nr_vms; i++) {
		uint32_t nr_vcpus = swarm->vms[i].nr_vcpus;

		memcpy(swarm->pins[i], &pcpus[next], nr_vcpus * sizeof(pcpus[0]));
		next += nr_vcpus;
		set_pins(swarm, i);
	}
}

/* Every VM for itself: in order, floating, or on few pCPUs, several vCPUs on one. */
static void pick_shared_pcpus(struct swarm *swarm, uint32_t index)
{
	struct vm_config *vm = &swarm->vms[index];
	uint32_t nr_pcpus = swarm->config.nr_pcpus;
	uint32_t first = swarm_roll(swarm, nr_pcpus);
	uint32_t width = 1 + swarm_roll(swarm, nr_pcpus < vm->nr_vcpus ? nr_pcpus : vm->nr_vcpus);

	swarm->first_pcpus[index] = first;
	vm->pin.word = PIN_FLOAT;
	if (swarm_chance(swarm, 40))
		return;
	vm->pin.word = PIN_ONE_TO_ONE;
	if (swarm_chance(swarm, 30) && first + vm->nr_vcpus <= nr_pcpus)
		return;
	for (uint32_t i = 0; i < vm->nr_vcpus; i++)
		swarm->pins[index][i] = (first + swarm_roll(swarm, width)) % nr_pcpus;
	set_pins(swarm, index);
}

void swarm_pick_vms(struct swarm *swarm)
{
	bool own = swarm_chance(swarm, 30);
	uint32_t nr_pcpus = swarm->config.nr_pcpus;
	uint32_t nr_max = swarm->slow ? nr_pcpus * 2 : nr_pcpus * 8;

	if (own)
		nr_max = nr_pcpus;
	for (uint32_t nr = 1 + swarm_roll(swarm, SWARM_VMS); nr; nr--)
		if (swarm->nr_vcpus < nr_max)
			pick_vm(swarm, nr_max - swarm->nr_vcpus);
	if (own)
		pick_own_pcpus(swarm);
	for (uint32_t i = 0; !own && i < swarm->nr_vms; i++)
		pick_shared_pcpus(swarm, i);
}
