/*
 * vm_table - the rows of struct vm_config.
 */
#include "models/guest.h"
#include "models/vm.h"

static const char *const pin_words[] = {
	[PIN_ONE_TO_ONE] = "one-to-one", [PIN_FLOAT] = "float", NULL,
};

static const char *const idle_words[] = {
	[GUEST_IDLE_POLL] = "poll",
	[GUEST_IDLE_HALT] = "halt",
	[GUEST_IDLE_HALTPOLL] = "haltpoll",
	NULL,
};

static const char *const mpidr_words[] = { [MPIDR_DEFAULT] = "default", NULL };
static const char *const page_words[] = { "4KiB", "16KiB", "64KiB", NULL };

static const struct field vm_fields[] = {
	{ "name", FIELD_NAME, offsetof(struct vm_config, name), 0, 0, NULL, NULL,
	  "name of the VM, unique", NULL },
	{ "vcpus", FIELD_U32, offsetof(struct vm_config, nr_vcpus), 1, VM_VCPUS_MAX, NULL, NULL,
	  "number of vCPUs", NULL },
	{ "pin", FIELD_IDS, offsetof(struct vm_config, pin), 0, UINT32_MAX, "\"one-to-one\"",
	  pin_words,
	  "pCPU of each vCPU: a list, one-to-one: in order, after the vCPUs of the VMs before, or "
	  "float: where the scheduler puts it",
	  NULL },
	{ "mpidr", FIELD_IDS, offsetof(struct vm_config, mpidr), 0, UINT32_MAX, "\"default\"",
	  mpidr_words,
	  "arm64: affinity of each vCPU, Aff3.Aff2.Aff1.Aff0 in 8 bits each, or KVM's default: "
	  "4 bits of the index in Aff0, then 8 in Aff1, then Aff2", NULL },
	{ "page_size", FIELD_BYTES, offsetof(struct vm_config, page_bytes), 0, 0, "\"4KiB\"",
	  page_words, "page size of the host's kernel: limits the MPIDR table", NULL },
	{ "list_registers", FIELD_U32, offsetof(struct vm_config, nr_list_registers), 2, 16, "4",
	  NULL, "arm64: list registers of the virtual interrupt controller", NULL },
	{ "idle", FIELD_WORD, offsetof(struct vm_config, idle), 0, 0, "\"halt\"", idle_words,
	  "what a vCPU does when it has nothing to do: poll (it stays in the guest), halt, or "
	  "haltpoll: poll for a while, then halt", NULL },
	{ "halt_poll", FIELD_OBJECT, offsetof(struct vm_config, halt_poll), 0, 0, "{}", NULL,
	  "the host's polling for a vCPU that halts", &halt_poll_table },
	{ "routes", FIELD_JSON, 0, 0, 0, "{}", NULL,
	  "how the requests of each class find their targets", NULL },
};

FIELD_TABLE(vm_table, "a VM", struct vm_config, "a virtual machine", vm_fields);
