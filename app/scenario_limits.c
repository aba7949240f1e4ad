/* scenario_limits - "limits": how much metrics may get worse against the baseline. */
#include "app/duration.h"
#include "app/scenario_parts.h"

/* One member, whose key the pointer has. */
static void decode_limit(struct decoder *decoder, const char *name, const json_t *value,
			 struct scenario_limit *ret)
{
	char *mistake = NULL;

	*ret = (struct scenario_limit){ .ppm = 0 };
	if (!metric_parse(name, &ret->metric)) {
		decode_unknown(decoder, "metric", name, metric_known_names());
		*ret = (struct scenario_limit){ .ppm = 0 };
	}
	if (!json_is_string(value))
		decode_error(decoder, "expected a percentage such as \"3%%\", found %s",
			     json_kind(value));
	else
		mistake = percent_parse(json_string_value(value), &ret->ppm);
	if (mistake)
		decode_error(decoder, "%s", mistake);
	g_free(mistake);
}

void scenario_decode_limits(struct decoder *decoder, const json_t *value, struct scenario *ret)
{
	json_t *object = (json_t *)value;	/* jansson's iterators take no const */
	struct scenario_limit *limits;
	const char *name;
	json_t *member;

	if (!value)
		return;
	pointer_push(decoder->pointer, "limits");
	if (!json_is_object(value))
		decode_error(decoder, "expected an object, found %s", json_kind(value));
	limits = ARENA_NEW_N(decoder->arena, struct scenario_limit, json_object_size(value));
	ret->limits = limits;
	json_object_foreach(object, name, member) {
		pointer_push(decoder->pointer, name);
		decode_limit(decoder, name, member, &limits[ret->nr_limits++]);
		pointer_pop(decoder->pointer);
	}
	pointer_pop(decoder->pointer);
}
