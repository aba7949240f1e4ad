/*
 * Halt polling of the host and of the guest, and a spinning guest that yields.
 */
#include "models/halt_poll.h"
#include "models/vgic.h"
#include "tests/support/sched_rig.h"

/* vCPU 0 (and 2) spin and send; vCPU 1 halts. */
static void poll_settle(struct rig *rig, uint32_t nr_vcpus)
{
	struct vm *vm;

	rig_build(rig);
	vm = rig_vm(rig, nr_vcpus, "linear-walk");
	for (uint32_t i = 0; i < nr_vcpus; i++)
		vm->vcpus[i]->guest.halts = i == 1;
	rig_settle(rig);
}

/* --- a poll -------------------------------------------------------------------------------- */

/*
 * Exit 100, entry 200, halt exit 8, pending test 4, turn 6, waiter 9. vCPU 1 is woken at 0 after
 * 100 us of sleep, so its next halt polls 10 us: from 545 on, tests at 545, 555 ...
 */
static struct rig *poll_rig(uint32_t kernel)
{
	struct rig *rig = sched_rig(3, kernel);

	rig->vm_config.idle = GUEST_IDLE_HALT;
	rig->vm_config.halt_poll = halt_poll_unset;
	halt_poll_fill(&rig->vm_config.halt_poll, ARCH_ARM64, kernel);
	rig_cost(rig, C_VM_EXIT, 100);
	rig_cost(rig, C_VM_ENTRY, 200);
	rig_cost(rig, C_HALT_EXIT, 8);
	rig_cost(rig, C_VCPU_BLOCK, 9);
	rig_cost(rig, C_VGIC_PENDING, 4);
	rig_cost(rig, C_HALT_POLL_TURN, 6);
	rig_cost(rig, C_VCPU_PUT, 11);
	rig_cost(rig, C_VCPU_LOAD, 13);
	return rig;
}

static void poll_show(struct rig *rig)
{
	static const enum point points[] = {
		POINT_QUEUED, POINT_INJECTED, POINT_HANDLED, POINT_KICK, POINT_WAKE, POINT_SWITCH,
		POINT_HALT, POINT_POLL, POINT_BLOCK, POINT_PUT, POINT_LOAD,
	};

	for (size_t i = 0; i < G_N_ELEMENTS(points); i++)
		rig_show(rig, points[i]);
}

static void poll_run(struct rig *rig, uint64_t send_ns, uint64_t until_ns)
{
	rig_send(rig, 0, 0, 1);
	if (send_ns)
		rig_send(rig, send_ns, 2, 1);
	rig_run(rig, 500);
	poll_show(rig);
	rig_run(rig, until_ns);
}

/* Queued before the halt: the first test finds it. */
static void test_found_at_once(void)
{
	struct rig *rig = poll_rig(KERNEL(6, 5));

	poll_settle(rig, 3);
	poll_run(rig, 440, 850);
	rig_expect(rig, "540 v2>v1 queued #1\n"
		   "540 p2>v1 kick outside\n"
		   "545 v1 halt 1\n"
		   "545 v1 poll 1\n"
		   "549 v1 poll 0\n"
		   "549 v1 halt 0\n"
		   "549 v1 injected #1\n"
		   "749 v1 handled #1\n");
	sched_end(rig);
}

/* A test and a turn that cost nothing: a turn takes 1 ns all the same, and the poll has an end. */
static void test_free_turns(void)
{
	struct rig *rig = poll_rig(KERNEL(6, 5));

	rig_cost(rig, C_VGIC_PENDING, 0);
	rig_cost(rig, C_HALT_POLL_TURN, 0);
	poll_settle(rig, 3);
	poll_run(rig, 0, 20000);
	rig_expect(rig, "541 v1 halt 1\n"
		   "541 v1 poll 1\n"
		   "10541 v1 poll 0\n"
		   "10550 v1 block 1\n"
		   "10560 p1 switches t1>idle\n"
		   "10571 v1>p1 put 0\n");
	sched_end(rig);
}

/*
 * Queued at 1000, in the gap after the test of 995; that of 1005 finds it: no wake-up and no IPI.
 * One that comes during the test (1006) waits until 1009 for the list; the test at 1015 finds it.
 */
