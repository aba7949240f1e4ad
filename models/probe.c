/*
 * probe - the functions by name.
 */
#include "models/probe.h"

const struct probe_row probe_rows[NR_PROBES] = {
	[PROBE_DISPATCH_SGI] = { "vgic_v3_dispatch_sgi", ARCH_ARM64 },
	[PROBE_DELIVERY_TO_APIC] = { "kvm_irq_delivery_to_apic", ARCH_X86 },
};
