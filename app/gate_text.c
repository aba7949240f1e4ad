/* gate_text - the answer of a gate for a terminal, and as Markdown for a pull request. */
#include "app/gate_parts.h"
#include "app/label.h"
#include "app/table.h"

enum {
	DIFFERENCES_SHOWN_MAX = 20,
	ROWS_SHOWN_MAX = 40,		/* of a scenario; JSON has all */
	ROWS_SHOWN_FIRST = 10,		/* before what is folded */
};

static void add_line(GPtrArray *lines, char *text)
{
	g_ptr_array_add(lines, label_cut(text, label_width(text)));
	g_free(text);
}

static void add_differences(GPtrArray *lines, const struct comparison *comparison)
{
	const GPtrArray *differences = comparison->differences;

	if (g_strcmp0(comparison->old->version, comparison->new->version) != 0)
		add_line(lines, g_strdup_printf("irqsim %s -> %s", comparison->old->version,
						comparison->new->version));
	for (guint i = 0; i < MIN(differences->len, DIFFERENCES_SHOWN_MAX); i++)
		add_line(lines, g_strdup(g_ptr_array_index(differences, i)));
	if (differences->len > DIFFERENCES_SHOWN_MAX)
		add_line(lines, g_strdup_printf("and %u more values of the scenario that differ",
						differences->len - DIFFERENCES_SHOWN_MAX));
}

static void add_cases(GPtrArray *lines, const struct comparison *comparison)
{
	guint nr = 0;

	for (guint i = 0; i < comparison->nr_cases; i++) {
		const struct comparison_case *shown = &comparison->cases[i];
		char *remark = gate_case_remark(shown), *label;

		if (remark && nr++ < DIFFERENCES_SHOWN_MAX) {
			label = gate_case_label(shown);
			add_line(lines, g_strdup_printf("%s: %s", label, remark));
			g_free(label);
		}
		g_free(remark);
	}
	if (nr > DIFFERENCES_SHOWN_MAX)
		add_line(lines, g_strdup_printf("and %u more such cases",
						nr - DIFFERENCES_SHOWN_MAX));
}

char **gate_remarks(const struct gate_entry *entry)
{
	GPtrArray *lines = g_ptr_array_new();

	for (guint i = 0; entry->expectations && i < entry->expectations->len; i++)
		add_line(lines, g_strdup_printf("expectation failed: %s",
						(char *)g_ptr_array_index(entry->expectations, i)));
	if (entry->comparison && entry->comparison->undeciding)
		add_line(lines, g_strdup(gate_undeciding_text));
	if (entry->comparison) {
		add_differences(lines, entry->comparison);
		add_cases(lines, entry->comparison);
	}
	g_ptr_array_add(lines, NULL);
	return (char **)g_ptr_array_free(lines, FALSE);
}

/* --- text ---------------------------------------------------------------------------------- */

static void put_wrapped(GString *out, const char *indent, const char *text)
{
	char *wrapped = label_wrap(text, TABLE_WIDTH_MAX - label_width(indent));
	char **lines = g_strsplit(wrapped, "\n", -1);

	for (guint i = 0; lines[i]; i++)
		g_string_append_printf(out, "%s%s\n", indent, lines[i]);
	g_strfreev(lines);
	g_free(wrapped);
}

static const char note_text[] = "(in parentheses: has no limit, does not decide)";

static bool has_undeciding(const GArray *rows)
{
	for (guint i = 0; i < rows->len; i++)
		if (!g_array_index(rows, struct gate_row, i).row->decides)
			return true;
	return false;
}

static void put_rows(GString *out, const struct comparison *comparison)
{
	GArray *rows = gate_rows(comparison);

	if (rows->len) {
		struct table_cells *cells = gate_table(rows, ROWS_SHOWN_MAX);

		g_string_append_c(out, '\n');
		table_put_text(cells, TABLE_WIDTH_MAX, out);
		table_cells_free(cells);
	}
	if (rows->len > ROWS_SHOWN_MAX)
		g_string_append_printf(out, "and %u more rows; --format=json has all of them\n",
				       rows->len - ROWS_SHOWN_MAX);
	if (has_undeciding(rows))
		g_string_append_printf(out, "%s\n", note_text);
	if (rows->len)
		g_string_append_c(out, '\n');
	g_array_unref(rows);
}

