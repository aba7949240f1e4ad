#include "app/metric.h"

#include <string.h>

#include "app/stages.h"

const char *const metric_latency_words[] = {
	[LATENCY_INJECT] = "inject",
	[LATENCY_DELIVER] = "deliver",
	[LATENCY_COMPLETE] = "complete",
	[LATENCY_ACK] = "ack",
	[LATENCY_SOURCE_WAIT] = "source_wait",
	[NR_METRIC_LATENCIES] = NULL,
};

const char *const metric_stage_words[] = {
	"source_wait", "exit", "lookup", "lock_wait", "inject", "notify", "wake", "entry", "guest",
	NULL,
};

const char *const metric_state_words[] = {
	[TARGET_IN_GUEST] = "in_guest",
	[TARGET_IN_HOST] = "in_host",
	[TARGET_POLLING] = "polling",
	[TARGET_BLOCKED] = "blocked",
	[TARGET_PREEMPTED] = "preempted",
	[NR_TARGET_STATES] = NULL,
};

const char *const metric_lock_words[] = {
	[LOCK_METRIC_CONTENDED] = "contended",
	[LOCK_METRIC_UTILIZATION] = "utilization",
	[LOCK_METRIC_ACQUIRED_PER_S] = "acquired_per_s",
	[NR_METRIC_LOCKS] = NULL,
};

const char *const metric_vm_words[] = {
	[VM_METRIC_STEAL] = "steal",
	[VM_METRIC_PIECES_PER_S] = "pieces_per_s",
	[NR_METRIC_VMS] = NULL,
};

const char *const metric_pcpu_words[] = {
	[PCPU_METRIC_BUSY] = "busy",
	[NR_METRIC_PCPUS] = NULL,
};

const char *const metric_scalar_words[] = {
	[SCALAR_EXITS_PER_INTERRUPT] = "exits_per_interrupt",
	[SCALAR_IPIS_PER_INTERRUPT] = "ipis_per_interrupt",
	[SCALAR_COALESCED_RATIO] = "coalesced_ratio",
	[SCALAR_RAISED_PER_S] = "raised_per_s",
	[SCALAR_HANDLED_PER_S] = "handled_per_s",
	[SCALAR_CONTEXT_SWITCHES_PER_S] = "context_switches_per_s",
	[SCALAR_WAKEUPS_PER_S] = "wakeups_per_s",
	[NR_METRIC_SCALARS] = NULL,
};

const char *const metric_stat_words[] = {
	[STAT_MEAN] = "mean", [STAT_P50] = "p50", [STAT_P90] = "p90", [STAT_P99] = "p99",
	[STAT_P999] = "p999", [STAT_MIN] = "min", [STAT_MAX] = "max", [NR_METRIC_STATS] = NULL,
};

const char *const metric_unit_words[] = {
	[UNIT_PS] = "ps", [UNIT_PPM] = "ppm", [UNIT_PER_S] = "per_s",
};

const char *const metric_better_words[] = {
	[LESS_IS_BETTER] = "less", [MORE_IS_BETTER] = "more",
};

