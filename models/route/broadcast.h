/*
 * broadcast - IRM = 1: every vCPU of the VM but the sender, one injection after the other.
 *
 * Shared by the routes that look single targets up. Not a strategy: every kernel does it so.
 */
#ifndef MODELS_ROUTE_BROADCAST_H
#define MODELS_ROUTE_BROADCAST_H

#include <stdint.h>

#include "sim/path.h"

struct vcpu;

/* Frame; vCPU thread, irqs on. Follows vgic_v3_dispatch_sgi(), Linux v6.7 on. */
struct route_broadcast {
	struct vcpu *vcpu;		/* the sender */
	struct vcpu *target;
	uint32_t index;
};
enum flow route_broadcast_path(struct path *p, void *frame);

#endif
