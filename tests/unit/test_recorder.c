/* test_recorder - records in, stages and latencies out; and the recorder changes nothing. */
#include <glib.h>

#include "app/plan.h"
#include "app/recorder.h"
#include "app/world.h"
#include "models/pcpu.h"
#include "models/vcpu.h"
#include "models/vm.h"
#include "sim/arena.h"
#include "sim/sim.h"
#include "tests/support/play.h"

/* From vCPU 0 to 1, with a lock that is held once, a kick by IPI, one entry. */
static void play_simple(struct play *play, ps_t t)
{
	AT(t + 0, REQUEST, 0, 1, 0);
	AT(t + 0, RAISED, 0, 1, 0);
	AT(t + 1, EXIT, 0, 0, EXIT_SGI);
	AT(t + 10, DISPATCH, 0, 0, 0);
	AT(t + 30, ROUTED, 0, 1, 0);
	AT(t + 33, LOCK_ACQUIRED, 0, 0, 6);	/* was free: no wait to end */
	AT(t + 35, LOCK_WAIT, 0, 3, 7);
	AT(t + 38, LOCK_ACQUIRED, 3, 1, 7);	/* another pCPU's */
	play->in_hardirq = true;		/* over the waiter: none of its request */
	AT(t + 39, LOCK_WAIT, 0, 2, 8);
	AT(t + 40, LOCK_ACQUIRED, 0, 1, 8);
	AT(t + 40, KICK, 0, 3, KICK_OUTSIDE);
	play->in_hardirq = false;
	AT(t + 42, LOCK_ACQUIRED, 0, 1, 7);
	AT(t + 60, QUEUED, 0, 1, 0);
	AT(t + 70, KICK, 0, 1, KICK_IPI);
	AT(t + 71, NOTIFIED, 0, 1, 0);
	AT(t + 72, DISPATCH_END, 0, 0, 0);
	AT(t + 100, EXIT, 1, 0, EXIT_IRQ);
	AT(t + 150, INJECTED, 0, 1, 0);
	AT(t + 180, ENTRY, 1, 0, 0);
	AT(t + 187, HANDLED, 0, 1, 0);
	AT(t + 190, ACKED, 0, 1, 0);
	AT(t + 200, EOI, 0, 1, 0);
}

static void test_simple(void)
{
	struct play scene, *play = &scene;
	const struct result *result = &scene.result;

	play_open(play);
	AT(1000, ENTRY, 1, 0, 0);
	AT(1000, WINDOW, 0, 0, 1);
	play_simple(play, 2000);
	play_finish(play, 3000);
	play_assert_stages(result, (const uint64_t[]){
		[STAGE_EXIT] = 10, [STAGE_LOOKUP] = 20, [STAGE_LOCK_WAIT] = 7,
		[STAGE_INJECT] = 23, [STAGE_NOTIFY] = 40, [STAGE_ENTRY] = 80, [STAGE_GUEST] = 7 });
	g_assert_cmpuint(play_only_sample(result->latency[LATENCY_INJECT]), ==, 62);
	g_assert_cmpuint(play_only_sample(result->latency[LATENCY_DELIVER]), ==, 187);
	g_assert_cmpuint(play_only_sample(result->latency[LATENCY_ACK]), ==, 190);
	g_assert_cmpuint(play_only_sample(result->latency[LATENCY_COMPLETE]), ==, 200);
	g_assert_cmpuint(hist_count(result->latency[LATENCY_SOURCE_WAIT]), ==, 0);
	g_assert_cmpuint(play_only_sample(result->flows[0].by_state[TARGET_IN_GUEST]), ==, 187);
	g_assert_cmpuint(result->nr_exits[EXIT_SGI], ==, 1);
	g_assert_cmpuint(result->pairs[0 * PLAY_NR_VCPUS + 1].sum_ps, ==, 187);
	g_assert_cmpuint(result->measured_ps, ==, 2000);
	g_assert_cmpuint(result->pcpus[3].guest_ppm, ==, 1000000);
	play_close(play);
}

/* Two sends of an open loop, written 10 and 300 after their arrivals; the first one too early. */
static void test_source_wait(void)
{
	struct play scene, *play = &scene;

	play_open(play);
	AT(0, ENTRY, 1, 0, 0);
	play->host.vcpus[0]->request.intended_ps = 990;
	AT(1000, REQUEST, 0, 0, 0);
	AT(1001, DISPATCH, 0, 0, 0);
	AT(1002, DISPATCH_END, 0, 0, 0);
	AT(1500, WINDOW, 0, 0, 1);
	play->host.vcpus[0]->request.intended_ps = 1700;
	play_simple(play, 2000);
	play_finish(play, 3000);
	g_assert_cmpuint(play_only_sample(play->result.latency[LATENCY_SOURCE_WAIT]), ==, 300);
	g_assert_cmpuint(play_only_sample(play->result.latency[LATENCY_DELIVER]), ==, 187);
	play_close(play);
}

