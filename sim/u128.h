/*
 * u128 - unsigned integers of 128 bits in two words, for sums and products that must be exact.
 *
 * Pure functions on values. Never rounds unless the name says so. Wraps modulo 2^128 where nothing
 * else is said.
 */
#ifndef SIM_U128_H
#define SIM_U128_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/assert.h"

struct u128 {
	uint64_t hi;
	uint64_t lo;
};

#ifdef __SIZEOF_INT128__
__extension__ typedef unsigned __int128 u128_native;
#endif

static inline struct u128 u128_from(uint64_t value)
{
	return (struct u128){ .hi = 0, .lo = value };
}

/* The value as one word; it must fit. */
static inline uint64_t u128_to_u64(struct u128 a)
{
	sim_assert(a.hi == 0);
	return a.lo;
}

/* Less than, equal to or greater than 0 as a is less than, equal to or greater than b. */
static inline int u128_cmp(struct u128 a, struct u128 b)
{
	if (a.hi != b.hi)
		return a.hi < b.hi ? -1 : 1;
	return (a.lo > b.lo) - (a.lo < b.lo);
}

static inline struct u128 u128_add(struct u128 a, struct u128 b)
{
	uint64_t lo = a.lo + b.lo;

	return (struct u128){ .hi = a.hi + b.hi + (lo < a.lo), .lo = lo };
}

static inline struct u128 u128_add_u64(struct u128 a, uint64_t b)
{
	return u128_add(a, u128_from(b));
}

/* a < b. */
static inline bool u128_less(struct u128 a, struct u128 b)
{
#ifdef __SIZEOF_INT128__
	return ((u128_native)a.hi << 64 | a.lo) < ((u128_native)b.hi << 64 | b.lo);
#else
	return u128_cmp(a, b) < 0;
#endif
}

/* Adds b to *a; true: the sum has wrapped. */
static inline bool u128_add_overflows(struct u128 *a, struct u128 b)
{
#ifdef __SIZEOF_INT128__
	u128_native sum;
	bool overflows = __builtin_add_overflow((u128_native)a->hi << 64 | a->lo,
						(u128_native)b.hi << 64 | b.lo, &sum);

	*a = (struct u128){ .hi = (uint64_t)(sum >> 64), .lo = (uint64_t)sum };
	return overflows;
#else
	*a = u128_add(*a, b);
	return u128_less(*a, b);
#endif
}

static inline struct u128 u128_sub(struct u128 a, struct u128 b)
{
	return (struct u128){ .hi = a.hi - b.hi - (a.lo < b.lo), .lo = a.lo - b.lo };
}

/* a * b in 32-bit pieces: what u128_mul_u64() is on compilers without 128-bit integers. */
static inline struct u128 u128_mul_u64_portable(uint64_t a, uint64_t b)
{
	uint64_t a_lo = (uint32_t)a, a_hi = a >> 32;
	uint64_t b_lo = (uint32_t)b, b_hi = b >> 32;
	uint64_t low = a_lo * b_lo;
	uint64_t cross = a_hi * b_lo + (low >> 32); /* at most 2^64 - 2^32: no carry */
	uint64_t middle = a_lo * b_hi + (uint32_t)cross;

	return (struct u128){ .hi = a_hi * b_hi + (cross >> 32) + (middle >> 32),
			      .lo = (middle << 32) | (uint32_t)low };
}

/* a * b, exact. */
static inline struct u128 u128_mul_u64(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
	u128_native product = (u128_native)a * b;

	return (struct u128){ .hi = (uint64_t)(product >> 64), .lo = (uint64_t)product };
#else
	return u128_mul_u64_portable(a, b);
#endif
}

/* a / divisor, rounded down, with the remainder in *ret_rest. The divisor is not 0. */
static inline struct u128 u128_div_rest(struct u128 a, uint64_t divisor, uint64_t *ret_rest)
{
	struct u128 quotient = { 0, 0 };
	uint64_t rest;

	sim_assert(divisor != 0);
	quotient.hi = a.hi / divisor;
	rest = a.hi % divisor;
	if (rest == 0) {
		quotient.lo = a.lo / divisor;
		*ret_rest = a.lo % divisor;
		return quotient;
	}

	/* Long division, one bit a round; a bit shifted out of the rest means rest >= 2^64. */
	for (int bit = 63; bit >= 0; bit--) {
		bool carry = rest >> 63;

		rest = (rest << 1) | ((a.lo >> bit) & 1);
		if (carry || rest >= divisor) {
			rest -= divisor;
			quotient.lo |= UINT64_C(1) << bit;
		}
	}
	*ret_rest = rest;
	return quotient;
}

/* a / divisor, rounded down. The divisor is not 0. */
static inline struct u128 u128_div_u64(struct u128 a, uint64_t divisor)
{
	uint64_t rest;

	return u128_div_rest(a, divisor, &rest);
}

/* a / divisor, rounded to the nearest, a half up. The divisor is not 0. */
static inline struct u128 u128_div_round(struct u128 a, uint64_t divisor)
{
	uint64_t rest;
	struct u128 quotient = u128_div_rest(a, divisor, &rest);

	/* 2 * rest >= divisor, without the overflow. */
	return rest >= divisor - rest ? u128_add_u64(quotient, 1) : quotient;
}

/* The square root of a, rounded down. */
static inline uint64_t u128_isqrt(struct u128 a)
{
	uint64_t root = 0;

	for (int bit = 63; bit >= 0; bit--) {
		uint64_t larger = root | (UINT64_C(1) << bit);

		if (u128_cmp(u128_mul_u64(larger, larger), a) <= 0)
			root = larger;
	}
	return root;
}

#endif
