/*
 * test_u128 - identities that hold without 128-bit integers, and, where the compiler has them,
 * every operation against them.
 */
#include <glib.h>

#include "sim/rng.h"
#include "sim/u128.h"

#define NR_RANDOM 20000

static void assert_eq(struct u128 a, uint64_t hi, uint64_t lo)
{
	g_assert_cmphex(a.hi, ==, hi);
	g_assert_cmphex(a.lo, ==, lo);
}

static void test_carry(void)
{
	struct u128 max = { UINT64_MAX, UINT64_MAX };

	assert_eq(u128_add_u64(u128_from(UINT64_MAX), 1), 1, 0);
	assert_eq(u128_add_u64(max, 1), 0, 0);
	assert_eq(u128_sub((struct u128){ 1, 0 }, u128_from(1)), 0, UINT64_MAX);
	assert_eq(u128_sub(u128_from(0), u128_from(1)), UINT64_MAX, UINT64_MAX);
	assert_eq(u128_mul_u64(UINT64_MAX, UINT64_MAX), UINT64_MAX - 1, 1);
	assert_eq(u128_mul_u64_portable(UINT64_MAX, UINT64_MAX), UINT64_MAX - 1, 1);
}

static void test_compare(void)
{
	const struct u128 ascending[] = {
		{ 0, 0 }, { 0, 1 },	     { 0, UINT64_MAX },		{ 1, 0 },
		{ 1, 1 }, { UINT64_MAX, 0 }, { UINT64_MAX, UINT64_MAX }
	};

	for (size_t i = 0; i < G_N_ELEMENTS(ascending); i++)
		for (size_t j = 0; j < G_N_ELEMENTS(ascending); j++)
			g_assert_cmpint(u128_cmp(ascending[i], ascending[j]), ==,
					(i > j) - (i < j));
}

static void test_div_round(void)
{
	static const struct {
		struct u128 a;
		uint64_t divisor;
		uint64_t down, nearest;
	} cases[] = {
		{ { 0, 0 }, 1, 0, 0 },
		{ { 0, 1 }, 2, 0, 1 },
		{ { 0, 3 }, 2, 1, 2 },
		{ { 0, 1 }, 3, 0, 0 },
		{ { 0, 2 }, 3, 0, 1 },
		{ { 0, 5 }, 4, 1, 1 },
		{ { 0, 6 }, 4, 1, 2 },
		{ { 1, 0 }, 2, UINT64_C(1) << 63, UINT64_C(1) << 63 },
		{ { UINT64_MAX - 1, 1 }, UINT64_MAX, UINT64_MAX, UINT64_MAX },
		{ { 0, UINT64_MAX }, UINT64_MAX - 1, 1, 1 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		assert_eq(u128_div_u64(cases[i].a, cases[i].divisor), 0, cases[i].down);
		assert_eq(u128_div_round(cases[i].a, cases[i].divisor), 0, cases[i].nearest);
	}
}

static void check_isqrt(struct u128 a)
{
	uint64_t root = u128_isqrt(a);

	g_assert_cmpint(u128_cmp(u128_mul_u64(root, root), a), <=, 0);
	if (root < UINT64_MAX)
		g_assert_cmpint(u128_cmp(u128_mul_u64(root + 1, root + 1), a), >, 0);
}

static void test_isqrt(void)
{
	struct stream stream;

	for (uint64_t i = 0; i < 1000; i++)
		check_isqrt(u128_from(i));
	for (uint64_t root = UINT64_MAX; root > 0; root /= 3) {
		struct u128 square = u128_mul_u64(root, root);

		g_assert_cmpuint(u128_isqrt(square), ==, root);
		g_assert_cmpuint(u128_isqrt(u128_sub(square, u128_from(1))), ==, root - 1);
	}
	g_assert_cmpuint(u128_isqrt((struct u128){ UINT64_MAX, UINT64_MAX }), ==, UINT64_MAX);

	stream_init(&stream, 1, 0, "isqrt");
	for (int i = 0; i < 1000; i++)
		check_isqrt((struct u128){ stream_u64(&stream) >> (i % 64), stream_u64(&stream) });
}

#ifdef __SIZEOF_INT128__
static u128_native native(struct u128 a)
{
	return (u128_native)a.hi << 64 | a.lo;
}

static void assert_native(struct u128 a, u128_native expected)
{
	assert_eq(a, (uint64_t)(expected >> 64), (uint64_t)expected);
}

static void check_native(struct u128 a, struct u128 b)
{
	u128_native na = native(a), nb = native(b);
	struct u128 sum = a;

	assert_native(u128_add(a, b), na + nb);
	assert_native(u128_add_u64(a, b.lo), na + b.lo);
	assert_native(u128_sub(a, b), na - nb);
	assert_native(u128_mul_u64(a.lo, b.lo), (u128_native)a.lo * b.lo);
	assert_native(u128_mul_u64_portable(a.lo, b.lo), (u128_native)a.lo * b.lo);
	g_assert_cmpint(u128_cmp(a, b), ==, (na > nb) - (na < nb));
	g_assert_true(u128_less(a, b) == (na < nb));
	g_assert_true(u128_add_overflows(&sum, b) == (na + nb < na));
	assert_native(sum, na + nb);
	if (b.lo) {
		uint64_t rest;

		assert_native(u128_div_u64(a, b.lo), na / b.lo);
		assert_native(u128_div_rest(a, b.lo, &rest), na / b.lo);
		g_assert_cmpuint(rest, ==, (uint64_t)(na % b.lo));
		assert_native(u128_div_round(a, b.lo), na / b.lo + (rest >= b.lo - rest));
	}
}

/* Words near 0, near a power of two, near 2^64, and of every length. */
static void test_native(void)
{
	static const uint64_t corner[] = { 0,
					   1,
					   2,
					   3,
					   UINT32_MAX,
					   UINT64_C(1) << 32,
					   UINT64_C(1) << 63,
					   UINT64_MAX - 1,
					   UINT64_MAX };
	const unsigned int n = G_N_ELEMENTS(corner);
	struct stream stream;

	for (unsigned int i = 0; i < n * n * n * n; i++)
		check_native((struct u128){ corner[i % n], corner[i / n % n] },
			     (struct u128){ corner[i / n / n % n], corner[i / n / n / n] });

	stream_init(&stream, 1, 0, "native");
	for (int i = 0; i < NR_RANDOM; i++) {
		uint64_t shifts = stream_u64(&stream);
		struct u128 a = { stream_u64(&stream) >> (shifts % 64),
				  stream_u64(&stream) >> (shifts / 64 % 64) };
		struct u128 b = { stream_u64(&stream) >> (shifts / 4096 % 64),
				  stream_u64(&stream) >> (shifts / 262144 % 64) };

		check_native(a, b);
	}
}
#endif

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/u128/carry", test_carry);
	g_test_add_func("/u128/compare", test_compare);
	g_test_add_func("/u128/div-round", test_div_round);
	g_test_add_func("/u128/isqrt", test_isqrt);
#ifdef __SIZEOF_INT128__
	g_test_add_func("/u128/native", test_native);
#endif
	return g_test_run();
}
