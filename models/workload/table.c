/*
 * workload/table - the list of types, one line each, sorted by name.
 */
#include <string.h>

#include "models/workload/compute.h"
#include "models/workload/ipi.h"
#include "models/workload/line.h"
#include "models/workload/lock.h"
#include "models/workload/ping_pong.h"
#include "models/workload/timer.h"
#include "models/workload/workload.h"

const struct workload_ops *const workload_table[] = {
	&workload_compute,
	&workload_ipi,
	&workload_line,
	&workload_lock,
	&workload_ping_pong,
	&workload_timer,
};

const size_t nr_workloads = sizeof(workload_table) / sizeof(workload_table[0]);

const struct workload_ops *workload_by_name(const char *name)
{
	for (size_t i = 0; i < nr_workloads; i++)
		if (strcmp(workload_table[i]->name, name) == 0)
			return workload_table[i];
	return NULL;
}
