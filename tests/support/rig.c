/*
 * rig - making small worlds, and writing down what they do.
 */
#include "tests/support/rig.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

/* How a record reads: "v0>v3 routed #0". Each letter is a place: see put_place(). */
static const struct {
	const char *who, *name, *which;
} point_texts[NR_POINTS] = {
	[POINT_REQUEST] = { "v", "request", "#" },
	[POINT_RAISED] = { "v>v", "raised", "#" },
	[POINT_DISPATCH] = { "v", "dispatch", "" },
	[POINT_ROUTED] = { "v>v", "routed", "#" },
	[POINT_QUEUED] = { "v>v", "queued", "#" },
	[POINT_COALESCED] = { "-v", "coalesced", "#" },
	[POINT_DROPPED] = { "v", "dropped", "#" },
	[POINT_NOTIFIED] = { "v>v", "notified", "#" },
	[POINT_DISPATCH_END] = { "v", "dispatch-end", "" },
	[POINT_INJECTED] = { "-v", "injected", "#" },
	[POINT_HANDLED] = { "-v", "handled", "#" },
	[POINT_EOI] = { "-v", "eoi", "#" },
	[POINT_ACKED] = { "v>v", "acked", "#" },
	[POINT_ENTRY] = { "v", "entry", "" },
	[POINT_ENTRY_ABORTED] = { "v", "entry-aborted", "" },
	[POINT_EXIT] = { "v", "exit", "x" },
	[POINT_KICK] = { "p>v", "kick", "k" },
	[POINT_WORK] = { "v", "work", "n" },
	[POINT_IPI] = { "p", "arrives", "i" },
	[POINT_HARDIRQ] = { "p", "hardirq", "i" },
	[POINT_HARDIRQ_END] = { "p", "hardirq-end", "" },
	[POINT_LOCK_WAIT] = { "p>p", "waits for", "l" },
	[POINT_LOCK_ACQUIRED] = { "p", "has", "l" },
	[POINT_LOCK_RELEASED] = { "p", "leaves", "l" },
	[POINT_WINDOW] = { "", "window", "n" },
	[POINT_WAKE] = { "p>p", "wakes", "t" },
	[POINT_SWITCH] = { "p", "switches", "s" },
	[POINT_MIGRATE] = { "p>p", "takes", "t" },
	[POINT_IDLE] = { "p", "idles in", "c" },
	[POINT_IDLE_END] = { "p", "leaves", "c" },
	[POINT_HALT] = { "v", "halt", "n" },
	[POINT_POLL] = { "v", "poll", "n" },
	[POINT_BLOCK] = { "v", "block", "n" },
	[POINT_PUT] = { "v>p", "put", "n" },
	[POINT_LOAD] = { "v>p", "load", "" },
	[POINT_PASS] = { "p>p", "passes", "n" },
};

static const char *const kick_words[] = {
	[KICK_OUTSIDE] = "outside", [KICK_SELF] = "self",
	[KICK_EXITING] = "exiting", [KICK_IPI] = "ipi", [KICK_WAKE] = "wake",
};

static const char *const irq_words[] = {
	[PCPU_IRQ_RESCHEDULE] = "reschedule",
	[PCPU_IRQ_DOORBELL] = "doorbell",
	[PCPU_IRQ_CALL_FUNCTION] = "call-function",
	[PCPU_IRQ_MAINTENANCE] = "maintenance",
	[PCPU_IRQ_TICK] = "tick",
	[PCPU_IRQ_DEVICE] = "device",
};

static void put_time(struct rig *rig, ps_t time_ps)
{
	time_ps -= rig->origin_ps;
	g_string_append_printf(rig->log, "%" PRIu64, time_ps / PS_PER_NS);
	if (time_ps % PS_PER_NS)
		g_string_append_printf(rig->log, ".%03u", (unsigned int)(time_ps % PS_PER_NS));
}

/* "v>v": from one vCPU to another; "p": a pCPU; "-v": only the second integer is one. */
static void put_place(struct rig *rig, const char *who, const struct trace_record *record)
{
	if (who[0] == '-')
		g_string_append_printf(rig->log, " %c%u", who[1], record->whom);
	else if (who[0])
		g_string_append_printf(rig->log, " %c%u", who[0], record->who);
	if (who[0] && who[1] == '>')
		g_string_append_printf(rig->log, ">%c%u", who[2], record->whom);
}

/* The lock of that number, and its place among those of its class, from 0. */
static const struct lock *find_lock(const struct rig *rig, uint64_t id, uint32_t *ret_instance)
{
	for (const struct lock_class *class = rig->host->lock_classes; class; class = class->next) {
		*ret_instance = class->nr_locks;
		for (const struct lock *lock = class->locks; lock; lock = lock->next) {
			--*ret_instance;
			if (lock->id == id)
				return lock;
		}
	}
	g_assert_not_reached();
}

