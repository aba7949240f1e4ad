/* gate_ci - the answer of a gate for machines that show it: JUnit XML, GitHub Actions. */
#include <string.h>

#include "app/gate_parts.h"

/* Why a case fails, or why it cannot be decided, one line each; "" when there is nothing. */
static char *case_lines(const struct comparison_case *in, bool failing)
{
	GString *out = g_string_new(NULL);
	char *remark = gate_case_remark(in);
	bool remark_fails = in->measured_differently || in->nr_worse_ends;

	if (remark && remark_fails == failing && in->in_old)
		g_string_append_printf(out, "%s\n", remark);
	for (guint i = 0; i < in->nr_rows; i++) {
		int rank = gate_rank(in, &in->rows[i]);
		char *sentence;

		if (failing ? rank != 0 && rank != 1 : rank != 2)
			continue;
		sentence = gate_row_sentence(&in->rows[i]);
		g_string_append_printf(out, "%s\n", sentence);
		g_free(sentence);
	}
	g_free(remark);
	return g_string_free(out, FALSE);
}

/* --- JUnit --------------------------------------------------------------------------------- */

/* What XML 1.0 cannot say is "?". */
static void put_xml(GString *out, const char *text)
{
	for (const char *c = text; *c; c = g_utf8_next_char(c)) {
		gunichar character = g_utf8_get_char(c);

		if (strchr("&<>\"'\n\t\r", (int)*c))
			g_string_append_printf(out, "&#%u;", (unsigned int)character);
		else if (character < 0x20 || character == 0xfffe || character == 0xffff)
			g_string_append_c(out, '?');
		else
			g_string_append_unichar(out, character);
	}
}

static void put_attribute(GString *out, const char *name, const char *text)
{
	g_string_append_printf(out, " %s=\"", name);
	put_xml(out, text);
	g_string_append_c(out, '"');
}

struct junit_counts {
	guint nr_tests, nr_failures, nr_errors;
};

/* kind: "failure", "error", "system-out"; without text the test has passed. */
static void put_testcase(GString *out, const struct gate_entry *entry, const char *name,
			 const char *kind, const char *text)
{
	g_string_append(out, "<testcase");
	put_attribute(out, "classname", entry->name);
	put_attribute(out, "name", name);
	g_string_append(out, " time=\"0\"");
	if (*text) {
		g_string_append_printf(out, "><%s", kind);
		if (strcmp(kind, "system-out") != 0) {
			char *first = g_strndup(text, strcspn(text, "\n"));

			put_attribute(out, "message", first);
			g_free(first);
		}
		g_string_append_c(out, '>');
		put_xml(out, text);
		g_string_append_printf(out, "</%s></testcase>\n", kind);
	} else {
		g_string_append(out, "/>\n");
	}
}

static void put_junit_case(GString *out, const struct gate_entry *entry,
			   const struct comparison_case *in, struct junit_counts *counts)
{
	bool strict = entry->comparison->strict;
	char *label = gate_case_label(in);
	char *failing = case_lines(in, true);
	char *undecided = case_lines(in, false);

	if (*failing)
		put_testcase(out, entry, label, "failure", failing);
	else
		put_testcase(out, entry, label, strict ? "failure" : "system-out", undecided);
	counts->nr_tests++;
	counts->nr_failures += *failing || (strict && *undecided);
	g_free(label);
	g_free(failing);
	g_free(undecided);
}

static void put_junit_expectations(GString *out, const struct gate_entry *entry,
				   struct junit_counts *counts)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; entry->expectations && i < entry->expectations->len; i++)
		g_string_append_printf(text, "%s\n",
				       (char *)g_ptr_array_index(entry->expectations, i));
	put_testcase(out, entry, "expect", "failure", text->str);
	counts->nr_tests++;
	counts->nr_failures += text->len > 0;
	g_string_free(text, TRUE);
}

static void put_junit_undeciding(GString *out, const struct gate_entry *entry,
				 struct junit_counts *counts)
{
	bool strict = entry->comparison->strict;

	put_testcase(out, entry, "limits", strict ? "failure" : "system-out",
		     gate_undeciding_text);
	counts->nr_tests++;
	counts->nr_failures += strict;
}

static void put_testsuite(GString *out, const struct gate_entry *entry)
{
	GString *cases = g_string_new(NULL);
	struct junit_counts counts = { 0, 0, 0 };

	if (entry->problem) {
		put_testcase(cases, entry, "comparable", "error", entry->problem);
		counts.nr_tests++;
		counts.nr_errors++;
	}
	for (guint i = 0; entry->comparison && i < entry->comparison->nr_cases; i++)
		put_junit_case(cases, entry, &entry->comparison->cases[i], &counts);
	if (entry->comparison && entry->comparison->undeciding)
		put_junit_undeciding(cases, entry, &counts);
	if (entry->expectations)
		put_junit_expectations(cases, entry, &counts);
	g_string_append(out, "<testsuite");
	put_attribute(out, "name", entry->name);
	g_string_append_printf(out, " tests=\"%u\" failures=\"%u\" errors=\"%u\">\n%s"
			       "</testsuite>\n", counts.nr_tests, counts.nr_failures,
			       counts.nr_errors, cases->str);
	g_string_free(cases, TRUE);
}

