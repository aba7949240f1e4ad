/*
 * threads - orders of pCPUs.
 */
#include "models/workload/threads.h"

#include <stdio.h>

#include "models/host.h"

const char *const threads_pin_words[] = {
	[THREADS_FILL_SOCKETS] = "fill-sockets",
	[THREADS_SPREAD] = "spread",
	[THREADS_FLOAT] = "float",
	NULL,
};

const char *const threads_draw_words[] = {
	[THREADS_CONSTANT] = "constant",
	[THREADS_EXPONENTIAL] = "exponential",
	NULL,
};

struct dist threads_dist(ps_t mean_ps, int draw)
{
	return draw == THREADS_EXPONENTIAL ? dist_exponential(mean_ps) : dist_constant(mean_ps);
}

/* The pCPU at this place of an order over the whole machine. */
static uint32_t threads_order(const struct topology *topology, int word, uint32_t place)
{
	uint32_t per_socket = topology->nr_groups * topology->nr_cores;
	uint32_t nr_cores = topology->nr_sockets * per_socket;
	uint32_t core = place % nr_cores;

	if (word != THREADS_FILL_SOCKETS)
		core = core % topology->nr_sockets * per_socket + core / topology->nr_sockets;
	return core * topology->nr_threads + place / nr_cores;
}

uint32_t threads_pcpu(const struct host *host, const struct id_list *pin, uint32_t index)
{
	uint32_t place = 0, pcpu;

	if (pin->word < 0)
		return (uint32_t)pin->ids[index % pin->nr_ids];
	index %= host->nr_pcpus;
	for (;;) {
		pcpu = threads_order(&host->config.topology, pin->word, place++);
		if (pcpu < host->nr_pcpus && index-- == 0)	/* the host may use only some */
			return pcpu;
	}
}

struct pcpu *threads_init(struct thread *thread, struct host *host,
			  const struct workload_config *config, const struct id_list *pin,
			  uint32_t index)
{
	struct pcpu *home = &host->pcpus[threads_pcpu(host, pin, index)];
	char name[FIELD_NAME_MAX + 24];

	snprintf(name, sizeof(name), "%s/thread%u", config->name, (unsigned int)index);
	thread_init(thread, host, name, pin->word == THREADS_FLOAT ? NULL : home, NULL);
	return home;
}
