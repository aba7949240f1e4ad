/*
 * dist - distributions of durations, sampled in integers: the same draws give the same picoseconds
 * on every machine.
 *
 * A struct dist is a small value that its owner copies freely; a table belongs to the arena that it
 * was made in. Never uses floating point, never rejects a draw: each sample takes exactly one draw
 * of the stream, a constant takes none.
 */
#ifndef SIM_DIST_H
#define SIM_DIST_H

#include <stddef.h>
#include <stdint.h>

#include "sim/ps.h"
#include "sim/rng.h"

struct arena;

/* The largest mean of an exponential distribution: a sample, at most 44.4 means, fits in ps_t. */
#define DIST_EXPONENTIAL_MAX_PS (UINT64_C(1) << 58)

enum dist_kind {
	DIST_CONSTANT, /* a */
	DIST_UNIFORM, /* a to b, both included */
	DIST_EXPONENTIAL, /* mean a */
	DIST_TABLE, /* table */
};

struct dist {
	enum dist_kind kind;
	ps_t a;
	ps_t b;
	const struct dist_table *table;
};

/* One row of an empirical distribution: the value has the probability weight / sum of weights. */
struct dist_point {
	ps_t value_ps;
	uint64_t weight;
};

struct dist_table;

/* Always value_ps. */
struct dist dist_constant(ps_t value_ps);

/*
 * Each of low_ps .. high_ps with the same probability 1/n, to within 2^-64, that is n * 2^-64 of
 * itself. low_ps <= high_ps, and not the full range of 64 bits.
 */
struct dist dist_uniform(ps_t low_ps, ps_t high_ps);

/*
 * -ln(U) * mean_ps, rounded to the nearest picosecond (so 0 occurs), at most 44.4 means.
 * -ln is interpolated: at most 2.0e-6 too large, and the mean of all samples 6.4e-7 too large.
 * mean_ps is at most DIST_EXPONENTIAL_MAX_PS.
 */
struct dist dist_exponential(ps_t mean_ps);

/* The distribution of a table; see dist_table_new(). */
struct dist dist_table(const struct dist_table *table);

/*
 * A table of nr points (at least one) in any order, copied into the arena. Weights may be 0; their
 * sum is not, and is below 2^64. The caller has checked the user's numbers.
 */
const struct dist_table *dist_table_new(struct arena *arena, const struct dist_point *points,
					size_t nr);

/* For dist_draw() only: a sample of a distribution that is not a constant. */
ps_t dist_sample(const struct dist *dist, struct stream *stream);

/* A sample; takes one draw of the stream, or none for a constant (stream may be NULL then). */
static inline ps_t dist_draw(const struct dist *dist, struct stream *stream)
{
	return dist->kind == DIST_CONSTANT ? dist->a : dist_sample(dist, stream);
}

/* The mean of the distribution, rounded half up. */
ps_t dist_mean_ps(const struct dist *dist);

#endif
