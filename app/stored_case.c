/* stored_case - one case of a result file, and one of its runs. */
#include <stdlib.h>
#include <string.h>

#include "app/decode.h"
#include "app/document.h"
#include "app/stored_parts.h"
#include "app/summary.h"

/* Differences of two of them are what estimate_from() takes. */
static const json_int_t value_max = (INT64_C(1) << 58) - 1;

/* Deeper than any value of a sweep. */
enum { POINT_DEPTH_MAX = DOCUMENT_DEPTH_MAX };

/* Can the value be shown and written again? */
static bool is_plain(const json_t *value, int depth)
{
	json_t *container = (json_t *)value;	/* jansson's iterators take no const */
	const char *key;
	json_t *member;
	size_t i;

	if (json_is_real(value) || depth > POINT_DEPTH_MAX)
		return false;
	json_object_foreach(container, key, member)
		if (!is_plain(member, depth + 1))
			return false;
	json_array_foreach(container, i, member)
		if (!is_plain(member, depth + 1))
			return false;
	return true;
}

/* Point and alternative of a case or a run, and the key that they make; NULL after a mistake. */
static char *read_key(struct reader *reader, const json_t *value, const json_t **ret_point,
		      const char **ret_alternative)
{
	const json_t *point;
	char *text, *key;

	if (!json_is_object(value)) {
		stored_complain(reader, "expected an object, found %s", json_kind(value));
		return NULL;
	}
	point = stored_member(reader, value, "point", JSON_OBJECT);
	*ret_alternative = stored_string(reader, value, "alternative");
	*ret_point = point;
	if (!point || !*ret_alternative)
		return NULL;
	if (!is_plain(point, 0)) {
		pointer_push(reader->pointer, "point");
		stored_complain(reader, "a point has no numbers with a fraction, and is at most %d "
				"levels deep", POINT_DEPTH_MAX);
		pointer_pop(reader->pointer);
		return NULL;
	}
	text = json_dumps(point, JSON_COMPACT | JSON_SORT_KEYS);
	key = g_strconcat(text, "\n", *ret_alternative, NULL);
	free(text);
	return key;
}

/* --- metrics ------------------------------------------------------------------------------- */

static bool read_unit(struct reader *reader, const json_t *value, enum metric_unit *ret)
{
	static const enum metric_unit units[] = { UNIT_PS, UNIT_PPM, UNIT_PER_S };
	const char *word = stored_string(reader, value, "unit");

	for (gsize i = 0; word && i < G_N_ELEMENTS(units); i++)
		if (strcmp(metric_unit_words[units[i]], word) == 0) {
			*ret = units[i];
			return true;
		}
	if (word)
		stored_complain(reader, "unknown unit \"%s\"; known: ps, ppm, per_s", word);
	return false;
}

static int64_t read_value(struct reader *reader, const json_t *value)
{
	if (json_is_null(value))
		return NO_VALUE;
	if (!json_is_integer(value))
		stored_complain(reader, "expected an integer or null, found %s", json_kind(value));
	else if (json_integer_value(value) < 0 || json_integer_value(value) > value_max)
		stored_complain(reader, "%" JSON_INTEGER_FORMAT " is no value of a metric: 0 to %"
				JSON_INTEGER_FORMAT, json_integer_value(value), value_max);
	else
		return json_integer_value(value);
	return NO_VALUE;
}

static void read_values(struct reader *reader, const json_t *list, struct stored_case *stored_case,
			struct stored_metric *ret)
{
	size_t nr = json_array_size(list);

	pointer_push(reader->pointer, "values");
	if (stored_case->nr_replications == 0 && nr > 0 && nr <= UINT32_MAX)
		stored_case->nr_replications = (uint32_t)nr;
	if (nr == 0 || nr != stored_case->nr_replications) {
		stored_complain(reader, "%" G_GSIZE_FORMAT " values, expected one for each of %u "
				"replications", nr, stored_case->nr_replications);
	} else {
		ret->values = g_new(int64_t, nr);
		for (size_t r = 0; r < nr; r++) {
			pointer_push_index(reader->pointer, r);
			ret->values[r] = read_value(reader, json_array_get(list, r));
			pointer_pop(reader->pointer);
		}
	}
	pointer_pop(reader->pointer);
}

/* A version to come may have other metrics: their unit tells how they are shown and judged. */
static struct metric unknown_metric(enum metric_unit unit)
{
	struct metric metric = { .of = METRIC_LATENCY, .unit = unit };

	if (unit == UNIT_PPM)
		metric = (struct metric){ .of = METRIC_LOCK, .unit = unit,
					  .index = LOCK_METRIC_CONTENDED };
	return metric;
}

static void read_metric(struct reader *reader, const char *name, const json_t *value,
			struct stored_case *stored_case)
{
	struct stored_metric *ret = &stored_case->metrics[stored_case->nr_metrics++];
	enum metric_unit unit = UNIT_PS;
	const json_t *values;

