/*
 * vgic - making it, and the guest's side of its list registers.
 */
#include "models/vgic.h"

#include "models/irq.h"

void vgic_init(struct vgic *vgic, const struct vgic_lock_classes *classes, uint32_t nr_lrs)
{
	sim_assert(nr_lrs >= 1);
	sim_assert(nr_lrs <= VGIC_LRS_MAX);
	*vgic = (struct vgic){ .nr_lrs = nr_lrs };
	lock_init(&vgic->ap_list_lock, classes->ap_list_lock);
	for (uint32_t intid = 0; intid < VGIC_NR_SGIS; intid++) {
		vgic->sgis[intid].intid = intid;
		lock_init(&vgic->sgis[intid].lock, classes->irq_lock);
	}
}

struct vgic_lr *vgic_highest_pending(struct vgic *vgic)
{
	struct vgic_lr *highest = NULL;

	for (uint32_t i = 0; i < vgic->used_lrs; i++) {
		struct vgic_lr *lr = &vgic->lrs[i];

		if (!lr->pending || lr->active)
			continue;
		if (!highest || lr->vgic_irq->intid < highest->vgic_irq->intid)
			highest = lr;
	}
	return highest;
}

struct vgic_lr *vgic_lr_of(struct vgic *vgic, const struct irq *irq)
{
	uint32_t i = 0;

	while (i < vgic->used_lrs && vgic->lrs[i].pending != irq)
		i++;
	sim_assert(i < vgic->used_lrs);
	return &vgic->lrs[i];
}

void vgic_acknowledge(struct vgic_lr *lr)
{
	sim_assert(lr->pending != NULL);
	sim_assert(lr->active == NULL);
	lr->active = lr->pending;
	lr->pending = NULL;
}

void vgic_deactivate(struct vgic *vgic, const struct irq *irq)
{
	uint32_t i = 0;

	while (i < vgic->used_lrs && vgic->lrs[i].active != irq)
		i++;
	sim_assert(i < vgic->used_lrs);
	vgic->lrs[i].active = NULL;
}

bool vgic_underflows(const struct vgic *vgic)
{
	uint32_t nr_valid = 0;

	for (uint32_t i = 0; i < vgic->used_lrs; i++)
		nr_valid += vgic->lrs[i].pending || vgic->lrs[i].active;
	return vgic->underflow && nr_valid <= 1;
}

uint64_t vgic_count_pending(const struct vgic *vgic)
{
	uint64_t nr_pending = vgic->nr_arriving;

	for (uint32_t intid = 0; intid < VGIC_NR_SGIS; intid++)
		nr_pending += vgic->sgis[intid].pending && !vgic->sgis[intid].pending->handled;
	for (uint32_t i = 0; i < vgic->used_lrs; i++)
		nr_pending += vgic->lrs[i].pending && !vgic->lrs[i].pending->handled;
	return nr_pending;
}
