/* test_results - the writers: JSON, CSV, labels, table cells, and a run as text. */
#include <glib.h>
#include <jansson.h>
#include <string.h>

#include "app/csv.h"
#include "app/json_writer.h"
#include "app/label.h"
#include "app/table_cells.h"

static json_t *parse(const char *text)
{
	json_error_t error;
	json_t *value = json_loads(text, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);

	if (!value)
		g_test_message("%s: %s", error.text, text);
	g_assert_nonnull(value);
	return value;
}

static void test_writer(void)
{
	GString *out = g_string_new(NULL);
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_begin_object(&writer, NULL, JSON_LINES);
	json_put_u64(&writer, "zero", 0);
	json_put_i64(&writer, "least", G_MININT64);
	json_put_null(&writer, "nothing");
	json_begin_array(&writer, "list", JSON_LINE);
	json_put_u64(&writer, NULL, 1);
	json_put_string(&writer, NULL, "a\"\\\n\x7f\xc3\xa9");
	json_end(&writer);
	json_begin_object(&writer, "empty", JSON_LINES);
	json_end(&writer);
	json_put_text(&writer, "text", "[true]");
	json_put_string(&writer, "no", NULL);
	json_end(&writer);
	g_assert_cmpstr(out->str, ==,
			"{\n \"zero\": 0,\n \"least\": -9223372036854775808,\n \"nothing\": null,\n"
			" \"list\": [1, \"a\\\"\\\\\\u000a\\u007f\xc3\xa9\"],\n \"empty\": {},\n"
			" \"text\": [true],\n \"no\": null\n}");
	json_decref(parse(out->str));
	g_string_free(out, TRUE);
}

/* What goes in comes out, in order. */
static void test_tree(void)
{
	static const char text[] = "{\"b\":[1,[],{},{\"x\":null}],\"a\":{\"z\":true,\"y\":"
				   "\"\\u0001/\\\"\",\"c\":-5},\"e\":{\"f\":{\"g\":false}}}";
	json_t *tree = parse(text);
	GString *out = g_string_new(NULL);
	struct json_writer writer;
	json_t *again;
	char *dumped;

	json_writer_init(&writer, out);
	json_put_tree(&writer, NULL, tree);
	again = parse(out->str);
	dumped = json_dumps(again, JSON_COMPACT);
	g_assert_cmpstr(dumped, ==, text);
	free(dumped);
	json_decref(again);
	json_decref(tree);
	g_string_free(out, TRUE);
}

static void test_decimal(void)
{
	static const struct {
		int64_t value;
		uint64_t unit;
		unsigned int decimals;
		const char *text;
	} rows[] = {
		{ 1234567, 1000, 1, "1234.6" },
		{ -1234567, 1000, 1, "-1234.6" },
		{ -49, 1000, 1, "0.0" },
		{ -50, 1000, 1, "-0.1" },
		{ 999950, 1000, 1, "1000.0" },
		{ 5, 1000, 3, "0.005" },
		{ 1500, 1000, 0, "2" },
		{ G_MAXINT64, 1, 0, "9223372036854775807" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *text = label_decimal(rows[i].value, rows[i].unit, rows[i].decimals);

		g_assert_cmpstr(text, ==, rows[i].text);
		g_free(text);
	}
}

static void assert_text(char *text, const char *expected)
{
	g_assert_cmpstr(text, ==, expected);
	g_free(text);
}

static void test_labels(void)
{
	json_t *point = parse("{\"/vms/0/vcpus\":64,\"/platform/costs/vm_exit\":\"1us\"}");

	assert_text(label_point(point), "vcpus=64 vm_exit=1us");
	assert_text(label_pointer("/workloads/0/from/1"), "from");
	assert_text(label_pointer("/0"), "/0");
	assert_text(label_pointer("/a~1b"), "a/b");
	assert_text(label_cut("abcdefgh", 8), "abcdefgh");
	assert_text(label_cut("abcdefghi", 8), "abcde...");
	assert_text(label_cut("\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", 4), "\xc3\xa9...");
	assert_text(label_cut("a\x1b[31mb", 20), "a?[31mb");
	assert_text(label_wrap("one two three four", 9), "one two\nthree\nfour");
	assert_text(label_wrap("unbreakable", 4), "unbreakable");
	json_decref(point);
}

static struct table_cells *example_cells(void)
{
	static const char *const texts[] = { "a rather long name", "1.5", "b|c", "123456.7" };
	struct table_cells *cells = table_cells_new();

	table_add_column(cells, "name", ALIGN_LEFT);
	table_add_column(cells, "mean", ALIGN_RIGHT);
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		table_add_cell(cells, g_strdup(texts[i]));
	return cells;
}

static void test_cells(void)
{
	struct table_cells *cells = example_cells();
	GString *out = g_string_new(NULL);

	table_put_text(cells, 100, out);
	g_assert_cmpstr(out->str, ==,
			"name                    mean\n"
			"a rather long name       1.5\n"
			"b|c                 123456.7\n");
	g_string_truncate(out, 0);
	table_put_text(cells, 20, out);
	g_assert_cmpstr(out->str, ==,
			"name            mean\n"
			"a rather...      1.5\n"
			"b|c         123456.7\n");
	g_string_truncate(out, 0);
	g_assert_cmpuint(table_width(cells), ==, 18 + 1 + 8);
	table_add_heading(cells, g_strdup("a heading longer than its column"));
	g_assert_cmpuint(table_width(cells), ==, 18 + 1 + 8);
	table_put_text(cells, 20, out);
	g_assert_nonnull(strstr(out->str, "\na heading longer ...\n"));
	g_string_truncate(out, 0);
	table_put_markdown(cells, out);
	g_assert_cmpstr(out->str, ==,
			"| name | mean |\n|---|---:|\n| a rather long name | 1.5 |\n"
			"| b\\|c | 123456.7 |\n| a heading longer than its column |  |\n");
	g_string_free(out, TRUE);
	table_cells_free(cells);
}

static void test_csv(void)
{
	json_t *point = parse("{\"/a,b\":\"x \\\"y\\\"\"}");
	struct plan_case cases[1] = { { .alternative_index = 0 } };
	char *alternatives[1] = { (char *)"one" };
	const struct plan plan = { .nr_points = 1, .points = &point, .nr_alternatives = 1,
				   .alternatives = alternatives, .nr_cases = 1, .cases = cases };
	struct summary_metric metrics[2] = {
		{ .name = (char *)"ack.mean",
		  .value = { .n = 2, .nr_sections = 2, .value = 5, .low = 4, .high = 6 } },
		{ .name = (char *)"ack.p99", .metric.unit = UNIT_PPM },
	};
	struct summary_row row = { .nr_metrics = 2, .metrics = metrics };
	const struct summary summary = { .nr_rows = 1, .rows = &row };
	GString *out = csv_format(&plan, &summary);

	g_assert_cmpstr(out->str, ==,
			"\"/a,b\",alternative,metric,unit,value,ci95_low,ci95_high,n,sections,"
			"difference,difference_ci95_low,difference_ci95_high\n"
			"\"x \"\"y\"\"\",one,ack.mean,ps,5,4,6,2,2,,,\n"
			"\"x \"\"y\"\"\",one,ack.p99,ppm,,,,0,,,,\n");
	g_string_free(out, TRUE);
	json_decref(point);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/results/writer", test_writer);
	g_test_add_func("/results/tree", test_tree);
	g_test_add_func("/results/decimal", test_decimal);
	g_test_add_func("/results/labels", test_labels);
	g_test_add_func("/results/cells", test_cells);
	g_test_add_func("/results/csv", test_csv);
	return g_test_run();
}
