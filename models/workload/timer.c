/*
 * timer - expiry, injection, and the next tick.
 *
 * Follows: kvm_arch_timer_handler(), kvm_timer_update_irq(); kvm_bg_timer_expire() of a vCPU that
 *          sleeps, an hrtimer; apic_timer_fn(); tick_sched_timer() in the guest
 *          (Linux v5.4-v6.18)
 * Leaves out: the save and restore of the timer's registers; the exit for the guest's write of its
 *             next deadline (x86) and the way of its timer through the vCPU's thread; of a vCPU
 *             that is preempted the timer fires at once here, on arm64 when it is loaded again.
 */
#include "models/workload/timer.h"

#include <stddef.h>

#include "models/host.h"
#include "models/hrtimer.h"
#include "models/vcpu.h"
#include "models/vm.h"
#include "sim/arena.h"

enum {
	TIMER_INTID = 27,	/* arm64: PPI of the virtual timer */
	TIMER_VECTOR = 0xec,	/* x86: LOCAL_TIMER_VECTOR */
};

/* The tick of one vCPU. Lives in the run's arena. */
struct tick {
	const struct timer_params *params;
	uint32_t flow;
	struct vcpu *vcpu;
	struct hrtimer timer;
	struct guest_ack handled;	/* the guest's handler has run */
	struct irq *irq;		/* raised, not yet injected */
	ps_t phase_ps;
	uint64_t nr_left;		/* UINT64_MAX: no end */
};

/* For the first multiple of the period that is still to come. */
static void tick_start(struct tick *tick)
{
	ps_t period_ps = tick->params->period_ps;
	ps_t now_ps = tick->vcpu->host->sim->now_ps;
	ps_t nr_periods = now_ps < tick->phase_ps ?
				  0 :
				  (now_ps - tick->phase_ps) / period_ps + 1;

	hrtimer_start(&tick->timer, tick->vcpu->pcpu, tick->phase_ps + nr_periods * period_ps);
}

/* Raised where the vCPU is by now. */
static void tick_expired(struct hrtimer *timer)
{
	struct tick *tick = (struct tick *)(void *)((char *)timer - offsetof(struct tick, timer));
	struct vcpu *vcpu = tick->vcpu;

	timer->pcpu = vcpu->pcpu;
	vcpu->host->life.flow = tick->flow;
	tick->irq = irq_raise(vcpu->host, vcpu, vcpu,
			      vcpu_is_x86(vcpu) ? TIMER_VECTOR : TIMER_INTID);
	tick->irq->handler_ps = tick->params->handler_ps;
	guest_post_ack(&tick->handled, tick->irq);
	vcpu->host->life.nr_at_source++;
}

static struct irq *tick_take_irq(struct tick *tick)
{
	struct irq *irq = tick->irq;

	tick->irq = NULL;
	tick->vcpu->host->life.nr_at_source--;
	return irq;
}

/* On arm64 a loaded vCPU's timer is the hardware's own, otherwise an hrtimer stands in for it. */
static enum cost_id tick_cost(const struct tick *tick)
{
	const struct vcpu *vcpu = tick->vcpu;

	return !vcpu_is_x86(vcpu) && vcpu->pcpu->loaded == vcpu ? C_VTIMER_IRQ : C_TIMER_IRQ;
}

static enum flow tick_handler_path(struct path *p, void *frame)
{
	struct device_handler *f = frame;
	struct tick *tick = f->device;

	PATH_BEGIN(p);
	SPEND(COST(p, tick_cost(tick)));
	if (vcpu_is_x86(tick->vcpu))
		CALL(lapic_accept, .vcpu = tick->vcpu, .irq = tick_take_irq(tick));
	else
		CALL(vgic_inject, .vcpu = tick->vcpu, .irq = tick_take_irq(tick));
	DONE(0);
	PATH_END(p);
}

/* In the guest's handler, which sets its timer anew. */
static void tick_handled(struct guest_ack *ack)
{
	struct tick *tick = (struct tick *)(void *)((char *)ack - offsetof(struct tick, handled));
	struct host *host = tick->vcpu->host;

	irq_put(host, ack->irq);
	ack->irq = NULL;
	if (tick->nr_left != UINT64_MAX && --tick->nr_left == 0)
		host->nr_sources--;
	else
		tick_start(tick);
}

/* The vCPUs' phases are spread over a period, as those of a host that booted them one by one. */
static void tick_new(struct vcpu *vcpu, const struct workload_config *config, uint32_t place,
		     uint32_t nr_vcpus)
{
	struct host *host = vcpu->host;
	struct tick *tick = ARENA_NEW(host->arena, struct tick);

	tick->params = config->params;
	tick->flow = config->index;
	tick->vcpu = vcpu;
	tick->handled.set = tick_handled;
	tick->phase_ps = tick->params->period_ps / nr_vcpus * (place + 1);
	tick->nr_left = tick->params->count ? tick->params->count : UINT64_MAX;
	line_init(&tick->handled.line, host);
	hrtimer_init(&tick->timer, host, tick_handler_path, tick);
	tick->timer.expired = tick_expired;
	host->nr_sources++;
	tick_start(tick);
}

static void timer_build(struct host *host, struct vm *vm, const struct workload_config *config)
{
	const struct timer_params *params = config->params;
	bool all = params->vcpus.word == TIMER_ALL;
	uint32_t nr_vcpus = all ? vm->nr_vcpus : params->vcpus.nr_ids;

	(void)host;
	for (uint32_t i = 0; i < nr_vcpus; i++)
		tick_new(vm->vcpus[all ? i : params->vcpus.ids[i]], config, i, nr_vcpus);
}

static const char *timer_check(const void *params, const struct vm_config *vm,
			       const char **ret_key)
{
	const struct id_list *vcpus = &((const struct timer_params *)params)->vcpus;

	(void)vm;
	*ret_key = "vcpus";
	for (uint32_t i = 1; vcpus->word < 0 && i < vcpus->nr_ids; i++)
		for (uint32_t j = 0; j < i; j++)
			if (vcpus->ids[i] == vcpus->ids[j])
				return "a vCPU is named twice";
	return NULL;
}

static const char *const vcpus_words[] = { [TIMER_ALL] = "all", NULL };

static const struct field timer_fields[] = {
	{ "vcpus", FIELD_IDS, offsetof(struct timer_params, vcpus), 0, VM_VCPUS_MAX - 1, "\"all\"",
	  vcpus_words, "vCPUs that have a tick: an index, a list of them, or all", NULL },
	{ "period", FIELD_DURATION, offsetof(struct timer_params, period_ps), 100 * PS_PER_US,
	  PS_PER_S, "\"4ms\"", NULL, "from tick to tick; HZ = 250 is 4ms", NULL },
	{ "count", FIELD_U64, offsetof(struct timer_params, count), 0, UINT64_C(1000000000), "0",
	  NULL, "ticks per vCPU, after which it stops; 0: no end", NULL },
	{ "handler", FIELD_DURATION, offsetof(struct timer_params, handler_ps), 0,
	  100 * PS_PER_US, "\"2us\"", NULL,
	  "the guest's handler between acknowledge and end of interrupt", NULL },
};

static FIELD_TABLE(timer_table, "workload timer", struct timer_params,
		   "the periodic tick of guests", timer_fields);

const struct workload_ops workload_timer = {
	.name    = "timer",
	.summary = "the periodic tick of guests: their virtual timers interrupt them",
	.archs   = ON_ALL,
	.scope   = WORKLOAD_GUEST,
	.class   = NR_ROUTE_CLASSES,
	.params  = &timer_table,
	.check   = timer_check,
	.build   = timer_build,
};
