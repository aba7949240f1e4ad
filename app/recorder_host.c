/* recorder_host - what pCPUs do, and the measured window. */
#include "app/recorder_parts.h"

#define NO_STATE UINT32_MAX

/* The kernel counts a switch to or from idle as one, too. */
void recorder_switch(struct recorder *recorder, const struct trace_record *record)
{
	if (record->whom != record->which)
		recorder->nr_switches += recorder->measuring;
}

/* --- idle states --------------------------------------------------------------------------- */

/* The part of the stay so far that lies in the window, up to now. */
static void add_residency(struct recorder *recorder, struct pcpu_record *pcpu, ps_t now_ps)
{
	if (pcpu->idle_state == NO_STATE)
		return;
	if (recorder->measuring)
		recorder->idle_ps[pcpu->idle_state] += now_ps - pcpu->idle_since_ps;
	pcpu->idle_since_ps = now_ps;
}

void recorder_idle(struct recorder *recorder, const struct trace_record *record)
{
	struct pcpu_record *pcpu = &recorder->pcpus[record->who];

	if (record->whom >= recorder->host->config.idle.nr_states)
		return;		/* of a platform that names none */
	pcpu->idle_state = record->whom;
	pcpu->idle_since_ps = record->time_ps;
	recorder->nr_idles[record->whom] += recorder->measuring;
}

void recorder_idle_end(struct recorder *recorder, const struct trace_record *record)
{
	struct pcpu_record *pcpu = &recorder->pcpus[record->who];

	add_residency(recorder, pcpu, record->time_ps);
	pcpu->idle_state = NO_STATE;
}

/* --- lines --------------------------------------------------------------------------------- */

/* From the write before, when both are in the window. */
void recorder_pass(struct recorder *recorder, const struct trace_record *record)
{
	struct flow_record *flow = &recorder->flows[record->which];

	if (!recorder->measuring)
		return;
	if (flow->passed_ps != PS_NEVER)
		hist_add(&flow->pass, record->time_ps - flow->passed_ps);
	flow->passed_ps = record->time_ps;
}

/* --- the window ---------------------------------------------------------------------------- */

void recorder_window(struct recorder *recorder, const struct trace_record *record)
{
	for (uint32_t i = 0; i < recorder->host->nr_pcpus; i++)
		add_residency(recorder, &recorder->pcpus[i], record->time_ps);
	recorder->measuring = record->which == 1;
	if (!recorder->measuring) {
		recorder->window_end_ps = record->time_ps;
		return;
	}
	recorder->opened = true;
	recorder->window_start_ps = record->time_ps;
	recorder->series.start_ps = record->time_ps;
}
