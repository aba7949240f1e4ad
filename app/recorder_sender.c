/*
 * recorder_sender - the sender's side: requests, raised to notified, the locks between.
 *
 * Whoever executes at a record is sim->running: a vCPU's thread works on its request, a hardirq or
 * softirq on what it raises itself. A handler on top of a thread so never enters its request.
 */
#include "app/recorder_parts.h"

#include "models/pcpu.h"
#include "models/vcpu.h"
#include "sim/arena.h"
#include "sim/sim.h"

#define NO_KICK UINT32_MAX

/* --- who injects --------------------------------------------------------------------------- */

/* The context that makes this record; NULL: an event. */
static const struct context *running_context(const struct recorder *recorder)
{
	struct path *path = recorder->host->sim->running;

	return path ? context_of(path) : NULL;
}

/* The place of a handler's injector; NULL: the context is none. */
static struct injector **handler_of(struct recorder *recorder, const struct context *context)
{
	struct pcpu_record *pcpu;

	if (!context ||
	    (context->kind != CONTEXT_HARDIRQ && context->kind != CONTEXT_SOFTIRQ))
		return NULL;
	pcpu = &recorder->pcpus[context->pcpu->id];
	return &pcpu->handlers[context->kind == CONTEXT_SOFTIRQ];
}

/* The injector of whoever executes, while it injects; else NULL. */
static struct injector *running_injector(struct recorder *recorder)
{
	const struct context *context = running_context(recorder);
	struct injector **handler = handler_of(recorder, context), *injector = NULL;

	if (handler)
		injector = *handler;
	else if (context && context->kind == CONTEXT_THREAD && context->vcpu &&
		 recorder->vcpus[context->vcpu->id].request)
		injector = &recorder->vcpus[context->vcpu->id].request->work;
	return injector && injector->active ? injector : NULL;
}

static void injector_start(struct injector *injector, enum stage stage, ps_t now_ps)
{
	*injector = (struct injector){ .kick = NO_KICK, .active = true };
	stage_clock_start(&injector->clock, stage, now_ps);
}

/* --- requests ------------------------------------------------------------------------------ */

static struct request_record *request_of(const struct recorder *recorder,
					 const struct trace_record *record)
{
	return recorder->vcpus[record->who].request;
}

/* For the acknowledgement: a vCPU has one request of a flow that waits for one at a time. */
static void remember_sent(struct recorder *recorder, uint32_t vcpu_id, struct sent_record what)
{
	struct vcpu_record *vcpu = &recorder->vcpus[vcpu_id];
	struct sent_record *sent = vcpu->sent;

	while (sent && sent->flow != what.flow)
		sent = sent->next;
	if (!sent) {
		sent = ARENA_NEW(recorder->host->arena, struct sent_record);
		sent->next = vcpu->sent;
		vcpu->sent = sent;
	}
	what.next = sent->next;
	*sent = what;
}

void recorder_request(struct recorder *recorder, const struct trace_record *record)
{
	struct vcpu_record *vcpu = &recorder->vcpus[record->who];
	const struct sgi_request *written = &recorder->host->vcpus[record->who]->request;
	struct request_record *request = vcpu->request;

	if (!request)
		request = vcpu->request = ARENA_NEW(recorder->host->arena, struct request_record);
	sim_assert(!request->work.active);
	*request = (struct request_record){
		.first_id = record->which,
		.nr_interrupts = record->whom,
		.flow = written->flow,
		.measured = recorder->measuring,
	};
	sim_assert(request->flow < recorder->nr_flows);
	injector_start(&request->work, STAGE_EXIT, record->time_ps);
	remember_sent(recorder, record->who, (struct sent_record){
		.start_ps = record->time_ps - written->ahead_ps,
		.flow = request->flow,
		.first_id = request->first_id,
		.nr_interrupts = request->nr_interrupts,
		.measured = request->measured,
	});
	recorder->flows[request->flow].interrupts.nr_requests++;
	if (request->measured && written->intended_ps != PS_NEVER)
		recorder_add_latency(recorder, request->flow, LATENCY_SOURCE_WAIT,
				     record->time_ps - written->intended_ps);
}

void recorder_dispatch(struct recorder *recorder, const struct trace_record *record)
{
	struct request_record *request = request_of(recorder, record);

	stage_clock_switch(&request->work.clock, STAGE_LOOKUP, record->time_ps);
	request->dispatch_ps = record->time_ps;
}

void recorder_dispatch_end(struct recorder *recorder, const struct trace_record *record)
{
	struct request_record *request = request_of(recorder, record);

	request->work.active = false;
	if (request->measured)
		recorder_add_latency(recorder, request->flow, LATENCY_INJECT,
				     record->time_ps - request->dispatch_ps);
}

void recorder_acked(struct recorder *recorder, const struct trace_record *record)
{
	const struct sent_record *sent = recorder->vcpus[record->who].sent;

	while (sent && record->which - sent->first_id >= sent->nr_interrupts)
		sent = sent->next;
	sim_assert(sent != NULL);
	if (sent->measured)
		recorder_add_latency(recorder, sent->flow, LATENCY_ACK,
				     record->time_ps - sent->start_ps);
}

/* --- locks and kicks ----------------------------------------------------------------------- */

void recorder_lock_wait(struct recorder *recorder, const struct trace_record *record)
{
	struct injector *injector = running_injector(recorder);

	if (!injector)
		return;
	injector->behind_lock = injector->clock.stage;
	stage_clock_switch(&injector->clock, STAGE_LOCK_WAIT, record->time_ps);
}

void recorder_lock_acquired(struct recorder *recorder, const struct trace_record *record)
{
	struct injector *injector = running_injector(recorder);

	if (injector && record->whom && injector->clock.stage == STAGE_LOCK_WAIT)
		stage_clock_switch(&injector->clock, injector->behind_lock, record->time_ps);
}