static void test_found_while_polling(void)
{
	struct rig *rig = poll_rig(KERNEL(6, 5));

	poll_settle(rig, 3);
	poll_run(rig, 900, 1250);
	rig_expect(rig, "545 v1 halt 1\n"
		   "545 v1 poll 1\n"
		   "1000 v2>v1 queued #1\n"
		   "1000 p2>v1 kick outside\n"
		   "1009 v1 poll 0\n"
		   "1009 v1 halt 0\n"
		   "1009 v1 injected #1\n"
		   "1209 v1 handled #1\n");
	sched_end(rig);

	rig = poll_rig(KERNEL(6, 5));
	poll_settle(rig, 3);
	poll_run(rig, 906, 1250);
	rig_expect(rig, "545 v1 halt 1\n"
		   "545 v1 poll 1\n"
		   "1009 v2>v1 queued #1\n"
		   "1009 p2>v1 kick outside\n"
		   "1019 v1 poll 0\n"
		   "1019 v1 halt 0\n"
		   "1019 v1 injected #1\n"
		   "1219 v1 handled #1\n");
	sched_end(rig);
}

/* The last turn ends at 10545; what is queued at 10550 is found by the test at 10554. */
static void test_between_poll_and_block(void)
{
	struct rig *rig = poll_rig(KERNEL(6, 5));

	poll_settle(rig, 3);
	poll_run(rig, 10450, 10700);
	rig_expect(rig, "545 v1 halt 1\n"
		   "545 v1 poll 1\n"
		   "10545 v1 poll 0\n"
		   "10550 v2>v1 queued #1\n"
		   "10550 p2>v1 kick outside\n"
		   "10554 v1 block 1\n"
		   "10558 v1 block 0\n"
		   "10558 v1 halt 0\n"
		   "10558 v1 injected #1\n");
	sched_end(rig);
}

/* --- a poll that is not alone --------------------------------------------------------------- */

static const struct step sleeps[] = { SLEEP, SAY("another"), DO(500), END };

/*
 * EEVDF: a thread (t3) that sleeps on pCPU 1 is woken by pCPU 2's device at 2000 (30 + 5 + 3) while
 * vCPU 1 polls: it waits for its turn, and the poller stops at the end of its own (2045), sleeps,
 * and gives way.
 */
static void test_poll_gives_way(void)
{
	struct rig *rig = poll_rig(KERNEL(6, 6));
	struct thread *thread;

	poll_settle(rig, 2);
	thread = script_start(rig, 0, 1, sleeps);
	rig_send(rig, 0, 0, 1);
	script_wake_by_irq(rig, 2000, 2, thread);
	rig_run(rig, 2000);
	poll_show(rig);
	rig_run(rig, 2900);
	rig_expect(rig, "2035 p2>p1 wakes t2\n"
		   "2038 woke it\n"
		   "2045 v1 poll 0\n"
		   "2054 v1 block 1\n"
		   "2068 p1 switches t1>t2\n"
		   "2079 v1>p1 put 0\n"
		   "2099 another\n"
		   "2609 p1 switches t2>idle\n");
	sched_end(rig);
}

/* --- how long: the sequence ----------------------------------------------------------------- */

/*
 * Every cost is 0, but a turn takes 1 us. vCPU 1 is asleep since 100 us when it is woken at 0; then
 * after the times of `us`. Each poll begins where the halt before ends.
 */
static struct rig *sequence_run(uint32_t kernel, enum arch arch, const uint64_t *us, size_t nr)
{
	struct rig *rig = rig_new(2);
	uint64_t at_ns = 0;

	rig->config.kernel = kernel;
	rig->vm_config.idle = GUEST_IDLE_HALT;
	rig->vm_config.halt_poll = halt_poll_unset;
	halt_poll_fill(&rig->vm_config.halt_poll, arch, kernel);
	rig_cost(rig, C_HALT_POLL_TURN, 1000);
	poll_settle(rig, 2);
	rig_show(rig, POINT_POLL);
	rig_show(rig, POINT_HANDLED);
	rig_send(rig, at_ns, 0, 1);
	for (size_t i = 0; i < nr; i++)
		rig_send(rig, at_ns += us[i] * 1000, 0, 1);
	rig_run(rig, at_ns + 900000);
	return rig;
}

/*
 * arm64: 10, 20, 40, 80, 160, 320, then 640 of which 500 are polled, as long as the halts are
 * longer than the value and shorter than 500.
 */
static const uint64_t growing_us[] = { 100, 200, 300, 400, 490, 490 };

