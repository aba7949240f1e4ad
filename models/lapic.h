/*
 * lapic - the local APIC of a vCPU without hardware acceleration: x2APIC mode, fixed, edge.
 *
 * A sender sets a bit in the IRR of its target, with no lock, and kicks it. The target's thread
 * takes it at the next entry: from IRR to ISR, and into the guest as the entry's event; while the
 * guest has interrupts off it asks for an exit once they are on (interrupt window). With PV EOI a
 * guest ends an interrupt in memory when the host knows of no other one; else its EOI exits.
 * Follows arch/x86/kvm/lapic.c and x86.c (read in v5.4, v5.17, v6.8). IRR and ISR are lists of the
 * interrupts themselves: what no interrupt has used takes no memory.
 * Leaves out: the TPR, levels, NMI, INIT and SIPI, APICv and AVIC; the entry that is left at once
 * (req_immediate_exit) when an interrupt is injected again while another one is pending.
 */
#ifndef MODELS_LAPIC_H
#define MODELS_LAPIC_H

#include <stdbool.h>
#include <stdint.h>

#include "models/line.h"
#include "sim/path.h"

struct host;
struct irq;
struct vcpu;

/* KVM_APIC_PV_EOI_PENDING in the host, KVM_PV_EOI_BIT in the guest's memory. */
enum pv_eoi {
	PV_EOI_OFF,		/* an EOI exits */
	PV_EOI_ON,		/* the guest may clear the bit instead */
	PV_EOI_DONE,		/* it has, and the host has not seen it yet */
};

struct lapic {
	struct line line;		/* of the IRR, in the APIC's page */
	struct irq *irr;		/* pending, one per vector, the highest first */
	struct irq *isr;		/* injected, no EOI yet; they do not nest: at most one */
	uint32_t nr_arriving;		/* interrupts that are being accepted, not yet in the IRR */
	bool injected;			/* the one in the ISR is the next entry's event */
	bool cancelled;			/* that entry was aborted: it has to be injected again */
	bool window;			/* an exit is wanted once the guest's interrupts are on */
	enum pv_eoi pv_eoi;
};

void lapic_init(struct lapic *lapic, struct host *host);

/*
 * __apic_accept_irq() and what it calls: IRR, request, kick. Any host context. Traces the fate of
 * `irq`.
 */
struct lapic_accept {
	struct vcpu *vcpu;		/* target */
	struct irq *irq;		/* may be gone once it is merged: then the two below */
	uint64_t irq_id;
	uint32_t from_id;		/* sending vCPU */
};
enum flow lapic_accept_path(struct path *p, void *frame);

/* kvm_check_and_inject_events(), kvm_lapic_sync_to_vapic(). The vCPU's thread, before entry. */
struct lapic_inject {
	struct vcpu *vcpu;
};
enum flow lapic_inject_path(struct path *p, void *frame);

/* The entry was aborted: kvm_x86_ops.cancel_injection. */
void lapic_cancel_injection(struct vcpu *vcpu);

/* After an exit: kvm_lapic_sync_from_vapic(). An EOI that the guest made in memory is a request. */
void lapic_sync_from_guest(struct vcpu *vcpu);

/* kvm_cpu_has_interrupt(): p->ret is 1 if a halted vCPU could take one. Its thread. */
struct lapic_pending {
	struct vcpu *vcpu;
};
enum flow lapic_pending_path(struct path *p, void *frame);

/* The interrupt that would be injected next: in the IRR, above the ISR's priority. Pure. */
struct irq *lapic_highest(const struct lapic *lapic);

/* The guest takes the entry's event: its handler begins. NULL: the entry had none. */
struct irq *lapic_take_event(struct lapic *lapic);

/* The guest clears the PV EOI bit: true if it was set, and the interrupt is ended. */
bool lapic_end_in_memory(struct vcpu *vcpu);

/* The host handles the guest's EOI. */
void lapic_end(struct vcpu *vcpu);

/* Interrupts that wait here for the first instruction of a handler. */
uint64_t lapic_count_pending(const struct lapic *lapic);

#endif
