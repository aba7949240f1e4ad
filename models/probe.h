/*
 * probe - functions of the host's kernel that may be traced while a benchmark runs.
 *
 * A traced function takes probe_overhead once per call, between the probe at its entry and the one
 * at its return: what such a pair times contains that part of itself. Which functions are traced is
 * part of the host's configuration; nothing else knows.
 * Leaves out: the part of the probes' own time before the first and after the second clock.
 */
#ifndef MODELS_PROBE_H
#define MODELS_PROBE_H

#include "models/context.h"
#include "models/host.h"

enum probe {
	PROBE_DISPATCH_SGI,		/* vgic_v3_dispatch_sgi() */
	PROBE_DELIVERY_TO_APIC,		/* kvm_irq_delivery_to_apic() */
	NR_PROBES
};

struct probe_row {
	const char *name;		/* of the kernel function: the word in scenarios */
	enum arch arch;
};

extern const struct probe_row probe_rows[NR_PROBES];

/* What the probe of this function takes of the context: nothing when it is not traced. */
static inline ps_t probe_ps(struct context *context, enum probe probe)
{
	return context->host->config.probes >> probe & 1 ?
		       context_cost(context, C_PROBE_OVERHEAD) :
		       0;
}

#define PROBE(p, probe) probe_ps(context_of(p), (probe))

#endif
