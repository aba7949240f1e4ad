/*
 * halt_poll - how polling grows and shrinks, and the rows of struct halt_poll_params.
 */
#include "models/halt_poll.h"

#include "models/kernel.h"

enum {
	GUEST_MAX_US = 200,
	GUEST_GROW_START_US = 50,
	GUEST_GROW = 2,
	GUEST_SHRINK = 2,
};

static const char *const policy_words[] = {
	[HALT_POLL_DYNAMIC] = "dynamic",
	[HALT_POLL_ALWAYS] = "always",
	NULL,
};

static const struct field halt_poll_fields[] = {
	{ "policy", FIELD_WORD, offsetof(struct halt_poll_params, policy), 0, 0, "\"dynamic\"",
	  policy_words,
	  "how long a halt polls before the vCPU's thread sleeps: dynamic: a value per vCPU that "
	  "grows and shrinks, or always: the maximum, at every halt (as before Linux 4.3)", NULL },
	{ "max", FIELD_DURATION, offsetof(struct halt_poll_params, max_ps), 0, PS_PER_S, "null",
	  NULL,
	  "longest polling (halt_poll_ns), 0ns: none; null: 200us on x86, 500us on arm64", NULL },
	{ "grow", FIELD_U32, offsetof(struct halt_poll_params, grow), 0, 1000, "2", NULL,
	  "factor by which the value grows (halt_poll_ns_grow), 0: it does not grow", NULL },
	{ "grow_start", FIELD_DURATION, offsetof(struct halt_poll_params, grow_start_ps), 0,
	  PS_PER_S, "\"10us\"", NULL,
	  "least value above 0 (halt_poll_ns_grow_start)", NULL },
	{ "shrink", FIELD_U32, offsetof(struct halt_poll_params, shrink), 0, 1000000, "null", NULL,
	  "divisor by which the value shrinks (halt_poll_ns_shrink), 0: to nothing at once; null: "
	  "0 before Linux 6.11, 2 from then on", NULL },
};

FIELD_TABLE(halt_poll_table, "halt polling", struct halt_poll_params,
	    "how the host polls for a vCPU that has halted", halt_poll_fields);

const struct halt_poll_params halt_poll_unset = {
	.policy = HALT_POLL_DYNAMIC,
	.max_ps = PS_NEVER,
	.grow = 2,
	.grow_start_ps = 10 * PS_PER_US,
	.shrink = UINT32_MAX,
};

void halt_poll_fill(struct halt_poll_params *params, enum arch arch, uint32_t kernel)
{
	if (params->max_ps == PS_NEVER)
		params->max_ps = (arch == ARCH_X86 ? 200 : 500) * PS_PER_US;
	if (params->shrink == UINT32_MAX)
		params->shrink = kernel_has(kernel, KERNEL_HALT_POLL_SHRINK) ? 2 : 0;
}

static ps_t at_most(ps_t value_ps, ps_t max_ps)
{
	return value_ps < max_ps ? value_ps : max_ps;
}

ps_t halt_poll_limit(const struct halt_poll_params *params, ps_t value_ps)
{
	if (params->policy == HALT_POLL_ALWAYS)
		return params->max_ps;
	return at_most(value_ps, params->max_ps);
}

static ps_t grow(const struct halt_poll_params *params, uint32_t kernel, ps_t value_ps)
{
	if (params->grow == 0)
		return value_ps;
	value_ps *= params->grow;
	if (value_ps < params->grow_start_ps)
		value_ps = params->grow_start_ps;
	if (!kernel_has(kernel, KERNEL_HALT_POLL_CAP))
		value_ps = at_most(value_ps, params->max_ps);
	return value_ps;
}

/* The kernel divides nanoseconds. */
static ps_t shrink(const struct halt_poll_params *params, uint32_t kernel, ps_t value_ps)
{
	if (params->shrink == 0)
		return 0;
	value_ps = value_ps / PS_PER_NS / params->shrink * PS_PER_NS;
	if (kernel_has(kernel, KERNEL_HALT_POLL_FLOOR) && value_ps < params->grow_start_ps)
		return 0;
	return value_ps;
}

ps_t halt_poll_adapt(const struct halt_poll_params *params, uint32_t kernel, ps_t value_ps,
		     ps_t halt_ps)
{
	if (params->policy == HALT_POLL_ALWAYS)
		return value_ps;
	value_ps = at_most(value_ps, params->max_ps);
	if (halt_ps <= value_ps || halt_ps == params->max_ps)
		return value_ps;
	if (halt_ps > params->max_ps)
		return shrink(params, kernel, value_ps);
	return grow(params, kernel, value_ps);
}

ps_t guest_halt_poll_adapt(ps_t limit_ps, ps_t idle_ps)
{
	const ps_t max_ps = GUEST_MAX_US * PS_PER_US;
	const ps_t start_ps = GUEST_GROW_START_US * PS_PER_US;

	if (idle_ps > max_ps) {
		limit_ps /= GUEST_SHRINK;
		return limit_ps < start_ps ? 0 : limit_ps;
	}
	if (idle_ps <= limit_ps)
		return limit_ps;
	limit_ps *= GUEST_GROW;
	return at_most(limit_ps < start_ps ? start_ps : limit_ps, max_ps);
}
