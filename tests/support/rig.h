/*
 * rig - a small world for tests: costs in ns, one VM, and the trace as text.
 *
 * Every cost is 0 until rig_cost() sets it, so that a timeline shows only what it is about. Owned
 * by the test: rig_new() ... rig_free().
 */
#ifndef TESTS_SUPPORT_RIG_H
#define TESTS_SUPPORT_RIG_H

#include <glib.h>
#include <stdint.h>

#include "models/cost.h"
#include "models/host.h"
#include "models/lock.h"
#include "models/pcpu.h"
#include "models/points.h"
#include "models/request.h"
#include "models/vcpu.h"
#include "models/vm.h"
#include "models/workload/ipi.h"
#include "sim/arena.h"
#include "sim/sim.h"

struct rig {
	struct trace_sink sink;		/* first */
	struct arena *arena;
	struct sim *sim;
	struct host *host;
	struct host_config config;
	struct cost_entry costs[NR_COSTS];
	struct vm_config vm_config;
	struct workload_config workload;
	struct ipi_params ipi;
	uint64_t shown;			/* bit per enum point */
	bool sched_locks;		/* rq_lock and pi_lock are shown, too */
	GString *log;
	char *taken;			/* the last rig_take_log() */
	ps_t origin_ps;			/* the test's time 0: rig_settle() */
	uint64_t counts[NR_POINTS];	/* records seen, shown or not */
};

/* A host of one socket and one group with nr_pcpus cores; all interrupts are measured. */
struct rig *rig_new(uint32_t nr_pcpus);
void rig_free(struct rig *rig);

/* Before rig_build(). */
void rig_cost(struct rig *rig, enum cost_id id, uint64_t ns);
void rig_topology(struct rig *rig, struct topology topology);

/* Makes the host; it has room for so many vCPUs. */
enum { RIG_VCPUS_MAX = 64 };

struct host *rig_build(struct rig *rig);

/* A VM of nr_vcpus, one to one, with the named route; then, if wanted, rig->ipi as workload. */
struct vm *rig_vm(struct rig *rig, uint32_t nr_vcpus, const char *route);
void rig_ipi(struct rig *rig);

/*
 * From now on records of this point are logged, one line each: "TIME_ns WHO WHAT WHICH", with v for
 * a vCPU, p for a pCPU, # for an interrupt: "150 v0>v3 routed #0", "160 p0>v3 kick ipi".
 */
void rig_show(struct rig *rig, enum point point);
void rig_show_interrupts(struct rig *rig);	/* their lives, entries, exits, kicks */

/* A line of the test's own: "TIME_ns text". */
void rig_note(struct rig *rig, const char *text);

/* Starts the VMs (once) and runs to this time. */
void rig_run(struct rig *rig, uint64_t until_ns);

/* Runs until every vCPU has entered its guest and all is quiet: from here on times count from 0. */
enum { RIG_SETTLE_NS = 100000 };
void rig_settle(struct rig *rig);

/*
 * The guest of vCPU `from` writes this request at that time, as soon as it can; handler_ps is
 * rig->ipi.handler_ps, and the INTID of rig_send() rig->ipi.intid, as they are at this call.
 */
void rig_send(struct rig *rig, uint64_t at_ns, uint32_t from, uint32_t to);
void rig_send_request(struct rig *rig, uint64_t at_ns, uint32_t from, struct sgi_request request);

/* The log is exactly this text; it is empty afterwards. */
#define rig_expect(rig, expected) g_assert_cmpstr(rig_take_log(rig), ==, (expected))

/* Owned by the rig until the next call. */
const char *rig_take_log(struct rig *rig);

/* Conservation: every interrupt that was raised is somewhere. At any time. */
void rig_check_interrupts(const struct rig *rig);

/* The same, locks and pCPU times: at the end of a run, once. */
void rig_check(struct rig *rig);

#endif
