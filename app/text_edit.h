/*
 * text_edit - strings of a JSON text replaced in place: every other byte stays.
 *
 * So a program can change a value of a file that people write, with its comments, its order and its
 * layout. Only changes strings that are there; never adds or removes a member.
 */
#ifndef APP_TEXT_EDIT_H
#define APP_TEXT_EDIT_H

#include <glib.h>

#include "app/document.h"

struct text_edit {
	const char *pointer;	/* of a value of the document that is a string */
	const char *value;	/* its new content, UTF-8 */
};

/*
 * The text that document was parsed from, with the edits; the array is sorted by place. NULL: a
 * pointer does not name a string of the text. g_string_free() the result.
 */
GString *text_edit_apply(const struct document *document, const GString *text,
			 struct text_edit *edits, gsize nr_edits);

#endif
