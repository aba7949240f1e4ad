#include "app/variation.h"

#include <string.h>

#include "app/scenario_parts.h"

enum { ALTERNATIVES_MAX = 1000, KEYS_MAX = 16 };

struct alternative {
	const char *name;
};

static const struct field alternative_fields[] = {
	{ "name", FIELD_STRING, offsetof(struct alternative, name), 0, 0, NULL, NULL,
	  "name of the alternative, unique", NULL },
	{ "set", FIELD_JSON, 0, 0, 0, "{}", NULL,
	  "values to set, by JSON Pointer into the effective scenario", NULL },
};

FIELD_TABLE(alternative_table, "an alternative", struct alternative, "what is compared",
	    alternative_fields);

static void variation_clear(void *data)
{
	struct variation *variation = data;

	g_free(variation->name);
	g_array_unref(variation->settings);
}

static void setting_clear_any(void *setting)
{
	setting_clear(setting);
}

static void variation_add(GArray *list, const char *name)
{
	struct variation variation = {
		.name = g_strdup(name),
		.settings = g_array_new(FALSE, FALSE, sizeof(struct setting)),
	};

	g_array_set_clear_func(variation.settings, setting_clear_any);
	g_array_append_val(list, variation);
}

static GArray *variations_new(void)
{
	GArray *list = g_array_new(FALSE, FALSE, sizeof(struct variation));

	g_array_set_clear_func(list, variation_clear);
	return list;
}

/* A setting to the value at the decoder's pointer. */
static void add_setting(struct decoder *decoder, GArray *settings, const char *pointer,
			json_t *value, const char *by)
{
	struct setting setting = {
		.pointer = g_strdup(pointer), .value = json_incref(value), .by = g_strdup(by),
	};

	setting.document = origins_top(decoder->origins, decoder->pointer->str,
				       &setting.at)->document;
	g_array_append_val(settings, setting);
}

/* What every run of a scenario shares cannot differ between its cases. */
static void check_may_vary(struct decoder *decoder, const char *pointer)
{
	static const char *const may[] = {
		"/platform", "/host", "/vms", "/workloads", "/warmup", "/stop",
	};
	char **parts = pointer_split(pointer);
	bool known = false;

	for (size_t i = 0; parts && parts[0] && i < scenario_table.nr_fields; i++)
		known |= strcmp(scenario_table.fields[i].key, parts[0]) == 0;
	for (size_t i = 0; i < G_N_ELEMENTS(may); i++)
		if (pointer_is_within(pointer, may[i]))
			known = false;
	if (known)
		decode_error_key(decoder, pointer,
				 "\"/%s\" is the same for all runs; what can vary is in platform, "
				 "host, vms, workloads, warmup and stop", parts[0]);
	g_strfreev(parts);
}

static void decode_set(struct decoder *decoder, json_t *set, const struct variation *variation)
{
	char *by = g_strdup_printf("alternative %s", variation->name);
	const char *pointer;
	json_t *value;

	if (!json_is_object(set))
		decode_error(decoder, "expected an object {pointer: value}, found %s",
			     json_kind(set));
	json_object_foreach(set, pointer, value) {
		check_may_vary(decoder, pointer);
		pointer_push(decoder->pointer, pointer);
		add_setting(decoder, variation->settings, pointer, value, by);
		pointer_pop(decoder->pointer);
	}
	g_free(by);
}

static void decode_alternative(struct decoder *decoder, json_t *value, GArray *list)
{
	struct alternative alternative = { NULL };
	json_t *set;

	if (!decode_object(decoder, value, &alternative_table, &alternative))
		return;
	if (!alternative.name)
		return;
	for (guint i = 0; i < list->len; i++)
		if (strcmp(g_array_index(list, struct variation, i).name, alternative.name) == 0)
			decode_error_in(decoder, "name", "another alternative has the name \"%s\"",
					alternative.name);
	if (g_utf8_strlen(alternative.name, -1) > FIELD_NAME_MAX)
		decode_error_in(decoder, "name", "the name is longer than %d characters",
				FIELD_NAME_MAX);
	variation_add(list, alternative.name);
	set = json_object_get(value, "set");
	pointer_push(decoder->pointer, "set");
	decode_set(decoder, set, &g_array_index(list, struct variation, list->len - 1));
	pointer_pop(decoder->pointer);
}

