/*
 * vgic - the virtual GICv3 of a vCPU, as far as SGIs and PPIs need it: private interrupts, AP list,
 * list registers. What no interrupt has used yet does not exist: a quiet vCPU is small.
 *
 * Follows arch/arm64/kvm/vgic/vgic.c and vgic-v3.c (read in v5.4, v6.8, v6.18; same shape).
 * Lock order: ap_list_lock, then irq_lock, both with irqs off. The AP list is in FIFO order.
 * Leaves out: the sort of an AP list longer than the list registers, priorities (all equal, the
 * lowest INTID first), groups, the second and later passes over the list that only count it, the
 * level of a PPI's line (each rise is one interrupt).
 */
#ifndef MODELS_VGIC_H
#define MODELS_VGIC_H

#include <stdbool.h>
#include <stdint.h>

#include "models/lock.h"
#include "sim/path.h"

struct host;
struct irq;
struct vcpu;

enum { VGIC_NR_PRIVATE = 32, VGIC_LRS_MAX = 16 };	/* SGIs are 0 to 15, PPIs 16 to 31 */

/* One private interrupt of a vCPU: struct vgic_irq. Lock, links and INTID share a cache line. */
struct vgic_irq {
	struct lock lock;		/* protects what follows */
	uint32_t intid;
	struct irq *pending;		/* the latch: raised, and not in a list register */
	struct irq *active;		/* acknowledged, no EOI yet */
	bool queued;			/* on the AP list of its vCPU (vgic_irq->vcpu is set) */
	struct vgic_irq *next;		/* of the AP list; ap_list_lock protects it */
};

/* A list register: both set is pending and active. */
struct vgic_lr {
	struct vgic_irq *vgic_irq;	/* NULL: invalid */
	struct irq *pending, *active;
};

struct vgic {
	struct lock ap_list_lock;	/* protects the list; its line is the head's too */
	struct vgic_irq *first;
	uint32_t nr_arriving;		/* interrupts that are being injected, not yet latched */
	uint32_t nr_lrs;		/* of the hardware */
	uint32_t used_lrs;
	bool underflow;			/* list longer than the registers: maintenance wanted */
	struct vgic_lr *lrs;		/* nr_lrs; NULL: none was ever used */
	struct vgic_irq **private_irqs;	/* by INTID; NULL, each and all: never used */
};

struct vgic_lock_classes {
	struct lock_class *ap_list_lock, *irq_lock;
};

void vgic_init(struct vgic *vgic, const struct vgic_lock_classes *classes, uint32_t nr_lrs);

/* The vCPU's interrupt of this INTID, which is made if it is not there yet. */
struct vgic_irq *vgic_irq_get(struct vcpu *vcpu, uint32_t intid);

/* One more list register is in use. */
struct vgic_lr *vgic_use_lr(struct vcpu *vcpu);

/*
 * vgic_queue_irq_unlock() and its callers: latch, queue, kick. Any host context, any irq state.
 * Traces the fate of `irq`.
 */
struct vgic_inject {
	struct vcpu *vcpu;		/* target */
	struct irq *irq;		/* gone once it is latched or merged: then these two */
	uint64_t irq_id;
	uint32_t from_id;		/* sending vCPU */
	struct vgic_irq *vgic_irq;
	bool irqs_on;
	bool merged;
	bool kick;
};
enum flow vgic_inject_path(struct path *p, void *frame);

/* kvm_vgic_flush_hwstate(): AP list to list registers. vCPU thread, irqs off. */
struct vgic_flush {
	struct vcpu *vcpu;
	struct vgic_irq *vgic_irq;
};
enum flow vgic_flush_path(struct path *p, void *frame);

/* kvm_vgic_sync_hwstate(): fold the list registers back, prune the list. vCPU thread, irqs off. */
struct vgic_sync {
	struct vcpu *vcpu;
	struct vgic_irq *vgic_irq;
	struct vgic_irq **link;
	uint32_t index;
};
enum flow vgic_sync_path(struct path *p, void *frame);

/* kvm_vgic_vcpu_pending_irq(): p->ret is 1 if it could take an interrupt. Its thread, irqs on. */
struct vgic_pending {
	struct vcpu *vcpu;
	struct vgic_irq *vgic_irq;
	bool irqs_on, found;
};
enum flow vgic_pending_path(struct path *p, void *frame);

/* The list register whose interrupt the guest would take now; NULL: none. Pure. */
struct vgic_lr *vgic_highest_pending(struct vgic *vgic);

/* The list register that holds it as pending. Pure. */
struct vgic_lr *vgic_lr_of(struct vgic *vgic, const struct irq *irq);

/* The guest reads IAR, or writes EOIR: pending to active, active to what was there before. */
void vgic_acknowledge(struct vgic_lr *lr);
void vgic_deactivate(struct vgic *vgic, const struct irq *irq);

/* After an EOI: does the maintenance interrupt fire (at most one register valid)? Pure. */
bool vgic_underflows(const struct vgic *vgic);

/* Interrupts that wait here for the first instruction of a handler. */
uint64_t vgic_count_pending(const struct vgic *vgic);

#endif