GString *gate_format_junit(const GPtrArray *entries)
{
	GString *out = g_string_new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");

	for (guint i = 0; i < entries->len; i++)
		put_testsuite(out, g_ptr_array_index(entries, i));
	g_string_append(out, "</testsuites>\n");
	return out;
}

/* --- GitHub Actions ------------------------------------------------------------------------ */

/* characters: those that are written as %XX, "%" among them. Other control characters are "?". */
static void put_percent(GString *out, const char *text, const char *characters)
{
	for (const char *c = text; *c; c++)
		if (strchr(characters, *c))
			g_string_append_printf(out, "%%%02X", (unsigned int)(guchar)*c);
		else
			g_string_append_c(out, g_ascii_iscntrl(*c) ? '?' : *c);
}

enum { LINES_SHOWN_MAX = 40 };		/* of an annotation */

/* Cuts what has more lines than that. */
static void cut_lines(GString *text)
{
	const char *at = text->str;
	guint nr = 0;

	while (nr < LINES_SHOWN_MAX && (at = strchr(at, '\n')) != NULL) {
		at++;
		nr++;
	}
	if (!at || !*at)
		return;
	g_string_truncate(text, (gsize)(at - text->str));
	g_string_append(text, "and more: --format=json has all of it\n");
}

static void put_command(GString *out, const char *command, const struct gate_entry *entry,
			const char *title, const char *text)
{
	g_string_append_printf(out, "::%s file=", command);
	put_percent(out, entry->file, "%\r\n:,");
	g_string_append(out, ",title=");
	put_percent(out, entry->name, "%\r\n:,");
	g_string_append(out, "%3A ");
	put_percent(out, title, "%\r\n:,");
	g_string_append(out, "::");
	put_percent(out, text, "%\r\n");
	g_string_append_c(out, '\n');
}

/* All cases of a scenario make one annotation: GitHub shows ten of a kind. */
static char *entry_lines(const struct gate_entry *entry, bool failing)
{
	const struct comparison *comparison = entry->comparison;
	GString *out = g_string_new(NULL);

	for (guint i = 0; failing && entry->expectations && i < entry->expectations->len; i++)
		g_string_append_printf(out, "expectation failed: %s\n",
				       (char *)g_ptr_array_index(entry->expectations, i));
	if (!failing && comparison && comparison->undeciding)
		g_string_append_printf(out, "%s\n", gate_undeciding_text);
	for (guint i = 0; comparison && i < comparison->nr_cases; i++) {
		char *lines = case_lines(&comparison->cases[i], failing);

		if (*lines) {
			char *label = gate_case_label(&comparison->cases[i]);

			g_string_append_printf(out, "%s\n%s", label, lines);
			g_free(label);
		}
		g_free(lines);
	}
	cut_lines(out);
	return g_string_free(out, FALSE);
}

/* A log has no place for control characters, and no line that begins as a command does. */
static void put_log_line(GString *out, const struct gate_entry *entry, const char *headline)
{
	char *line = g_strdup_printf("irqsim: %s: %s", entry->name, headline);

	for (char *c = line; *c; c++)
		g_string_append_c(out, g_ascii_iscntrl(*c) ? '?' : *c);
	g_string_append_c(out, '\n');
	g_free(line);
}

static void put_annotations(GString *out, const struct gate_entry *entry)
{
	char *headline = gate_headline(entry);
	char *failing = entry_lines(entry, true), *undecided = entry_lines(entry, false);
	bool strict = entry->comparison && entry->comparison->strict;

	put_log_line(out, entry, headline);
	if (entry->problem)
		put_command(out, "error", entry, gate_verdict(entry), entry->problem);
	if (*failing)
		put_command(out, "error", entry, gate_verdict(entry), failing);
	if (*undecided)
		put_command(out, strict ? "error" : "warning", entry, "cannot be decided",
			    undecided);
	else if (!*failing && entry->comparison && !entry->comparison->unchanged)
		put_command(out, "notice", entry, gate_verdict(entry), headline);
	g_free(headline);
	g_free(failing);
	g_free(undecided);
}

GString *gate_format_github(const GPtrArray *entries)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < entries->len; i++)
		put_annotations(out, g_ptr_array_index(entries, i));
	return out;
}
