/*
 * ipi_table - the rows of struct ipi_params, and what they cannot say alone.
 */
#include <stdbool.h>

#include "models/vm.h"
#include "models/workload/ipi.h"

static const char *const from_words[] = { [IPI_FROM_ALL] = "all", NULL };

static const char *const to_words[] = {
	[IPI_TO_FIRST] = "first",
	[IPI_TO_LAST] = "last",
	[IPI_TO_RANDOM] = "random",
	[IPI_TO_SELF] = "self",
	[IPI_TO_BROADCAST] = "broadcast",
	[IPI_TO_MASK] = "mask",
	NULL,
};

static const char *const process_words[] = {
	[IPI_ROUND_TRIP] = "round-trip",
	[IPI_CONSTANT] = "constant",
	[IPI_POISSON] = "poisson",
	NULL,
};

static const char *const ack_words[] = {
	[IPI_ACK_HANDLER] = "handler",
	[IPI_ACK_FIRST] = "before-iar",
	NULL,
};

static const char *const receiver_words[] = {
	[IPI_SPIN] = "spin",
	[IPI_COMPUTE] = "compute",
	[IPI_IDLE] = "idle",
	NULL,
};

static const struct field ipi_fields[] = {
	{ "from", FIELD_IDS, offsetof(struct ipi_params, from), 0, VM_VCPUS_MAX - 1, "0",
	  from_words, "sending vCPUs: an index, a list of them, or all", NULL },
	{ "to", FIELD_IDS, offsetof(struct ipi_params, to), 0, VM_VCPUS_MAX - 1, "\"last\"",
	  to_words,
	  "target of each send: first, last, random, self, broadcast (all but the sender), mask, "
	  "an index, or a list of indices that are taken in turn; x86: not broadcast, not mask",
	  NULL },
	{ "affinity", FIELD_U64, offsetof(struct ipi_params, affinity), 0, 0xffffff, "0", NULL,
	  "to mask: Aff3.Aff2.Aff1 of the targets, 8 bits each", NULL },
	{ "target_list", FIELD_U32, offsetof(struct ipi_params, target_list), 0, 0xffff, "0", NULL,
	  "to mask: bit n names the vCPU with Aff0 = n", NULL },
	{ "intid", FIELD_U32, offsetof(struct ipi_params, intid), 0, 15, "0", NULL,
	  "arm64: interrupt id of the SGI", NULL },
	{ "vector", FIELD_U32, offsetof(struct ipi_params, vector), 16, 255, "251", NULL,
	  "x86: vector of the interrupt; 251 is Linux's CALL_FUNCTION_SINGLE_VECTOR", NULL },
	{ "process", FIELD_WORD, offsetof(struct ipi_params, process), 0, 0, "\"round-trip\"",
	  process_words,
	  "when a sender sends: round-trip (after the acknowledgement of the last one), or an "
	  "open loop at constant or poisson intervals",
	  NULL },
	{ "rate_per_s", FIELD_RATE, offsetof(struct ipi_params, rate_per_s), 1,
	  UINT64_C(1000000000), "1000", NULL, "open loop: sends per second and sender", NULL },
	{ "gap", FIELD_DURATION, offsetof(struct ipi_params, gap_ps), 0, PS_PER_S, "\"0ns\"", NULL,
	  "round-trip: from the acknowledgement to the next send", NULL },
	{ "overhead", FIELD_DURATION, offsetof(struct ipi_params, overhead_ps), 0, PS_PER_S,
	  "\"0ns\"", NULL,
	  "round-trip: software of the benchmark and its guest between the benchmark's clock and "
	  "the write; part of ack",
	  NULL },
	{ "count", FIELD_U64, offsetof(struct ipi_params, count), 0, UINT64_C(1000000000), "0",
	  NULL, "sends per sender, after which it stops; 0: no end", NULL },
	{ "ack", FIELD_WORD, offsetof(struct ipi_params, ack), 0, 0, "\"handler\"", ack_words,
	  "round-trip: the handler sets the sender's flag after it has read IAR (handler, as the "
	  "queue of smp_call_function), or before (before-iar)",
	  NULL },
	{ "receiver", FIELD_WORD, offsetof(struct ipi_params, receiver), 0, 0, "\"spin\"",
	  receiver_words,
	  "what a vCPU does between interrupts: spin, compute in pieces of work, or idle: what its "
	  "VM's \"idle\" says",
	  NULL },
	{ "work", FIELD_DURATION, offsetof(struct ipi_params, work_ps), PS_PER_NS, PS_PER_S,
	  "\"10us\"", NULL, "receiver compute: length of a piece of work", NULL },
	{ "handler", FIELD_DURATION, offsetof(struct ipi_params, handler_ps), 0, PS_PER_S,
	  "\"0ns\"", NULL, "the guest's handler between acknowledge and end of interrupt", NULL },
};