static const char growing[] =
	"0 v1 handled #0\n"
	"0 v1 poll 1\n" "10000 v1 poll 0\n"
	"100000 v1 handled #1\n"
	"100000 v1 poll 1\n" "120000 v1 poll 0\n"
	"300000 v1 handled #2\n"
	"300000 v1 poll 1\n" "340000 v1 poll 0\n"
	"600000 v1 handled #3\n"
	"600000 v1 poll 1\n" "680000 v1 poll 0\n"
	"1000000 v1 handled #4\n"
	"1000000 v1 poll 1\n" "1160000 v1 poll 0\n"
	"1490000 v1 handled #5\n"
	"1490000 v1 poll 1\n" "1810000 v1 poll 0\n"
	"1980000 v1 handled #6\n"
	"1980000 v1 poll 1\n" "2480000 v1 poll 0\n";

static void test_sequence_grows(void)
{
	static const uint32_t kernels[] = { KERNEL(5, 4), KERNEL(6, 5), KERNEL(6, 11) };

	for (size_t i = 0; i < G_N_ELEMENTS(kernels); i++) {
		struct rig *rig = sequence_run(kernels[i], ARCH_ARM64, growing_us,
					       G_N_ELEMENTS(growing_us));

		rig_expect(rig, growing);
		sched_end(rig);
	}
}

/*
 * The value is 40 when a halt lasts 600, more than the maximum. Before v6.11 it becomes 0: the halt
 * after that does not poll, lasts 100, and makes it 10.
 */
static const uint64_t shrinking_us[] = { 100, 200, 600, 100, 50 };

static void test_sequence_shrinks_to_nothing(void)
{
	static const uint32_t kernels[] = { KERNEL(5, 4), KERNEL(6, 5), KERNEL(6, 10) };

	for (size_t i = 0; i < G_N_ELEMENTS(kernels); i++) {
		struct rig *rig = sequence_run(kernels[i], ARCH_ARM64, shrinking_us,
					       G_N_ELEMENTS(shrinking_us));

		rig_expect(rig, "0 v1 handled #0\n"
			   "0 v1 poll 1\n" "10000 v1 poll 0\n"
			   "100000 v1 handled #1\n"
			   "100000 v1 poll 1\n" "120000 v1 poll 0\n"
			   "300000 v1 handled #2\n"
			   "300000 v1 poll 1\n" "340000 v1 poll 0\n"
			   "900000 v1 handled #3\n"
			   "1000000 v1 handled #4\n"
			   "1000000 v1 poll 1\n" "1010000 v1 poll 0\n"
			   "1050000 v1 handled #5\n"
			   "1050000 v1 poll 1\n" "1070000 v1 poll 0\n");
		sched_end(rig);
	}
}

/* From v6.11 on it is halved: 20, 10; a halt of 900 is too long again, and half of 10 is 0. */
static void test_sequence_is_halved(void)
{
	static const uint64_t us[] = { 100, 200, 600, 900, 900, 50 };
	struct rig *rig = sequence_run(KERNEL(6, 11), ARCH_ARM64, us, G_N_ELEMENTS(us));

	rig_expect(rig, "0 v1 handled #0\n"
		   "0 v1 poll 1\n" "10000 v1 poll 0\n"
		   "100000 v1 handled #1\n"
		   "100000 v1 poll 1\n" "120000 v1 poll 0\n"
		   "300000 v1 handled #2\n"
		   "300000 v1 poll 1\n" "340000 v1 poll 0\n"
		   "900000 v1 handled #3\n"
		   "900000 v1 poll 1\n" "920000 v1 poll 0\n"
		   "1800000 v1 handled #4\n"
		   "1800000 v1 poll 1\n" "1810000 v1 poll 0\n"
		   "2700000 v1 handled #5\n"
		   "2750000 v1 handled #6\n"
		   "2750000 v1 poll 1\n" "2760000 v1 poll 0\n");
	sched_end(rig);
}

/*
 * x86: at most 200. A halt that the poll ends keeps the value: what comes at 8 is after the test of
 * that instant (the end of a step goes before an arrival), and found by that of 9; so at 968.
 */
