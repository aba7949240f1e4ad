#include "app/recorder.h"

#include "models/pcpu.h"
#include "models/points.h"
#include "models/vcpu.h"
#include "models/vm.h"
#include "sim/arena.h"
#include "sim/sim.h"

#define NO_KICK UINT32_MAX
#define NO_VCPU UINT32_MAX

/* --- samples ------------------------------------------------------------------------------- */

static void add_latency(struct recorder *recorder, uint32_t flow, enum metric_latency kind,
			ps_t value_ps)
{
	hist_add(&recorder->latency[kind], value_ps);
	if (recorder->nr_flows > 1)
		hist_add(&recorder->flows[flow].latency[kind], value_ps);
}

static void add_delivery(struct recorder *recorder, const struct interrupt *interrupt, ps_t now_ps)
{
	const struct stage_clock *clock = &interrupt->clock;
	struct flow_record *flow = &recorder->flows[interrupt->flow];
	ps_t deliver_ps = now_ps - clock->start_ps;
	struct result_pair *pair;

	for (int stage = 0; stage < NR_STAGES; stage++)
		hist_add(&recorder->stages[stage], clock->spent_ps[stage]);
	add_latency(recorder, interrupt->flow, LATENCY_DELIVER, deliver_ps);
	hist_add(&flow->by_state[interrupt->found_in_guest ? TARGET_IN_GUEST : TARGET_IN_HOST],
		 deliver_ps);
	series_add(&recorder->series, clock->start_ps, deliver_ps);
	if (!recorder->pairs)
		return;
	pair = &recorder->pairs[interrupt->from * recorder->host->nr_vcpus + interrupt->to];
	pair->count++;
	pair->sum_ps += deliver_ps;
}

/* --- requests ------------------------------------------------------------------------------ */

static void on_request(struct recorder *recorder, const struct trace_record *record)
{
	struct request_record *request = &recorder->vcpus[record->who].request;
	ps_t intended_ps = recorder->host->vcpus[record->who]->request.intended_ps;

	sim_assert(!request->active);
	*request = (struct request_record){
		.first_id = record->which,
		.nr_interrupts = record->whom,
		.flow = recorder->host->vcpus[record->who]->request.flow,
		.kick = NO_KICK,
		.active = true,
		.measured = recorder->measuring,
	};
	sim_assert(request->flow < recorder->nr_flows);
	stage_clock_start(&request->clock, STAGE_EXIT, record->time_ps);
	recorder->flows[request->flow].interrupts.nr_requests++;
	if (request->measured && intended_ps != PS_NEVER)
		add_latency(recorder, request->flow, LATENCY_SOURCE_WAIT,
			    record->time_ps - intended_ps);
}

static void on_dispatch(struct recorder *recorder, const struct trace_record *record)
{
	struct request_record *request = &recorder->vcpus[record->who].request;

	stage_clock_switch(&request->clock, STAGE_LOOKUP, record->time_ps);
	request->dispatch_ps = record->time_ps;
}

static void on_dispatch_end(struct recorder *recorder, const struct trace_record *record)
{
	struct request_record *request = &recorder->vcpus[record->who].request;

	request->active = false;
	if (request->measured)
		add_latency(recorder, request->flow, LATENCY_INJECT,
			    record->time_ps - request->dispatch_ps);
}

static void on_acked(struct recorder *recorder, const struct trace_record *record)
{
	const struct request_record *request = &recorder->vcpus[record->who].request;

	sim_assert(record->which - request->first_id < request->nr_interrupts);
	if (request->measured)
		add_latency(recorder, request->flow, LATENCY_ACK,
			    record->time_ps - request->clock.start_ps);
}

/* The request of the vCPU whose thread runs on this pCPU, while it is active; else NULL. */
static struct request_record *request_on_pcpu(struct recorder *recorder, uint32_t pcpu)
{
	uint32_t vcpu = recorder->vcpu_of_pcpu[pcpu];

	if (vcpu == NO_VCPU || !recorder->vcpus[vcpu].request.active)
		return NULL;
	return &recorder->vcpus[vcpu].request;
}

