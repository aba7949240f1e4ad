/*
 * lapic - IRR, ISR, the entry's event, the interrupt window, EOI.
 *
 * Follows: __apic_accept_irq(), vmx_deliver_interrupt(), kvm_apic_has_interrupt(),
 *          kvm_get_apic_interrupt(), kvm_check_and_inject_events(), apic_set_eoi(),
 *          apic_sync_pv_eoi_to_guest(), apic_sync_pv_eoi_from_guest()  (Linux v5.4-v6.8)
 */
#include "models/lapic.h"

#include "models/host.h"
#include "models/irq.h"
#include "models/points.h"
#include "models/vcpu.h"
#include "sim/sim.h"

void lapic_init(struct lapic *lapic, struct host *host)
{
	line_init(&lapic->line, host);
}

/* --- the sender ----------------------------------------------------------------------------- */

/* A bit of the IRR is one interrupt, however often it is set. True: it has merged. */
static bool lapic_set_irr(struct host *host, struct lapic *lapic, struct irq *irq)
{
	struct irq **link = &lapic->irr;

	while (*link && (*link)->intid > irq->intid)
		link = &(*link)->next;
	if (*link && (*link)->intid == irq->intid) {
		irq_coalesce(host, irq);
		return true;
	}
	irq->next = *link;
	*link = irq;
	return false;
}

enum flow lapic_accept_path(struct path *p, void *frame)
{
	struct lapic_accept *f = frame;
	struct lapic *lapic = &f->vcpu->lapic;

	PATH_BEGIN(p);
	f->irq_id = f->irq->id;
	f->from_id = f->irq->from->id;
	lapic->nr_arriving++;
	SPEND(LINE_WRITE(p, &lapic->line) + COST(p, C_APIC_ACCEPT));
	lapic->nr_arriving--;
	if (!lapic_set_irr(f->vcpu->host, lapic, f->irq))
		sim_trace(p->sim, POINT_QUEUED, f->from_id, f->vcpu->id, f->irq_id);
	thread_end_poll(&f->vcpu->thread);
	CALL(vcpu_kick, .vcpu = f->vcpu);
	sim_trace(p->sim, POINT_NOTIFIED, f->from_id, f->vcpu->id, f->irq_id);
	DONE(0);
	PATH_END(p);
}

/* --- the target, before entry --------------------------------------------------------------- */

/* Vectors of 16 are one priority; equal ones do not interrupt each other. */
static uint32_t priority_of(const struct irq *irq)
{
	return irq->intid >> 4;
}

struct irq *lapic_highest(const struct lapic *lapic)
{
	struct irq *irq = lapic->irr;

	if (irq && lapic->isr && priority_of(irq) <= priority_of(lapic->isr))
		return NULL;
	return irq;
}

/* kvm_x86_ops.interrupt_allowed, and no event is on its way already. */
static bool lapic_may_inject(const struct vcpu *vcpu)
{
	return !vcpu->lapic.injected && guest_irqs_on(&vcpu->guest);
}

static void lapic_inject_highest(struct vcpu *vcpu)
{
	struct lapic *lapic = &vcpu->lapic;

	sim_assert(!lapic->isr);
	lapic->isr = lapic->irr;
	lapic->irr = lapic->isr->next;
	lapic->isr->next = NULL;
	lapic->injected = true;
	sim_trace(vcpu->host->sim, POINT_INJECTED, 0, vcpu->id, lapic->isr->id);
}

static void lapic_inject_again(struct vcpu *vcpu)
{
	struct lapic *lapic = &vcpu->lapic;

	sim_assert(lapic->injected);
	lapic->cancelled = false;
	sim_trace(vcpu->host->sim, POINT_INJECTED, 0, vcpu->id, lapic->isr->id);
}

enum flow lapic_inject_path(struct path *p, void *frame)
{
	struct lapic_inject *f = frame;
	struct vcpu *vcpu = f->vcpu;
	struct lapic *lapic = &vcpu->lapic;

	PATH_BEGIN(p);
	if (lapic->cancelled) {
		SPEND(COST(p, C_APIC_INJECT));
		lapic_inject_again(vcpu);
	}
	SPEND(LINE_READ(p, &lapic->line));
	if (lapic_highest(lapic) && lapic_may_inject(vcpu)) {
		SPEND(LINE_WRITE(p, &lapic->line) + COST(p, C_APIC_INJECT));
		lapic_inject_highest(vcpu);
	}
	lapic->window |= lapic_highest(lapic) != NULL;
	if (lapic->isr && !lapic->irr)
		lapic->pv_eoi = PV_EOI_ON;
	DONE(0);
	PATH_END(p);
}

void lapic_cancel_injection(struct vcpu *vcpu)
{
	struct lapic *lapic = &vcpu->lapic;

	lapic_sync_from_guest(vcpu);
	if (!lapic->injected)
		return;
	lapic->cancelled = true;
	vcpu->requests |= VCPU_REQ_IRQ_PENDING;
}

/* --- the guest, and after it ---------------------------------------------------------------- */

struct irq *lapic_take_event(struct lapic *lapic)
{
	if (!lapic->injected)
		return NULL;
	lapic->injected = false;
	return lapic->isr;
}

static void lapic_clear_isr(struct vcpu *vcpu)
{
	struct irq *irq = vcpu->lapic.isr;

	vcpu->lapic.isr = NULL;
	irq_eoi(vcpu->host, irq);
}

bool lapic_end_in_memory(struct vcpu *vcpu)
{
	struct lapic *lapic = &vcpu->lapic;

	if (lapic->pv_eoi != PV_EOI_ON)
		return false;
	lapic->pv_eoi = PV_EOI_DONE;
	lapic_clear_isr(vcpu);
	return true;
}

void lapic_end(struct vcpu *vcpu)
{
	lapic_clear_isr(vcpu);
	vcpu->requests |= VCPU_REQ_IRQ_PENDING;
}

void lapic_sync_from_guest(struct vcpu *vcpu)
{
	struct lapic *lapic = &vcpu->lapic;

	if (lapic->pv_eoi == PV_EOI_DONE)
		vcpu->requests |= VCPU_REQ_IRQ_PENDING;
	lapic->pv_eoi = PV_EOI_OFF;
}

/* --- the pending test ----------------------------------------------------------------------- */

enum flow lapic_pending_path(struct path *p, void *frame)
{
	struct lapic_pending *f = frame;
	struct lapic *lapic = &f->vcpu->lapic;

	PATH_BEGIN(p);
	SPEND(LINE_READ(p, &lapic->line) + COST(p, C_APIC_PENDING));
	DONE(lapic_highest(lapic) != NULL);
	PATH_END(p);
}

uint64_t lapic_count_pending(const struct lapic *lapic)
{
	uint64_t nr_pending = lapic->nr_arriving;

	for (const struct irq *irq = lapic->irr; irq; irq = irq->next)
		nr_pending++;
	return nr_pending + (lapic->isr && !lapic->isr->handled);
}