void recorder_kick(struct recorder *recorder, const struct trace_record *record)
{
	struct injector *injector = running_injector(recorder);

	if (injector)
		injector->kick = (uint32_t)record->which;
}

/* --- the life of an interrupt -------------------------------------------------------------- */

/* Is it one of those that the vCPU's present request raises? */
static bool of_request(const struct request_record *request, uint64_t id)
{
	return request && request->work.active &&
	       id - request->first_id < request->nr_interrupts;
}

/* Raised by the host: the handler's work on it begins here. NULL: by an event, or a thread. */
static struct injector *raised_by_handler(struct recorder *recorder, ps_t now_ps)
{
	struct injector **handler = handler_of(recorder, running_context(recorder));

	if (!handler)
		return NULL;
	if (!*handler)
		*handler = ARENA_NEW(recorder->host->arena, struct injector);
	injector_start(*handler, STAGE_INJECT, now_ps);
	return *handler;
}

/* Raised by a guest, in a flag that its target watches: without a request. */
static void remember_flag(struct recorder *recorder, const struct trace_record *record)
{
	const struct context *context = running_context(recorder);

	if (!context || context->kind != CONTEXT_GUEST)
		return;
	remember_sent(recorder, record->who, (struct sent_record){
		.start_ps = record->time_ps,
		.flow = recorder->host->life.flow,
		.first_id = record->which,
		.nr_interrupts = 1,
		.measured = recorder->measuring,
	});
}

void recorder_raised(struct recorder *recorder, const struct trace_record *record)
{
	struct request_record *request = request_of(recorder, record);
	struct interrupt *interrupt = inflight_add(&recorder->inflight, record->which);

	if (of_request(request, record->which)) {
		interrupt->injector = &request->work;
		interrupt->flow = request->flow;
	} else {
		interrupt->injector = raised_by_handler(recorder, record->time_ps);
		interrupt->flow = recorder->host->life.flow;
		remember_flag(recorder, record);
	}
	sim_assert(interrupt->flow < recorder->nr_flows);
	stage_clock_start(&interrupt->clock, STAGE_INJECT, record->time_ps);
	interrupt->from = record->who;
	interrupt->to = record->whom;
	interrupt->measured = recorder->measuring;
	recorder->flows[interrupt->flow].interrupts.nr_raised++;
	recorder->nr_raised += recorder->measuring;
}

void recorder_routed(struct recorder *recorder, const struct trace_record *record)
{
	struct request_record *request = request_of(recorder, record);

	stage_clock_switch(&request->work.clock, STAGE_INJECT, record->time_ps);
	request->work.kick = NO_KICK;
}

/* Its clock has so far been its injector's. */
void recorder_start_notify(struct recorder *recorder, struct interrupt *interrupt, ps_t now_ps)
{
	struct injector *injector = interrupt->injector;

	if (injector) {
		sim_assert(injector->clock.start_ps == interrupt->clock.start_ps);
		stage_clock_switch(&injector->clock, injector->clock.stage, now_ps);
		interrupt->clock = injector->clock;
	}
	stage_clock_switch(&interrupt->clock, STAGE_NOTIFY, now_ps);
	interrupt->found = recorder_target_state(&recorder->vcpus[interrupt->to]);
	inflight_queue(&recorder->inflight, interrupt);
}

/* The record may come late: then another sender's work has carried the interrupt further. */
void recorder_queued(struct recorder *recorder, const struct trace_record *record)
{
	struct interrupt *interrupt = inflight_get(&recorder->inflight, record->which);

	if (interrupt && interrupt->state == INTERRUPT_RAISED)
		recorder_start_notify(recorder, interrupt, record->time_ps);
}

void recorder_coalesced(struct recorder *recorder, const struct trace_record *record)
{
	struct interrupt *interrupt = inflight_get(&recorder->inflight, record->which);

	sim_assert(interrupt != NULL);
	recorder->flows[interrupt->flow].interrupts.nr_coalesced++;
	recorder->nr_coalesced += recorder->measuring;
	inflight_remove(&recorder->inflight, interrupt);
}

void recorder_dropped(struct recorder *recorder, const struct trace_record *record)
{
	struct interrupt *interrupt = inflight_get(&recorder->inflight, record->which);

	sim_assert(interrupt != NULL);
	recorder->flows[interrupt->flow].interrupts.nr_dropped[record->whom]++;
	inflight_remove(&recorder->inflight, interrupt);
}

/* The sender is done: a request goes on to its next target, a handler has no more. */
static void end_injection(struct recorder *recorder, struct injector *injector, ps_t now_ps)
{
	if (handler_of(recorder, running_context(recorder)))
		injector->active = false;
	else
		stage_clock_switch(&injector->clock, STAGE_LOOKUP, now_ps);
}

/* Without an IPI under way, what is left is up to the target. */
void recorder_notified(struct recorder *recorder, const struct trace_record *record)
{
	const struct vcpu_record *target = &recorder->vcpus[record->whom];
	struct injector *injector = running_injector(recorder);
	struct interrupt *interrupt = inflight_get(&recorder->inflight, record->which);
	uint32_t kick = injector ? injector->kick : NO_KICK;

	if (injector)
		end_injection(recorder, injector, record->time_ps);
	if (target->in_guest && (kick == KICK_IPI || kick == KICK_EXITING))
		return;		/* until it exits */
	if (!interrupt || interrupt->state != INTERRUPT_QUEUED || interrupt->notified)
		return;
	interrupt->notified = true;
	stage_clock_switch(&interrupt->clock, recorder_target_stage(target), record->time_ps);
}
