#include "app/stored.h"

#include <string.h>

#include "app/decode.h"
#include "app/document.h"
#include "app/stored_parts.h"
#include "app/summary.h"

/* Of one file so many mistakes are told: each is looked for in the whole text. */
enum { MISTAKES_TOLD_MAX = 20 };

static const char format_word[] = "irqsim-result/1";

/* --- what is wrong, and where -------------------------------------------------------------- */

void stored_complain(struct reader *reader, const char *format, ...)
{
	struct location location = { .file = reader->document->file,
				     .pointer = reader->pointer->str };
	va_list args;
	char *text;

	reader->good = false;
	if (mistakes_count(reader->mistakes) >= MISTAKES_TOLD_MAX)
		return;
	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	location.place = document_find_nearest(reader->document, location.pointer);
	mistakes_add(reader->mistakes, &location, text, NULL);
	g_free(text);
}

static const char *const type_words[] = {
	[JSON_OBJECT] = "an object", [JSON_ARRAY] = "an array", [JSON_STRING] = "a string",
	[JSON_INTEGER] = "an integer",
};

json_t *stored_member(struct reader *reader, const json_t *object, const char *key,
		      json_type type)
{
	json_t *value = json_object_get(object, key);

	if (value && json_typeof(value) == type)
		return value;
	if (!value) {
		stored_complain(reader, "there is no \"%s\"", key);
		return NULL;
	}
	pointer_push(reader->pointer, key);
	stored_complain(reader, "expected %s, found %s", type_words[type], json_kind(value));
	pointer_pop(reader->pointer);
	return NULL;
}

const char *stored_string(struct reader *reader, const json_t *object, const char *key)
{
	return json_string_value(stored_member(reader, object, key, JSON_STRING));
}

/* --- the document -------------------------------------------------------------------------- */

static void read_scenario(struct reader *reader, struct stored *stored)
{
	const json_t *scenario =
		stored_member(reader, stored->document->root, "scenario", JSON_OBJECT);

	if (!scenario)
		return;
	pointer_push(reader->pointer, "scenario");
	stored->name = stored_string(reader, scenario, "name");
	stored->sha256 = stored_string(reader, scenario, "sha256");
	stored->effective = stored_member(reader, scenario, "effective", JSON_OBJECT);
	pointer_pop(reader->pointer);
}

static void read_format(struct reader *reader, const json_t *root)
{
	const char *format = stored_string(reader, root, "format");

	if (!format || strcmp(format, format_word) == 0)
		return;
	pointer_push(reader->pointer, "format");
	stored_complain(reader, "expected the format \"%s\", found \"%s\"", format_word, format);
	pointer_pop(reader->pointer);
}

static bool read_head(struct reader *reader, struct stored *stored)
{
	const json_t *root = stored->document->root;

	if (!json_is_object(root)) {
		stored_complain(reader, "expected an object, found %s", json_kind(root));
		return false;
	}
	read_format(reader, root);
	if (!reader->good)
		return false;
	stored->version = stored_string(reader, root, "irqsim_version");
	read_scenario(reader, stored);
	return reader->good;
}

/* A result of no case compares with nothing. */
static void read_summary(struct reader *reader, struct stored *stored)
{
	json_t *rows = stored_member(reader, stored->document->root, "summary", JSON_ARRAY);

	if (!rows)
		return;
	pointer_push(reader->pointer, "summary");
	if (json_array_size(rows) == 0)
		stored_complain(reader, "there is no case");
	stored->nr_cases = (guint)json_array_size(rows);
	stored->cases = g_new0(struct stored_case, stored->nr_cases);
	for (guint i = 0; i < stored->nr_cases; i++) {
		struct stored_case *row = &stored->cases[i];

		pointer_push_index(reader->pointer, i);
		if (stored_read_case(reader, json_array_get(rows, i), row) &&
		    !g_hash_table_insert(stored->by_key, row->key, row))
			stored_complain(reader, "the case is there already");
		pointer_pop(reader->pointer);
	}
	pointer_pop(reader->pointer);
}

static void find_missing(struct reader *reader, const struct stored_case *stored_case)
{
	if (stored_case->nr_replications == 0)
		stored_complain(reader, "there is no run of the case");
	for (uint32_t r = 0; r < stored_case->nr_replications; r++)
		if (!stored_case->runs[r].fingerprint)
			stored_complain(reader, "there is no run of replication %u", r);
}

static void read_runs(struct reader *reader, struct stored *stored)
{
	json_t *runs = stored_member(reader, stored->document->root, "runs", JSON_ARRAY);
	json_t *run;
	size_t i;

	if (!runs)
		return;
	pointer_push(reader->pointer, "runs");
	json_array_foreach(runs, i, run) {
		pointer_push_index(reader->pointer, i);
		stored_read_run(reader, run, stored);
		pointer_pop(reader->pointer);
	}
	pointer_pop(reader->pointer);
	pointer_push(reader->pointer, "summary");
	for (guint c = 0; reader->good && c < stored->nr_cases; c++) {
		pointer_push_index(reader->pointer, c);
		find_missing(reader, &stored->cases[c]);
		pointer_pop(reader->pointer);
	}
	pointer_pop(reader->pointer);
}

/* Takes the document. */
static struct stored *read_document(struct document *document, struct mistakes *mistakes)
{
	struct stored *stored = g_new0(struct stored, 1);
	struct reader reader = {
		.document = document, .mistakes = mistakes, .pointer = g_string_new(NULL),
		.good = true,
	};

	stored->document = document;
	stored->by_key = g_hash_table_new(g_str_hash, g_str_equal);
	if (read_head(&reader, stored))
		read_summary(&reader, stored);
	if (reader.good)
		read_runs(&reader, stored);
	g_string_free(reader.pointer, TRUE);
	if (reader.good)
		return stored;
	stored_free(stored);
	return NULL;
}

struct stored *stored_load(const char *path, struct mistakes *mistakes)
{
	struct document *document = document_load_large(path, STORED_BYTES_MAX, mistakes);

	return document ? read_document(document, mistakes) : NULL;
}

struct stored *stored_parse(const char *file, const char *text, size_t length,
			    struct mistakes *mistakes)
{
	struct document *document = document_parse_large(file, text, length, mistakes);

	return document ? read_document(document, mistakes) : NULL;
}

void stored_free(struct stored *stored)
{
	if (!stored)
		return;
	for (guint i = 0; i < stored->nr_cases; i++) {
		struct stored_case *row = &stored->cases[i];

		for (guint m = 0; m < row->nr_metrics; m++)
			g_free(row->metrics[m].values);
		g_free(row->metrics);
		g_free(row->runs);
		g_free(row->key);
		g_clear_pointer(&row->by_name, g_hash_table_unref);
	}
	g_free(stored->cases);
	g_hash_table_unref(stored->by_key);
	document_free(stored->document);
	g_free(stored);
}

const struct stored_case *stored_find_case(const struct stored *stored, const char *key)
{
	return g_hash_table_lookup(stored->by_key, key);
}

const struct stored_metric *stored_find_metric(const struct stored_case *stored_case,
					       const char *name)
{
	return g_hash_table_lookup(stored_case->by_name, name);
}
