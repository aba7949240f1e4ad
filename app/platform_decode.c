/*
 * The second half of platform.h: a resolved platform into struct platform.
 */
#include <string.h>

#include "app/nearest.h"
#include "app/platform.h"

enum { VALUES_MAX = 10000 };

static const ps_t cost_max_ps = PS_PER_S;

static const struct field platform_fields[] = {
	{ "name", FIELD_FILE_NAME, offsetof(struct platform, name), 0, 0, NULL, NULL,
	  "name of the platform", NULL },
	{ "arch", FIELD_WORD, offsetof(struct platform, arch), 0, 0, NULL, arch_words,
	  "architecture: says which routes and which costs there are", NULL },
	{ "clock", FIELD_FREQUENCY, offsetof(struct platform, clock_hz), 0, 0, "null", NULL,
	  "frequency of the CPUs, for durations in cycles (\"1500cy\")", NULL },
	{ "topology", FIELD_OBJECT, offsetof(struct platform, topology), 0, 0, NULL, NULL,
	  "sockets, groups, cores and threads", &topology_table },
	{ "idle", FIELD_OBJECT, offsetof(struct platform, idle), 0, 0, "{}", NULL,
	  "idle states of a CPU", &idle_table },
	{ "smt_slowdown", FIELD_JSON, 0, 0, 0, FIELD_ABSENT, NULL,
	  "what a thread loses while the core's other thread is busy; null: nothing. Required "
	  "with more than one thread per core",
	  NULL },
	{ "costs", FIELD_JSON, 0, 0, 0, NULL, NULL,
	  "what each step takes: one entry per cost of the architecture", NULL },
	{ "extends", FIELD_JSON, 0, 0, 0, FIELD_ABSENT, NULL,
	  "name of another platform that this one changes, key by key and cost by cost", NULL },
};

FIELD_TABLE(platform_table, "a platform", struct platform,
	    "a machine: its topology, and what each step takes on it", platform_fields);

static const struct field cost_fields[] = {
	{ "cost", FIELD_JSON, 0, 0, 0, NULL, NULL,
	  "a duration, or a distribution: {\"values\": [[duration, weight], ...]}", NULL },
	{ "kind", FIELD_WORD, offsetof(struct cost_entry, kind), 0, 0, NULL, cost_kind_words,
	  "how the number was found: measured, fitted or estimated", NULL },
	{ "source", FIELD_STRING, offsetof(struct cost_entry, source), 0, 0, NULL, NULL,
	  "where the number comes from; a cost without a source does not load", NULL },
	{ "uncertainty", FIELD_PERCENT, offsetof(struct cost_entry, uncertainty_ppm), 0, 0, "null",
	  NULL, "how far the true value may be off, such as \"20%\"", NULL },
	{ "fit", FIELD_JSON, 0, 0, 0, FIELD_ABSENT, NULL,
	  "the cost is free: irqsim calibrate sets it, within these bounds", NULL },
};

FIELD_TABLE(cost_table, "a cost", struct cost_entry, "what one step takes", cost_fields);

static const struct field cost_values_fields[] = {
	{ "values", FIELD_JSON, 0, 0, 0, NULL, NULL, "pairs of a duration and its weight", NULL },
};

FIELD_TABLE(cost_values_table, "a distribution", struct dist, "an empirical distribution",
	    cost_values_fields);

static bool decode_cost_duration(struct decoder *decoder, const json_t *value, ps_t *ret)
{
	if (!decode_duration(decoder, value, ret))
		return false;
	if (*ret <= cost_max_ps)
		return true;
	decode_error(decoder, "\"%s\" is out of range: a cost is at most 1s",
		     json_string_value(value));
	return false;
}

static void decode_value(struct decoder *decoder, const json_t *pair, struct dist_point *ret)
{
	const json_t *weight = json_array_get(pair, 1);

	if (json_array_size(pair) != 2) {
		decode_error(decoder, "expected a pair [duration, weight], found %s",
			     json_is_array(pair) ? "an array of another length" : json_kind(pair));
		return;
	}
	pointer_push_index(decoder->pointer, 0);
	decode_cost_duration(decoder, json_array_get(pair, 0), &ret->value_ps);
	pointer_pop(decoder->pointer);
	pointer_push_index(decoder->pointer, 1);
	if (!json_is_integer(weight))
		decode_error(decoder, "a weight is an integer, found %s", json_kind(weight));
	else if (json_integer_value(weight) < 0 || json_integer_value(weight) > UINT32_MAX)
		decode_error(decoder,
			     "%" JSON_INTEGER_FORMAT " is out of range: a weight is 0 to %u",
			     json_integer_value(weight), UINT32_MAX);
	else
		ret->weight = (uint64_t)json_integer_value(weight);
	pointer_pop(decoder->pointer);
}

static void decode_values_list(struct decoder *decoder, const json_t *values, struct dist *ret)
{
	size_t nr = json_array_size(values), index;
	uint32_t before = decoder->nr_mistakes;
	struct dist_point *points;
	uint64_t sum = 0;
	json_t *pair;

	if (nr == 0 || nr > VALUES_MAX) {
		decode_error(decoder, "expected an array of 1 to %d pairs [duration, weight]",
			     VALUES_MAX);
		return;
	}
	points = g_new0(struct dist_point, nr);
	json_array_foreach(values, index, pair) {
		pointer_push_index(decoder->pointer, index);
		decode_value(decoder, pair, &points[index]);
		sum += points[index].weight;
		pointer_pop(decoder->pointer);
	}
	if (decoder->nr_mistakes == before && sum == 0)
		decode_error(decoder, "all weights are 0");
	if (decoder->nr_mistakes == before)
		*ret = dist_table(dist_table_new(decoder->arena, points, nr));
	g_free(points);
}

