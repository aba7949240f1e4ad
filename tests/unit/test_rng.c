/*
 * test_rng - Philox against its published vectors; the streams against frozen draws, which were
 * computed from the description in rng.h by an implementation of its own, in another language.
 */
#include <Random123/philox.h>
#include <glib.h>

#include "sim/rng.h"

#define NR_FROZEN 5

/* The known answers that Random123 publishes for philox4x32-10. */
static void test_philox(void)
{
	static const struct {
		philox4x32_ctr_t counter;
		philox4x32_key_t key;
		philox4x32_ctr_t words;
	} cases[] = {
		{ { { 0, 0, 0, 0 } },
		  { { 0, 0 } },
		  { { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 } } },
		{ { { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff } },
		  { { 0xffffffff, 0xffffffff } },
		  { { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd } } },
		{ { { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 } },
		  { { 0xa4093822, 0x299f31d0 } },
		  { { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 } } },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		philox4x32_ctr_t words = philox4x32(cases[i].counter, cases[i].key);

		for (size_t word = 0; word < 4; word++)
			g_assert_cmphex(words.v[word], ==, cases[i].words.v[word]);
	}
}

/* How the words of a block become draws: the published block of counter 0 and key 0. */
static void test_block(void)
{
	struct stream stream = { .key = { 0, 0 } };

	g_assert_cmphex(stream_u64(&stream), ==, UINT64_C(0xe169c58d6627e8d5));
	g_assert_cmphex(stream_u64(&stream), ==, UINT64_C(0x9b00dbd8bc57ac4c));
	g_assert_cmpuint(stream.nr_draws, ==, 2);
}

static const struct {
	uint64_t seed;
	uint32_t replication;
	const char *name;
	uint64_t draws[NR_FROZEN];
} frozen[] = {
	{ 0,
	  0,
	  "",
	  { 0xc46aa4bcad30b7ac, 0xe8e9d0d584b60a4b, 0x92142c8920f04c47, 0x1a4694552aaca176,
	    0x21c85631f60b7a11 } },
	{ 1,
	  0,
	  "vm0/nic1/arrival",
	  { 0xadf82c772b6e5840, 0x3b18bfa6ae41e2a8, 0x527ab44fad7960bc, 0x8182985208bf519f,
	    0xe9d8bf59f2ac9004 } },
	{ 1,
	  1,
	  "vm0/nic1/arrival",
	  { 0x13bc5757d1f59224, 0xcb1dea44a1ec1b40, 0x56e90e18917919c8, 0x052763f82cb33ba5,
	    0x6314fce475347642 } },
	{ 2,
	  0,
	  "vm0/nic1/arrival",
	  { 0xd0b038dabf7c6ffc, 0x5c17455ce95496bc, 0xc70eac498bfcbaf2, 0x75d3c8edfc821b0a,
	    0x8a4e93a6fdc7057f } },
	{ 1,
	  0,
	  "vm0/nic2/arrival",
	  { 0x674acbe7c9999529, 0xaa5fe3e15a9b32ee, 0x5bb1de7ea5c04071, 0x86831f7884461d12,
	    0x9e927bd2e99ddcc4 } },
	/* A byte above 127 is a byte, whether char is signed or not. */
	{ UINT64_MAX,
	  UINT32_MAX,
	  "\xc3\xa9",
	  { 0x31cf8d97e3e3499b, 0x3e99d86ce46c3fbf, 0x5a5b6653edd807fe, 0x8e73104d7d7c3a41,
	    0x5079cdf884b1ef00 } },
};

static void test_frozen(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(frozen); i++) {
		struct stream stream;

		stream_init(&stream, frozen[i].seed, frozen[i].replication, frozen[i].name);
		for (int draw = 0; draw < NR_FROZEN; draw++)
			g_assert_cmphex(stream_u64(&stream), ==, frozen[i].draws[draw]);
		g_assert_cmpuint(stream.nr_draws, ==, NR_FROZEN);
	}
}

/* The block number goes on into the second word of the counter. */
static void test_late_block(void)
{
	struct stream stream;

	stream_init(&stream, 1, 0, "vm0/nic1/arrival");
	stream.nr_draws = (UINT64_C(1) << 33) - 2;
	stream_u64(&stream);
	g_assert_cmphex(stream_u64(&stream), ==, UINT64_C(0xaa47d007857bdce1));
	g_assert_cmphex(stream_u64(&stream), ==, UINT64_C(0x733984218f476cdb));
	g_assert_cmphex(stream_u64(&stream), ==, UINT64_C(0x36269e40b76229e4));
}

/* Draws of one stream do not depend on those of another. */
static void test_independent(void)
{
	struct stream alone, mixed, other;

	stream_init(&alone, 3, 4, "vm0");
	stream_init(&mixed, 3, 4, "vm0");
	stream_init(&other, 3, 4, "vm1");
	for (int i = 0; i < 100; i++) {
		uint64_t draw = stream_u64(&mixed);

		g_assert_cmphex(draw, ==, stream_u64(&alone));
		g_assert_cmphex(draw, !=, stream_u64(&other));
		if (i % 3 == 0)
			stream_u64(&other);
	}
}

/* Each of the 64 bits is set in half of the draws, within four standard errors. */
static void test_bits(void)
{
	const int nr = 40000; /* standard error of a count: sqrt(nr / 4) = 100 */
	int set[64] = { 0 };
	struct stream stream;

	stream_init(&stream, 1, 0, "bits");
	for (int i = 0; i < nr; i++) {
		uint64_t draw = stream_u64(&stream);

		for (int bit = 0; bit < 64; bit++)
			set[bit] += (int)((draw >> bit) & 1);
	}
	for (int bit = 0; bit < 64; bit++)
		g_assert_cmpint(ABS(set[bit] - nr / 2), <=, 4 * 100);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/rng/philox", test_philox);
	g_test_add_func("/rng/block", test_block);
	g_test_add_func("/rng/frozen", test_frozen);
	g_test_add_func("/rng/late-block", test_late_block);
	g_test_add_func("/rng/independent", test_independent);
	g_test_add_func("/rng/bits", test_bits);
	return g_test_run();
}
