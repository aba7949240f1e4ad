/*
 * swarm_check - what must hold of a world at any time, and once it has come to rest.
 *
 * A condition that does not hold is printed with the command that runs the world again, and ends
 * the program.
 */
#ifndef TESTS_SUPPORT_SWARM_CHECK_H
#define TESTS_SUPPORT_SWARM_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "models/host.h"

_Noreturn void swarm_fail(const struct host *host, const char *condition, const char *file,
			  int line);

#define swarm_require(host, condition)							\
	do {										\
		if (!(condition))							\
			swarm_fail((host), #condition, __FILE__, __LINE__);		\
	} while (0)

/* Between two events, and while a record of POINT_SWITCH, _ENTRY, _LOAD or _PUT is made. */
void swarm_check_contexts(const struct host *host);

/* Interrupts: none is lost. Between two events. */
void swarm_check_conserved(const struct host *host);

/* All sources have stopped, their interrupts are finished, the threads of the host have ended. */
bool swarm_is_quiet(const struct host *host);

/*
 * Under EEVDF, before "sched/fair: Forfeit vruntime on yield" (of 2025), each yield moves the
 * deadline of the thread by a slice, though it may be picked again at once: guests that spin can so
 * get requests of many seconds, which no tick interrupts. This ends them. Between two events.
 */
void swarm_end_runaways(struct host *host);

/* Every pCPU is idle or executes guest code, undisturbed. */
bool swarm_is_at_rest(const struct host *host);

/* Then nothing is left over. Closes the window. */
void swarm_check_rest(struct host *host);

/* After the window was closed: where each pCPU's time went. */
void swarm_check_times(const struct host *host);

#endif
