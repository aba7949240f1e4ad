/*
 * route - how an interrupt request finds its targets: the interface of a strategy.
 *
 * A strategy is one file route/NAME.c that ends in a const struct route_ops, and one line in
 * route/table.c. Its hooks are paths (sim/path.h) that run in the context that the hook's name
 * says. It reads any model and changes a model only through a verb of the module that owns it.
 */
#ifndef MODELS_ROUTE_ROUTE_H
#define MODELS_ROUTE_ROUTE_H

#include <stddef.h>

#include "models/cost.h"
#include "models/field.h"
#include "sim/path.h"

struct vm;
struct vcpu;
struct sgi_request;

enum route_class { ROUTE_IPI, ROUTE_MSI, NR_ROUTE_CLASSES };
extern const char *const route_class_words[];	/* NULL-terminated, "ipi", "msi" */

/*
 * Argument of an `exit` hook: the request that the vCPU's guest has written, decoded by the
 * hook. Runs in the vCPU thread, irqs on. The hook injects once per target that it finds, and
 * reports request_routed() before each injection.
 */
struct route_exit {
	struct vcpu *vcpu;		/* the sender */
	const struct sgi_request *request;
	/* what survives a step; a strategy uses what it needs */
	struct vcpu *target;
	uint32_t index, nr_steps, wanted, affinity;
};

/* Argument of an `init` hook. */
struct route_init {
	struct vcpu *vcpu;
	uint32_t index;			/* for the hook's own use */
};

struct route_ops {
	const char *name;		/* word in scenarios; file name with - for _ */
	const char *summary;		/* one line */
	enum arch arch;
	enum route_class class;
	uint32_t since;			/* first kernel that has it, KERNEL(); 0: none has */
	const struct field_table *params;	/* NULL: none */
	size_t state_size;		/* of its per-VM state, zeroed; 0: none */

	/* A vCPU is about to run for the first time: its thread, irqs on. */
	path_fn init;
	/* The guest's request has trapped: frame is struct route_exit. */
	path_fn exit;
};

/* The list of strategies, sorted by name. */
extern const struct route_ops *const route_table[];
extern const size_t nr_routes;

/* NULL when there is none of that name. */
const struct route_ops *route_by_name(const char *name);

#endif
