/*
 * shop - clients that take one lock, or write one line, again and again or once each, and estimates
 * of how they fare: what queueing theory is held against.
 *
 * Owned by the test: shop_new() ... shop_free(). All costs are 0 but the line's.
 */
#ifndef TESTS_SUPPORT_SHOP_H
#define TESTS_SUPPORT_SHOP_H

#include <glib.h>
#include <stdint.h>

#include "models/host.h"
#include "models/lock.h"
#include "models/rwlock.h"
#include "sim/dist.h"
#include "sim/event.h"
#include "sim/rng.h"
#include "sim/trace.h"

enum { NR_BATCHES = 40, SERVICE_PS = 1000000, THINK_PS = 4 * SERVICE_PS, MAX_CLIENTS = 64 };

enum use { USE_LOCK, USE_READ, USE_WRITE, USE_LINE };

struct estimate {
	double sum;
	double means[NR_BATCHES];
};

struct shop {
	struct trace_sink sink;		/* first */
	struct arena *arena;
	struct sim *sim;
	struct host *host;
	struct lock lock;
	struct rwlock rwlock;
	struct line line;
	struct dist service, think, arrival;
	struct stream services, arrivals, dice;
	uint32_t percent_readers;	/* of the rwlock's users */
	struct event arrive;
	struct client *idle;		/* of the open arrivals */
	uint64_t nr_served, batch_size;	/* 0: no batches */
	ps_t batch_start_ps;
	struct estimate wait, square, interval;
};

/* A host of one group, where a line travels that long; a lock of this kind, and a line. */
struct shop *shop_new(uint64_t seed, enum lock_kind kind, ps_t transfer_ps);
void shop_free(struct shop *shop);

/* Clients that come once, at random: of the rwlock percent_readers are readers. */
void shop_open_arrivals(struct shop *shop, double load);

/*
 * nr clients that think and come, again and again, of three classes of acquirers. Each has a pCPU
 * of its own, or two that it takes turns on. USE_READ: every fourth one writes.
 */
void shop_add_clients(struct shop *shop, enum use use, uint32_t nr, uint32_t nr_pcpus);

/* Runs, and opens the measured window at this time, as the end of a warm-up does. */
void shop_open_window(struct shop *shop, ps_t at_ps);

/* In units of the mean service: the estimate is within three standard errors of the theory. */
double estimate_mean(const struct estimate *estimate);
double estimate_error(const struct estimate *estimate);
bool estimate_agrees(const struct estimate *estimate, double theory);

/* And those are at most this fraction of it. */
void estimate_assert(const struct estimate *estimate, double theory, double width);

#endif