/*
 * Kicked by IPI, but not in its guest when its sender says so: what is left is its entry. In its
 * guest it is still notify, until the IPI makes it exit: test_simple().
 */
static void test_notified_outside(void)
{
	struct play scene, *play = &scene;

	play_open(play);
	AT(0, WINDOW, 0, 0, 1);
	AT(0, REQUEST, 0, 1, 0);
	AT(0, RAISED, 0, 1, 0);
	AT(1, DISPATCH, 0, 0, 0);
	AT(2, ROUTED, 0, 1, 0);
	AT(4, QUEUED, 0, 1, 0);
	AT(7, KICK, 0, 1, KICK_IPI);
	AT(9, NOTIFIED, 0, 1, 0);	/* notify 5 */
	AT(10, DISPATCH_END, 0, 0, 0);
	AT(20, INJECTED, 0, 1, 0);
	AT(30, ENTRY, 1, 0, 0);		/* entry 21 */
	AT(33, HANDLED, 0, 1, 0);
	play_finish(play, 100);
	play_assert_stages(&play->result, (const uint64_t[]){
		[STAGE_EXIT] = 1, [STAGE_LOOKUP] = 1, [STAGE_INJECT] = 2, [STAGE_NOTIFY] = 5,
		[STAGE_ENTRY] = 21, [STAGE_GUEST] = 3 });
	play_close(play);
}

/* Raised before the window: counted, not sampled. */
static void test_window(void)
{
	struct play scene, *play = &scene;
	const struct result *result = &scene.result;

	play_open(play);
	AT(0, REQUEST, 0, 1, 0);
	AT(0, RAISED, 0, 1, 0);
	AT(5, DISPATCH, 0, 0, 0);
	AT(6, WINDOW, 0, 0, 1);
	AT(7, ROUTED, 0, 1, 0);
	AT(8, QUEUED, 0, 1, 0);
	AT(9, NOTIFIED, 0, 1, 0);
	AT(10, DISPATCH_END, 0, 0, 0);
	AT(11, INJECTED, 0, 1, 0);
	AT(12, ENTRY, 1, 0, 0);
	AT(13, HANDLED, 0, 1, 0);
	AT(14, ACKED, 0, 1, 0);
	AT(15, EOI, 0, 1, 0);
	play_finish(play, 20);
	for (int kind = 0; kind < NR_METRIC_LATENCIES; kind++)
		g_assert_cmpuint(hist_count(result->latency[kind]), ==, 0);
	g_assert_cmpuint(result->interrupts.nr_handled, ==, 1);
	g_assert_cmpuint(result->nr_raised, ==, 0);
	g_assert_cmpuint(result->nr_handled, ==, 1);	/* a rate counts what happens in it */
	play_close(play);
}

/* The second target waits while the first is served: that is injection, not lookup. */
static void test_two_targets(void)
{
	struct play scene, *play = &scene;

	play_open(play);
	AT(0, WINDOW, 0, 0, 1);
	AT(0, REQUEST, 0, 2, 0);
	AT(0, RAISED, 0, 1, 0);
	AT(0, RAISED, 0, 2, 1);
	AT(10, DISPATCH, 0, 0, 0);
	AT(15, ROUTED, 0, 1, 0);	/* lookup 5 */
	AT(20, QUEUED, 0, 1, 0);	/* inject 5 */
	AT(28, KICK, 0, 1, KICK_OUTSIDE);
	AT(28, NOTIFIED, 0, 1, 0);
	AT(31, ROUTED, 0, 2, 1);	/* lookup 3 */
	AT(33, QUEUED, 0, 2, 1);	/* inject 13 + 2 */
	AT(40, KICK, 0, 2, KICK_EXITING);
	AT(40, NOTIFIED, 0, 2, 1);	/* not in its guest: entry */
	AT(41, DISPATCH_END, 0, 0, 0);
	AT(50, INJECTED, 0, 1, 0);
	AT(50, INJECTED, 0, 2, 1);
	AT(60, ENTRY, 1, 0, 0);
	AT(61, ENTRY, 2, 0, 0);
	AT(62, HANDLED, 0, 1, 0);
	AT(62, HANDLED, 0, 2, 1);
	play_finish(play, 100);
	play_assert_stages(&play->result, (const uint64_t[]){
		[STAGE_EXIT] = 10 + 10, [STAGE_LOOKUP] = 5 + 8, [STAGE_INJECT] = 5 + 15,
		[STAGE_NOTIFY] = 8 + 7, [STAGE_ENTRY] = 32 + 21, [STAGE_GUEST] = 2 + 1 });
	g_assert_cmpuint(hist_count(play->result.latency[LATENCY_INJECT]), ==, 1);
	g_assert_cmpuint(hist_count(play->result.flows[0].by_state[TARGET_IN_HOST]), ==, 2);
	play_close(play);
}