/* Less is better of times, of overhead, of what is busy; more of work that is done. */
const struct metric_form metric_forms[] = {
	{ "inject.STAT", "ps", LESS_IS_BETTER, "the host's injection function, entry to return" },
	{ "deliver.STAT", "ps", LESS_IS_BETTER,
	  "raised to the first instruction of the guest's handler" },
	{ "complete.STAT", "ps", LESS_IS_BETTER, "raised to the end of interrupt" },
	{ "ack.STAT", "ps", LESS_IS_BETTER,
	  "raised until the sender has seen the acknowledgement, with a benchmark's overhead" },
	{ "source_wait.STAT", "ps", LESS_IS_BETTER,
	  "part of deliver that an msi waits behind its own worker" },
	{ "stage.STAGE.STAT", "ps", LESS_IS_BETTER,
	  "part of deliver: source_wait, exit, lookup, lock_wait, inject, notify, wake, "
	  "entry, guest" },
	{ "flow.NAME.KIND.STAT", "ps", LESS_IS_BETTER,
	  "inject, deliver, complete, ack or source_wait of a workload" },
	{ "flow.NAME.STATE.STAT", "ps", LESS_IS_BETTER,
	  "deliver of a workload's interrupts that found their target in_guest, in_host, "
	  "polling, blocked or preempted" },
	{ "lock.NAME.wait.STAT", "ps", LESS_IS_BETTER,
	  "wait of every acquisition of a lock, 0 if it was free" },
	{ "lock.NAME.hold.STAT", "ps", LESS_IS_BETTER,
	  "from the end of the acquisition to the release" },
	{ "lock.NAME.contended", "ppm", LESS_IS_BETTER,
	  "share of the acquisitions that had to wait" },
	{ "lock.NAME.utilization", "ppm", LESS_IS_BETTER,
	  "time that a lock is held, summed over its instances" },
	{ "lock.NAME.acquired_per_s", "per_s", MORE_IS_BETTER, "acquisitions of a lock" },
	{ "line.NAME.pass.STAT", "ps", LESS_IS_BETTER,
	  "from one write to the next of a line that two threads pass: one way" },
	{ "vm.NAME.steal", "ppm", LESS_IS_BETTER,
	  "share of its vCPUs' time in which they are runnable and wait for a pCPU" },
	{ "vm.NAME.pieces_per_s", "per_s", MORE_IS_BETTER,
	  "pieces of work that a VM's guests finish" },
	{ "pcpu.ID.busy", "ppm", LESS_IS_BETTER, "share of the time in which a pCPU is not idle" },
	{ "exits_per_interrupt", "ppm", LESS_IS_BETTER, "VM exits for each interrupt raised" },
	{ "ipis_per_interrupt", "ppm", LESS_IS_BETTER,
	  "IPIs that the host sends for each interrupt raised" },
	{ "coalesced_ratio", "ppm", LESS_IS_BETTER,
	  "share of the interrupts raised that merged with a pending one" },
	{ "raised_per_s", "per_s", MORE_IS_BETTER, "interrupts raised, merged ones included" },
	{ "handled_per_s", "per_s", MORE_IS_BETTER, "interrupts handled" },
	{ "context_switches_per_s", "per_s", LESS_IS_BETTER,
	  "switches to another thread or to idle, all pCPUs" },
	{ "wakeups_per_s", "per_s", LESS_IS_BETTER, "threads woken, on all pCPUs" },
};

const size_t nr_metric_forms = G_N_ELEMENTS(metric_forms);

static int word_index(const char *const *words, const char *text, size_t length)
{
	for (int i = 0; words[i]; i++)
		if (strlen(words[i]) == length && memcmp(words[i], text, length) == 0)
			return i;
	return -1;
}

/* "KIND.STAT" with KIND of words; *index is left alone on failure. */
static bool parse_pair(const char *text, const char *const *words, int *index,
		       enum metric_stat *stat)
{
	const char *dot = strrchr(text, '.');
	int kind, found;

	if (!dot)
		return false;
	kind = word_index(words, text, (size_t)(dot - text));
	found = word_index(metric_stat_words, dot + 1, strlen(dot + 1));
	if (kind < 0 || found < 0)
		return false;
	*index = kind;
	*stat = (enum metric_stat)found;
	return true;
}

static bool take_name(const char *text, size_t length, struct metric *ret)
{
	if (length == 0 || length >= sizeof(ret->name))
		return false;
	memcpy(ret->name, text, length);
	ret->name[length] = '\0';
	return true;
}

/* The start of the last two parts of a dotted name, NULL when it has fewer than three. */
static const char *last_two_parts(const char *text)
{
	const char *at = strrchr(text, '.');

	while (at && at > text && at[-1] != '.')
		at--;
	return at && at > text + 1 ? at : NULL;
}

