/*
 * test_text_edit - strings replaced in a JSON text, and every other byte left alone.
 */
#include <glib.h>
#include <string.h>

#include "app/text_edit.h"

static const char before[] =
	"{\r\n\t\"// a \\\" \xc3\xa4\": \"\xc3\xb6\", \"\xc3\xbc\" : [ \"x\\\"y\\\\\",\"z\" ],\n"
	"  \"b\":{\"kind\":\"old\" , \"n\": 1.50},\n\"last\": \"\xe2\x82\xac\" }\n\n";

static const char after[] =
	"{\r\n\t\"// a \\\" \xc3\xa4\": \"\xc3\xb6\", \"\xc3\xbc\" : [ \"1 \\\"2\\\"\",\"\" ],\n"
	"  \"b\":{\"kind\":\"a longer one\" , \"n\": 1.50},\n\"last\": \"\xe2\x82\xac!\" }\n\n";

static char *edit(const char *text, struct text_edit *edits, gsize nr_edits)
{
	struct mistakes *mistakes = mistakes_new();
	struct document *document = document_parse("f", text, strlen(text), mistakes);
	GString *old = g_string_new(text);
	GString *new;

	g_assert_nonnull(document);
	new = text_edit_apply(document, old, edits, nr_edits);
	g_string_free(old, TRUE);
	document_free(document);
	mistakes_free(mistakes);
	return new ? g_string_free(new, FALSE) : NULL;
}

static void test_in_place(void)
{
	/* in any order */
	struct text_edit edits[] = {
		{ "/last", "\xe2\x82\xac!" },
		{ "/\xc3\xbc/0", "1 \"2\"" },
		{ "/b/kind", "a longer one" },
		{ "/\xc3\xbc/1", "" },
	};
	char *new = edit(before, edits, G_N_ELEMENTS(edits));

	g_assert_cmpstr(new, ==, after);
	g_free(new);
}

/* The same content, written in another way, stays as it was. */
static void test_same(void)
{
	static const char text[] = "{\"a\": \"\\u0041\\/\"}";
	struct text_edit edits[] = { { "/a", "A/" } };
	char *new = edit(text, edits, 1);

	g_assert_cmpstr(new, ==, text);
	g_free(new);
}

static void test_no_string(void)
{
	struct text_edit number[] = { { "/b/n", "2" } };
	struct text_edit nothing[] = { { "/c", "2" } };

	g_assert_null(edit(before, number, 1));
	g_assert_null(edit(before, nothing, 1));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/text-edit/in-place", test_in_place);
	g_test_add_func("/text-edit/same", test_same);
	g_test_add_func("/text-edit/no-string", test_no_string);
	return g_test_run();
}
