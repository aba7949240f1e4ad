/*
 * test_hist - error bound over all octaves, exact moments, percentiles against a sorted array, and
 * merging against adding.
 */
#include <glib.h>
#include <stdlib.h>

#include "sim/arena.h"
#include "sim/hist.h"
#include "sim/rng.h"

/* The only bucket of a histogram that holds one value. */
static struct hist_bucket bucket_of(uint64_t value)
{
	struct arena *arena = arena_new(0);
	struct hist_bucket bucket = { 0 }, end;
	struct hist hist;

	hist_init(&hist, arena);
	hist_add(&hist, value);
	g_assert_true(hist_next_bucket(&hist, &bucket));
	g_assert_cmpuint(bucket.count, ==, 1);
	g_assert_cmpuint(hist_min(&hist), ==, value);
	g_assert_cmpuint(hist_max(&hist), ==, value);
	g_assert_cmpuint(hist_mean(&hist), ==, value);
	end = bucket;
	g_assert_false(hist_next_bucket(&hist, &end));
	arena_free(arena);
	return bucket;
}

static void check_bound(uint64_t value)
{
	struct hist_bucket bucket = bucket_of(value);

	g_assert_cmpuint(bucket.low, <=, value);
	g_assert_cmpuint(bucket.high, >=, value);
	if (value < 512)
		g_assert_cmpuint(bucket.high, ==, bucket.low);
	else
		g_assert_cmpuint(bucket.high - bucket.low + 1, <=, bucket.low / 256);
	/* Neighbours touch. */
	if (bucket.high < UINT64_MAX)
		g_assert_cmpuint(bucket_of(bucket.high + 1).low, ==, bucket.high + 1);
	if (bucket.low > 0)
		g_assert_cmpuint(bucket_of(bucket.low - 1).high, ==, bucket.low - 1);
}

static void test_bound(void)
{
	struct stream stream;

	for (uint64_t value = 0; value < 1100; value++)
		check_bound(value);
	stream_init(&stream, 1, 0, "bound");
	for (unsigned int bit = 10; bit < 64; bit++) {
		uint64_t power = UINT64_C(1) << bit;

		check_bound(power - 1);
		check_bound(power);
		check_bound(power + (power - 1));
		for (int i = 0; i < 8; i++)
			check_bound(power + (stream_u64(&stream) & (power - 1)));
	}
}

static void test_lazy(void)
{
	struct arena *arena = arena_new(0);
	struct hist_bucket bucket = { 0 };
	struct hist hist;
	uint64_t percentile = 77;

	hist_init(&hist, arena);
	g_assert_cmpuint(arena_bytes(arena), ==, 0);
	g_assert_cmpuint(hist_count(&hist), ==, 0);
	g_assert_cmpuint(hist_stddev(&hist), ==, 0);
	g_assert_false(hist_percentile(&hist, 1, 2, &percentile));
	g_assert_cmpuint(percentile, ==, 77);
	g_assert_false(hist_next_bucket(&hist, &bucket));

	/* Four samples are kept as they are; a fifth makes the table and the rows of all five. */
	hist_add(&hist, 1000);
	hist_add(&hist, 1001);
	hist_add(&hist, 1 << 20);
	hist_add(&hist, 1000);
	g_assert_cmpuint(arena_bytes(arena), ==, 0);
	hist_add(&hist, 1001);
	g_assert_cmpuint(arena_bytes(arena), ==, 57 * 8 + 8 + 2 * 2048);

	/* The same for octaves that come later. */
	hist_add(&hist, 5);
	g_assert_cmpuint(arena_bytes(arena), ==, 57 * 8 + 8 + 2 * 2048);
	arena_free(arena);
}

/* The walk gives these samples, each with its bucket, ascending. */
static void check_walk(const struct hist *hist, const uint64_t *samples, size_t nr)
{
	struct hist_bucket bucket = { 0 };
	uint64_t seen = 0, last_high = 0;

	while (hist_next_bucket(hist, &bucket)) {
		uint64_t count = 0;

		g_assert_true(seen == 0 || bucket.low > last_high);
		for (size_t i = 0; i < nr; i++)
			count += samples[i] >= bucket.low && samples[i] <= bucket.high;
		g_assert_cmpuint(bucket.count, ==, count);
		last_high = bucket.high;
		seen += count;
	}
	g_assert_cmpuint(seen, ==, nr);
	g_assert_cmpuint(hist_count(hist), ==, nr);
}

