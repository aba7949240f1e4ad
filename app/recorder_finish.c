/* recorder_finish - from the books of the recorder and the counters of the world to a result. */
#include "app/recorder_parts.h"

#include "models/pcpu.h"
#include "models/vm.h"
#include "models/workload/line.h"
#include "sim/arena.h"
#include "sim/sim.h"

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

static void finish_lines(struct recorder *recorder, struct result *ret)
{
	const struct scenario *scenario = recorder->scenario;
	struct result_line *lines = ARENA_NEW_N(recorder->host->arena, struct result_line,
						scenario->nr_workloads);

	for (uint32_t i = 0; i < scenario->nr_workloads; i++)
		if (scenario->workloads[i].ops == &workload_line)
			lines[ret->nr_lines++] = (struct result_line){
				.name = scenario->workloads[i].name,
				.pass = &recorder->flows[i].pass,
			};
	ret->lines = lines;
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

/* --- pCPUs and VMs ------------------------------------------------------------------------- */

/* Shares of a million by largest remainder, so that they add up; ties go to the first. */
static void share_ppm(const ps_t *time_ps, ps_t total_ps, uint32_t *ret)
{
	uint64_t rest[NR_PCPU_TIMES];
	uint32_t missing = PPM;
	ps_t sum_ps = 0;

	for (int i = 0; i < NR_PCPU_TIMES; i++)
		sum_ps += time_ps[i];
	sim_assert(sum_ps == total_ps);
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

static void finish_idle_states(const struct recorder *recorder, struct result *ret)
{
	const struct host *host = recorder->host;
	const struct idle_config *idle = &host->config.idle;
	ps_t total_ps = ret->measured_ps * host->nr_pcpus;
	struct result_idle_state *states =
		ARENA_NEW_N(host->arena, struct result_idle_state, idle->nr_states);

	for (uint32_t i = 0; i < idle->nr_states; i++) {
		states[i].name = idle->states[i].name;
		states[i].nr_entries = recorder->nr_idles[i];
		states[i].ppm = recorder_ppm(recorder->idle_ps[i], total_ps);
	}
	ret->nr_idle_states = idle->nr_states;
	ret->idle_states = states;
}

/* Of the time of all its vCPUs. */
static uint64_t steal_ppm(const struct vm *vm, ps_t measured_ps)
{
	ps_t run_delay_ps = 0;

	for (uint32_t i = 0; i < vm->nr_vcpus; i++)
		run_delay_ps += vm->vcpus[i]->thread.run_delay_ps;
	return recorder_ppm(run_delay_ps, measured_ps * vm->nr_vcpus);
}

static void finish_vms(const struct recorder *recorder, struct result *ret)
{
	const struct host *host = recorder->host;
	struct result_vm *vms = ARENA_NEW_N(host->arena, struct result_vm, host->nr_vms);

	for (uint32_t i = 0; i < host->nr_vms; i++) {
		vms[i].name = recorder->scenario->vms[i].name;
		vms[i].steal_ppm = steal_ppm(host->vms[i], ret->measured_ps);
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
		.warmup_interrupts = host->config.warmup_interrupts,
		.opened = recorder->opened,
		.opened_ps = recorder->window_start_ps,
	};
	if (recorder->opened) {
		ret->measured_ps = recorder->window_end_ps - recorder->window_start_ps;
		ret->nr_ipis_sent = host->nr_ipis_sent;
		ret->nr_wakeups = recorder->nr_wakeups;
		ret->nr_switches = recorder->nr_switches;
		recorder_finish_locks(recorder, ret);
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
	finish_lines(recorder, ret);
	finish_series(recorder, ret);
	finish_pcpus(recorder, ret);
	finish_idle_states(recorder, ret);
	finish_vms(recorder, ret);
	recorder_finish_batches(recorder, ret);
}
