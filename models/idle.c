/*
 * idle - get_typical_interval() and menu_select().
 */
#include "models/idle.h"

enum {
	SQUARED_DEVIATION_MAX = 400,	/* of 20 us: always close enough */
	DEVIATIONS_IN_MEAN = 36,	/* squared: a mean of more than 6 deviations is, too */
};

/* Of the intervals up to a threshold. */
struct sample {
	uint32_t nr, max_us, mean_us;
	uint64_t variance;
};

static struct sample sample_up_to(const struct idle_governor *governor, uint32_t threshold_us)
{
	struct sample sample = { 0 };
	uint64_t sum_us = 0;

	for (uint32_t i = 0; i < governor->nr_intervals; i++) {
		uint32_t value_us = governor->intervals_us[i];

		if (value_us > threshold_us)
			continue;
		sum_us += value_us;
		sample.nr++;
		if (value_us > sample.max_us)
			sample.max_us = value_us;
	}
	if (sample.nr == 0)
		return sample;
	sample.mean_us = (uint32_t)(sum_us / sample.nr);
	for (uint32_t i = 0; i < governor->nr_intervals; i++) {
		int64_t diff_us = (int64_t)governor->intervals_us[i] - sample.mean_us;

		if (governor->intervals_us[i] <= threshold_us)
			sample.variance += (uint64_t)(diff_us * diff_us);
	}
	sample.variance /= sample.nr;
	return sample;
}

/* The deviation is small, or small beside the mean of most of the intervals. */
static bool is_typical(const struct sample *sample)
{
	uint64_t square = (uint64_t)sample->mean_us * sample->mean_us;

	if (sample->variance > UINT64_MAX / DEVIATIONS_IN_MEAN)
		return false;
	return sample->variance <= SQUARED_DEVIATION_MAX ||
	       (square > sample->variance * DEVIATIONS_IN_MEAN &&
		sample->nr * 4 >= IDLE_INTERVALS * 3);
}

/* Drops the longest intervals until the others agree, but keeps three quarters of them. */
uint32_t idle_typical_us(const struct idle_governor *governor)
{
	uint32_t threshold_us = INT32_MAX;

	for (;;) {
		struct sample sample = sample_up_to(governor, threshold_us);

		if (sample.nr > 0 && is_typical(&sample))
			return sample.mean_us;
		if (sample.nr * 4 <= IDLE_INTERVALS * 3)
			return UINT32_MAX;
		threshold_us = sample.max_us - 1;
	}
}

static bool is_enabled(const struct idle_config *config, uint32_t index)
{
	if (config->enabled == 0)
		return index == 0;
	return config->enabled >> index & 1;
}

/* POLL of x86: a loop, not a state of the hardware. */
static bool is_loop(const struct idle_state *state)
{
	return state->polling && state->exit_latency_ps == 0;
}

uint32_t idle_select(const struct idle_governor *governor, const struct idle_config *config,
		     ps_t next_timer_ps)
{
	uint32_t typical_us = idle_typical_us(governor);
	ps_t predicted_ps = next_timer_ps;
	uint32_t chosen = UINT32_MAX;

	if (typical_us < UINT32_MAX && typical_us * PS_PER_US < predicted_ps)
		predicted_ps = typical_us * PS_PER_US;
	for (uint32_t i = 0; i < config->nr_states; i++) {
		const struct idle_state *state = &config->states[i];

		if (!is_enabled(config, i))
			continue;
		if (chosen == UINT32_MAX) {
			chosen = i;
		} else if (state->target_residency_ps <= predicted_ps) {
			chosen = i;
		} else {
			if (is_loop(&config->states[chosen]) &&
			    state->exit_latency_ps <= predicted_ps &&
			    state->target_residency_ps <= next_timer_ps)
				chosen = i;
			break;
		}
	}
	return chosen == UINT32_MAX ? 0 : chosen;
}

void idle_reflect(struct idle_governor *governor, ps_t idle_ps)
{
	ps_t idle_us = idle_ps / PS_PER_US;

	governor->intervals_us[governor->next] =
		idle_us < INT32_MAX ? (uint32_t)idle_us : INT32_MAX;
	governor->next = (governor->next + 1) % IDLE_INTERVALS;
	if (governor->nr_intervals < IDLE_INTERVALS)
		governor->nr_intervals++;
}
