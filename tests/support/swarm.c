/*
 * swarm - picking worlds.
 */
#include "tests/support/swarm.h"

#include <string.h>

#include "sim/arena.h"

/* --- dice ---------------------------------------------------------------------------------- */

/* One of 0 .. n - 1. */
static uint32_t pick(struct swarm *swarm, uint32_t n)
{
	return (uint32_t)(stream_u64(&swarm->dice) >> 32) % n;
}

static bool chance(struct swarm *swarm, uint32_t percent)
{
	return pick(swarm, 100) < percent;
}

/* nr different numbers below limit, in any order. */
static void pick_distinct(struct swarm *swarm, uint64_t *numbers, uint32_t nr, uint32_t limit)
{
	for (uint32_t i = 0; i < nr; i++) {
		bool again = true;

		while (again) {
			numbers[i] = pick(swarm, limit);
			again = false;
			for (uint32_t j = 0; j < i; j++)
				again |= numbers[j] == numbers[i];
		}
	}
}

/* --- worlds -------------------------------------------------------------------------------- */

static struct dist pick_cost(struct swarm *swarm, uint32_t max_ns)
{
	ps_t ps = (1 + pick(swarm, max_ns)) * PS_PER_NS;
	struct dist_point points[2] = { { ps, 9 }, { 10 * ps, 1 } };

	switch (pick(swarm, 10)) {
	case 0:
	case 1:
	case 2:
		return dist_constant(0);
	case 3:
		return dist_uniform(0, ps);
	case 4:
		return dist_exponential(ps);
	case 5:
		return dist_table(dist_table_new(swarm->arena, points, 2));
	default:
		return dist_constant(ps);
	}
}

static void pick_host(struct swarm *swarm)
{
	static const uint32_t kernels[] = {
		KERNEL(5, 4), KERNEL(5, 17), KERNEL(6, 5), KERNEL(6, 8), KERNEL(6, 18),
	};
	struct host_config *config = &swarm->config;

	config->topology = (struct topology){
		1 + pick(swarm, 2), 1 + pick(swarm, 2), 1 + pick(swarm, 6), 1 + pick(swarm, 2),
	};
	if (chance(swarm, 10))
		config->topology.nr_cores = 33;
	config->nr_pcpus = (uint32_t)topology_nr_pcpus(&config->topology);
	config->kernel = kernels[pick(swarm, 5)];
	config->costs = swarm->costs;
	config->warmup_interrupts = chance(swarm, 50) ? 0 : 1 + pick(swarm, 20);
	config->stop_interrupts = UINT64_MAX;
	for (int id = 0; id < NR_COSTS; id++)
		swarm->costs[id].dist = pick_cost(swarm, id == C_VCPU_WALK_STEP ? 30 : 400);
}

/* Affinities that are all different; some have Aff0 above 15 or so many bits that no table fits. */
static void pick_mpidrs(struct swarm *swarm, struct vm_config *vm, uint64_t *mpidrs)
{
	uint64_t aff0 = chance(swarm, 80) ? 0 : 16;
	uint32_t shift = chance(swarm, 50) ? 8 : 17;
	bool hostile = chance(swarm, 30);

	pick_distinct(swarm, mpidrs, vm->nr_vcpus, 512);
	for (uint32_t i = 0; i < vm->nr_vcpus; i++) {
		uint64_t above = hostile ? UINT64_C(1) << (8 + i) : mpidrs[i] / 16 << shift;

		mpidrs[i] = above | mpidrs[i] % 16 | aff0;
	}
	vm->mpidr = (struct id_list){ .word = -1, .nr_ids = vm->nr_vcpus, .ids = mpidrs };
}

static void pick_vm(struct swarm *swarm, uint32_t nr_free)
{
	static const char *const routes[] = { "linear-walk", "mpidr-hash" };
	uint32_t index = swarm->nr_vms++;
	struct vm_config *vm = &swarm->vms[index];
	uint32_t max_vcpus = chance(swarm, 20) ? SWARM_VCPUS : 5;

	*vm = (struct vm_config){
		.name = "vm",
		.nr_vcpus = 1 + pick(swarm, nr_free < max_vcpus ? nr_free : max_vcpus),
		.page_bytes = UINT64_C(4096) << 2 * pick(swarm, 3),
		.nr_list_registers = 2 + pick(swarm, 4),
	};
	vm->routes[ROUTE_IPI].ops = route_by_name(routes[pick(swarm, 2)]);
	if (chance(swarm, 50))
		pick_mpidrs(swarm, vm, swarm->mpidrs[index]);
	swarm->nr_vcpus += vm->nr_vcpus;
}