static void put_lock(struct rig *rig, uint64_t id)
{
	uint32_t instance;
	const struct lock *lock = find_lock(rig, id, &instance);

	g_string_append_printf(rig->log, " %s %u", lock->class->name, instance);
}

/* The scheduler's locks are everywhere: a timeline that is not about them leaves them out. */
static bool is_hidden(const struct rig *rig, const struct trace_record *record)
{
	uint32_t instance;
	const struct lock *lock;

	if (rig->sched_locks || record->point < POINT_LOCK_WAIT ||
	    record->point > POINT_LOCK_RELEASED)
		return false;
	lock = find_lock(rig, record->which, &instance);
	return strcmp(lock->class->name, "rq_lock") == 0 ||
	       strcmp(lock->class->name, "pi_lock") == 0;
}

/* "t1>idle": from one thread to another. */
static void put_switch(struct rig *rig, const struct trace_record *record)
{
	uint64_t threads[2] = { record->whom, record->which };

	for (int i = 0; i < 2; i++) {
		g_string_append(rig->log, i ? ">" : " ");
		if (threads[i])
			g_string_append_printf(rig->log, "t%" PRIu64, threads[i] - 1);
		else
			g_string_append(rig->log, "idle");
	}
}

static void put_which(struct rig *rig, char kind, uint64_t which)
{
	if (kind == 'x')
		g_string_append_printf(rig->log, " %s", exit_reason_words[which]);
	else if (kind == 'k')
		g_string_append_printf(rig->log, " %s", kick_words[which]);
	else if (kind == 'i')
		g_string_append_printf(rig->log, " %s", irq_words[which]);
	else if (kind == 'l')
		put_lock(rig, which);
	else if (kind == 'c')
		g_string_append_printf(rig->log, " c%" PRIu64, which);
	else if (kind == 't')
		g_string_append_printf(rig->log, " t%" PRIu64, which);
	else if (kind)
		g_string_append_printf(rig->log, " %s%" PRIu64, kind == '#' ? "#" : "", which);
}

static void rig_record(struct trace_sink *sink, const struct trace_record *record)
{
	struct rig *rig = (struct rig *)sink;
	enum point point = (enum point)record->point;
	char kind = point_texts[point].which[0];

	rig->counts[point]++;
	if (!(rig->shown >> point & 1) || is_hidden(rig, record))
		return;
	put_time(rig, record->time_ps);
	put_place(rig, point_texts[point].who, record);
	g_string_append_printf(rig->log, " %s", point_texts[point].name);
	if (kind == 's')
		put_switch(rig, record);
	else
		put_which(rig, kind, kind == 'i' || kind == 'c' ? record->whom : record->which);
	g_string_append_c(rig->log, '\n');
}

void rig_note(struct rig *rig, const char *text)
{
	put_time(rig, rig->sim->now_ps);
	g_string_append_printf(rig->log, " %s\n", text);
}

struct rig *rig_new(uint32_t nr_pcpus)
{
	struct rig *rig = g_new0(struct rig, 1);

	rig->sink.record = rig_record;
	rig->arena = arena_new(1 << 16);
	rig->log = g_string_new(NULL);
	for (int id = 0; id < NR_COSTS; id++)
		rig->costs[id] = (struct cost_entry){ dist_constant(0), .source = "a test" };
	rig->config = (struct host_config){
		.topology = { 1, 1, nr_pcpus, 1, LLC_SOCKET },
		.nr_pcpus = nr_pcpus,
		.kernel = KERNEL(6, 5),
		.costs = rig->costs,
		.stop_interrupts = UINT64_MAX,
	};
	rig->vm_config = (struct vm_config){
		.name = "vm0",
		.page_bytes = 4096,
		.nr_list_registers = 4,
	};
	rig->ipi.to.word = -1;
	rig->ipi.from.word = -1;
	return rig;
}

void rig_free(struct rig *rig)
{
	arena_free(rig->arena);
	g_string_free(rig->log, TRUE);
	g_free(rig->taken);
	g_free(rig);
}

void rig_cost(struct rig *rig, enum cost_id id, uint64_t ns)
{
	g_assert_null(rig->host);
	rig->costs[id].dist = dist_constant(ns * PS_PER_NS);
}

void rig_topology(struct rig *rig, struct topology topology)
{
	rig->config.topology = topology;
}

struct host *rig_build(struct rig *rig)
{
	rig->sim = sim_new(rig->arena, "test", 1, 0);
	rig->sim->sink = &rig->sink;
	rig->host = host_new(rig->sim, &rig->config);
	rig->host->vms = ARENA_NEW_N(rig->arena, struct vm *, 4);
	rig->host->vcpus = ARENA_NEW_N(rig->arena, struct vcpu *, RIG_VCPUS_MAX);
	return rig->host;
}

