#include "app/table_cells.h"

#include "app/label.h"

/* A text column keeps this much when it is cut. */
enum { WIDTH_MIN = 8 };

struct table_cells *table_cells_new(void)
{
	struct table_cells *cells = g_new0(struct table_cells, 1);

	cells->columns = g_array_new(FALSE, TRUE, sizeof(struct table_column));
	cells->cells = g_ptr_array_new_with_free_func(g_free);
	return cells;
}

void table_cells_free(struct table_cells *cells)
{
	for (guint i = 0; i < cells->columns->len; i++)
		g_free(g_array_index(cells->columns, struct table_column, i).title);
	g_array_free(cells->columns, TRUE);
	g_ptr_array_unref(cells->cells);
	g_free(cells);
}

void table_add_column(struct table_cells *cells, const char *title, enum table_align align)
{
	struct table_column column = { .title = g_strdup(title), .align = align };

	g_array_append_val(cells->columns, column);
}

void table_add_cell(struct table_cells *cells, char *text)
{
	g_ptr_array_add(cells->cells, text ? text : g_strdup(""));
}

static const struct table_column *column_of(const struct table_cells *cells, guint index)
{
	return &g_array_index(cells->columns, struct table_column,
			      index % cells->columns->len);
}

static unsigned int *natural_widths(const struct table_cells *cells)
{
	guint nr_columns = cells->columns->len;
	unsigned int *widths = g_new0(unsigned int, nr_columns);

	for (guint i = 0; i < nr_columns; i++)
		widths[i] = label_width(column_of(cells, i)->title);
	for (guint i = 0; i < cells->cells->len; i++) {
		unsigned int width = label_width(g_ptr_array_index(cells->cells, i));

		widths[i % nr_columns] = MAX(widths[i % nr_columns], width);
	}
	return widths;
}

/*
 * Returns the blanks between two columns: two, or one where that is too much. Then takes what is
 * still too much from the widest text column, again and again.
 */
static unsigned int fit_widths(const struct table_cells *cells, unsigned int *widths,
			       unsigned int width)
{
	guint nr_columns = cells->columns->len;
	unsigned int gap = 2, total = gap * (nr_columns - 1);

	for (guint i = 0; i < nr_columns; i++)
		total += widths[i];
	if (total > width) {
		gap = 1;
		total -= nr_columns - 1;
	}
	while (total > width) {
		guint widest = nr_columns;

		for (guint i = 0; i < nr_columns; i++)
			if (column_of(cells, i)->align == ALIGN_LEFT && widths[i] > WIDTH_MIN &&
			    (widest == nr_columns || widths[i] > widths[widest]))
				widest = i;
		if (widest == nr_columns)
			break;
		widths[widest]--;
		total--;
	}
	return gap;
}

static void put_cell(GString *out, const char *text, unsigned int width, enum table_align align)
{
	char *cut = label_cut(text, width);
	unsigned int used = label_width(cut);

	if (align == ALIGN_LEFT)
		g_string_append(out, cut);
	for (unsigned int i = used; i < width; i++)
		g_string_append_c(out, ' ');
	if (align == ALIGN_RIGHT)
		g_string_append(out, cut);
	g_free(cut);
}

static void end_line(GString *out)
{
	while (out->len && out->str[out->len - 1] == ' ')
		g_string_truncate(out, out->len - 1);
	g_string_append_c(out, '\n');
}

void table_put_text(const struct table_cells *cells, unsigned int width, GString *out)
{
	guint nr_columns = cells->columns->len;
	unsigned int *widths = natural_widths(cells);
	int gap = (int)fit_widths(cells, widths, width);

	for (guint i = 0; i < nr_columns + cells->cells->len; i++) {
		guint column = i % nr_columns;
		const char *text = i < nr_columns ? column_of(cells, i)->title :
						    g_ptr_array_index(cells->cells, i - nr_columns);

		if (column)
			g_string_append_printf(out, "%*s", gap, "");
		put_cell(out, text, widths[column], column_of(cells, column)->align);
		if (column + 1 == nr_columns)
			end_line(out);
	}
	g_free(widths);
}

static void put_escaped(GString *out, const char *text)
{
	char *clean = label_cut(text, label_width(text));

	for (const char *c = clean; *c; c++) {
		if (*c == '|' || *c == '\\' || *c == '*' || *c == '_' || *c == '`' || *c == '<')
			g_string_append_c(out, '\\');
		g_string_append_c(out, *c);
	}
	g_free(clean);
}

void table_put_markdown(const struct table_cells *cells, GString *out)
{
	guint nr_columns = cells->columns->len;

	for (guint i = 0; i < nr_columns; i++) {
		g_string_append(out, "| ");
		put_escaped(out, column_of(cells, i)->title);
		g_string_append_c(out, ' ');
	}
	g_string_append(out, "|\n");
	for (guint i = 0; i < nr_columns; i++)
		g_string_append(out, column_of(cells, i)->align == ALIGN_LEFT ? "|---" : "|---:");
	g_string_append(out, "|\n");
	for (guint i = 0; i < cells->cells->len; i++) {
		g_string_append(out, "| ");
		put_escaped(out, g_ptr_array_index(cells->cells, i));
		g_string_append(out, i % nr_columns + 1 == nr_columns ? " |\n" : " ");
	}
}
