/* recorder_finish - from the books of the recorder and the counters of the world to a result. */
#include "app/recorder.h"

#include "models/lock.h"
#include "models/pcpu.h"
#include "models/vm.h"
#include "sim/arena.h"
#include "sim/sim.h"

enum { PPM = 1000000 };

/* part / whole in parts per million, rounded half up; 0 when there is no whole. */
static uint64_t ppm(uint64_t part, uint64_t whole)
{
	return whole ? u128_to_u64(u128_div_round(u128_mul_u64(part, PPM), whole)) : 0;
}

/* --- interrupts ---------------------------------------------------------------------------- */

static struct result_interrupts count_interrupts(const struct irq_life *life)
{
	struct result_interrupts counts = {
		.nr_requests = life->nr_requests,
		.nr_raised = life->nr_raised,
		.nr_handled = life->nr_handled,
		.nr_coalesced = life->nr_coalesced,
	};

	for (int reason = 0; reason < NR_IRQ_DROPS; reason++)
		counts.nr_dropped[reason] = life->nr_dropped[reason];
	counts.nr_pending = counts.nr_raised - counts.nr_handled - counts.nr_coalesced -
			    irq_nr_dropped(life);
	return counts;
}

static void finish_flow(const struct recorder *recorder, uint32_t index, struct result_flow *ret)
{
	struct flow_record *flow = &recorder->flows[index];
	struct result_interrupts *counts = &flow->interrupts;
	const struct hist *latency = recorder->nr_flows > 1 ? flow->latency : recorder->latency;

	ret->name = recorder->scenario->workloads[index].name;
	counts->nr_pending = counts->nr_raised - counts->nr_handled - counts->nr_coalesced;
	for (int reason = 0; reason < NR_IRQ_DROPS; reason++)
		counts->nr_pending -= counts->nr_dropped[reason];
	ret->interrupts = *counts;
	for (int kind = 0; kind < NR_METRIC_LATENCIES; kind++)
		ret->latency[kind] = &latency[kind];
	for (int state = 0; state < NR_TARGET_STATES; state++)
		ret->by_state[state] = &flow->by_state[state];
}

/* What the records say is what the models have counted. */
static void check_flows(const struct result *result)
{
	uint64_t nr_raised = 0, nr_handled = 0, nr_pending = 0;

	for (uint32_t i = 0; i < result->nr_flows; i++) {
		nr_raised += result->flows[i].interrupts.nr_raised;
		nr_handled += result->flows[i].interrupts.nr_handled;
		nr_pending += result->flows[i].interrupts.nr_pending;
	}
	sim_assert(nr_raised == result->interrupts.nr_raised);
	sim_assert(nr_handled == result->interrupts.nr_handled);
	sim_assert(nr_pending == result->interrupts.nr_pending);
}

static void finish_flows(struct recorder *recorder, struct result *ret)
{
	struct arena *arena = recorder->host->arena;
	struct result_flow *flows = ARENA_NEW_N(arena, struct result_flow, recorder->nr_flows);

	for (uint32_t i = 0; i < recorder->nr_flows; i++)
		finish_flow(recorder, i, &flows[i]);
	ret->nr_flows = recorder->nr_flows;
	ret->flows = flows;
	check_flows(ret);
}

static void finish_series(struct recorder *recorder, struct result *ret)
{
	struct series *series = &recorder->series;
	struct result_slot *slots =
		ARENA_NEW_N(recorder->host->arena, struct result_slot, series->nr_slots);

	for (uint32_t i = 0; i < series->nr_slots; i++) {
		slots[i].start_ps = series->start_ps + i * series->width_ps;
		slots[i].deliver = &series->slots[i];
	}
	ret->nr_slots = series->nr_slots;
	ret->slots = slots;
}

/* --- locks --------------------------------------------------------------------------------- */

static const struct lock *most_utilised(const struct lock_class *class)
{
	const struct lock *hottest = NULL;

	for (const struct lock *lock = class->locks; lock; lock = lock->next) {
		if (!lock->stats || lock->stats->nr_acquisitions == 0)
			continue;
		if (!hottest || lock->stats->busy_ps > hottest->stats->busy_ps ||
		    (lock->stats->busy_ps == hottest->stats->busy_ps && lock->id < hottest->id))
			hottest = lock;
	}
	return hottest;
}

static const struct result_lock *finish_hottest(const struct lock_class *class, ps_t measured_ps)
{
	const struct lock *lock = most_utilised(class);
	struct result_lock *ret;

	if (!lock)
		return NULL;
	ret = ARENA_NEW(class->host->arena, struct result_lock);
	*ret = (struct result_lock){
		.name = class->name,
		.kind = class->kind,
		.nr_instances = 1,
		.nr_acquisitions = lock->stats->nr_acquisitions,
		.nr_contended = lock->stats->nr_contended,
		.utilization_ppm = ppm(lock->stats->busy_ps, measured_ps),
		.mean_queue_ppm = ppm(lock->stats->queue_ps, measured_ps),
		.wait = &lock->stats->wait,
		.hold = &lock->stats->hold,
	};
	return ret;
}