static void on_lock_wait(struct recorder *recorder, const struct trace_record *record)
{
	struct request_record *request = request_on_pcpu(recorder, record->who);

	if (!request)
		return;
	request->behind_lock = request->clock.stage;
	stage_clock_switch(&request->clock, STAGE_LOCK_WAIT, record->time_ps);
}

static void on_lock_acquired(struct recorder *recorder, const struct trace_record *record)
{
	struct request_record *request = request_on_pcpu(recorder, record->who);

	if (request && record->whom && request->clock.stage == STAGE_LOCK_WAIT)
		stage_clock_switch(&request->clock, request->behind_lock, record->time_ps);
}

static void on_kick(struct recorder *recorder, const struct trace_record *record)
{
	struct request_record *request = request_on_pcpu(recorder, record->who);

	if (request)
		request->kick = (uint32_t)record->which;
}

/* --- the life of an interrupt -------------------------------------------------------------- */

static void on_raised(struct recorder *recorder, const struct trace_record *record)
{
	struct request_record *request = &recorder->vcpus[record->who].request;
	struct interrupt *interrupt = inflight_add(&recorder->inflight, record->which);

	sim_assert(request->clock.start_ps == record->time_ps);
	interrupt->from = record->who;
	interrupt->to = record->whom;
	interrupt->flow = request->flow;
	interrupt->measured = recorder->measuring;
	recorder->flows[request->flow].interrupts.nr_raised++;
	recorder->nr_raised += recorder->measuring;
}

static void on_routed(struct recorder *recorder, const struct trace_record *record)
{
	struct request_record *request = &recorder->vcpus[record->who].request;

	stage_clock_switch(&request->clock, STAGE_INJECT, record->time_ps);
	request->kick = NO_KICK;
}

/* From here on it goes by a clock of its own, which has so far been its request's. */
static void start_notify(struct recorder *recorder, struct interrupt *interrupt, ps_t now_ps)
{
	struct request_record *request = &recorder->vcpus[interrupt->from].request;

	stage_clock_switch(&request->clock, request->clock.stage, now_ps);
	interrupt->clock = request->clock;
	interrupt->clock.stage = STAGE_NOTIFY;
	interrupt->found_in_guest = recorder->vcpus[interrupt->to].in_guest;
	inflight_queue(&recorder->inflight, interrupt);
}

/* The record may come late: then another sender's work has carried the interrupt further. */
static void on_queued(struct recorder *recorder, const struct trace_record *record)
{
	struct interrupt *interrupt = inflight_get(&recorder->inflight, record->which);

	if (interrupt && interrupt->state == INTERRUPT_RAISED)
		start_notify(recorder, interrupt, record->time_ps);
}

static void on_injected(struct recorder *recorder, const struct trace_record *record)
{
	struct interrupt *interrupt = inflight_get(&recorder->inflight, record->which);
	bool in_guest = recorder->vcpus[record->whom].in_guest;

	sim_assert(interrupt != NULL);
	if (interrupt->state == INTERRUPT_RAISED)
		start_notify(recorder, interrupt, record->time_ps);
	interrupt->injected = true;
	stage_clock_switch(&interrupt->clock, in_guest ? STAGE_GUEST : STAGE_ENTRY,
			   record->time_ps);
}

/* Without an IPI under way, all that is left is that the target comes back to its guest. */
static void on_notified(struct recorder *recorder, const struct trace_record *record)
{
	struct request_record *request = &recorder->vcpus[record->who].request;
	struct interrupt *interrupt = inflight_get(&recorder->inflight, record->which);

	stage_clock_switch(&request->clock, STAGE_LOOKUP, record->time_ps);
	if (recorder->vcpus[record->whom].in_guest &&
	    (request->kick == KICK_IPI || request->kick == KICK_EXITING))
		return;		/* until it exits */
	if (interrupt && interrupt->state == INTERRUPT_QUEUED &&
	    interrupt->clock.stage == STAGE_NOTIFY)
		stage_clock_switch(&interrupt->clock, STAGE_ENTRY, record->time_ps);
}

