/*
 * What a platform says of cores beside the costs of steps: idle states, threads that share one.
 */
#include <string.h>

#include "app/platform.h"
#include "models/idle.h"

static const uint32_t factor_min_ppm = 1000000;

static const struct field idle_state_fields[] = {
	{ "name", FIELD_NAME, offsetof(struct idle_state, name), 0, 0, NULL, NULL,
	  "name of the state, unique", NULL },
	{ "exit_latency", FIELD_DURATION, offsetof(struct idle_state, exit_latency_ps), 0,
	  PS_PER_S, NULL, NULL, "from the wake-up until the CPU executes again", NULL },
	{ "target_residency", FIELD_DURATION, offsetof(struct idle_state, target_residency_ps), 0,
	  PS_PER_S, NULL, NULL, "predicted idle time from which on the governor chooses it", NULL },
	{ "polling", FIELD_BOOL, offsetof(struct idle_state, polling), 0, 0, "false", NULL,
	  "the state watches the flag of its thread: a wake-up sends no IPI", NULL },
	{ "source", FIELD_STRING, offsetof(struct idle_state, source), 0, 0, NULL, NULL,
	  "where the numbers come from; a state without a source does not load", NULL },
};

FIELD_TABLE(idle_state_table, "an idle state", struct idle_state, "what an idle CPU is in",
	    idle_state_fields);

static const struct field idle_fields[] = {
	{ "states", FIELD_JSON, 0, 0, 0, "[]", NULL,
	  "from shallow to deep; without any, leaving idle takes nothing", NULL },
};

FIELD_TABLE(idle_table, "idle", struct idle_config, "idle states of a CPU", idle_fields);

static const struct field smt_fields[] = {
	{ "factor", FIELD_PERCENT, offsetof(struct smt_slowdown, factor_ppm), 0, 0, NULL, NULL,
	  "length of a step then, such as \"160%\" of its cost", NULL },
	{ "kind", FIELD_WORD, offsetof(struct smt_slowdown, kind), 0, 0, NULL, cost_kind_words,
	  "how the number was found: measured, fitted or estimated", NULL },
	{ "source", FIELD_STRING, offsetof(struct smt_slowdown, source), 0, 0, NULL, NULL,
	  "where the number comes from; a slowdown without a source does not load", NULL },
	{ "uncertainty", FIELD_PERCENT, offsetof(struct smt_slowdown, uncertainty_ppm), 0, 0,
	  "null", NULL, "how far the true value may be off, such as \"20%\"", NULL },
};

FIELD_TABLE(smt_table, "a slowdown", struct smt_slowdown,
	    "what a thread loses while the core's other thread is busy", smt_fields);

/* At the state's pointer; the ones before it are decoded. */
static void check_state(struct decoder *decoder, const struct idle_state *states, size_t index)
{
	const struct idle_state *state = &states[index];

	for (size_t i = 0; i < index; i++)
		if (state->name && g_strcmp0(states[i].name, state->name) == 0)
			decode_error_in(decoder, "name", "another idle state has the name \"%s\"",
					state->name);
	if (index > 0 && state->exit_latency_ps < states[index - 1].exit_latency_ps)
		decode_error_in(decoder, "exit_latency",
				"less than that of the state before: they go from shallow to deep");
}

static void decode_states(struct decoder *decoder, const json_t *value, struct idle_config *ret)
{
	size_t nr = json_array_size(value);

	if (!json_is_array(value) || nr > IDLE_STATES_MAX) {
		decode_error(decoder, "expected an array of at most %d idle states, found %s",
			     IDLE_STATES_MAX, json_is_array(value) ? "more" : json_kind(value));
		return;
	}
	for (size_t i = 0; i < nr; i++) {
		uint32_t before = decoder->nr_mistakes;

		pointer_push_index(decoder->pointer, i);
		decode_object(decoder, json_array_get(value, i), &idle_state_table,
			      &ret->states[i]);
		if (decoder->nr_mistakes == before)
			check_state(decoder, ret->states, i);
		pointer_pop(decoder->pointer);
	}
	ret->nr_states = (uint32_t)nr;
	ret->enabled = (1U << nr) - 1;
}

static void decode_slowdown(struct decoder *decoder, json_t *value, struct smt_slowdown *ret)
{
	uint32_t before = decoder->nr_mistakes;

	if (json_is_null(value) || !decode_object(decoder, value, &smt_table, ret))
		return;
	if (decoder->nr_mistakes == before && ret->factor_ppm < factor_min_ppm)
		decode_error_in(decoder, "factor", "a busy thread makes the other one no faster: "
				"at least 100%%");
}

void platform_decode_idle(struct decoder *decoder, json_t *value, struct platform *ret)
{
	const json_t *states = json_object_get(json_object_get(value, "idle"), "states");
	json_t *slowdown = json_object_get(value, "smt_slowdown");

	if (states) {
		pointer_push(decoder->pointer, "idle");
		pointer_push(decoder->pointer, "states");
		decode_states(decoder, states, &ret->idle);
		pointer_pop(decoder->pointer);
		pointer_pop(decoder->pointer);
	}
	if (slowdown) {
		pointer_push(decoder->pointer, "smt_slowdown");
		decode_slowdown(decoder, slowdown, &ret->smt_slowdown);
		pointer_pop(decoder->pointer);
	} else if (ret->topology.nr_threads > 1) {
		decode_missing(decoder, "smt_slowdown", "what a thread loses while the core's "
			       "other thread is busy; null: nothing");
	}
}
