/*
 * request - raising what a write names, and handing it to the route.
 */
#include "models/request.h"

#include <stddef.h>

#include "models/host.h"
#include "models/mpidr.h"
#include "models/points.h"
#include "models/vcpu.h"
#include "sim/sim.h"

struct sgi_request request_to(const struct vcpu *target, uint32_t intid)
{
	struct sgi_request request = { .intid = intid, .intended_ps = PS_NEVER };

	if (vcpu_is_x86(target)) {
		request.apic_id = target->apic_id;
	} else {
		request.affinity = target->mpidr >> MPIDR_AFF0_BITS;
		request.target_list = 1u << (target->mpidr & (SGI_TARGETS - 1));
	}
	return request;
}

bool request_names(const struct sgi_request *request, const struct vcpu *sender,
		   const struct vcpu *vcpu)
{
	if (request->broadcast)
		return vcpu != sender;
	if (vcpu_is_x86(vcpu))
		return vcpu->apic_id == request->apic_id;
	return mpidr_match(request, request->target_list, vcpu->mpidr) >= 0;
}

void request_begin(struct vcpu *sender, const struct sgi_request *request, uint32_t nr_targets)
{
	struct host *host = sender->host;

	sim_assert(sender->request.irqs == NULL);
	sim_assert(request->target_list >> 16 == 0);
	sender->request = *request;
	sender->request.irqs = NULL;
	sender->request.last = NULL;
	host->life.nr_requests++;
	sim_trace(host->sim, POINT_REQUEST, sender->id, nr_targets, host->life.nr_raised);
}

struct irq *request_raise(struct vcpu *sender, struct vcpu *target)
{
	struct sgi_request *request = &sender->request;
	struct irq *irq = irq_raise(sender->host, sender, target, request->intid);

	if (request->last)
		request->last->next = irq;
	else
		request->irqs = irq;
	request->last = irq;
	return irq;
}

struct irq *request_routed(struct vcpu *sender, struct vcpu *target)
{
	struct irq **link = &sender->request.irqs;
	struct irq *irq;

	while (*link && (*link)->to != target)
		link = &(*link)->next;
	irq = *link;
	sim_assert(irq != NULL);
	*link = irq->next;
	irq->next = NULL;
	sim_trace(sender->host->sim, POINT_ROUTED, sender->id, target->id, irq->id);
	return irq;
}

void request_end(struct vcpu *sender)
{
	struct irq *irq;

	while ((irq = sender->request.irqs) != NULL) {
		sender->request.irqs = irq->next;
		irq_drop(sender->host, irq, IRQ_DROP_NO_ROUTE);
	}
	sender->request.last = NULL;
}
