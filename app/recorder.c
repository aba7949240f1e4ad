#include "app/recorder.h"

#include "app/recorder_parts.h"
#include "models/points.h"
#include "models/vcpu.h"
#include "models/vm.h"
#include "sim/arena.h"
#include "sim/sim.h"

/* --- samples ------------------------------------------------------------------------------- */

/* Where the batches of each begin. */
enum { BATCHES_STAGES = NR_METRIC_LATENCIES, BATCHES_FLOWS = BATCHES_STAGES + NR_STAGES };

void recorder_add_latency(struct recorder *recorder, uint32_t flow, enum metric_latency kind,
			  ps_t value_ps)
{
	uint32_t in_flow = flow * NR_METRIC_LATENCIES + (uint32_t)kind;

	hist_add(&recorder->latency[kind], value_ps);
	if (recorder->nr_flows > 1)
		hist_add(&recorder->flows[flow].latency[kind], value_ps);
	if (recorder->batches) {
		batches_add(&recorder->batches[kind], value_ps);
		if (recorder->nr_flows > 1)
			batches_add(&recorder->batches[BATCHES_FLOWS + in_flow], value_ps);
	}
	if (recorder->pilot && kind == recorder->pilot_kind)
		mser_add(recorder->pilot, value_ps, recorder->host->life.nr_finished);
}

void recorder_add_stage(struct recorder *recorder, enum stage stage, ps_t value_ps)
{
	hist_add(&recorder->stages[stage], value_ps);
	if (recorder->batches)
		batches_add(&recorder->batches[BATCHES_STAGES + (int)stage], value_ps);
}

static uint32_t nr_batches(const struct recorder *recorder)
{
	return BATCHES_FLOWS +
	       (recorder->nr_flows > 1 ? recorder->nr_flows * NR_METRIC_LATENCIES : 0);
}

void recorder_finish_batches(const struct recorder *recorder, struct result *ret)
{
	ret->nr_batches = recorder->batches ? nr_batches(recorder) : 0;
	ret->batches = recorder->batches;
}

static void recorder_work(struct recorder *recorder, const struct trace_record *record)
{
	recorder->nr_pieces[recorder->vcpus[record->who].vm_index] += recorder->measuring;
}

static recorder_fn *const takers[NR_POINTS] = {
	[POINT_REQUEST] = recorder_request,
	[POINT_RAISED] = recorder_raised,
	[POINT_DISPATCH] = recorder_dispatch,
	[POINT_ROUTED] = recorder_routed,
	[POINT_QUEUED] = recorder_queued,
	[POINT_COALESCED] = recorder_coalesced,
	[POINT_DROPPED] = recorder_dropped,
	[POINT_NOTIFIED] = recorder_notified,
	[POINT_DISPATCH_END] = recorder_dispatch_end,
	[POINT_INJECTED] = recorder_injected,
	[POINT_HANDLED] = recorder_handled,
	[POINT_EOI] = recorder_eoi,
	[POINT_ACKED] = recorder_acked,
	[POINT_ENTRY] = recorder_entry,
	[POINT_ENTRY_ABORTED] = recorder_entry_aborted,
	[POINT_EXIT] = recorder_exit,
	[POINT_KICK] = recorder_kick,
	[POINT_WORK] = recorder_work,
	[POINT_LOCK_WAIT] = recorder_lock_wait,
	[POINT_LOCK_ACQUIRED] = recorder_lock_acquired,
	[POINT_WINDOW] = recorder_window,
	[POINT_WAKE] = recorder_wake,
	[POINT_SWITCH] = recorder_switch,
	[POINT_IDLE] = recorder_idle,
	[POINT_IDLE_END] = recorder_idle_end,
	[POINT_HALT] = recorder_halt,
	[POINT_POLL] = recorder_poll,
	[POINT_BLOCK] = recorder_block,
	[POINT_PUT] = recorder_put,
	[POINT_LOAD] = recorder_load,
	[POINT_PASS] = recorder_pass,
};

static void recorder_record(struct trace_sink *sink, const struct trace_record *record)
{
	struct recorder *recorder = (struct recorder *)(void *)sink;

	if (record->point < NR_POINTS && takers[record->point])
		takers[record->point](recorder, record);
}

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
	for (uint32_t i = 0; i < host->nr_vcpus; i++) {
		uint32_t vm_index = 0;

		while (host->vms[vm_index] != host->vcpus[i]->vm)
			vm_index++;
		recorder->vcpus[i].vm_index = vm_index;
		recorder->vcpus[i].preempted = !host->vcpus[i]->thread.on_cpu;	/* it waits */
	}
}

static void init_pcpus(struct recorder *recorder)
{
	const struct host *host = recorder->host;

	recorder->pcpus = ARENA_NEW_N(host->arena, struct pcpu_record, host->nr_pcpus);
	for (uint32_t i = 0; i < host->nr_pcpus; i++)
		recorder->pcpus[i].idle_state = UINT32_MAX;
}

/* Which of the host's threads are vCPUs'. */
static void init_threads(struct recorder *recorder)
{
	const struct host *host = recorder->host;

	for (uint32_t i = 0; i < host->nr_vcpus; i++)
		recorder->nr_threads = MAX(recorder->nr_threads, host->vcpus[i]->thread.id + 1);
	recorder->vcpu_of_thread = ARENA_NEW_N(host->arena, uint32_t, recorder->nr_threads);
	for (uint32_t i = 0; i < recorder->nr_threads; i++)
		recorder->vcpu_of_thread[i] = UINT32_MAX;
	for (uint32_t i = 0; i < host->nr_vcpus; i++)
		recorder->vcpu_of_thread[host->vcpus[i]->thread.id] = i;
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
	init_pcpus(recorder);
	init_threads(recorder);
	recorder->nr_flows = scenario->nr_workloads;
	recorder->flows = ARENA_NEW_N(arena, struct flow_record, scenario->nr_workloads);
	for (uint32_t i = 0; i < recorder->nr_flows; i++) {
		init_hists(recorder->flows[i].latency, NR_METRIC_LATENCIES, arena);
		init_hists(recorder->flows[i].by_state, NR_TARGET_STATES, arena);
		init_hists(&recorder->flows[i].pass, 1, arena);
		recorder->flows[i].passed_ps = PS_NEVER;
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

void recorder_keep_batches(struct recorder *recorder)
{
	struct arena *arena = recorder->host->arena;
	struct batches *batches = ARENA_NEW_N(arena, struct batches, nr_batches(recorder));

	for (int kind = 0; kind < NR_METRIC_LATENCIES; kind++)
		batches_init(&batches[kind], &recorder->latency[kind], arena);
	for (int stage = 0; stage < NR_STAGES; stage++)
		batches_init(&batches[BATCHES_STAGES + stage], &recorder->stages[stage], arena);
	for (uint32_t i = BATCHES_FLOWS; i < nr_batches(recorder); i++) {
		uint32_t flow = (i - BATCHES_FLOWS) / NR_METRIC_LATENCIES;
		uint32_t kind = (i - BATCHES_FLOWS) % NR_METRIC_LATENCIES;

		batches_init(&batches[i], &recorder->flows[flow].latency[kind], arena);
	}
	recorder->batches = batches;
}

void recorder_pilot(struct recorder *recorder, struct mser *pilot, enum metric_latency kind)
{
	recorder->pilot = pilot;
	recorder->pilot_kind = kind;
}
