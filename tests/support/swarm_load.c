/*
 * swarm_load - picking workloads, of guests and of the host, each with an end.
 */
#include <stdio.h>
#include <string.h>

#include "models/workload/threads.h"
#include "tests/support/swarm.h"

/* Some different numbers, as a list. */
static struct id_list pick_ids(struct swarm *swarm, uint64_t *ids, uint32_t limit)
{
	uint32_t nr_ids = 1 + swarm_roll(swarm, limit < SWARM_IDS ? limit : SWARM_IDS);

	swarm_roll_distinct(swarm, ids, nr_ids, limit);
	return (struct id_list){ .word = -1, .nr_ids = nr_ids, .ids = ids };
}

/* --- of guests ------------------------------------------------------------------------------ */

/* Few of them, so that they meet; of few priorities. */
static uint32_t pick_vector(struct swarm *swarm)
{
	return 16 + swarm_roll(swarm, 4) * 16 + swarm_roll(swarm, 2);
}

static void pick_targets(struct swarm *swarm, struct swarm_load *load, const struct vm_config *vm)
{
	struct ipi_params *ipi = &load->ipi;

	ipi->to.word = (int)swarm_roll(swarm, IPI_TO_MASK + 2);
	if (ipi->to.word > IPI_TO_MASK)
		ipi->to = pick_ids(swarm, load->to, vm->nr_vcpus);
	ipi->target_list = 1 + swarm_roll(swarm, 0xffff);
	if (vm->mpidr.word < 0)
		ipi->affinity = vm->mpidr.ids[swarm_roll(swarm, vm->nr_vcpus)] >> 8;
	else
		ipi->affinity = swarm_roll(swarm, 2);
}

/* These say how many requests they make. */
static uint64_t pick_ipi(struct swarm *swarm, struct swarm_load *load, uint32_t vm_index)
{
	const struct vm_config *vm = &swarm->vms[vm_index];
	const struct swarm_guest *guest = &swarm->guests[vm_index];
	struct ipi_params *ipi = &load->ipi;

	*ipi = (struct ipi_params){
		.from = { .word = IPI_FROM_ALL },
		.intid = swarm_roll(swarm, swarm_chance(swarm, 50) ? 3 : 16),
		.vector = pick_vector(swarm),
		.process = (int)swarm_roll(swarm, 3),
		.rate_per_s = UINT64_C(20000) << swarm_roll(swarm, 10),
		.gap_ps = swarm_roll(swarm, 2) * swarm_roll(swarm, 5000) * PS_PER_NS,
		.overhead_ps = swarm_roll(swarm, 2) * swarm_roll(swarm, 1000) * PS_PER_NS,
		.count = 1 + swarm_roll(swarm, swarm->slow ? 3 : 20),
		.ack = guest->ack,
		.receiver = guest->receiver,
		.work_ps = guest->work_ps,
		.handler_ps = swarm_roll(swarm, 2) * swarm_roll(swarm, 3000) * PS_PER_NS,
	};
	if (swarm_chance(swarm, 60))
		ipi->from = pick_ids(swarm, load->from, vm->nr_vcpus);
	pick_targets(swarm, load, vm);
	return ipi->count * (ipi->from.word < 0 ? ipi->from.nr_ids : vm->nr_vcpus);
}

static uint64_t pick_ping_pong(struct swarm *swarm, struct swarm_load *load, uint32_t vm_index)
{
	uint32_t nr_vcpus = swarm->vms[vm_index].nr_vcpus;

	load->ping_pong = (struct ping_pong_params){
		.a = swarm_roll(swarm, nr_vcpus),
		.b = swarm_roll(swarm, nr_vcpus),
		.intid = swarm_roll(swarm, 16),
		.vector = pick_vector(swarm),
		.work_ps = swarm_pause(swarm, 30 * PS_PER_US),
		.gap_ps = swarm_pause(swarm, 300 * PS_PER_US),
		.count = 1 + swarm_roll(swarm, swarm->slow ? 5 : 20),
		.handler_ps = swarm_pause(swarm, 2 * PS_PER_US),
	};
	return 2 * load->ping_pong.count;
}

static uint64_t pick_timer(struct swarm *swarm, struct swarm_load *load, uint32_t vm_index)
{
	load->timer = (struct timer_params){
		.vcpus = { .word = TIMER_ALL },
		.period_ps = (20 + swarm_roll(swarm, 400)) * PS_PER_US,
		.count = 1 + swarm_roll(swarm, 6),
		.handler_ps = swarm_pause(swarm, 3 * PS_PER_US),
	};
	if (swarm_chance(swarm, 50))
		load->timer.vcpus = pick_ids(swarm, load->from, swarm->vms[vm_index].nr_vcpus);
	return 0;
}

/* --- of the host ---------------------------------------------------------------------------- */

