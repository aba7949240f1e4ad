#include "app/text_edit.h"

#include <stdlib.h>
#include <string.h>

/* Of the byte at a place that the text has. */
static gsize offset_of(const GString *text, struct place place)
{
	gsize at = 0;

	for (uint32_t line = 1; line < place.line; at++)
		line += text->str[at] == '\n';
	/* columns are characters: bytes that go on with one do not count */
	for (uint32_t column = 1; column < place.column; column++)
		do
			at++;
		while (((guchar)text->str[at] & 0xc0) == 0x80);
	return at;
}

/* From quote to quote. */
static gsize string_length(const GString *text, gsize begin)
{
	gsize at = begin + 1;

	for (; text->str[at] != '"'; at++)
		if (text->str[at] == '\\')
			at++;
	return at + 1 - begin;
}

static gint compare_places(gconstpointer a, gconstpointer b, gpointer document)
{
	const struct text_edit *first = a, *second = b;
	struct place x = { 0, 0 }, y = { 0, 0 };

	document_find_value(document, first->pointer, &x);
	document_find_value(document, second->pointer, &y);
	if (x.line != y.line)
		return x.line < y.line ? -1 : 1;
	return x.column < y.column ? -1 : x.column > y.column;
}

static bool replace(const struct document *document, GString *text, const struct text_edit *edit)
{
	const json_t *old = pointer_get(document->root, edit->pointer);
	struct place place;
	json_t *json;
	char *shown;
	gsize begin;

	if (!json_is_string(old) || !document_find_value(document, edit->pointer, &place))
		return false;
	if (strcmp(json_string_value(old), edit->value) == 0)
		return true;	/* however it is escaped */
	json = json_string(edit->value);
	shown = json_dumps(json, JSON_ENCODE_ANY);
	begin = offset_of(text, place);
	g_string_erase(text, (gssize)begin, (gssize)string_length(text, begin));
	g_string_insert(text, (gssize)begin, shown);
	free(shown);
	json_decref(json);
	return true;
}

GString *text_edit_apply(const struct document *document, const GString *text,
			 struct text_edit *edits, gsize nr_edits)
{
	GString *edited = g_string_new_len(text->str, (gssize)text->len);

	g_qsort_with_data(edits, (gint)nr_edits, sizeof(*edits), compare_places,
			  (gpointer)document);
	/* from the last one on, so that the places before it hold */
	for (gsize i = nr_edits; i-- > 0;) {
		if (replace(document, edited, &edits[i]))
			continue;
		g_string_free(edited, TRUE);
		return NULL;
	}
	return edited;
}