/* The member "cost" of an entry. */
static void decode_cost_value(struct decoder *decoder, json_t *value, struct dist *ret)
{
	const struct field_table *table = &cost_values_table;
	ps_t duration;

	if (!json_is_object(value)) {
		if (decode_cost_duration(decoder, value, &duration))
			*ret = dist_constant(duration);
		return;
	}
	if (!decode_shape(decoder, value, &table, 1) || !json_object_get(value, "values"))
		return;
	pointer_push(decoder->pointer, "values");
	decode_values_list(decoder, json_object_get(value, "values"), ret);
	pointer_pop(decoder->pointer);
}

static void decode_cost(struct decoder *decoder, json_t *value, struct cost_entry *ret)
{
	uint32_t before = decoder->nr_mistakes;
	json_t *cost, *fit;
	ps_t duration;

	if (json_is_number(value)) {	/* meant as a duration: what it lacks is a unit */
		decode_duration(decoder, value, &duration);
		return;
	}
	if (json_is_string(value)) {
		decode_error(decoder, "a cost is an object with \"cost\", \"kind\" and \"source\"");
		return;
	}
	if (!decode_object(decoder, value, &cost_table, ret))
		return;
	cost = json_object_get(value, "cost");
	if (cost) {
		pointer_push(decoder->pointer, "cost");
		decode_cost_value(decoder, cost, &ret->dist);
		pointer_pop(decoder->pointer);
	}
	fit = json_object_get(value, "fit");
	if (fit) {
		pointer_push(decoder->pointer, "fit");
		platform_decode_fit(decoder, fit, ret, before);
		pointer_pop(decoder->pointer);
	}
}

static int find_cost(const char *key)
{
	for (int id = 0; id < NR_COSTS; id++)
		if (strcmp(cost_rows[id].key, key) == 0)
			return id;
	return -1;
}

static void report_unknown_cost(struct decoder *decoder, const char *key, uint32_t arch_bit,
				int id)
{
	const char *arch = arch_words[arch_bit == ON_X86 ? ARCH_X86 : ARCH_ARM64];
	GPtrArray *names;
	char *hint;

	if (id >= 0) {
		decode_error_key(decoder, key, "cost \"%s\" is not one of %s", key, arch);
		return;
	}
	names = g_ptr_array_new();
	for (int i = 0; i < NR_COSTS; i++)
		if (cost_rows[i].archs & arch_bit)
			g_ptr_array_add(names, (char *)cost_rows[i].key);
	hint = nearest_hint(key, names);
	decode_error_key(decoder, key, "unknown cost \"%s\"%s", key, hint);
	g_free(hint);
	g_ptr_array_unref(names);
}

/* Orders the entries as cost.h does; reports those that are too many or missing. */
static void shape_costs(struct decoder *decoder, json_t *costs, uint32_t arch_bit)
{
	json_t *ordered = json_object(), *entry;
	GString *missing = g_string_new(NULL);
	const char *key;

	json_object_foreach(costs, key, entry) {
		int id = find_cost(key);

		if (id < 0 || !(cost_rows[id].archs & arch_bit))
			report_unknown_cost(decoder, key, arch_bit, id);
	}
	for (int id = 0; id < NR_COSTS; id++) {
		entry = json_object_get(costs, cost_rows[id].key);
		if (!(cost_rows[id].archs & arch_bit))
			continue;
		if (entry)
			json_object_set(ordered, cost_rows[id].key, entry);
		else
			g_string_append_printf(missing, "%s%s", missing->len ? ", " : "",
					       cost_rows[id].key);
	}
	if (missing->len > 0)
		decode_error(decoder, "missing costs: %s", missing->str);
	json_object_clear(costs);
	json_object_update(costs, ordered);
	json_decref(ordered);
	g_string_free(missing, TRUE);
}

static void decode_costs(struct decoder *decoder, json_t *costs, struct platform *ret)
{
	if (!json_is_object(costs)) {
		decode_error(decoder, "expected an object with an entry per cost, found %s",
			     json_kind(costs));
		return;
	}
	if (ret->arch >= 0)	/* else nobody knows which costs there must be */
		shape_costs(decoder, costs, 1U << ret->arch);
	for (int id = 0; id < NR_COSTS; id++) {
		json_t *entry = json_object_get(costs, cost_rows[id].key);

		if (!entry)
			continue;
		pointer_push(decoder->pointer, cost_rows[id].key);
		decode_cost(decoder, entry, &ret->costs[id]);
		pointer_pop(decoder->pointer);
	}
}

void platform_decode(struct decoder *decoder, json_t *value, struct platform *ret)
{
	json_t *costs;

	decoder->clock_hz = 0;
	ret->arch = -1;
	if (!decode_object(decoder, value, &platform_table, ret))
		return;
	decoder->clock_hz = ret->clock_hz;
	platform_decode_idle(decoder, value, ret);
	costs = json_object_get(value, "costs");
	if (!costs)
		return;
	pointer_push(decoder->pointer, "costs");
	decode_costs(decoder, costs, ret);
	pointer_pop(decoder->pointer);
}
