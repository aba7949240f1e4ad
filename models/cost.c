/*
 * cost - the rows of cost.h as data.
 */
#include "models/cost.h"

#define COST_ROW(id, json_key, arch_bits, text)	\
	[C_##id] = { .key = #json_key, .archs = (arch_bits), .meaning = (text) },

const struct cost_row cost_rows[NR_COSTS] = { COST_ROWS(COST_ROW) };

const char *const cost_kind_words[] = {
	[COST_MEASURED] = "measured",
	[COST_FITTED] = "fitted",
	[COST_ESTIMATED] = "estimated",
	NULL,
};

const char *const arch_words[] = { [ARCH_ARM64] = "arm64", [ARCH_X86] = "x86", NULL };
