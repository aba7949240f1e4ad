/* test_recorder_target - interrupts to vCPUs that sleep, poll or wait for their pCPU. */
#include <glib.h>

#include "app/recorder.h"
#include "models/vcpu.h"
#include "tests/support/play.h"

/* From vCPU 0 to 1: exit 1, lookup 1, inject 1, and queued at 3. */
static void send_at_zero(struct play *play)
{
	AT(0, WINDOW, 0, 0, 1);
	AT(0, REQUEST, 0, 1, 0);
	AT(0, RAISED, 0, 1, 0);
	AT(1, DISPATCH, 0, 0, 0);
	AT(2, ROUTED, 0, 1, 0);
	AT(3, QUEUED, 0, 1, 0);
}

static void handle_at(struct play *play, ps_t t)
{
	AT(t, INJECTED, 0, 1, 0);
	AT(t + 2, ENTRY, 1, 0, 0);
	AT(t + 3, HANDLED, 0, 1, 0);		/* guest 1 */
	AT(t + 4, EOI, 0, 1, 0);
	play_finish(play, 100);
}

/* Notified until it is woken, then wake until it has left its halt, then entry. */
static void test_blocked(void)
{
	struct play scene, *play = &scene;
	const struct result_flow *flow;

	play_open(play);
	AT(0, HALT, 1, 0, 1);
	AT(0, BLOCK, 1, 0, 1);
	AT(0, PUT, 1, 1, 0);
	send_at_zero(play);
	AT(8, WAKE, 0, 1, 1);		/* notify 5 */
	AT(9, KICK, 0, 1, KICK_OUTSIDE);
	AT(10, NOTIFIED, 0, 1, 0);
	AT(10, DISPATCH_END, 0, 0, 0);
	AT(20, SWITCH, 1, 0, 2);
	AT(22, LOAD, 1, 1, 0);
	AT(23, BLOCK, 1, 0, 0);
	AT(25, HALT, 1, 0, 0);		/* wake 17 */
	handle_at(play, 30);
	play_assert_stages(&play->result, (const uint64_t[]){
		[STAGE_EXIT] = 1, [STAGE_LOOKUP] = 1, [STAGE_INJECT] = 1, [STAGE_NOTIFY] = 5,
		[STAGE_WAKE] = 17, [STAGE_ENTRY] = 7, [STAGE_GUEST] = 1 });
	flow = &play->result.flows[0];
	g_assert_cmpuint(play_only_sample(flow->by_state[TARGET_BLOCKED]), ==, 33);
	g_assert_cmpuint(play->result.nr_wakeups, ==, 1);
	g_assert_cmpuint(play->result.nr_switches, ==, 1);
	play_close(play);
}

/* Somebody else has woken it already: wake from the end of the kick. Before, a wake in vain. */
static void test_woken(void)
{
	struct play scene, *play = &scene;
	const struct result_flow *flow;

	play_open(play);
	AT(0, HALT, 1, 0, 1);
	AT(0, BLOCK, 1, 0, 1);
	AT(0, WAKE, 0, 1, 1);
	AT(0, PUT, 1, 1, 0);		/* it was on its way out */
	AT(0, LOAD, 1, 1, 0);
	AT(0, PUT, 1, 1, 0);		/* for nothing: sleeps again */
	AT(0, WAKE, 0, 1, 1);
	send_at_zero(play);
	AT(10, NOTIFIED, 0, 1, 0);	/* notify 7 */
	AT(11, DISPATCH_END, 0, 0, 0);
	AT(22, LOAD, 1, 1, 0);
	AT(23, BLOCK, 1, 0, 0);
	AT(25, HALT, 1, 0, 0);		/* wake 15 */
	handle_at(play, 30);
	play_assert_stages(&play->result, (const uint64_t[]){
		[STAGE_EXIT] = 1, [STAGE_LOOKUP] = 1, [STAGE_INJECT] = 1, [STAGE_NOTIFY] = 7,
		[STAGE_WAKE] = 15, [STAGE_ENTRY] = 7, [STAGE_GUEST] = 1 });
	flow = &play->result.flows[0];
	g_assert_cmpuint(play_only_sample(flow->by_state[TARGET_BLOCKED]), ==, 33);
	play_close(play);
}

