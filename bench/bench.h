/*
 * bench - what the benchmark programs share: parameters of the models, random numbers, measuring,
 * the line that they print. For C and C++.
 *
 * All engines draw from the same streams of sim/rng.h by name, so they simulate the same history,
 * and what they print first must be the same. The second line is about the machine. Nothing of
 * irqsim but the benchmarks includes this.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif
#include "sim/dist.h"
#include "sim/ps.h"
#include "sim/rng.h"
#ifdef __cplusplus
}
#endif

enum {
	HOLD_MEAN_PS = PS_PER_US,
	SERVICE_MEAN_PS = PS_PER_US,
	ARRIVAL_MEAN_PS = SERVICE_MEAN_PS * 10 / 9,
	NR_CLIENTS = 64,
	THINK_MEAN_PS = PS_PER_US,
	LOCKED_PS = 200 * PS_PER_NS,
};

/* Counts units: some to warm up, then those that are measured. */
struct meter {
	uint64_t nr_left;	/* of the phase */
	uint64_t nr_units;	/* to measure */
	bool measuring;
	double start_s;
};

/* Of the processor, so that what else runs on the machine counts less. */
static inline double bench_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Of this program; ru_maxrss would begin with the peak of whoever started it. */
static inline long bench_peak_kib(void)
{
	FILE *status = fopen("/proc/self/status", "r");
	char line[128];
	long peak_kib = 0;

	while (status && fgets(line, sizeof(line), status))
		if (strncmp(line, "VmHWM:", 6) == 0)
			peak_kib = strtol(line + 6, NULL, 10);
	if (status)
		fclose(status);
	return peak_kib;
}

static inline void meter_start(struct meter *meter, uint64_t nr_warmup, uint64_t nr_units)
{
	meter->measuring = nr_warmup == 0;
	meter->nr_left = meter->measuring ? nr_units : nr_warmup;
	meter->nr_units = nr_units;
	meter->start_s = bench_seconds();
}

/* One more unit; true: it was the last one. */
static inline bool meter_count(struct meter *meter)
{
	if (--meter->nr_left)
		return false;
	if (meter->measuring)
		return true;
	meter_start(meter, 0, meter->nr_units);
	return false;
}

/* total_ps: simulated, in this many parts, each of which the theory knows. */
static inline void bench_print(const char *model, const struct meter *meter, uint64_t total_ps,
			       uint64_t nr_parts)
{
	double seconds = bench_seconds() - meter->start_s;

	printf("%s units %" PRIu64 " total_ps %" PRIu64 " check_ns %.2f\n", model, meter->nr_units,
	       total_ps, (double)total_ps / (double)nr_parts / 1e3);
	printf("seconds %.6f\n", seconds);
}

static inline void bench_print_memory(long before_kib, uint64_t nr)
{
	printf("bytes_per_event %.1f\n", 1024.0 * (double)(bench_peak_kib() - before_kib) /
	       (double)nr);
}

/* PROGRAM hold PENDING EVENTS | queue CUSTOMERS | lock ACQUISITIONS; false: something else. */
static inline bool bench_arguments(int argc, char **argv, uint64_t *ret_nr_pending,
				   uint64_t *ret_nr_units)
{
	bool hold = argc == 4 && strcmp(argv[1], "hold") == 0;
	bool other = argc == 3 && (strcmp(argv[1], "queue") == 0 || strcmp(argv[1], "lock") == 0);

	if (hold || other) {
		*ret_nr_pending = strtoull(argv[2], NULL, 10);
		*ret_nr_units = strtoull(argv[argc - 1], NULL, 10);
		if (*ret_nr_pending && *ret_nr_units)
			return true;
	}
	fprintf(stderr, "usage: %s hold PENDING EVENTS | queue CUSTOMERS | lock ACQUISITIONS\n",
		argv[0]);
	return false;
}

#endif
