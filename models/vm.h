/*
 * vm - a virtual machine: its vCPUs, their affinities, the route of each class of interrupts.
 *
 * Owned by the host; made while the world is built, never changed in its size after.
 */
#ifndef MODELS_VM_H
#define MODELS_VM_H

#include <stdbool.h>
#include <stdint.h>

#include "models/field.h"
#include "models/halt_poll.h"
#include "models/route/route.h"
#include "models/vgic.h"

enum { PIN_ONE_TO_ONE, PIN_FLOAT };	/* words of vm_config.pin */
enum { MPIDR_DEFAULT };		/* words of vm_config.mpidr */
enum { VM_VCPUS_MAX = 4096 };

/* What a scenario says of a VM. Valid by construction: app/ has checked it. */
struct vm_config {
	const char *name;
	uint32_t nr_vcpus;
	struct id_list pin;		/* pCPU of each vCPU, or in order after the VMs before */
	struct id_list mpidr;		/* Aff3.Aff2.Aff1.Aff0 in 8 bits each, one per vCPU */
	uint64_t page_bytes;		/* of the host kernel: limits the MPIDR table */
	uint32_t nr_list_registers;
	int idle;			/* enum guest_idle: what a guest does with nothing to do */
	struct halt_poll_params halt_poll;	/* of the host */
	struct {
		const struct route_ops *ops;	/* NULL: the class is not used */
		const void *params;		/* struct of ops->params, NULL without */
	} routes[NR_ROUTE_CLASSES];
};

extern const struct field_table vm_table;	/* app/ decodes routes */

struct host;
struct vcpu;

struct vm {
	struct host *host;
	const struct vm_config *config;
	uint32_t nr_vcpus;
	struct vcpu **vcpus;		/* by index */
	const struct vcpu **last_ran;	/* by pCPU: kvm->arch.mmu.last_vcpu_ran */
	uint32_t last_boosted;		/* vCPU index: kvm->last_boosted_vcpu */
	struct vgic_lock_classes lock_classes;	/* shared by all VMs of the host */
	struct {
		const struct route_ops *ops;
		const void *params;
		void *state;		/* ops->state_size bytes */
	} routes[NR_ROUTE_CLASSES];
};

/* config outlives the run. first_pcpu: where one-to-one pinning begins. */
struct vm *vm_new(struct host *host, const struct vm_config *config, uint32_t first_pcpu);

/* Lets the threads of all vCPUs start to run. After the workloads are built. */
void vm_start(struct vm *vm);

#endif
