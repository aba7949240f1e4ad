/*
 * ipi - senders: choosing targets, the write that traps, waiting for acknowledgements.
 *
 * Follows: kvm-unit-tests' arm/micro-bench.c ipi_exec() (round-trip, ack handler; before it
 *          had a timer test, before-iar);
 *          smp_call_function_single() and _many() with wait = 1 (round-trip, ack handler).
 * What a benchmark does beside the write (its loop, its clock, smp_call_function's own code) is one
 * length, overhead, before the write: most of it is there, and no benchmark says how much is after.
 */
#include "models/workload/ipi.h"

#include <stddef.h>
#include <stdio.h>

#include "models/host.h"
#include "models/pcpu.h"
#include "models/points.h"
#include "models/vcpu.h"
#include "models/vm.h"
#include "sim/arena.h"
#include "sim/dist.h"
#include "sim/rng.h"

/* An arrival that is not sent yet. */
struct ipi_arrival {
	ps_t intended_ps;
	struct ipi_arrival *next;
};

/* One vCPU that sends. Lives in the run's arena. */
struct ipi_sender {
	const struct ipi_params *params;
	uint32_t flow;
	struct vcpu *vcpu;
	struct guest_source source;
	struct event due;		/* the next arrival, or the end of the gap */
	struct dist interval;		/* open loop */
	struct stream arrivals, choices;
	ps_t next_ps;			/* intended time of the next arrival */
	ps_t begun_ps;			/* round trip: the benchmark has read its clock */
	uint64_t nr_left;		/* sends until it stops; UINT64_MAX: no end */
	struct ipi_arrival *first_due, *last_due, *free;	/* arrivals, oldest first */
	uint32_t turn;			/* of a list of targets */
	uint32_t nr_targets;		/* of the send at hand */
	struct vcpu **targets;
	struct guest_ack *acks;		/* round trip: one flag per target */
};

static bool is_round_trip(const struct ipi_sender *sender)
{
	return sender->params->process == IPI_ROUND_TRIP;
}

/* The one target of this send; IPI_TO_BROADCAST and IPI_TO_MASK have theirs from the start. */
static struct vcpu *ipi_choose_one(struct ipi_sender *sender)
{
	const struct ipi_params *params = sender->params;
	const struct vm *vm = sender->vcpu->vm;
	struct dist others = dist_uniform(0, vm->nr_vcpus - 2);
	uint32_t index;

	switch (params->to.word) {
	case IPI_TO_FIRST:
		return vm->vcpus[0];
	case IPI_TO_LAST:
		return vm->vcpus[vm->nr_vcpus - 1];
	case IPI_TO_SELF:
		return sender->vcpu;
	case IPI_TO_RANDOM:
		index = (uint32_t)dist_draw(&others, &sender->choices);
		return vm->vcpus[index + (index >= sender->vcpu->index)];
	default:
		index = (uint32_t)params->to.ids[sender->turn];
		sender->turn = (sender->turn + 1) % params->to.nr_ids;
		return vm->vcpus[index];
	}
}

/* What the interrupt is called: INTID or vector. */
static uint32_t ipi_number(const struct ipi_sender *sender)
{
	return vcpu_is_x86(sender->vcpu) ? sender->params->vector : sender->params->intid;
}

static struct sgi_request ipi_request(const struct ipi_sender *sender)
{
	const struct ipi_params *params = sender->params;
	struct sgi_request request = { .intid = params->intid };

	if (params->to.word == IPI_TO_BROADCAST) {
		request.broadcast = true;
	} else if (params->to.word == IPI_TO_MASK) {
		request.affinity = (uint32_t)params->affinity;
		request.target_list = params->target_list;
	} else {
		request = request_to(sender->targets[0], ipi_number(sender));
	}
	request.flow = sender->flow;
	request.intended_ps = sender->first_due ? sender->first_due->intended_ps : PS_NEVER;
	return request;
}

/* The guest's instruction: every target that exists has its interrupt from here on. */
static void ipi_write(struct ipi_sender *sender)
{
	struct sgi_request request = ipi_request(sender);

	if (is_round_trip(sender))
		request.ahead_ps = sender->vcpu->host->sim->now_ps - sender->begun_ps;
	request_begin(sender->vcpu, &request, sender->nr_targets);
	for (uint32_t i = 0; i < sender->nr_targets; i++) {
		struct irq *irq = request_raise(sender->vcpu, sender->targets[i]);

		irq->handler_ps = sender->params->handler_ps;
		if (sender->acks)
			guest_post_ack(&sender->acks[i], irq);
	}
}

