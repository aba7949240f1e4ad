/*
 * host - the machine of one run and everything on it: pCPUs, costs, locks, VMs, interrupts alive.
 *
 * Made by world_build() in app/, lives in the run's arena. The models reach each other through it;
 * it has no behaviour of its own besides opening and closing the measured window.
 */
#ifndef MODELS_HOST_H
#define MODELS_HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "models/cost.h"
#include "models/idle.h"
#include "models/irq.h"
#include "models/kernel.h"
#include "models/sched_fair.h"
#include "models/topology.h"
#include "sim/event.h"
#include "sim/ps.h"

struct arena;
struct line;
struct lock_class;
struct pcpu;
struct sim;
struct thread;
struct vcpu;
struct vm;

struct host_config {
	struct topology topology;
	uint32_t nr_pcpus;
	uint32_t kernel;
	enum arch arch;
	uint64_t clock_hz;			/* of the TSC; 0: unknown, no pause-loop exiting */
	const struct cost_entry *costs;		/* NR_COSTS; must outlive the run */
	struct idle_config idle;
	uint32_t smt_slowdown_ppm;		/* of a step while the core's other thread is busy:
						   1600000 is 1.6 times as long; 0: none */
	struct fair_params fair;		/* slice_ps 0: the kernel's defaults */
	ps_t tick_ps;				/* of the scheduler; 0: 4 ms (HZ = 250) */
	uint32_t probes;			/* bit per enum probe: kernel functions traced */
	uint64_t warmup_interrupts;		/* finished before the window opens */
	ps_t warmup_ps;				/* and time that has passed */
	uint64_t stop_interrupts;		/* raised and finished in it: then the run stops */
	ps_t stop_window_ps;			/* or when it has been open so long; 0: ever */
};

struct host {
	struct sim *sim;
	struct arena *arena;
	struct host_config config;
	ps_t cost_ps[NR_COSTS];		/* PS_NEVER: a distribution */
	uint8_t random_index[NR_COSTS];	/* of a distribution: index into context->draws */
	uint32_t nr_random_costs;
	uint32_t nr_pcpus;
	struct pcpu *pcpus;
	struct lock_class *lock_classes;	/* newest first */
	uint32_t nr_locks;
	uint32_t nr_vms;
	struct vm **vms;
	uint32_t nr_vcpus;
	struct vcpu **vcpus;		/* by vcpu->id */
	struct thread *threads;		/* newest first */
	uint32_t nr_threads;
	struct lock_class *pi_lock_class;
	uint32_t nr_floating_queued;	/* threads without a pCPU of their own that wait for one */
	struct line *osq_lines;		/* a node per pCPU; NULL: no mutexes */
	struct ipi *free_ipis;
	uint32_t nr_sources;		/* that will still raise interrupts */
	uint64_t nr_ipis_sent;		/* in the measured window */
	struct irq_life life;
	struct event measure;		/* opens the window, then stops the run */
	struct event clock;		/* the time limits of both */
	bool window_open;
	ps_t window_start_ps;
};

/* pCPUs are made; VMs and workloads follow. Everything is in sim's arena. */
struct host *host_new(struct sim *sim, const struct host_config *config);

/* Opens the window at once when no warm-up is asked for. After the world is built. */
void host_start(struct host *host);

/* An interrupt has finished; life decides whether the window opens or the run stops. */
void host_measure(struct host *host);

/* Ends the window: what is counted by time is brought up to now. After the run. */
void host_close_window(struct host *host);

/*
 * The invariants of every run, after host_close_window(): every interrupt has one fate or is found
 * pending; on every lock the integrals are the sums; every pCPU's window is accounted for.
 */
void host_check(const struct host *host);

/* Paths that wait for a lock now: with nothing pending, they are in a deadlock. */
uint32_t host_nr_lock_waiters(const struct host *host);

static inline bool host_has(const struct host *host, enum kernel_feature feature)
{
	return kernel_has(host->config.kernel, feature);
}

#endif