static struct id_list pick_pin(struct swarm *swarm, struct swarm_load *load)
{
	if (swarm_chance(swarm, 30))
		return pick_ids(swarm, load->from, swarm->config.nr_pcpus);
	return (struct id_list){ .word = (int)swarm_roll(swarm, THREADS_FLOAT + 1) };
}

static uint64_t pick_lock(struct swarm *swarm, struct swarm_load *load, uint32_t vm_index)
{
	uint32_t nr_threads = 1 + swarm_roll(swarm, 8);

	(void)vm_index;
	load->lock = (struct lock_params){
		.nr_threads = nr_threads,
		.pin = pick_pin(swarm, load),
		.kind = (int)swarm_roll(swarm, LOCK_WORKLOAD_MUTEX + 1),
		.nr_instances = 1 + swarm_roll(swarm, swarm_chance(swarm, 70) ? 1 : nr_threads),
		.irqs_off = swarm_chance(swarm, 40),
		.gap_ps = swarm_pause(swarm, 20 * PS_PER_US),
		.gap_draw = (int)swarm_roll(swarm, 2),
		.work_ps = swarm_pause(swarm, (swarm_chance(swarm, 30) ? 30 : 2) * PS_PER_US),
		.work_draw = (int)swarm_roll(swarm, 2),
		.nr_lines = swarm_roll(swarm, 4),
		.count = 1 + swarm_roll(swarm, 30),
	};
	return 0;
}

static uint64_t pick_compute(struct swarm *swarm, struct swarm_load *load, uint32_t vm_index)
{
	(void)vm_index;
	load->compute = (struct compute_params){
		.nr_threads = 1 + swarm_roll(swarm, 5),
		.pin = pick_pin(swarm, load),
		.work_ps = (1 + swarm_roll(swarm, 200)) * PS_PER_US,
		.work_draw = (int)swarm_roll(swarm, 2),
		.sleep_ps = swarm_pause(swarm, 100 * PS_PER_US),
		.sleep_draw = (int)swarm_roll(swarm, 2),
		.count = 1 + swarm_roll(swarm, 10),
	};
	return 0;
}

/* Of a host with one pCPU it makes no sense. */
static uint64_t pick_line(struct swarm *swarm, struct swarm_load *load, uint32_t vm_index)
{
	uint32_t nr_ids = swarm->config.nr_pcpus < 2 ? 1 : 2;

	(void)vm_index;
	swarm_roll_distinct(swarm, load->from, nr_ids, swarm->config.nr_pcpus);
	load->line = (struct line_params){
		.pin = { .word = -1, .nr_ids = nr_ids, .ids = load->from },
		.count = 1 + swarm_roll(swarm, swarm->slow ? 3 : 50),
	};
	return 0;
}

/* --- any ------------------------------------------------------------------------------------ */

static const struct load_type {
	const struct workload_ops *ops;
	uint64_t (*pick)(struct swarm *swarm, struct swarm_load *load, uint32_t vm_index);
	uint32_t weight;		/* of 100 */
} load_types[] = {
	{ &workload_lock, pick_lock, 14 },
	{ &workload_compute, pick_compute, 12 },
	{ &workload_line, pick_line, 4 },
	{ &workload_ipi, pick_ipi, 40 },
	{ &workload_ping_pong, pick_ping_pong, 20 },
	{ &workload_timer, pick_timer, 10 },
};

/* Those of the host come first, and are all that there are without VMs. */
static const struct load_type *pick_type(struct swarm *swarm)
{
	const struct load_type *type = load_types;
	uint32_t roll = swarm_roll(swarm, swarm->nr_vms ? 100 : 30);

	for (; roll >= type->weight; type++)
		roll -= type->weight;
	return type;
}

static void pick_workload(struct swarm *swarm)
{
	uint32_t index = swarm->nr_workloads;
	uint32_t vm_index = swarm->nr_vms ? swarm_roll(swarm, swarm->nr_vms) : 0;
	const struct load_type *type = pick_type(swarm);
	const struct vm_config *vm = swarm->nr_vms ? &swarm->vms[vm_index] : NULL;
	struct swarm_load *load = &swarm->loads[index];
	uint64_t nr_requests = type->pick(swarm, load, vm_index);
	const char *key;

	if (!(type->ops->archs & 1u << swarm->config.arch))
		return;
	if (type->ops->check && type->ops->check(&load->ipi, vm, &key))
		return;			/* it makes no sense; every load lies where ipi does */
	snprintf(load->name, sizeof(load->name), "load%u", (unsigned int)index);
	swarm->workloads[index] = (struct workload_config){
		.name = load->name, .index = index, .vm_index = vm_index,
		.ops = type->ops, .params = &load->ipi,
	};
	swarm->nr_workloads++;
	swarm->nr_requests += nr_requests;
}

void swarm_pick_workloads(struct swarm *swarm)
{
	for (uint32_t nr = 1 + swarm_roll(swarm, SWARM_WORKLOADS); nr > 0; nr--)
		pick_workload(swarm);
}