static void ipi_acked(struct ipi_sender *sender, struct guest_ack *ack)
{
	struct host *host = sender->vcpu->host;

	sim_trace(host->sim, POINT_ACKED, sender->vcpu->id, ack->irq->to->id, ack->irq->id);
	irq_put(host, ack->irq);
	ack->irq = NULL;
}

static void ipi_note_arrival(struct ipi_sender *sender)
{
	struct ipi_arrival *arrival = sender->free;

	if (arrival)
		sender->free = arrival->next;
	else
		arrival = ARENA_NEW(sender->vcpu->host->arena, struct ipi_arrival);
	*arrival = (struct ipi_arrival){ .intended_ps = sender->next_ps };
	if (sender->first_due)
		sender->last_due->next = arrival;
	else
		sender->first_due = arrival;
	sender->last_due = arrival;
}

static void ipi_forget_arrival(struct ipi_sender *sender)
{
	struct ipi_arrival *arrival = sender->first_due;

	sender->first_due = arrival->next;
	arrival->next = sender->free;
	sender->free = arrival;
}

/* After a send: is there another one, and when? */
static void ipi_plan_next(struct ipi_sender *sender)
{
	struct sim *sim = sender->vcpu->host->sim;

	if (!is_round_trip(sender)) {
		ipi_forget_arrival(sender);
		if (sender->first_due)
			guest_post(sender->vcpu, &sender->source);
		else if (sender->nr_left == 0)
			sender->vcpu->host->nr_sources--;
		return;
	}
	if (sender->nr_left != UINT64_MAX && --sender->nr_left == 0) {
		sender->vcpu->host->nr_sources--;
		return;
	}
	if (sender->params->gap_ps) {
		event_at(sim, &sender->due, sim->now_ps + sender->params->gap_ps);
	} else {
		guest_post(sender->vcpu, &sender->source);
	}
}

static enum flow ipi_send_path(struct path *p, void *frame)
{
	struct guest_run *f = frame;
	struct ipi_sender *s = f->owner;

	PATH_BEGIN(p);
	if (s->params->to.word != IPI_TO_BROADCAST && s->params->to.word != IPI_TO_MASK)
		s->targets[0] = ipi_choose_one(s);
	for (f->index = 0; s->acks && f->index < s->nr_targets; f->index++)
		SPEND(LINE_WRITE(p, &s->acks[f->index].line));	/* clears the flag */
	s->begun_ps = p->sim->now_ps;
	SPEND(s->acks ? s->params->overhead_ps : 0);
	ipi_write(s);
	EXIT(vcpu_ipi_exit(s->vcpu));
	for (f->index = 0; s->acks && f->index < s->nr_targets; f->index++) {
		CALL(guest_await, .vcpu = s->vcpu, .ack = &s->acks[f->index]);
		SPEND(LINE_READ(p, &s->acks[f->index].line));
		ipi_acked(s, &s->acks[f->index]);
	}
	ipi_plan_next(s);
	DONE(0);
	PATH_END(p);
}

static void ipi_due(struct event *event)
{
	struct ipi_sender *sender =
		(struct ipi_sender *)(void *)((char *)event - offsetof(struct ipi_sender, due));
	struct sim *sim = sender->vcpu->host->sim;

	if (is_round_trip(sender)) {
		guest_post(sender->vcpu, &sender->source);
		return;
	}
	if (sender->nr_left != UINT64_MAX)
		sender->nr_left--;
	if (!sender->first_due)
		guest_post(sender->vcpu, &sender->source);
	ipi_note_arrival(sender);
	if (sender->nr_left == 0)
		return;
	sender->next_ps += dist_draw(&sender->interval, &sender->arrivals);
	event_at(sim, &sender->due, sender->next_ps);
}

/* Who is named for good: everybody but the sender, or those of the mask. Returns how many. */
static uint32_t ipi_list_targets(const struct ipi_sender *sender, struct vcpu **targets)
{
	const struct vm *vm = sender->vcpu->vm;
	const struct sgi_request request = ipi_request(sender);
	uint32_t nr_targets = 0;

	for (uint32_t i = 0; i < vm->nr_vcpus; i++) {
		struct vcpu *vcpu = vm->vcpus[i];
		bool named = request_names(&request, sender->vcpu, vcpu);

		if (named && targets)
			targets[nr_targets] = vcpu;
		nr_targets += named;
	}
	return nr_targets;
}

