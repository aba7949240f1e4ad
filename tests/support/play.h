/*
 * play - records made by hand, and the recorder that takes them: just enough of a world for it.
 *
 * Four vCPUs of one VM and one workload; vCPU n is thread n on pCPU n. AT() states one fact and
 * counts what the models would count of it. Owned by the test: play_open() ... play_close().
 */
#ifndef TESTS_SUPPORT_PLAY_H
#define TESTS_SUPPORT_PLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "app/recorder.h"
#include "models/context.h"
#include "models/points.h"

enum { PLAY_NR_VCPUS = 4 };

struct play {
	struct arena *arena;
	struct sim *sim;
	struct host host;
	struct recorder *recorder;
	struct result result;
	struct context threads[PLAY_NR_VCPUS], hardirqs[PLAY_NR_VCPUS];	/* who executes, by pCPU */
	bool in_hardirq;		/* the records that follow are of a hardirq */
};

extern const struct vm_config play_vm_config;

void play_open(struct play *play);
void play_close(struct play *play);

/* With `struct play *play` in sight. */
#define AT(time, point, who, whom, which) \
	play_record(play, (time), POINT_##point, (const uint64_t[]){ (who), (whom), (which) })

void play_record(struct play *play, ps_t time_ps, enum point point, const uint64_t who[3]);

/* Closes the window; the result is in play->result. */
void play_finish(struct play *play, ps_t time_ps);

/* The value of the one sample that there is. */
uint64_t play_only_sample(const struct hist *hist);

/* The sums of all interrupts together. */
void play_assert_stages(const struct result *result, const uint64_t expected[NR_STAGES]);

#endif