static void finish_lock(const struct lock_class *class, ps_t measured_ps, struct result_lock *ret)
{
	struct arena *arena = class->host->arena;
	struct hist *wait = ARENA_NEW(arena, struct hist), *hold = ARENA_NEW(arena, struct hist);
	uint64_t busy_ps = 0, queue_ps = 0;

	*ret = (struct result_lock){
		.name = class->name, .kind = class->kind, .nr_instances = class->nr_locks,
		.wait = wait, .hold = hold,
	};
	hist_init(wait, arena);
	hist_init(hold, arena);
	for (const struct lock *lock = class->locks; lock; lock = lock->next) {
		const struct lock_stats *stats = lock->stats;

		if (!stats)
			continue;
		ret->nr_acquisitions += stats->nr_acquisitions;
		ret->nr_contended += stats->nr_contended;
		busy_ps += stats->busy_ps;
		queue_ps += stats->queue_ps;
		hist_merge(wait, &stats->wait);
		hist_merge(hold, &stats->hold);
	}
	ret->utilization_ppm = ppm(busy_ps, measured_ps);
	ret->mean_queue_ppm = ppm(queue_ps, measured_ps);
	ret->hottest = finish_hottest(class, measured_ps);
}

/* In the order in which the classes were made: the host has the newest first. */
static void finish_locks(const struct recorder *recorder, struct result *ret)
{
	const struct host *host = recorder->host;
	struct result_lock *locks;
	uint32_t nr_locks = 0;

	for (const struct lock_class *class = host->lock_classes; class; class = class->next)
		nr_locks++;
	locks = ARENA_NEW_N(host->arena, struct result_lock, nr_locks);
	ret->nr_locks = nr_locks;
	ret->locks = locks;
	for (const struct lock_class *class = host->lock_classes; class; class = class->next)
		finish_lock(class, ret->measured_ps, &locks[--nr_locks]);
}

/* --- pCPUs and VMs ------------------------------------------------------------------------- */

/* Shares of a million by largest remainder, so that they add up; ties go to the first. */
static void share_ppm(const ps_t *time_ps, ps_t total_ps, uint32_t *ret)
{
	uint64_t rest[NR_PCPU_TIMES];
	uint32_t missing = PPM;

	for (int i = 0; i < NR_PCPU_TIMES; i++) {
		struct u128 scaled = u128_mul_u64(time_ps[i], PPM);

		ret[i] = (uint32_t)u128_to_u64(u128_div_rest(scaled, total_ps, &rest[i]));
		missing -= ret[i];
	}
	while (missing) {
		int largest = 0;

		for (int i = 1; i < NR_PCPU_TIMES; i++)
			if (rest[i] > rest[largest])
				largest = i;
		ret[largest]++;
		rest[largest] = 0;
		missing--;
	}
}

static void finish_pcpus(const struct recorder *recorder, struct result *ret)
{
	const struct host *host = recorder->host;
	struct result_pcpu *pcpus;

	if (ret->measured_ps == 0)
		return;
	pcpus = ARENA_NEW_N(host->arena, struct result_pcpu, host->nr_pcpus);
	for (uint32_t i = 0; i < host->nr_pcpus; i++) {
		uint32_t shares[NR_PCPU_TIMES];

		share_ppm(host->pcpus[i].time_ps, ret->measured_ps, shares);
		pcpus[i].guest_ppm = shares[PCPU_GUEST];
		pcpus[i].host_ppm = shares[PCPU_HOST];
		pcpus[i].idle_ppm = shares[PCPU_IDLE];
	}
	ret->nr_pcpus = host->nr_pcpus;
	ret->pcpus = pcpus;
}

static void finish_vms(const struct recorder *recorder, struct result *ret)
{
	const struct host *host = recorder->host;
	struct result_vm *vms = ARENA_NEW_N(host->arena, struct result_vm, host->nr_vms);

	for (uint32_t i = 0; i < host->nr_vms; i++) {
		vms[i].name = recorder->scenario->vms[i].name;
		vms[i].nr_pieces = recorder->nr_pieces[i];
	}
	ret->nr_vms = host->nr_vms;
	ret->vms = vms;
}

void recorder_finish(struct recorder *recorder, enum run_end end, struct result *ret)
{
	const struct host *host = recorder->host;
	const struct sim *sim = host->sim;

	*ret = (struct result){
		.fingerprint = sim->fingerprint,
		.end = end,
		.nr_events = sim->nr_events,
		.nr_ties = sim->nr_ties,
		.simulated_ps = sim->now_ps,
		.interrupts = count_interrupts(&host->life),
		.nr_raised = recorder->nr_raised,
		.nr_handled = recorder->nr_handled,
		.nr_coalesced = recorder->nr_coalesced,
		.nr_aborted_entries = recorder->nr_aborted_entries,
	};
	if (recorder->opened) {
		ret->measured_ps = recorder->window_end_ps - recorder->window_start_ps;
		ret->nr_ipis_sent = host->nr_ipis_sent;
		finish_locks(recorder, ret);
	}
	for (int kind = 0; kind < NR_METRIC_LATENCIES; kind++)
		ret->latency[kind] = &recorder->latency[kind];
	for (int stage = 0; stage < NR_STAGES; stage++)
		ret->stages[stage] = &recorder->stages[stage];
	for (int reason = 0; reason < NR_EXIT_REASONS; reason++)
		ret->nr_exits[reason] = recorder->nr_exits[reason];
	if (recorder->pairs) {
		ret->nr_pairs_vcpus = host->nr_vcpus;
		ret->pairs = recorder->pairs;
	}
	finish_flows(recorder, ret);
	finish_series(recorder, ret);
	finish_pcpus(recorder, ret);
	finish_vms(recorder, ret);
}