/* An exit before the handler: the entry begins anew, and so does an aborted one. */
static void test_entry_again(void)
{
	struct play scene, *play = &scene;

	play_open(play);
	AT(0, WINDOW, 0, 0, 1);
	AT(0, REQUEST, 0, 1, 0);
	AT(0, RAISED, 0, 1, 0);
	AT(1, DISPATCH, 0, 0, 0);
	AT(2, ROUTED, 0, 1, 0);
	AT(3, QUEUED, 0, 1, 0);
	AT(4, KICK, 0, 1, KICK_IPI);
	AT(4, NOTIFIED, 0, 1, 0);	/* notify 1 */
	AT(5, DISPATCH_END, 0, 0, 0);
	AT(10, INJECTED, 0, 1, 0);
	AT(12, ENTRY_ABORTED, 1, 0, 0);
	AT(13, ENTRY, 1, 0, 0);		/* without it: still entry */
	AT(14, EXIT, 1, 0, EXIT_IRQ);
	AT(20, INJECTED, 0, 1, 0);
	AT(30, ENTRY, 1, 0, 0);		/* entry 26 */
	AT(34, EXIT, 1, 0, EXIT_IRQ);	/* guest 4 */
	AT(40, INJECTED, 0, 1, 0);
	AT(50, ENTRY, 1, 0, 0);		/* entry 16 */
	AT(53, HANDLED, 0, 1, 0);	/* guest 3 */
	AT(55, EOI, 0, 1, 0);
	play_finish(play, 100);
	play_assert_stages(&play->result, (const uint64_t[]){
		[STAGE_EXIT] = 1, [STAGE_LOOKUP] = 1, [STAGE_INJECT] = 1, [STAGE_NOTIFY] = 1,
		[STAGE_ENTRY] = 42, [STAGE_GUEST] = 7 });
	g_assert_cmpuint(play->result.nr_aborted_entries, ==, 1);
	play_close(play);
}

/* Somebody else's work carries it to its end before its sender says that it is queued. */
static void test_late_records(void)
{
	struct play scene, *play = &scene;

	play_open(play);
	AT(0, WINDOW, 0, 0, 1);
	AT(0, REQUEST, 0, 1, 0);
	AT(0, RAISED, 0, 1, 0);
	AT(1, DISPATCH, 0, 0, 0);
	AT(2, ROUTED, 0, 1, 0);
	AT(5, INJECTED, 0, 1, 0);
	AT(6, ENTRY, 1, 0, 0);
	AT(8, HANDLED, 0, 1, 0);
	AT(9, QUEUED, 0, 1, 0);
	AT(10, EOI, 0, 1, 0);
	AT(11, NOTIFIED, 0, 1, 0);
	AT(12, DISPATCH_END, 0, 0, 0);
	AT(13, ACKED, 0, 1, 0);
	play_finish(play, 100);
	play_assert_stages(&play->result, (const uint64_t[]){
		[STAGE_EXIT] = 1, [STAGE_LOOKUP] = 1, [STAGE_INJECT] = 3, [STAGE_ENTRY] = 1,
		[STAGE_GUEST] = 2 });
	g_assert_cmpuint(play_only_sample(play->result.latency[LATENCY_ACK]), ==, 13);
	g_assert_cmpuint(play->result.interrupts.nr_pending, ==, 0);
	play_close(play);
}