	ret->name = name;
	if (!json_is_object(value)) {
		stored_complain(reader, "expected an object, found %s", json_kind(value));
		return;
	}
	values = stored_member(reader, value, "values", JSON_ARRAY);
	if (!read_unit(reader, value, &unit) || !values)
		return;
	if (metric_parse(name, &ret->metric) && ret->metric.unit == unit) {
		ret->better = metric_better(&ret->metric);
	} else {
		ret->metric = unknown_metric(unit);
		ret->better = unit == UNIT_PER_S ? MORE_IS_BETTER : LESS_IS_BETTER;
	}
	read_values(reader, values, stored_case, ret);
	g_hash_table_insert(stored_case->by_name, (char *)name, ret);
}

static void read_metrics(struct reader *reader, json_t *metrics, struct stored_case *ret)
{
	const char *name;
	json_t *value;

	ret->metrics = g_new0(struct stored_metric, json_object_size(metrics));
	ret->by_name = g_hash_table_new(g_str_hash, g_str_equal);
	pointer_push(reader->pointer, "metrics");
	json_object_foreach(metrics, name, value) {
		pointer_push(reader->pointer, name);
		read_metric(reader, name, value, ret);
		pointer_pop(reader->pointer);
	}
	pointer_pop(reader->pointer);
}

bool stored_read_case(struct reader *reader, const json_t *value, struct stored_case *ret)
{
	json_t *metrics;

	ret->key = read_key(reader, value, &ret->point, &ret->alternative);
	if (!ret->key)
		return false;
	metrics = stored_member(reader, value, "metrics", JSON_OBJECT);
	if (metrics)
		read_metrics(reader, metrics, ret);
	ret->runs = g_new0(struct stored_run, ret->nr_replications);
	return reader->good;
}

/* --- runs ---------------------------------------------------------------------------------- */

/* "f", digits, ":", 16 hexadecimal digits. */
static bool is_fingerprint(const char *text)
{
	size_t nr_digits = text[0] == 'f' ? strspn(text + 1, "0123456789") : 0;
	const char *rest = text + 1 + nr_digits;

	return nr_digits > 0 && *rest == ':' && strlen(rest + 1) == 16 &&
	       strspn(rest + 1, "0123456789abcdef") == 16;
}

static bool read_end(struct reader *reader, const json_t *value, enum run_end *ret)
{
	static const enum run_end ends[] = { RUN_STOP, RUN_DRAINED, RUN_DEADLOCK, RUN_STARVED };
	const char *word = stored_string(reader, value, "end");

	for (gsize i = 0; word && i < G_N_ELEMENTS(ends); i++)
		if (strcmp(run_end_words[ends[i]], word) == 0) {
			*ret = ends[i];
			return true;
		}
	if (word)
		stored_complain(reader, "unknown end \"%s\"", word);
	return false;
}

/* A case that measured nothing has no values that say how many replications there are. */
static void make_room(struct stored_case *stored_case, json_int_t replication)
{
	if (stored_case->nr_metrics > 0 || replication != stored_case->nr_replications)
		return;
	stored_case->nr_replications++;
	stored_case->runs = g_renew(struct stored_run, stored_case->runs,
				    stored_case->nr_replications);
	stored_case->runs[replication] = (struct stored_run){ .fingerprint = NULL };
}

/* What a case has once: all its runs agree. */
static void take_seed(struct reader *reader, struct stored_case *stored_case, const char *seed)
{
	if (!stored_case->seed)
		stored_case->seed = seed;
	else if (strcmp(stored_case->seed, seed) != 0)
		stored_complain(reader, "the seed \"%s\" differs from \"%s\" of the same case",
				seed, stored_case->seed);
}

static void read_outcome(struct reader *reader, const json_t *value,
			 struct stored_case *stored_case)
{
	const json_t *replication = stored_member(reader, value, "replication", JSON_INTEGER);
	const char *fingerprint = stored_string(reader, value, "fingerprint");
	const char *seed = stored_string(reader, value, "seed");
	json_int_t r = json_integer_value(replication);
	enum run_end end;

	if (!read_end(reader, value, &end) || !replication || !fingerprint || !seed)
		return;
	make_room(stored_case, r);
	if (!is_fingerprint(fingerprint))
		stored_complain(reader, "\"%s\" is no fingerprint", fingerprint);
	else if (r < 0 || r >= stored_case->nr_replications)
		stored_complain(reader, "replication %" JSON_INTEGER_FORMAT ", the case has %u", r,
				stored_case->nr_replications);
	else if (stored_case->runs[r].fingerprint)
		stored_complain(reader, "the run is there already");
	else
		stored_case->runs[r] = (struct stored_run){ fingerprint, end };
	take_seed(reader, stored_case, seed);
}

void stored_read_run(struct reader *reader, const json_t *value, struct stored *stored)
{
	struct stored_case *stored_case;
	const char *alternative;
	const json_t *point;
	char *key = read_key(reader, value, &point, &alternative);

	if (!key)
		return;
	stored_case = g_hash_table_lookup(stored->by_key, key);
	if (stored_case)
		read_outcome(reader, value, stored_case);
	else
		stored_complain(reader, "the summary has no such case");
	g_free(key);
}
