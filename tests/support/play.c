#include "tests/support/play.h"

#include <glib.h>

#include "models/pcpu.h"
#include "models/vcpu.h"
#include "models/vm.h"
#include "sim/arena.h"
#include "sim/sim.h"

const struct vm_config play_vm_config = { .name = "vm0", .nr_vcpus = PLAY_NR_VCPUS };

static const struct workload_config workload = { .name = "flow0" };
static const struct scenario scenario = {
	.nr_workloads = 1, .workloads = &workload, .nr_vms = 1, .vms = &play_vm_config,
};

static void make_vcpu(struct play *play, uint32_t i)
{
	struct host *host = &play->host;
	struct pcpu *pcpu = &host->pcpus[i];
	struct vcpu *vcpu = ARENA_NEW(play->arena, struct vcpu);

	pcpu->id = i;
	vcpu->id = i;
	vcpu->thread.id = i;
	vcpu->thread.on_cpu = true;
	vcpu->pcpu = pcpu;
	vcpu->vm = host->vms[0];
	vcpu->request.intended_ps = PS_NEVER;
	host->vcpus[i] = vcpu;
	play->threads[i] = (struct context){ .kind = CONTEXT_THREAD, .vcpu = vcpu, .pcpu = pcpu };
	play->hardirqs[i] = (struct context){ .kind = CONTEXT_HARDIRQ, .pcpu = pcpu };
}

void play_open(struct play *play)
{
	struct host *host = &play->host;

	*play = (struct play){ .arena = arena_new(1 << 16) };
	play->sim = sim_new(play->arena, "play", 1, 0);
	*host = (struct host){ .sim = play->sim, .arena = play->arena, .nr_pcpus = PLAY_NR_VCPUS,
			       .nr_vcpus = PLAY_NR_VCPUS, .nr_vms = 1 };
	host->pcpus = ARENA_NEW_N(play->arena, struct pcpu, PLAY_NR_VCPUS);
	host->vcpus = ARENA_NEW_N(play->arena, struct vcpu *, PLAY_NR_VCPUS);
	host->vms = ARENA_NEW_N(play->arena, struct vm *, 1);
	host->vms[0] = ARENA_NEW(play->arena, struct vm);
	host->vms[0]->nr_vcpus = PLAY_NR_VCPUS;
	host->vms[0]->vcpus = host->vcpus;
	for (uint32_t i = 0; i < PLAY_NR_VCPUS; i++)
		make_vcpu(play, i);
	play->recorder = recorder_attach(host, &scenario);
}

void play_close(struct play *play)
{
	arena_free(play->arena);
}

void play_record(struct play *play, ps_t time_ps, enum point point, const uint64_t who[3])
{
	struct irq_life *life = &play->host.life;

	play->sim->now_ps = time_ps;
	life->nr_requests += point == POINT_REQUEST;
	life->nr_raised += point == POINT_RAISED;
	life->nr_handled += point == POINT_HANDLED;
	life->nr_coalesced += point == POINT_COALESCED;
	if (point == POINT_DROPPED)
		life->nr_dropped[who[1]]++;
	for (uint32_t i = 0; i < PLAY_NR_VCPUS; i++)	/* all time so far in the guest */
		play->host.pcpus[i].time_ps[PCPU_GUEST] =
			time_ps - play->recorder->window_start_ps;
	play->sim->running = play->in_hardirq ? &play->hardirqs[who[0]].path :
						&play->threads[who[0]].path;
	sim_trace(play->sim, (uint16_t)point, (uint32_t)who[0], (uint32_t)who[1], who[2]);
}

void play_finish(struct play *play, ps_t time_ps)
{
	AT(time_ps, WINDOW, 0, 0, 0);
	recorder_finish(play->recorder, RUN_DRAINED, &play->result);
}

uint64_t play_only_sample(const struct hist *hist)
{
	g_assert_cmpuint(hist_count(hist), ==, 1);
	return hist_mean(hist);
}

void play_assert_stages(const struct result *result, const uint64_t expected[NR_STAGES])
{
	for (int stage = 0; stage < NR_STAGES; stage++) {
		g_test_message("stage %s", metric_stage_words[stage]);
		g_assert_cmpuint(hist_sum(result->stages[stage]).lo, ==, expected[stage]);
	}
}
