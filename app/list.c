/*
 * `irqsim list`: each kind of thing is made into rows of key and value; one printer per format.
 */
#include "app/list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/commands.h"
#include "app/document.h"
#include "app/metric.h"
#include "app/platform_dirs.h"
#include "models/kernel.h"

static json_t *list_routes(void)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < nr_routes; i++) {
		const struct route_ops *ops = route_table[i];
		char *since = ops->since ? g_strdup_printf("%u.%u", ops->since / 256,
							   ops->since % 256)
					 : NULL;

		json_array_append_new(rows, json_pack("{s:s, s:s, s:s, s:s?, s:s}",
						      "name", ops->name,
						      "arch", arch_words[ops->arch],
						      "class", route_class_words[ops->class],
						      "since", since, "summary", ops->summary));
		g_free(since);
	}
	return rows;
}

static void add_platform(json_t *rows, const char *path)
{
	struct mistakes *mistakes = mistakes_new();
	struct document *document = document_load(path, mistakes);
	const char *name = NULL, *arch = NULL, *extends = NULL;

	if (document)
		json_unpack(document->root, "{s?s, s?s, s?s}", "name", &name, "arch", &arch,
			    "extends", &extends);
	json_array_append_new(rows, json_pack("{s:s?, s:s?, s:s?, s:s}", "name", name, "arch", arch,
					      "extends", extends, "file", path));
	document_free(document);
	mistakes_free(mistakes);
}

/* What a scenario here, or in scenarios/, would find: of one name the first file. */
static json_t *list_platforms(void)
{
	char **dirs = platform_dirs_new((const char *const[]){ "platforms", "scenarios/platforms",
							       NULL });
	GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	json_t *rows = json_array();

	for (size_t i = 0; dirs[i]; i++) {
		GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);

		platform_dirs_list(dirs[i], paths);
		for (guint p = 0; p < paths->len; p++)
			if (g_hash_table_add(names, platform_dirs_name(paths->pdata[p])))
				add_platform(rows, paths->pdata[p]);
		g_ptr_array_unref(paths);
	}
	g_hash_table_unref(names);
	g_strfreev(dirs);
	return rows;
}

static const char *archs_text(uint32_t archs)
{
	if ((archs & ON_ALL) == ON_ALL)
		return "all";
	return arch_words[archs & ON_X86 ? ARCH_X86 : ARCH_ARM64];
}

static json_t *list_workloads(void)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < nr_workloads; i++)
		json_array_append_new(rows,
				      json_pack("{s:s, s:s, s:s}", "name", workload_table[i]->name,
						"arch", archs_text(workload_table[i]->archs),
						"summary", workload_table[i]->summary));
	return rows;
}

static const char *better_word(size_t form)
{
	return metric_better_words[metric_forms[form].better];
}

static json_t *list_metrics(void)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < nr_metric_forms; i++)
		json_array_append_new(rows, json_pack("{s:s, s:s, s:s, s:s}",
						      "name", metric_forms[i].form,
						      "unit", metric_forms[i].unit,
						      "meaning", metric_forms[i].meaning,
						      "better", better_word(i)));
	return rows;
}

static json_t *list_costs(void)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < NR_COSTS; i++)
		json_array_append_new(rows, json_pack("{s:s, s:s, s:s}", "name", cost_rows[i].key,
						      "arch", archs_text(cost_rows[i].archs),
						      "meaning", cost_rows[i].meaning));
	return rows;
}

const char *const list_words[] = {
	"routes", "platforms", "workloads", "metrics", "costs", NULL,
};

static json_t *(*const list_functions[])(void) = {
	list_routes, list_platforms, list_workloads, list_metrics, list_costs,
};

static const char *cell(const json_t *value)
{
	return json_is_string(value) ? json_string_value(value) : "-";
}

/* The width of a column is that of its longest cell. */
static size_t column_width(const json_t *rows, const char *key)
{
	size_t width = 0, index;
	json_t *row;

	json_array_foreach(rows, index, row)
		width = MAX(width, strlen(cell(json_object_get(row, key))));
	return width;
}

static void print_text(const json_t *rows)
{
	size_t index, column, nr_columns;
	const char *key;
	json_t *row, *value;

	json_array_foreach(rows, index, row) {
		column = 0;
		nr_columns = json_object_size(row);
		json_object_foreach(row, key, value) {
			if (++column < nr_columns)
				printf("%-*s  ", (int)column_width(rows, key), cell(value));
			else
				printf("%s\n", cell(value));
		}
	}
}

int command_list(const struct list_options *options, GError **error G_GNUC_UNUSED)
{
	size_t what = 0;
	json_t *rows;

	while (strcmp(list_words[what], options->what) != 0)
		what++;		/* options.c has checked the word */
	rows = list_functions[what]();
	if (options->format == FORMAT_JSON) {
		char *text = json_dumps(rows, JSON_INDENT(2));

		puts(text);
		free(text);
	} else {
		print_text(rows);
	}
	json_decref(rows);
	return EXIT_DONE;
}
