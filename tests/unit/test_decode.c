/*
 * test_decode - every table of the program, and the decoder on a table of its own.
 */
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "app/decode.h"
#include "app/platform.h"
#include "app/scenario.h"
#include "app/variation.h"
#include "models/kernel.h"

struct sample {
	uint32_t number;
	uint64_t large, hertz, bytes;
	ps_t time;
	int word;
	const char *text, *name;
	struct id_list ids;
	uint32_t version, ppm;
	uint64_t limit;
	bool flag;
};

static const char *const words[] = { "one", "two", NULL };
static const char *const sizes[] = { "4KiB", "64KiB", NULL };

#define AT(member) offsetof(struct sample, member)

static const struct field inner_fields[] = {
	{ "name", FIELD_NAME, AT(name), 0, 0, "null", NULL, "h", NULL },
};

static FIELD_TABLE(inner_table, "inner", struct sample, "h", inner_fields);

static const struct field sample_fields[] = {
	{ "number", FIELD_U32, AT(number), 1, 10, "7", NULL, "h", NULL },
	{ "large", FIELD_U64, AT(large), 0, UINT64_MAX, "1", NULL, "h", NULL },
	{ "time", FIELD_DURATION, AT(time), 0, PS_PER_S, "\"1us\"", NULL, "h", NULL },
	{ "word", FIELD_WORD, AT(word), 0, 0, "\"two\"", words, "h", NULL },
	{ "text", FIELD_STRING, AT(text), 0, 0, NULL, NULL, "h", NULL },
	{ "ids", FIELD_IDS, AT(ids), 0, 9, "\"one\"", words, "h", NULL },
	{ "version", FIELD_VERSION, AT(version), 0, 0, "\"6.5\"", NULL, "h", NULL },
	{ "hertz", FIELD_FREQUENCY, AT(hertz), 0, 0, "null", NULL, "h", NULL },
	{ "ppm", FIELD_PERCENT, AT(ppm), 0, 0, "\"1%\"", NULL, "h", NULL },
	{ "bytes", FIELD_BYTES, AT(bytes), 0, 0, "\"64KiB\"", sizes, "h", NULL },
	{ "limit", FIELD_LIMIT, AT(limit), 1, 9, "3", NULL, "h", NULL },
	{ "flag", FIELD_BOOL, AT(flag), 0, 0, "false", NULL, "h", NULL },
	{ "inner", FIELD_OBJECT, 0, 0, 0, "{}", NULL, "h", &inner_table },
};

static FIELD_TABLE(sample_table, "a sample", struct sample, "h", sample_fields);

struct fixture {
	struct mistakes *mistakes;
	struct document *document;
	struct decoder decoder;
	json_t *tree;
	struct sample sample;
};

/* Decodes a text; the caller looks and calls leave(). */
static void enter(struct fixture *fixture, const char *text)
{
	memset(fixture, 0, sizeof(*fixture));
	fixture->mistakes = mistakes_new();
	fixture->document = document_parse("f", text, strlen(text), fixture->mistakes);
	g_assert_nonnull(fixture->document);
	fixture->decoder = (struct decoder){
		.arena = arena_new(1024), .origins = origins_new(), .mistakes = fixture->mistakes,
		.pointer = g_string_new(NULL),
	};
	origins_push(fixture->decoder.origins, &(struct origin){
		.pointer = "", .document = fixture->document, .at = "", .replaces = true,
	});
	fixture->tree = json_deep_copy(fixture->document->root);
	decode_object(&fixture->decoder, fixture->tree, &sample_table, &fixture->sample);
}

static void leave(struct fixture *fixture)
{
	json_decref(fixture->tree);
	arena_free(fixture->decoder.arena);
	origins_free(fixture->decoder.origins);
	g_string_free(fixture->decoder.pointer, TRUE);
	document_free(fixture->document);
	mistakes_free(fixture->mistakes);
}

