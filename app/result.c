#include "app/result.h"

#include <string.h>

bool result_stat(const struct hist *hist, enum metric_stat stat, uint64_t *ret)
{
	if (hist_count(hist) == 0)
		return false;
	switch (stat) {
	case STAT_MEAN:
		*ret = hist_mean(hist);
		return true;
	case STAT_MIN:
		*ret = hist_min(hist);
		return true;
	case STAT_MAX:
		*ret = hist_max(hist);
		return true;
	case STAT_P50:
		return hist_percentile(hist, 50, 100, ret);
	case STAT_P90:
		return hist_percentile(hist, 90, 100, ret);
	case STAT_P99:
		return hist_percentile(hist, 99, 100, ret);
	case STAT_P999:
		return hist_percentile(hist, 999, 1000, ret);
	case NR_METRIC_STATS:
		break;
	}
	return false;
}

/* a / b * scale, rounded half up; false when there is nothing to divide by, or no such number. */
static bool ratio(uint64_t a, uint64_t b, uint64_t scale, uint64_t *ret)
{
	struct u128 quotient;

	if (b == 0)
		return false;
	quotient = u128_div_round(u128_mul_u64(a, scale), b);
	*ret = quotient.lo;
	return quotient.hi == 0;
}

enum { PPM = 1000000 };

static bool scalar(const struct result *result, int index, uint64_t *ret)
{
	uint64_t nr_exits = 0;

	for (int reason = 0; reason < NR_EXIT_REASONS; reason++)
		nr_exits += result->nr_exits[reason];
	switch ((enum metric_scalar)index) {
	case SCALAR_EXITS_PER_INTERRUPT:
		return ratio(nr_exits, result->nr_raised, PPM, ret);
	case SCALAR_IPIS_PER_INTERRUPT:
		return ratio(result->nr_ipis_sent, result->nr_raised, PPM, ret);
	case SCALAR_COALESCED_RATIO:
		return ratio(result->nr_coalesced, result->nr_raised, PPM, ret);
	case SCALAR_RAISED_PER_S:
		return ratio(result->nr_raised, result->measured_ps, PS_PER_S, ret);
	case SCALAR_HANDLED_PER_S:
		return ratio(result->nr_handled, result->measured_ps, PS_PER_S, ret);
	case SCALAR_CONTEXT_SWITCHES_PER_S:
		return ratio(result->nr_switches, result->measured_ps, PS_PER_S, ret);
	case SCALAR_WAKEUPS_PER_S:
		return ratio(result->nr_wakeups, result->measured_ps, PS_PER_S, ret);
	case NR_METRIC_SCALARS:
		break;
	}
	return false;
}

static const struct result_flow *find_flow(const struct result *result, const char *name)
{
	for (uint32_t i = 0; i < result->nr_flows; i++)
		if (strcmp(result->flows[i].name, name) == 0)
			return &result->flows[i];
	return NULL;
}

static const struct result_lock *find_lock(const struct result *result, const char *name)
{
	for (uint32_t i = 0; i < result->nr_locks; i++)
		if (strcmp(result->locks[i].name, name) == 0)
			return &result->locks[i];
	return NULL;
}

static const struct result_line *find_line(const struct result *result, const char *name)
{
	for (uint32_t i = 0; i < result->nr_lines; i++)
		if (strcmp(result->lines[i].name, name) == 0)
			return &result->lines[i];
	return NULL;
}

static const struct result_vm *find_vm(const struct result *result, const char *name)
{
	for (uint32_t i = 0; i < result->nr_vms; i++)
		if (strcmp(result->vms[i].name, name) == 0)
			return &result->vms[i];
	return NULL;
}

static bool lock_metric(const struct result *result, const struct metric *metric, uint64_t *ret)
{
	const struct result_lock *lock = find_lock(result, metric->name);

	if (!lock || result->measured_ps == 0)
		return false;
	switch ((enum metric_lock)metric->index) {
	case LOCK_METRIC_CONTENDED:
		return ratio(lock->nr_contended, lock->nr_acquisitions, PPM, ret);
	case LOCK_METRIC_UTILIZATION:
		*ret = lock->utilization_ppm;
		return true;
	case LOCK_METRIC_ACQUIRED_PER_S:
		return ratio(lock->nr_acquisitions, result->measured_ps, PS_PER_S, ret);
	case NR_METRIC_LOCKS:
		break;
	}
	return false;
}

static bool vm_metric(const struct result *result, const struct metric *metric, uint64_t *ret)
{
	const struct result_vm *vm = find_vm(result, metric->name);

	if (!vm || result->measured_ps == 0)
		return false;
	if (metric->index == VM_METRIC_PIECES_PER_S)
		return ratio(vm->nr_pieces, result->measured_ps, PS_PER_S, ret);
	*ret = vm->steal_ppm;
	return true;
}

static bool pcpu_metric(const struct result *result, const struct metric *metric, uint64_t *ret)
{
	uint32_t id = metric_pcpu_id(metric);

	if (id >= result->nr_pcpus)
		return false;
	*ret = result->pcpus[id].guest_ppm + result->pcpus[id].host_ppm;
	return true;
}

const struct hist *result_hist(const struct result *result, const struct metric *metric)
{
	const struct result_flow *flow = find_flow(result, metric->name);
	const struct result_lock *lock = find_lock(result, metric->name);
	const struct result_line *line = find_line(result, metric->name);

	switch (metric->of) {
	case METRIC_LATENCY:
		return result->latency[metric->index];
	case METRIC_STAGE:
		return result->stages[metric->index];
	case METRIC_FLOW:
		return flow ? flow->latency[metric->index] : NULL;
	case METRIC_FLOW_STATE:
		return flow ? flow->by_state[metric->index] : NULL;
	case METRIC_LOCK_WAIT:
		return lock ? lock->wait : NULL;
	case METRIC_LOCK_HOLD:
		return lock ? lock->hold : NULL;
	case METRIC_LINE_PASS:
		return line ? line->pass : NULL;
	default:
		return NULL;
	}
}

bool result_metric(const struct result *result, const struct metric *metric, uint64_t *ret)
{
	const struct hist *hist = result_hist(result, metric);

	switch (metric->of) {
	case METRIC_LOCK:
		return lock_metric(result, metric, ret);
	case METRIC_VM:
		return vm_metric(result, metric, ret);
	case METRIC_PCPU:
		return pcpu_metric(result, metric, ret);
	case METRIC_SCALAR:
		return scalar(result, metric->index, ret);
	default:
		return hist && result_stat(hist, metric->stat, ret);
	}
}