/* Every vCPU has a pCPU of its own, anywhere. */
static void pick_pins(struct swarm *swarm)
{
	uint64_t pcpus[SWARM_VMS * SWARM_VCPUS];
	uint32_t next = 0;

	pick_distinct(swarm, pcpus, swarm->nr_vcpus, swarm->config.nr_pcpus);
	for (uint32_t i = 0; i < swarm->nr_vms; i++) {
		struct vm_config *vm = &swarm->vms[i];

		memcpy(swarm->pins[i], &pcpus[next], vm->nr_vcpus * sizeof(pcpus[0]));
		next += vm->nr_vcpus;
		vm->pin = (struct id_list){
			.word = -1, .nr_ids = vm->nr_vcpus, .ids = swarm->pins[i],
		};
	}
}

/* Some different vCPUs of a VM, as a list. */
static struct id_list pick_ids(struct swarm *swarm, uint64_t *ids, uint32_t nr_vcpus)
{
	uint32_t nr_ids = 1 + pick(swarm, nr_vcpus < SWARM_IDS ? nr_vcpus : SWARM_IDS);

	pick_distinct(swarm, ids, nr_ids, nr_vcpus);
	return (struct id_list){ .word = -1, .nr_ids = nr_ids, .ids = ids };
}

static void pick_targets(struct swarm *swarm, struct ipi_params *ipi, const struct vm_config *vm)
{
	ipi->to.word = (int)pick(swarm, IPI_TO_MASK + 2);
	if (ipi->to.word > IPI_TO_MASK)
		ipi->to = pick_ids(swarm, swarm->to[swarm->nr_workloads], vm->nr_vcpus);
	ipi->target_list = 1 + pick(swarm, 0xffff);
	if (vm->mpidr.word < 0)
		ipi->affinity = vm->mpidr.ids[pick(swarm, vm->nr_vcpus)] >> 8;
	else
		ipi->affinity = pick(swarm, 2);
}

static void pick_workload(struct swarm *swarm)
{
	uint32_t index = swarm->nr_workloads, vm_index = pick(swarm, swarm->nr_vms);
	const struct vm_config *vm = &swarm->vms[vm_index];
	struct ipi_params *ipi = &swarm->ipis[index];
	const char *key;

	*ipi = (struct ipi_params){
		.from = { .word = IPI_FROM_ALL },
		.intid = pick(swarm, chance(swarm, 50) ? 3 : 16),
		.process = (int)pick(swarm, 3),
		.rate_per_s = UINT64_C(20000) << pick(swarm, 10),
		.gap_ps = pick(swarm, 2) * pick(swarm, 5000) * PS_PER_NS,
		.count = 1 + pick(swarm, 20),
		.ack = (int)pick(swarm, 2),
		.receiver = (int)pick(swarm, 2),
		.work_ps = (500 + pick(swarm, 10000)) * PS_PER_NS,
		.handler_ps = pick(swarm, 2) * pick(swarm, 3000) * PS_PER_NS,
	};
	if (chance(swarm, 50))
		ipi->from = pick_ids(swarm, swarm->from[index], vm->nr_vcpus);
	pick_targets(swarm, ipi, vm);
	if (ipi_check(ipi, vm, &key))
		return;
	swarm->workloads[index] = (struct workload_config){
		.name = "ipi", .vm_index = vm_index, .ops = &workload_ipi, .params = ipi,
	};
	swarm->nr_workloads++;
	swarm->nr_requests += ipi->count *
			      (ipi->from.word < 0 ? ipi->from.nr_ids : vm->nr_vcpus);
}

void swarm_pick(struct swarm *swarm, struct arena *arena, uint64_t seed)
{
	uint32_t nr_vms;

	*swarm = (struct swarm){ .arena = arena };
	stream_init(&swarm->dice, seed, 0, "swarm");
	pick_host(swarm);
	nr_vms = 1 + pick(swarm, SWARM_VMS);
	for (uint32_t i = 0; i < nr_vms && swarm->nr_vcpus < swarm->config.nr_pcpus; i++)
		pick_vm(swarm, swarm->config.nr_pcpus - swarm->nr_vcpus);
	pick_pins(swarm);
	for (uint32_t nr = 1 + pick(swarm, SWARM_WORKLOADS); nr > 0; nr--)
		pick_workload(swarm);
}
