/*
 * table_cells - text in columns, for table.c: widths, cutting, alignment, Markdown.
 */
#ifndef APP_TABLE_CELLS_H
#define APP_TABLE_CELLS_H

#include <glib.h>
#include <stdbool.h>

enum table_align { ALIGN_LEFT, ALIGN_RIGHT };

struct table_column {
	char *title;
	enum table_align align;		/* left: may be cut to fit */
};

struct table_cells {
	GArray *columns;		/* struct table_column */
	GPtrArray *cells;		/* char *, row after row; NULL: the heading goes on */
};

struct table_cells *table_cells_new(void);
void table_cells_free(struct table_cells *cells);

/* All columns first; title is copied. */
void table_add_column(struct table_cells *cells, const char *title, enum table_align align);

/* The next cell of the row; takes the text, NULL is an empty cell. */
void table_add_cell(struct table_cells *cells, char *text);

/* A row that is one text over all columns; takes it. */
void table_add_heading(struct table_cells *cells, char *text);

/* Characters of a line when nothing is cut. */
unsigned int table_width(const struct table_cells *cells);

/* In columns with blanks between, cut so that a line has at most width characters if it can be. */
void table_put_text(const struct table_cells *cells, unsigned int width, GString *out);

void table_put_markdown(const struct table_cells *cells, GString *out);

/* The text without control characters, with what means something in Markdown escaped. */
void table_put_escaped(GString *out, const char *text);

#endif
