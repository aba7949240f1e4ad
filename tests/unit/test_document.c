/*
 * test_document - places of values and keys, JSON Pointers, nearest names, lists of mistakes.
 */
#include <glib.h>
#include <string.h>

#include "app/document.h"
#include "app/nearest.h"

static struct document *parse(const char *text, guint nr_mistakes)
{
	struct mistakes *mistakes = mistakes_new();
	struct document *document = document_parse("f", text, strlen(text), mistakes);

	g_assert_cmpuint(mistakes_count(mistakes), ==, nr_mistakes);
	mistakes_free(mistakes);
	return document;
}

static void assert_value(const struct document *document, const char *pointer, uint32_t line,
			 uint32_t column)
{
	struct place place;

	g_assert_true(document_find_value(document, pointer, &place));
	g_assert_cmpuint(place.line, ==, line);
	g_assert_cmpuint(place.column, ==, column);
}

static void test_places(void)
{
	struct document *document = parse("{ \"a\": [1, {\"b\" :\n\ttrue}],\n"
					  "\"\303\251\": \"\303\251\", \"c\": 7,"
					  "\"x/y~z\\u0021\": {}}", 0);
	struct place place;

	assert_value(document, "", 1, 1);
	assert_value(document, "/a", 1, 8);
	assert_value(document, "/a/0", 1, 9);
	assert_value(document, "/a/1", 1, 12);
	assert_value(document, "/a/1/b", 2, 2);
	assert_value(document, "/\303\251", 3, 6);
	assert_value(document, "/c", 3, 16);	/* columns are characters */
	assert_value(document, "/x~1y~0z!", 3, 33);
	g_assert_true(document_find_key(document, "/a/1/b", &place));
	g_assert_cmpuint(place.line, ==, 1);
	g_assert_cmpuint(place.column, ==, 13);
	g_assert_false(document_find_value(document, "/a/2", &place));
	place = document_find_nearest(document, "/a/1/q/r");
	g_assert_cmpuint(place.column, ==, 12);
	document_free(document);
}

static void test_duplicates(void)
{
	/* what two members of the same name hold is compared with nothing */
	document_free(parse("{\"a\": {\"b\": 1}, \"a\": {\"b\": 2}}", 1));
	document_free(parse("{\"a\": 1, \"b\": 2, \"a\": 3, \"b\": 4, \"a\": 5}", 3));
	document_free(parse("{\"\\u0061\": 1, \"a\": 2}", 1));
	document_free(parse("{\"// x\": 1, \"// x\": 2}", 0));
	document_free(parse("[{\"a\": 1}, {\"a\": 2}]", 0));
}

static void test_depth(void)
{
	GString *text = g_string_new(NULL);

	for (int i = 0; i < DOCUMENT_DEPTH_MAX; i++)
		g_string_append_c(text, '[');
	for (int i = 0; i < DOCUMENT_DEPTH_MAX; i++)
		g_string_append_c(text, ']');
	document_free(parse(text->str, 0));
	g_string_prepend_c(text, '[');
	g_string_append_c(text, ']');
	g_assert_null(parse(text->str, 1));
	g_string_free(text, TRUE);
}

static void test_pointers(void)
{
	GString *pointer = g_string_new(NULL);
	char **parts;

	pointer_push(pointer, "a/b");
	pointer_push(pointer, "~1");
	pointer_push_index(pointer, 3);
	g_assert_cmpstr(pointer->str, ==, "/a~1b/~01/3");
	parts = pointer_split(pointer->str);
	g_assert_cmpstr(parts[0], ==, "a/b");
	g_assert_cmpstr(parts[1], ==, "~1");
	g_assert_cmpstr(parts[2], ==, "3");
	g_strfreev(parts);
	pointer_pop(pointer);
	pointer_pop(pointer);
	g_assert_cmpstr(pointer->str, ==, "/a~1b");
	g_string_free(pointer, TRUE);

	parts = pointer_split("/");
	g_assert_cmpuint(g_strv_length(parts), ==, 1);
	g_strfreev(parts);
	parts = pointer_split("");
	g_assert_cmpuint(g_strv_length(parts), ==, 0);
	g_strfreev(parts);
	g_assert_null(pointer_split("a"));
	g_assert_null(pointer_split("/a~2"));
	g_assert_null(pointer_split("/a~"));
	g_assert_true(pointer_is_within("/a/b", "/a"));
	g_assert_true(pointer_is_within("/a", "/a"));
	g_assert_true(pointer_is_within("/a", ""));
	g_assert_false(pointer_is_within("/ab", "/a"));
	g_assert_false(pointer_is_within("/a", "/a/b"));
}

static void assert_nearest(const char *word, const char *expected)
{
	GPtrArray *names = g_ptr_array_new();

	g_ptr_array_add(names, (char *)"vcpus");
	g_ptr_array_add(names, (char *)"pin");
	g_ptr_array_add(names, (char *)"list_registers");
	g_assert_cmpstr(nearest_name(word, names), ==, expected);
	g_ptr_array_unref(names);
}

static void test_nearest(void)
{
	char *longer = g_strnfill(1000, 'v');

	assert_nearest("vcpu", "vcpus");
	assert_nearest("vpcus", "vcpus");
	assert_nearest("pn", "pin");
	assert_nearest("pinn", "pin");
	assert_nearest("listregister", "list_registers");
	assert_nearest("frobnicate", NULL);
	assert_nearest("", NULL);
	assert_nearest(longer, NULL);
	g_free(longer);
}

static void add(struct mistakes *mistakes, const char *file, uint32_t line, const char *text,
		const char *context)
{
	mistakes_add(mistakes, &(struct location){ file, { line, 1 }, "/p" }, text, context);
}

static void test_mistakes(void)
{
	struct mistakes *mistakes = mistakes_new();
	char **lines;

	add(mistakes, "b", 3, "three", "in x");
	add(mistakes, "b", 1, "one", NULL);
	add(mistakes, "a", 1, "other \033[2J\377", NULL);
	add(mistakes, "b", 3, "three", "in y");
	lines = mistakes_lines(mistakes, "error");
	g_assert_cmpuint(g_strv_length(lines), ==, 3);
	g_assert_cmpstr(lines[0], ==, "b:1:1: error: one [/p]");
	g_assert_cmpstr(lines[1], ==, "b:3:1: error: three (in x) [/p]");
	g_assert_cmpstr(lines[2], ==, "a:1:1: error: other \\x1b[2J\\xff [/p]");
	g_strfreev(lines);

	mistakes_drop_context(mistakes, 2);
	lines = mistakes_lines(mistakes, "error");
	g_assert_cmpstr(lines[1], ==, "b:3:1: error: three [/p]");
	g_strfreev(lines);

	for (uint32_t i = 0; i < 1000; i++)
		add(mistakes, "c", i + 1, "many", NULL);
	g_assert_true(mistakes_full(mistakes));
	lines = mistakes_lines(mistakes, "error");
	g_assert_cmpstr(lines[g_strv_length(lines) - 1], ==,
			"irqsim: error: further ones are not shown");
	g_strfreev(lines);
	mistakes_free(mistakes);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/document/places", test_places);
	g_test_add_func("/document/duplicates", test_duplicates);
	g_test_add_func("/document/depth", test_depth);
	g_test_add_func("/document/pointers", test_pointers);
	g_test_add_func("/document/nearest", test_nearest);
	g_test_add_func("/document/mistakes", test_mistakes);
	return g_test_run();
}
