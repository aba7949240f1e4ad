/*
 * vgic - making it, and the guest's side of its list registers.
 */
#include "models/vgic.h"

#include "models/host.h"
#include "models/irq.h"
#include "models/vcpu.h"
#include "models/vm.h"
#include "sim/arena.h"

void vgic_init(struct vgic *vgic, const struct vgic_lock_classes *classes, uint32_t nr_lrs)
{
	sim_assert(nr_lrs >= 1);
	sim_assert(nr_lrs <= VGIC_LRS_MAX);
	*vgic = (struct vgic){ .nr_lrs = nr_lrs };
	lock_init(&vgic->ap_list_lock, classes->ap_list_lock);
}

struct vgic_irq *vgic_irq_get(struct vcpu *vcpu, uint32_t intid)
{
	struct vgic *vgic = &vcpu->vgic;
	struct arena *arena = vcpu->host->arena;
	struct vgic_irq *vgic_irq;

	sim_assert(intid < VGIC_NR_PRIVATE);
	if (!vgic->private_irqs)
		vgic->private_irqs = ARENA_NEW_N(arena, struct vgic_irq *, VGIC_NR_PRIVATE);
	if (vgic->private_irqs[intid])
		return vgic->private_irqs[intid];
	vgic_irq = ARENA_NEW(arena, struct vgic_irq);
	vgic_irq->intid = intid;
	lock_init(&vgic_irq->lock, vcpu->vm->lock_classes.irq_lock);
	vgic->private_irqs[intid] = vgic_irq;
	return vgic_irq;
}

struct vgic_lr *vgic_use_lr(struct vcpu *vcpu)
{
	struct vgic *vgic = &vcpu->vgic;

	sim_assert(vgic->used_lrs < vgic->nr_lrs);
	if (!vgic->lrs)
		vgic->lrs = ARENA_NEW_N(vcpu->host->arena, struct vgic_lr, vgic->nr_lrs);
	return &vgic->lrs[vgic->used_lrs++];
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

	for (uint32_t intid = 0; vgic->private_irqs && intid < VGIC_NR_PRIVATE; intid++) {
		const struct vgic_irq *vgic_irq = vgic->private_irqs[intid];

		nr_pending += vgic_irq && vgic_irq->pending && !vgic_irq->pending->handled;
	}
	for (uint32_t i = 0; i < vgic->used_lrs; i++)
		nr_pending += vgic->lrs[i].pending && !vgic->lrs[i].pending->handled;
	return nr_pending;
}
