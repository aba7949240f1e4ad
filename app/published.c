#include "app/published.h"

#include <stdlib.h>
#include <string.h>

#include "app/duration.h"
#include "app/plan.h"
#include "app/scenario_parts.h"
#include "app/variation.h"
#include "sim/u128.h"

enum { ROWS_MAX = 1000, FITS_MAX = 16, MILLION = 1000000 };

const char *const published_role_words[] = { "calibration", "prediction", "recalled", NULL };

static const struct field published_fields[] = {
	{ "id", FIELD_NAME, offsetof(struct published, id), 0, 0, NULL, NULL,
	  "of the publication; its rows share it", NULL },
	{ "what", FIELD_STRING, offsetof(struct published, what), 0, 0, NULL, NULL,
	  "which of its numbers: unique together with the id", NULL },
	{ "alternative", FIELD_STRING, offsetof(struct published, alternative), 0, 0, "null", NULL,
	  "the alternative that it is about; null: the only one", NULL },
	{ "point", FIELD_JSON, 0, 0, 0, "{}", NULL,
	  "values of the sweep that it is about, by JSON Pointer; one with a single value may be "
	  "left out",
	  NULL },
	{ "metric", FIELD_STRING, offsetof(struct published, metric_name), 0, 0, NULL, NULL,
	  "name of the metric that corresponds to it, such as \"ack.mean\"", NULL },
	{ "value", FIELD_JSON, 0, 0, 0, NULL, NULL,
	  "as published: a duration, a percentage for shares, an integer for rates; or the two "
	  "ends of a range of these",
	  NULL },
	{ "spread", FIELD_PERCENT, offsetof(struct published, spread_ppm), 0, 0, "null", NULL,
	  "how far the publication's own repeats lie apart, such as \"2%\"; null: not stated",
	  NULL },
	{ "role", FIELD_WORD, offsetof(struct published, role), 0, 0, NULL, published_role_words,
	  "calibration: a cost or a constant was chosen by it; prediction: nothing was; recalled: "
	  "the publication was not at hand, told and not counted",
	  NULL },
	{ "source", FIELD_STRING, offsetof(struct published, source), 0, 0, "null", NULL,
	  "where it is published; null: about.source", NULL },
	{ "reason", FIELD_STRING, offsetof(struct published, reason), 0, 0, "null", NULL,
	  "why the simulated value misses it; null: nothing is known", NULL },
	{ "fits", FIELD_JSON, 0, 0, 0, "{}", NULL,
	  "constants of the scenario that were chosen by this row: name and JSON Pointer", NULL },
};

FIELD_TABLE(published_table, "a published number", struct published,
	    "a number that was published, and what of the scenario corresponds to it",
	    published_fields);

/* --- value --------------------------------------------------------------------------------- */

static void decode_share(struct decoder *decoder, const json_t *value, uint64_t *ret)
{
	const char *text = json_string_value(value);
	uint32_t ppm;
	char *mistake;

	if (!text) {
		decode_error(decoder, "a share is a string such as \"20%%\"; found %s",
			     json_kind(value));
		return;
	}
	mistake = percent_parse(text, &ppm);
	if (mistake)
		decode_error(decoder, "%s", mistake);
	else
		*ret = ppm;
	g_free(mistake);
}

static void decode_rate(struct decoder *decoder, const json_t *value, uint64_t *ret)
{
	if (!json_is_integer(value))
		decode_error(decoder, "a rate is an integer, per second; found %s",
			     json_kind(value));
	else if (json_integer_value(value) < 0)
		decode_error(decoder, "%" JSON_INTEGER_FORMAT " is negative",
			     json_integer_value(value));
	else
		*ret = (uint64_t)json_integer_value(value);
}

/* One number in the unit of the metric. */
static void decode_number(struct decoder *decoder, const json_t *value, enum metric_unit unit,
			  uint64_t *ret)
{
	uint32_t before = decoder->nr_mistakes;

	if (unit == UNIT_PS)
		decode_duration(decoder, value, ret);
	else if (unit == UNIT_PPM)
		decode_share(decoder, value, ret);
	else
		decode_rate(decoder, value, ret);
	if (decoder->nr_mistakes == before && *ret == 0)
		decode_error(decoder, "is 0: no error can be told relative to it");
}

static void decode_range(struct decoder *decoder, const json_t *value, struct published *ret)
{
	uint64_t *const ends[] = { &ret->low, &ret->high };
	uint32_t before = decoder->nr_mistakes;

	if (json_array_size(value) != G_N_ELEMENTS(ends)) {
		decode_error(decoder, "a range has two ends, found %" G_GSIZE_FORMAT,
			     json_array_size(value));
		return;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		pointer_push_index(decoder->pointer, i);
		decode_number(decoder, json_array_get(value, i), ret->metric.unit, ends[i]);
		pointer_pop(decoder->pointer);
	}
	if (decoder->nr_mistakes == before && ret->low > ret->high)
		decode_error(decoder, "the first end of the range is above the second");
}

