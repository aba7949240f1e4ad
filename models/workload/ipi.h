/*
 * ipi - vCPUs that send inter-processor interrupts to each other.
 *
 * With process "round-trip" a sender waits for the acknowledgement of all targets before it goes
 * on (kvm-unit-tests micro-bench, smp_call_function with wait = 1). Otherwise it is an open loop:
 * it sends when the arrival process says so, whatever happened to the last one.
 */
#ifndef MODELS_WORKLOAD_IPI_H
#define MODELS_WORKLOAD_IPI_H

#include <stdint.h>

#include "models/field.h"
#include "models/workload/workload.h"
#include "sim/ps.h"

enum ipi_from { IPI_FROM_ALL };
enum ipi_to {
	IPI_TO_FIRST,
	IPI_TO_LAST,
	IPI_TO_RANDOM,
	IPI_TO_SELF,
	IPI_TO_BROADCAST,
	IPI_TO_MASK,
};
enum ipi_process { IPI_ROUND_TRIP, IPI_CONSTANT, IPI_POISSON };
enum ipi_receiver { IPI_SPIN, IPI_COMPUTE, IPI_IDLE };
enum ipi_ack { IPI_ACK_HANDLER, IPI_ACK_FIRST };

struct ipi_params {
	struct id_list from;		/* vCPU indices, or IPI_FROM_ALL */
	struct id_list to;		/* vCPU indices taken in turn, or a word of ipi_to */
	uint64_t affinity;		/* IPI_TO_MASK: Aff3.Aff2.Aff1 in 8 bits each */
	uint32_t target_list;		/* IPI_TO_MASK: bit n is Aff0 = n, 16 bits */
	uint32_t intid;			/* arm64: 0..15 */
	uint32_t vector;		/* x86: 16..255 */
	int process;			/* enum ipi_process */
	uint64_t rate_per_s;		/* open loop: per sender */
	ps_t gap_ps;			/* round trip: from one acknowledgement to the next send */
	ps_t overhead_ps;		/* round trip: the sender's software before the write */
	uint64_t count;			/* sends per sender, then it stops; 0: no end */
	int ack;			/* enum ipi_ack: when the handler sets the sender's flag */
	int receiver;			/* enum ipi_receiver: what a vCPU does between interrupts */
	ps_t work_ps;			/* IPI_COMPUTE: length of a piece of work */
	ps_t handler_ps;		/* guest's handler between acknowledge and EOI */
};

extern const struct workload_ops workload_ipi;
extern const struct field_table ipi_table;

/* workload_ops.check and .clash of this type. */
const char *ipi_check(const void *params, const struct vm_config *vm, const char **ret_key);
const char *ipi_clash(const void *params, const void *other);

#endif