static void on_handled(struct recorder *recorder, const struct trace_record *record)
{
	struct interrupt *interrupt = inflight_get(&recorder->inflight, record->which);
	struct stage_clock *clock;

	sim_assert(interrupt != NULL);
	clock = &interrupt->clock;
	sim_assert(clock->stage == STAGE_GUEST);
	stage_clock_switch(clock, STAGE_GUEST, record->time_ps);
	sim_assert(stage_clock_total(clock) == record->time_ps - clock->start_ps);
	inflight_unqueue(&recorder->inflight, interrupt);
	recorder->flows[interrupt->flow].interrupts.nr_handled++;
	recorder->nr_handled += recorder->measuring;
	if (interrupt->measured)
		add_delivery(recorder, interrupt, record->time_ps);
}

static void on_eoi(struct recorder *recorder, const struct trace_record *record)
{
	struct interrupt *interrupt = inflight_get(&recorder->inflight, record->which);

	sim_assert(interrupt != NULL);
	if (interrupt->measured)
		add_latency(recorder, interrupt->flow, LATENCY_COMPLETE,
			    record->time_ps - interrupt->clock.start_ps);
	inflight_remove(&recorder->inflight, interrupt);
}

static void on_coalesced(struct recorder *recorder, const struct trace_record *record)
{
	struct interrupt *interrupt = inflight_get(&recorder->inflight, record->which);

	sim_assert(interrupt != NULL);
	recorder->flows[interrupt->flow].interrupts.nr_coalesced++;
	recorder->nr_coalesced += recorder->measuring;
	inflight_remove(&recorder->inflight, interrupt);
}

static void on_dropped(struct recorder *recorder, const struct trace_record *record)
{
	struct interrupt *interrupt = inflight_get(&recorder->inflight, record->which);

	sim_assert(interrupt != NULL);
	recorder->flows[interrupt->flow].interrupts.nr_dropped[record->whom]++;
	inflight_remove(&recorder->inflight, interrupt);
}

/* --- vCPUs --------------------------------------------------------------------------------- */

static void on_entry(struct recorder *recorder, const struct trace_record *record)
{
	struct inflight *inflight = &recorder->inflight;

	recorder->vcpus[record->who].in_guest = true;
	for (struct interrupt *i = inflight_first(inflight, record->who); i;
	     i = inflight_next(inflight, i))
		if (i->injected)
			stage_clock_switch(&i->clock, STAGE_GUEST, record->time_ps);
}

/* What was in a list register is folded back, and has to be injected again. */
static void back_to_entry(struct recorder *recorder, const struct trace_record *record)
{
	struct inflight *inflight = &recorder->inflight;

	for (struct interrupt *i = inflight_first(inflight, record->who); i;
	     i = inflight_next(inflight, i)) {
		stage_clock_switch(&i->clock, STAGE_ENTRY, record->time_ps);
		i->injected = false;
	}
}

static void on_exit(struct recorder *recorder, const struct trace_record *record)
{
	recorder->vcpus[record->who].in_guest = false;
	recorder->nr_exits[record->which] += recorder->measuring;
	back_to_entry(recorder, record);
}

static void on_entry_aborted(struct recorder *recorder, const struct trace_record *record)
{
	struct inflight *inflight = &recorder->inflight;

	recorder->nr_aborted_entries += recorder->measuring;
	for (struct interrupt *i = inflight_first(inflight, record->who); i;
	     i = inflight_next(inflight, i))
		i->injected = false;
}

static void on_work(struct recorder *recorder, const struct trace_record *record)
{
	recorder->nr_pieces[recorder->vcpus[record->who].vm_index] += recorder->measuring;
}

static void on_window(struct recorder *recorder, const struct trace_record *record)
{
	recorder->measuring = record->which == 1;
	if (!recorder->measuring) {
		recorder->window_end_ps = record->time_ps;
		return;
	}
	recorder->opened = true;
	recorder->window_start_ps = record->time_ps;
	recorder->series.start_ps = record->time_ps;
}

