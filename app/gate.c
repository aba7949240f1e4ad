#include "app/gate.h"

#include <string.h>

#include "app/gate_parts.h"
#include "app/label.h"
#include "app/report.h"
#include "sim/u128.h"

void gate_entry_free(struct gate_entry *entry)
{
	if (!entry)
		return;
	comparison_free(entry->comparison);
	stored_free(entry->old);
	stored_free(entry->new);
	if (entry->expectations)
		g_ptr_array_unref(entry->expectations);
	g_free(entry->problem);
	g_free(entry->file);
	g_free(entry->against);
	g_free(entry->name);
	g_free(entry);
}

enum exit_status gate_status(const GPtrArray *entries)
{
	enum exit_status status = EXIT_DONE;

	for (guint i = 0; i < entries->len; i++)
		status = MAX(status, ((struct gate_entry *)g_ptr_array_index(entries, i))->status);
	return status;
}

GString *gate_format(const GPtrArray *entries, enum output_format format)
{
	switch (format) {
	case FORMAT_JSON:
		return gate_format_json(entries);
	case FORMAT_MARKDOWN:
		return gate_format_markdown(entries);
	case FORMAT_JUNIT:
		return gate_format_junit(entries);
	case FORMAT_GITHUB:
		return gate_format_github(entries);
	default:
		return gate_format_text(entries);
	}
}

const char gate_undeciding_text[] = "nothing decides: no metric that has a limit was measured";

/* --- which rows ---------------------------------------------------------------------------- */

int gate_rank(const struct comparison_case *in, const struct comparison_row *row)
{
	bool is_shown = row->verdict != CHANGE_SAME || (in->measured_differently && row->differs);

	if (!row->in_old || !is_shown)
		return -1;
	if (row->fails)
		return 0;
	if (in->measured_differently)
		return 1;
	if (row->decides)
		return row->verdict == CHANGE_BETTER ? 3 : 2;
	return 4;
}

static gint compare_ranks(gconstpointer a, gconstpointer b)
{
	const struct gate_row *left = a, *right = b;

	if (left->rank != right->rank)
		return left->rank < right->rank ? -1 : 1;
	return (left->index > right->index) - (left->index < right->index);
}

GArray *gate_rows(const struct comparison *comparison)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct gate_row));

	for (guint c = 0; c < comparison->nr_cases; c++) {
		const struct comparison_case *in = &comparison->cases[c];

		for (guint i = 0; i < in->nr_rows; i++) {
			struct gate_row shown = { .in = in, .row = &in->rows[i],
						  .rank = gate_rank(in, &in->rows[i]),
						  .index = rows->len };

			if (shown.rank >= 0)
				g_array_append_val(rows, shown);
		}
	}
	g_array_sort(rows, compare_ranks);
	return rows;
}

/* --- words --------------------------------------------------------------------------------- */

static bool is_measured_differently(const struct comparison *comparison)
{
	for (guint i = 0; i < comparison->nr_cases; i++)
		if (comparison->cases[i].measured_differently)
			return true;
	return false;
}

static guint count_deciding(const struct comparison *comparison, enum change_verdict verdict)
{
	guint nr = 0;

	for (guint c = 0; c < comparison->nr_cases; c++)
		for (guint i = 0; i < comparison->cases[c].nr_rows; i++)
			nr += comparison->cases[c].rows[i].decides &&
			      comparison->cases[c].rows[i].verdict == verdict;
	return nr;
}

static bool has_worse_end(const struct comparison *comparison)
{
	for (guint i = 0; i < comparison->nr_cases; i++)
		if (comparison->cases[i].nr_worse_ends)
			return true;
	return false;
}

static const char *verdict_of(const struct comparison *comparison)
{
	if (comparison->unchanged)
		return "no behaviour change";
	if (is_measured_differently(comparison))
		return "measured differently";
	if (count_deciding(comparison, CHANGE_WORSE) || has_worse_end(comparison))
		return change_words[CHANGE_WORSE];
	if (comparison->nr_undecided)
		return change_words[CHANGE_INCONCLUSIVE];
	if (count_deciding(comparison, CHANGE_BETTER))
		return change_words[CHANGE_BETTER];
	return change_words[CHANGE_SAME];
}

const char *gate_verdict(const struct gate_entry *entry)
{
	if (entry->problem)
		return entry->status == EXIT_INVALID ? "invalid" :
						       change_words[CHANGE_NOT_COMPARABLE];
	if (!entry->comparison)
		return "new baseline";
	return verdict_of(entry->comparison);
}

