#include "app/table_cells.h"

#include <string.h>

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

void table_add_heading(struct table_cells *cells, char *text)
{
	g_ptr_array_add(cells->cells, text);
	for (guint i = 1; i < cells->columns->len; i++)
		g_ptr_array_add(cells->cells, NULL);
}

static const char *cell(const struct table_cells *cells, guint index)
{
	return g_ptr_array_index(cells->cells, index);
}

/* With one column there is no telling, and no need to. */
static bool is_heading(const struct table_cells *cells, guint index)
{
	guint first = index - index % cells->columns->len;

	return cells->columns->len > 1 && !cell(cells, first + 1);
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
		unsigned int width = is_heading(cells, i) ? 0 : label_width(cell(cells, i));

		widths[i % nr_columns] = MAX(widths[i % nr_columns], width);
	}
	return widths;
}

unsigned int table_width(const struct table_cells *cells)
{
	unsigned int *widths = natural_widths(cells), total = cells->columns->len - 1;

	for (guint i = 0; i < cells->columns->len; i++)
		total += widths[i];
	g_free(widths);
	return total;
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

static void put_line(GString *out, const struct table_cells *cells, const unsigned int *widths,
		     unsigned int gap, const char *const *texts)
{
	for (guint column = 0; column < cells->columns->len; column++) {
		for (unsigned int i = 0; column && i < gap; i++)
			g_string_append_c(out, ' ');
		put_cell(out, texts[column], widths[column], column_of(cells, column)->align);
	}
	end_line(out);
}

static void put_titles(GString *out, const struct table_cells *cells, const unsigned int *widths,
		       unsigned int gap)
{
	const char **titles = g_new(const char *, cells->columns->len);

	for (guint i = 0; i < cells->columns->len; i++)
		titles[i] = column_of(cells, i)->title;
	put_line(out, cells, widths, gap, titles);
	g_free(titles);
}

void table_put_text(const struct table_cells *cells, unsigned int width, GString *out)
{
	unsigned int *widths = natural_widths(cells);
	unsigned int gap = fit_widths(cells, widths, width);

	put_titles(out, cells, widths, gap);
	for (guint i = 0; i < cells->cells->len; i += cells->columns->len) {
		if (is_heading(cells, i)) {
			put_cell(out, cell(cells, i), width, ALIGN_LEFT);
			end_line(out);
		} else {
			put_line(out, cells, widths, gap,
				 (const char *const *)&g_ptr_array_index(cells->cells, i));
		}
	}
	g_free(widths);
}

void table_put_escaped(GString *out, const char *text)
{
	char *clean = label_cut(text, label_width(text));

	for (const char *c = clean; *c; c++) {
		if (strchr("|\\*_`<[&", *c))
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
		table_put_escaped(out, column_of(cells, i)->title);
		g_string_append_c(out, ' ');
	}
	g_string_append(out, "|\n");
	for (guint i = 0; i < nr_columns; i++)
		g_string_append(out, column_of(cells, i)->align == ALIGN_LEFT ? "|---" : "|---:");
	g_string_append(out, "|\n");
	for (guint i = 0; i < cells->cells->len; i++) {
		g_string_append(out, "| ");
		table_put_escaped(out, cell(cells, i) ? cell(cells, i) : "");
		g_string_append(out, i % nr_columns + 1 == nr_columns ? " |\n" : " ");
	}
}
