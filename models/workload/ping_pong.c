/*
 * ping-pong - the two tasks, and the wake-up between them.
 *
 * Follows: try_to_wake_up() of a task whose CPU is idle: ttwu_queue_wakelist() puts it on a list
 *          of that CPU, a line that both write, and sends an IPI; its handler takes the list. An
 *          x86 CPU that watches need_resched gets the flag in place of the IPI
 *          (set_nr_if_polling()): an interrupt that needs no host, and is handled when it is seen.
 * Leaves out: the guest's run queue (each task is alone on its vCPU).
 */
#include "models/workload/ping_pong.h"

#include <stddef.h>

#include "models/host.h"
#include "models/points.h"
#include "models/vcpu.h"
#include "models/vm.h"
#include "sim/arena.h"

/* One of the two tasks. Both live in the run's arena. */
struct player {
	const struct ping_pong_params *params;
	uint32_t flow;
	struct vcpu *vcpu;
	struct player *peer;
	struct guest_source task;	/* due: it has been woken */
	struct guest_ack wake;		/* of the peer, on its list */
	bool flagged;			/* x86: by need_resched, which the peer has not seen yet */
	uint64_t nr_left;		/* round trips; UINT64_MAX: no end */
};

/* In the handler of the peer's vCPU. */
static void player_wake_peer(struct guest_ack *ack)
{
	struct player *player =
		(struct player *)(void *)((char *)ack - offsetof(struct player, wake));

	guest_post(player->peer->vcpu, &player->peer->task);
}

/* What the interrupt is called: INTID or vector. */
static uint32_t player_number(const struct player *player)
{
	return vcpu_is_x86(player->vcpu) ? player->params->vector : player->params->intid;
}

/* The guest's instruction: the reschedule IPI. */
static void player_write(struct player *player)
{
	struct sgi_request request = request_to(player->peer->vcpu, player_number(player));
	struct irq *irq;

	request.flow = player->flow;
	request_begin(player->vcpu, &request, 1);
	irq = request_raise(player->vcpu, player->peer->vcpu);
	irq->handler_ps = player->params->handler_ps;
	guest_post_ack(&player->wake, irq);
}

/* TIF_POLLING_NRFLAG of the peer's idle task. */
static bool player_is_watched(const struct player *player)
{
	const struct vcpu *peer = player->peer->vcpu;

	return vcpu_is_x86(peer) && peer->guest.polling;
}

static void player_set_flag(struct player *player)
{
	struct vcpu *vcpu = player->vcpu, *peer = player->peer->vcpu;
	struct irq *irq;

	vcpu->host->life.flow = player->flow;
	irq = irq_raise(vcpu->host, vcpu, peer, player_number(player));
	irq_get(irq);
	player->wake.irq = irq;
	player->flagged = true;
	vcpu->host->life.nr_at_source++;
	sim_trace(vcpu->host->sim, POINT_INJECTED, 0, peer->id, irq->id);
	guest_post(peer, &player->peer->task);
}

/* The peer's task runs. */
static void player_see_flag(struct player *player)
{
	struct host *host = player->vcpu->host;

	player->flagged = false;
	host->life.nr_at_source--;
	irq_handled(host, player->wake.irq);
	irq_eoi(host, player->wake.irq);
}

/* Frame: wakes the task of the peer. */
struct player_wake {
	struct player *player;
};

static enum flow player_wake_path(struct path *p, void *frame)
{
	struct player_wake *f = frame;

	PATH_BEGIN(p);
	SPEND(LINE_WRITE(p, &f->player->wake.line));
	if (player_is_watched(f->player)) {
		player_set_flag(f->player);
		DONE(0);
	}
	player_write(f->player);
	EXIT(vcpu_ipi_exit(f->player->vcpu));
	DONE(0);
	PATH_END(p);
}

/* Frame: the player has been woken by the other one, and its task runs. */
struct player_woken {
	struct player *player;
};

static enum flow player_woken_path(struct path *p, void *frame)
{
	struct player_woken *f = frame;

	PATH_BEGIN(p);
	if (f->player->peer->flagged) {
		SPEND(LINE_READ(p, &f->player->peer->wake.line));
		player_see_flag(f->player->peer);
	}
	SPEND(COST(p, C_GUEST_WAKE));
	DONE(0);
	PATH_END(p);
}

/* The wake-up has been served: its interrupt may go. */
static void player_forget_wake(struct player *player)
{
	irq_put(player->vcpu->host, player->wake.irq);
	player->wake.irq = NULL;
}

/* a's task runs again: the answer to its last write is there. */
static void player_answered(struct player *player)
{
	const struct irq *irq = player->wake.irq;

	sim_trace(player->vcpu->host->sim, POINT_ACKED, player->vcpu->id, irq->to->id, irq->id);
	player_forget_wake(player->peer);
	player_forget_wake(player);
	if (player->nr_left != UINT64_MAX && --player->nr_left == 0)
		player->vcpu->host->nr_sources--;
}