static void ipi_make_targets(struct ipi_sender *sender, struct host *host)
{
	int word = sender->params->to.word;
	bool listed = word == IPI_TO_BROADCAST || word == IPI_TO_MASK;

	sender->nr_targets = listed ? ipi_list_targets(sender, NULL) : 1;
	sender->targets = ARENA_NEW_N(host->arena, struct vcpu *, sender->nr_targets + 1);
	if (listed)
		ipi_list_targets(sender, sender->targets);
	if (!is_round_trip(sender))
		return;
	sender->acks = ARENA_NEW_N(host->arena, struct guest_ack, sender->nr_targets + 1);
	for (uint32_t i = 0; i < sender->nr_targets; i++)
		line_init(&sender->acks[i].line, host);
}

/* Constant senders begin one after the other, so that they do not all send at one instant. */
static ps_t ipi_first_arrival(struct ipi_sender *sender, uint32_t place, uint32_t nr_senders)
{
	ps_t mean_ps = PS_PER_S / sender->params->rate_per_s;

	if (sender->params->process == IPI_CONSTANT)
		return mean_ps / nr_senders * place;
	return dist_draw(&sender->interval, &sender->arrivals);
}

static void ipi_start(struct ipi_sender *sender, uint32_t place, uint32_t nr_senders)
{
	const struct ipi_params *params = sender->params;
	struct sim *sim = sender->vcpu->host->sim;

	sender->nr_left = params->count ? params->count : UINT64_MAX;
	sender->vcpu->host->nr_sources++;
	if (is_round_trip(sender)) {
		guest_post(sender->vcpu, &sender->source);
		return;
	}
	sender->interval = params->process == IPI_CONSTANT ?
				   dist_constant(PS_PER_S / params->rate_per_s) :
				   dist_exponential(PS_PER_S / params->rate_per_s);
	sender->next_ps = ipi_first_arrival(sender, place, nr_senders);
	event_at(sim, &sender->due, sender->next_ps);
}

static void ipi_new_sender(struct vcpu *vcpu, const struct workload_config *config, uint32_t place,
			   uint32_t nr_senders)
{
	struct host *host = vcpu->host;
	struct sim *sim = host->sim;
	struct ipi_sender *sender = ARENA_NEW(host->arena, struct ipi_sender);
	char name[160];

	sender->params = config->params;
	sender->flow = config->index;
	sender->vcpu = vcpu;
	sender->source.run = ipi_send_path;
	sender->source.owner = sender;
	event_init(sim, &sender->due, EVENT_ARRIVAL, ipi_due);
	snprintf(name, sizeof(name), "%s/vcpu%u/arrival", config->name, (unsigned int)vcpu->index);
	stream_init(&sender->arrivals, sim->seed, sim->replication, name);
	snprintf(name, sizeof(name), "%s/vcpu%u/target", config->name, (unsigned int)vcpu->index);
	stream_init(&sender->choices, sim->seed, sim->replication, name);
	vcpu->guest.halts = false;	/* it waits for its next send, in the guest */
	ipi_make_targets(sender, host);
	ipi_start(sender, place, nr_senders);
}

static void ipi_build(struct host *host, struct vm *vm, const struct workload_config *config)
{
	const struct ipi_params *params = config->params;
	bool all = params->from.word == IPI_FROM_ALL;
	uint32_t nr_senders = all ? vm->nr_vcpus : params->from.nr_ids;

	(void)host;
	for (uint32_t i = 0; i < vm->nr_vcpus; i++) {
		struct guest *guest = &vm->vcpus[i]->guest;

		guest->halts &= params->receiver == IPI_IDLE;	/* others' senders wait */
		guest->work_ps = params->receiver == IPI_COMPUTE ? params->work_ps : 0;
		guest->ack_first = params->ack == IPI_ACK_FIRST;
	}
	for (uint32_t i = 0; i < nr_senders; i++)
		ipi_new_sender(vm->vcpus[all ? i : params->from.ids[i]], config, i, nr_senders);
}

const struct workload_ops workload_ipi = {
	.name    = "ipi",
	.summary = "vCPUs that send inter-processor interrupts to each other",
	.archs   = ON_ALL,
	.scope   = WORKLOAD_GUEST,
	.class   = ROUTE_IPI,
	.params  = &ipi_table,
	.check   = ipi_check,
	.clash   = ipi_clash,
	.build   = ipi_build,
};