struct vm *rig_vm(struct rig *rig, uint32_t nr_vcpus, const char *route)
{
	rig->vm_config.nr_vcpus = nr_vcpus;
	rig->vm_config.routes[ROUTE_IPI].ops = route_by_name(route);
	g_assert_nonnull(rig->vm_config.routes[ROUTE_IPI].ops);
	return vm_new(rig->host, &rig->vm_config, rig->host->nr_vcpus);
}

void rig_ipi(struct rig *rig)
{
	rig->workload = (struct workload_config){
		.name = "ipi", .ops = &workload_ipi, .params = &rig->ipi,
	};
	workload_ipi.build(rig->host, rig->host->vms[0], &rig->workload);
}

void rig_show(struct rig *rig, enum point point)
{
	rig->shown |= UINT64_C(1) << point;
}

void rig_show_interrupts(struct rig *rig)
{
	for (int point = POINT_REQUEST; point <= POINT_KICK; point++)
		rig_show(rig, (enum point)point);
}

void rig_run(struct rig *rig, uint64_t until_ns)
{
	struct host *host = rig->host;

	if (!host->window_open) {
		for (uint32_t i = 0; i < host->nr_vms; i++)
			vm_start(host->vms[i]);
		host_start(host);
	}
	sim_run(rig->sim, rig->origin_ps + until_ns * PS_PER_NS);
}

void rig_settle(struct rig *rig)
{
	g_assert_cmpuint(rig->origin_ps, ==, 0);
	rig_run(rig, RIG_SETTLE_NS);
	g_string_truncate(rig->log, 0);
	rig->origin_ps = RIG_SETTLE_NS * PS_PER_NS;
}

/* One write to ICC_SGI1R_EL1 at a time of the test's choice. Lives in the run's arena. */
struct rig_sender {
	struct event due;
	struct guest_source source;
	struct vcpu *vcpu;
	struct sgi_request request;
	ps_t handler_ps;
};

static bool rig_names(const struct rig_sender *sender, const struct vcpu *vcpu)
{
	return request_names(&sender->request, sender->vcpu, vcpu);
}

static void rig_write(const struct rig_sender *sender)
{
	const struct vm *vm = sender->vcpu->vm;
	uint32_t nr_targets = 0;

	for (uint32_t i = 0; i < vm->nr_vcpus; i++)
		nr_targets += rig_names(sender, vm->vcpus[i]);
	request_begin(sender->vcpu, &sender->request, nr_targets);
	for (uint32_t i = 0; i < vm->nr_vcpus; i++)
		if (rig_names(sender, vm->vcpus[i]))
			request_raise(sender->vcpu, vm->vcpus[i])->handler_ps = sender->handler_ps;
}

static enum flow rig_sender_path(struct path *p, void *frame)
{
	struct guest_run *f = frame;
	const struct rig_sender *sender = f->owner;

	PATH_BEGIN(p);
	rig_write(sender);
	EXIT(vcpu_ipi_exit(sender->vcpu));
	DONE(0);
	PATH_END(p);
}

static void rig_sender_due(struct event *event)
{
	struct rig_sender *sender =
		(struct rig_sender *)(void *)((char *)event - offsetof(struct rig_sender, due));

	guest_post(sender->vcpu, &sender->source);
}

void rig_send_request(struct rig *rig, uint64_t at_ns, uint32_t from, struct sgi_request request)
{
	struct rig_sender *sender = ARENA_NEW(rig->arena, struct rig_sender);

	sender->vcpu = rig->host->vcpus[from];
	sender->request = request;
	sender->request.intended_ps = PS_NEVER;
	sender->handler_ps = rig->ipi.handler_ps;
	sender->source.run = rig_sender_path;
	sender->source.owner = sender;
	event_init(rig->sim, &sender->due, EVENT_ARRIVAL, rig_sender_due);
	event_at(rig->sim, &sender->due, rig->origin_ps + at_ns * PS_PER_NS);
}

void rig_send(struct rig *rig, uint64_t at_ns, uint32_t from, uint32_t to)
{
	const struct vcpu *target = rig->host->vcpus[to];
	uint32_t number = vcpu_is_x86(target) ? rig->ipi.vector : rig->ipi.intid;

	rig_send_request(rig, at_ns, from, request_to(target, number));
}

const char *rig_take_log(struct rig *rig)
{
	g_free(rig->taken);
	rig->taken = g_strdup(rig->log->str);
	g_string_truncate(rig->log, 0);
	return rig->taken;
}

void rig_check_interrupts(const struct rig *rig)
{
	const struct irq_life *life = &rig->host->life;

	g_assert_cmpuint(life->nr_raised, ==,
			 life->nr_handled + life->nr_coalesced + irq_nr_dropped(life) +
				 irq_count_pending(rig->host));
}

void rig_check(struct rig *rig)
{
	host_close_window(rig->host);
	host_check(rig->host);
}
