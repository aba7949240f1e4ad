/*
 * threads - threads of the host that a workload starts: on which pCPU each one is.
 *
 * A workload embeds struct thread in what its threads know, makes each with threads_init(), gives
 * it its path (THREAD_PATH) and starts it at home (thread_start).
 */
#ifndef MODELS_WORKLOAD_THREADS_H
#define MODELS_WORKLOAD_THREADS_H

#include <stdint.h>

#include "models/field.h"
#include "models/sched.h"
#include "models/workload/workload.h"
#include "sim/dist.h"
#include "sim/ps.h"

struct host;

/* Words of "pin". In both orders all first threads of the cores come before the second ones. */
enum threads_pin {
	THREADS_FILL_SOCKETS,	/* the cores of socket 0, then those of socket 1 ... */
	THREADS_SPREAD,		/* a core of each socket in turn */
	THREADS_FLOAT,		/* not pinned; they begin as spread */
};

enum { THREADS_MAX = 4096 };

extern const char *const threads_pin_words[];

/* Words of the keys that say how a length is drawn. */
enum threads_draw { THREADS_CONSTANT, THREADS_EXPONENTIAL };
extern const char *const threads_draw_words[];
struct dist threads_dist(ps_t mean_ps, int draw);

#define THREADS_PIN_HELP								\
	"pCPU of each thread: a list that is taken in turn, fill-sockets (core by core, "	\
	"socket by socket), spread (the sockets in turn), or float (not pinned)"

/* Number of the pCPU of thread `index`; beyond the last pCPU the order begins anew. Pure. */
uint32_t threads_pcpu(const struct host *host, const struct id_list *pin, uint32_t index);

/* A thread of the workload, asleep, named WORKLOAD/threadINDEX. Returns its home. */
struct pcpu *threads_init(struct thread *thread, struct host *host,
			  const struct workload_config *config, const struct id_list *pin,
			  uint32_t index);

#endif
