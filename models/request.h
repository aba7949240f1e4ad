/*
 * request - one write to ICC_SGI1R_EL1, on x86 to the ICR: what the guest asks, and the interrupts
 * that it raises.
 *
 * Embedded in the sending vCPU, which has one request at a time: the write traps, and the guest
 * goes on when the host is done. One interrupt is raised per target that exists; the route finds
 * the targets again, at its cost, and takes each interrupt once.
 */
#ifndef MODELS_REQUEST_H
#define MODELS_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "models/irq.h"

struct vcpu;

struct sgi_request {
	uint32_t intid;			/* arm64: 4 bits; x86: the vector */
	uint32_t affinity;		/* arm64: Aff3.Aff2.Aff1 of the targets, 8 bits each */
	uint32_t target_list;		/* arm64: bit n: Aff0 is n; 16 bits */
	bool broadcast;			/* arm64: IRM = 1: everybody but the sender */
	uint32_t apic_id;		/* x86, physical mode: of the target */
	ps_t intended_ps;		/* the arrival behind it; PS_NEVER: no open loop */
	ps_t ahead_ps;			/* the sender's clock was read that long before the write */
	uint32_t flow;			/* workload that writes, by its index in the scenario */
	struct irq *irqs;		/* raised, not yet taken by the route */
	struct irq *last;
};

/* Names this vCPU, alone. On arm64 its Aff0 must be below 16. */
struct sgi_request request_to(const struct vcpu *target, uint32_t intid);

/* Does the request name that vCPU? Pure. */
bool request_names(const struct sgi_request *request, const struct vcpu *sender,
		   const struct vcpu *vcpu);

/* The write, without interrupts yet. */
void request_begin(struct vcpu *sender, const struct sgi_request *request, uint32_t nr_targets);

/* One interrupt for one target that exists. One user more when the sender waits for its ack. */
struct irq *request_raise(struct vcpu *sender, struct vcpu *target);

/* The route has found `target`: its interrupt, which leaves the request. Traces POINT_ROUTED. */
struct irq *request_routed(struct vcpu *sender, struct vcpu *target);

/* The route is done: what it did not find is dropped. */
void request_end(struct vcpu *sender);

#endif