/* Merged at the latch, merged at a fold when it was queued already, dropped, pending. */
static void test_fates(void)
{
	struct play scene, *play = &scene;
	const struct result *result = &scene.result;

	play_open(play);
	AT(0, WINDOW, 0, 0, 1);
	AT(0, REQUEST, 0, 4, 0);
	for (uint64_t id = 0; id < 4; id++)
		AT(0, RAISED, 0, 1, id);
	AT(1, DISPATCH, 0, 0, 0);
	AT(2, ROUTED, 0, 1, 0);
	AT(3, COALESCED, 0, 1, 0);
	AT(4, NOTIFIED, 0, 1, 0);
	AT(5, ROUTED, 0, 1, 1);
	AT(6, QUEUED, 0, 1, 1);
	AT(7, COALESCED, 0, 1, 1);
	AT(8, NOTIFIED, 0, 1, 1);
	AT(9, DROPPED, 0, IRQ_DROP_NO_ROUTE, 2);
	AT(9, DISPATCH_END, 0, 0, 0);
	AT(20, EXIT, 1, 0, EXIT_IRQ);		/* nobody is on the target's list */
	AT(30, ACKED, 0, 1, 0);			/* of a merged one: the sender has seen it */
	play_finish(play, 100);
	g_assert_cmpuint(result->interrupts.nr_coalesced, ==, 2);
	g_assert_cmpuint(result->interrupts.nr_dropped[IRQ_DROP_NO_ROUTE], ==, 1);
	g_assert_cmpuint(result->interrupts.nr_pending, ==, 1);
	g_assert_cmpuint(result->flows[0].interrupts.nr_pending, ==, 1);
	g_assert_cmpuint(result->nr_coalesced, ==, 2);
	g_assert_cmpuint(hist_count(result->latency[LATENCY_DELIVER]), ==, 0);
	g_assert_cmpuint(play_only_sample(result->latency[LATENCY_ACK]), ==, 30);
	play_close(play);
}

/* Raised by a hardirq over a request of the same vCPU: each has a clock of its own. */
static void test_handler_raises(void)
{
	struct play scene, *play = &scene;
	const struct result *result = &scene.result;

	play_open(play);
	AT(0, WINDOW, 0, 0, 1);
	AT(0, REQUEST, 0, 1, 0);
	AT(0, RAISED, 0, 1, 0);
	play->in_hardirq = true;
	AT(5, RAISED, 0, 0, 1);
	AT(6, LOCK_WAIT, 0, 3, 7);
	AT(8, LOCK_ACQUIRED, 0, 1, 7);		/* lock_wait 2 */
	AT(10, QUEUED, 0, 0, 1);		/* inject 3 */
	AT(11, KICK, 0, 0, KICK_SELF);
	AT(12, NOTIFIED, 0, 0, 1);		/* notify 2 */
	AT(13, LOCK_WAIT, 0, 3, 7);		/* not for an interrupt */
	play->in_hardirq = false;
	AT(20, DISPATCH, 0, 0, 0);		/* the request: exit 20 */
	AT(21, DISPATCH_END, 0, 0, 0);
	AT(22, INJECTED, 0, 0, 1);
	AT(30, ENTRY, 0, 0, 0);			/* entry 18 */
	AT(31, HANDLED, 0, 0, 1);		/* guest 1 */
	play_finish(play, 100);
	play_assert_stages(result, (const uint64_t[]){
		[STAGE_INJECT] = 3, [STAGE_LOCK_WAIT] = 2, [STAGE_NOTIFY] = 2, [STAGE_ENTRY] = 18,
		[STAGE_GUEST] = 1 });
	g_assert_cmpuint(play_only_sample(result->latency[LATENCY_DELIVER]), ==, 26);
	g_assert_cmpuint(play_only_sample(result->latency[LATENCY_INJECT]), ==, 1);
	g_assert_cmpuint(result->interrupts.nr_pending, ==, 1);
	play_close(play);
}

/* Two flows of one vCPU: the second request is written before the first is acknowledged. */
static void test_acks_of_flows(void)
{
	static const struct workload_config workloads[] = { { .name = "a" }, { .name = "b" } };
	const struct scenario both = { .nr_workloads = 2, .workloads = workloads,
				       .nr_vms = 1, .vms = &play_vm_config };
	struct play scene, *play = &scene;

	play_open(play);
	play->recorder = recorder_attach(&play->host, &both);
	AT(0, WINDOW, 0, 0, 1);
	for (uint32_t flow = 0; flow < 2; flow++) {
		play->host.vcpus[0]->request.flow = flow;
		AT(10 * flow, REQUEST, 0, 1, flow);
		AT(10 * flow, RAISED, 0, 1, flow);
		AT(10 * flow + 1, DISPATCH, 0, 0, 0);
		AT(10 * flow + 2, DISPATCH_END, 0, 0, 0);
	}
	AT(25, ACKED, 0, 1, 0);
	AT(26, ACKED, 0, 1, 1);
	play_finish(play, 100);
	g_assert_cmpuint(play_only_sample(play->result.flows[0].latency[LATENCY_ACK]), ==, 25);
	g_assert_cmpuint(play_only_sample(play->result.flows[1].latency[LATENCY_ACK]), ==, 16);
	play_close(play);
}