static void test_sequence_x86(void)
{
	static const uint64_t us[] = { 8, 150, 150, 150, 150, 170, 190, 300 };
	struct rig *rig = sequence_run(KERNEL(6, 5), ARCH_X86, us, G_N_ELEMENTS(us));

	rig_expect(rig, "0 v1 handled #0\n"
		   "0 v1 poll 1\n" "9000 v1 poll 0\n" "9000 v1 handled #1\n"
		   "9000 v1 poll 1\n" "19000 v1 poll 0\n" "158000 v1 handled #2\n"
		   "158000 v1 poll 1\n" "178000 v1 poll 0\n" "308000 v1 handled #3\n"
		   "308000 v1 poll 1\n" "348000 v1 poll 0\n" "458000 v1 handled #4\n"
		   "458000 v1 poll 1\n" "538000 v1 poll 0\n" "608000 v1 handled #5\n"
		   "608000 v1 poll 1\n" "768000 v1 poll 0\n" "778000 v1 handled #6\n"
		   "778000 v1 poll 1\n" "969000 v1 poll 0\n" "969000 v1 handled #7\n"
		   "969000 v1 poll 1\n" "1169000 v1 poll 0\n" "1268000 v1 handled #8\n");
	sched_end(rig);
}

/* --- the guest polls ------------------------------------------------------------------------ */

/*
 * cpuidle-haltpoll, every cost 0. The limit begins at 0; an HLT of 100 us makes it 50. HLTs: from
 * 50 to 70 (20, less than 50: kept), from 120 to 300 (180: 100), from 400 to 700 (more than 200:
 * 50). What is sent at 730 is handled in the poll, with an IPI and no halt; the poll goes on to
 * 750.
 */
static void test_guest_polls(void)
{
	static const uint64_t at_us[] = { 0, 70, 300, 700, 730 };
	struct rig *rig = rig_new(2);

	rig->vm_config.idle = GUEST_IDLE_HALTPOLL;
	poll_settle(rig, 2);
	rig_show(rig, POINT_HANDLED);
	rig_show(rig, POINT_KICK);
	rig_show(rig, POINT_HALT);
	for (size_t i = 0; i < G_N_ELEMENTS(at_us); i++)
		rig_send(rig, at_us[i] * 1000, 0, 1);
	rig_run(rig, 900000);
	rig_expect(rig, "0 p0>v1 kick wake\n" "0 v1 halt 0\n" "0 v1 handled #0\n"
		   "50000 v1 halt 1\n"
		   "70000 p0>v1 kick wake\n" "70000 v1 halt 0\n" "70000 v1 handled #1\n"
		   "120000 v1 halt 1\n"
		   "300000 p0>v1 kick wake\n" "300000 v1 halt 0\n" "300000 v1 handled #2\n"
		   "400000 v1 halt 1\n"
		   "700000 p0>v1 kick wake\n" "700000 v1 halt 0\n" "700000 v1 handled #3\n"
		   "730000 p0>v1 kick ipi\n" "730000 v1 handled #4\n"
		   "750000 v1 halt 1\n");
	sched_end(rig);
}

/* The host of an x86 guest that polls does not poll for it; that of an arm64 guest does. */
static void test_guest_polls_host_does_not(void)
{
	for (int arch = ARCH_ARM64; arch <= ARCH_X86; arch++) {
		struct rig *rig = poll_rig(KERNEL(6, 5));

		rig->config.arch = (enum arch)arch;
		rig->vm_config.idle = GUEST_IDLE_HALTPOLL;
		rig->vm_config.halt_poll.policy = HALT_POLL_ALWAYS;
		poll_settle(rig, 2);
		g_assert_cmpuint(rig->counts[POINT_HALT], ==, 1);
		g_assert_cmpuint(rig->counts[POINT_BLOCK], ==, arch == ARCH_X86);
		g_assert_cmpint(rig->counts[POINT_POLL] > 0, ==, arch == ARCH_ARM64);
		sched_end(rig);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/timeline/halt-poll/found-at-once", test_found_at_once);
	g_test_add_func("/timeline/halt-poll/free-turns", test_free_turns);
	g_test_add_func("/timeline/halt-poll/found-while-polling", test_found_while_polling);
	g_test_add_func("/timeline/halt-poll/between-poll-and-block", test_between_poll_and_block);
	g_test_add_func("/timeline/halt-poll/gives-way", test_poll_gives_way);
	g_test_add_func("/timeline/halt-poll/sequence-grows", test_sequence_grows);
	g_test_add_func("/timeline/halt-poll/sequence-shrinks-to-nothing",
			test_sequence_shrinks_to_nothing);
	g_test_add_func("/timeline/halt-poll/sequence-is-halved", test_sequence_is_halved);
	g_test_add_func("/timeline/halt-poll/sequence-x86", test_sequence_x86);
	g_test_add_func("/timeline/halt-poll/guest-polls", test_guest_polls);
	g_test_add_func("/timeline/halt-poll/guest-polls-host-does-not",
			test_guest_polls_host_does_not);
	return g_test_run();
}