static void test_defaults(void)
{
	struct fixture f;
	char *effective;

	enter(&f, "{\"text\": \"t\", \"// a\": 1}");
	g_assert_cmpuint(mistakes_count(f.mistakes), ==, 0);
	g_assert_cmpuint(f.sample.number, ==, 7);
	g_assert_cmpuint(f.sample.time, ==, PS_PER_US);
	g_assert_cmpint(f.sample.word, ==, 1);
	g_assert_cmpstr(f.sample.text, ==, "t");
	g_assert_cmpint(f.sample.ids.word, ==, 0);
	g_assert_cmpuint(f.sample.version, ==, KERNEL(6, 5));
	g_assert_cmpuint(f.sample.hertz, ==, 0);
	g_assert_cmpuint(f.sample.ppm, ==, 10000);
	g_assert_cmpuint(f.sample.bytes, ==, 65536);
	g_assert_cmpuint(f.sample.limit, ==, 3);
	g_assert_false(f.sample.flag);
	g_assert_null(f.sample.name);
	effective = json_dumps(f.tree, JSON_COMPACT);
	g_assert_cmpstr(
		effective, ==,
		"{\"number\":7,\"large\":1,\"time\":\"1us\",\"word\":\"two\",\"text\":\"t\","
		"\"ids\":\"one\",\"version\":\"6.5\",\"hertz\":null,\"ppm\":\"1%\","
		"\"bytes\":\"64KiB\",\"limit\":3,\"flag\":false,\"inner\":{\"name\":null}}");
	free(effective);
	leave(&f);
}

static void test_values(void)
{
	struct fixture f;

	enter(&f,
	      "{\"inner\": {\"name\": \"n_1\"}, \"ids\": [3, 1], \"large\": 9223372036854775807,"
	      "\"text\": \"t\", \"hertz\": \"2GHz\", \"number\": 10, \"word\": \"one\","
	      "\"limit\": null, \"flag\": true}");
	g_assert_cmpuint(mistakes_count(f.mistakes), ==, 0);
	g_assert_cmpstr(f.sample.name, ==, "n_1");
	g_assert_cmpint(f.sample.ids.word, ==, -1);
	g_assert_cmpuint(f.sample.ids.nr_ids, ==, 2);
	g_assert_cmpuint(f.sample.ids.ids[0], ==, 3);
	g_assert_cmpuint(f.sample.ids.ids[1], ==, 1);
	g_assert_cmpuint(f.sample.large, ==, INT64_MAX);
	g_assert_cmpuint(f.sample.hertz, ==, UINT64_C(2000000000));
	g_assert_cmpint(f.sample.word, ==, 0);
	g_assert_cmpuint(f.sample.limit, ==, UINT64_MAX);
	g_assert_true(f.sample.flag);
	leave(&f);
}

