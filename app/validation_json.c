/* validation_json - the part of validation_show.h that programs read. */
#include "app/validation_show.h"

#include "app/json_writer.h"
#include "app/validation_fits.h"

static void put_published(struct json_writer *writer, const struct published *published)
{
	if (published->low == published->high) {
		json_put_u64(writer, "published", published->low);
		return;
	}
	json_begin_array(writer, "published", JSON_LINE);
	json_put_u64(writer, NULL, published->low);
	json_put_u64(writer, NULL, published->high);
	json_end(writer);
}

static void put_i64_or_null(struct json_writer *writer, const char *key, bool exists,
			    int64_t value)
{
	if (exists)
		json_put_i64(writer, key, value);
	else
		json_put_null(writer, key);
}

static void put_simulated(struct json_writer *writer, const struct validation_row *row)
{
	const struct estimate *simulated = &row->simulated;

	put_i64_or_null(writer, "simulated", simulated->n > 0, simulated->value);
	put_i64_or_null(writer, "ci95_low", simulated->nr_sections > 1, simulated->low);
	put_i64_or_null(writer, "ci95_high", simulated->nr_sections > 1, simulated->high);
	put_i64_or_null(writer, "error_ppm", simulated->n > 0, row->error_ppm);
}

static void put_row(struct json_writer *writer, const struct validation_row *row)
{
	const struct published *published = row->published;

	json_begin_object(writer, NULL, JSON_LINES);
	json_put_string(writer, "id", published->id);
	json_put_string(writer, "scenario", row->plan->name);
	json_put_tree(writer, "point", validation_point(row));
	json_put_string(writer, "alternative", validation_alternative(row));
	json_put_string(writer, "metric", published->metric_name);
	json_put_string(writer, "what", published->what);
	json_put_string(writer, "unit", metric_unit_words[published->metric.unit]);
	put_published(writer, published);
	put_i64_or_null(writer, "spread_ppm", published->spread_ppm > 0, published->spread_ppm);
	put_simulated(writer, row);
	json_put_string(writer, "role", published_role_words[published->role]);
	json_put_string(writer, "verdict", verdict_words[row->verdict]);
	json_put_string(writer, "reason", published->reason);
	json_put_string(writer, "source", published->source);
	json_end(writer);
}

static void put_sum(struct json_writer *writer, const struct validation *validation, int role)
{
	struct validation_sum sum = validation_sum(validation, role);
	const struct validation_row *worst = sum.worst;

	json_begin_object(writer, published_role_words[role], JSON_LINES);
	json_put_u64(writer, "rows", sum.nr_rows);
	json_put_u64(writer, "within", sum.nr_within);
	json_put_u64(writer, "explained", sum.nr_explained);
	json_put_u64(writer, "missed", sum.nr_missed);
	put_i64_or_null(writer, "mean_error_ppm", sum.nr_errors > 0, (int64_t)sum.mean_ppm);
	put_i64_or_null(writer, "worst_error_ppm", worst != NULL, worst ? worst->error_ppm : 0);
	if (worst) {
		json_begin_object(writer, "worst", JSON_LINE);
		json_put_string(writer, "id", worst->published->id);
		json_put_string(writer, "what", worst->published->what);
		json_end(writer);
	} else {
		json_put_null(writer, "worst");
	}
	json_end(writer);
}

static void put_fits(struct json_writer *writer, const struct validation *validation)
{
	if (!validation->whole) {
		json_put_null(writer, "fits");
		return;
	}
	json_begin_array(writer, "fits", JSON_LINES);
	for (guint i = 0; i < validation->fits->len; i++) {
		const struct validation_fit *fit =
			&g_array_index(validation->fits, struct validation_fit, i);

		json_begin_object(writer, NULL, JSON_LINE);
		json_put_string(writer, "platform", fit->is_cost ? fit->place : NULL);
		json_put_string(writer, "scenario", fit->is_cost ? NULL : fit->place);
		json_put_string(writer, "name", fit->name);
		json_put_tree(writer, "value", fit->value);
		json_end(writer);
	}
	json_end(writer);
}

static void put_summary(struct json_writer *writer, const struct validation *validation)
{
	guint nr_costs = validation_nr_costs(validation);

	json_begin_object(writer, "summary", JSON_LINES);
	for (int role = 0; role < NR_PUBLISHED_ROLES; role++)
		put_sum(writer, validation, role);
	put_i64_or_null(writer, "fitted", validation->whole, nr_costs);
	put_i64_or_null(writer, "constants", validation->whole,
			validation->fits->len - nr_costs);
	json_put_u64(writer, "rows", validation_nr_rows(validation));
	json_end(writer);
}

GString *validation_format_json(const struct validation *validation)
{
	GString *out = g_string_new(NULL);
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_begin_object(&writer, NULL, JSON_LINES);
	json_put_string(&writer, "format", "irqsim-validation/1");
	json_put_string(&writer, "irqsim_version", IRQSIM_VERSION);
	json_begin_array(&writer, "rows", JSON_LINES);
	for (guint i = 0; i < validation->rows->len; i++)
		put_row(&writer, validation_row(validation, i));
	json_end(&writer);
	put_summary(&writer, validation);
	put_fits(&writer, validation);
	json_end(&writer);
	g_string_append_c(out, '\n');
	return out;
}
