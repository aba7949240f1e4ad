/*
 * recorder_target - the target's side: asleep, preempted, entered, handled.
 *
 * An interrupt is notified once its target will see it without more work of the sender: it has
 * left its guest, needs no kick, or is woken. From then on the target's state says what the
 * interrupt waits for.
 */
#include "app/recorder_parts.h"

#include "sim/sim.h"

/* --- states -------------------------------------------------------------------------------- */

enum target_state recorder_target_state(const struct vcpu_record *vcpu)
{
	if (vcpu->in_guest)
		return TARGET_IN_GUEST;
	if (vcpu->preempted)
		return TARGET_PREEMPTED;
	if (vcpu->blocked)
		return TARGET_BLOCKED;
	return vcpu->polling ? TARGET_POLLING : TARGET_IN_HOST;
}

enum stage recorder_target_stage(const struct vcpu_record *vcpu)
{
	if (vcpu->preempted || vcpu->woken)
		return STAGE_WAKE;
	return vcpu->halted ? STAGE_NOTIFY : STAGE_ENTRY;
}

/* The target's state has changed: those that are notified wait for something else now. */
static void advance(struct recorder *recorder, uint32_t vcpu_id, ps_t now_ps)
{
	enum stage stage = recorder_target_stage(&recorder->vcpus[vcpu_id]);
	struct inflight *inflight = &recorder->inflight;

	for (struct interrupt *i = inflight_first(inflight, vcpu_id); i;
	     i = inflight_next(inflight, i))
		if (i->notified)
			stage_clock_switch(&i->clock, stage, now_ps);
}

/* And the others need no more of their sender. */
static void advance_all(struct recorder *recorder, uint32_t vcpu_id, ps_t now_ps)
{
	struct inflight *inflight = &recorder->inflight;

	for (struct interrupt *i = inflight_first(inflight, vcpu_id); i;
	     i = inflight_next(inflight, i))
		i->notified = true;
	advance(recorder, vcpu_id, now_ps);
}

void recorder_halt(struct recorder *recorder, const struct trace_record *record)
{
	struct vcpu_record *vcpu = &recorder->vcpus[record->who];

	vcpu->halted = record->which == 1;
	vcpu->polling = vcpu->blocked = vcpu->woken = false;
	if (!vcpu->halted)
		advance_all(recorder, record->who, record->time_ps);
}

void recorder_poll(struct recorder *recorder, const struct trace_record *record)
{
	recorder->vcpus[record->who].polling = record->which == 1;
}

void recorder_block(struct recorder *recorder, const struct trace_record *record)
{
	recorder->vcpus[record->who].blocked = record->which == 1;
}

/* A wake-up without an interrupt: it sleeps again, without a new BLOCK. */
void recorder_put(struct recorder *recorder, const struct trace_record *record)
{
	struct vcpu_record *vcpu = &recorder->vcpus[record->who];

	if (record->which == 1) {
		vcpu->preempted = true;
		advance(recorder, record->who, record->time_ps);
	} else if (vcpu->halted && !vcpu->blocked) {
		vcpu->blocked = true;
		vcpu->woken = false;
	}
}

void recorder_load(struct recorder *recorder, const struct trace_record *record)
{
	struct vcpu_record *vcpu = &recorder->vcpus[record->who];

	if (vcpu->preempted)
		vcpu->preempted = false;	/* it goes on where it was, asleep or not */
	else
		vcpu->blocked = false;
	advance(recorder, record->who, record->time_ps);
}

void recorder_wake(struct recorder *recorder, const struct trace_record *record)
{
	struct vcpu_record *vcpu;
	uint32_t vcpu_id = UINT32_MAX;

	recorder->nr_wakeups += recorder->measuring;
	if (record->which < recorder->nr_threads)
		vcpu_id = recorder->vcpu_of_thread[record->which];
	if (vcpu_id == UINT32_MAX)
		return;
	vcpu = &recorder->vcpus[vcpu_id];
	if (!vcpu->blocked)
		return;		/* it slept for something else: a mutex */
	vcpu->woken = true;
	advance_all(recorder, vcpu_id, record->time_ps);
}

/* --- entry and exit ------------------------------------------------------------------------ */

void recorder_entry(struct recorder *recorder, const struct trace_record *record)
{
	struct inflight *inflight = &recorder->inflight;

	recorder->vcpus[record->who].in_guest = true;
	for (struct interrupt *i = inflight_first(inflight, record->who); i;
	     i = inflight_next(inflight, i))
		if (i->injected)
			stage_clock_switch(&i->clock, STAGE_GUEST, record->time_ps);
}

/*
 * What was in a list register is folded back, and has to be injected again; the event of an x86
 * guest stays there.
 */
void recorder_exit(struct recorder *recorder, const struct trace_record *record)
{
	struct inflight *inflight = &recorder->inflight;
	bool folds = recorder->host->config.arch == ARCH_ARM64;

	recorder->vcpus[record->who].in_guest = false;
	recorder->nr_exits[record->which] += recorder->measuring;
	for (struct interrupt *i = inflight_first(inflight, record->who); i;
	     i = inflight_next(inflight, i))
		i->injected &= !folds;
	advance_all(recorder, record->who, record->time_ps);
}

void recorder_entry_aborted(struct recorder *recorder, const struct trace_record *record)
{
	struct inflight *inflight = &recorder->inflight;

	recorder->nr_aborted_entries += recorder->measuring;
	for (struct interrupt *i = inflight_first(inflight, record->who); i;
	     i = inflight_next(inflight, i))
		i->injected = false;
}

/* --- the end of an interrupt --------------------------------------------------------------- */

void recorder_injected(struct recorder *recorder, const struct trace_record *record)
{
	struct interrupt *interrupt = inflight_get(&recorder->inflight, record->which);
	bool in_guest = recorder->vcpus[record->whom].in_guest;

	sim_assert(interrupt != NULL);
	if (interrupt->state == INTERRUPT_RAISED)
		recorder_start_notify(recorder, interrupt, record->time_ps);
	interrupt->injected = interrupt->notified = true;
	stage_clock_switch(&interrupt->clock, in_guest ? STAGE_GUEST : STAGE_ENTRY,
			   record->time_ps);
}

static void add_delivery(struct recorder *recorder, const struct interrupt *interrupt, ps_t now_ps)
{
	const struct stage_clock *clock = &interrupt->clock;
	struct flow_record *flow = &recorder->flows[interrupt->flow];
	ps_t deliver_ps = now_ps - clock->start_ps;
	struct result_pair *pair;

	for (int stage = 0; stage < NR_STAGES; stage++)
		recorder_add_stage(recorder, (enum stage)stage, clock->spent_ps[stage]);
	recorder_add_latency(recorder, interrupt->flow, LATENCY_DELIVER, deliver_ps);
	hist_add(&flow->by_state[interrupt->found], deliver_ps);
	series_add(&recorder->series, clock->start_ps, deliver_ps);
	if (!recorder->pairs)
		return;
	pair = &recorder->pairs[interrupt->from * recorder->host->nr_vcpus + interrupt->to];
	pair->count++;
	pair->sum_ps += deliver_ps;
}

void recorder_handled(struct recorder *recorder, const struct trace_record *record)
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

void recorder_eoi(struct recorder *recorder, const struct trace_record *record)
{
	struct interrupt *interrupt = inflight_get(&recorder->inflight, record->which);

	sim_assert(interrupt != NULL);
	if (interrupt->measured)
		recorder_add_latency(recorder, interrupt->flow, LATENCY_COMPLETE,
				     record->time_ps - interrupt->clock.start_ps);
	inflight_remove(&recorder->inflight, interrupt);
}