/* Samples with and without rows together, and merging of such: of up to 12, in two histograms. */
static void test_early(void)
{
	struct stream stream;

	stream_init(&stream, 1, 0, "early");
	for (int round = 0; round < 2000; round++) {
		struct arena *arena = arena_new(0);
		size_t nr_first = stream_u64(&stream) % 7, nr_second = stream_u64(&stream) % 7;
		struct hist first, second;
		uint64_t samples[12];

		hist_init(&first, arena);
		hist_init(&second, arena);
		for (size_t i = 0; i < nr_first + nr_second; i++) {
			samples[i] = stream_u64(&stream) >> (54 + stream_u64(&stream) % 4);
			hist_add(i < nr_first ? &first : &second, samples[i]);
		}
		check_walk(&first, samples, nr_first);
		check_walk(&second, samples + nr_first, nr_second);
		hist_merge(&first, &second);
		check_walk(&first, samples, nr_first + nr_second);
		hist_reset(&first);
		check_walk(&first, samples, 0);
		hist_merge(&first, &second);
		check_walk(&first, samples + nr_first, nr_second);
		arena_free(arena);
	}
}

static void test_moments(void)
{
	const uint64_t big = UINT64_C(1) << 63;
	const struct {
		uint64_t samples[4];
		size_t nr;
		uint64_t mean, stddev;
	} cases[] = {
		{ { 5 }, 1, 5, 0 },
		{ { 5, 5, 5 }, 3, 5, 0 },
		{ { 1, 2 }, 2, 2, 0 }, /* 1.5; variance 0.5 is 0 */
		{ { 1, 2, 2, 2 }, 4, 2, 0 }, /* 1.75 */
		{ { 1, 1, 2 }, 3, 1, 0 }, /* 1.33 */
		{ { 10, 20 }, 2, 15, 7 }, /* variance 50, root 7.07 */
		{ { 0, 0, 13 }, 3, 4, 7 }, /* variance 56.3 is 56, root 7.48 */
		{ { 0, 8, 16, 31 }, 4, 14, 13 }, /* variance 176.9, root 13.3 */
		{ { UINT64_MAX }, 1, UINT64_MAX, 0 },
		{ { big, big - (UINT64_C(1) << 40) },
		  2,
		  big - (UINT64_C(1) << 39),
		  UINT64_C(777472127994) }, /* 2^40 / sqrt 2 */
		{ { big, big, big - (UINT64_C(3) << 40) },
		  3,
		  big - (UINT64_C(1) << 40),
		  UINT64_C(1904410002821) }, /* 2^40 * sqrt 3 */
		/* 2^63 / sqrt 3 = ...700.52 */
		{ { big, 0, 0 }, 3, UINT64_C(3074457345618258603), UINT64_C(5325116328314171701) },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct arena *arena = arena_new(0);
		struct hist hist;

		hist_init(&hist, arena);
		for (size_t n = 0; n < cases[i].nr; n++)
			hist_add(&hist, cases[i].samples[n]);
		g_assert_cmpuint(hist_count(&hist), ==, cases[i].nr);
		g_assert_cmpuint(hist_mean(&hist), ==, cases[i].mean);
		g_assert_cmpuint(hist_stddev(&hist), ==, cases[i].stddev);
		arena_free(arena);
	}
}

/* Random samples: sums, mean and deviation from 64-bit arithmetic that cannot overflow here. */
static void test_sums(void)
{
	struct stream stream;

	stream_init(&stream, 1, 0, "sums");
	for (unsigned int nr = 2; nr < 300; nr++) {
		struct arena *arena = arena_new(0);
		uint64_t sum = 0, square = 0, variance, root;
		struct hist hist;

		hist_init(&hist, arena);
		for (unsigned int i = 0; i < nr; i++) {
			uint64_t value = stream_u64(&stream) >> 44; /* below 2^20 */

			hist_add(&hist, value);
			sum += value;
			square += value * value;
		}
		g_assert_cmpuint(u128_to_u64(hist_sum(&hist)), ==, sum);
		g_assert_cmpuint(u128_to_u64(hist_sumsq(&hist)), ==, square);
		g_assert_cmpuint(hist_mean(&hist), ==, (2 * sum + nr) / (2 * nr));

		variance = (nr * square - sum * sum) / nr / (nr - 1);
		root = hist_stddev(&hist);
		g_assert_cmpuint(4 * variance, >=, (2 * root - 1) * (2 * root - 1));
		g_assert_cmpuint(4 * variance, <, (2 * root + 1) * (2 * root + 1));
		arena_free(arena);
	}
}