GArray *variation_decode_alternatives(struct decoder *decoder, json_t *tree)
{
	json_t *value = json_object_get(tree, "alternatives");
	GArray *list = variations_new();
	size_t nr;

	pointer_push(decoder->pointer, "alternatives");
	nr = value ? decode_array(decoder, value, 0, ALTERNATIVES_MAX) : 0;
	for (size_t i = 0; i < nr; i++) {
		pointer_push_index(decoder->pointer, i);
		decode_alternative(decoder, json_array_get(value, i), list);
		pointer_pop(decoder->pointer);
	}
	pointer_pop(decoder->pointer);
	if (list->len == 0)
		variation_add(list, SCENARIO_BASELINE);
	return list;
}

/* Two points with equal values are one case twice: nothing could tell them apart. */
static void refuse_twice(struct decoder *decoder, GHashTable *seen, const json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);

	if (!g_hash_table_add(seen, g_strdup(text)))
		decode_error(decoder, "the value %.40s is there already", text);
	free(text);
}

static void decode_sweep_key(struct decoder *decoder, const char *pointer, json_t *values,
			     GArray *list)
{
	GHashTable *seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	char *by = g_strdup_printf("sweep %s", pointer);
	struct variation *variation;
	size_t nr;

	check_may_vary(decoder, pointer);
	variation_add(list, pointer);
	variation = &g_array_index(list, struct variation, list->len - 1);
	pointer_push(decoder->pointer, pointer);
	nr = decode_array(decoder, values, 1, RUNS_MAX);
	for (size_t i = 0; i < nr; i++) {
		pointer_push_index(decoder->pointer, i);
		refuse_twice(decoder, seen, json_array_get(values, i));
		add_setting(decoder, variation->settings, pointer, json_array_get(values, i), by);
		pointer_pop(decoder->pointer);
	}
	pointer_pop(decoder->pointer);
	g_hash_table_unref(seen);
	g_free(by);
}

GArray *variation_decode_sweep(struct decoder *decoder, json_t *tree)
{
	json_t *value = json_object_get(tree, "sweep"), *values;
	GArray *list = variations_new();
	const char *pointer;

	pointer_push(decoder->pointer, "sweep");
	if (value && !json_is_object(value))
		decode_error(decoder, "expected an object {pointer: [values]}, found %s",
			     json_kind(value));
	else if (json_object_size(value) > KEYS_MAX)
		decode_error(decoder, "%" G_GSIZE_FORMAT " keys are swept: at most %d are possible",
			     json_object_size(value), KEYS_MAX);
	else
		json_object_foreach(value, pointer, values)
			decode_sweep_key(decoder, pointer, values, list);
	pointer_pop(decoder->pointer);
	return list;
}

uint64_t variation_nr_points(const GArray *sweep)
{
	uint64_t nr = 1;

	for (guint i = 0; i < sweep->len; i++)
		nr = MIN(nr * g_array_index(sweep, struct variation, i).settings->len,
			 (uint64_t)RUNS_MAX + 1);
	return nr;
}

const struct setting *variation_at_point(const GArray *sweep, guint key_index, uint64_t point)
{
	const struct variation *variation = &g_array_index(sweep, struct variation, key_index);

	for (guint i = sweep->len - 1; i > key_index; i--)
		point /= g_array_index(sweep, struct variation, i).settings->len;
	return &g_array_index(variation->settings, struct setting,
			      (guint)(point % variation->settings->len));
}
