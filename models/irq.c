/*
 * irq - raising, fates, and the count that must come out.
 */
#include "models/irq.h"

#include "models/host.h"
#include "models/points.h"
#include "models/vcpu.h"
#include "models/vgic.h"
#include "sim/arena.h"
#include "sim/sim.h"

const char *const irq_drop_words[NR_IRQ_DROPS] = {
	[IRQ_DROP_NO_ROUTE] = "no-route",
};

struct irq *irq_raise(struct host *host, struct vcpu *from, struct vcpu *to, uint32_t intid)
{
	struct irq_life *life = &host->life;
	struct irq *irq = life->free;

	if (irq)
		life->free = irq->next;
	else
		irq = ARENA_NEW(host->arena, struct irq);
	*irq = (struct irq){
		.id = life->nr_raised++, .from = from, .to = to, .intid = intid, .nr_users = 1,
	};
	sim_trace(host->sim, POINT_RAISED, from->id, to->id, irq->id);
	return irq;
}

void irq_put(struct host *host, struct irq *irq)
{
	struct irq_life *life = &host->life;

	sim_assert(irq->nr_users > 0);
	if (--irq->nr_users)
		return;
	life->nr_finished++;
	if (host->window_open && irq->id >= life->first_measured)
		life->nr_measured++;
	irq->next = life->free;
	life->free = irq;
	host_measure(host);
}

void irq_handled(struct host *host, struct irq *irq)
{
	sim_assert(!irq->handled);
	irq->handled = true;
	host->life.nr_handled++;
	sim_trace(host->sim, POINT_HANDLED, 0, irq->to->id, irq->id);
}

void irq_coalesce(struct host *host, struct irq *irq)
{
	host->life.nr_coalesced++;
	sim_trace(host->sim, POINT_COALESCED, 0, irq->to->id, irq->id);
	irq_put(host, irq);
}

void irq_drop(struct host *host, struct irq *irq, enum irq_drop reason)
{
	host->life.nr_dropped[reason]++;
	sim_trace(host->sim, POINT_DROPPED, irq->from->id, (uint32_t)reason, irq->id);
	irq_put(host, irq);
}

void irq_eoi(struct host *host, struct irq *irq)
{
	sim_trace(host->sim, POINT_EOI, 0, irq->to->id, irq->id);
	irq_put(host, irq);
}

uint64_t irq_nr_dropped(const struct irq_life *life)
{
	uint64_t nr_dropped = 0;

	for (int reason = 0; reason < NR_IRQ_DROPS; reason++)
		nr_dropped += life->nr_dropped[reason];
	return nr_dropped;
}

uint64_t irq_count_pending(const struct host *host)
{
	uint64_t nr_pending = host->life.nr_at_source;

	for (uint32_t i = 0; i < host->nr_vcpus; i++) {
		const struct vcpu *vcpu = host->vcpus[i];

		nr_pending += vgic_count_pending(&vcpu->vgic);
		nr_pending += lapic_count_pending(&vcpu->lapic);
		for (const struct irq *irq = vcpu->request.irqs; irq; irq = irq->next)
			nr_pending++;
	}
	return nr_pending;
}
