/* gate_json - the answer of a gate for programs: "irqsim-check/1". */
#include "app/gate_parts.h"
#include "app/json_writer.h"

static const char *const update_words[] = {
	[GATE_KEPT] = "kept", [GATE_REWRITTEN] = "rewritten", [GATE_NEW] = "new",
};

static void put_bool(struct json_writer *writer, const char *key, bool value)
{
	json_put_text(writer, key, value ? "true" : "false");
}

static void put_value(struct json_writer *writer, const char *key, const struct estimate *estimate)
{
	if (estimate->n)
		json_put_i64(writer, key, estimate->value);
	else
		json_put_null(writer, key);
}

static void put_change(struct json_writer *writer, const struct estimate *change)
{
	put_value(writer, "difference", change);
	if (change->n >= 2) {
		json_put_i64(writer, "ci95_low", change->low);
		json_put_i64(writer, "ci95_high", change->high);
	} else {
		json_put_null(writer, "ci95_low");
		json_put_null(writer, "ci95_high");
	}
	json_put_u64(writer, "n", change->n);
}

static void put_cause(struct json_writer *writer, const struct cause *cause)
{
	if (!cause->name) {
		json_put_null(writer, "cause");
		return;
	}
	json_begin_object(writer, "cause", JSON_LINE);
	json_put_string(writer, "stage", cause->name);
	json_put_i64(writer, "difference_ps", cause->change);
	json_end(writer);
}

static void put_row(struct json_writer *writer, const struct comparison_row *row)
{
	json_begin_object(writer, NULL, JSON_LINE);
	json_put_string(writer, "metric", row->name);
	json_put_string(writer, "unit", metric_unit_words[row->metric.unit]);
	json_put_string(writer, "better", metric_better_words[row->better]);
	put_value(writer, "old", &row->old);
	put_value(writer, "new", &row->new);
	put_change(writer, &row->change);
	if (row->limited)
		json_put_u64(writer, "limit_ppm", row->limit_ppm);
	else
		json_put_null(writer, "limit_ppm");
	json_put_string(writer, "verdict", change_words[row->verdict]);
	put_bool(writer, "decides", row->decides);
	put_bool(writer, "fails", row->fails);
	put_cause(writer, &row->cause);
	json_end(writer);
}

static void put_case(struct json_writer *writer, const struct comparison_case *shown)
{
	bool both = shown->in_old && shown->in_new;
	guint nr_same = 0;

	json_begin_object(writer, NULL, JSON_LINES);
	json_put_tree(writer, "point", shown->point);
	json_put_string(writer, "alternative", shown->alternative);
	json_put_string(writer, "in", both ? "both" : shown->in_old ? "old" : "new");
	json_put_string(writer, "behaviour", both ? behaviour_words[shown->behaviour] : NULL);
	json_put_u64(writer, "replications", shown->nr_pairs);
	json_put_u64(writer, "worse_ends", shown->nr_worse_ends);
	put_bool(writer, "measured_differently", shown->measured_differently);
	json_begin_array(writer, "metrics", JSON_LINES);
	for (guint i = 0; i < shown->nr_rows; i++)
		if (shown->rows[i].differs)
			put_row(writer, &shown->rows[i]);
		else
			nr_same++;
	json_end(writer);
	json_put_u64(writer, "equal_metrics", nr_same);
	json_end(writer);
}

static void put_comparison(struct json_writer *writer, const struct comparison *comparison)
{
	json_begin_array(writer, "differences", JSON_LINES);
	for (guint i = 0; comparison && i < comparison->differences->len; i++)
		json_put_string(writer, NULL, g_ptr_array_index(comparison->differences, i));
	json_end(writer);
	json_begin_array(writer, "cases", JSON_LINES);
	for (guint i = 0; comparison && i < comparison->nr_cases; i++)
		put_case(writer, &comparison->cases[i]);
	json_end(writer);
}

static void put_entry(struct json_writer *writer, const struct gate_entry *entry)
{
	json_begin_object(writer, NULL, JSON_LINES);
	json_put_string(writer, "name", entry->name);
	json_put_string(writer, "file", entry->file);
	json_put_string(writer, "against", entry->against);
	json_put_i64(writer, "status", entry->status);
	json_put_string(writer, "verdict", gate_verdict(entry));
	json_put_string(writer, "problem", entry->problem);
	json_put_string(writer, "update", update_words[entry->update]);
	json_put_string(writer, "old_version", entry->old ? entry->old->version : NULL);
	json_put_string(writer, "new_version", entry->new ? entry->new->version : NULL);
	json_begin_array(writer, "failed_expectations", JSON_LINES);
	for (guint i = 0; entry->expectations && i < entry->expectations->len; i++)
		json_put_string(writer, NULL, g_ptr_array_index(entry->expectations, i));
	json_end(writer);
	put_comparison(writer, entry->comparison);
	json_end(writer);
}

GString *gate_format_json(const GPtrArray *entries)
{
	GString *out = g_string_new(NULL);
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_begin_object(&writer, NULL, JSON_LINES);
	json_put_string(&writer, "format", "irqsim-check/1");
	json_put_string(&writer, "irqsim_version", IRQSIM_VERSION);
	json_put_i64(&writer, "status", gate_status(entries));
	json_begin_array(&writer, "scenarios", JSON_LINES);
	for (guint i = 0; i < entries->len; i++)
		put_entry(&writer, g_ptr_array_index(entries, i));
	json_end(&writer);
	json_end(&writer);
	g_string_append_c(out, '\n');
	return out;
}
