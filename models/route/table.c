/*
 * route/table - the list of strategies, one line each, sorted by name.
 */
#include <string.h>

#include "models/route/route.h"

extern const struct route_ops route_apic_map;
extern const struct route_ops route_linear_walk;
extern const struct route_ops route_mpidr_hash;

const struct route_ops *const route_table[] = {
	&route_apic_map,
	&route_linear_walk,
	&route_mpidr_hash,
};

const size_t nr_routes = sizeof(route_table) / sizeof(route_table[0]);

const char *const route_class_words[] = { [ROUTE_IPI] = "ipi", [ROUTE_MSI] = "msi", NULL };

const struct route_ops *route_by_name(const char *name)
{
	for (size_t i = 0; i < nr_routes; i++)
		if (strcmp(route_table[i]->name, name) == 0)
			return route_table[i];
	return NULL;
}