/* clang-format off: one line a point */
static void recorder_record(struct trace_sink *sink, const struct trace_record *record)
{
	struct recorder *recorder = (struct recorder *)(void *)sink;

	switch (record->point) {
	case POINT_REQUEST:		on_request(recorder, record); break;
	case POINT_RAISED:		on_raised(recorder, record); break;
	case POINT_DISPATCH:		on_dispatch(recorder, record); break;
	case POINT_ROUTED:		on_routed(recorder, record); break;
	case POINT_QUEUED:		on_queued(recorder, record); break;
	case POINT_COALESCED:		on_coalesced(recorder, record); break;
	case POINT_DROPPED:		on_dropped(recorder, record); break;
	case POINT_NOTIFIED:		on_notified(recorder, record); break;
	case POINT_DISPATCH_END:	on_dispatch_end(recorder, record); break;
	case POINT_INJECTED:		on_injected(recorder, record); break;
	case POINT_HANDLED:		on_handled(recorder, record); break;
	case POINT_EOI:			on_eoi(recorder, record); break;
	case POINT_ACKED:		on_acked(recorder, record); break;
	case POINT_ENTRY:		on_entry(recorder, record); break;
	case POINT_ENTRY_ABORTED:	on_entry_aborted(recorder, record); break;
	case POINT_EXIT:		on_exit(recorder, record); break;
	case POINT_KICK:		on_kick(recorder, record); break;
	case POINT_WORK:		on_work(recorder, record); break;
	case POINT_LOCK_WAIT:		on_lock_wait(recorder, record); break;
	case POINT_LOCK_ACQUIRED:	on_lock_acquired(recorder, record); break;
	case POINT_WINDOW:		on_window(recorder, record); break;
	default:			break;
	}
}
/* clang-format on */

/* --- making it ----------------------------------------------------------------------------- */

static void init_hists(struct hist *hists, int nr_hists, struct arena *arena)
{
	for (int i = 0; i < nr_hists; i++)
		hist_init(&hists[i], arena);
}

static void init_vcpus(struct recorder *recorder)
{
	const struct host *host = recorder->host;

	recorder->vcpus = ARENA_NEW_N(host->arena, struct vcpu_record, host->nr_vcpus);
	recorder->vcpu_of_pcpu = ARENA_NEW_N(host->arena, uint32_t, host->nr_pcpus);
	for (uint32_t i = 0; i < host->nr_pcpus; i++)
		recorder->vcpu_of_pcpu[i] = NO_VCPU;
	for (uint32_t i = 0; i < host->nr_vcpus; i++) {
		const struct vcpu *vcpu = host->vcpus[i];
		uint32_t vm_index = 0;

		while (host->vms[vm_index] != vcpu->vm)
			vm_index++;
		recorder->vcpus[i].vm_index = vm_index;
		recorder->vcpu_of_pcpu[vcpu->pcpu->id] = i;
	}
}

struct recorder *recorder_attach(struct host *host, const struct scenario *scenario)
{
	struct arena *arena = host->arena;
	struct recorder *recorder = ARENA_NEW(arena, struct recorder);

	recorder->sink.record = recorder_record;
	recorder->host = host;
	recorder->scenario = scenario;
	inflight_init(&recorder->inflight, arena, host->nr_vcpus);
	init_vcpus(recorder);
	recorder->nr_flows = scenario->nr_workloads;
	recorder->flows = ARENA_NEW_N(arena, struct flow_record, scenario->nr_workloads);
	for (uint32_t i = 0; i < recorder->nr_flows; i++) {
		init_hists(recorder->flows[i].latency, NR_METRIC_LATENCIES, arena);
		init_hists(recorder->flows[i].by_state, NR_TARGET_STATES, arena);
	}
	init_hists(recorder->latency, NR_METRIC_LATENCIES, arena);
	init_hists(recorder->stages, NR_STAGES, arena);
	if (host->nr_vcpus <= RECORDER_PAIRS_MAX)
		recorder->pairs = ARENA_NEW_N(arena, struct result_pair,
					      (size_t)host->nr_vcpus * host->nr_vcpus);
	series_init(&recorder->series, arena);
	recorder->nr_pieces = ARENA_NEW_N(arena, uint64_t, host->nr_vms);
	host->sim->sink = &recorder->sink;
	return recorder;
}
