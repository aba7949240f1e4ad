/*
 * vgic_pending - would a halted vCPU have something to do?
 *
 * Follows: kvm_vgic_vcpu_pending_irq()  (Linux v5.4-v6.18)
 * Leaves out: GICv4's pending table, priorities and masks.
 */
#include "models/irq.h"
#include "models/pcpu.h"
#include "models/vcpu.h"
#include "models/vgic.h"

enum flow vgic_pending_path(struct path *p, void *frame)
{
	struct vgic_pending *f = frame;
	struct vgic *vgic = &f->vcpu->vgic;

	PATH_BEGIN(p);
	f->irqs_on = pcpu_irq_save(p);
	LOCK(&vgic->ap_list_lock);
	SPEND(COST(p, C_VGIC_PENDING));
	for (f->vgic_irq = vgic->first; f->vgic_irq; f->vgic_irq = f->vgic_irq->next) {
		LOCK(&f->vgic_irq->lock);
		f->found = f->vgic_irq->pending && !f->vgic_irq->active;
		UNLOCK(&f->vgic_irq->lock);
		if (f->found)
			break;
	}
	UNLOCK(&vgic->ap_list_lock);
	IRQ_RESTORE(p, f->irqs_on);
	DONE(f->found);
	PATH_END(p);
}