/* More in flight than there are places; ids that meet in one place. */
static void test_inflight(void)
{
	struct arena *arena = arena_new(1 << 16);
	struct inflight inflight;
	uint64_t nr_listed = 0;

	inflight_init(&inflight, arena, 2);
	for (uint64_t id = 0; id < 3000; id++) {
		struct interrupt *interrupt = inflight_add(&inflight, id * 256);

		interrupt->to = id % 2;
		inflight_queue(&inflight, interrupt);
	}
	for (uint64_t id = 0; id < 3000; id += 3)
		inflight_remove(&inflight, inflight_get(&inflight, id * 256));
	g_assert_null(inflight_get(&inflight, 0));
	g_assert_null(inflight_get(&inflight, 257));
	for (uint32_t vcpu = 0; vcpu < 2; vcpu++)
		for (struct interrupt *i = inflight_first(&inflight, vcpu); i;
		     i = inflight_next(&inflight, i)) {
			g_assert_cmpuint(i->to, ==, vcpu);
			g_assert_cmpuint(i->id / 256 % 3, !=, 0);
			nr_listed++;
		}
	g_assert_cmpuint(nr_listed, ==, 2000);
	arena_free(arena);
}

static void test_series(void)
{
	struct arena *arena = arena_new(1 << 16);
	struct series *series = ARENA_NEW(arena, struct series);
	uint64_t count = 0;

	series_init(series, arena);
	series->start_ps = 1000;
	for (ps_t time_ps = 0; time_ps < PS_PER_S; time_ps += 100 * PS_PER_US)
		series_add(series, 1000 + time_ps, time_ps % 1000 + 5);
	g_assert_cmpuint(series->nr_slots, <=, SERIES_SLOTS_MAX);
	g_assert_cmpuint(series->nr_slots, >, SERIES_SLOTS_MAX / 2);
	g_assert_cmpuint(series->nr_slots * series->width_ps, >=, PS_PER_S - 100 * PS_PER_US);
	for (uint32_t i = 0; i < series->nr_slots; i++)
		count += hist_count(&series->slots[i]);
	g_assert_cmpuint(count, ==, 10000);
	arena_free(arena);
}

/* Runs one case with or without a recorder; the fingerprint. */
static uint64_t run_once(const struct plan *plan, uint32_t case_index, bool record)
{
	const struct scenario *played = plan->cases[case_index].scenario;
	const struct run_spec spec = { .scenario = played, .label = "test", .seed = 1 };
	struct arena *arena = arena_new(1 << 16);
	struct host *host = world_build(arena, &spec);
	struct recorder *recorder = record ? recorder_attach(host, played) : NULL;
	enum run_end end = world_run(host, played->stop_time_ps);
	uint64_t fingerprint = host->sim->fingerprint;
	struct result result;

	if (record) {
		recorder_finish(recorder, end, &result);
		g_assert_cmpuint(result.fingerprint, ==, fingerprint);
		g_assert_cmpuint(hist_count(result.latency[LATENCY_DELIVER]), >, 0);
	}
	arena_free(arena);
	return fingerprint;
}

static void test_unchanged(void)
{
	static const char *const names[] = { "sgi-load", "sgi-broadcast", "sgi-last-of-64" };
	static const char *const sets[] = { "/stop/interrupts=500", NULL };
	const struct plan_options options = { .sets = sets };

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		char *path = g_strdup_printf("%s/scenarios/%s.json", g_getenv("SRCDIR"), names[i]);
		GError *error = NULL;
		struct plan *plan = plan_load(path, &options, &error);

		g_assert_no_error(error);
		for (uint32_t c = 0; c < plan->nr_cases; c++)
			g_assert_cmpuint(run_once(plan, c, true), ==, run_once(plan, c, false));
		plan_free(plan);
		g_free(path);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/recorder/simple", test_simple);
	g_test_add_func("/recorder/source-wait", test_source_wait);
	g_test_add_func("/recorder/notified-outside", test_notified_outside);
	g_test_add_func("/recorder/window", test_window);
	g_test_add_func("/recorder/two-targets", test_two_targets);
	g_test_add_func("/recorder/entry-again", test_entry_again);
	g_test_add_func("/recorder/late-records", test_late_records);
	g_test_add_func("/recorder/fates", test_fates);
	g_test_add_func("/recorder/handler-raises", test_handler_raises);
	g_test_add_func("/recorder/acks-of-flows", test_acks_of_flows);
	g_test_add_func("/recorder/inflight", test_inflight);
	g_test_add_func("/recorder/series", test_series);
	g_test_add_func("/recorder/unchanged", test_unchanged);
	return g_test_run();
}
