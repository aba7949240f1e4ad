/*
 * test_trace - the fingerprint against frozen values, which were computed from the description in
 * docs/determinism.md by an implementation in another language.
 */
#include "sim/trace.h"

#include <glib.h>

#include "sim/arena.h"
#include "sim/sim.h"

static const struct trace_record records[] = {
	{ 0, 1, 0, 0, 0 },
	{ 1, 2, 3, 4, 5 },
	{ 1500, 25, UINT32_MAX, 0, 0 },
	{ 1500, 25, 0, UINT32_MAX, 0 },
	{ UINT64_C(0x123456789abcdef0), 17, 7, 9, UINT64_MAX },
};

/* Of the first n records. */
static const uint64_t frozen[] = {
	0x243f6a8885a308d3, 0x94a61b6a16b6356e, 0x96309a0dde8ae2bf,
	0xb4d503951453747b, 0x1f9ae2f2ff114a29, 0x75ac39f5e40d9aa3,
};

struct counting_sink {
	struct trace_sink sink;		/* first */
	size_t nr_records;
};

static void count_record(struct trace_sink *sink, const struct trace_record *record)
{
	struct counting_sink *counting = (struct counting_sink *)sink;
	const struct trace_record *expected = &records[counting->nr_records++];

	g_assert_cmpuint(record->time_ps, ==, expected->time_ps);
	g_assert_cmpuint(record->point, ==, expected->point);
	g_assert_cmpuint(record->who, ==, expected->who);
	g_assert_cmpuint(record->whom, ==, expected->whom);
	g_assert_cmpuint(record->which, ==, expected->which);
}

/* The same values with a sink and without one; the sink sees every record, in order. */
static void test_frozen(void)
{
	for (int watched = 0; watched < 2; watched++) {
		struct counting_sink counting = { .sink = { .record = count_record } };
		struct arena *arena = arena_new(4096);
		struct sim *sim = sim_new(arena, "test", 1, 0);

		sim->sink = watched ? &counting.sink : NULL;
		g_assert_cmphex(sim->fingerprint, ==, frozen[0]);
		for (size_t i = 0; i < G_N_ELEMENTS(records); i++) {
			const struct trace_record *r = &records[i];

			sim->now_ps = r->time_ps;
			sim_trace(sim, r->point, r->who, r->whom, r->which);
			g_assert_cmphex(sim->fingerprint, ==, frozen[i + 1]);
		}
		g_assert_cmpuint(counting.nr_records, ==, watched ? G_N_ELEMENTS(records) : 0);
		arena_free(arena);
	}
}

/* Every bit of every word counts. */
static void test_every_bit(void)
{
	uint64_t start = TRACE_FINGERPRINT_START;

	for (int bit = 0; bit < 64; bit++)
		for (int other = 0; other < bit; other++)
			g_assert_cmphex(trace_mix(start, UINT64_C(1) << bit), !=,
					trace_mix(start, UINT64_C(1) << other));
	g_assert_cmphex(trace_mix(trace_mix(start, 1), 2), !=, trace_mix(trace_mix(start, 2), 1));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/trace/frozen", test_frozen);
	g_test_add_func("/trace/every-bit", test_every_bit);
	return g_test_run();
}