/* "3 worse, 594 same", "; 4 of 12 cases behave differently". */
static void put_counts(GString *out, const struct comparison *comparison)
{
	static const enum change_verdict order[] = {
		CHANGE_WORSE, CHANGE_BETTER, CHANGE_INCONCLUSIVE, CHANGE_SAME,
	};
	guint nr_odd = comparison->nr_rows[CHANGE_NOT_COMPARABLE] - comparison->nr_new;
	guint nr_changed = comparison->nr_behaviours[BEHAVIOUR_CHANGED];
	guint nr_unknown = comparison->nr_behaviours[BEHAVIOUR_UNKNOWN];
	const char *separator = ": ";

	for (gsize i = 0; i < G_N_ELEMENTS(order); i++) {
		if (comparison->nr_rows[order[i]] == 0)
			continue;
		g_string_append_printf(out, "%s%u %s", separator, comparison->nr_rows[order[i]],
				       change_words[order[i]]);
		separator = ", ";
	}
	if (nr_odd)
		g_string_append_printf(out, "%s%u gone", separator, nr_odd);
	if (nr_changed)
		g_string_append_printf(out, "; %u of %u cases behave differently", nr_changed,
				       comparison->nr_cases);
	if (nr_unknown)
		g_string_append_printf(out, "; %u fingerprints of another kind, not compared",
				       nr_unknown);
}

static void put_verdict(GString *out, const struct comparison *comparison)
{
	g_string_append(out, verdict_of(comparison));
	if (comparison->unchanged)
		g_string_append_printf(out, " (%u case%s)", comparison->nr_cases,
				       comparison->nr_cases == 1 ? "" : "s");
	else
		put_counts(out, comparison);
	if (comparison->nr_new)
		g_string_append_printf(out, "; %u metrics are new", comparison->nr_new);
}

char *gate_headline(const struct gate_entry *entry)
{
	GString *out = g_string_new(NULL);

	if (entry->problem) {
		g_string_append_printf(out, "%s: %s", gate_verdict(entry), entry->problem);
	} else {
		if (entry->update == GATE_NEW)
			g_string_append(out, "new baseline");
		else if (entry->update == GATE_REWRITTEN)
			g_string_append(out, "baseline updated, ");
		else if (entry->update == GATE_KEPT)
			g_string_append(out, "baseline kept, ");
		if (entry->comparison)
			put_verdict(out, entry->comparison);
		else if (entry->update == GATE_REWRITTEN)
			g_string_append(out, "the one before does not compare with it");
	}
	if (entry->expectations && entry->expectations->len)
		g_string_append_printf(out, "; %u expectation%s failed", entry->expectations->len,
				       entry->expectations->len == 1 ? "" : "s");
	return g_string_free(out, FALSE);
}

char *gate_case_label(const struct comparison_case *comparison_case)
{
	char *point = label_point(comparison_case->point);
	char *label = g_strconcat(comparison_case->alternative, *point ? " " : "", point, NULL);

	g_free(point);
	return label;
}

char *gate_case_remark(const struct comparison_case *comparison_case)
{
	if (!comparison_case->in_new)
		return g_strdup("not run any more");
	if (!comparison_case->in_old)
		return g_strdup("not run before");
	if (comparison_case->nr_worse_ends)
		return g_strdup_printf("%u of %u replications do not come to their end any more "
				       "(%s)", comparison_case->nr_worse_ends,
				       comparison_case->nr_pairs,
				       run_end_words[comparison_case->worse_end]);
	if (comparison_case->measured_differently)
		return g_strdup("measured differently: equal fingerprints, other values");
	return NULL;
}

/* --- one row ------------------------------------------------------------------------------- */

static char *limit_text(uint32_t ppm)
{
	char *number = label_decimal(ppm, 10000, ppm % 10000 ? 2 : 0);
	char *text = g_strconcat(number, "%", NULL);

	g_free(number);
	return text;
}

char *gate_row_verdict(const struct comparison_row *row)
{
	const char *word = row->in_new ? change_words[row->verdict] : "gone";
	char *limit, *text;

	if (!row->decides)
		return g_strdup_printf("(%s)", word);
	if (!row->limited)
		return g_strdup(word);
	limit = limit_text(row->limit_ppm);
	text = g_strdup_printf("%s, limit %s", word, limit);
	g_free(limit);
	return text;
}

static struct display_unit unit_of(const struct comparison_row *row)
{
	return display_unit(&row->metric, (uint64_t)MAX(row->old.value, row->new.value));
}