static bool parse_flow(const char *text, struct metric *ret)
{
	const char *rest = last_two_parts(text);

	ret->of = METRIC_FLOW;
	if (!rest || !take_name(text, (size_t)(rest - 1 - text), ret))
		return false;
	if (parse_pair(rest, metric_latency_words, &ret->index, &ret->stat))
		return true;
	ret->of = METRIC_FLOW_STATE;
	return parse_pair(rest, metric_state_words, &ret->index, &ret->stat);
}

/* A word of a table whose rows are ratios, or rates by their names. */
static bool parse_word(const char *text, const char *const *words, struct metric *ret)
{
	int index = word_index(words, text, strlen(text));

	if (index < 0)
		return false;
	ret->index = index;
	ret->unit = g_str_has_suffix(text, "_per_s") ? UNIT_PER_S : UNIT_PPM;
	return true;
}

/* "NAME.WORD" with WORD of words. */
static bool parse_named(const char *text, const char *const *words, struct metric *ret)
{
	const char *dot = strrchr(text, '.');

	return dot && parse_word(dot + 1, words, ret) &&
	       take_name(text, (size_t)(dot - text), ret);
}

static bool parse_vm(const char *text, struct metric *ret)
{
	ret->of = METRIC_VM;
	return parse_named(text, metric_vm_words, ret);
}

/* The one way to write a number: digits, none too many. */
static bool is_id(const char *text)
{
	size_t length = strlen(text);

	return length > 0 && length <= 4 && strspn(text, "0123456789") == length &&
	       (*text != '0' || length == 1);
}

static bool parse_pcpu(const char *text, struct metric *ret)
{
	ret->of = METRIC_PCPU;
	return parse_named(text, metric_pcpu_words, ret) && is_id(ret->name);
}

uint32_t metric_pcpu_id(const struct metric *metric)
{
	return (uint32_t)g_ascii_strtoull(metric->name, NULL, 10);
}

static bool parse_lock(const char *text, struct metric *ret)
{
	static const char *const kinds[] = { "wait", "hold", NULL };
	const char *rest = last_two_parts(text);
	int kind;

	ret->of = METRIC_LOCK;
	if (parse_named(text, metric_lock_words, ret))
		return true;
	ret->unit = UNIT_PS;
	if (!rest || !parse_pair(rest, kinds, &kind, &ret->stat))
		return false;
	ret->of = kind == 0 ? METRIC_LOCK_WAIT : METRIC_LOCK_HOLD;
	return take_name(text, (size_t)(rest - 1 - text), ret);
}

static bool parse_line(const char *text, struct metric *ret)
{
	static const char *const kinds[] = { "pass", NULL };
	const char *rest = last_two_parts(text);

	ret->of = METRIC_LINE_PASS;
	return rest && parse_pair(rest, kinds, &ret->index, &ret->stat) &&
	       take_name(text, (size_t)(rest - 1 - text), ret);
}

static bool parse_scalar(const char *text, struct metric *ret)
{
	ret->of = METRIC_SCALAR;
	return parse_word(text, metric_scalar_words, ret);
}

bool metric_parse(const char *text, struct metric *ret)
{
	*ret = (struct metric){ .of = METRIC_LATENCY, .unit = UNIT_PS };

	if (parse_pair(text, metric_latency_words, &ret->index, &ret->stat))
		return true;
	if (g_str_has_prefix(text, "stage.")) {
		ret->of = METRIC_STAGE;
		return parse_pair(text + strlen("stage."), metric_stage_words, &ret->index,
				  &ret->stat);
	}
	if (g_str_has_prefix(text, "flow."))
		return parse_flow(text + strlen("flow."), ret);
	if (g_str_has_prefix(text, "lock."))
		return parse_lock(text + strlen("lock."), ret);
	if (g_str_has_prefix(text, "line."))
		return parse_line(text + strlen("line."), ret);
	if (g_str_has_prefix(text, "vm."))
		return parse_vm(text + strlen("vm."), ret);
	if (g_str_has_prefix(text, "pcpu."))
		return parse_pcpu(text + strlen("pcpu."), ret);
	return parse_scalar(text, ret);
}

