/*
 * vgic_switch - what each entry and each exit does with the AP list and the list registers.
 *
 * Follows: kvm_vgic_flush_hwstate(), vgic_flush_lr_state(), kvm_vgic_sync_hwstate(),
 *          vgic_v3_fold_lr_state(), vgic_prune_ap_list()  (Linux v4.19-v6.18)
 * Leaves out: compute_ap_list_depth()'s own pass, the sort, migration of an interrupt to another
 *             vCPU (private ones do not migrate), LPIs and levels.
 */
#include "models/host.h"
#include "models/irq.h"
#include "models/points.h"
#include "models/vcpu.h"
#include "models/vgic.h"
#include "sim/sim.h"

/* vgic_v3_populate_lr(): the edge's latch moves into the register. */
static void vgic_populate_lr(struct vcpu *vcpu, struct vgic_irq *vgic_irq)
{
	struct vgic_lr *lr = vgic_use_lr(vcpu);

	lr->vgic_irq = vgic_irq;
	lr->pending = vgic_irq->pending;
	lr->active = vgic_irq->active;
	vgic_irq->pending = NULL;
	vgic_irq->active = NULL;
	if (lr->pending)
		sim_trace(vcpu->host->sim, POINT_INJECTED, 0, vcpu->id, lr->pending->id);
}

enum flow vgic_flush_path(struct path *p, void *frame)
{
	struct vgic_flush *f = frame;
	struct vgic *vgic = &f->vcpu->vgic;

	PATH_BEGIN(p);
	SPEND(LINE_READ(p, &vgic->ap_list_lock.line));
	if (!vgic->first)
		DONE(0);	/* no lock: who queues now will set a request, and that is seen */
	LOCK(&vgic->ap_list_lock);
	for (f->vgic_irq = vgic->first; f->vgic_irq; f->vgic_irq = f->vgic_irq->next) {
		if (vgic->used_lrs == vgic->nr_lrs) {
			vgic->underflow = true;
			break;
		}
		LOCK(&f->vgic_irq->lock);
		SPEND(COST(p, C_VGIC_FLUSH_LR));
		if (f->vgic_irq->pending || f->vgic_irq->active)
			vgic_populate_lr(f->vcpu, f->vgic_irq);
		UNLOCK(&f->vgic_irq->lock);
	}
	UNLOCK(&vgic->ap_list_lock);
	DONE(0);
	PATH_END(p);
}

/* A register that is still pending and a latch that was set meanwhile are one interrupt. */
static void vgic_fold_lr(struct host *host, struct vgic_lr *lr)
{
	struct vgic_irq *vgic_irq = lr->vgic_irq;

	if (lr->pending) {
		if (vgic_irq->pending)
			irq_coalesce(host, vgic_irq->pending);
		vgic_irq->pending = lr->pending;
	}
	vgic_irq->active = lr->active;
	*lr = (struct vgic_lr){ .vgic_irq = NULL };
}

static void vgic_unlink(struct vgic_irq **link)
{
	struct vgic_irq *vgic_irq = *link;

	*link = vgic_irq->next;
	vgic_irq->next = NULL;
	vgic_irq->queued = false;
}

enum flow vgic_sync_path(struct path *p, void *frame)
{
	struct vgic_sync *f = frame;
	struct vgic *vgic = &f->vcpu->vgic;

	PATH_BEGIN(p);
	SPEND(LINE_READ(p, &vgic->ap_list_lock.line));
	if (!vgic->first)
		DONE(0);
	for (f->index = 0; f->index < vgic->used_lrs; f->index++) {
		f->vgic_irq = vgic->lrs[f->index].vgic_irq;
		LOCK(&f->vgic_irq->lock);
		SPEND(COST(p, C_VGIC_FOLD_LR));
		vgic_fold_lr(f->vcpu->host, &vgic->lrs[f->index]);
		UNLOCK(&f->vgic_irq->lock);
	}
	vgic->used_lrs = 0;
	vgic->underflow = false;
	LOCK(&vgic->ap_list_lock);
	f->link = &vgic->first;
	while (*f->link) {
		f->vgic_irq = *f->link;
		LOCK(&f->vgic_irq->lock);
		SPEND(COST(p, C_VGIC_PRUNE));
		if (f->vgic_irq->pending || f->vgic_irq->active)
			f->link = &f->vgic_irq->next;
		else
			vgic_unlink(f->link);
		UNLOCK(&f->vgic_irq->lock);
	}
	UNLOCK(&vgic->ap_list_lock);
	DONE(0);
	PATH_END(p);
}
