/*
 * vcpu - a virtual CPU: its thread in the host, its mode and requests, kick, entry and exit.
 *
 * Owned by its VM. Follows kvm_arch_vcpu_ioctl_run(), kvm_vcpu_kick(), kvm_vcpu_halt() and the
 * preempt notifiers of v5.17 to v6.18; the step numbers k1-k6 are those of docs/model.md. The run
 * loop and the interrupt controller are the architecture's: vcpu_arm64.c and vgic, vcpu_x86.c and
 * lapic.
 */
#ifndef MODELS_VCPU_H
#define MODELS_VCPU_H

#include <stdbool.h>
#include <stdint.h>

#include "models/context.h"
#include "models/guest.h"
#include "models/host.h"
#include "models/lapic.h"
#include "models/line.h"
#include "models/request.h"
#include "models/sched.h"
#include "models/vgic.h"
#include "sim/path.h"

struct pcpu;
struct vm;

enum vcpu_mode {
	OUTSIDE_GUEST_MODE,
	IN_GUEST_MODE,
	EXITING_GUEST_MODE,	/* kicked in this stay: no second IPI */
};

enum { VCPU_REQ_IRQ_PENDING = 1 << 0 };	/* KVM_REQ_IRQ_PENDING, x86: KVM_REQ_EVENT */

/* Why the guest stopped executing; words in exit_reason_words. */
enum exit_reason {
	EXIT_IRQ,		/* a host interrupt, the kick among them */
	EXIT_SGI,		/* write to ICC_SGI1R_EL1 */
	EXIT_HALT,		/* WFI, HLT */
	EXIT_PAUSE,		/* a spin: WFE that traps, PAUSE loop */
	EXIT_ICR,		/* x86: write to the interrupt command register */
	EXIT_EOI,		/* x86: write to the end-of-interrupt register */
	EXIT_IRQ_WINDOW,	/* x86: the guest's interrupts are on again, and one waits */
	NR_EXIT_REASONS
};

extern const char *const exit_reason_words[NR_EXIT_REASONS];

/* What a kick came to, third integer of POINT_KICK. */
enum kick_outcome {
	KICK_OUTSIDE,		/* k4: the target is not in guest mode and will look */
	KICK_SELF,		/* k3: the kicker is the target's pCPU */
	KICK_EXITING,		/* k4: kicked already in this stay */
	KICK_IPI,		/* k5 */
	KICK_WAKE,		/* k2: the target's thread was asleep and has been woken */
};

struct vcpu {
	struct host *host;
	struct vm *vm;
	uint32_t id;			/* over the host, in order of creation */
	uint32_t index;			/* in its VM: vcpu_idx */
	uint32_t mpidr;			/* arm64: Aff3.Aff2.Aff1.Aff0 */
	uint32_t apic_id;		/* x86: x2APIC id */
	struct pcpu *pcpu;		/* vcpu->cpu: where it is loaded or was last */
	struct thread thread;
	bool waiting;			/* rcuwait: a wake-up is wanted */
	ps_t halt_poll_ps;		/* how long the next halt polls */
	bool traps_wfe;			/* arm64: not alone on its run queue when it was loaded */
	uint32_t spin_window;		/* x86: of pause-loop exiting, in TSC cycles */
	struct line line;		/* of mode and requests, which are neighbours */
	enum vcpu_mode mode;
	uint32_t requests;		/* VCPU_REQ_ */
	enum exit_reason exit_reason;	/* of the last exit */
	struct sgi_request request;	/* what its guest has written */
	struct vgic vgic;		/* arm64 */
	struct lapic lapic;		/* x86 */
	struct guest guest;
};

static inline bool vcpu_is_x86(const struct vcpu *vcpu)
{
	return vcpu->host->config.arch == ARCH_X86;
}

/* The thread's path, for ever: entry, guest, exit, handling. */
struct vcpu_run_arm64 {
	struct vcpu *vcpu;
};
enum flow vcpu_run_arm64_path(struct path *p, void *frame);

struct vcpu_run_x86 {
	struct vcpu *vcpu;
};
enum flow vcpu_run_x86_path(struct path *p, void *frame);

/* kvm_vcpu_exit_request(): is there a reason not to enter the guest? */
bool vcpu_exit_request(const struct vcpu *vcpu);

/* The thread's preempt notifiers: kvm_sched_in() with vcpu_load, kvm_sched_out() with vcpu_put. */
extern const struct thread_ops vcpu_thread_ops;

/* The same at time 0, in no time. */
void vcpu_start_loaded(struct vcpu *vcpu);

/* kvm_vcpu_halt(): poll, block, adapt. The vCPU's thread, irqs on. */
struct vcpu_halt {
	struct vcpu *vcpu;
	ps_t start_ps, deadline_ps;
	bool found;
};
enum flow vcpu_halt_path(struct path *p, void *frame);

/*
 * How long the guest may spin before the host takes notice; PS_NEVER: for ever. For a lock or a
 * flag, with WFE or PAUSE; in its idle loop, which has no WFE.
 */
ps_t vcpu_spin_limit(const struct vcpu *vcpu);
ps_t vcpu_pause_limit(const struct vcpu *vcpu);

/* x86: the spin window after an exit for it, and when the vCPU is switched in. */
void vcpu_grow_spin_window(struct vcpu *vcpu);
void vcpu_reset_spin_window(struct vcpu *vcpu);

/* kvm_vcpu_on_spin(): yields to a vCPU of the VM that was preempted. The vCPU's thread, irqs on. */
struct vcpu_on_spin {
	struct vcpu *vcpu, *target;
	uint32_t index, nr_steps, tries;
};
enum flow vcpu_on_spin_path(struct path *p, void *frame);

/* k1-k5: request, wake test, kick. Any host context. p->ret is enum kick_outcome. */
struct vcpu_kick {
	struct vcpu *vcpu;
	struct pcpu *pcpu;
};
enum flow vcpu_kick_path(struct path *p, void *frame);

/*
 * The guest executes from this instant, unless a host interrupt is latched: then the exit is
 * immediate (false). True: the thread's path is paused until the guest leaves.
 */
bool vcpu_enter_guest(struct vcpu *vcpu);

/* The guest stops executing now, and the thread goes on with irqs off. */
void vcpu_leave_guest(struct vcpu *vcpu, enum exit_reason reason);

/* Why the guest exits when it sends an IPI. */
enum exit_reason vcpu_ipi_exit(const struct vcpu *vcpu);

/* Step of the thread: the guest executes until it exits. */
#define RUN_GUEST(vcpu)									\
	do {										\
		if (vcpu_enter_guest(vcpu)) {						\
			PATH_STOP(p)							\
		}									\
	} while (0)

/* A doorbell to the resident guest: it looks at its list registers, with no exit. */
void vcpu_doorbell(struct vcpu *vcpu);

/* Step of guest code: leaves with this reason and goes on here after the next entry. */
#define EXIT(reason)									\
	do {										\
		vcpu_leave_guest(context_of(p)->vcpu, (reason));			\
		PATH_STOP(p)								\
	} while (0)

#endif
