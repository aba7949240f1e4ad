/*
 * recorder_parts - the records that the parts of the recorder take, each in its own file.
 *
 * Called by recorder.c and recorder_finish.c only.
 */
#ifndef APP_RECORDER_PARTS_H
#define APP_RECORDER_PARTS_H

#include "app/recorder.h"

typedef void recorder_fn(struct recorder *recorder, const struct trace_record *record);

/* recorder_sender.c: from the guest's write, or a handler's raise, to the end of the kick. */
recorder_fn recorder_request, recorder_raised, recorder_dispatch, recorder_routed, recorder_queued,
	recorder_coalesced, recorder_dropped, recorder_kick, recorder_notified,
	recorder_dispatch_end, recorder_acked, recorder_lock_wait, recorder_lock_acquired;

/* The interrupt goes by a clock of its own from here on, in STAGE_NOTIFY. */
void recorder_start_notify(struct recorder *recorder, struct interrupt *interrupt, ps_t now_ps);

/* recorder_target.c: what the target does, up to the end of the interrupt. */
recorder_fn recorder_injected, recorder_handled, recorder_eoi, recorder_entry,
	recorder_entry_aborted, recorder_exit, recorder_halt, recorder_poll, recorder_block,
	recorder_put, recorder_load, recorder_wake;

enum target_state recorder_target_state(const struct vcpu_record *vcpu);

/* What an interrupt waits for whose target is notified, and not in its guest. */
enum stage recorder_target_stage(const struct vcpu_record *vcpu);

/* recorder_host.c: pCPUs, and the measured window. */
recorder_fn recorder_switch, recorder_idle, recorder_idle_end, recorder_pass, recorder_window;

/* A sample of one of the intervals. */
void recorder_add_latency(struct recorder *recorder, uint32_t flow, enum metric_latency kind,
			  ps_t value_ps);

/* A sample of a stage of deliver. */
void recorder_add_stage(struct recorder *recorder, enum stage stage, ps_t value_ps);

/* The batches, if they are kept. */
void recorder_finish_batches(const struct recorder *recorder, struct result *ret);

enum { PPM = 1000000 };

/* part / whole in parts per million, rounded half up; 0 when there is no whole. */
static inline uint64_t recorder_ppm(uint64_t part, uint64_t whole)
{
	return whole ? u128_to_u64(u128_div_round(u128_mul_u64(part, PPM), whole)) : 0;
}

/* recorder_locks.c: the classes' counters. */
void recorder_finish_locks(const struct recorder *recorder, struct result *ret);

#endif
