/*
 * test_memory - what a big world weighs: arena bytes per vCPU, its pCPU and its part of the host
 * included, while it has no interrupts of its own.
 */
#include <glib.h>

#include "app/world.h"
#include "models/host.h"
#include "models/pcpu.h"
#include "models/vcpu.h"
#include "models/vm.h"
#include "sim/arena.h"
#include "sim/sim.h"

enum { NR_VCPUS = 4096, LIMIT_BYTES = 4096 };

/* As many pCPUs as vCPUs, one VM, no workload: every guest is entered and halts. */
static struct host *build_quiet(struct arena *arena, struct scenario *scenario,
				struct vm_config *vm)
{
	const struct run_spec spec = { .scenario = scenario, .label = "test", .seed = 1 };

	*vm = (struct vm_config){
		.name = "vm0", .nr_vcpus = NR_VCPUS, .page_bytes = 4096, .nr_list_registers = 4,
		.idle = GUEST_IDLE_HALT,
	};
	vm->routes[ROUTE_IPI].ops = route_by_name("linear-walk");
	*scenario = (struct scenario){
		.platform = { .topology = { 2, 16, 128, 1, LLC_SOCKET } },
		.nr_pcpus = NR_VCPUS, .kernel = KERNEL(6, 5), .nr_vms = 1, .vms = vm,
		.stop_interrupts = UINT64_MAX, .stop_time_ps = PS_PER_MS,
	};
	for (int id = 0; id < NR_COSTS; id++)
		scenario->platform.costs[id].dist = dist_constant(10 * PS_PER_NS);
	return world_build(arena, &spec);
}

static void say(const char *what, size_t bytes)
{
	g_test_message("%6zu %s", bytes, what);
}

static void test_quiet(void)
{
	struct arena *arena = arena_new(1 << 20);
	struct scenario scenario;
	struct vm_config vm;
	struct host *host = build_quiet(arena, &scenario, &vm);
	size_t built_bytes = arena_bytes(arena) / NR_VCPUS, bytes;

	world_run(host, scenario.stop_time_ps);
	for (uint32_t i = 0; i < NR_VCPUS; i++)
		g_assert_cmpint(host->vcpus[i]->thread.state, ==, THREAD_SLEEPING);
	bytes = arena_bytes(arena) / NR_VCPUS;
	say("bytes per vCPU when the world is built", built_bytes);
	say("bytes per vCPU when all are halted", bytes);
	say("struct vcpu", sizeof(struct vcpu));
	say("  of it struct guest", sizeof(struct guest));
	say("  of it struct vgic", sizeof(struct vgic));
	say("struct pcpu", sizeof(struct pcpu));
	say("struct context", sizeof(struct context));
	say("struct lock", sizeof(struct lock));
	say("struct lock_stats, of a lock that was taken", sizeof(struct lock_stats));
	g_assert_cmpuint(bytes, >, sizeof(struct vcpu) + sizeof(struct pcpu));
	g_assert_cmpuint(bytes, <, LIMIT_BYTES);
	arena_free(arena);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/memory/quiet", test_quiet);
	return g_test_run();
}
