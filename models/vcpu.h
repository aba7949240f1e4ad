/*
 * vcpu - a virtual CPU: its thread in the host, its mode and requests, kick, entry and exit.
 *
 * Owned by its VM. The thread is pinned to one pCPU and never sleeps (there is no scheduler yet).
 * Follows kvm_arch_vcpu_ioctl_run() and kvm_vcpu_kick() of v5.17 to v6.18 on arm64; the step
 * numbers k1-k6 are those of docs/model.md.
 */
#ifndef MODELS_VCPU_H
#define MODELS_VCPU_H

#include <stdbool.h>
#include <stdint.h>

#include "models/context.h"
#include "models/guest.h"
#include "models/line.h"
#include "models/request.h"
#include "models/vgic.h"
#include "sim/path.h"

struct host;
struct pcpu;
struct vm;

enum vcpu_mode {
	OUTSIDE_GUEST_MODE,
	IN_GUEST_MODE,
	EXITING_GUEST_MODE,	/* kicked in this stay: no second IPI */
};

enum { VCPU_REQ_IRQ_PENDING = 1 << 0 };

/* Why the guest stopped executing; words in exit_reason_words. */
enum exit_reason {
	EXIT_IRQ,		/* a host interrupt, the kick among them */
	EXIT_SGI,		/* write to ICC_SGI1R_EL1 */
	NR_EXIT_REASONS
};

extern const char *const exit_reason_words[NR_EXIT_REASONS];

/* What a kick came to, third integer of POINT_KICK. */
enum kick_outcome {
	KICK_OUTSIDE,		/* k4: the target is not in guest mode and will look */
	KICK_SELF,		/* k3: the kicker is the target's pCPU */
	KICK_EXITING,		/* k4: kicked already in this stay */
	KICK_IPI,		/* k5 */
};

struct vcpu {
	struct host *host;
	struct vm *vm;
	uint32_t id;			/* over the host, in order of creation */
	uint32_t index;			/* in its VM: vcpu_idx */
	uint32_t mpidr;			/* Aff3.Aff2.Aff1.Aff0 */
	struct pcpu *pcpu;		/* where its thread runs */
	struct context thread;
	struct line line;		/* of mode and requests, which are neighbours */
	enum vcpu_mode mode;
	uint32_t requests;		/* VCPU_REQ_ */
	enum exit_reason exit_reason;	/* of the last exit */
	struct sgi_request request;	/* what its guest has written */
	struct vgic vgic;
	struct guest guest;
};

/* The thread's path, for ever: entry, guest, exit, handling. */
struct vcpu_run {
	struct vcpu *vcpu;
};
enum flow vcpu_run_path(struct path *p, void *frame);

/* k1-k5: request, wake test, kick. Any host context. p->ret is enum kick_outcome. */
struct vcpu_kick {
	struct vcpu *vcpu;
};
enum flow vcpu_kick_path(struct path *p, void *frame);

/*
 * The guest executes from this instant, unless a host interrupt is latched: then the exit is
 * immediate (false). True: the thread's path is paused until the guest leaves.
 */
bool vcpu_enter_guest(struct vcpu *vcpu);

/* The guest stops executing now, and the thread goes on with irqs off. */
void vcpu_leave_guest(struct vcpu *vcpu, enum exit_reason reason);

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