FIELD_TABLE(ipi_table, "workload ipi", struct ipi_params,
	    "vCPUs that send inter-processor interrupts to each other", ipi_fields);

static bool ids_unique(const struct id_list *list)
{
	if (list->word >= 0)
		return true;
	for (uint32_t i = 1; i < list->nr_ids; i++)
		for (uint32_t j = 0; j < i; j++)
			if (list->ids[i] == list->ids[j])
				return false;
	return true;
}

/* A target list names Aff0 = 0..15 only: vgic_v3_dispatch_sgi() does not use the range selector. */
static bool ids_reachable(const struct id_list *list, const struct vm_config *vm)
{
	if (vm->mpidr.word >= 0)
		return true;
	for (uint32_t i = 0; i < (list ? list->nr_ids : vm->mpidr.nr_ids); i++)
		if ((vm->mpidr.ids[list ? list->ids[i] : i] & 0xff) > 15)
			return false;
	return true;
}

/* Can every vCPU that may be the one target of a write be named by it? */
static bool targets_reachable(const struct ipi_params *ipi, const struct vm_config *vm)
{
	uint64_t index = ipi->to.word == IPI_TO_LAST ? vm->nr_vcpus - 1 : 0;
	struct id_list one = { .word = -1, .nr_ids = 1, .ids = &index };

	switch (ipi->to.word) {
	case IPI_TO_FIRST:
	case IPI_TO_LAST:
		return ids_reachable(&one, vm);
	case IPI_TO_RANDOM:
		return ids_reachable(NULL, vm);
	case IPI_TO_SELF:
		return ids_reachable(ipi->from.word >= 0 ? NULL : &ipi->from, vm);
	case IPI_TO_BROADCAST:
	case IPI_TO_MASK:
		return true;
	default:
		return ids_reachable(&ipi->to, vm);
	}
}

static bool is_x86(const struct vm_config *vm)
{
	const struct route_ops *ops = vm->routes[ROUTE_IPI].ops;

	return ops && ops->arch == ARCH_X86;
}

const char *ipi_check(const void *params, const struct vm_config *vm, const char **ret_key)
{
	const struct ipi_params *ipi = params;
	uint32_t nr_vcpus = vm->nr_vcpus;
	bool to_word = ipi->to.word >= 0;

	*ret_key = "from";
	if (ipi->from.word < 0 && ipi->from.nr_ids > VM_VCPUS_MAX)
		return "more senders than a VM has vCPUs";
	if (!ids_unique(&ipi->from))
		return "a vCPU that sends is named twice";

	*ret_key = "to";
	if (to_word && is_x86(vm) &&
	    (ipi->to.word == IPI_TO_BROADCAST || ipi->to.word == IPI_TO_MASK))
		return "an x86 guest in x2APIC physical mode names one target per write";
	if (to_word && nr_vcpus < 2 &&
	    (ipi->to.word == IPI_TO_RANDOM || ipi->to.word == IPI_TO_BROADCAST))
		return "with one vCPU there is no other one to send to";

	if (!targets_reachable(ipi, vm))
		return "a target's Aff0 is above 15: a target list cannot name it";

	*ret_key = "target_list";
	if (to_word && ipi->to.word == IPI_TO_MASK && ipi->target_list == 0)
		return "a mask with no bit names no target";
	return NULL;
}

/* What a guest does between interrupts, and how its handler answers, is the guest's. */
const char *ipi_clash(const void *params, const void *other)
{
	const struct ipi_params *a = params, *b = other;

	if (a->receiver != b->receiver)
		return "receiver";
	if (a->receiver == IPI_COMPUTE && a->work_ps != b->work_ps)
		return "work";
	return a->ack != b->ack ? "ack" : NULL;
}