/* One mistake each, and its place: the line of a value, of a key, of the object around. */
static void test_mistakes(void)
{
	static const struct {
		const char *text, *expected;
	} rows[] = {
		{ "{\"number\": 2}", "f:1:1: error: missing key \"text\": h [/text]" },
		{ "{\"text\": \"t\",\n\"nunber\": 2}",
		  "f:2:1: error: unknown key \"nunber\" of a "
		  "sample; did you mean \"number\"? [/nunber]" },
		{ "{\"text\": \"t\",\n\"number\": 11}",
		  "f:2:11: error: 11 is out of range: 1 to 10 [/number]" },
		{ "{\"text\": \"t\",\n\"ids\": [1,\n2, 10]}",
		  "f:3:4: error: 10 is out of range: 0 to 9 [/ids/2]" },
		{ "{\"text\": null}", "f:1:10: error: expected a string, found null [/text]" },
		{ "{\"text\": \"t\", \"inner\": {\"name\": \"a b\"}}",
		  "f:1:33: error: \"a b\" is no name: A-Z, a-z, 0-9, \"-\" and \"_\" only "
		  "[/inner/name]" },
		{ "{\"text\": \"t\", \"inner\": 5}",
		  "f:1:24: error: expected an object (inner), found an integer [/inner]" },
		{ "{\"text\": \"t\", \"time\": \"2s\"}",
		  "f:1:23: error: \"2s\" is out of range: 0ps to 1s [/time]" },
		{ "{\"text\": \"t\", \"time\": 5}",
		  "f:1:23: error: a duration is a string with a unit, "
		  "such as \"250ns\"; found an integer [/time]" },
		{ "{\"text\": \"t\", \"bytes\": \"5KiB\"}",
		  "f:1:24: error: unknown value \"5KiB\" of "
		  "\"bytes\"; did you mean \"4KiB\"? [/bytes]" },
		{ "{\"text\": \"t\", \"ids\": []}",
		  "f:1:22: error: a list of 0 numbers: 1 to 65536 are possible [/ids]" },
		{ "{\"text\": \"t\", \"limit\": 10}",
		  "f:1:24: error: 10 is out of range: 1 to 9 [/limit]" },
		{ "{\"text\": \"t\", \"flag\": null}",
		  "f:1:23: error: expected true or false, found null [/flag]" },
		{ "[]", "f:1:1: error: expected an object (a sample), found an array" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct fixture f;
		char **lines;

		enter(&f, rows[i].text);
		lines = mistakes_lines(f.mistakes, "error");
		g_assert_cmpuint(g_strv_length(lines), ==, 1);
		g_assert_cmpstr(lines[0], ==, rows[i].expected);
		g_assert_cmpuint(f.decoder.nr_mistakes, ==, 1);
		g_strfreev(lines);
		leave(&f);
	}
}

static void check_table(const struct field_table *table)
{
	for (size_t i = 0; i < table->nr_fields; i++) {
		const struct field *field = &table->fields[i];
		json_t *value;

		g_assert_nonnull(field->key);
		g_assert_nonnull(field->help);
		g_assert_cmpuint(field->min, <=, field->max);
		g_assert_true(field->type == FIELD_JSON || field->offset < table->size);
		if (field->type == FIELD_WORD || field->type == FIELD_BYTES)
			g_assert_nonnull(field->words);
		if (field->type == FIELD_OBJECT)
			check_table(field->nested);
		for (size_t j = 0; j < i; j++)
			g_assert_cmpstr(table->fields[j].key, !=, field->key);
		if (!field->fallback || strcmp(field->fallback, FIELD_ABSENT) == 0)
			continue;
		value = json_loads(field->fallback, JSON_DECODE_ANY, NULL);
		g_assert_nonnull(value);
		json_decref(value);
	}
}

static void test_tables(void)
{
	const struct field_table *const tables[] = {
		&scenario_table, &routes_table, &route_table_head, &workload_head, &expect_table,
		&platform_table, &cost_table, &cost_values_table, &alternative_table, &vm_table,
		&topology_table, &idle_table, &idle_state_table, &smt_table, &halt_poll_table,
	};

	for (size_t i = 0; i < G_N_ELEMENTS(tables); i++)
		check_table(tables[i]);
	for (size_t i = 0; i < nr_workloads; i++)
		check_table(workload_table[i]->params);
	for (size_t i = 0; i < nr_routes; i++)
		if (route_table[i]->params)
			check_table(route_table[i]->params);
}

/* Tables that are searched or shown in order are in order. */
static void test_sorted(void)
{
	for (size_t i = 1; i < nr_routes; i++)
		g_assert_cmpstr(route_table[i - 1]->name, <, route_table[i]->name);
	for (size_t i = 1; i < nr_workloads; i++)
		g_assert_cmpstr(workload_table[i - 1]->name, <, workload_table[i]->name);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/decode/defaults", test_defaults);
	g_test_add_func("/decode/values", test_values);
	g_test_add_func("/decode/mistakes", test_mistakes);
	g_test_add_func("/decode/tables", test_tables);
	g_test_add_func("/decode/sorted", test_sorted);
	return g_test_run();
}