static int compare_u64(const void *a, const void *b)
{
	const uint64_t *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

static void check_percentile(const struct hist *hist, const uint64_t *sorted, uint32_t num,
			     uint32_t den)
{
	uint64_t nr = hist_count(hist);
	uint64_t rank = (nr * num + den - 1) / den; /* counts from 1 */
	uint64_t exact, ret = 0;

	if (nr < rank + 10) {
		g_assert_false(hist_percentile(hist, num, den, &ret));
		return;
	}
	exact = sorted[rank - 1];
	g_assert_true(hist_percentile(hist, num, den, &ret));
	g_assert_cmpuint(ret, >=, exact);
	g_assert_cmpuint(ret - exact, <=, exact / 256);
	g_assert_cmpuint(ret, <=, sorted[nr - 1]);
}

/* Samples of all magnitudes, of one octave, of few values. */
static void test_percentile(void)
{
	static const size_t sizes[] = { 1, 10, 11, 19, 20, 21, 99, 100, 101, 999, 1000, 10010 };
	static const uint32_t quantiles[][2] = { { 1, 2 },	{ 9, 10 }, { 99, 100 },
						 { 999, 1000 }, { 1, 1 },  { 1, UINT32_MAX },
						 { 1, 3 } };
	struct stream stream;

	stream_init(&stream, 1, 0, "percentile");
	for (size_t c = 0; c < 3 * G_N_ELEMENTS(sizes); c++) {
		size_t nr = sizes[c / 3];
		g_autofree uint64_t *samples = g_new(uint64_t, nr);
		struct arena *arena = arena_new(0);
		struct hist hist;

		hist_init(&hist, arena);
		for (size_t i = 0; i < nr; i++) {
			uint64_t draw = stream_u64(&stream);

			samples[i] = c % 3 == 0 ? draw >> (8 + draw % 56) :
				     c % 3 == 1 ? 3000000 + draw % 1000000 :
						  draw % 5;
			hist_add(&hist, samples[i]);
		}
		qsort(samples, nr, sizeof(*samples), compare_u64);
		for (size_t q = 0; q < G_N_ELEMENTS(quantiles); q++)
			check_percentile(&hist, samples, quantiles[q][0], quantiles[q][1]);
		arena_free(arena);
	}
}

/* Ten samples beyond are enough, nine are not; the answer is the end of a bucket or the maximum. */
static void test_percentile_rule(void)
{
	struct arena *arena = arena_new(0);
	struct hist hist;
	uint64_t ret = 0;

	hist_init(&hist, arena);
	for (unsigned int i = 0; i < 19; i++)
		hist_add(&hist, 1025); /* bucket 1024..1027 */
	g_assert_false(hist_percentile(&hist, 1, 2, &ret));
	hist_add(&hist, 1025);
	g_assert_true(hist_percentile(&hist, 1, 2, &ret));
	g_assert_cmpuint(ret, ==, 1025); /* the maximum */
	hist_add(&hist, 5000);
	g_assert_true(hist_percentile(&hist, 1, 2, &ret));
	g_assert_cmpuint(ret, ==, 1027); /* the bucket's end */
	arena_free(arena);
}

static void assert_same(const struct hist *a, const struct hist *b)
{
	struct hist_bucket in_a = { 0 }, in_b = { 0 };

	g_assert_cmpuint(a->count, ==, b->count);
	g_assert_cmpuint(a->min, ==, b->min);
	g_assert_cmpuint(a->max, ==, b->max);
	g_assert_cmpint(u128_cmp(a->sum, b->sum), ==, 0);
	g_assert_cmpint(u128_cmp(a->sumsq, b->sumsq), ==, 0);
	while (hist_next_bucket(a, &in_a)) {
		g_assert_true(hist_next_bucket(b, &in_b));
		g_assert_cmpuint(in_a.low, ==, in_b.low);
		g_assert_cmpuint(in_a.high, ==, in_b.high);
		g_assert_cmpuint(in_a.count, ==, in_b.count);
	}
	g_assert_false(hist_next_bucket(b, &in_b));
}

/* Two parts merged are the whole; so is a part merged with nothing. */
static void test_merge(void)
{
	struct arena *arena = arena_new(0);
	struct hist part[2], whole, copy, empty;
	struct stream stream;

	hist_init(&part[0], arena);
	hist_init(&part[1], arena);
	hist_init(&whole, arena);
	hist_init(&copy, arena);
	hist_init(&empty, arena);
	stream_init(&stream, 1, 0, "merge");
	for (int i = 0; i < 3000; i++) {
		uint64_t draw = stream_u64(&stream);
		uint64_t value = draw >> (8 + draw % 48);

		hist_add(&part[draw >> 63], value);
		hist_add(&whole, value);
	}
	hist_merge(&copy, &part[0]);
	assert_same(&copy, &part[0]);
	hist_merge(&copy, &empty);
	assert_same(&copy, &part[0]);
	hist_merge(&copy, &part[1]);
	assert_same(&copy, &whole);
	arena_free(arena);
}

/* What was added before a reset leaves no trace; the rows are used again. */
static void test_reset(void)
{
	struct arena *arena = arena_new(0);
	struct hist reset, fresh;
	size_t bytes;

	hist_init(&reset, arena);
	hist_init(&fresh, arena);
	for (uint64_t value = 1; value < 1 << 20; value *= 3)
		hist_add(&reset, value);
	bytes = arena_bytes(arena);
	hist_reset(&reset);
	assert_same(&reset, &fresh);
	hist_add(&reset, 1000);
	g_assert_cmpuint(arena_bytes(arena), ==, bytes);
	hist_add(&fresh, 1000);
	assert_same(&reset, &fresh);
	arena_free(arena);
}

/* Buckets come in ascending order and hold every sample. */
static void test_walk(void)
{
	struct arena *arena = arena_new(0);
	struct hist_bucket bucket = { 0 };
	uint64_t seen = 0, next_low = 0;
	struct stream stream;
	struct hist hist;

	hist_init(&hist, arena);
	stream_init(&stream, 1, 0, "walk");
	for (int i = 0; i < 2000; i++)
		hist_add(&hist, stream_u64(&stream) >> (2 * i / 100 + 10));
	while (hist_next_bucket(&hist, &bucket)) {
		g_assert_cmpuint(bucket.low, >=, next_low);
		g_assert_cmpuint(bucket.count, >, 0);
		next_low = bucket.high + 1;
		seen += bucket.count;
	}
	g_assert_cmpuint(seen, ==, 2000);
	arena_free(arena);
}

/* The sum of squares says so when it leaves 128 bits. */
static void test_overflow(void)
{
	if (g_test_subprocess()) {
		struct arena *arena = arena_new(0);
		struct hist hist;

		hist_init(&hist, arena);
		hist_add(&hist, UINT64_MAX);
		g_assert_cmpuint(hist_count(&hist), ==, 1);
		hist_add(&hist, UINT64_MAX);
		arena_free(arena);
		return;
	}
	g_test_trap_subprocess(NULL, 0, 0);
	g_test_trap_assert_failed();
	g_test_trap_assert_stderr("*sumsq*");
}

static void test_merge_overflow(void)
{
	if (g_test_subprocess()) {
		struct arena *arena = arena_new(0);
		struct hist dst, src;

		hist_init(&dst, arena);
		hist_init(&src, arena);
		hist_add(&dst, UINT64_MAX);
		hist_add(&src, UINT64_MAX);
		hist_merge(&dst, &src);
		arena_free(arena);
		return;
	}
	g_test_trap_subprocess(NULL, 0, 0);
	g_test_trap_assert_failed();
	g_test_trap_assert_stderr("*sumsq*");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/hist/bound", test_bound);
	g_test_add_func("/hist/lazy", test_lazy);
	g_test_add_func("/hist/early", test_early);
	g_test_add_func("/hist/moments", test_moments);
	g_test_add_func("/hist/sums", test_sums);
	g_test_add_func("/hist/percentile", test_percentile);
	g_test_add_func("/hist/percentile-rule", test_percentile_rule);
	g_test_add_func("/hist/merge", test_merge);
	g_test_add_func("/hist/reset", test_reset);
	g_test_add_func("/hist/walk", test_walk);
	g_test_add_func("/hist/overflow", test_overflow);
	g_test_add_func("/hist/merge-overflow", test_merge_overflow);
	return g_test_run();
}
