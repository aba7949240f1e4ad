/*
 * test_duration - durations, frequencies, percentages: exact values, and each kind of mistake.
 */
#include <glib.h>
#include <string.h>

#include "app/duration.h"

#define GHZ UINT64_C(1000000000)

static void test_good(void)
{
	static const struct {
		const char *text;
		uint64_t clock_hz;
		ps_t expected;
	} rows[] = {
		{ "0ns", 0, 0 },
		{ "1ps", 0, 1 },
		{ "250ns", 0, 250000 },
		{ "1.5us", 0, 1500000 },
		{ "0.001ns", 0, 1 },
		{ "2ms", 0, UINT64_C(2000000000) },
		{ "10s", 0, UINT64_C(10000000000000) },
		{ "1.000000000000s", 0, PS_PER_S },
		{ "007ns", 0, 7000 },
		{ "1.50000000000000000000000000000000000us", 0, 1500000 },
		{ "18446744073709551614ps", 0, UINT64_MAX - 1 },
		{ "18446744.073709551614s", 0, UINT64_MAX - 1 },
		{ "1500cy", 3 * GHZ, 500000 },
		{ "1cy", 3 * GHZ, 333 },
		{ "2cy", 3 * GHZ, 667 },
		{ "1cy", 2 * GHZ, 500 },
		{ "0.001cy", 2 * GHZ, 1 },	/* half a picosecond, rounded up */
		{ "0.0005cy", 2 * GHZ, 0 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		ps_t value = 0;
		char *mistake = duration_parse(rows[i].text, rows[i].clock_hz, &value);

		g_assert_null(mistake);
		g_assert_cmpuint(value, ==, rows[i].expected);
	}
}

static void test_bad(void)
{
	static const struct {
		const char *text, *expected;
	} rows[] = {
		{ "", "does not begin with a number" },
		{ "ns", "does not begin with a number" },
		{ "-1ns", "does not begin with a number" },
		{ "+1ns", "does not begin with a number" },
		{ " 1ns", "does not begin with a number" },
		{ ".5ns", "does not begin with a number" },
		{ "1.ns", "no digit after its point" },
		{ "1,5ns", "units are" },
		{ "1 ns", "units are" },
		{ "1NS", "units are" },
		{ "1ns ", "units are" },
		{ "1e3ns", "units are" },
		{ "0x10ns", "units are" },
		{ "1sec", "units are" },
		{ "250", "has no unit" },
		{ "1.5", "has no unit" },
		{ "0.5ps", "not a whole number of picoseconds" },
		{ "1.0001ns", "not a whole number of picoseconds" },
		{ "18446744073709551615ps", "too large" },
		{ "18446744073709551616ps", "too large" },
		{ "18446745s", "too large" },
		{ "99999999999999999999999999999s", "too large" },
		{ "0.0000000000000000000001ns", "too many digits" },
		{ "1500cy", "no \"clock\"" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		ps_t value = 42;
		char *mistake = duration_parse(rows[i].text, 0, &value);

		g_assert_nonnull(mistake);
		g_assert_nonnull(strstr(mistake, rows[i].expected));
		g_assert_cmpuint(value, ==, 42);
		g_free(mistake);
	}
}

static void test_format(void)
{
	static const struct {
		ps_t value;
		const char *expected;
	} rows[] = {
		{ 0, "0ps" }, { 1, "1ps" }, { 999, "999ps" }, { 1000, "1ns" }, { 1500, "1.5ns" },
		{ 3832000, "3.832us" }, { 1000001, "1.000001us" }, { PS_PER_S, "1s" },
		{ UINT64_MAX, "18446744.073709551615s" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *text = duration_format(rows[i].value);

		g_assert_cmpstr(text, ==, rows[i].expected);
		g_free(text);
	}
}

/* What is shown can be read back, for every number of digits. */
static void test_round_trip(void)
{
	for (ps_t value = 1; value < UINT64_MAX / 7; value = value * 7 + 3) {
		char *text = duration_format(value);
		ps_t again = 0;

		g_assert_null(duration_parse(text, 0, &again));
		g_assert_cmpuint(again, ==, value);
		g_free(text);
	}
}

static void assert_frequency(const char *text, uint64_t expected)
{
	uint64_t hz = 0;
	char *mistake = frequency_parse(text, &hz);

	g_assert_true((mistake == NULL) == (expected != 0));
	g_assert_cmpuint(hz, ==, expected);
	g_free(mistake);
}

static void test_frequency(void)
{
	assert_frequency("2.5GHz", UINT64_C(2500000000));
	assert_frequency("100MHz", 100000000);
	assert_frequency("1Hz", 1);
	assert_frequency("0Hz", 0);
	assert_frequency("0.5Hz", 0);
	assert_frequency("3", 0);
	assert_frequency("3ghz", 0);
	assert_frequency("1001GHz", 0);
}

static void test_percent(void)
{
	uint32_t ppm = 0;
	char *mistake;

	g_assert_null(percent_parse("20%", &ppm));
	g_assert_cmpuint(ppm, ==, 200000);
	g_assert_null(percent_parse("0.0001%", &ppm));
	g_assert_cmpuint(ppm, ==, 1);
	for (const char *const *text =
		     (const char *const[]){ "20", "%", "0.00001%", "1001%", NULL };
	     *text; text++) {
		mistake = percent_parse(*text, &ppm);
		g_assert_nonnull(mistake);
		g_free(mistake);
	}
}

static void test_ratio(void)
{
	uint64_t ppm = 0;
	char *mistake;

	g_assert_null(ratio_parse("0.25", &ppm));
	g_assert_cmpuint(ppm, ==, 250000);
	g_assert_null(ratio_parse("3", &ppm));
	g_assert_cmpuint(ppm, ==, 3000000);
	mistake = ratio_parse("1e+20", &ppm);
	g_assert_nonnull(mistake);
	g_free(mistake);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/duration/good", test_good);
	g_test_add_func("/duration/bad", test_bad);
	g_test_add_func("/duration/format", test_format);
	g_test_add_func("/duration/round-trip", test_round_trip);
	g_test_add_func("/duration/frequency", test_frequency);
	g_test_add_func("/duration/percent", test_percent);
	g_test_add_func("/duration/ratio", test_ratio);
	return g_test_run();
}
