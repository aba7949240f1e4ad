/*
 * The fourth part of platform.h: within what a free cost may be fitted.
 */
#include "app/duration.h"
#include "app/platform.h"

static const struct field cost_fit_fields[] = {
	{ "min", FIELD_DURATION, offsetof(struct cost_fit, min_ps), 0, PS_PER_S, NULL, NULL,
	  "the least value that the cost can have", NULL },
	{ "max", FIELD_DURATION, offsetof(struct cost_fit, max_ps), 0, PS_PER_S, NULL, NULL,
	  "the largest value that the cost can have", NULL },
	{ "why", FIELD_STRING, offsetof(struct cost_fit, why), 0, 0, NULL, NULL,
	  "what the cost is on this machine, and what bounds it", NULL },
};

FIELD_TABLE(cost_fit_table, "bounds of a fit", struct cost_fit,
	    "between which values irqsim calibrate may set the cost", cost_fit_fields);

static void check_value(struct decoder *decoder, const struct cost_entry *entry)
{
	char *value, *min, *max;
	ps_t value_ps = entry->dist.a;

	if (value_ps >= entry->fit.min_ps && value_ps <= entry->fit.max_ps)
		return;
	value = duration_format(value_ps);
	min = duration_format(entry->fit.min_ps);
	max = duration_format(entry->fit.max_ps);
	decode_error(decoder, "the cost of %s is outside its bounds: %s to %s", value, min, max);
	g_free(value);
	g_free(min);
	g_free(max);
}

void platform_decode_fit(struct decoder *decoder, json_t *value, struct cost_entry *entry,
			 uint32_t before)
{
	if (!decode_object(decoder, value, &cost_fit_table, &entry->fit) ||
	    decoder->nr_mistakes != before)
		return;
	if (entry->fit.min_ps >= entry->fit.max_ps)
		decode_error(decoder, "\"min\" is not below \"max\"");
	else if (entry->dist.kind != DIST_CONSTANT)
		decode_error(decoder, "a distribution cannot be fitted: \"fit\" is for a cost of "
			     "one duration");
	else
		check_value(decoder, entry);
}
