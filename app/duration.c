#include "app/duration.h"

#include <glib.h>
#include <string.h>

#include "sim/u128.h"

/* A decimal number as written: digits / 10^nr_decimals. */
struct decimal {
	uint64_t digits;
	uint64_t divisor;	/* 10^nr_decimals */
};

struct unit {
	const char *name;
	uint64_t factor;	/* of the smallest unit */
};

static const struct unit time_units[] = {
	{ "ps", 1 }, { "ns", PS_PER_NS }, { "us", PS_PER_US },
	{ "ms", PS_PER_MS }, { "s", PS_PER_S }, { NULL, 0 },
};

static const struct unit frequency_units[] = {
	{ "Hz", 1 }, { "kHz", UINT64_C(1000) }, { "MHz", UINT64_C(1000000) },
	{ "GHz", UINT64_C(1000000000) }, { NULL, 0 },
};

static bool append_digit(uint64_t *number, char digit)
{
	uint64_t value = (uint64_t)(digit - '0');

	if (*number > (UINT64_MAX - value) / 10)
		return false;
	*number = *number * 10 + value;
	return true;
}

/* The digits after the point; zeros at their end say nothing and cost no precision. */
static const char *parse_fraction(const char *text, struct decimal *ret)
{
	size_t length = strspn(text, "0123456789");
	size_t significant = length;

	while (significant > 0 && text[significant - 1] == '0')
		significant--;
	for (size_t i = 0; i < significant; i++) {
		if (!append_digit(&ret->digits, text[i]) || ret->divisor > UINT64_MAX / 10)
			return NULL;
		ret->divisor *= 10;
	}
	return text + length;
}

/*
 * Reads the number at the start of text and sets *ret_rest behind it. Returns NULL or what is
 * wrong, with the text quoted.
 */
static char *parse_decimal(const char *text, struct decimal *ret, const char **ret_rest)
{
	const char *at = text;

	*ret = (struct decimal){ .digits = 0, .divisor = 1 };
	if (!g_ascii_isdigit(*at))
		return g_strdup_printf("\"%s\" does not begin with a number", text);
	for (; g_ascii_isdigit(*at); at++)
		if (!append_digit(&ret->digits, *at))
			return g_strdup_printf("\"%s\" is too large", text);
	if (*at == '.') {
		if (!g_ascii_isdigit(at[1]))
			return g_strdup_printf("\"%s\" has no digit after its point", text);
		at = parse_fraction(at + 1, ret);
		if (!at)
			return g_strdup_printf("\"%s\" has too many digits", text);
	}
	*ret_rest = at;
	return NULL;
}

static const struct unit *find_unit(const struct unit *units, const char *name)
{
	for (; units->name; units++)
		if (strcmp(units->name, name) == 0)
			return units;
	return NULL;
}

/* number * factor as a whole number below UINT64_MAX; what names the smallest unit. */
static char *scale_exactly(const char *text, struct decimal number, uint64_t factor,
			   const char *what, uint64_t *ret)
{
	uint64_t rest;
	struct u128 value = u128_div_rest(u128_mul_u64(number.digits, factor), number.divisor,
					  &rest);

	if (rest != 0)
		return g_strdup_printf("\"%s\" is not a whole number of %s", text, what);
	if (value.hi != 0 || value.lo == UINT64_MAX)
		return g_strdup_printf("\"%s\" is too large", text);
	*ret = value.lo;
	return NULL;
}

static char *scale_cycles(const char *text, struct decimal number, uint64_t clock_hz, ps_t *ret)
{
	struct u128 divisor = u128_mul_u64(number.divisor, clock_hz);
	struct u128 value;

	if (clock_hz == 0)
		return g_strdup_printf("\"%s\" is in cycles, and the platform has no \"clock\"",
				       text);
	if (divisor.hi != 0)
		return g_strdup_printf("\"%s\" has too many digits", text);
	value = u128_div_round(u128_mul_u64(number.digits, PS_PER_S), divisor.lo);
	if (value.hi != 0 || value.lo == UINT64_MAX)
		return g_strdup_printf("\"%s\" is too large", text);
	*ret = value.lo;
	return NULL;
}

char *duration_parse(const char *text, uint64_t clock_hz, ps_t *ret)
{
	const struct unit *unit;
	struct decimal number;
	const char *rest;
	char *mistake = parse_decimal(text, &number, &rest);

	if (mistake)
		return mistake;
	if (!*rest)
		return g_strdup_printf("\"%s\" has no unit: ps, ns, us, ms, s or cy", text);
	if (strcmp(rest, "cy") == 0)
		return scale_cycles(text, number, clock_hz, ret);
	unit = find_unit(time_units, rest);
	if (!unit)
		return g_strdup_printf("\"%s\" is in \"%s\"; units are ps, ns, us, ms, s, cy",
				       text, rest);
	return scale_exactly(text, number, unit->factor, "picoseconds", ret);
}

char *duration_format(ps_t duration_ps)
{
	const struct unit *unit = &time_units[G_N_ELEMENTS(time_units) - 2];
	uint64_t fraction, factor;
	GString *text;

	while (unit > time_units && unit->factor > duration_ps)
		unit--;
	text = g_string_new(NULL);
	g_string_append_printf(text, "%" G_GUINT64_FORMAT, duration_ps / unit->factor);
	fraction = duration_ps % unit->factor;
	if (fraction != 0)
		g_string_append_c(text, '.');
	for (factor = unit->factor / 10; fraction != 0; factor /= 10) {
		g_string_append_c(text, (char)('0' + fraction / factor));
		fraction %= factor;
	}
	g_string_append(text, unit->name);
	return g_string_free(text, FALSE);
}

char *frequency_parse(const char *text, uint64_t *ret)
{
	const struct unit *unit;
	struct decimal number;
	const char *rest;
	uint64_t hz = 0;
	char *mistake = parse_decimal(text, &number, &rest);

	if (mistake)
		return mistake;
	unit = find_unit(frequency_units, rest);
	if (!unit)
		return g_strdup_printf("\"%s\" is not a frequency such as \"2.5GHz\"", text);
	mistake = scale_exactly(text, number, unit->factor, "Hz", &hz);
	if (mistake)
		return mistake;
	if (hz == 0 || hz > UINT64_C(1000000000000))
		return g_strdup_printf("\"%s\" is not between 1Hz and 1000GHz", text);
	*ret = hz;
	return NULL;
}

char *percent_parse(const char *text, uint32_t *ret)
{
	struct decimal number;
	const char *rest;
	uint64_t ppm = 0;
	char *mistake = parse_decimal(text, &number, &rest);

	if (mistake)
		return mistake;
	if (strcmp(rest, "%") != 0)
		return g_strdup_printf("\"%s\" is not a percentage such as \"20%%\"", text);
	mistake = scale_exactly(text, number, 10000, "parts per million", &ppm);
	if (mistake)
		return mistake;
	if (ppm > 10000000)
		return g_strdup_printf("\"%s\" is more than 1000%%", text);
	*ret = (uint32_t)ppm;
	return NULL;
}

char *ratio_parse(const char *text, uint64_t *ret)
{
	struct decimal number;
	const char *rest;
	char *mistake = parse_decimal(text, &number, &rest);

	if (mistake)
		return mistake;
	if (*rest)
		return g_strdup_printf("\"%s\" is not a decimal number", text);
	return scale_exactly(text, number, 1000000, "parts per million", ret);
}