/* a: the first time, and after each answer. */
static enum flow ping_path(struct path *p, void *frame)
{
	struct guest_run *f = frame;
	struct player *a = f->owner;

	PATH_BEGIN(p);
	if (a->wake.irq) {
		CALL(player_woken, .player = a);
		player_answered(a);
		if (a->nr_left == 0)
			DONE(0);
		SPEND(a->params->gap_ps);
	}
	CALL(player_wake, .player = a);
	DONE(0);
	PATH_END(p);
}

/* b: a has woken its task. */
static enum flow pong_path(struct path *p, void *frame)
{
	struct guest_run *f = frame;
	struct player *b = f->owner;

	PATH_BEGIN(p);
	CALL(player_woken, .player = b);
	SPEND(b->params->work_ps);
	CALL(player_wake, .player = b);
	DONE(0);
	PATH_END(p);
}

static void player_init(struct player *player, struct player *peer, struct vcpu *vcpu,
			const struct workload_config *config)
{
	player->params = config->params;
	player->flow = config->index;
	player->vcpu = vcpu;
	player->peer = peer;
	player->task.owner = player;
	player->wake.set = player_wake_peer;
	player->nr_left = player->params->count ? player->params->count : UINT64_MAX;
	line_init(&player->wake.line, vcpu->host);
}

static void ping_pong_build(struct host *host, struct vm *vm, const struct workload_config *config)
{
	const struct ping_pong_params *params = config->params;
	struct player *a = ARENA_NEW(host->arena, struct player);
	struct player *b = ARENA_NEW(host->arena, struct player);

	player_init(a, b, vm->vcpus[params->a], config);
	player_init(b, a, vm->vcpus[params->b], config);
	a->task.run = ping_path;
	b->task.run = pong_path;
	host->nr_sources++;
	guest_post(a->vcpu, &a->task);
}

static bool nameable(const struct vm_config *vm, uint32_t index)
{
	return vm->mpidr.word >= 0 || (vm->mpidr.ids[index] & 0xff) <= 15;
}

static const char *ping_pong_check(const void *params, const struct vm_config *vm,
				   const char **ret_key)
{
	const struct ping_pong_params *ping_pong = params;

	*ret_key = "a";
	if (ping_pong->a >= vm->nr_vcpus)
		return "the VM has no such vCPU";
	*ret_key = "b";
	if (ping_pong->b >= vm->nr_vcpus)
		return "the VM has no such vCPU";
	if (ping_pong->a == ping_pong->b)
		return "it is the same vCPU as \"a\"";
	if (!nameable(vm, ping_pong->a) || !nameable(vm, ping_pong->b))
		return "a vCPU's Aff0 is above 15: a target list cannot name it";
	return NULL;
}

static const struct field ping_pong_fields[] = {
	{ "a", FIELD_U32, offsetof(struct ping_pong_params, a), 0, VM_VCPUS_MAX - 1, "0", NULL,
	  "vCPU that asks", NULL },
	{ "b", FIELD_U32, offsetof(struct ping_pong_params, b), 0, VM_VCPUS_MAX - 1, "1", NULL,
	  "vCPU that answers", NULL },
	{ "intid", FIELD_U32, offsetof(struct ping_pong_params, intid), 0, 15, "0", NULL,
	  "arm64: interrupt id of the IPI", NULL },
	{ "vector", FIELD_U32, offsetof(struct ping_pong_params, vector), 16, 255, "251", NULL,
	  "x86: vector of the IPI; 251 is Linux's CALL_FUNCTION_SINGLE_VECTOR", NULL },
	{ "work", FIELD_DURATION, offsetof(struct ping_pong_params, work_ps), 0, PS_PER_S,
	  "\"0ns\"", NULL, "b computes that long before it answers", NULL },
	{ "gap", FIELD_DURATION, offsetof(struct ping_pong_params, gap_ps), 0, PS_PER_S, "\"0ns\"",
	  NULL, "a computes that long between the answer and its next send", NULL },
	{ "count", FIELD_U64, offsetof(struct ping_pong_params, count), 0, UINT64_C(1000000000),
	  "0", NULL, "round trips, after which it stops; 0: no end", NULL },
	{ "handler", FIELD_DURATION, offsetof(struct ping_pong_params, handler_ps), 0, PS_PER_S,
	  "\"0ns\"", NULL, "both handlers between acknowledge and end of interrupt", NULL },
};

static FIELD_TABLE(ping_pong_table, "workload ping-pong", struct ping_pong_params,
		   "two vCPUs whose tasks wake each other in turn", ping_pong_fields);

const struct workload_ops workload_ping_pong = {
	.name    = "ping-pong",
	.summary = "two vCPUs whose tasks wake each other in turn: round trips with two wake-ups",
	.archs   = ON_ALL,
	.scope   = WORKLOAD_GUEST,
	.class   = ROUTE_IPI,
	.params  = &ping_pong_table,
	.check   = ping_pong_check,
	.build   = ping_pong_build,
};
