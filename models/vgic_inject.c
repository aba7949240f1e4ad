/*
 * vgic_inject - one interrupt onto the AP list of one vCPU.
 *
 * Follows: vgic_v3_queue_sgi(), kvm_vgic_inject_irq(), vgic_queue_irq_unlock(),
 *          vgic_target_oracle()  (Linux v5.4-v6.18)
 * Leaves out: hardware-backed SGIs and PPIs, disabled and group 0 interrupts, levels, references of
 *             LPIs.
 */
#include "models/host.h"
#include "models/irq.h"
#include "models/pcpu.h"
#include "models/points.h"
#include "models/vcpu.h"
#include "models/vgic.h"
#include "sim/sim.h"

/* vgic_target_oracle(): is there something to deliver? Pure. */
static bool vgic_wants_delivery(const struct vgic_irq *vgic_irq)
{
	return vgic_irq->pending || vgic_irq->active;
}

/* An edge has one latch: a second edge before it is consumed merges. True: it has merged. */
static bool vgic_latch(struct host *host, struct vgic_irq *vgic_irq, struct irq *irq)
{
	if (vgic_irq->pending) {
		irq_coalesce(host, irq);
		return true;
	}
	vgic_irq->pending = irq;
	return false;
}

static struct vgic_irq *vgic_last(const struct vgic *vgic)
{
	struct vgic_irq *last = vgic->first;

	while (last && last->next)
		last = last->next;
	return last;
}

/* list_add_tail() writes the entry before, whose cache line may be elsewhere. */
static ps_t vgic_write_last(struct path *p, const struct vgic *vgic)
{
	struct vgic_irq *last = vgic_last(vgic);

	return last ? LINE_WRITE(p, &last->lock.line) : 0;
}

static void vgic_append(struct vgic *vgic, struct vgic_irq *vgic_irq)
{
	struct vgic_irq *last = vgic_last(vgic);

	vgic_irq->next = NULL;
	vgic_irq->queued = true;
	if (last)
		last->next = vgic_irq;
	else
		vgic->first = vgic_irq;
}

enum flow vgic_inject_path(struct path *p, void *frame)
{
	struct vgic_inject *f = frame;
	struct vgic *vgic = &f->vcpu->vgic;

	PATH_BEGIN(p);
	f->vgic_irq = vgic_irq_get(f->vcpu, f->irq->intid);
	f->irq_id = f->irq->id;
	f->from_id = f->irq->from->id;
	vgic->nr_arriving++;
	f->irqs_on = pcpu_irq_save(p);
	LOCK(&f->vgic_irq->lock);
	SPEND(COST(p, C_VGIC_LATCH));
	vgic->nr_arriving--;
	f->merged = vgic_latch(f->vcpu->host, f->vgic_irq, f->irq);
	for (;;) {
		f->kick = vgic_wants_delivery(f->vgic_irq);
		if (f->vgic_irq->queued || !f->kick) {
			UNLOCK(&f->vgic_irq->lock);	/* on a list already: only the kick */
			break;
		}
		/* The list's lock comes first: drop (irqs come on), take both, look again. */
		UNLOCK(&f->vgic_irq->lock);
		IRQ_RESTORE(p, f->irqs_on);
		f->irqs_on = pcpu_irq_save(p);
		LOCK(&vgic->ap_list_lock);
		LOCK(&f->vgic_irq->lock);
		if (!f->vgic_irq->queued && vgic_wants_delivery(f->vgic_irq)) {
			SPEND(COST(p, C_VGIC_QUEUE) + vgic_write_last(p, vgic));
			vgic_append(vgic, f->vgic_irq);
			UNLOCK(&f->vgic_irq->lock);
			UNLOCK(&vgic->ap_list_lock);
			break;
		}
		/* Somebody else queued it meanwhile, or it was delivered: start over. */
		UNLOCK(&f->vgic_irq->lock);
		UNLOCK(&vgic->ap_list_lock);
		IRQ_RESTORE(p, f->irqs_on);
		f->irqs_on = pcpu_irq_save(p);
		LOCK(&f->vgic_irq->lock);
	}
	if (!f->merged)
		sim_trace(p->sim, POINT_QUEUED, f->from_id, f->vcpu->id, f->irq_id);
	IRQ_RESTORE(p, f->irqs_on);
	if (f->kick)
		CALL(vcpu_kick, .vcpu = f->vcpu);
	sim_trace(p->sim, POINT_NOTIFIED, f->from_id, f->vcpu->id, f->irq_id);
	DONE(0);
	PATH_END(p);
}