static void decode_value(struct decoder *decoder, const json_t *value, struct published *ret)
{
	pointer_push(decoder->pointer, "value");
	if (json_is_array(value)) {
		decode_range(decoder, value, ret);
	} else {
		decode_number(decoder, value, ret->metric.unit, &ret->low);
		ret->high = ret->low;
	}
	pointer_pop(decoder->pointer);
}

static void decode_metric(struct decoder *decoder, const json_t *row, struct published *ret)
{
	const json_t *value = json_object_get(row, "value");

	if (!ret->metric_name)
		return;
	if (metric_parse(ret->metric_name, &ret->metric)) {
		if (value)
			decode_value(decoder, value, ret);
		return;
	}
	pointer_push(decoder->pointer, "metric");
	decode_unknown(decoder, "metric", ret->metric_name, metric_known_names());
	pointer_pop(decoder->pointer);
}

/* --- which case ---------------------------------------------------------------------------- */

static GPtrArray *names_of(const GArray *variations)
{
	GPtrArray *names = g_ptr_array_new();

	for (guint i = 0; i < variations->len; i++)
		g_ptr_array_add(names, g_array_index(variations, struct variation, i).name);
	return names;
}

static bool is_name_of(const GArray *variations, const char *name)
{
	for (guint i = 0; i < variations->len; i++)
		if (g_str_equal(g_array_index(variations, struct variation, i).name, name))
			return true;
	return false;
}

/* Alternatives that the row may be about; 0 after a mistake. */
static uint64_t count_alternatives(struct decoder *decoder, const struct published *row,
				   const GArray *alternatives)
{
	if (!row->alternative)
		return alternatives->len;
	if (is_name_of(alternatives, row->alternative))
		return 1;
	pointer_push(decoder->pointer, "alternative");
	decode_unknown(decoder, "alternative", row->alternative, names_of(alternatives));
	pointer_pop(decoder->pointer);
	return 0;
}

static uint64_t count_equal(const struct variation *key, const json_t *value)
{
	uint64_t nr = 0;

	for (guint i = 0; i < key->settings->len; i++)
		if (json_equal(g_array_index(key->settings, struct setting, i).value, value))
			nr++;
	return nr;
}

/* Values of one key of the sweep that the row may be about; 0 after a mistake. */
static uint64_t count_values(struct decoder *decoder, const struct published *row,
			     const struct variation *key)
{
	const json_t *value = json_object_get(row->point, key->name);
	uint64_t nr = value ? count_equal(key, value) : key->settings->len;
	char *shown;

	if (nr > 0)
		return nr;
	shown = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(12));
	decode_error_in(decoder, key->name, "the sweep of %s has no value %.40s", key->name, shown);
	free(shown);
	return 0;
}

static uint64_t count_points(struct decoder *decoder, const struct published *row,
			     const GArray *sweep)
{
	uint64_t nr = 1;
	const char *pointer;
	json_t *value;

	pointer_push(decoder->pointer, "point");
	json_object_foreach(row->point, pointer, value) {
		if (is_name_of(sweep, pointer))
			continue;
		pointer_push(decoder->pointer, pointer);
		decode_unknown(decoder, "key of the sweep", pointer, names_of(sweep));
		pointer_pop(decoder->pointer);
		nr = 0;
	}
	for (guint i = 0; i < sweep->len; i++)
		nr *= count_values(decoder, row, &g_array_index(sweep, struct variation, i));
	pointer_pop(decoder->pointer);
	return nr;
}

static void check_case(struct decoder *decoder, const struct published *row,
		       const struct published_cases *cases)
{
	uint64_t nr_alternatives = count_alternatives(decoder, row, cases->alternatives);
	uint64_t nr_points = count_points(decoder, row, cases->sweep);

	if (nr_alternatives > 1)
		decode_error(decoder, "is about one of %" G_GUINT64_FORMAT " alternatives: "
			     "\"alternative\" says which", nr_alternatives);
	if (nr_points > 1)
		decode_error(decoder, "is about one of %" G_GUINT64_FORMAT " points: \"point\" "
			     "says which", nr_points);
}

/* --- rows ---------------------------------------------------------------------------------- */

static void decode_point(struct decoder *decoder, const json_t *row, struct published *ret)
{
	ret->point = json_object_get(row, "point");
	if (json_is_object(ret->point))
		return;
	decode_error_in(decoder, "point", "expected an object {pointer: value}, found %s",
			json_kind(ret->point));
	ret->point = NULL;
}

static void decode_fit(struct decoder *decoder, json_t *tree, const char *name,
		       const json_t *value, struct published_fit *ret)
{
	const char *pointer = json_string_value(value);

	if (!pointer || *pointer != '/')
		decode_error_in(decoder, name, "expected a JSON Pointer into the scenario");
	else if (!pointer_get(tree, pointer))
		decode_error_in(decoder, name, "the pointer names nothing: %s", pointer);
	else
		*ret = (struct published_fit){ decode_strdup(decoder, name),
					       decode_strdup(decoder, pointer) };
}

