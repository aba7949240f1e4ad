/*
 * gate_parts - what the forms of a gate's answer have in common.
 *
 * Included by gate*.c only.
 */
#ifndef APP_GATE_PARTS_H
#define APP_GATE_PARTS_H

#include "app/gate.h"
#include "app/table_cells.h"

/* How urgent a row is; 0 and 1 are reasons to fail, 2 what cannot be decided. -1: not shown. */
int gate_rank(const struct comparison_case *in, const struct comparison_row *row);

/* That no metric with a limit is there to decide. */
extern const char gate_undeciding_text[];

/* A row that is shown, and its case. */
struct gate_row {
	const struct comparison_case *in;
	const struct comparison_row *row;
	int rank;		/* what fails first */
	guint index;
};

/*
 * The rows that are better, worse, or cannot be decided: what fails first, then in the order of the
 * cases. An array of struct gate_row, to be unreferenced.
 */
GArray *gate_rows(const struct comparison *comparison);

/* One word or two: "no behaviour change", "worse", "inconclusive", ... */
const char *gate_verdict(const struct gate_entry *entry);

/* "worse: 3 worse, 594 same; 4 of 12 cases behave differently". To be freed, as all below. */
char *gate_headline(const struct gate_entry *entry);

/* "mpidr-hash vcpus=64"; and what is to be said of the case besides its rows, or NULL. */
char *gate_case_label(const struct comparison_case *comparison_case);
char *gate_case_remark(const struct comparison_case *comparison_case);

/* "worse", "worse, limit 3%"; in parentheses when it does not decide. */
char *gate_row_verdict(const struct comparison_row *row);

/* "deliver.p99: worse, 1234.5 -> 1290.1 ns, +4.50 % +-0.31, most of it in wake". */
char *gate_row_sentence(const struct comparison_row *row);

/* Lines that go before the rows: versions, differences of the scenario; NULL-terminated. */
char **gate_remarks(const struct gate_entry *entry);

/* A table of such rows, at most `max` of them. To be freed by table_cells_free(). */
struct table_cells *gate_table(const GArray *rows, guint max);

GString *gate_format_text(const GPtrArray *entries);
GString *gate_format_markdown(const GPtrArray *entries);
GString *gate_format_json(const GPtrArray *entries);
GString *gate_format_junit(const GPtrArray *entries);
GString *gate_format_github(const GPtrArray *entries);

#endif