static char *value_text(const struct estimate *estimate, struct display_unit unit)
{
	return estimate->n ? label_decimal(estimate->value, unit.size, unit.decimals) :
			     g_strdup("-");
}

/* Hundredths of a percent, at most what an int64_t holds. */
static int64_t percent_of(int64_t value, int64_t of)
{
	uint64_t size = value < 0 ? -(uint64_t)value : (uint64_t)value;
	struct u128 share = u128_div_round(u128_mul_u64(size, 10000), (uint64_t)of);
	int64_t cut = share.hi || share.lo > INT64_MAX ? INT64_MAX : (int64_t)share.lo;

	return value < 0 ? -cut : cut;
}

/* In percent of the old value; of 0, in the unit. sign: of a change. */
static char *change_text(const struct comparison_row *row, int64_t value, bool sign)
{
	struct display_unit unit = unit_of(row);
	char *number = row->old.value > 0 ?
			       label_decimal(percent_of(value, row->old.value), 100, 2) :
			       label_decimal(value, unit.size, unit.decimals);
	char *text = g_strconcat(sign && value > 0 ? "+" : "", number,
				 row->old.value > 0 ? "%" : "", NULL);

	g_free(number);
	return text;
}

static char *cause_text(const struct comparison_row *row)
{
	struct display_unit unit = unit_of(row);
	char *number, *text;

	if (!row->cause.name)
		return g_strdup("");
	number = label_decimal(row->cause.change, unit.size, unit.decimals);
	text = g_strdup_printf("%s %s%s", row->cause.name, row->cause.change > 0 ? "+" : "",
			       number);
	g_free(number);
	return text;
}

char *gate_row_sentence(const struct comparison_row *row)
{
	struct display_unit unit = unit_of(row);
	char *old = value_text(&row->old, unit), *new = value_text(&row->new, unit);
	char *verdict = gate_row_verdict(row), *cause = cause_text(row);
	GString *out = g_string_new(NULL);

	g_string_append_printf(out, "%s: %s, %s -> %s%s%s", row->name, verdict, old, new,
			       *unit.name ? " " : "", unit.name);
	if (row->change.n) {
		char *change = change_text(row, row->change.value, true);
		char *width = change_text(row, row->change.half_width, false);

		g_string_append_printf(out, ", %s", change);
		if (row->change.n > 1)
			g_string_append_printf(out, " +-%s", width);
		g_free(change);
		g_free(width);
	}
	if (*cause)
		g_string_append_printf(out, ", most of it in %s", cause);
	g_free(old);
	g_free(new);
	g_free(verdict);
	g_free(cause);
	return g_string_free(out, FALSE);
}

static void add_cells(struct table_cells *cells, const struct comparison_row *row)
{
	struct display_unit unit = unit_of(row);
	bool paired = row->change.n > 0;

	table_add_cell(cells, g_strdup(row->name));
	table_add_cell(cells, value_text(&row->old, unit));
	table_add_cell(cells, value_text(&row->new, unit));
	table_add_cell(cells, g_strdup(unit.name));
	table_add_cell(cells, paired ? change_text(row, row->change.value, true) : g_strdup("-"));
	table_add_cell(cells, row->change.n > 1 ? change_text(row, row->change.half_width, false) :
						  g_strdup("-"));
	table_add_cell(cells, gate_row_verdict(row));
	table_add_cell(cells, cause_text(row));
}

struct table_cells *gate_table(const GArray *rows, guint max)
{
	static const char *const numbers[] = { "change", "+-" };
	struct table_cells *cells = table_cells_new();
	const struct comparison_case *last = NULL;

	table_add_column(cells, "metric", ALIGN_LEFT);
	table_add_column(cells, "old", ALIGN_RIGHT);
	table_add_column(cells, "new", ALIGN_RIGHT);
	table_add_column(cells, "", ALIGN_LEFT);
	for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
		table_add_column(cells, numbers[i], ALIGN_RIGHT);
	table_add_column(cells, "verdict", ALIGN_LEFT);
	table_add_column(cells, "most of it in", ALIGN_LEFT);
	for (guint i = 0; i < MIN(rows->len, max); i++) {
		const struct gate_row *shown = &g_array_index(rows, struct gate_row, i);

		if (shown->in != last)
			table_add_heading(cells, gate_case_label(shown->in));
		last = shown->in;
		add_cells(cells, shown->row);
	}
	return cells;
}
