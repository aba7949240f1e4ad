/*
 * workload - what guests, devices and threads of the host do: the interface, and the list of types.
 *
 * A workload type is one file workload/NAME.c with a parameter table and a const struct
 * workload_ops, and one line in workload/table.c.
 */
#ifndef MODELS_WORKLOAD_WORKLOAD_H
#define MODELS_WORKLOAD_WORKLOAD_H

#include <stddef.h>
#include <stdint.h>

#include "models/cost.h"
#include "models/field.h"
#include "models/route/route.h"

struct host;
struct vm;
struct vm_config;
struct workload_config;

/* Whose code a workload is; decides whether it names a VM. */
enum workload_scope {
	WORKLOAD_GUEST,		/* of a VM's guest */
	WORKLOAD_HOST,		/* threads of the host: no VM, ids are pCPUs */
};

struct workload_ops {
	const char *name;		/* word of "type" in scenarios */
	const char *summary;
	uint32_t archs;			/* ON_ARM64 | ON_X86 */
	enum workload_scope scope;
	enum route_class class;		/* of its interrupts: the VM needs a route for it;
					   NR_ROUTE_CLASSES: it needs none */
	const struct field_table *params;
	/*
	 * Is the configuration possible on this VM (NULL: on the host)? Returns NULL, or the
	 * sentence to show, and the key that it is about. Pure. May be NULL: it always is.
	 */
	const char *(*check)(const void *params, const struct vm_config *vm, const char **ret_key);
	/* Why a workload of this type cannot have that name; NULL: it can. Pure. May be NULL. */
	const char *(*check_name)(const char *name);
	/*
	 * A guest does one thing when it is idle: the key in which two workloads of this type on
	 * one VM differ though they must not; NULL when there is none. Pure. May be NULL.
	 */
	const char *(*clash)(const void *params, const void *other);
	/* While the world is built. vm is NULL for a workload of the host. */
	void (*build)(struct host *host, struct vm *vm, const struct workload_config *config);
};

struct workload_config {
	const char *name;
	uint32_t index;			/* in the scenario: the flow of its interrupts */
	uint32_t vm_index;		/* WORKLOAD_GUEST only */
	const struct workload_ops *ops;
	const void *params;		/* struct of ops->params */
};

/* The list of types, sorted by name. */
extern const struct workload_ops *const workload_table[];
extern const size_t nr_workloads;

/* NULL when there is none of that name. */
const struct workload_ops *workload_by_name(const char *name);

#endif