static void decode_fits(struct decoder *decoder, json_t *tree, json_t *row,
			struct published *ret)
{
	json_t *fits = json_object_get(row, "fits"), *value;
	struct published_fit *list;
	const char *name;

	pointer_push(decoder->pointer, "fits");
	if (!json_is_object(fits) || json_object_size(fits) > FITS_MAX) {
		decode_error(decoder, "expected an object of at most %d names and pointers",
			     FITS_MAX);
	} else {
		list = ARENA_NEW_N(decoder->arena, struct published_fit, json_object_size(fits));
		json_object_foreach(fits, name, value)
			decode_fit(decoder, tree, name, value, &list[ret->nr_fits++]);
		ret->fits = list;
		if (ret->nr_fits > 0 && ret->role != ROLE_CALIBRATION)
			decode_error(decoder, "what a constant was chosen by is a calibration");
	}
	pointer_pop(decoder->pointer);
}

/* The scenario's own, for the rows that state none. */
static const char *about_source(struct decoder *decoder, const json_t *tree)
{
	const char *text = json_string_value(json_object_get(json_object_get(tree, "about"),
							     "source"));

	return text ? decode_strdup(decoder, text) : NULL;
}

static void decode_row(struct decoder *decoder, json_t *tree, json_t *value,
		       const struct published_cases *cases, struct published *ret)
{
	*ret = (struct published){ .case_index = PUBLISHED_NOWHERE };
	if (!decode_object(decoder, value, &published_table, ret))
		return;
	decode_metric(decoder, value, ret);
	decode_point(decoder, value, ret);
	decode_fits(decoder, tree, value, ret);
	if (!ret->source)
		ret->source = about_source(decoder, tree);
	if (!ret->source)
		decode_missing(decoder, "source", "where it is published: about.source is not "
						  "stated either");
	if (cases && ret->point)
		check_case(decoder, ret, cases);
}

static void check_twice(struct decoder *decoder, const struct published *rows, size_t index)
{
	const struct published *row = &rows[index];

	for (size_t i = 0; row->id && row->what && i < index; i++)
		if (g_strcmp0(rows[i].id, row->id) == 0 && g_strcmp0(rows[i].what, row->what) == 0)
			decode_error(decoder, "another row is \"%s\", \"%s\" too", row->id,
				     row->what);
}

struct published *published_decode(struct decoder *decoder, json_t *tree,
				   const struct published_cases *cases, uint32_t *ret_nr)
{
	json_t *value = json_object_get(tree, "published");
	struct published *rows;
	size_t nr;

	pointer_push(decoder->pointer, "published");
	nr = value ? decode_array(decoder, value, 0, ROWS_MAX) : 0;
	rows = ARENA_NEW_N(decoder->arena, struct published, nr);
	for (size_t i = 0; i < nr; i++) {
		pointer_push_index(decoder->pointer, i);
		decode_row(decoder, tree, json_array_get(value, i), cases, &rows[i]);
		check_twice(decoder, rows, i);
		pointer_pop(decoder->pointer);
	}
	pointer_pop(decoder->pointer);
	*ret_nr = (uint32_t)nr;
	return rows;
}

/* --- in a plan ----------------------------------------------------------------------------- */

static bool is_at(const struct published *row, const json_t *point)
{
	const char *pointer;
	json_t *value;

	json_object_foreach(row->point, pointer, value)
		if (!json_equal(json_object_get(point, pointer), value))
			return false;
	return true;
}

static uint32_t find_case(const struct plan *plan, const struct published *row)
{
	for (uint32_t c = 0; c < plan->nr_cases; c++) {
		const struct plan_case *plan_case = &plan->cases[c];
		const char *alternative = plan->alternatives[plan_case->alternative_index];

		if ((!row->alternative || g_str_equal(row->alternative, alternative)) &&
		    is_at(row, plan->points[plan_case->point_index]))
			return c;
	}
	return PUBLISHED_NOWHERE;
}

void published_resolve(struct plan *plan)
{
	for (uint32_t i = 0; i < plan->nr_published; i++)
		plan->published[i].case_index = find_case(plan, &plan->published[i]);
}

int64_t published_error_ppm(const struct published *published, uint64_t simulated)
{
	bool above = simulated > published->high;
	uint64_t end = above ? published->high : published->low;
	uint64_t distance = above ? simulated - end : end - simulated;
	struct u128 ppm;

	if (simulated >= published->low && !above)
		return 0;
	ppm = u128_div_round(u128_mul_u64(distance, MILLION), end);
	if (ppm.hi > 0 || ppm.lo > INT64_MAX)
		return INT64_MAX;	/* only above: what is below misses by 100 % at most */
	return above ? (int64_t)ppm.lo : -(int64_t)ppm.lo;
}