static void put_entry(GString *out, const struct gate_entry *entry)
{
	char *headline = gate_headline(entry), **remarks = gate_remarks(entry);
	char *line = g_strdup_printf("%s: %s", entry->name, headline);

	put_wrapped(out, "", line);
	for (guint i = 0; remarks[i]; i++)
		put_wrapped(out, "  ", remarks[i]);
	if (entry->comparison)
		put_rows(out, entry->comparison);
	g_free(line);
	g_free(headline);
	g_strfreev(remarks);
}

GString *gate_format_text(const GPtrArray *entries)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < entries->len; i++)
		put_entry(out, g_ptr_array_index(entries, i));
	return out;
}

/* --- Markdown ------------------------------------------------------------------------------ */

static void put_verdict_line(GString *out, const GPtrArray *entries)
{
	enum exit_status status = gate_status(entries);
	guint nr_unchanged = 0;

	for (guint i = 0; i < entries->len; i++) {
		const struct gate_entry *entry = g_ptr_array_index(entries, i);

		nr_unchanged += entry->comparison && entry->comparison->unchanged;
	}
	g_string_append_printf(out, "**irqsim: %s** (%u scenario%s, %u without a change of "
			       "behaviour)\n\n",
			       status == EXIT_DONE ? "passed" :
			       status == EXIT_NO   ? "failed" :
						     "not comparable",
			       entries->len, entries->len == 1 ? "" : "s", nr_unchanged);
}

static void put_folded(GString *out, const char *summary, const GArray *rows, char **remarks)
{
	if (!rows->len && !remarks[0])
		return;
	g_string_append_printf(out, "<details><summary>%s</summary>\n\n", summary);
	for (guint i = 0; remarks[i]; i++) {
		g_string_append(out, "- ");
		table_put_escaped(out, remarks[i]);
		g_string_append_c(out, '\n');
	}
	g_string_append_c(out, '\n');
	if (rows->len) {
		struct table_cells *cells = gate_table(rows, ROWS_SHOWN_MAX);

		table_put_markdown(cells, out);
		table_cells_free(cells);
	}
	if (rows->len > ROWS_SHOWN_MAX)
		g_string_append_printf(out, "\nand %u more rows\n", rows->len - ROWS_SHOWN_MAX);
	if (has_undeciding(rows))
		g_string_append_printf(out, "\n%s\n", note_text);
	g_string_append(out, "\n</details>\n\n");
}

/* What fails is seen at once; all that differs is folded. */
static void put_markdown_rows(GString *out, const struct gate_entry *entry)
{
	GArray *rows = entry->comparison ? gate_rows(entry->comparison) :
					   g_array_new(FALSE, FALSE, sizeof(struct gate_row));
	char **remarks = gate_remarks(entry);
	guint nr_failing = 0;

	while (nr_failing < rows->len && g_array_index(rows, struct gate_row, nr_failing).rank <= 1)
		nr_failing++;
	if (nr_failing) {
		struct table_cells *cells = gate_table(rows, MIN(nr_failing, ROWS_SHOWN_FIRST));

		table_put_markdown(cells, out);
		g_string_append_c(out, '\n');
		table_cells_free(cells);
	}
	put_folded(out, "all that differs", rows, remarks);
	g_strfreev(remarks);
	g_array_unref(rows);
}

GString *gate_format_markdown(const GPtrArray *entries)
{
	GString *out = g_string_new(NULL);

	put_verdict_line(out, entries);
	for (guint i = 0; i < entries->len; i++) {
		const struct gate_entry *entry = g_ptr_array_index(entries, i);
		char *headline = gate_headline(entry);

		g_string_append(out, "**");
		table_put_escaped(out, entry->name);
		g_string_append(out, "**: ");
		table_put_escaped(out, headline);
		g_string_append(out, "\n\n");
		put_markdown_rows(out, entry);
		g_free(headline);
	}
	return out;
}