/* With these in place of what is free: the name itself, or its form. */
static char *compose(const struct metric *metric, const char *name, const char *stage,
		     const char *kind, const char *stat)
{
	switch (metric->of) {
	case METRIC_LATENCY:
		return g_strconcat(metric_latency_words[metric->index], ".", stat, NULL);
	case METRIC_STAGE:
		return g_strconcat("stage.", stage, ".", stat, NULL);
	case METRIC_FLOW:
	case METRIC_FLOW_STATE:
		return g_strconcat("flow.", name, ".", kind, ".", stat, NULL);
	case METRIC_LOCK_WAIT:
		return g_strconcat("lock.", name, ".wait.", stat, NULL);
	case METRIC_LOCK_HOLD:
		return g_strconcat("lock.", name, ".hold.", stat, NULL);
	case METRIC_LOCK:
		return g_strconcat("lock.", name, ".", metric_lock_words[metric->index], NULL);
	case METRIC_LINE_PASS:
		return g_strconcat("line.", name, ".pass.", stat, NULL);
	case METRIC_VM:
		return g_strconcat("vm.", name, ".", metric_vm_words[metric->index], NULL);
	case METRIC_PCPU:
		return g_strconcat("pcpu.", name, ".", metric_pcpu_words[metric->index], NULL);
	case METRIC_SCALAR:
		break;
	}
	return g_strdup(metric_scalar_words[metric->index]);
}

char *metric_name(const struct metric *metric)
{
	const char *stage = metric->of == METRIC_STAGE ? metric_stage_words[metric->index] : NULL;
	const char *kind = metric->of == METRIC_FLOW	   ? metric_latency_words[metric->index] :
			   metric->of == METRIC_FLOW_STATE ? metric_state_words[metric->index] :
							     NULL;

	return compose(metric, metric->name, stage, kind, metric_stat_words[metric->stat]);
}

static const struct metric_form *find_form(const struct metric *metric)
{
	const char *name = metric->of == METRIC_PCPU ? "ID" : "NAME";
	const char *kind = metric->of == METRIC_FLOW_STATE ? "STATE" : "KIND";
	char *form = compose(metric, name, "STAGE", kind, "STAT");
	size_t i = 0;

	while (strcmp(metric_forms[i].form, form) != 0)
		i++;
	g_free(form);
	return &metric_forms[i];
}

const char *metric_meaning(const struct metric *metric)
{
	return find_form(metric)->meaning;
}

enum metric_better metric_better(const struct metric *metric)
{
	return find_form(metric)->better;
}

static void add_known(GPtrArray *names, const char *prefix, const char *const *words)
{
	for (size_t i = 0; words[i]; i++)
		for (size_t stat = 0; stat < NR_METRIC_STATS; stat++)
			g_ptr_array_add(names, g_strconcat(prefix, words[i], ".",
							   metric_stat_words[stat], NULL));
}

GPtrArray *metric_known_names(void)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

	add_known(names, "", metric_latency_words);
	add_known(names, "stage.", metric_stage_words);
	for (size_t i = 0; metric_scalar_words[i]; i++)
		g_ptr_array_add(names, g_strdup(metric_scalar_words[i]));
	return names;
}

bool metric_is_duration(const struct metric *metric)
{
	switch (metric->of) {
	case METRIC_LATENCY:
	case METRIC_STAGE:
	case METRIC_FLOW:
	case METRIC_FLOW_STATE:
	case METRIC_LOCK_WAIT:
	case METRIC_LOCK_HOLD:
		return true;
	default:
		return false;
	}
}

bool metric_percentile(const struct metric *metric, uint32_t *ret_num, uint32_t *ret_den)
{
	static const struct {
		uint32_t num, den;
	} quantiles[NR_METRIC_STATS] = {
		[STAT_P50] = { 50, 100 }, [STAT_P90] = { 90, 100 }, [STAT_P99] = { 99, 100 },
		[STAT_P999] = { 999, 1000 },
	};

	if (!metric_is_duration(metric) || quantiles[metric->stat].den == 0)
		return false;
	*ret_num = quantiles[metric->stat].num;
	*ret_den = quantiles[metric->stat].den;
	return true;
}