/* Notified until it leaves its halt: there is no wake-up. */
static void test_polling(void)
{
	struct play scene, *play = &scene;
	const struct result_flow *flow;

	play_open(play);
	AT(0, HALT, 1, 0, 1);
	AT(0, POLL, 1, 0, 1);
	send_at_zero(play);
	AT(6, KICK, 0, 1, KICK_OUTSIDE);
	AT(7, NOTIFIED, 0, 1, 0);
	AT(8, DISPATCH_END, 0, 0, 0);
	AT(12, POLL, 1, 0, 0);
	AT(14, HALT, 1, 0, 0);		/* notify 11 */
	handle_at(play, 20);
	play_assert_stages(&play->result, (const uint64_t[]){
		[STAGE_EXIT] = 1, [STAGE_LOOKUP] = 1, [STAGE_INJECT] = 1, [STAGE_NOTIFY] = 11,
		[STAGE_ENTRY] = 8, [STAGE_GUEST] = 1 });
	flow = &play->result.flows[0];
	g_assert_cmpuint(play_only_sample(flow->by_state[TARGET_POLLING]), ==, 23);
	play_close(play);
}

/* It has no pCPU: wake until it is loaded. Preempted again on its way: wake again. */
static void test_preempted(void)
{
	struct play scene, *play = &scene;
	const struct result_flow *flow;

	play_open(play);
	AT(0, PUT, 1, 1, 1);
	send_at_zero(play);
	AT(6, KICK, 0, 1, KICK_OUTSIDE);
	AT(7, NOTIFIED, 0, 1, 0);	/* notify 4 */
	AT(8, DISPATCH_END, 0, 0, 0);
	AT(20, LOAD, 1, 1, 0);		/* wake 13 */
	AT(22, PUT, 1, 1, 1);		/* entry 2 */
	AT(27, LOAD, 1, 1, 0);		/* wake 5 */
	handle_at(play, 30);
	play_assert_stages(&play->result, (const uint64_t[]){
		[STAGE_EXIT] = 1, [STAGE_LOOKUP] = 1, [STAGE_INJECT] = 1, [STAGE_NOTIFY] = 4,
		[STAGE_WAKE] = 18, [STAGE_ENTRY] = 7, [STAGE_GUEST] = 1 });
	flow = &play->result.flows[0];
	g_assert_cmpuint(play_only_sample(flow->by_state[TARGET_PREEMPTED]), ==, 33);
	play_close(play);
}

/* Stays that reach over an end of the window count with the part inside. */
static void test_idle_states(void)
{
	struct play scene, *play = &scene;
	const struct result_idle_state *states;

	play_open(play);
	play->host.config.idle = (struct idle_config){
		.nr_states = 2, .states = { { .name = "C1" }, { .name = "C6" } },
	};
	AT(0, IDLE, 0, 1, 0);
	AT(10, IDLE, 1, 0, 0);
	AT(20, WINDOW, 0, 0, 1);
	AT(30, IDLE_END, 0, 1, 0);		/* C6: 10 */
	AT(40, IDLE, 0, 0, 0);
	AT(60, IDLE_END, 0, 0, 0);		/* C1: 20 */
	AT(90, IDLE, 0, 1, 0);			/* C6: 30 */
	play_finish(play, 120);			/* C1: 100, of pCPU 1 */
	states = play->result.idle_states;
	g_assert_cmpuint(play->result.nr_idle_states, ==, 2);
	g_assert_cmpstr(states[0].name, ==, "C1");
	g_assert_cmpuint(states[0].nr_entries, ==, 1);
	g_assert_cmpuint(states[0].ppm, ==, 120 * 1000000 / (100 * PLAY_NR_VCPUS));
	g_assert_cmpuint(states[1].nr_entries, ==, 1);
	g_assert_cmpuint(states[1].ppm, ==, 40 * 1000000 / (100 * PLAY_NR_VCPUS));
	play_close(play);
}

/* Of the four vCPUs one waited for 30, one for 50 of the 100. */
static void test_steal(void)
{
	struct play scene, *play = &scene;

	play_open(play);
	AT(0, WINDOW, 0, 0, 1);
	AT(10, SWITCH, 0, 1, 2);
	AT(10, SWITCH, 0, 2, 0);
	AT(10, SWITCH, 0, 0, 0);		/* to idle from idle: none */
	play->host.vcpus[1]->thread.run_delay_ps = 30;
	play->host.vcpus[3]->thread.run_delay_ps = 50;
	play_finish(play, 100);
	g_assert_cmpuint(play->result.vms[0].steal_ppm, ==, 200000);
	g_assert_cmpuint(play->result.nr_switches, ==, 2);
	play_close(play);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/recorder/blocked", test_blocked);
	g_test_add_func("/recorder/woken", test_woken);
	g_test_add_func("/recorder/polling", test_polling);
	g_test_add_func("/recorder/preempted", test_preempted);
	g_test_add_func("/recorder/idle-states", test_idle_states);
	g_test_add_func("/recorder/steal", test_steal);
	return g_test_run();
}
